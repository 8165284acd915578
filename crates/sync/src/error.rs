//! Why a connection ends from our side.

use crate::{fence::Unusable, guarded::NotTaken};
use bytes::Bytes;
use ids::DocumentId;
use wire::handshake::Refused;

/// Something that costs the connection, never the document. Only the relay, or whoever wrote through it, can act on
/// all but [`Silent`](Self::Silent).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// A frame that is not of the protocol.
    #[error("the relay sent a frame that is not of the protocol: {0}")]
    Frame(#[source] wire::DecodeError),
    /// The handshake went wrong (no common version, something else came first), or its rules were broken later.
    #[error("the handshake with the relay failed: {0}")]
    Handshake(#[source] Refused),
    /// The relay said what is wrong and is about to close.
    #[error("the relay refused: {message}")]
    Refused {
        /// Its words.
        message: String,
    },
    /// A sync message that the guard does not let through to Automerge.
    #[error("a sync message about {document} was refused ({code}): {rejection}", code = rejection.code())]
    Guard {
        /// The document it was about.
        document: DocumentId,
        /// What is wrong with it.
        rejection: guard::Rejection,
    },
    /// A sync message that the guard passed and Automerge cannot read. The document has not seen it.
    #[error("automerge cannot read a sync message about {document}: {why}")]
    Undecodable {
        /// The document it was about.
        document: DocumentId,
        /// Automerge's words.
        why: String,
    },
    /// A sync message that Automerge itself did not digest. The document is as it was.
    #[error("automerge refused a sync message about {document}: {unusable}")]
    Unusable {
        /// The document it was about.
        document: DocumentId,
        /// What happened.
        #[source]
        unusable: Unusable,
    },
    /// More changes came without what they depend on than can wait for it.
    #[error("the relay sent too many changes about {document} without what they depend on")]
    TooManyWaiting {
        /// The document they were about.
        document: DocumentId,
    },
    /// No answer for too long.
    #[error("the relay has not answered for {waited_ms} ms")]
    Silent {
        /// How long we waited, in milliseconds.
        waited_ms: i64,
    },
}

impl SyncError {
    /// An answer to the handshake that refuses us is a refusal in the relay's words; anything else is ours.
    pub(crate) fn from_refusal(refused: Refused) -> Self {
        match refused {
            Refused::SaidByPeer { message } => Self::Refused { message },
            ours => Self::Handshake(ours),
        }
    }

    pub(crate) fn from_not_taken(document: DocumentId, not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Refused(rejection) => Self::Guard { document, rejection },
            NotTaken::Unusable(unusable) => Self::Unusable { document, unusable },
            NotTaken::TooManyWaiting => Self::TooManyWaiting { document },
        }
    }

    /// A frame to send before closing, where the protocol wants a last word.
    pub fn farewell(&self) -> Option<Bytes> {
        match self {
            Self::Handshake(refused) => refused.reply().as_ref().map(wire::encode),
            _ => None,
        }
    }

    /// A short stable name for logs and counters.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Frame(_) => "frame",
            Self::Handshake(_) => "handshake",
            Self::Refused { .. } => "refused",
            Self::Guard { .. } => "guard",
            Self::Undecodable { .. } => "undecodable",
            Self::Unusable { unusable, .. } => unusable.code(),
            Self::TooManyWaiting { .. } => "too-many-waiting",
            Self::Silent { .. } => "silent",
        }
    }
}
