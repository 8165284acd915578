//! What may be said about where the work is, and nothing more.
//!
//! People decide by it whether to close the laptop. Everything in here is computed from what has been confirmed: a
//! completed transaction, or heads the relay has announced. Nothing is remembered as a flag that an event might miss.

use store::StoreError;

/// Where the work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Whether the document has been read from this device; before that, nothing else is known.
    pub open: bool,
    /// Every change of this replica is in a completed transaction of the store of this device.
    pub saved_here: bool,
    /// The heads that the relay announced last cover ours: every change is durable there.
    pub on_relay: bool,
    /// Changes that exist in the memory of this tab only, as far as it knows.
    pub unsaved: usize,
    /// Changes the relay is not known to have.
    pub unsent: usize,
    /// The line to the relay.
    pub connection: ConnectionState,
    /// The most serious thing that somebody should know.
    pub problem: Option<Problem>,
}

impl Status {
    /// Before anything is known: nothing is claimed.
    pub const UNKNOWN: Self = Self {
        open: false,
        saved_here: false,
        on_relay: false,
        unsaved: 0,
        unsent: 0,
        connection: ConnectionState::Offline,
        problem: None,
    };
}

impl Problem {
    pub(crate) fn of_store(error: &StoreError) -> Self {
        let why = error.to_string();
        match error {
            StoreError::Full { .. } => Self::StoreFull { why },
            StoreError::Corrupt { .. }
            | StoreError::Busy { .. }
            | StoreError::Io { .. }
            | StoreError::Format { .. } => Self::StoreFailing { why },
        }
    }
}

/// The line to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectionState {
    /// No line, and a later attempt is due.
    Offline,
    /// Dialling or shaking hands.
    Connecting,
    /// The relay answers.
    Online,
}

/// Something that somebody should know, the most serious first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// This device has no room: the unsaved changes are in memory only. Free space, or export.
    StoreFull {
        /// What the store said.
        why: String,
    },
    /// The store of this device does not work: the unsaved changes are in memory only.
    StoreFailing {
        /// What the store said.
        why: String,
    },
    /// A person has to sign in before anything can be sent.
    SignIn,
    /// This workspace is closed to this member.
    Forbidden,
    /// The relay does not have this document, or not for this member.
    Unavailable,
    /// The relay will not take changes from this member; those made here stay here.
    ReadOnly,
    /// The relay did not accept what we said, or sent what we do not accept.
    Refused {
        /// In its words, or ours.
        why: String,
    },
    /// The relay cannot take part for now; it is asked again, without anybody's doing. It stays until the relay has
    /// everything, for a relay without room lets in and answers, and closes only when there is something to save.
    TryLater {
        /// In its words.
        why: String,
    },
    /// Stored chunks could not be read; the rest of the document is here, and the relay is asked for what is missing.
    Corrupt {
        /// How many chunks.
        chunks: usize,
    },
}
