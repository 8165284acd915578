//! Actions, evidence, audits and findings (domain model 4.12, 4.13).

use super::mark::{
    Caution, FieldSpec, Type, atom, line, log, may, moves, need, one_of, reference, register, set, status,
    superseding, text,
};
use super::people::{AUTHORITY, SPAN};
use crate::{Field, Kind};

pub(super) const ACTION: &[FieldSpec] = &[
    reference(Field::Owner, &[Kind::Member]),
    set(Field::Helpers),
    // Every later move of the date is also an entry of the log: {from, to, by, at}.
    register(Field::Due, Type::Date).caution(Caution::Least).trail(Field::DueMoves),
    log(Field::DueMoves),
    one_of(Field::Priority, &["now", "soon", "later"]).caution(Caution::Leftmost),
    // Corrections only.
    text(Field::Cause),
    status(),
    moves(),
    // {by, at, date, whatChanged}
    atom(Field::Done).parts(&[may("date", Type::Date), may("whatChanged", Type::Prose(2000))]),
    // {by, at, date, result: "verified" | "sent-back", note}
    superseding(Field::Verifications, &[])
        .parts(&[need("result", Type::OneOf(&["verified", "sent-back"])), may("date", Type::Date)]),
    // {planned, criterion}
    atom(Field::EffectCheck).parts(&[may("planned", Type::Date)]).caution(Caution::LeastOf("planned")),
    // {by, at, date, result: "effective" | "partly" | "ineffective", note}
    superseding(Field::EffectResults, &[]).parts(&[
        need("result", Type::OneOf(&["effective", "partly", "ineffective"])),
        may("date", Type::Date),
    ]),
    // The authority that doing it takes.
    one_of(Field::NeedsAuthority, AUTHORITY),
];

pub(super) const EVIDENCE: &[FieldSpec] = &[
    one_of(Field::Kind, &["file", "link", "note", "photo", "figure"]).once(),
    // SHA-256 of the content, 64 hexadecimal digits.
    line(Field::Hash, 64).once(),
    register(Field::Size, Type::Int(0, i64::MAX)).once(),
    line(Field::MediaType, 120).once(),
    line(Field::Link, 2000),
    register(Field::TakenAt, Type::Date),
    reference(Field::By, &[Kind::Member]),
    line(Field::Note, 500),
];

pub(super) const AUDIT: &[FieldSpec] = &[
    one_of(Field::Kind, &["internal", "customer", "external"]),
    // {from, until}
    atom(Field::Range).parts(SPAN).caution(Caution::LeastOf("from")),
    line(Field::Area, 200),
    line(Field::Auditor, 200),
    text(Field::Summary),
    reference(Field::Report, &[Kind::Evidence]),
];

pub(super) const FINDING: &[FieldSpec] = &[
    reference(Field::Audit, &[Kind::Audit]),
    one_of(Field::Grade, &["major", "minor", "observation", "opportunity", "strength"])
        .caution(Caution::Leftmost),
    text(Field::Statement),
    line(Field::Clause, 40),
    text(Field::Cause),
    reference(Field::Owner, &[Kind::Member]),
    status(),
    moves(),
];
