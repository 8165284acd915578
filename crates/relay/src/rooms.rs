//! Connections and documents, and what passes between them.

use crate::{
    connection::{Connection, Handshake},
    document::{Document, Heard},
    effect::{CloseReason, Effect},
    event::RequestId,
    presence::Speaking,
    principal::{Access, Address, Principal},
    schedule::Schedule,
    turn::Turn,
};
use bytes::Bytes;
use ids::{ConnectionId, PeerId, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};
use wire::{
    Ephemeral, EphemeralEnvelope, Message,
    handshake::{Acceptor, Admission, Refused},
};

/// Everything the relay has in memory.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    connections: BTreeMap<ConnectionId, Connection>,
    /// Who has joined, by what they call themselves.
    names: BTreeMap<(WorkspaceId, PeerId), ConnectionId>,
    documents: BTreeMap<Address, Document>,
    schedule: Schedule<Address>,
    /// Documents that have seen something in this turn.
    touched: BTreeSet<Address>,
    /// Connections to which something may be sent in this turn.
    pumped: BTreeSet<ConnectionId>,
}

impl Rooms {
    pub(crate) fn opened(
        &mut self,
        turn: &Turn<'_>,
        connection: ConnectionId,
        principal: Principal,
        acceptor: Acceptor,
    ) {
        let opened = Connection::new(connection, principal, acceptor, turn.config, turn.now);
        self.connections.insert(connection, opened);
    }

    pub(crate) fn frame(&mut self, turn: &mut Turn<'_>, id: ConnectionId, bytes: &Bytes) {
        let Some(connection) = self.connections.get(&id) else { return };
        let message = match wire::decode(bytes, &turn.config.frames) {
            Ok(message) => message,
            Err(error) => {
                return turn.refuse(id, error.code(), CloseReason::Protocol(error.to_string()));
            }
        };
        match &connection.handshake {
            Handshake::Expected(acceptor) => {
                let acceptor = acceptor.clone();
                self.join(turn, id, acceptor, &message);
            }
            Handshake::Done(joined) => match joined.admit(&message) {
                Admission::Ignore => {}
                Admission::Refuse(refused) => refuse(turn, id, &refused),
                Admission::Process => self.process(turn, id, message),
            },
        }
    }

    pub(crate) fn writable(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.window.drained();
            self.pumped.insert(id);
        }
    }

    pub(crate) fn closed(&mut self, turn: &Turn<'_>, id: ConnectionId) {
        let Some(connection) = self.connections.remove(&id) else { return };
        if let Some(peer) = connection.peer() {
            let name = (connection.principal.workspace, peer.clone());
            if self.names.get(&name) == Some(&id) {
                self.names.remove(&name);
            }
        }
        for address in connection.addresses() {
            if let Some(document) = self.documents.get_mut(&address) {
                document.leave(turn.now, id);
                self.touched.insert(address);
            }
        }
    }

    pub(crate) fn access_changed(&mut self, turn: &mut Turn<'_>, id: ConnectionId, access: Option<Access>) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(access) = access else { return turn.close(id, CloseReason::AccessEnded) };
        connection.principal.access = access;
        let addresses: Vec<Address> = connection.addresses().collect();
        for address in addresses {
            if let Some(document) = self.documents.get_mut(&address)
                && !document.access_changed(turn, id, access)
            {
                turn.close(id, CloseReason::AccessChanged);
            }
        }
    }

    /// An answer of the store, for the document it is about.
    pub(crate) fn answered(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        deliver: impl FnOnce(&mut Document, &mut Turn<'_>),
    ) {
        let Some(address) = turn.questions.answered(request) else { return };
        if let Some(document) = self.documents.get_mut(&address) {
            deliver(document, turn);
            self.touched.insert(address);
        }
    }

    pub(crate) fn woken(&mut self, turn: &Turn<'_>) {
        self.touched.extend(self.schedule.due(turn.now));
    }

    /// The end of a turn: closes what has to be closed, sends what is owed, does the chores that are due.
    pub(crate) fn settle(&mut self, turn: &mut Turn<'_>) {
        while !(turn.closing.is_empty() && turn.dirty.is_empty() && self.pumped.is_empty()) {
            while let Some((id, reason)) = turn.closing.pop_first() {
                self.close(turn, id, reason);
            }
            for (id, document) in std::mem::take(&mut turn.dirty) {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.mark(document);
                    self.pumped.insert(id);
                }
            }
            for id in std::mem::take(&mut self.pumped) {
                self.pump(turn, id);
            }
        }
        for address in std::mem::take(&mut self.touched) {
            self.tend(turn, address);
        }
        if let Some(at) = self.schedule.wake(turn.now) {
            turn.effects.push(Effect::Wake { at });
        }
        turn.figures.connections = self.connections.len();
        turn.figures.documents = self.documents.len();
    }

    fn join(&mut self, turn: &mut Turn<'_>, id: ConnectionId, acceptor: Acceptor, first: &Message) {
        let accepted = match acceptor.receive(first) {
            Ok(accepted) => accepted,
            Err(refused) => return refuse(turn, id, &refused),
        };
        let Some(connection) = self.connections.get(&id) else { return };
        let name = (connection.principal.workspace, accepted.peer);
        if let Some(other) = self.names.get(&name) {
            let same = self.connections.get(other).is_none_or(|other| other.is_same_device(connection));
            if !same {
                return turn.refuse(id, "peer-id-taken", CloseReason::PeerIdTaken);
            }
            turn.close(*other, CloseReason::Replaced);
        }
        self.names.insert(name, id);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.handshake = Handshake::Done(accepted.joined);
            connection.send(turn.effects, wire::encode(&accepted.reply));
        }
    }

    fn process(&mut self, turn: &mut Turn<'_>, id: ConnectionId, message: Message) {
        match message {
            Message::Sync(sync) => self.sync(turn, id, &sync),
            Message::Request(sync) => self.sync(turn, id, &sync),
            Message::Ephemeral(ephemeral) => self.ephemeral(turn, id, ephemeral),
            Message::Leave { .. } | Message::Error { .. } => turn.close(id, CloseReason::Left),
            // That a peer lacks a document is no news: what it has it says in sync messages.
            Message::DocUnavailable { .. }
            | Message::Join(_)
            | Message::Peer(_)
            | Message::RemoteHeadsChanged { .. }
            | Message::RemoteSubscriptionChange { .. }
            | Message::Unknown { .. } => {}
        }
    }

    fn sync(&mut self, turn: &mut Turn<'_>, id: ConnectionId, sync: &wire::SyncMessage) {
        let message = match guard::read_sync_message(&sync.data, &turn.config.messages) {
            Ok(message) => message,
            Err(rejection) => {
                return turn.refuse(id, rejection.code(), CloseReason::Refused(rejection.to_string()));
            }
        };
        turn.figures.messages_received += 1;
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(peer) = connection.peer().cloned() else { return };
        if connection.add_interest(sync.document, turn.config).is_none() {
            return turn.refuse(id, "documents", CloseReason::TooMuch("documents on one connection"));
        }
        let address = connection.address(sync.document);
        let now = turn.now;
        let document = self.documents.entry(address).or_insert_with(|| Document::new(address, now));
        document.join(turn, id, &peer, &connection.principal);
        document.hear(turn, id, Heard { message, bytes: sync.data.len() });
        self.touched.insert(address);
    }

    fn ephemeral(&mut self, turn: &mut Turn<'_>, id: ConnectionId, ephemeral: Ephemeral) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Connection { speaking, .. } = connection;
        if !Speaking::accepts(speaking, &ephemeral, turn.config, turn.now) {
            turn.figures.presence_dropped += 1;
            return;
        }
        let Some(document) = self.documents.get(&connection.address(ephemeral.document)) else { return };
        let envelope = EphemeralEnvelope::new(&ephemeral);
        let Ephemeral { sender, document: document_id, .. } = ephemeral;
        for listener in document.listeners(id) {
            if let Some(connection) = self.connections.get_mut(&listener) {
                let dropped = connection.listening.push(document_id, &sender, envelope.clone(), turn.config);
                turn.figures.presence_dropped += dropped;
                self.pumped.insert(listener);
            }
        }
    }

    /// Sends what is owed to a connection, as far as its window goes.
    fn pump(&mut self, turn: &mut Turn<'_>, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(peer) = connection.peer().cloned() else { return };
        while connection.window.is_open(turn.config) {
            if let Some(document) = connection.next_ready() {
                let address = connection.address(document);
                let pulled = self.documents.get_mut(&address).and_then(|document| document.pull(turn, id));
                self.touched.insert(address);
                if let Some(pulled) = pulled {
                    connection.send(turn.effects, pulled.frame);
                    if pulled.more {
                        connection.mark(document);
                    }
                }
            } else if let Some(envelope) = connection.listening.pop() {
                connection.send(turn.effects, envelope.to(&peer));
                turn.figures.presence_sent += 1;
            } else {
                break;
            }
        }
    }

    fn close(&mut self, turn: &mut Turn<'_>, id: ConnectionId, reason: CloseReason) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        if reason != CloseReason::Left {
            connection.send(turn.effects, wire::encode(&Message::Error { message: reason.to_string() }));
        }
        turn.effects.push(Effect::Close { connection: id, reason });
        self.closed(turn, id);
    }

    fn tend(&mut self, turn: &mut Turn<'_>, address: Address) {
        let Some(document) = self.documents.get_mut(&address) else { return };
        if document.tend(turn) {
            self.schedule.set(address, document.next_chore(turn));
        } else {
            self.documents.remove(&address);
            self.schedule.set(address, None);
        }
    }
}

fn refuse(turn: &mut Turn<'_>, id: ConnectionId, refused: &Refused) {
    match refused {
        // It has ended the conversation already.
        Refused::SaidByPeer { .. } => turn.close(id, CloseReason::Left),
        why => turn.refuse(id, why.code(), CloseReason::Protocol(why.to_string())),
    }
}
