//! Seven questions about the business, and the workspace that their answers make.
//!
//! A state machine without a screen: [`Guided::question`] says what to ask and what stands there already,
//! [`Guided::answer`] takes the answers and goes on, [`Guided::back`] goes back, and in the end [`Guided::act`] is one
//! act on top of the template. Whoever only presses Enter accepts what the template suggests.

mod act;
mod question;

pub use question::{Asked, AskedKind, Question, Step};

use crate::Template;
use automerge::Automerge;
use ids::{ActorId, MemberId, RecordId, Timestamp};
use question::Texts;
use rand_core::RngCore;
use std::collections::BTreeMap;
use workspace::{Act, Date, Decimal, View, schema::TITLE_CHARS_MAX};

/// The guided start.
#[derive(Debug, Clone)]
pub struct Guided {
    template: &'static Template,
    texts: Texts,
    today: Date,
    answers: BTreeMap<Step, Vec<String>>,
    at: usize,
}

/// Where the questions are after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// There is another question.
    Next,
    /// That was the last one.
    Done,
}

/// An answer that cannot be taken; the person who gave it can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{label}: {why}")]
pub struct BadAnswer {
    /// Place of the field within the question.
    pub field: usize,
    /// What the field is called.
    pub label: String,
    /// What is wrong.
    pub why: String,
}

impl Guided {
    /// Begins at the first question. `today` is what dates are counted from.
    ///
    /// # Errors
    /// Only when the build is broken.
    pub fn new(template: &'static Template, today: Date) -> Result<Self, crate::InstantiateError> {
        let engine = |error: workspace::LoadError| crate::InstantiateError::Engine(error.to_string());
        // Read by nobody else, so its session never writes.
        let mut doc: Automerge = workspace::new_document(&ActorId::new([0; 16])).map_err(engine)?;
        template.instantiate(&mut doc)?;
        let texts = Texts::of(template, &View::read(&doc));
        Ok(Self { template, texts, today, answers: BTreeMap::new(), at: 0 })
    }

    /// The template below.
    pub fn template(&self) -> &'static Template {
        self.template
    }

    /// What to ask now; `None` when everything is answered.
    pub fn question(&self) -> Option<Question> {
        let step = *Step::ALL.get(self.at)?;
        Some(self.ask(step))
    }

    /// How many fields there are in all questions.
    pub fn fields(&self) -> usize {
        Step::ALL.iter().map(|step| self.ask(*step).fields.len()).sum()
    }

    fn ask(&self, step: Step) -> Question {
        let mut question = question::ask(step, &self.texts, self.today);
        if let Some(answers) = self.answers.get(&step) {
            for (asked, answer) in question.fields.iter_mut().zip(answers) {
                asked.answer.clone_from(answer);
            }
        }
        question
    }

    /// Takes the answers to the current question, one for each field; fewer leave the rest as it stands.
    ///
    /// # Errors
    /// [`BadAnswer`] names the first field that cannot be taken; nothing is taken then.
    pub fn answer(&mut self, answers: &[String]) -> Result<Answered, BadAnswer> {
        let Some(question) = self.question() else { return Ok(Answered::Done) };
        let mut taken = Vec::with_capacity(question.fields.len());
        for (field, asked) in question.fields.iter().enumerate() {
            let answer = answers.get(field).unwrap_or(&asked.answer);
            let answer = answer.split_whitespace().collect::<Vec<_>>().join(" ");
            let answer =
                check(asked, &answer).map_err(|why| BadAnswer { field, label: asked.label.clone(), why })?;
            taken.push(answer);
        }
        self.answers.insert(question.step, taken);
        self.at += 1;
        Ok(if self.at < Step::ALL.len() { Answered::Next } else { Answered::Done })
    }

    /// Goes back to the question before, whose answers are still there.
    pub fn back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// The act that makes the answers true. `view` is the workspace with the template in it, `me` who answers.
    /// Questions that were not reached count as answered with what stands there.
    pub fn act(&self, view: &View, me: MemberId, now: Timestamp, rng: &mut dyn RngCore) -> Act {
        let answers = |step: Step| self.ask(step).fields.into_iter().map(|asked| asked.answer).collect();
        let answers: BTreeMap<Step, Vec<String>> =
            Step::ALL.iter().map(|step| (*step, answers(*step))).collect();
        let mut fresh = || RecordId::new(now, rng);
        act::of(self.template, &answers, view, me, self.today, &mut fresh)
    }
}

/// The answer as it is kept.
fn check(asked: &Asked, answer: &str) -> Result<String, String> {
    if answer.chars().count() > TITLE_CHARS_MAX {
        return Err(format!("at most {TITLE_CHARS_MAX} characters"));
    }
    if answer.is_empty() {
        return match asked.needed {
            true => Err("please say something here".to_owned()),
            false => Ok(String::new()),
        };
    }
    match asked.kind {
        AskedKind::Line => Ok(answer.to_owned()),
        AskedKind::Number => match answer.replace(',', ".").parse::<Decimal>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => Err("a number, like 93.5".to_owned()),
        },
        AskedKind::Day => match answer.parse::<Date>() {
            Ok(day) => Ok(day.to_string()),
            Err(_) => Err("a day, like 2026-03-31".to_owned()),
        },
    }
}
