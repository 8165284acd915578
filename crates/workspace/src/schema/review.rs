//! The review meeting, its inputs and its agenda (domain model 4.10).

use super::mark::{
    Caution, FieldSpec, Type, atom, keyed, log, may, moves, need, one_of, order, reference, register, status,
    superseding, text,
};
use crate::{Field, Kind};

/// The twelve inputs of a management review, in the order of the meeting.
///
/// I1 earlier actions, I2 context, I3 customers, I4 objectives, I5 process and product results, I6 problems and
/// corrections, I7 measurements, I8 audits, I9 suppliers, I10 means, I11 effect of risk and opportunity actions,
/// I12 chances to improve.
pub const INPUT_CODES: &[&str] = &["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12"];

pub(super) const REVIEW: &[FieldSpec] = &[
    one_of(Field::Kind, &["full", "part", "monthly", "extraordinary"]),
    // {date, time, zone, minutes, place}; cautious: the earlier one.
    atom(Field::Scheduled)
        .parts(&[need("date", Type::Date), may("minutes", Type::Int(1, 1440))])
        .caution(Caution::LeastOf("date")),
    reference(Field::Chair, &[Kind::Member]),
    reference(Field::Facilitator, &[Kind::Member]),
    // {heads}: the state of the previous review.
    atom(Field::Baseline),
    register(Field::StartedAt, Type::Moment).caution(Caution::Least),
    register(Field::EndedAt, Type::Moment).caution(Caution::Greatest),
    reference(Field::CurrentItem, &[Kind::AgendaItem]),
    reference(Field::Presenter, &[Kind::Member]),
    // Member id -> {state: "present" | "part" | "remote" | "apology", from, to, by, at}
    keyed(Field::Attendance)
        .holding(Type::Object)
        .parts(&[need("state", Type::OneOf(&["present", "part", "remote", "apology"]))]),
    // {question: "suitable" | "adequate" | "effective" | "aligned", answer: "yes" | "partly" | "no", reason, by, at,
    //  dissent?: member id}. A dissent stands beside the answer of the team; it never supersedes it.
    superseding(Field::Judgements, &["question", "dissent"]).parts(&[
        need("question", Type::OneOf(&["suitable", "adequate", "effective", "aligned"])),
        need("answer", Type::OneOf(&["yes", "partly", "no"])),
        may("dissent", Type::Id(&[Kind::Member])),
    ]),
    text(Field::Summary),
    status(),
    moves(),
    // {subject, subjectId, scope, heads, scopeDigest, statement, capacity, by, at, key, signature}
    log(Field::SignOffs),
    // {by, at, text, why}
    log(Field::Addenda).parts(&[need("text", Type::Prose(4000))]),
    reference(Field::Cadence, &[Kind::Cadence]),
    register(Field::Occurrence, Type::Date),
];

pub(super) const INPUT: &[FieldSpec] = &[
    reference(Field::Review, &[Kind::Review]).once(),
    one_of(Field::Code, INPUT_CODES).once(),
    reference(Field::PreparedBy, &[Kind::Member]),
    text(Field::Comment),
    // {heads, at}: figures as of.
    atom(Field::DataHeads),
    // {ready, by, at}; ready by one and not ready by another: not ready.
    atom(Field::Ready).parts(&[need("ready", Type::Flag)]).caution(Caution::LeastOf("ready")),
];

pub(super) const AGENDA_ITEM: &[FieldSpec] = &[
    reference(Field::Review, &[Kind::Review]),
    one_of(Field::Kind, &["decide", "discuss", "inform"]).caution(Caution::Leftmost),
    reference(Field::Owner, &[Kind::Member]),
    register(Field::PlannedMinutes, Type::Int(0, 600)),
    // {seconds, from, by, at}
    log(Field::Spent).parts(&[need("seconds", Type::Int(0, 86_400))]),
    text(Field::Outcome),
    text(Field::Discussion),
    status(),
    moves(),
    reference(Field::CarriedFrom, &[Kind::AgendaItem]),
    order(),
];
