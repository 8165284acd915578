//! Who answers for a record, whatever its kind. One answers; anybody may coordinate: two fields, not one.

use super::{Grant, parts};
use crate::{Field, Kind, Record, View};
use ids::MemberId;

/// The field that says who answers for records of a kind; `None` where nobody owns one.
pub const fn owner_field(kind: Kind) -> Option<Field> {
    Some(match kind {
        Kind::Goal | Kind::Improvement => Field::Sponsor,
        Kind::Objective | Kind::Policy | Kind::Direction => Field::Accountable,
        Kind::Review => Field::Chair,
        Kind::Seat => Field::Holder,
        Kind::Register | Kind::Action | Kind::Kpi | Kind::Finding | Kind::ChangePlan | Kind::AgendaItem => {
            Field::Owner
        }
        Kind::Need => Field::RequestedBy,
        Kind::ReviewInput => Field::PreparedBy,
        _ => return None,
    })
}

/// The field that says who coordinates records of a kind.
pub const fn coordinator_field(kind: Kind) -> Option<Field> {
    Some(match kind {
        Kind::Objective | Kind::Policy | Kind::Direction | Kind::Goal => Field::Coordinator,
        Kind::Review => Field::Facilitator,
        _ => return None,
    })
}

/// Who answers for a record: normally one member, none where nobody was named, two when it was given away twice apart.
pub fn owners(record: &Record) -> Vec<MemberId> {
    owner_field(record.kind).map_or_else(Vec::new, |field| parts::members(record, field))
}

/// Who coordinates a record.
pub fn coordinators(record: &Record) -> Vec<MemberId> {
    coordinator_field(record.kind).map_or_else(Vec::new, |field| parts::members(record, field))
}

/// As [`owners`]; the holders of a grant, by name or by seat, own it too.
pub fn owners_in(view: &View, record: &Record) -> Vec<MemberId> {
    if record.kind != Kind::Grant {
        return owners(record);
    }
    Grant::of(record).holders.iter().flat_map(|holder| holder.members(view)).collect()
}
