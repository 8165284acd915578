//! Following actions to their end: done, verified by another, effect checked. And findings of audits that came back.

use super::{Finding, Level, Offer, authority::since};
use crate::{AsOf, words};
use workspace::lens::{Action, Evidence};
use workspace::{Kind, Record, Relation};

/// Days after verification by which somebody should have looked whether it worked, when no day was planned.
const EFFECT_DAYS: i32 = 60;
/// Days a done action may wait for somebody to look.
const VERIFY_DAYS: i32 = 14;
/// Closed actions older than this are history.
const CLOSED_DAYS: i32 = 180;
/// Due days moved later so often are worth asking about.
const PUSHES: usize = 3;

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    match record.kind {
        Kind::Action => {
            let action = Action::of(record);
            open(as_of, &action, findings);
            closed(as_of, record, &action, findings);
        }
        Kind::Finding if record.status() == Some("reopened") => {
            let sentence =
                format!("{} came back: it was verified and opened again.", as_of.title(record.reference()));
            findings.push(
                Finding::new("finding-came-back", Level::Watch, record.reference(), sentence)
                    .offering([Offer::AddAction, Offer::Discuss]),
            );
        }
        _ => {}
    }
}

fn open(as_of: &AsOf<'_>, action: &Action, findings: &mut Vec<Finding>) {
    let (reference, title) = (action.record(), as_of.title(action.record()));
    if let Some(late) = action.days_late(as_of.today) {
        let sentence = format!("{title} is {} past its day.", words::days(late));
        findings.push(
            Finding::new("action-overdue", Level::Watch, reference, sentence)
                .offering([Offer::Postpone, Offer::HandOver]),
        );
    }
    if action.is_open() && action.due.is_none() {
        let sentence = format!("{title} has no due day.");
        findings.push(
            Finding::new("action-without-day", Level::Info, reference, sentence).offering([Offer::Postpone]),
        );
    }
    if action.is_open() && action.postponed >= PUSHES {
        let sentence = format!("The day of {title} was moved later {} times.", action.postponed);
        findings.push(
            Finding::new("action-pushed", Level::Watch, reference, sentence)
                .offering([Offer::Discuss, Offer::HandOver]),
        );
    }
}

fn closed(as_of: &AsOf<'_>, record: &Record, action: &Action, findings: &mut Vec<Finding>) {
    let (reference, title, today) = (action.record(), as_of.title(action.record()), as_of.today);
    if action.is_open() || action.status == "cancelled" {
        return;
    }
    also_postponed(as_of, record, action, findings);
    if action.status == "done" {
        let waiting = since(record, "done").map(|day| today.days_since(day));
        if let Some(days) = waiting.filter(|days| *days > VERIFY_DAYS) {
            let sentence = format!("{title} has been done for {}; nobody looked yet.", words::days(days));
            findings.push(
                Finding::new("action-not-verified", Level::Info, reference, sentence)
                    .offering([Offer::Verify, Offer::SendBack]),
            );
        }
        return;
    }
    if action.is_verified_by_owner_alone(&as_of.settings) {
        let sentence = format!(
            "{title} was closed by its owner: {} verified their own work, although somebody else should.",
            as_of.names(&action.owners)
        );
        findings.push(
            Finding::new("verified-by-owner", Level::Watch, reference, sentence)
                .offering([Offer::Verify, Offer::SendBack]),
        );
    }
    let verified_on = action.verified_on();
    let recent = verified_on.is_some_and(|day| today.days_since(day) <= CLOSED_DAYS);
    if recent && Evidence::of_record(as_of.view, record).is_empty() {
        let sentence = format!("{title} was closed on trust: nothing is attached that shows it.");
        findings.push(
            Finding::new("closed-without-evidence", Level::Watch, reference, sentence)
                .offering([Offer::AddEvidence]),
        );
    }
    if is_effect_overdue(action, today) {
        let since = action.effect_planned.filter(|planned| *planned < today);
        let sentence = match since {
            Some(planned) => {
                format!("Nobody looked whether {title} worked; that was planned for {}.", words::day(planned))
            }
            None => format!(
                "Nobody looked whether {title} worked, {} after it was verified.",
                words::days(verified_on.map_or(0, |day| today.days_since(day)))
            ),
        };
        findings.push(
            Finding::new("effect-check-overdue", Level::Watch, reference, sentence)
                .offering([Offer::CheckEffect]),
        );
    }
    let followed = as_of.view.edges().from(reference, Relation::ComesFrom);
    if action.status == "ineffective" && followed.filter(|next| as_of.live(*next).is_some()).count() == 0 {
        let sentence = format!("{title} did not work, and no other action follows from it.");
        findings.push(
            Finding::new("ineffective-without-follow-up", Level::Watch, reference, sentence)
                .offering([Offer::AddAction, Offer::Discuss]),
        );
    }
}

/// Whether somebody should have looked by now whether it worked.
pub(crate) fn is_effect_overdue(action: &Action, today: workspace::Date) -> bool {
    let planned = action.effect_planned.is_some_and(|planned| planned < today);
    let long_ago = action.verified_on().is_some_and(|day| today.days_since(day) > EFFECT_DAYS);
    action.status == "verified" && action.effects.is_empty() && (planned || long_ago)
}

/// Done by one while another moved its day: no conflict, both are kept and told.
fn also_postponed(as_of: &AsOf<'_>, record: &Record, action: &Action, findings: &mut Vec<Finding>) {
    let done = action.steps.iter().rfind(|step| step.to == "done");
    let Some(done_by) = done.and_then(|step| step.by).or_else(|| action.done.as_ref()?.by) else { return };
    let done_on = since(record, "done");
    let other = action.due_moves.iter().rfind(|moved| {
        moved.is_later()
            && moved.by.is_some_and(|by| by != done_by)
            && moved.on.zip(done_on).is_some_and(|(on, done)| on >= done)
    });
    let Some(moved) = other else { return };
    let sentence = format!(
        "{} is done; it was also postponed by {}{}.",
        as_of.title(action.record()),
        moved.by.map_or("somebody", |by| as_of.name(by)),
        moved.to.map_or_else(String::new, |to| format!(", to {}", words::day(to))),
    );
    findings.push(Finding::new("also-postponed", Level::Info, action.record(), sentence));
}
