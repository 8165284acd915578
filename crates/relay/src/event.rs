//! Everything that can happen to the relay.

use crate::{
    compaction::{Compacted, CompactionError},
    document::{Located, Stored},
    principal::{Access, Principal},
};
use bytes::Bytes;
use ids::{ConnectionId, MemberId};
use store::StoreError;

/// Something that happened. Every [`Effect`](crate::Effect) that carries a [`RequestId`] is answered by exactly one
/// event with the same one, in any order.
#[derive(Debug)]
pub enum Event {
    /// A socket is open. Its id was never used before in this process.
    Opened {
        /// The socket.
        connection: ConnectionId,
        /// Who is at the other end.
        principal: Principal,
    },
    /// A binary frame arrived. Text frames and frames beyond the limit never get here: the server closes the socket.
    Frame {
        /// On which socket.
        connection: ConnectionId,
        /// Its content.
        bytes: Bytes,
    },
    /// Everything sent to this socket so far has left the process: the whole window is free again.
    Writable {
        /// The socket.
        connection: ConnectionId,
    },
    /// A socket is gone. Not needed after [`Effect::Close`](crate::Effect::Close), and harmless.
    Closed {
        /// The socket.
        connection: ConnectionId,
    },
    /// The rights behind a socket have changed; `None` when nothing is left of them.
    AccessChanged {
        /// The socket.
        connection: ConnectionId,
        /// What it may do from now on.
        access: Option<Access>,
    },
    /// Answers [`Effect::Load`](crate::Effect::Load).
    Loaded {
        /// Which one.
        request: RequestId,
        /// What was found.
        result: Result<Found, StoreError>,
    },
    /// Answers [`Effect::Write`](crate::Effect::Write). `Ok` means that the whole write is durable.
    Written {
        /// Which one.
        request: RequestId,
        /// How it went.
        result: Result<(), WriteError>,
    },
    /// Answers [`Effect::Compact`](crate::Effect::Compact).
    Compacted {
        /// Which one.
        request: RequestId,
        /// The new snapshot.
        result: Result<Box<Compacted>, CompactionError>,
    },
    /// Answers [`Effect::Split`](crate::Effect::Split).
    Split {
        /// Which one.
        request: RequestId,
        /// The bytes of every change of the document, one chunk each (`Change::raw_bytes`), each after what it
        /// depends on (the order of `Automerge::get_changes(&[])`).
        result: Result<Vec<Bytes>, SplitError>,
    },
    /// Answers [`Effect::Locate`](crate::Effect::Locate).
    Located {
        /// Which one.
        request: RequestId,
        /// Where the operations are, or why that cannot be read.
        result: Result<Located, String>,
    },
    /// The time asked for by [`Effect::Wake`](crate::Effect::Wake) has come. More often is harmless.
    Woken,
}

/// Ties an answer to its question. Numbered by the relay; means nothing to any other process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// What the server knows of a document.
#[derive(Debug)]
pub enum Found {
    /// Whoever asks may have it.
    Here {
        /// Everything stored of it, as [`Stored::read`] made it.
        stored: Stored,
        /// The one member who may have it, for a private document.
        owner: Option<MemberId>,
    },
    /// It is private to another member of the workspace; nothing was read. Whoever asks never learns so.
    Private {
        /// The one member who may have it.
        owner: MemberId,
    },
    /// It belongs to another workspace; nothing was read. Whoever asks never learns so.
    Elsewhere,
    /// Nobody has registered it.
    Nowhere {
        /// How many documents the workspace that asks has registered.
        documents: usize,
    },
}

/// Why a write did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document has been registered by another workspace meanwhile, or the workspace may have no more documents.
    /// Nothing was written.
    #[error("the document could not be registered in this workspace: {0}")]
    NotRegistered(String),
}

/// A document chunk could not be taken apart: it does not load, or took too much to do so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the document chunk could not be split into its changes: {0}")]
pub struct SplitError(pub String);
