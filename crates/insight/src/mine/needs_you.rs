//! What waits for one person: an answer, a decision, a look. Nothing is on this list only because it exists.

use crate::findings::{self, figures, is_effect_overdue};
use crate::{AsOf, words};
use ids::{MemberId, RecordId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use workspace::lens::{
    Action, AgendaItem, Comment, Decision, Grant, Handover, Kpi, MemberKind, Need, Policy, RegisterEntry,
    Series, owners,
};
use workspace::{Date, Field, Kind, Record, RecordRef, Relation};

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is asked.
    pub kind: AskKind,
    /// The record it is asked on comes first.
    pub records: Vec<RecordRef>,
    /// In one plain sentence.
    pub sentence: String,
    /// Since when it waits, as far as is known.
    pub since: Option<Date>,
    /// By when it should be done, if anybody said so.
    pub due: Option<Date>,
}

/// What is asked of a person. The order is the order on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AskKind {
    /// Choose between values written apart.
    Choose,
    /// Take over a record, or leave it where it is.
    AnswerHandover,
    /// Answer a need: yes, no, or when.
    AnswerNeed,
    /// Take a decision that is open.
    Decide,
    /// Give authority that somebody proposed.
    GiveAuthority,
    /// Look whether an action is done.
    Verify,
    /// Look whether an action worked.
    CheckEffect,
    /// Say how it stands with an own action that is past its day.
    Finish,
    /// Look at an own risk or opportunity.
    Look,
    /// Accept a risk anew, or treat it: the acceptance ran out.
    AcceptAnew,
    /// Enter a value.
    EnterValue,
    /// Read the policy.
    ReadPolicy,
    /// Answer somebody who called.
    Reply,
}

/// The duty of whoever answers for money and people.
const MEANS: &str = "means";

/// What waits for a member, the most pressing first.
pub fn needs_you(as_of: &AsOf<'_>, member: MemberId) -> Vec<Ask> {
    let Some(me) = as_of.member(member) else { return Vec::new() };
    let decides = matches!(me.kind, Some(MemberKind::Top | MemberKind::Lead));
    let mut asks = Vec::new();
    choices(as_of, member, &mut asks);
    handovers(as_of, member, &mut asks);
    needs(as_of, member, &mut asks);
    if decides {
        decisions(as_of, member, &mut asks);
    }
    grants(as_of, member, &mut asks);
    actions(as_of, member, &mut asks);
    entries(as_of, member, &mut asks);
    values(as_of, member, &mut asks);
    policy(as_of, member, decides, &mut asks);
    mentions(as_of, member, &mut asks);
    let late = |ask: &Ask| ask.due.is_some_and(|due| due < as_of.today);
    asks.sort_by_key(|ask| {
        let first = ask.due.or(ask.since);
        (!late(ask), ask.kind, first.is_none(), first, ask.records.first().copied())
    });
    asks
}

fn ask(kind: AskKind, record: RecordRef, sentence: String, since: Option<Date>, due: Option<Date>) -> Ask {
    Ask { kind, records: vec![record], sentence, since, due }
}

/// Open questions about what is mine, and about values that I wrote.
fn choices(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    let rules = [
        "owner-contested",
        "states-apart",
        "two-targets",
        "two-titles",
        "values-apart",
        "two-views",
        "two-values",
        "wording-contested",
        "requirement-two-judgements",
        "policy-in-force-twice",
        "review-twice",
    ];
    let wrote = |record: &Record| {
        let apart = record.contested().flat_map(|(_, _, register)| register.candidates());
        apart.into_iter().any(|(_, actor)| as_of.view.member_of(actor) == Some(member))
    };
    let rated = |record: &Record| {
        record.kind == Kind::Register && {
            let entry = RegisterEntry::of(record, &as_of.settings);
            entry.now.is_contested() && entry.now.views().iter().any(|view| view.by == Some(member))
        }
    };
    let mine = |record: &&Record| owners(record).contains(&member) || wrote(record) || rated(record);
    let asks_something = |record: &&Record| may_be_contested(as_of, record);
    let candidates = Kind::ALL.iter().flat_map(|kind| as_of.all(*kind)).filter(asks_something).filter(mine);
    for record in candidates {
        for finding in findings::of(as_of, record.reference()) {
            if rules.contains(&finding.rule) {
                asks.push(Ask {
                    kind: AskKind::Choose,
                    records: finding.records,
                    sentence: finding.sentence,
                    since: None,
                    due: None,
                });
            }
        }
    }
}

/// Whether a record can hold an open question at all; most hold none, and looking closely at each would cost a page of
/// rules per record.
fn may_be_contested(as_of: &AsOf<'_>, record: &Record) -> bool {
    let several = |field| record.current(field).len() > 1;
    record.contested().next().is_some()
        || match record.kind {
            Kind::Register => several(Field::Assessments),
            Kind::Requirement => several(Field::Judgements),
            Kind::Kpi => as_of
                .series()
                .get(&record.id)
                .is_some_and(|series| series.points.values().any(workspace::lens::Point::is_contested)),
            Kind::Policy => record.status() == Some("in-force"),
            Kind::Review => record.date(Field::Occurrence).is_some(),
            _ => false,
        }
}

fn handovers(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    for handover in as_of.all(Kind::Handover).map(Handover::of) {
        let (Some(subject), true) = (handover.subject, handover.is_open() && handover.to == Some(member))
        else {
            continue;
        };
        let from = handover.from.map_or("Somebody", |from| as_of.name(from));
        let sentence =
            format!("{from} offers you {}. It becomes yours when you accept.", as_of.title(subject));
        let mut offered = ask(
            AskKind::AnswerHandover,
            handover.record(),
            sentence,
            handover.offered_at.map(Date::of),
            None,
        );
        offered.records.push(subject);
        asks.push(offered);
    }
}

/// Needs are answered by whoever holds the seat for means; where nobody does, by the top except who asked.
fn needs(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    let answer = as_of.holders_of_duty(MEANS);
    for need in as_of.all(Kind::Need).map(Need::of).filter(Need::is_unanswered) {
        let is_asked = if answer.is_empty() {
            as_of.is_top(member) && !need.requested_by.contains(&member)
        } else {
            answer.contains(&member)
        };
        if !is_asked {
            continue;
        }
        let who = as_of.names(&need.requested_by);
        let title = as_of.title(need.record());
        let waits = need
            .days_waiting(as_of.today)
            .map_or_else(String::new, |days| format!(", {} ago", words::days(days)));
        let sentence = if need.is_answer_contested() {
            format!("{who} asked for {title} and got two answers. Which holds?")
        } else {
            format!("{who} asked for {title}{waits}. Yes, no, or when?")
        };
        asks.push(ask(AskKind::AnswerNeed, need.record(), sentence, need.requested_on, need.needed_by));
    }
}

/// Open decisions that are mine to bring, and those put forward on which I have not taken a stance.
fn decisions(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    for record in as_of.all(Kind::Decision) {
        let decision = Decision::of(record);
        if !decision.is_open() {
            continue;
        }
        let item = decision.agenda_item.and_then(|item| as_of.view.get(Kind::AgendaItem, item));
        let brought_by = item.and_then(|item| AgendaItem::of(item).owner);
        let drafted_by = record.id_of(Field::CreatedBy).map(MemberId);
        let mine = brought_by.or(drafted_by) == Some(member);
        let silent = decision.stances.iter().all(|stance| stance.member != member);
        let title = as_of.title(decision.record());
        let sentence = match decision.status.as_str() {
            "proposed" if silent && !mine => format!("{title} is put forward. Where do you stand?"),
            "proposed" if mine => format!("{title} is yours to bring to a decision."),
            "deferred" if mine => {
                let until = decision
                    .deferred_until
                    .map_or_else(String::new, |until| format!(" until {}", words::day(until)));
                format!("{title} was put off{until}; it is yours to bring back.")
            }
            _ => continue,
        };
        asks.push(ask(AskKind::Decide, decision.record(), sentence, None, decision.deferred_until));
    }
}

/// Proposed grants that name me as the one who gives.
fn grants(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    for grant in as_of.all(Kind::Grant).map(Grant::of) {
        if grant.status == "proposed" && grant.granted_by.contains(&member) {
            let sentence = format!("{} waits for you to give it.", as_of.title(grant.record()));
            asks.push(ask(AskKind::GiveAuthority, grant.record(), sentence, None, None));
        }
    }
}

fn actions(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    for record in as_of.all(Kind::Action) {
        let action = Action::of(record);
        let (reference, title) = (action.record(), as_of.title(action.record()));
        if let Some(late) = action.days_late(as_of.today).filter(|_| action.owners.contains(&member)) {
            let sentence = format!("Your action {title} is {} past its day.", words::days(late));
            asks.push(ask(AskKind::Finish, reference, sentence, None, action.due));
        }
        if action.status == "done" && verifiers(as_of, &action).contains(&member) {
            let sentence =
                format!("{} says that {title} is done. Look whether it is.", as_of.names(&action.owners));
            asks.push(ask(AskKind::Verify, reference, sentence, action.done_on(), None));
        }
        if is_effect_overdue(&action, as_of.today) && effect_checkers(as_of, &action).contains(&member) {
            let sentence = format!("{title} was verified. Look whether it worked.");
            asks.push(ask(
                AskKind::CheckEffect,
                reference,
                sentence,
                action.verified_on(),
                action.effect_planned,
            ));
        }
    }
}

/// Who looks whether an action is done: the owners of what it comes from, the action's own owner left out where
/// somebody else is required; the rest of the top when that leaves nobody.
fn verifiers(as_of: &AsOf<'_>, action: &Action) -> BTreeSet<MemberId> {
    let may = |member: &MemberId| !as_of.settings.require_other_verifier || !action.owners.contains(member);
    let edges = as_of.view.edges();
    let sources = [Relation::ComesFrom, Relation::Treats, Relation::Realises]
        .into_iter()
        .flat_map(|relation| edges.to(action.record(), relation))
        .filter_map(|source| as_of.live(source));
    let behind: BTreeSet<MemberId> =
        sources.flat_map(|source| answerable(as_of, source)).filter(may).collect();
    if behind.is_empty() { as_of.top().map(|member| member.id).filter(may).collect() } else { behind }
}

/// Who answers for a source of actions; for a decision whoever brought it.
fn answerable(as_of: &AsOf<'_>, source: &Record) -> Vec<MemberId> {
    if source.kind != Kind::Decision {
        return owners(source);
    }
    let item = source.id_of(Field::AgendaItem).and_then(|item| as_of.view.get(Kind::AgendaItem, item));
    item.and_then(|item| AgendaItem::of(item).owner).into_iter().collect()
}

/// Who looks whether an action worked: whoever verified it, as far as they are not its owner; else as for verifying.
fn effect_checkers(as_of: &AsOf<'_>, action: &Action) -> BTreeSet<MemberId> {
    let verified = action.verifications.iter().filter_map(|verification| verification.by);
    let others: BTreeSet<MemberId> = verified.filter(|by| !action.owners.contains(by)).collect();
    if others.is_empty() { verifiers(as_of, action) } else { others }
}

fn entries(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    for record in as_of.all(Kind::Register) {
        let entry = RegisterEntry::of(record, &as_of.settings);
        if !entry.owners.contains(&member) {
            continue;
        }
        let (reference, title) = (entry.record(), as_of.title(entry.record()));
        let over = entry.acceptance.as_ref().filter(|acceptance| acceptance.is_over(as_of.today));
        if let Some(until) = over.and_then(|acceptance| acceptance.until) {
            let sentence = format!(
                "{title} was accepted until {}. Accept it anew, treat it, or stop?",
                words::day(until)
            );
            asks.push(ask(AskKind::AcceptAnew, reference, sentence, None, Some(until)));
        } else if let Some(late) = entry.review_overdue(as_of.today) {
            let sentence = format!("Your look at {title} is {} late.", words::days(late));
            asks.push(ask(AskKind::Look, reference, sentence, None, entry.review_due));
        }
    }
}

fn values(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    let nothing = Series::default();
    for kpi in as_of.all(Kind::Kpi).map(Kpi::of).filter(|kpi| kpi.owners.contains(&member)) {
        let series = as_of.series().get(&kpi.id).unwrap_or(&nothing);
        let missing = figures::missing(&kpi, series, as_of);
        let Some(oldest) = missing.first() else { continue };
        let sentence = format!(
            "{} has no value for {}.",
            as_of.title(kpi.record()),
            words::count(missing.len(), "period that has ended", "periods that have ended")
        );
        asks.push(ask(AskKind::EnterValue, kpi.record(), sentence, Some(oldest.last()), None));
    }
}

fn policy(as_of: &AsOf<'_>, member: MemberId, decides: bool, asks: &mut Vec<Ask>) {
    let in_force = Policy::in_force(as_of.view);
    let Some(version) = in_force.first().filter(|_| decides) else { return };
    // A team that does not use acknowledgements is not asked for them.
    let used = !version.acknowledged.is_empty();
    if used && version.acknowledged.iter().all(|(reader, _)| *reader != member) {
        let sentence = format!("{} is in force; say when you have read it.", as_of.title(version.record()));
        let since = version.in_force.iter().filter_map(|pinned| pinned.from).min();
        asks.push(ask(AskKind::ReadPolicy, version.record(), sentence, since, None));
    }
}

fn mentions(as_of: &AsOf<'_>, member: MemberId, asks: &mut Vec<Ask>) {
    for record in Kind::ALL.iter().flat_map(|kind| as_of.all(*kind)) {
        if record.entries(Field::Comments).next().is_none() {
            continue;
        }
        let waiting: BTreeMap<RecordId, Comment> =
            Comment::waiting_for(record, member).into_iter().map(|comment| (comment.id, comment)).collect();
        for comment in waiting.into_values() {
            let who = comment.by.map_or("Somebody", |by| as_of.name(by));
            let sentence = format!("{who} calls you on {}.", as_of.title(record.reference()));
            let since = comment.at.map(|at: Timestamp| Date::of(at));
            asks.push(ask(AskKind::Reply, record.reference(), sentence, since, None));
        }
    }
}
