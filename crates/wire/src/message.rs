//! What two peers can say to each other.

use crate::SessionId;
use bytes::Bytes;
use ids::{DocumentId, PeerId, StorageId};

/// One frame, understood.
///
/// The names are those of automerge-repo (`packages/automerge-repo/src/network/messages.ts` and the `messages.ts` of
/// its WebSocket adapter).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// First frame of the side that opened the socket.
    Join(Join),
    /// First frame of the side that accepted it.
    Peer(Peer),
    /// A sync message about a document.
    Sync(SyncMessage),
    /// A sync message of a peer that has nothing of the document and wants to hear when nobody else has either.
    Request(SyncMessage),
    /// The answer to a request when every source has failed, or when access is denied.
    DocUnavailable {
        /// Who says so.
        sender: PeerId,
        /// To whom.
        target: PeerId,
        /// Of which document.
        document: DocumentId,
    },
    /// Something for whoever listens right now; never stored.
    Ephemeral(Ephemeral),
    /// Gossip about what is stored elsewhere. Recognised and bounded, its content ignored: it is off by default in
    /// JavaScript, and we answer from our own heads.
    RemoteHeadsChanged {
        /// Who says so.
        sender: PeerId,
        /// To whom.
        target: PeerId,
        /// Of which document.
        document: DocumentId,
    },
    /// A wish to hear such gossip. Recognised and bounded, its content ignored.
    RemoteSubscriptionChange {
        /// Who asks.
        sender: PeerId,
        /// Whom.
        target: PeerId,
    },
    /// What went wrong, in words for a person. The sender closes the socket after it.
    Error {
        /// The words, cut to [`Limits::error_bytes_max`](crate::Limits::error_bytes_max) when received.
        message: String,
    },
    /// The sender is about to go. Advisory: the end of the socket says the same.
    Leave {
        /// Who goes.
        sender: PeerId,
    },
    /// A type we do not know, to be ignored as JavaScript does.
    Unknown {
        /// Its `type`.
        kind: String,
    },
}

impl Message {
    /// The `type` of the message on the wire, for logs and error messages.
    pub fn kind(&self) -> &str {
        match self {
            Self::Join(_) => "join",
            Self::Peer(_) => "peer",
            Self::Sync(_) => "sync",
            Self::Request(_) => "request",
            Self::DocUnavailable { .. } => "doc-unavailable",
            Self::Ephemeral(_) => "ephemeral",
            Self::RemoteHeadsChanged { .. } => "remote-heads-changed",
            Self::RemoteSubscriptionChange { .. } => "remote-subscription-change",
            Self::Error { .. } => "error",
            Self::Leave { .. } => "leave",
            Self::Unknown { kind } => kind,
        }
    }
}

/// "I am here, and this is what I speak."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The peer that opened the socket.
    pub sender: PeerId,
    /// Protocol versions it speaks; a join without the field speaks `"1"`.
    pub versions: Vec<String>,
    /// What it says about itself.
    pub metadata: PeerMetadata,
}

/// "So am I, and this is what we speak."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The peer that accepted the socket.
    pub sender: PeerId,
    /// The peer that opened it.
    pub target: PeerId,
    /// The protocol version chosen; a message without the field means `"1"`.
    pub version: String,
    /// What it says about itself.
    pub metadata: PeerMetadata,
}

/// What a peer says about itself. Nothing of it is proven.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeerMetadata {
    /// The store it keeps documents in, if it has one.
    pub storage: Option<StorageId>,
    /// Whether it forgets everything when it goes: no sync state need be kept for it.
    pub ephemeral: bool,
    /// Our own extensions, when it offers them.
    pub extension: Option<Extension>,
}

/// The extensions of the protocol that a peer of our own kind speaks: `peerMetadata.x.binnacle` on the wire, a place
/// that other implementations pass over. Anything beyond protocol v1 may be sent only when both sides have offered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extension {
    /// Which set of extensions; each contains those before it.
    pub version: u32,
}

impl Extension {
    /// What this build speaks.
    pub const CURRENT: Self = Self { version: 1 };
}

/// A sync message of Automerge on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncMessage {
    /// Who sends it.
    pub sender: PeerId,
    /// To whom.
    pub target: PeerId,
    /// About which document.
    pub document: DocumentId,
    /// The encoded sync message, not yet looked at. Never empty when received.
    pub data: Bytes,
}

/// Something for whoever listens right now: a cursor, a selection, presence.
///
/// Peers pass it on unchanged except for the target, so `sender` is its author and need not be the neighbour it came
/// from. Who has seen `count` or more of (`sender`, `session`) ignores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ephemeral {
    /// Who wrote it.
    pub sender: PeerId,
    /// To whom this copy goes.
    pub target: PeerId,
    /// About which document.
    pub document: DocumentId,
    /// Which run of the author counted it.
    pub session: SessionId,
    /// Counts up by one per message of a session, over all documents. At most [`Ephemeral::COUNT_MAX`] when received.
    pub count: u64,
    /// One CBOR value of the application, not yet looked at. Never empty when received.
    pub data: Bytes,
}

impl Ephemeral {
    /// The largest count that JavaScript can tell from its neighbours (`Number.MAX_SAFE_INTEGER`).
    pub const COUNT_MAX: u64 = (1 << 53) - 1;

    /// Whether the payload is one well-formed CBOR value of bearable depth.
    ///
    /// Every JavaScript listener decodes the payload before it looks at it, and logs the message whole when that fails.
    /// Passing on what cannot be decoded serves nobody but a prankster.
    pub fn is_well_formed(&self) -> bool {
        crate::decode::is_well_formed(&self.data, Self::PAYLOAD_DEPTH_MAX)
    }

    const PAYLOAD_DEPTH_MAX: usize = 64;
}
