//! One document as one workspace sees it: the facade over its rooms.
//!
//! ```text
//!            heard                    durable
//! peer ──▶ [held] ──▶ admission ──▶ staged ──▶ graph + bodies ──▶ answer ──▶ peers
//!                        │                          ▲   ▲
//!                        └─▶ orphans          rebuild   compaction
//! ```
//! Messages wait while the document is being read, while a whole-document chunk of the same peer is being taken apart,
//! and while the disk is behind; those that bring changes also until it is known where operations are. Nothing enters
//! the graph before it is durable, and nothing leaves for a peer that is not in the graph. Nothing is staged, or read
//! from the disk, that refers to what is not there: the places of operations are ahead of the graph by what is staged.

mod admission;
mod answer;
pub(crate) mod bodies;
mod followed;
pub(crate) mod graph;
mod keeping;
mod knowledge;
mod listening;
mod names;
mod orphans;
mod payloads;
mod peer_state;
pub(crate) mod positions;
mod rebuild;
mod serving;
mod staged;
mod upkeep;
pub(crate) mod whereabouts;

use crate::{
    effect::Effect,
    event::RequestId,
    principal::{Access, Address, Principal},
    turn::Turn,
};
use admission::Door;
use bodies::Bodies;
use graph::Graph;
use ids::{ConnectionId, MemberId, PeerId, Timestamp};
use orphans::Orphans;
use payloads::Payloads;
pub(crate) use peer_state::Heard;
use peer_state::PeerState;
use rebuild::Rebuild;
pub use rebuild::Stored;
use std::collections::{BTreeMap, BTreeSet};
use store::LoadedKey;
use upkeep::Upkeep;
use whereabouts::Whereabouts;
pub use whereabouts::{Content, Located};

/// A document, and everybody who is interested in it.
#[derive(Debug)]
pub(crate) struct Document {
    address: Address,
    phase: Phase,
    graph: Graph,
    bodies: Bodies,
    whereabouts: Whereabouts,
    door: Door,
    /// Stored changes whose past is not stored.
    stranded: Orphans<LoadedKey>,
    peers: BTreeMap<ConnectionId, PeerState>,
    payloads: Payloads,
    expansion: Expansion,
    upkeep: Upkeep,
}

/// How far the document is.
#[derive(Debug)]
enum Phase {
    /// Nobody has asked the store yet.
    New,
    /// It is being looked up and read.
    Loading(RequestId),
    /// Some of what was read is being taken apart.
    Rebuilding { rebuild: Box<Rebuild>, owner: Option<MemberId> },
    /// It is not for those who have asked so far; only this member may have it.
    Closed(Option<MemberId>),
    /// It is here.
    Open { owner: Option<MemberId>, registration: Registration },
}

/// Whether the document has its place in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Registration {
    /// No, and it will not get one: the workspace has no room for it.
    Refused,
    /// Not yet: the first changes will bring it there.
    Pending,
    /// Yes.
    Done,
}

/// The changes of the snapshot, one by one, for peers that cannot read it.
#[derive(Debug, Default)]
struct Expansion {
    /// The question, and the snapshot it is about.
    asked: Option<(RequestId, LoadedKey)>,
    waiting: BTreeSet<ConnectionId>,
}

impl Document {
    pub(crate) fn new(address: Address, now: Timestamp) -> Self {
        Self {
            address,
            phase: Phase::New,
            graph: Graph::default(),
            bodies: Bodies::default(),
            whereabouts: Whereabouts::default(),
            door: Door::default(),
            stranded: Orphans::default(),
            peers: BTreeMap::new(),
            payloads: Payloads::default(),
            expansion: Expansion::default(),
            upkeep: Upkeep::new(now),
        }
    }

    /// A connection takes an interest in the document.
    pub(crate) fn join(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        peer: &PeerId,
        principal: &Principal,
    ) {
        if self.peers.contains_key(&connection) {
            return;
        }
        let (rate, now) = (turn.config.resends, turn.now);
        self.peers.insert(connection, PeerState::new(connection, peer.clone(), principal, rate, now));
        self.settle_access(connection);
        self.upkeep.note_interest(true, now);
        let load = match self.phase {
            Phase::New => true,
            Phase::Closed(owner) => owner.is_some() && owner == principal.member,
            Phase::Loading(_) | Phase::Rebuilding { .. } | Phase::Open { .. } => false,
        };
        if load {
            self.look_up(turn, principal.member);
        }
    }

    /// A connection is gone.
    pub(crate) fn leave(&mut self, now: Timestamp, connection: ConnectionId) {
        self.peers.remove(&connection);
        self.door.orphans.drop_of(connection);
        self.expansion.waiting.remove(&connection);
        self.upkeep.note_interest(!self.peers.is_empty(), now);
    }

    /// Who hears what this connection has to say right now.
    pub(crate) fn listeners(&self, from: ConnectionId) -> impl Iterator<Item = ConnectionId> {
        let speaks = self.serves(from);
        let others = self.peers.keys().copied().filter(move |connection| *connection != from);
        others.filter(move |connection| speaks && self.serves(*connection))
    }

    /// The rights of a connection have changed; `false` if there is no way to tell the peer.
    pub(crate) fn access_changed(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        access: Access,
    ) -> bool {
        let Some(peer) = self.peers.get_mut(&connection) else { return true };
        let before = std::mem::replace(&mut peer.access, access);
        self.settle_access(connection);
        let Some(peer) = self.peers.get_mut(&connection).filter(|peer| peer.access != before) else {
            return true;
        };
        peer.owed.answer = peer.met;
        peer.owed.reset = peer.met && peer.may_write();
        let can_be_told = !peer.owed.reset || peer.speaks.sync_reset;
        if !peer.may_write() {
            self.door.orphans.drop_of(connection);
        }
        turn.mark(connection, self.address.document);
        can_be_told
    }

    /// Whether the document is here for this connection.
    fn serves(&self, connection: ConnectionId) -> bool {
        let Phase::Open { owner, .. } = self.phase else { return false };
        let member = self.peers.get(&connection).map(|peer| peer.sender.member);
        member.is_some_and(|member| owner.is_none() || owner == member)
    }

    /// Whether changes can be stored.
    fn has_room(&self) -> bool {
        matches!(self.phase, Phase::Open { registration: Registration::Pending | Registration::Done, .. })
    }

    /// The owner of a private document may write it whatever its role.
    fn settle_access(&mut self, connection: ConnectionId) {
        if let Phase::Open { owner: Some(owner), .. } = self.phase
            && let Some(peer) = self.peers.get_mut(&connection)
            && peer.sender.member == Some(owner)
        {
            peer.access = Access::Writer;
        }
    }

    fn look_up(&mut self, turn: &mut Turn<'_>, member: Option<MemberId>) {
        let request = turn.ask(self.address);
        self.phase = Phase::Loading(request);
        turn.effects.push(Effect::Load { request, address: self.address, member });
    }

    fn mark_all(&self, turn: &mut Turn<'_>) {
        self.peers.keys().for_each(|connection| turn.mark(*connection, self.address.document));
    }
}
