//! What an operator may want to know.

use crate::principal::Address;
use ids::ConnectionId;
use store::{CorruptChunk, LoadedKey, StoreError};

/// Something worth a log line and a counter. It never carries content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Report {
    /// A connection broke the rules and was closed.
    #[error("{connection}: {sentence}")]
    Refused {
        /// The connection.
        connection: ConnectionId,
        /// A short name of the rule that never changes: for metrics.
        code: &'static str,
        /// What happened.
        sentence: String,
    },
    /// A reader sent changes; they were not looked at.
    #[error("{connection}: {changes} changes of a reader were not accepted, document {}", address.document)]
    ReaderWrote {
        /// The connection.
        connection: ConnectionId,
        /// The document.
        address: Address,
        /// How many chunks of changes.
        changes: usize,
    },
    /// A workspace may have no more documents.
    #[error("workspace {} has no room for document {}", address.workspace, address.document)]
    WorkspaceFull {
        /// The document that was not registered.
        address: Address,
    },
    /// A document could not be read. Those who asked for it were told to try again.
    #[error("document {} could not be read: {cause}", address.document)]
    NotLoaded {
        /// The document.
        address: Address,
        /// Why.
        cause: StoreError,
    },
    /// A stored chunk is damaged. It stays where it is, and the document serves what is sound.
    #[error("chunk {} is damaged: {}", .0.key, .0.why)]
    Corrupt(CorruptChunk),
    /// A stored chunk is undamaged and cannot be used all the same. It stays where it is.
    #[error("chunk {} cannot be used: {why}", key.key())]
    Unusable {
        /// The chunk.
        key: LoadedKey,
        /// Why.
        why: String,
    },
    /// Stored changes wait for others that are not stored. They are served as soon as a peer brings those.
    #[error("{changes} stored changes of document {} lack their past", address.document)]
    Stranded {
        /// The document.
        address: Address,
        /// How many.
        changes: usize,
    },
    /// It could not be read where the operations of a document are, so no change to it can be checked. Those who sent
    /// some were told to try again; it is served as before.
    #[error("changes of document {} cannot be checked: {why}", address.document)]
    NotLocated {
        /// The document.
        address: Address,
        /// Why.
        why: String,
    },
    /// Changes could not be stored. Those who sent them were told to try again.
    #[error("changes of document {} could not be stored: {why}", address.document)]
    NotWritten {
        /// The document.
        address: Address,
        /// Why.
        why: String,
    },
    /// A document has a new snapshot.
    #[error("document {} compacted: {changes} changes in {bytes} bytes", address.document)]
    Compacted {
        /// The document.
        address: Address,
        /// How many changes the snapshot has.
        changes: usize,
        /// Its size.
        bytes: usize,
    },
    /// A compaction came to nothing. Everything is kept as it is.
    #[error("document {} was not compacted: {why}", address.document)]
    NotCompacted {
        /// The document.
        address: Address,
        /// Why.
        why: String,
    },
}

impl Report {
    /// A short name for metrics, never changed.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused { code, .. } => code,
            Self::ReaderWrote { .. } => "reader-wrote",
            Self::WorkspaceFull { .. } => "workspace-full",
            Self::NotLoaded { .. } => "not-loaded",
            Self::Corrupt(_) => "chunk-corrupt",
            Self::Unusable { .. } => "chunk-unusable",
            Self::Stranded { .. } => "stranded",
            Self::NotLocated { .. } => "not-located",
            Self::NotWritten { .. } => "not-written",
            Self::Compacted { .. } => "compacted",
            Self::NotCompacted { .. } => "not-compacted",
        }
    }
}
