//! People and accountability (domain model 4.4).

use super::mark::{
    Caution, FieldSpec, Part, Type, atom, line, may, moves, need, one_of, reference, register, set, status,
    superseding, text,
};
use crate::{Field, Kind};

/// What authority can be about; actions name the authority they need with the same words.
pub(super) const AUTHORITY: &[&str] = &[
    "spend",
    "stop_work",
    "release",
    "change_process",
    "change_product",
    "contract",
    "hire",
    "goodwill",
    "other",
];

/// The first and the last day of something.
pub(super) const SPAN: &[Part] = &[may("from", Type::Date), may("until", Type::Date)];

pub(super) const MEMBER: &[FieldSpec] = &[
    line(Field::RoleTitle, 120),
    line(Field::Email, 254),
    // Cautious: least power.
    one_of(Field::Kind, &["guest", "auditor", "custodian", "facilitator", "lead", "top"])
        .caution(Caution::Leftmost),
    // {from, until}
    atom(Field::Active).parts(SPAN),
    line(Field::Colour, 32),
    line(Field::Initials, 4),
    set(Field::PublicKeys),
];

pub(super) const SEAT: &[FieldSpec] = &[
    text(Field::Purpose),
    reference(Field::Holder, &[Kind::Member]),
    reference(Field::Deputy, &[Kind::Member]),
    reference(Field::ReportsTo, &[Kind::Seat]),
    set(Field::Duties),
];

pub(super) const GRANT: &[FieldSpec] = &[
    // The id of a member or a seat, or "everyone".
    line(Field::Holder, 64),
    one_of(Field::Kind, AUTHORITY),
    // {amount, currency, per: "occurrence" | "year"}
    atom(Field::Limit)
        .parts(&[may("amount", Type::Decimal), may("per", Type::OneOf(&["occurrence", "year"]))])
        .caution(Caution::LeastOf("amount")),
    line(Field::Scope, 200),
    reference(Field::GrantedBy, &[Kind::Member]),
    reference(Field::Decision, &[Kind::Decision]),
    // {from, until}
    atom(Field::Valid).parts(SPAN).caution(Caution::LeastOf("until")),
    status(),
    moves(),
];

pub(super) const HANDOVER: &[FieldSpec] = &[
    register(Field::Record, Type::AnyRecord).once(),
    reference(Field::From, &[Kind::Member]).once(),
    reference(Field::To, &[Kind::Member]).once(),
    line(Field::Reason, 500).once(),
    register(Field::OfferedAt, Type::Moment).once(),
    // {answer: "accepted" | "declined", by, at, note}
    atom(Field::Answer).parts(&[need("answer", Type::OneOf(&["accepted", "declined"]))]),
    status(),
    moves(),
];

pub(super) const NEED: &[FieldSpec] = &[
    one_of(Field::Kind, &["people", "money", "equipment", "time", "knowledge", "authority", "service"]),
    // {value, unit}
    atom(Field::Amount).parts(&[may("value", Type::Decimal)]),
    register(Field::NeededBy, Type::Date).caution(Caution::Least),
    reference(Field::RequestedBy, &[Kind::Member]),
    register(Field::RequestedAt, Type::Date),
    // {answer: "committed" | "refused" | "deferred", by, at, reason, until?, decision?}
    superseding(Field::Answers, &[]).parts(&[
        need("answer", Type::OneOf(&["committed", "refused", "deferred"])),
        may("until", Type::Date),
    ]),
    register(Field::DeliveredAt, Type::Date).caution(Caution::Greatest),
    status(),
    moves(),
];
