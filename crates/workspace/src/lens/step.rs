//! One move of a record through its life cycle, as its log tells it.

use super::parts;
use crate::{Date, Field, Record};
use ids::MemberId;

/// One move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who made it.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// The state it led from.
    pub from: String,
    /// The state it led to.
    pub to: String,
    /// What was said about it.
    pub note: String,
}

impl Step {
    /// The moves of a record, by birth.
    pub fn all(record: &Record) -> Vec<Self> {
        let moves = record.entries(Field::Moves).map(|(_, entry)| Self {
            by: parts::member(entry, "by"),
            on: parts::day(entry),
            from: parts::words(entry, "from"),
            to: parts::words(entry, "to"),
            note: parts::words(entry, "note"),
        });
        moves.collect()
    }
}
