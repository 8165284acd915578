//! How the workspace is set up, and what its schema is (domain model 4.4, 4.15).

use super::mark::{Caution, FieldSpec, Type, keyed, line, log, may, need, one_of, reference, register, set};
use crate::{Field, Kind};

pub(super) const SETTINGS: &[FieldSpec] = &[
    line(Field::Name, 120),
    line(Field::Sector, 80),
    register(Field::Headcount, Type::Int(0, 10_000_000)),
    set(Field::Sites),
    // Month of the year, 1..12.
    register(Field::FiscalYearStart, Type::Int(1, 12)),
    line(Field::Timezone, 64),
    line(Field::Locale, 35),
    line(Field::Currency, 3),
    one_of(Field::EditionProfile, &["2015", "2015-amd1", "2026"]),
    register(Field::ShowClauses, Type::Flag),
    // "likelihood" | "consequence" | "benefit" -> five labels; "bands" -> {medium, high, veryHigh, worthDeciding,
    // days: [low, medium, high, very high]}. A whole scale comes from one person and is never mixed.
    keyed(Field::Scales),
    // Category -> highest tolerated score. Cautious: the lower number.
    keyed(Field::Appetite).caution(Caution::Least),
    // Signal id -> {watch, alert}. Cautious: the stricter pair.
    keyed(Field::Thresholds)
        .holding(Type::Object)
        .parts(&[may("watch", Type::Decimal), may("alert", Type::Decimal)])
        .caution(Caution::Stricter),
    register(Field::AnswerPromiseDays, Type::Int(1, 365)).caution(Caution::Least),
    register(Field::RequireOtherVerifier, Type::Flag).caution(Caution::Yes),
    reference(Field::Custodian, &[Kind::Member]),
    // {signal, level, value, heads, reason, until, by, at}
    log(Field::SignalAcknowledgements).parts(&[need("signal", Type::Line(16)), need("until", Type::Date)]),
];

pub(super) const META: &[FieldSpec] = &[
    register(Field::Schema, Type::Int(1, i64::MAX)).caution(Caution::Greatest),
    register(Field::Epoch, Type::Int(0, i64::MAX)).caution(Caution::Greatest),
    // Heads of the last document of the previous epoch.
    line(Field::Previous, 200),
    // Builds whose schema is lower open the document read-only.
    register(Field::MinWriter, Type::Int(1, i64::MAX)).caution(Caution::Greatest),
    set(Field::Features),
];
