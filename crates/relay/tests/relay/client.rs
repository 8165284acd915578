//! A stock client: Automerge's own `sync::State`, driven as automerge-repo drives it.

use automerge::{
    Automerge, ReadDoc,
    sync::{self, SyncDoc},
    transaction::Transactable,
};
use bytes::Bytes;
use ids::{ChangeHash, ConnectionId, DocumentId, Heads, PeerId};
use std::collections::VecDeque;
use wire::{Ephemeral, Message, SyncMessage, handshake::Initiator};

/// One process of a client, with one document.
pub(crate) struct Client {
    pub(crate) peer: PeerId,
    pub(crate) document: DocumentId,
    pub(crate) doc: Automerge,
    pub(crate) socket: Option<Socket>,
    /// Documents it was told are not available.
    pub(crate) unavailable: usize,
    pub(crate) errors: Vec<String>,
    pub(crate) heard: Vec<Ephemeral>,
    /// Sync messages received, decoded.
    pub(crate) received: Vec<sync::Message>,
    /// Says nothing by itself any more.
    pub(crate) mute: bool,
    /// A version that knows no flags.
    pub(crate) old: bool,
    /// What it remembers of the sync state over connections, as JavaScript does for a peer with a store.
    pub(crate) remembers: bool,
    remembered: Option<Vec<u8>>,
    session: String,
    count: u64,
}

/// An open connection, as the client sees it.
pub(crate) struct Socket {
    pub(crate) id: ConnectionId,
    pub(crate) state: sync::State,
    pub(crate) relay: Option<PeerId>,
    /// Frames on their way to the relay.
    pub(crate) outbox: VecDeque<Bytes>,
}

impl Client {
    pub(crate) fn new(name: &str, document: DocumentId) -> Self {
        let mut actor = [0; 16];
        let bytes = name.as_bytes();
        actor[..bytes.len().min(16)].copy_from_slice(&bytes[..bytes.len().min(16)]);
        Self {
            peer: name.parse().unwrap(),
            document,
            doc: Automerge::new().with_actor(automerge::ActorId::from(actor)),
            socket: None,
            unavailable: 0,
            errors: Vec::new(),
            heard: Vec::new(),
            received: Vec::new(),
            mute: false,
            old: false,
            remembers: false,
            remembered: None,
            session: format!("session of {name}"),
            count: 0,
        }
    }

    /// Opens a connection. Its sync state is new, except for what is remembered.
    pub(crate) fn open(&mut self, id: ConnectionId) {
        let remembered = self.remembered.as_ref().filter(|_| self.remembers);
        let state = remembered.map(|bytes| sync::State::decode(bytes).unwrap()).unwrap_or_default();
        let mut socket = Socket { id, state, relay: None, outbox: VecDeque::new() };
        let join = Initiator::new(self.peer.clone(), None).join();
        socket.outbox.push_back(wire::encode(&join));
        self.socket = Some(socket);
    }

    pub(crate) fn edit(&mut self, key: &str, value: &str) -> ChangeHash {
        let hash = self.edit_quietly(key, value);
        self.speak();
        hash
    }

    /// An edit that the connection does not hear of.
    pub(crate) fn edit_quietly(&mut self, key: &str, value: &str) -> ChangeHash {
        let options = |_: &()| automerge::transaction::CommitOptions::default().with_time(0);
        let done = self
            .doc
            .transact_with::<_, _, automerge::AutomergeError, _>(options, |tx| {
                tx.put(automerge::ROOT, key, value)
            })
            .unwrap();
        ChangeHash(done.hash.unwrap().0)
    }

    pub(crate) fn value(&self, key: &str) -> Option<String> {
        self.doc.get(automerge::ROOT, key).unwrap().map(|(value, _)| value.as_str().unwrap().to_owned())
    }

    pub(crate) fn heads(&self) -> Heads {
        self.doc.get_heads().into_iter().map(|head| ChangeHash(head.0)).collect()
    }

    /// What `DocSynchronizer` does after everything that happens: one message, if there is one.
    pub(crate) fn speak(&mut self) {
        let Some(socket) = self.socket.as_mut().filter(|_| !self.mute) else { return };
        let Some(target) = socket.relay.clone() else { return };
        let first = !socket.state.have_responded;
        let Some(mut message) = self.doc.generate_sync_message(&mut socket.state) else { return };
        if self.old {
            message.flags = None;
        }
        let is_request = first && message.heads.is_empty();
        let data = message.encode().into();
        let sync = SyncMessage { sender: self.peer.clone(), target, document: self.document, data };
        let message = if is_request { Message::Request(sync) } else { Message::Sync(sync) };
        socket.outbox.push_back(wire::encode(&message));
    }

    pub(crate) fn broadcast(&mut self, data: &'static [u8]) {
        self.count += 1;
        let ephemeral = Ephemeral {
            sender: self.peer.clone(),
            target: "relay".parse().unwrap(),
            document: self.document,
            session: self.session.parse().unwrap(),
            count: self.count,
            data: Bytes::from_static(data),
        };
        self.send(&Message::Ephemeral(ephemeral));
    }

    pub(crate) fn send(&mut self, message: &Message) {
        self.socket.as_mut().unwrap().outbox.push_back(wire::encode(message));
    }

    /// A sync message of any content.
    pub(crate) fn send_sync(&mut self, data: impl Into<Bytes>) {
        let (sender, document) = (self.peer.clone(), self.document);
        let sync = SyncMessage { sender, target: "relay".parse().unwrap(), document, data: data.into() };
        self.send(&Message::Sync(sync));
    }

    /// A sync message with these changes, whatever the sync state says.
    pub(crate) fn push(&mut self, changes: &[Bytes], heads: &Heads) {
        let version = guard::Version::V1;
        let reply = guard::Reply { version, heads, need: &[], have: &[], chunks: changes, flags: None };
        self.send_sync(guard::write_sync_message(&reply));
    }

    /// A frame of the relay.
    pub(crate) fn receive(&mut self, frame: &Bytes) {
        match wire::decode(frame, &wire::Limits::CLIENT).unwrap() {
            Message::Peer(peer) => {
                assert_eq!(peer.target, self.peer);
                self.socket.as_mut().unwrap().relay = Some(peer.sender);
                self.speak();
            }
            Message::Sync(sync) => {
                assert_eq!((&sync.target, sync.document), (&self.peer, self.document));
                let mut message = sync::Message::decode(&sync.data).unwrap();
                if self.old {
                    message.flags = None;
                }
                self.received.push(message.clone());
                let socket = self.socket.as_mut().unwrap();
                let received = self.doc.receive_sync_message(&mut socket.state, message);
                if !self.mute {
                    received.unwrap();
                }
                self.remembered = Some(socket.state.encode());
                self.speak();
            }
            Message::DocUnavailable { document, .. } => {
                assert_eq!(document, self.document);
                self.unavailable += 1;
            }
            Message::Ephemeral(ephemeral) => self.heard.push(ephemeral),
            Message::Error { message } => self.errors.push(message),
            other => panic!("a relay does not say {other:?}"),
        }
    }

    /// What the client knows to be on the relay: the heads in its latest message.
    pub(crate) fn acknowledged(&self) -> Heads {
        let heads = self.received.last().map(|message| message.heads.clone()).unwrap_or_default();
        heads.into_iter().map(|head| ChangeHash(head.0)).collect()
    }
}

/// Bytes of every change of a document, as a stock client sends them.
pub(crate) fn changes(doc: &Automerge) -> Vec<Bytes> {
    doc.get_changes(&[]).into_iter().map(|change| Bytes::from(change.raw_bytes().to_vec())).collect()
}
