//! The side that accepted the socket: a relay.

use super::{Joined, Refused, common};
use crate::{Extension, Message, PROTOCOL_VERSION, Peer, PeerMetadata};
use ids::{PeerId, StorageId};

/// Waits for the first frame of a socket.
#[derive(Debug, Clone)]
pub struct Acceptor {
    us: PeerId,
    storage: Option<StorageId>,
}

/// A peer has joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What the peer calls itself. Whether it may is for the caller to know.
    pub peer: PeerId,
    /// What it says about itself.
    pub metadata: PeerMetadata,
    /// The extensions both sides speak.
    pub extension: Option<Extension>,
    /// The `peer` message, to be sent before anything else.
    pub reply: Message,
    /// The rules for what follows.
    pub joined: Joined,
}

impl Acceptor {
    /// `us` is sent as the peer id of this side, `storage` as the name of its store. A side with a store is not
    /// ephemeral: peers keep their sync state with it.
    pub fn new(us: PeerId, storage: Option<StorageId>) -> Self {
        Self { us, storage }
    }

    /// Judges the first frame.
    ///
    /// # Errors
    /// Anything but a join that offers protocol version 1, from a peer that is not called like this side. The caller
    /// sends [`Refused::reply`] and closes the socket.
    pub fn receive(self, first: &Message) -> Result<Accepted, Refused> {
        let join = match first {
            Message::Join(join) => join,
            Message::Error { message } => {
                return Err(Refused::SaidByPeer { message: message.clone() });
            }
            other => return Err(Refused::NotJoined { kind: other.kind().to_owned() }),
        };
        if !join.versions.iter().any(|version| version == PROTOCOL_VERSION) {
            return Err(Refused::Version { offered: join.versions.clone() });
        }
        if join.sender == self.us {
            return Err(Refused::SamePeerId);
        }
        let extension = common(join.metadata.extension);
        let reply = Message::Peer(Peer {
            sender: self.us.clone(),
            target: join.sender.clone(),
            version: PROTOCOL_VERSION.to_owned(),
            metadata: PeerMetadata { ephemeral: self.storage.is_none(), storage: self.storage, extension },
        });
        Ok(Accepted {
            peer: join.sender.clone(),
            metadata: join.metadata.clone(),
            extension,
            reply,
            joined: Joined::as_acceptor(self.us, join.sender.clone()),
        })
    }
}
