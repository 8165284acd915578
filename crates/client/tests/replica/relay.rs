//! A relay made of stock parts: one Automerge document, one sync state per connection. What it has received is durable.

use crate::world::Counterpart;
use automerge::{
    Automerge,
    sync::{Message as AutomergeMessage, State, SyncDoc},
};
use bytes::Bytes;
use ids::{DocumentId, PeerId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use wire::{EphemeralEnvelope, Message, PeerMetadata, SyncMessage};

/// A socket of the relay, numbered by the world.
pub(crate) type Socket = u64;

pub(crate) struct Relay {
    pub(crate) document: Automerge,
    pub(crate) id: DocumentId,
    /// Whether it offers our extensions, and so answers probes.
    pub(crate) extended: bool,
    /// Whether it answers at all.
    pub(crate) deaf: bool,
    /// Whether it hears changes and keeps none, as with a full disk.
    pub(crate) takes_nothing: bool,
    peers: BTreeMap<Socket, Peer>,
}

struct Peer {
    name: PeerId,
    state: State,
    met: bool,
}

/// Frames to be carried to sockets.
pub(crate) type Mail = Vec<(Socket, Bytes)>;

impl Relay {
    pub(crate) fn new(id: DocumentId) -> Self {
        let document = Automerge::new_with_encoding(automerge::TextEncoding::Utf16CodeUnit);
        Self { document, id, extended: true, deaf: false, takes_nothing: false, peers: BTreeMap::new() }
    }

    /// What the relay has to say to everybody who follows the document.
    pub(crate) fn speak(&mut self) -> Mail {
        let sockets: Vec<Socket> = self.peers.keys().copied().collect();
        sockets.into_iter().filter_map(|socket| self.answer(socket)).collect()
    }

    /// A sync payload of the test's own making.
    pub(crate) fn payload(&self, socket: Socket, data: Bytes) -> Mail {
        let Some(peer) = self.peers.get(&socket) else { return Vec::new() };
        let message = SyncMessage { sender: self.name(), target: peer.name.clone(), document: self.id, data };
        vec![(socket, wire::encode(&Message::Sync(message)))]
    }
}

impl Counterpart for Relay {
    fn open(&mut self, _now: Timestamp, _socket: Socket) -> Mail {
        Vec::new()
    }

    fn hang_up(&mut self, _now: Timestamp, socket: Socket) -> Mail {
        self.peers.remove(&socket);
        Vec::new()
    }

    fn wake(&mut self, _now: Timestamp) -> Mail {
        Vec::new()
    }

    fn take(&mut self, _now: Timestamp, socket: Socket, frame: &Bytes) -> Mail {
        if self.deaf {
            return Vec::new();
        }
        match wire::decode(frame, &wire::Limits::RELAY).unwrap() {
            Message::Join(join) => self.welcome(socket, join.sender),
            Message::Sync(sync) | Message::Request(sync) if sync.document == self.id => {
                self.sync(socket, &sync)
            }
            Message::Sync(sync) | Message::Request(sync) => vec![(
                socket,
                wire::encode(&Message::DocUnavailable {
                    sender: self.name(),
                    target: sync.sender,
                    document: sync.document,
                }),
            )],
            Message::Ephemeral(ephemeral) => {
                let envelope = EphemeralEnvelope::new(&ephemeral);
                let others = self.peers.iter().filter(|(other, _)| **other != socket);
                others.map(|(other, peer)| (*other, envelope.to(&peer.name))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn hashes(&self) -> BTreeSet<[u8; 32]> {
        self.document.get_changes_meta(&[]).iter().map(|change| change.hash.0).collect()
    }
}

impl Relay {
    fn name(&self) -> PeerId {
        "relay".parse().unwrap()
    }

    fn welcome(&mut self, socket: Socket, name: PeerId) -> Mail {
        let reply = Message::Peer(wire::Peer {
            sender: self.name(),
            target: name.clone(),
            version: wire::PROTOCOL_VERSION.into(),
            metadata: PeerMetadata {
                storage: Some("relay-disk".parse().unwrap()),
                ephemeral: false,
                extension: self.extended.then_some(wire::Extension::CURRENT),
            },
        });
        self.peers.insert(socket, Peer { name, state: State::new(), met: false });
        vec![(socket, wire::encode(&reply))]
    }

    fn sync(&mut self, socket: Socket, sync: &SyncMessage) -> Mail {
        let Some(peer) = self.peers.get_mut(&socket) else { return Vec::new() };
        let is_first = !std::mem::replace(&mut peer.met, true);
        let message = AutomergeMessage::decode(&sync.data).unwrap();
        if self.takes_nothing {
            // It tells what it has; of what it is sent then, it never hears from its disk.
            self.document.clone().receive_sync_message(&mut peer.state, message).unwrap();
            return self.answer(socket).filter(|_| is_first).into_iter().collect();
        }
        let before = self.document.get_heads();
        self.document.receive_sync_message(&mut peer.state, message).unwrap();
        if before == self.document.get_heads() {
            return self.answer(socket).into_iter().collect();
        }
        self.speak()
    }

    fn answer(&mut self, socket: Socket) -> Option<(Socket, Bytes)> {
        let name = self.name();
        let peer = self.peers.get_mut(&socket).filter(|peer| peer.met)?;
        let data = Bytes::from(self.document.generate_sync_message(&mut peer.state)?.encode());
        let message = SyncMessage { sender: name, target: peer.name.clone(), document: self.id, data };
        Some((socket, wire::encode(&Message::Sync(message))))
    }
}
