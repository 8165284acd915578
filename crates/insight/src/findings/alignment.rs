//! Whether the work serves the direction and the customers, and whether the direction is carried by work.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use workspace::health::commitment_health;
use workspace::lens::{Commitment, Goal, Objective, Party, Policy, Requirement};
use workspace::{Field, Kind, Record, RecordRef};

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    match record.kind {
        Kind::Objective => objective(as_of, record, findings),
        Kind::Goal => goal(as_of, record, findings),
        Kind::Requirement => requirement(as_of, record, findings),
        Kind::Commitment => commitment(as_of, record, findings),
        _ => {}
    }
}

/// An objective may be active without a goal when somebody wrote down why.
fn objective(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let objective = Objective::of(record);
    if !objective.is_unaligned(as_of.view) {
        return;
    }
    let title = as_of.title(objective.record());
    let serves = if serves_a_customer(as_of, objective.record()) {
        "serves no goal"
    } else {
        "serves no goal, no customer requirement"
    };
    let sentence = format!("{title} is active, not aligned: it {serves}, and nobody wrote down why.");
    findings.push(
        Finding::new("objective-without-goal", Level::Watch, objective.record(), sentence)
            .offering([Offer::LinkGoal, Offer::GiveReason(Field::AlignmentException)]),
    );
}

/// Why an objective should not become active yet, in one sentence; `None` when nothing speaks against it. Screens ask
/// before they offer the move; a move that somebody makes all the same is shown as "active, not aligned".
pub fn why_not_activate(as_of: &AsOf<'_>, objective: RecordRef) -> Option<String> {
    let lens = Objective::of(as_of.live(objective)?);
    let exempt = lens.alignment_exception.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    let serves = Objective::goals(as_of.view, objective).any(|goal| as_of.live(goal).is_some());
    (!exempt && !serves).then(|| {
        let title = as_of.title(objective);
        format!("{title} serves no goal yet: link it to one, or write down why it serves none.")
    })
}

/// Whether an objective serves something that a customer requires.
pub(crate) fn serves_a_customer(as_of: &AsOf<'_>, objective: RecordRef) -> bool {
    Objective::requirements(as_of.view, objective)
        .filter_map(|requirement| as_of.live(requirement))
        .any(|requirement| is_of_customer(as_of, requirement))
}

fn is_of_customer(as_of: &AsOf<'_>, requirement: &Record) -> bool {
    Requirement::of(requirement)
        .parties
        .iter()
        .filter_map(|party| as_of.record(RecordRef::new(Kind::Party, *party)))
        .any(|party| Party::of(party).is_customer())
}

/// A goal needs an objective, a register entry or a figure that touches it.
fn goal(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let goal = Goal::of(record);
    if !goal.is_active() || is_supported(as_of, goal.record()) {
        return;
    }
    let title = as_of.title(goal.record());
    let sentence = format!(
        "{title} is unsupported: no objective, no risk or opportunity and no figure is linked to it."
    );
    findings.push(
        Finding::new("goal-unsupported", Level::Watch, goal.record(), sentence)
            .offering([Offer::LinkObjective, Offer::Discuss]),
    );
}

/// Whether anything that is alive touches the goal.
pub(crate) fn is_supported(as_of: &AsOf<'_>, goal: RecordRef) -> bool {
    as_of.view.edges().of(goal).any(|edge| {
        let other = if edge.from == goal { edge.to } else { edge.from };
        matches!(other.kind, Kind::Objective | Kind::Register | Kind::Kpi) && as_of.live(other).is_some()
    })
}

fn requirement(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let requirement = Requirement::of(record);
    let (reference, title) = (requirement.record(), as_of.title(requirement.record()));
    if Requirement::is_orphaned(as_of.view, reference) {
        let sentence = format!("{title} is orphaned: no objective serves it.");
        findings.push(
            Finding::new("requirement-orphaned", Level::Watch, reference, sentence)
                .offering([Offer::LinkObjective]),
        );
    }
    if requirement.is_contested() {
        let said: Vec<String> = requirement
            .judgements
            .iter()
            .map(|judgement| {
                let who = judgement.by.map_or("somebody", |by| as_of.name(by));
                format!("“{}” by {who}", words::plain(&judgement.status))
            })
            .collect();
        let sentence = format!(
            "{title} is judged in two ways: {}. The less favourable one counts until somebody judges again.",
            words::list(said)
        );
        findings.push(
            Finding::new("requirement-two-judgements", Level::Watch, reference, sentence)
                .offering([Offer::Judge, Offer::Discuss]),
        );
    }
}

/// A promise of the policy in force that nobody works on is words without work.
fn commitment(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let commitment = Commitment::of(record);
    let in_force = Policy::in_force(as_of.view);
    let Some(counts) = in_force.first() else { return };
    if !commitment.versions.contains(&counts.id) {
        return;
    }
    let health = commitment_health(as_of.view, commitment.record());
    if !health.is_hollow() {
        return;
    }
    let resting = match health.resting.len() {
        0 => "no objective and no figure upholds it".to_owned(),
        number => format!(
            "no figure upholds it, and the {} that did {} not active",
            words::count(number, "objective", "objectives"),
            if number == 1 { "is" } else { "are" }
        ),
    };
    let sentence = format!("The policy promises {}: {resting}.", as_of.title(commitment.record()));
    findings.push(
        Finding::new("promise-without-work", Level::Watch, commitment.record(), sentence)
            .with(health.resting)
            .offering([Offer::LinkObjective, Offer::Drop]),
    );
}

/// The promises of the policy in force that nobody works on, and how many promises it makes.
pub(crate) fn hollow_promises(as_of: &AsOf<'_>) -> (Vec<RecordRef>, usize) {
    let in_force = Policy::in_force(as_of.view);
    let Some(counts) = in_force.first() else { return (Vec::new(), 0) };
    let promises = Commitment::of_version(as_of.view, counts.id);
    let hollow = promises.iter().map(Commitment::record);
    let hollow = hollow.filter(|promise| commitment_health(as_of.view, *promise).is_hollow());
    (hollow.collect(), promises.len())
}
