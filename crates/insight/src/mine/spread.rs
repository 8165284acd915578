//! How ownership is spread over the team, and what could go back from the specialist to the leaders.

use crate::AsOf;
use crate::findings::{Level, is_owned};
use ids::MemberId;
use std::collections::{BTreeMap, BTreeSet};
use workspace::lens::{Action, Goal, Handover, Objective, RegisterEntry, owners};
use workspace::{Kind, Record, RecordRef, Relation};

/// The duty of whoever coordinates quality.
pub(crate) const COORDINATION: &str = "quality-coordination";
/// With fewer records or leaders the share says nothing.
const RECORDS_MIN: usize = 12;
const TOP_MIN: usize = 3;
/// From these shares on, of a hundred.
const WATCH: usize = 50;
const ALERT: usize = 65;

/// How much of what is open lies with whoever coordinates quality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// Whoever holds the seat that coordinates quality and owns most; `None` when nobody holds one.
    pub member: Option<MemberId>,
    /// Open records of that member.
    pub owned: usize,
    /// Open records of everybody.
    pub total: usize,
    /// The share, of a hundred, rounded.
    pub percent: usize,
    /// How pressing it is; `None` below every threshold.
    pub level: Option<Level>,
    /// Whether there is enough to say anything.
    pub is_enough: bool,
    /// How many open records each member owns. For the whole picture, not for comparing people.
    pub by_member: BTreeMap<MemberId, usize>,
}

/// The open records that somebody owns: active goals, objectives, open register entries, actions that are not verified.
/// Each with its owners; a contested one counts for each of them.
pub fn open_owned(as_of: &AsOf<'_>) -> Vec<(RecordRef, Vec<MemberId>)> {
    let is_open = |record: &Record| match record.kind {
        Kind::Goal => Goal::of(record).is_active(),
        Kind::Objective => !Objective::of(record).is_over(),
        Kind::Register => RegisterEntry::of(record, &as_of.settings).is_open(),
        Kind::Action => is_owned(&Action::of(record)),
        _ => false,
    };
    let kinds = [Kind::Goal, Kind::Objective, Kind::Register, Kind::Action];
    let open = kinds.into_iter().flat_map(|kind| as_of.all(kind)).filter(|record| is_open(record));
    let owned = open.map(|record| (record.reference(), owners(record)));
    owned.filter(|(_, owners)| !owners.is_empty()).collect()
}

/// How much of what is open lies with whoever coordinates quality.
pub fn concentration(as_of: &AsOf<'_>) -> Concentration {
    let open = open_owned(as_of);
    let mut by_member: BTreeMap<MemberId, usize> = BTreeMap::new();
    for owner in open.iter().flat_map(|(_, owners)| owners) {
        *by_member.entry(*owner).or_default() += 1;
    }
    let total = open.len();
    let coordinators = as_of.holders_of_duty(COORDINATION);
    let owned = |member: &MemberId| by_member.get(member).copied().unwrap_or(0);
    // `max_by_key` takes the last of equals, the same on every device.
    let member = coordinators.iter().max_by_key(|member| owned(member)).copied();
    let owned = member.as_ref().map_or(0, owned);
    let percent = (owned * 200 + total).checked_div(total * 2).unwrap_or(0);
    let is_enough = total >= RECORDS_MIN && as_of.top().count() >= TOP_MIN && member.is_some();
    let is_at_least = |percent: usize| is_enough && owned * 100 >= total * percent;
    let level =
        if is_at_least(ALERT) { Some(Level::Alert) } else { is_at_least(WATCH).then_some(Level::Watch) };
    Concentration { member, owned, total, percent, level, is_enough, by_member }
}

/// A record that could go to a leader who answers for what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandBack {
    /// The record.
    pub record: RecordRef,
    /// Whose it is.
    pub from: MemberId,
    /// Whose it could be.
    pub to: MemberId,
    /// Why that leader.
    pub because: String,
    /// Whether an offer to that leader waits for an answer already.
    pub is_offered: bool,
}

/// What of a member's open records could go back to a leader: to the sponsor of the goal that an objective serves, to
/// whoever answers for the objective that a risk touches, to the owner of what an action comes from. Proposals only: an
/// offer is made with `acts::hand_over`, and ownership changes when the leader accepts.
pub fn hand_backs(as_of: &AsOf<'_>, from: MemberId) -> Vec<HandBack> {
    let declined: BTreeSet<(RecordRef, MemberId)> = answered(as_of, "declined").collect();
    let offered: BTreeSet<(RecordRef, MemberId)> = answered(as_of, "offered").collect();
    let mut proposals = Vec::new();
    for (record, owners) in open_owned(as_of) {
        if owners != [from] {
            continue;
        }
        for (to, source) in leaders_behind(as_of, record) {
            // What was declined stays where it is until somebody offers it anew.
            if to == from || !as_of.is_top(to) || declined.contains(&(record, to)) {
                continue;
            }
            let because =
                format!("{} answers for {}, which it belongs to.", as_of.name(to), as_of.title(source));
            let is_offered = offered.contains(&(record, to));
            proposals.push(HandBack { record, from, to, because, is_offered });
            break;
        }
    }
    proposals
}

/// Records that a leader declined to take over from a member; they stay, and are counted.
pub fn declined_hand_backs(as_of: &AsOf<'_>, from: MemberId) -> Vec<RecordRef> {
    let offers = as_of.all(Kind::Handover).map(Handover::of);
    let declined = offers.filter(|offer| offer.status == "declined" && offer.from == Some(from));
    let still_there =
        |record: &RecordRef| as_of.live(*record).is_some_and(|record| owners(record).contains(&from));
    let records: BTreeSet<RecordRef> =
        declined.filter_map(|offer| offer.subject).filter(still_there).collect();
    records.into_iter().collect()
}

fn answered<'a>(as_of: &'a AsOf<'_>, status: &'a str) -> impl Iterator<Item = (RecordRef, MemberId)> + 'a {
    let offers = as_of.all(Kind::Handover).map(Handover::of).filter(move |offer| offer.status == status);
    offers.filter_map(|offer| Some((offer.subject?, offer.to?)))
}

/// The owners of what a record belongs to, the nearest first.
fn leaders_behind(as_of: &AsOf<'_>, record: RecordRef) -> Vec<(MemberId, RecordRef)> {
    let relations: &[Relation] = match record.kind {
        Kind::Objective => &[Relation::Serves],
        Kind::Register => &[Relation::Threatens, Relation::Helps],
        Kind::Action => &[Relation::ComesFrom, Relation::Treats, Relation::Realises],
        _ => &[],
    };
    let sources = relations.iter().flat_map(|relation| as_of.view.edges().to(record, *relation));
    let owned = sources.filter_map(|source| Some((source, owners(as_of.live(source)?))));
    owned.flat_map(|(source, owners)| owners.into_iter().map(move |owner| (owner, source))).collect()
}
