//! Changes on their way to the disk.
//!
//! Nobody hears of a change before it is durable. While one write of a document is in flight, what arrives waits and
//! goes with the next: a busy document costs one transaction a round trip, not one a change.

use super::{followed::Followed, orphans::Origin};
use crate::{effect::Receipt, event::RequestId};
use ids::{ActorId, ChangeHash, ConnectionId, DeviceId, MemberId};
use std::collections::{BTreeMap, BTreeSet};
use store::Chunk;

/// Who brought a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sender {
    /// On which connection: whoever has to answer for it.
    pub(crate) connection: ConnectionId,
    /// Who, as far as the relay has checked.
    pub(crate) member: Option<MemberId>,
    /// With which device.
    pub(crate) device: DeviceId,
}

impl Origin for Sender {
    type Owner = ConnectionId;

    fn owner(&self) -> ConnectionId {
        self.connection
    }
}

/// A change that passed the door and is not durable yet.
#[derive(Debug)]
pub(crate) struct StagedChange {
    /// The change.
    pub(crate) change: Followed,
    /// The chunk it will be stored as.
    pub(crate) chunk: Chunk,
    /// Who brought it: the first, and whoever has come with the same change since.
    pub(crate) from: Vec<ConnectionId>,
    /// The evidence of it.
    pub(crate) receipt: Receipt,
}

/// Of a staged change, what later ones ask for.
#[derive(Debug)]
struct StagedPast {
    actor: ActorId,
    sequence: u64,
}

/// The staged changes of one document, each after what it depends on.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    in_flight: Option<(RequestId, Vec<StagedChange>)>,
    next: Vec<StagedChange>,
    /// The staged changes.
    pasts: BTreeMap<ChangeHash, StagedPast>,
    /// The staged changes that no other depends on, and everything that staged changes depend on.
    heads: BTreeSet<ChangeHash>,
    built_on: BTreeSet<ChangeHash>,
    bytes: usize,
}

impl Staged {
    /// Adds a change to the next write.
    pub(crate) fn add(&mut self, staged: StagedChange) {
        let header = staged.change.header();
        let (actor, sequence) = (header.actor.clone(), header.sequence);
        self.pasts.insert(header.hash, StagedPast { actor, sequence });
        for dependency in &header.dependencies {
            self.heads.remove(dependency);
            self.built_on.insert(*dependency);
        }
        self.heads.insert(header.hash);
        self.bytes += staged.change.bytes().len();
        self.next.push(staged);
    }

    /// How many heads a document with these durable heads has when everything staged is durable.
    pub(crate) fn heads_with<'a>(&self, durable: impl Iterator<Item = &'a ChangeHash>) -> usize {
        let stays = |head: &&ChangeHash| !self.built_on.contains(*head) && !self.heads.contains(*head);
        self.heads.len() + durable.filter(stays).count()
    }

    /// Whether a change, which may be a head of what is durable, is one when everything staged is durable.
    pub(crate) fn is_head(&self, hash: &ChangeHash, is_durable_head: bool) -> bool {
        self.heads.contains(hash) || (is_durable_head && !self.built_on.contains(hash))
    }

    /// How many staged changes there are that no other depends on.
    pub(crate) fn heads(&self) -> usize {
        self.heads.len()
    }

    /// Somebody comes with a change that is staged already; `false` if it is not. If the write fails, it is lost for
    /// that peer too: Automerge sends nothing twice on one connection.
    pub(crate) fn add_sender(&mut self, hash: &ChangeHash, connection: ConnectionId) -> bool {
        if !self.contains(hash) {
            return false;
        }
        let in_flight = self.in_flight.iter_mut().flat_map(|(_, changes)| changes);
        let staged = in_flight.chain(&mut self.next).find(|staged| staged.change.header().hash == *hash);
        if let Some(staged) = staged.filter(|staged| !staged.from.contains(&connection)) {
            staged.from.push(connection);
        }
        true
    }

    /// Whether this change is staged.
    pub(crate) fn contains(&self, hash: &ChangeHash) -> bool {
        self.pasts.contains_key(hash)
    }

    /// Who wrote a staged change, and its number among the changes of that actor.
    pub(crate) fn name(&self, hash: &ChangeHash) -> Option<(&ActorId, u64)> {
        self.pasts.get(hash).map(|past| (&past.actor, past.sequence))
    }

    /// How many changes are staged.
    pub(crate) fn changes(&self) -> usize {
        self.pasts.len()
    }

    /// Their bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether nothing is staged.
    pub(crate) fn is_empty(&self) -> bool {
        self.pasts.is_empty()
    }

    /// What to write now: nothing while a write is in flight.
    pub(crate) fn ready(&self) -> &[StagedChange] {
        if self.in_flight.is_some() { &[] } else { &self.next }
    }

    /// Everything that is ready has been handed to the disk under this name.
    pub(crate) fn took_off(&mut self, request: RequestId) {
        self.in_flight = Some((request, std::mem::take(&mut self.next)));
    }

    /// Whether `request` is the write in flight.
    pub(crate) fn is_in_flight(&self, request: RequestId) -> bool {
        self.in_flight.as_ref().is_some_and(|(in_flight, _)| *in_flight == request)
    }

    /// The write in flight is durable: its changes.
    pub(crate) fn landed(&mut self) -> Vec<StagedChange> {
        let landed = self.in_flight.take().map(|(_, changes)| changes).unwrap_or_default();
        for staged in &landed {
            self.pasts.remove(&staged.change.header().hash);
            self.bytes -= staged.change.bytes().len();
        }
        if self.pasts.is_empty() {
            self.heads.clear();
            self.built_on.clear();
        }
        landed
    }

    /// The write in flight failed. What is staged after it may depend on it, so everything goes.
    pub(crate) fn crashed(&mut self) -> Vec<StagedChange> {
        let Self { in_flight, mut next, .. } = std::mem::take(self);
        let mut lost = in_flight.map(|(_, changes)| changes).unwrap_or_default();
        lost.append(&mut next);
        lost
    }
}
