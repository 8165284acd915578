//! Risks and opportunities (domain model 4.9).

use super::mark::{
    Caution, FieldSpec, Type, log, may, moves, need, one_of, reference, register, status, superseding, text,
};
use crate::{Field, Kind};

pub(super) const REGISTER: &[FieldSpec] = &[
    // Converting one into the other is a new entry and a link.
    one_of(Field::Kind, &["risk", "opportunity"]).once(),
    text(Field::Cause),
    text(Field::Event),
    text(Field::Effect),
    // The cautious category is the one with the lower appetite; it needs the settings: `lens::RegisterEntry`.
    one_of(
        Field::Category,
        &[
            "quality",
            "customer",
            "compliance",
            "supply",
            "people",
            "technology",
            "financial",
            "strategic",
            "climate",
            "culture",
            "other",
        ],
    ),
    reference(Field::Owner, &[Kind::Member]),
    // {phase: "before" | "now" | "aim", score: "4x3", confidence: 1..3, basis, by, at, review?}
    superseding(Field::Assessments, &["phase"]).parts(&[
        need("phase", Type::OneOf(&["before", "now", "aim"])),
        need("score", Type::Score),
        may("confidence", Type::Int(0, 3)),
        may("basis", Type::Prose(300)),
    ]),
    // Cautious: the one that needs work.
    one_of(
        Field::Response,
        &["avoid", "reduce", "transfer", "pursue", "explore", "share", "watch", "accept", "decline"],
    )
    .caution(Caution::Leftmost),
    // {until, by, at, decision?, condition?, heads?}
    superseding(Field::Acceptances, &[]).parts(&[may("until", Type::Date)]),
    register(Field::ReviewDue, Type::Date).caution(Caution::Least),
    // {by, at, date, changed, note}
    log(Field::Reviewed).parts(&[may("date", Type::Date), may("changed", Type::Flag)]),
    status(),
    moves(),
];
