//! The side that opened the socket: a client.

use super::{Joined, Refused, common};
use crate::{Extension, Join, Message, PROTOCOL_VERSION, PeerMetadata};
use ids::{PeerId, StorageId};

/// Has something to say first, then waits for the answer.
#[derive(Debug, Clone)]
pub struct Initiator {
    us: PeerId,
    storage: Option<StorageId>,
}

/// The relay has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Established {
    /// What the relay calls itself.
    pub peer: PeerId,
    /// What it says about itself.
    pub metadata: PeerMetadata,
    /// The extensions both sides speak.
    pub extension: Option<Extension>,
    /// The rules for what follows.
    pub joined: Joined,
}

impl Initiator {
    /// `us` is sent as the peer id of this side, `storage` as the name of its store.
    pub fn new(us: PeerId, storage: Option<StorageId>) -> Self {
        Self { us, storage }
    }

    /// The first frame of the socket. A client always offers the extensions it speaks: other implementations pass
    /// over them.
    pub fn join(&self) -> Message {
        Message::Join(Join {
            sender: self.us.clone(),
            versions: vec![PROTOCOL_VERSION.to_owned()],
            metadata: PeerMetadata {
                storage: self.storage.clone(),
                ephemeral: self.storage.is_none(),
                extension: Some(Extension::CURRENT),
            },
        })
    }

    /// Judges the answer.
    ///
    /// # Errors
    /// Anything but a `peer` message for this side that chooses protocol version 1, from a peer that is not called
    /// like this side. The caller closes the socket, after sending [`Refused::reply`] if there is one.
    pub fn receive(self, answer: &Message) -> Result<Established, Refused> {
        let peer = match answer {
            Message::Peer(peer) => peer,
            Message::Error { message } => {
                return Err(Refused::SaidByPeer { message: message.clone() });
            }
            other => return Err(Refused::NotJoined { kind: other.kind().to_owned() }),
        };
        if peer.version != PROTOCOL_VERSION {
            return Err(Refused::Version { offered: vec![peer.version.clone()] });
        }
        if peer.target != self.us {
            return Err(Refused::OtherTarget);
        }
        if peer.sender == self.us {
            return Err(Refused::SamePeerId);
        }
        Ok(Established {
            peer: peer.sender.clone(),
            metadata: peer.metadata.clone(),
            extension: common(peer.metadata.extension),
            joined: Joined::as_initiator(self.us, peer.sender.clone()),
        })
    }
}
