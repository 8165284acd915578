//! What each kind of record holds: the schema as data.
//!
//! One file per group of kinds; a row is a [`FieldSpec`]. The schema is held at *edit* time. Reading tolerates
//! everything: unknown fields stay in the document, unknown enum values are shown as they are, and a field of the
//! wrong shape is damaged alone. The schema is additive for ever: never rename, retype or reuse a field.

mod action;
mod common;
mod context;
mod culture;
mod decision;
mod direction;
mod lifecycle;
mod mark;
mod people;
mod policy;
mod register;
mod review;
mod settings;

pub use lifecycle::Lifecycle;
pub use mark::{Caution, FieldSpec, Mark, Part, Type};
pub use review::INPUT_CODES;

use crate::{Field, Kind};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 120;
/// Longest collaborative text, in UTF-16 code units.
pub const TEXT_UTF16_MAX: usize = 50_000;
/// Longest atom or log entry, in bytes of canonical JSON.
pub const ENTRY_BYTES_MAX: usize = 16_384;
/// Longest member of a set and longest key of a keyed field, in characters.
pub const KEY_CHARS_MAX: usize = 160;

/// The fields of `kind`: the common ones, then its own.
pub fn fields(kind: Kind) -> impl Iterator<Item = &'static FieldSpec> {
    common_fields(kind).iter().chain(own_fields(kind))
}

/// What `kind` says about `field`; `None` when it has no such field.
pub fn spec(kind: Kind, field: Field) -> Option<&'static FieldSpec> {
    fields(kind).find(|spec| spec.field == field)
}

/// The life cycle of records of `kind`. For the register `variant` is the entry's `kind` (risk or opportunity).
pub fn lifecycle(kind: Kind, variant: Option<&str>) -> Option<&'static Lifecycle> {
    lifecycle::of(kind, variant)
}

fn common_fields(kind: Kind) -> &'static [FieldSpec] {
    match kind {
        // Singletons are never created, titled or deleted.
        Kind::Direction => common::DISCUSSED,
        Kind::Reading | Kind::Settings | Kind::Meta => &[],
        // Many and small: a measurement is a fact, an input belongs to its review.
        Kind::Measurement | Kind::ReviewInput | Kind::LeadershipEntry => common::LIGHT,
        _ => common::FULL,
    }
}

fn own_fields(kind: Kind) -> &'static [FieldSpec] {
    match kind {
        Kind::Member => people::MEMBER,
        Kind::Seat => people::SEAT,
        Kind::Grant => people::GRANT,
        Kind::Handover => people::HANDOVER,
        Kind::Need => people::NEED,
        Kind::Direction => context::DIRECTION,
        Kind::Issue => context::ISSUE,
        Kind::Party => context::PARTY,
        Kind::Requirement => context::REQUIREMENT,
        Kind::Feedback => context::FEEDBACK,
        Kind::Policy => policy::POLICY,
        Kind::Commitment => policy::COMMITMENT,
        Kind::Goal => direction::GOAL,
        Kind::Objective => direction::OBJECTIVE,
        Kind::Kpi => direction::KPI,
        Kind::Measurement => direction::MEASUREMENT,
        Kind::Register => register::REGISTER,
        Kind::Review => review::REVIEW,
        Kind::ReviewInput => review::INPUT,
        Kind::AgendaItem => review::AGENDA_ITEM,
        Kind::Decision => decision::DECISION,
        Kind::ChangePlan => decision::CHANGE_PLAN,
        Kind::Action => action::ACTION,
        Kind::Evidence => action::EVIDENCE,
        Kind::Audit => action::AUDIT,
        Kind::Finding => action::FINDING,
        Kind::Concern => culture::CONCERN,
        Kind::Improvement => culture::IMPROVEMENT,
        Kind::LeadershipEntry => culture::LEADERSHIP_ENTRY,
        Kind::Cadence => culture::CADENCE,
        Kind::Note => culture::NOTE,
        Kind::Reading => culture::READING,
        Kind::Settings => settings::SETTINGS,
        Kind::Meta => settings::META,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_kind_has_a_field_twice() {
        for kind in Kind::ALL.iter().copied() {
            let mut seen = BTreeSet::new();
            for spec in fields(kind) {
                assert!(seen.insert(spec.field), "{kind} has {} twice", spec.field);
            }
        }
    }

    #[test]
    fn every_field_is_used() {
        let used: BTreeSet<_> =
            Kind::ALL.iter().flat_map(|kind| fields(*kind)).map(|spec| spec.field).collect();
        let unused: Vec<_> = Field::ALL.iter().filter(|field| !used.contains(field)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn a_status_always_has_a_life_cycle_and_a_story() {
        for kind in Kind::ALL.iter().copied() {
            let has_status = spec(kind, Field::Status).is_some();
            assert_eq!(has_status, spec(kind, Field::Moves).is_some(), "{kind}");
            assert_eq!(has_status, lifecycle(kind, None).is_some(), "{kind}");
        }
    }

    #[test]
    fn trails_lead_to_logs() {
        for kind in Kind::ALL.iter().copied() {
            for trail in fields(kind).filter_map(|spec| spec.trail) {
                assert_eq!(spec(kind, trail).map(|spec| spec.mark), Some(Mark::Log), "{kind}.{trail}");
            }
        }
    }
}
