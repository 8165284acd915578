//! Everything the relay can ask for.

use crate::{document::Content, event::RequestId, principal::Address, report::Report};
use bytes::Bytes;
use ids::{ChangeHash, ConnectionId, DeviceId, DocumentId, MemberId, Timestamp, WorkspaceId};
use store::Batch;

/// Something to be done, in the order of the list.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Put a binary frame into the outbox of a socket. The relay keeps to its window: see
    /// [`Event::Writable`](crate::Event::Writable).
    Send {
        /// The socket.
        connection: ConnectionId,
        /// The frame.
        frame: Bytes,
    },
    /// Close a socket after sending what was sent to it before. The relay has forgotten it already.
    Close {
        /// The socket.
        connection: ConnectionId,
        /// Why.
        reason: CloseReason,
    },
    /// Look a document up in the directory and, only if whoever asks may have it, read its chunks. Answered by
    /// [`Event::Loaded`](crate::Event::Loaded).
    Load {
        /// Name of the question.
        request: RequestId,
        /// The document, and the workspace that asks.
        address: Address,
        /// The member who asks.
        member: Option<MemberId>,
    },
    /// Make a write durable, whole or not at all. Answered by [`Event::Written`](crate::Event::Written).
    Write {
        /// Name of the question.
        request: RequestId,
        /// What to write.
        write: Write,
    },
    /// Load every chunk of a document, build it guarded and off the event loop, save it, load that again and compare
    /// the heads. Nothing is written: the relay does that when it has checked the result. Answered by
    /// [`Event::Compacted`](crate::Event::Compacted).
    Compact {
        /// Name of the question.
        request: RequestId,
        /// The document.
        document: DocumentId,
    },
    /// Take a document chunk apart into its changes, guarded and off the event loop. Answered by
    /// [`Event::Split`](crate::Event::Split).
    Split {
        /// Name of the question.
        request: RequestId,
        /// One document chunk.
        chunk: Bytes,
    },
    /// Read where the operations of a document are ([`Located::read`](crate::Located::read)), off the event loop.
    /// Answered by [`Event::Located`](crate::Event::Located).
    Locate {
        /// Name of the question.
        request: RequestId,
        /// What the document consists of.
        content: Content,
    },
    /// Come back with [`Event::Woken`](crate::Event::Woken) at this time. Replaces the wake asked for before.
    Wake {
        /// When.
        at: Timestamp,
    },
    /// Something an operator may want to know.
    Report(Report),
}

/// What one transaction changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Chunks to keep and to drop.
    pub batch: Batch,
    /// The evidence of who brought the changes among them.
    pub receipts: Vec<Receipt>,
    /// Enter the document in the directory first. If that is not possible, nothing is written.
    pub register: Option<Registration>,
}

/// Who brought a change, and when. An author and a time inside of a change are what its author claims; this is what
/// the relay has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The document.
    pub document: DocumentId,
    /// The change.
    pub change: ChangeHash,
    /// Which member delivered it; nobody for a client with a token.
    pub member: Option<MemberId>,
    /// On which device.
    pub device: DeviceId,
    /// By the clock of the relay.
    pub received: Timestamp,
}

/// A new document of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    /// The document.
    pub document: DocumentId,
    /// The workspace that will own it.
    pub workspace: WorkspaceId,
    /// When, by the clock of the relay.
    pub registered: Timestamp,
}

/// Why the relay closes a socket: a WebSocket code, and a sentence for the close frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseReason {
    /// The peer said that it goes.
    #[error("goodbye")]
    Left,
    /// The frames of the peer were not the protocol, or not in its name.
    #[error("protocol error: {0}")]
    Protocol(String),
    /// A sync message, or a change in it, was refused.
    #[error("refused: {0}")]
    Refused(String),
    /// The same peer has opened another connection.
    #[error("replaced by a newer connection of the same peer")]
    Replaced,
    /// Another device has joined under this name.
    #[error("another device goes by this peer id")]
    PeerIdTaken,
    /// The member may no longer use the workspace.
    #[error("access to this workspace has ended")]
    AccessEnded,
    /// The peer cannot be told that its rights have changed; a new connection can.
    #[error("access has changed, connect again")]
    AccessChanged,
    /// More than the relay is willing to do for one connection.
    #[error("too much: {0}")]
    TooMuch(&'static str),
    /// What the peer sent could not be stored, or what it asked for could not be read.
    #[error("not {0}, try again")]
    TryAgain(&'static str),
}

impl CloseReason {
    /// The longest text that fits into a WebSocket close frame, in bytes.
    pub const TEXT_LEN_MAX: usize = 123;

    /// The sentence, cut to what fits into a close frame. The whole of it was sent as an error message before.
    pub fn text(&self) -> String {
        let mut text = self.to_string();
        text.truncate(text.floor_char_boundary(Self::TEXT_LEN_MAX));
        text
    }

    /// The WebSocket close code. Those from 4000 are ours and mirror HTTP.
    pub const fn code(&self) -> u16 {
        match self {
            Self::Left => 1000,
            Self::Protocol(_) | Self::Refused(_) => 4400,
            Self::AccessEnded => 4403,
            Self::Replaced | Self::PeerIdTaken => 4409,
            Self::TooMuch(_) => 4429,
            Self::AccessChanged => 1012,
            Self::TryAgain(_) => 1013,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_close_frame_is_never_too_long() {
        let short = CloseReason::TryAgain("saved");
        assert_eq!((short.text().as_str(), short.code()), ("not saved, try again", 1013));
        let long = CloseReason::Refused("é".repeat(200));
        assert!((121..=123).contains(&long.text().len()));
    }
}
