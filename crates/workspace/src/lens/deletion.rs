//! That a record was deleted. It is still there: restoring takes the mark away.

use super::parts;
use crate::{Field, Record};
use ids::{MemberId, Timestamp};

/// Who deleted a record, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Who.
    pub by: Option<MemberId>,
    /// When, by that person's clock.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
}

impl Deletion {
    /// The deletion of a record; `None` when nobody deleted it.
    pub fn of(record: &Record) -> Option<Self> {
        if !record.is_deleted() {
            return None;
        }
        let atom = record.atom(Field::Deleted);
        Some(Self {
            by: atom.and_then(|atom| parts::member(atom, "by")),
            at: atom.and_then(|atom| parts::moment(atom, "at")),
            reason: atom.and_then(|atom| parts::said(atom, "reason")),
        })
    }
}
