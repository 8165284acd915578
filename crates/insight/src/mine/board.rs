//! What a member owns: is it working, and what needs their decision.

use crate::AsOf;
use crate::findings::is_owned;
use ids::MemberId;
use workspace::lens::{
    Action, AgendaItem, Decision, Goal, Grant, Holder, Kpi, Need, Objective, RegisterEntry, coordinators,
    owners,
};
use workspace::{Field, Kind, Record, RecordRef};

/// Everything that is a member's, and nothing that is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Goals they sponsor that are not over.
    pub goals: Vec<RecordRef>,
    /// Objectives they answer for that are not over.
    pub objectives: Vec<RecordRef>,
    /// Open register entries they own.
    pub entries: Vec<RecordRef>,
    /// Authority given to them by name or by seat that was not taken back; what everybody may do is nobody's own.
    pub grants: Vec<RecordRef>,
    /// Actions they are to finish: open ones, and done ones that nobody verified yet.
    pub actions: Vec<RecordRef>,
    /// Decisions still to be taken that are theirs to bring: the agenda item is theirs, or they drafted it.
    pub decisions: Vec<RecordRef>,
    /// Means they asked for that are not delivered.
    pub needs: Vec<RecordRef>,
    /// Figures they keep.
    pub figures: Vec<RecordRef>,
    /// Findings of audits they deal with.
    pub findings: Vec<RecordRef>,
    /// Seats they hold.
    pub seats: Vec<RecordRef>,
    /// Records they coordinate and somebody else answers for.
    pub coordinates: Vec<RecordRef>,
}

impl Board {
    /// Everything on it that they own, once each; not what they only coordinate.
    pub fn owned(&self) -> impl Iterator<Item = RecordRef> + '_ {
        [
            &self.goals,
            &self.objectives,
            &self.entries,
            &self.grants,
            &self.actions,
            &self.decisions,
            &self.needs,
            &self.figures,
            &self.findings,
            &self.seats,
        ]
        .into_iter()
        .flatten()
        .copied()
    }
}

/// What is a member's.
pub fn board(as_of: &AsOf<'_>, member: MemberId) -> Board {
    let mine = |kind: Kind, keep: &dyn Fn(&Record) -> bool| -> Vec<RecordRef> {
        let owned = as_of.all(kind).filter(|record| owners(record).contains(&member) && keep(record));
        owned.map(Record::reference).collect()
    };
    let coordinated = [Kind::Goal, Kind::Objective, Kind::Policy, Kind::Direction, Kind::Review]
        .into_iter()
        .flat_map(|kind| as_of.all(kind))
        .filter(|record| coordinators(record).contains(&member) && !owners(record).contains(&member));
    Board {
        goals: mine(Kind::Goal, &|record| {
            !matches!(Goal::of(record).status.as_str(), "achieved" | "dropped")
        }),
        objectives: mine(Kind::Objective, &|record| !Objective::of(record).is_over()),
        entries: mine(Kind::Register, &|record| RegisterEntry::of(record, &as_of.settings).is_open()),
        grants: grants(as_of, member),
        actions: mine(Kind::Action, &|record| is_owned(&Action::of(record))),
        decisions: decisions(as_of, member),
        needs: mine(Kind::Need, &|record| {
            !matches!(Need::of(record).status.as_str(), "delivered" | "refused")
        }),
        figures: as_of
            .all(Kind::Kpi)
            .filter(|record| Kpi::of(record).owners.contains(&member))
            .map(Record::reference)
            .collect(),
        findings: mine(Kind::Finding, &|record| record.status() != Some("verified")),
        seats: mine(Kind::Seat, &|_| true),
        coordinates: coordinated.map(Record::reference).collect(),
    }
}

fn grants(as_of: &AsOf<'_>, member: MemberId) -> Vec<RecordRef> {
    let named = |grant: &Grant| {
        let holders = grant.holders.iter().filter(|holder| **holder != Holder::Everyone);
        holders.flat_map(|holder| holder.members(as_of.view)).any(|holder| holder == member)
    };
    let grants = as_of.all(Kind::Grant).map(Grant::of);
    grants.filter(|grant| grant.status != "revoked" && named(grant)).map(|grant| grant.record()).collect()
}

fn decisions(as_of: &AsOf<'_>, member: MemberId) -> Vec<RecordRef> {
    let brings = |record: &Record| {
        let decision = Decision::of(record);
        let item = decision.agenda_item.and_then(|item| as_of.view.get(Kind::AgendaItem, item));
        let brought_by = item.and_then(|item| AgendaItem::of(item).owner);
        let drafted_by = record.id_of(Field::CreatedBy).map(MemberId);
        decision.is_open() && brought_by.or(drafted_by) == Some(member)
    };
    as_of.all(Kind::Decision).filter(|record| brings(record)).map(Record::reference).collect()
}
