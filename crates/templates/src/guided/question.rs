//! What is asked.

use crate::Template;
use workspace::{Date, Field, Kind, View};

/// The questions in their order. The seven about the business stand between who you are and the rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// What the workspace and you are called.
    Names,
    /// What do you sell?
    Sell,
    /// To whom?
    Customers,
    /// What would make your best customer leave?
    Leave,
    /// What must go right this year?
    GoRight,
    /// What worries you?
    Worries,
    /// What could go better than planned?
    Better,
    /// Who leads with you?
    People,
    /// Which objectives, measured how, and whose?
    Objectives,
    /// When do you look at it together?
    Rhythm,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 10] = [
        Self::Names,
        Self::Sell,
        Self::Customers,
        Self::Leave,
        Self::GoRight,
        Self::Worries,
        Self::Better,
        Self::People,
        Self::Objectives,
        Self::Rhythm,
    ];
}

/// One question with its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Which one.
    pub step: Step,
    /// The question.
    pub text: &'static str,
    /// What it is for.
    pub hint: &'static str,
    /// What can be filled in.
    pub fields: Vec<Asked>,
}

/// One field of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What it is called.
    pub label: String,
    /// What stands there: the suggestion of the template, or an earlier answer.
    pub answer: String,
    /// What it takes.
    pub kind: AskedKind,
    /// Whether it may not be empty. An empty suggestion is removed.
    pub needed: bool,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedKind {
    /// A line of text.
    Line,
    /// A decimal number.
    Number,
    /// A day, as 2026-03-31.
    Day,
}

/// How many records of a kind are asked about.
pub(super) const CUSTOMERS: usize = 3;
pub(super) const REQUIREMENTS: usize = 3;
pub(super) const GOALS: usize = 3;
pub(super) const RISKS: usize = 3;
pub(super) const OPPORTUNITIES: usize = 2;
pub(super) const PEOPLE: usize = 4;
pub(super) const OBJECTIVES: usize = 5;
/// Fields of one objective: its title, its owner, where it stands, where it goes.
pub(super) const OBJECTIVE_FIELDS: usize = 4;

/// What the template suggests, as the questions show it.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    customers: Vec<String>,
    requirements: Vec<String>,
    goals: Vec<String>,
    risks: Vec<String>,
    opportunities: Vec<String>,
    objectives: Vec<ObjectiveTexts>,
}

#[derive(Debug, Clone)]
struct ObjectiveTexts {
    title: String,
    kpi: String,
    unit: String,
    target: String,
}

impl Texts {
    pub(super) fn of(template: &Template, view: &View) -> Self {
        let line = |kind: Kind, key: String, field: Field| {
            let record = view.record(template.record(kind, &key));
            record.and_then(|record| record.line(field)).unwrap_or_default().to_owned()
        };
        let titles = |kind: Kind, what: &str, count: usize| -> Vec<String> {
            (1..=count).map(|number| line(kind, format!("{what}-{number}"), Field::Title)).collect()
        };
        let objective = |number: usize| {
            let target = view
                .record(template.record(Kind::Objective, &format!("objective-{number}")))
                .and_then(|record| record.atom(Field::Target)?.get("value")?.as_str().map(str::to_owned));
            ObjectiveTexts {
                title: line(Kind::Objective, format!("objective-{number}"), Field::Title),
                kpi: line(Kind::Kpi, format!("kpi-{number}"), Field::Title),
                unit: line(Kind::Kpi, format!("kpi-{number}"), Field::Unit),
                target: target.unwrap_or_default(),
            }
        };
        Self {
            customers: titles(Kind::Party, "party", CUSTOMERS),
            requirements: titles(Kind::Requirement, "requirement", REQUIREMENTS),
            goals: titles(Kind::Goal, "goal", GOALS),
            risks: titles(Kind::Register, "risk", RISKS),
            opportunities: titles(Kind::Register, "opportunity", OPPORTUNITIES),
            objectives: (1..=OBJECTIVES).map(objective).collect(),
        }
    }
}

pub(super) fn ask(step: Step, texts: &Texts, today: Date) -> Question {
    let (text, hint, fields) = match step {
        Step::Names => (
            "What are the workspace and you called?",
            "Everything stays on this device until you connect a relay.",
            vec![
                needed("Name of the workspace", "Our workspace"),
                needed("Your name", "Me"),
                line("What you do", "Managing director"),
            ],
        ),
        Step::Sell => (
            "What do you sell?",
            "In one sentence, as you would say it to a neighbour.",
            vec![line("We sell", "")],
        ),
        Step::Customers => (
            "To whom?",
            "The groups that matter most. Leave a line empty if there are fewer.",
            numbered("Group", &texts.customers),
        ),
        Step::Leave => (
            "What would make your best customer leave?",
            "What they rely on becomes a requirement that an objective serves.",
            numbered("They rely on", &texts.requirements),
        ),
        Step::GoRight => (
            "What must go right this year?",
            "Two or three goals that you would explain to everybody.",
            numbered("Goal", &texts.goals),
        ),
        Step::Worries => (
            "What worries you?",
            "What could keep you from the goals. You rate it later.",
            numbered("Worry", &texts.risks),
        ),
        Step::Better => (
            "What could go better than planned?",
            "Chances count as much as worries.",
            numbered("Chance", &texts.opportunities),
        ),
        Step::People => (
            "Who leads with you?",
            "Name, and after a comma what they do. You invite them later.",
            (1..=PEOPLE).map(|number| line(&format!("Colleague {number}"), "")).collect(),
        ),
        Step::Objectives => (
            "Which objectives, and whose?",
            "Accept or rewrite; an empty title removes the objective. Without an owner it is yours.",
            texts.objectives.iter().enumerate().flat_map(objective).collect(),
        ),
        Step::Rhythm => (
            "When do you look at it together?",
            "Best as part of a meeting that you have anyway.",
            vec![
                line("Meeting it belongs to", "Leadership meeting"),
                Asked { kind: AskedKind::Day, ..needed("First review", &today.plus_days(90).to_string()) },
            ],
        ),
    };
    Question { step, text, hint, fields }
}

fn line(label: &str, answer: &str) -> Asked {
    Asked { label: label.to_owned(), answer: answer.to_owned(), kind: AskedKind::Line, needed: false }
}

fn needed(label: &str, answer: &str) -> Asked {
    Asked { needed: true, ..line(label, answer) }
}

fn numbered(label: &str, answers: &[String]) -> Vec<Asked> {
    (1..).zip(answers).map(|(number, answer)| line(&format!("{label} {number}"), answer)).collect()
}

fn objective((at, texts): (usize, &ObjectiveTexts)) -> [Asked; OBJECTIVE_FIELDS] {
    let number = at + 1;
    let figure = |label: String, answer: &str| Asked { kind: AskedKind::Number, ..line(&label, answer) };
    [
        line(&format!("Objective {number}"), &texts.title),
        line(&format!("Owner of objective {number}"), ""),
        figure(format!("{} now ({})", texts.kpi, texts.unit), ""),
        figure(format!("{}: target ({})", texts.kpi, texts.unit), &texts.target),
    ]
}
