//! Goals, objectives, KPIs and their values (domain model 4.7, 4.8).

use super::mark::{
    Caution, FieldSpec, Type, atom, line, log, may, moves, need, one_of, order, reference, register, status,
    superseding, text,
};
use crate::{Field, Kind};

pub(super) const GOAL: &[FieldSpec] = &[
    text(Field::Why),
    // Who answers for it; anybody may coordinate.
    reference(Field::Sponsor, &[Kind::Member]),
    reference(Field::Coordinator, &[Kind::Member]),
    register(Field::Horizon, Type::Int(2000, 2200)),
    text(Field::Measure),
    order(),
    status(),
    moves(),
];

pub(super) const OBJECTIVE: &[FieldSpec] = &[
    reference(Field::Accountable, &[Kind::Member]),
    reference(Field::Coordinator, &[Kind::Member]),
    text(Field::Plan),
    // {date, value}
    atom(Field::Start).parts(&[need("date", Type::Date), may("value", Type::Decimal)]),
    // {value, unit, direction: "up" | "down", due}
    atom(Field::Target)
        .parts(&[
            need("value", Type::Decimal),
            may("direction", Type::OneOf(&["up", "down", "band"])),
            may("due", Type::Date),
        ])
        .caution(Caution::Harder),
    reference(Field::Kpi, &[Kind::Kpi]),
    // {by, at, reason}
    atom(Field::NoMeansNeeded),
    line(Field::AlignmentException, 500),
    order(),
    status(),
    moves(),
];

pub(super) const KPI: &[FieldSpec] = &[
    line(Field::Unit, 40),
    // Which way is better.
    one_of(Field::Better, &["up", "down", "band"]),
    // {low, high}
    atom(Field::Band).parts(&[need("low", Type::Decimal), need("high", Type::Decimal)]),
    one_of(
        Field::Dimension,
        &[
            "quality",
            "customer",
            "people",
            "speed",
            "cost",
            "volume",
            "financial",
            "innovation",
            "environment",
        ],
    ),
    register(Field::Incentivised, Type::Flag).caution(Caution::Yes),
    line(Field::Scheme, 300),
    reference(Field::Owner, &[Kind::Member]),
    one_of(Field::Frequency, &["weekly", "monthly", "quarterly"]),
    text(Field::Source),
    // {period, value, by, at}
    superseding(Field::Targets, &["period"])
        .parts(&[need("period", Type::Line(16)), need("value", Type::Decimal)]),
    // {period, text, by, at}: a point of the chart with a cause that is known.
    log(Field::KnownCauses).parts(&[need("period", Type::Period), need("text", Type::Prose(500))]),
    order(),
];

/// Immutable: a correction is a new measurement that names the ones it supersedes.
pub(super) const MEASUREMENT: &[FieldSpec] = &[
    reference(Field::Kpi, &[Kind::Kpi]).once(),
    register(Field::Period, Type::Period).once(),
    // {value: decimal, basis: "final" | "provisional" | "estimate"}
    atom(Field::Value)
        .parts(&[
            need("value", Type::Decimal),
            may("basis", Type::OneOf(&["final", "provisional", "estimate"])),
        ])
        .once(),
    // List of measurement ids.
    atom(Field::Supersedes).holding(Type::Json).once(),
    line(Field::Note, 300).once(),
];
