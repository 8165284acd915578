//! The policy and its promises (domain model 4.6).

use super::mark::{FieldSpec, Type, atom, may, moves, order, reference, set, status, text};
use crate::{Field, Kind};

pub(super) const POLICY: &[FieldSpec] = &[
    text(Field::Words),
    status(),
    moves(),
    // {decision, heads, from}: the pinned state is what counts.
    atom(Field::InForce).parts(&[may("from", Type::Date)]),
    // Who answers for it, and who writes it down: two fields, not one.
    reference(Field::Accountable, &[Kind::Member]),
    reference(Field::Coordinator, &[Kind::Member]),
    // Member id -> when they said they had read it.
    set(Field::Acknowledgements),
];

pub(super) const COMMITMENT: &[FieldSpec] = &[
    // Ids of the policy versions that make this promise.
    set(Field::Versions),
    order(),
];
