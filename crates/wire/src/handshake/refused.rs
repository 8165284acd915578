//! Why a connection ends before, or because of, what was said.

use crate::Message;

/// The connection must be closed, after sending [`reply`](Refused::reply). The sentence is what the other side is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Something was said before the handshake.
    #[error("expected the handshake first, got a message of type {kind:?}")]
    NotJoined {
        /// Its type.
        kind: String,
    },
    /// The handshake was tried again on the same socket.
    #[error("the handshake is over: a second {kind} is not accepted on this connection")]
    AlreadyJoined {
        /// `join` or `peer`.
        kind: String,
    },
    /// No common protocol version.
    #[error("unsupported protocol version: expected \"1\", got {offered:?}")]
    Version {
        /// What was offered.
        offered: Vec<String>,
    },
    /// Both sides go by the same peer id.
    #[error("both sides have the same peer id")]
    SamePeerId,
    /// The answer was meant for somebody else.
    #[error("the answer is for another peer")]
    OtherTarget,
    /// A message about a document in somebody else's name.
    #[error("the sender of a {kind} message must be the peer that joined on this connection")]
    OtherSender {
        /// Its type.
        kind: String,
    },
    /// The other side refused.
    #[error("refused by the other side: {message}")]
    SaidByPeer {
        /// In its words.
        message: String,
    },
}

impl Refused {
    /// What to send before closing; nothing when the other side has given up already.
    pub fn reply(&self) -> Option<Message> {
        match self {
            Self::SaidByPeer { .. } => None,
            _ => Some(Message::Error { message: self.to_string() }),
        }
    }

    /// A short name for metrics and logs, never changed.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJoined { .. } => "not-joined",
            Self::AlreadyJoined { .. } => "already-joined",
            Self::Version { .. } => "protocol-version",
            Self::SamePeerId => "same-peer-id",
            Self::OtherTarget => "other-target",
            Self::OtherSender { .. } => "other-sender",
            Self::SaidByPeer { .. } => "refused-by-peer",
        }
    }
}
