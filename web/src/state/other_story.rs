//! The other story of a deleted record: what others did with it without having seen that it was deleted. Only the history
//! knows; it is asked for the bin alone.

use ids::{MemberId, Timestamp};
use std::collections::BTreeSet;
use workspace::history::Told;

/// Edits made beside a deletion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OtherStory {
    /// Who made them, as far as is known.
    pub(crate) members: BTreeSet<MemberId>,
    /// When the last one was made, as its author claims.
    pub(crate) last: Option<Timestamp>,
    /// How many changes name the record.
    pub(crate) changes: usize,
}

impl OtherStory {
    pub(super) fn of(told: &[Told]) -> Self {
        Self {
            members: told.iter().filter_map(|told| told.member).collect(),
            last: told.iter().map(|told| told.claimed).max(),
            changes: told.len(),
        }
    }
}
