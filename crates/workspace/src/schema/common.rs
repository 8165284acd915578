//! Fields that every record has (domain model 4.2).

use super::TITLE_CHARS_MAX;
use super::mark::{FieldSpec, Part, Type, atom, keyed, line, log, may, need, reference, register, set, text};
use crate::{Field, Kind};

const fn created_by() -> FieldSpec {
    reference(Field::CreatedBy, &[Kind::Member]).once()
}

const fn created_at() -> FieldSpec {
    register(Field::CreatedAt, Type::Moment).once()
}

/// Who deleted the record, when and why: `{by, at, reason}`. Written by `Edit::Delete`, removed by `Edit::Restore`.
const fn deleted() -> FieldSpec {
    atom(Field::Deleted)
}

pub(super) const FULL: &[FieldSpec] = &[
    line(Field::Title, TITLE_CHARS_MAX),
    text(Field::Body),
    created_by(),
    created_at(),
    deleted(),
    set(Field::Tags),
    // Ids of the decisions that touched the record.
    set(Field::SeenDecision),
    // {by, at, text, mentions?: [member id], replyTo?}
    log(Field::Comments).parts(COMMENT),
    // Comment id -> {by, at}
    keyed(Field::CommentsResolved),
    // Ids of evidence records.
    set(Field::Evidence),
];

pub(super) const LIGHT: &[FieldSpec] = &[created_by(), created_at(), deleted()];

pub(super) const DISCUSSED: &[FieldSpec] =
    &[log(Field::Comments).parts(COMMENT), keyed(Field::CommentsResolved)];

const COMMENT: &[Part] = &[need("text", Type::Prose(4000)), may("replyTo", Type::Line(26))];
