//! Why a store could not do what it was asked.

use crate::ChunkKey;

/// A refusal, by what the caller can do about it. `doing` says what was being done, and to what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room. Nothing was written; whoever owns the disk or the quota can make room, and the same call then works.
    #[error("no room while {doing}: {cause}; free space or raise the quota, nothing was written")]
    Full {
        /// What was being done.
        doing: String,
        /// What the storage said.
        cause: String,
    },
    /// Stored content is damaged. A backup can help; other documents are not touched by it.
    #[error("damaged content while {doing}{}: {cause}; restore it from a backup or another replica", of(.key))]
    Corrupt {
        /// What was being done.
        doing: String,
        /// The chunk, where it is known.
        key: Option<ChunkKey>,
        /// What is wrong.
        cause: String,
    },
    /// Somebody else holds the storage, or too much is waiting. Trying again later can work.
    #[error("busy while {doing}: {cause}; try again later")]
    Busy {
        /// What was being done.
        doing: String,
        /// Who or what is in the way.
        cause: String,
    },
    /// The storage failed. Whether a batch was written is unknown; applying it again is harmless.
    #[error("the storage failed while {doing}: {cause}")]
    Io {
        /// What was being done.
        doing: String,
        /// What the storage said.
        cause: String,
    },
    /// The storage was written by another version of this program, and is left as it was.
    #[error(
        "{what} has format version {found}, this program reads versions up to {known}; use a newer program"
    )]
    Format {
        /// The file or database.
        what: String,
        /// The version it says it has.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
}

fn of(key: &Option<ChunkKey>) -> String {
    key.map(|key| format!(" of {key}")).unwrap_or_default()
}
