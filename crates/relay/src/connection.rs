//! One socket: how far its handshake is, what it is interested in, and what is ready for it.

use crate::{
    config::Config,
    effect::Effect,
    presence::{Listening, Speaking},
    principal::{Address, Principal},
    window::Window,
};
use bytes::Bytes;
use ids::{ConnectionId, DocumentId, PeerId, Timestamp};
use std::{collections::BTreeSet, ops::Bound};
use wire::handshake::{Acceptor, Joined};

/// The state of one socket.
#[derive(Debug)]
pub(crate) struct Connection {
    id: ConnectionId,
    pub(crate) principal: Principal,
    pub(crate) handshake: Handshake,
    pub(crate) window: Window,
    pub(crate) speaking: Speaking,
    pub(crate) listening: Listening,
    /// Documents it is interested in.
    documents: BTreeSet<DocumentId>,
    /// Those about which it may be owed something, and the one that was served last.
    ready: BTreeSet<DocumentId>,
    served: Option<DocumentId>,
}

/// How far the handshake is.
#[derive(Debug)]
pub(crate) enum Handshake {
    /// The first frame has not come.
    Expected(Acceptor),
    /// It is over.
    Done(Joined),
}

impl Connection {
    pub(crate) fn new(
        id: ConnectionId,
        principal: Principal,
        acceptor: Acceptor,
        config: &Config,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            principal,
            handshake: Handshake::Expected(acceptor),
            window: Window::default(),
            speaking: Speaking::new(config, now),
            listening: Listening::default(),
            documents: BTreeSet::new(),
            ready: BTreeSet::new(),
            served: None,
        }
    }

    /// What the peer calls itself, once it has joined.
    pub(crate) fn peer(&self) -> Option<&PeerId> {
        match &self.handshake {
            Handshake::Expected(_) => None,
            Handshake::Done(joined) => Some(joined.them()),
        }
    }

    /// A document as this connection asks for it.
    pub(crate) fn address(&self, document: DocumentId) -> Address {
        Address { workspace: self.principal.workspace, document }
    }

    /// The documents it is interested in.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = Address> {
        self.documents.iter().map(|document| self.address(*document))
    }

    /// Takes an interest in a document. `None` if it has too many.
    pub(crate) fn add_interest(&mut self, document: DocumentId, config: &Config) -> Option<()> {
        if self.documents.len() >= config.documents_per_connection && !self.documents.contains(&document) {
            return None;
        }
        self.documents.insert(document);
        Some(())
    }

    /// Whether two connections have the same member and device behind them.
    pub(crate) fn is_same_device(&self, other: &Self) -> bool {
        let (one, other) = (&self.principal, &other.principal);
        one.member == other.member && one.device == other.device
    }

    /// Something may be owed about a document.
    pub(crate) fn mark(&mut self, document: DocumentId) {
        if self.documents.contains(&document) {
            self.ready.insert(document);
        }
    }

    /// The next document about which something may be owed: each has its turn.
    pub(crate) fn next_ready(&mut self) -> Option<DocumentId> {
        let after = self.served.map_or(Bound::Unbounded, Bound::Excluded);
        let next =
            self.ready.range((after, Bound::Unbounded)).next().or_else(|| self.ready.first()).copied()?;
        self.ready.remove(&next);
        self.served = Some(next);
        Some(next)
    }

    /// Hands a frame to the socket.
    pub(crate) fn send(&mut self, effects: &mut Vec<Effect>, frame: Bytes) {
        self.window.sent(frame.len());
        effects.push(Effect::Send { connection: self.id, frame });
    }
}
