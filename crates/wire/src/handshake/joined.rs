//! The rules of a connection after its handshake.

use super::Refused;
use crate::Message;
use ids::PeerId;

/// Two peers that have shaken hands, seen from one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    us: PeerId,
    them: PeerId,
    side: Side,
}

/// What to do with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Act on it.
    Process,
    /// Healthy, but not for us: do nothing.
    Ignore,
    /// Send [`Refused::reply`], close the connection.
    Refuse(Refused),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Acceptor,
    Initiator,
}

impl Joined {
    pub(super) fn as_acceptor(us: PeerId, them: PeerId) -> Self {
        Self { us, them, side: Side::Acceptor }
    }

    pub(super) fn as_initiator(us: PeerId, them: PeerId) -> Self {
        Self { us, them, side: Side::Initiator }
    }

    /// This side.
    pub fn us(&self) -> &PeerId {
        &self.us
    }

    /// The other side.
    pub fn them(&self) -> &PeerId {
        &self.them
    }

    /// Judges a message by who may say what when; its payload is not looked at, except that an ephemeral one must be
    /// well-formed.
    ///
    /// - A second handshake ends the connection.
    /// - What is said about a document is said in the sender's own name, or the connection ends.
    /// - An acceptor ignores ephemeral messages by others: JavaScript sends back to the relay what it has received
    ///   from it, with the original author, so closing would cut off healthy peers. An initiator takes them, for they
    ///   come to it through the relay, except its own.
    /// - Gossip and unknown types are ignored.
    pub fn admit(&self, message: &Message) -> Admission {
        match message {
            Message::Join(_) | Message::Peer(_) => {
                Admission::Refuse(Refused::AlreadyJoined { kind: message.kind().to_owned() })
            }
            Message::Sync(sync) | Message::Request(sync) => self.admit_from(&sync.sender, message),
            Message::DocUnavailable { sender, .. } => self.admit_from(sender, message),
            Message::Ephemeral(ephemeral) => {
                let heard_from_its_author = match self.side {
                    Side::Acceptor => ephemeral.sender == self.them,
                    Side::Initiator => ephemeral.sender != self.us,
                };
                if heard_from_its_author && ephemeral.is_well_formed() {
                    Admission::Process
                } else {
                    Admission::Ignore
                }
            }
            Message::Leave { sender } if *sender != self.them => Admission::Ignore,
            Message::Leave { .. } | Message::Error { .. } => Admission::Process,
            Message::RemoteHeadsChanged { .. }
            | Message::RemoteSubscriptionChange { .. }
            | Message::Unknown { .. } => Admission::Ignore,
        }
    }

    fn admit_from(&self, sender: &PeerId, message: &Message) -> Admission {
        if *sender == self.them {
            Admission::Process
        } else {
            Admission::Refuse(Refused::OtherSender { kind: message.kind().to_owned() })
        }
    }
}
