//! Direction, context, parties and what they require (domain model 4.5).

use super::mark::{
    Caution, FieldSpec, Type, atom, line, log, may, need, one_of, reference, register, superseding, text,
};
use crate::{Field, Kind};

pub(super) const DIRECTION: &[FieldSpec] = &[
    text(Field::Purpose),
    text(Field::Ambition),
    text(Field::Choices),
    // Who answers for the system doing what it is for, and who coordinates that.
    reference(Field::Accountable, &[Kind::Member]),
    reference(Field::Coordinator, &[Kind::Member]),
    register(Field::Horizon, Type::Int(2000, 2200)),
    // {by, at, review?}
    superseding(Field::LastConfirmed, &[]),
    // Whether climate change is relevant: {relevant: "yes" | "no" | "partly", reason, by, at, review?}
    superseding(Field::Climate, &[]).parts(&[need("relevant", Type::OneOf(&["yes", "partly", "no"]))]),
];

pub(super) const ISSUE: &[FieldSpec] = &[
    one_of(Field::Kind, &["external", "internal"]),
    one_of(
        Field::Area,
        &["market", "technology", "law", "people", "supply", "economy", "society", "climate", "organisation"],
    ),
    // Whether it helps or hurts; cautious: it hurts.
    one_of(Field::Bearing, &["hurts", "both", "helps"]).caution(Caution::Leftmost),
    one_of(Field::Watch, &["quarterly", "yearly", "none"]).caution(Caution::Leftmost),
    // {by, at, changed}
    log(Field::LastLooked),
    register(Field::ClimateRelevant, Type::Flag).caution(Caution::Yes),
];

pub(super) const PARTY: &[FieldSpec] = &[
    one_of(
        Field::Kind,
        &["customer", "owner", "employee", "supplier", "regulator", "partner", "community", "assurance"],
    ),
    // {influence: 1..3, interest: 1..3}
    atom(Field::Weight).parts(&[may("influence", Type::Int(1, 3)), may("interest", Type::Int(1, 3))]),
];

pub(super) const REQUIREMENT: &[FieldSpec] = &[
    reference(Field::Party, &[Kind::Party]),
    one_of(Field::Origin, &["law", "contract", "stated", "implied", "own-promise"]),
    text(Field::HowWeKnow),
    // {status: "met" | "partly" | "not-met" | "unknown", by, at, basis}
    superseding(Field::Judgements, &[])
        .parts(&[need("status", Type::OneOf(&["met", "partly", "not-met", "unknown"]))]),
    register(Field::ClimateRelevant, Type::Flag).caution(Caution::Yes),
];

pub(super) const FEEDBACK: &[FieldSpec] = &[
    one_of(
        Field::Kind,
        &["complaint", "praise", "survey", "visit", "lost-order", "customer-audit", "return"],
    ),
    reference(Field::Party, &[Kind::Party]),
    register(Field::Date, Type::Date),
    register(Field::Score, Type::Int(0, 10)).caution(Caution::Least),
    text(Field::Summary),
    register(Field::Severity, Type::Int(1, 4)).caution(Caution::Greatest),
    // {by, at, note}
    atom(Field::Handled),
    line(Field::Source, 200),
];
