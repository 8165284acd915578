//! Decisions and planned changes (domain model 4.11).

use super::mark::{
    Caution, FieldSpec, Type, atom, keyed, line, may, moves, need, reference, register, set, status,
    superseding, text,
};
use crate::{Field, Kind};

/// What can be weighed against each other.
const VALUES: &[&str] = &["quality", "speed", "cost", "people", "volume", "safety", "none"];

pub(super) const DECISION: &[FieldSpec] = &[
    // Live while drafted; `frozen` is the copy that was decided.
    text(Field::Wording),
    // {text, by, at}
    atom(Field::Frozen).parts(&[need("text", Type::Prose(8000))]),
    // The outcome is the status: decided, rejected, deferred (until), withdrawn.
    status(),
    moves(),
    register(Field::DeferredUntil, Type::Date).caution(Caution::Least),
    // improvement, system-change, resource, risk, opportunity, policy, direction, none
    set(Field::Kinds),
    // Option id -> {text, order}
    keyed(Field::Options).holding(Type::Object).parts(&[need("text", Type::Prose(1000))]),
    // {favoured, givenUp, why} out of quality, speed, cost, people, volume, safety, none
    atom(Field::Tradeoff)
        .parts(&[need("favoured", Type::OneOf(VALUES)), need("givenUp", Type::OneOf(VALUES))]),
    set(Field::DecidedBy),
    // Member id -> {stance: "for" | "against" | "abstain" | "not-present", by, at}
    keyed(Field::Stances)
        .holding(Type::Object)
        .parts(&[need("stance", Type::OneOf(&["for", "against", "abstain", "not-present"]))]),
    reference(Field::Review, &[Kind::Review]),
    reference(Field::AgendaItem, &[Kind::AgendaItem]),
    // The day it was decided.
    register(Field::Date, Type::Date).caution(Caution::Greatest),
    // {kpi, change, by} or {record, from, to}
    atom(Field::ExpectedEffect),
    register(Field::LookBackDue, Type::Date).caution(Caution::Least),
    // {date, result, note, by, at}
    superseding(Field::LookBack, &[]).parts(&[may("date", Type::Date)]),
    // List of decision ids.
    atom(Field::Supersedes).holding(Type::Json).once(),
    line(Field::NoActionBecause, 500),
];

pub(super) const CHANGE_PLAN: &[FieldSpec] = &[
    text(Field::Purpose),
    text(Field::Consequences),
    text(Field::Integrity),
    text(Field::Means),
    text(Field::Roles),
    text(Field::Communication),
    reference(Field::Owner, &[Kind::Member]),
    reference(Field::Decision, &[Kind::Decision]),
    register(Field::LookBackDue, Type::Date).caution(Caution::Least),
    status(),
    moves(),
];
