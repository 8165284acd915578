//! Who answers for what. One person answers, anybody may coordinate, and what is given away is accepted first.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use std::collections::BTreeSet;
use workspace::lens::{Action, Goal, Handover, Objective, RegisterEntry, Seat, owner_field, owners};
use workspace::{Field, Kind, Record, RecordRef};

/// Days an offer may wait for its answer before it is mentioned.
const OFFER_DAYS: i32 = 14;

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    owner(as_of, record, findings);
    delegated(as_of, record, findings);
    match record.kind {
        Kind::Seat => seat(as_of, record, findings),
        Kind::Handover => handover(as_of, record, findings),
        _ => {}
    }
}

fn owner(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let Some(field) = owner_field(record.kind) else { return };
    let (reference, owners) = (record.reference(), owners(record));
    let title = as_of.title(reference);
    match owners.as_slice() {
        [] if needs_owner(as_of, record) => {
            let sentence = format!("Nobody answers for {title}.");
            findings.push(
                Finding::new("nobody-answers", Level::Watch, reference, sentence)
                    .offering([Offer::NameOwner]),
            );
        }
        [one] if is_alive(as_of, record) => {
            let member = as_of.member(*one);
            let left = member.and_then(|member| member.until).filter(|until| *until < as_of.today);
            let sentence = match (member, left) {
                (None, _) => format!("Whoever answers for {title} is not in the team any more."),
                (Some(member), Some(left)) => {
                    format!("{} answers for {title} and left on {}.", member.name, words::day(left))
                }
                _ => return,
            };
            findings.push(
                Finding::new("owner-left", Level::Watch, reference, sentence)
                    .offering([Offer::NameOwner, Offer::HandOver]),
            );
        }
        [_, _, ..] => {
            let verb = if record.kind == Kind::Seat { "hold" } else { "answer for" };
            let sentence = format!(
                "{} both {verb} {title}: it was given away twice apart. Both see it as theirs until somebody picks.",
                as_of.names(&owners)
            );
            findings.push(
                Finding::new("owner-contested", Level::Alert, reference, sentence)
                    .offering([Offer::Choose { field, key: None }, Offer::HandOver]),
            );
        }
        _ => {}
    }
}

/// Whether nobody answering for it is odd. Drafts, inputs and old records may have nobody.
fn needs_owner(as_of: &AsOf<'_>, record: &Record) -> bool {
    match record.kind {
        Kind::Goal | Kind::Objective | Kind::Register | Kind::Action | Kind::Finding => {
            is_alive(as_of, record)
        }
        _ => false,
    }
}

/// Whether somebody still has to do with it.
fn is_alive(as_of: &AsOf<'_>, record: &Record) -> bool {
    match record.kind {
        Kind::Goal => Goal::of(record).is_active(),
        Kind::Objective => !Objective::of(record).is_over(),
        Kind::Register => RegisterEntry::of(record, &as_of.settings).is_open(),
        Kind::Action => matches!(record.status(), Some("blocked" | "open" | "in-progress" | "done")),
        Kind::Finding => record.status() != Some("verified"),
        Kind::Seat | Kind::Kpi => true,
        _ => false,
    }
}

/// Goals, the policy, the system itself and reviews are answered for by top management; coordinating is another field.
fn delegated(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let what = match record.kind {
        Kind::Goal if Goal::of(record).is_active() => as_of.title(record.reference()),
        Kind::Policy if matches!(record.status(), Some("draft" | "in-review" | "in-force")) => {
            as_of.title(record.reference())
        }
        Kind::Review if record.status() != Some("cancelled") => as_of.title(record.reference()),
        Kind::Direction => "whether the system works".to_owned(),
        _ => return,
    };
    for owner in owners(record) {
        let Some(member) = as_of.member(owner) else { continue };
        if as_of.is_top(owner) || member.kind.is_none() {
            continue;
        }
        let sentence = format!(
            "Accountability delegated: {} answers for {what} and does not belong to top management. \
             Coordinating it is another field.",
            member.name
        );
        findings.push(
            Finding::new("accountability-delegated", Level::Watch, record.reference(), sentence)
                .about(owner)
                .with([RecordRef::new(Kind::Member, owner.0)])
                .offering([Offer::HandOver, Offer::NameOwner]),
        );
    }
}

fn seat(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let seat = Seat::of(record);
    let title = as_of.title(seat.record());
    if seat.is_empty() {
        let sentence = format!("Nobody holds the seat {title}.");
        findings.push(
            Finding::new("seat-empty", Level::Info, seat.record(), sentence).offering([Offer::NameOwner]),
        );
    }
    let circle = circle(as_of, &seat);
    if !circle.is_empty() {
        let sentence = format!(
            "The seat {title} reports to itself, over {}.",
            words::count(circle.len(), "other seat", "other seats")
        );
        let field = Offer::Choose { field: Field::ReportsTo, key: None };
        findings.push(
            Finding::new("reports-to-circle", Level::Watch, seat.record(), sentence)
                .with(circle)
                .offering([field]),
        );
    }
}

/// The seats through which a seat reports to itself; itself alone when it names itself.
fn circle(as_of: &AsOf<'_>, seat: &Seat) -> Vec<RecordRef> {
    let mut way = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next: Vec<_> = seat.reports_to.clone();
    while let Some(above) = next.pop() {
        if above == seat.id {
            return if way.is_empty() { vec![seat.record()] } else { way };
        }
        if !seen.insert(above) {
            continue;
        }
        if let Some(above) = as_of.live(RecordRef::new(Kind::Seat, above)) {
            way.push(above.reference());
            next.extend(Seat::of(above).reports_to);
        }
    }
    Vec::new()
}

fn handover(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let handover = Handover::of(record);
    let Some(subject) = handover.subject else { return };
    let (title, to) = (as_of.title(subject), handover.to.map_or("somebody", |to| as_of.name(to)));
    if handover.status == "accepted" && !handover.is_accepted_by_receiver() {
        let sentence = format!("{title} went over to {to} without {to}'s own acceptance on record.");
        findings.push(
            Finding::new("handover-without-acceptance", Level::Watch, handover.record(), sentence)
                .with([subject])
                .offering([Offer::Confirm, Offer::HandOver]),
        );
    }
    let offered = handover.offered_at.map(workspace::Date::of);
    let waiting = offered.map(|offered| as_of.today.days_since(offered)).filter(|_| handover.is_open());
    if let Some(waiting) = waiting.filter(|days| *days > OFFER_DAYS) {
        let sentence = format!("{title} was offered to {to} {} ago; no answer yet.", words::days(waiting));
        findings
            .push(Finding::new("handover-waiting", Level::Info, handover.record(), sentence).with([subject]));
    }
}

/// Whether an action is one that is still owned: not verified, not cancelled.
pub(crate) fn is_owned(action: &Action) -> bool {
    action.is_open() || action.status == "done"
}
