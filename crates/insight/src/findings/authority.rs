//! Who may decide what: grants that ran out or never began, work beyond its owner's authority, and moves by people who
//! may not make them.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use ids::MemberId;
use workspace::lens::{Action, Grant, MemberKind, Step, owners};
use workspace::{Date, Kind, Record, RecordRef};

/// Days a grant may stay proposed before it is mentioned.
const PROPOSED_DAYS: i32 = 30;
/// An action due within so many days has no time to look for authority.
const SOON_DAYS: i32 = 14;

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    match record.kind {
        Kind::Grant => grant(as_of, record, findings),
        Kind::Action => action(as_of, record, findings),
        _ => {}
    }
    moved_without_right(as_of, record, findings);
}

fn grant(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let grant = Grant::of(record);
    let title = as_of.title(grant.record());
    if grant.is_expired(as_of.today) {
        let ended = grant.valid.and_then(|valid| valid.until);
        let sentence = match ended.filter(|_| grant.status == "active") {
            Some(ended) => format!("{title} ended on {} and is still called active.", words::day(ended)),
            None => format!("{title} has run out and was not renewed."),
        };
        findings.push(
            Finding::new("grant-expired", Level::Watch, grant.record(), sentence)
                .offering([Offer::GiveAuthority, Offer::Expire]),
        );
    }
    let proposed = since(record, "proposed").filter(|_| grant.status == "proposed");
    if let Some(days) = proposed.map(|day| as_of.today.days_since(day)).filter(|days| *days > PROPOSED_DAYS) {
        let sentence = format!("{title} has been proposed for {} and was never given.", words::days(days));
        findings.push(
            Finding::new("grant-waiting", Level::Watch, grant.record(), sentence)
                .offering([Offer::GiveAuthority]),
        );
    }
}

/// The day a record came into the state; its birth when no move led there.
pub(super) fn since(record: &Record, state: &str) -> Option<Date> {
    let moved =
        Step::all(record).into_iter().filter(|step| step.to == state).filter_map(|step| step.on).max();
    moved.or_else(|| born(record))
}

/// The day a record was made, by its author's clock.
pub(super) fn born(record: &Record) -> Option<Date> {
    let at = record.int(workspace::Field::CreatedAt)?;
    Some(Date::of(ids::Timestamp::from_millis(at)))
}

/// An action that takes authority its owner does not have today.
fn action(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let action = Action::of(record);
    let Some(needed) = action.needs_authority.as_deref().filter(|_| action.is_open()) else { return };
    let held = |owner: MemberId| {
        as_of
            .all(Kind::Grant)
            .map(Grant::of)
            .filter(|grant| grant.kind.as_deref() == Some(needed) && grant.is_held_by(owner, as_of.view))
            .collect::<Vec<_>>()
    };
    for owner in &action.owners {
        let grants = held(*owner);
        if grants.iter().any(|grant| grant.is_in_effect(as_of.today)) {
            continue;
        }
        let gone = grants.iter().find(|grant| grant.is_expired(as_of.today));
        let why = match (gone, grants.first()) {
            (Some(gone), _) => format!(": {} has run out", as_of.title(gone.record())),
            (None, Some(other)) => {
                format!(": {} is {}", as_of.title(other.record()), words::plain(&other.status))
            }
            (None, None) => String::new(),
        };
        let sentence = format!(
            "{} takes authority ({}), and {} has no authority for it today{why}.",
            as_of.title(action.record()),
            words::plain(needed),
            as_of.name(*owner),
        );
        let soon = action.due.is_some_and(|due| due.days_since(as_of.today) <= SOON_DAYS);
        let level = if soon { Level::Alert } else { Level::Watch };
        findings.push(
            Finding::new("owner-without-authority", level, action.record(), sentence)
                .about(owner)
                .with(grants.iter().map(Grant::record))
                .offering([Offer::GiveAuthority, Offer::HandOver]),
        );
    }
}

/// Who may lead a record to a state.
enum Right {
    /// Top management.
    Top,
    /// Top management, or whoever answers for the record.
    TopOrOwner,
    /// Top management or another lead: people who take decisions.
    Deciders,
}

/// Moves that not everybody may make. Everything else may be moved by whoever can write.
fn right(kind: Kind, to: &str) -> Option<Right> {
    Some(match (kind, to) {
        (Kind::Policy, "in-force") | (Kind::Grant, "active") => Right::Top,
        (Kind::Goal, "achieved" | "dropped") | (Kind::Objective, "met" | "missed" | "withdrawn") => {
            Right::TopOrOwner
        }
        (Kind::Register, "accepted") => Right::TopOrOwner,
        (Kind::Decision, "decided" | "rejected") | (Kind::Need, "committed" | "refused") => Right::Deciders,
        _ => return None,
    })
}

fn moved_without_right(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let Some(status) = record.status() else { return };
    let steps = Step::all(record);
    let Some(step) = steps.iter().rfind(|step| step.to == status) else { return };
    let Some(member) = step.by.and_then(|by| as_of.member(by)) else { return };
    let Some(kind) = member.kind else { return };
    let allowed = match right(record.kind, status) {
        _ if matches!(kind, MemberKind::Guest | MemberKind::Auditor) => false,
        None => true,
        Some(_) if kind == MemberKind::Top => true,
        Some(Right::Top) => false,
        Some(Right::TopOrOwner) => owners(record).contains(&member.id),
        Some(Right::Deciders) => kind == MemberKind::Lead,
    };
    if allowed {
        return;
    }
    let when = step.on.map_or_else(String::new, |on| format!(" on {}", words::day(on)));
    let sentence = format!(
        "Outside authority: {} moved {} to “{}”{when}. Somebody who may should confirm it or send it back.",
        member.name,
        as_of.title(record.reference()),
        words::plain(status)
    );
    findings.push(
        Finding::new("outside-authority", Level::Watch, record.reference(), sentence)
            .with([RecordRef::new(Kind::Member, member.id.0)])
            .offering([Offer::Confirm, Offer::SendBack]),
    );
}
