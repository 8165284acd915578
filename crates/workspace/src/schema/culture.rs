//! Concerns, improvements, the leadership log, rhythms and private notes (domain model 4.14, 4.17).

use super::mark::{
    Caution, FieldSpec, Type, atom, keyed, line, log, may, moves, need, one_of, reference, register, set,
    status, superseding, text,
};
use crate::{Field, Kind};

/// The published part only: the custodian's words. Never the exact time, the original text or a device.
pub(super) const CONCERN: &[FieldSpec] = &[
    one_of(Field::Channel, &["named", "confidential", "anonymous"]).once(),
    line(Field::Area, 80).once(),
    register(Field::ReceivedWeek, Type::Period).once(),
    text(Field::Summary),
    text(Field::Reply),
    // {outcome: "changed" | "explained" | "passed-on" | "not-substantiated", whatChanged, by, at}
    superseding(Field::Outcomes, &[])
        .parts(&[need("outcome", Type::OneOf(&["changed", "explained", "passed-on", "not-substantiated"]))]),
    register(Field::FirstAnswerAt, Type::Date).caution(Caution::Greatest),
    register(Field::Severity, Type::Int(1, 4)).caution(Caution::Greatest),
    // {felt: 1..5, by, at}
    superseding(Field::Heard, &[]).parts(&[need("felt", Type::Int(1, 5))]),
    // A number the custodian keeps; a counter would carry the actor of whoever raised it.
    register(Field::AlsoAffects, Type::Int(0, 100_000)).caution(Caution::Greatest),
    status(),
    moves(),
];

pub(super) const IMPROVEMENT: &[FieldSpec] = &[
    line(Field::Area, 80),
    reference(Field::Sponsor, &[Kind::Member]),
    // {what, where, until}
    atom(Field::Trial).parts(&[may("until", Type::Date)]).caution(Caution::LeastOf("until")),
    text(Field::Learned),
    reference(Field::Kpi, &[Kind::Kpi]),
    set(Field::Cheers),
    status(),
    moves(),
];

pub(super) const LEADERSHIP_ENTRY: &[FieldSpec] = &[
    reference(Field::Member, &[Kind::Member]).once(),
    one_of(
        Field::Kind,
        &[
            "went-and-saw",
            "backed-a-stop",
            "told-a-mistake",
            "thanked",
            "removed-an-obstacle",
            "refused-a-shortcut",
        ],
    ),
    register(Field::Date, Type::Date),
    text(Field::Note),
];

pub(super) const CADENCE: &[FieldSpec] = &[
    one_of(
        Field::Kind,
        &[
            "weekly-pulse",
            "monthly-look",
            "quarterly-review",
            "yearly-direction",
            "policy-look",
            "climate-decision",
            "risk-look",
        ],
    ),
    // {freq, interval, byday, bymonth, from}
    atom(Field::Rule),
    one_of(Field::Mode, &["fixed", "after-last"]),
    // {name, link, uid}: the meeting that already exists.
    atom(Field::AttachedTo),
    register(Field::SlotMinutes, Type::Int(1, 600)),
    // {date, reason, by, at}
    log(Field::Skipped).parts(&[need("date", Type::Date)]),
    // Date -> when somebody acted on that occurrence.
    set(Field::Occurrences),
];

pub(super) const NOTE: &[FieldSpec] = &[register(Field::About, Type::AnyRecord)];

/// Record -> {at, heads}: what this member has looked at.
pub(super) const READING: &[FieldSpec] = &[keyed(Field::Seen).holding(Type::Object)];
