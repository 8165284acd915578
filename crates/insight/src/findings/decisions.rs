//! Decisions produce work, or a reason why they need none.

use super::{Finding, Level, Offer, authority::since};
use crate::{AsOf, words};
use workspace::lens::{Action, Decision, Grant, Need};
use workspace::{Field, Kind, Record, RecordRef, Relation};

/// Days a decision has to become work.
const WORK_DAYS: i32 = 7;

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    if record.kind != Kind::Decision {
        return;
    }
    let decision = Decision::of(record);
    let (reference, title) = (decision.record(), as_of.title(decision.record()));
    if decision.is_wording_contested {
        let copies = record.register(Field::Frozen).map_or(0, |register| register.values().len());
        let sentence = format!(
            "{title} was decided in {copies} different wordings at the same moment. It goes back to the chair."
        );
        let chair = decision.review.map(|review| RecordRef::new(Kind::Review, review));
        findings.push(
            Finding::new("wording-contested", Level::Alert, reference, sentence)
                .with(chair)
                .offering([Offer::Choose { field: Field::Frozen, key: None }, Offer::Redraft]),
        );
    }
    if has_work_missing(as_of, record) {
        let kinds = words::list(decision.kinds.iter().map(|kind| words::plain(kind)).collect());
        let sentence = format!(
            "{title} was decided ({kinds}) and became no work: no action with an owner and a day, no grant, no \
             answered need, and no reason why none is needed."
        );
        findings.push(
            Finding::new("decision-without-work", Level::Watch, reference, sentence)
                .offering([Offer::AddAction, Offer::GiveReason(Field::NoActionBecause)]),
        );
    }
    let deferred = decision.deferred_until.filter(|_| decision.status == "deferred");
    if let Some(until) = deferred.filter(|until| *until < as_of.today) {
        let sentence = format!("{title} was put off until {}, a day that is over.", words::day(until));
        findings.push(
            Finding::new("decision-deferral-over", Level::Watch, reference, sentence)
                .offering([Offer::Discuss, Offer::Decide]),
        );
    }
    let look_back = decision.look_back_due.filter(|due| *due < as_of.today);
    if let Some(due) = look_back.filter(|_| decision.is_decided() && decision.look_backs.is_empty()) {
        let sentence = format!("Nobody looked back at {title}; that was planned for {}.", words::day(due));
        findings.push(
            Finding::new("look-back-overdue", Level::Info, reference, sentence).offering([Offer::LookAgain]),
        );
    }
}

/// Whether a decision of a kind that asks for work has none after a week, and no reason why.
pub(crate) fn has_work_missing(as_of: &AsOf<'_>, record: &Record) -> bool {
    let decision = Decision::of(record);
    let decided = decision.decided_on.or_else(|| since(record, "decided"));
    let old = decided.is_none_or(|day| as_of.today.days_since(day) > WORK_DAYS);
    let reason = decision.no_action_because.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    decision.status == "decided"
        && decision.asks_for_work()
        && old
        && !reason
        && !has_work(as_of, decision.record())
}

/// Whether an action with an owner and a day, a grant, an answered need or a planned change comes from a decision.
fn has_work(as_of: &AsOf<'_>, decision: RecordRef) -> bool {
    let edges = as_of.view.edges();
    let actions = edges.from(decision, Relation::Realises).chain(edges.from(decision, Relation::ComesFrom));
    let named_and_dated = |action: &Record| {
        let action = Action::of(action);
        !action.owners.is_empty() && (action.due.is_some() || !action.is_open())
    };
    let by_action = actions.filter_map(|from| as_of.live(from)).any(|from| match from.kind {
        Kind::Action => named_and_dated(from),
        Kind::ChangePlan => true,
        _ => false,
    });
    let by_link = edges
        .to(decision, Relation::Decides)
        .filter_map(|to| as_of.live(to))
        .any(|to| matches!(to.kind, Kind::Grant | Kind::Need));
    let names_it = |field: Field, record: &&Record| record.id_of(field) == Some(decision.id);
    by_action
        || by_link
        || as_of.all(Kind::ChangePlan).any(|plan| names_it(Field::Decision, &plan))
        || as_of.all(Kind::Grant).any(|grant| Grant::of(grant).decision == Some(decision.id))
        || as_of
            .all(Kind::Need)
            .flat_map(|need| Need::of(need).answers)
            .any(|answer| answer.decision == Some(decision.id))
}
