//! The door of a document: which changes get in.
//!
//! The guard has checked that a change is well-formed; here it must also fit. Its past must be known, or it waits
//! as an orphan; and it must be the next change of its actor. A second change with the number of another would be
//! refused by every Automerge that has the first one, so accepting it would cut the document in two. And what its
//! operations refer to must be there and in its past: Automerge takes that for granted, and breaks.

use super::{
    followed::Followed,
    graph::Graph,
    orphans::Orphans,
    staged::{Sender, Staged, StagedChange},
    whereabouts::Whereabouts,
};
use crate::{config::Config, effect::Receipt};
use guard::{CheckedChange, Places};
use ids::{ActorId, ChangeHash, ConnectionId, DocumentId, Timestamp};
use std::collections::BTreeSet;
use store::{Chunk, ChunkKind};

/// What has arrived and is not durable.
#[derive(Debug, Default)]
pub(crate) struct Door {
    /// On its way to the disk.
    pub(crate) staged: Staged,
    /// Waiting for its past.
    pub(crate) orphans: Orphans<Sender>,
    /// How many changes may still be looked at to find out what is in the past of those of this delivery.
    steps: u64,
}

/// Steps through the past that one delivery may cost: some hundredths of a second. An honest change is a few steps away
/// from what is known to be in its past.
const STEPS_MAX: u64 = 1 << 20;

/// Where changes are to be let in.
pub(crate) struct Threshold<'a> {
    pub(crate) document: DocumentId,
    /// The durable changes.
    pub(crate) graph: &'a Graph,
    /// Where the operations of all changes are, those of the graph and the staged ones.
    pub(crate) places: &'a mut Places,
    /// Bytes that they take in the store.
    pub(crate) stored_bytes: usize,
    pub(crate) now: Timestamp,
    pub(crate) config: &'a Config,
}

/// Changes that did not get in, by the connections that brought them.
pub(crate) type Refusals = Vec<(ConnectionId, Refusal)>;

/// A change that does not get in. Its sender is to blame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It contradicts its past: it is not the next change of its actor, say, or refers to what is not there.
    #[error("change {hash} does not fit what is known: {why}")]
    Misfit {
        /// The change.
        hash: ChangeHash,
        /// Why.
        why: guard::Rejection,
    },
    /// The document has reached its limit.
    #[error("the document is full: it has reached {what}")]
    Full {
        /// The limit.
        what: &'static str,
    },
    /// Too many changes without their past.
    #[error("too many changes arrived without what they depend on")]
    Orphans,
}

impl Refusal {
    /// A short name for metrics and logs, never changed.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Misfit { why, .. } => why.code(),
            Self::Full { .. } => "document-full",
            Self::Orphans => "orphans",
        }
    }
}

impl Door {
    /// Whether this change has arrived, durable or not.
    pub(crate) fn has(&self, graph: &Graph, hash: &ChangeHash) -> bool {
        graph.contains(hash) || self.staged.contains(hash) || self.orphans.contains(hash)
    }

    /// Lets in what fits, up to the first change of `sender` that does not. What came before it stays in, and so does
    /// what others have sent: their orphans, when this delivery brings what those waited for.
    pub(crate) fn admit(
        &mut self,
        to: &mut Threshold<'_>,
        changes: impl IntoIterator<Item = CheckedChange>,
        sender: &Sender,
    ) -> Refusals {
        let mut refusals = Refusals::new();
        self.steps = STEPS_MAX;
        for change in changes {
            let hash = change.header.hash;
            if to.graph.contains(&hash) || self.staged.add_sender(&hash, sender.connection) {
                continue;
            }
            let graph = to.graph;
            let known = |hash: &ChangeHash| graph.contains(hash) || self.staged.contains(hash);
            if change.header.dependencies.iter().all(known) {
                self.stage_with_dependents(to, change, vec![sender.clone()], &mut refusals);
            } else {
                self.orphans.keep(change, sender.clone(), known);
                let (count, bytes) = self.orphans.held_for(sender.connection);
                if count > to.config.orphans_per_peer || bytes > to.config.orphan_bytes_per_peer {
                    refusals.push((sender.connection, Refusal::Orphans));
                }
            }
            if refusals.iter().any(|(refused, _)| *refused == sender.connection) {
                break;
            }
        }
        refusals
    }

    /// A change became durable without passing this door (it was on the disk, waiting for its past): lets in the
    /// orphans that waited for it.
    pub(crate) fn arrived(&mut self, to: &mut Threshold<'_>, hash: &ChangeHash) -> Refusals {
        let mut refusals = Refusals::new();
        self.steps = STEPS_MAX;
        for (change, senders) in self.release(to.graph, hash) {
            self.stage_with_dependents(to, change, senders, &mut refusals);
        }
        refusals
    }

    /// A write failed: nothing that is staged will be durable. Who had a part in it.
    pub(crate) fn crashed(&mut self, whereabouts: &mut Whereabouts) -> BTreeSet<ConnectionId> {
        let lost = self.staged.crashed();
        if let Some(places) = whereabouts.known() {
            lost.iter().rev().for_each(|staged| places.forget(staged.change.header()));
        }
        lost.into_iter().flat_map(|staged| staged.from).collect()
    }

    fn stage_with_dependents(
        &mut self,
        to: &mut Threshold<'_>,
        change: CheckedChange,
        senders: Vec<Sender>,
        refusals: &mut Refusals,
    ) {
        let mut waiting = vec![(change, senders)];
        while let Some((change, senders)) = waiting.pop() {
            let hash = change.header.hash;
            let from: Vec<ConnectionId> = senders.iter().map(|sender| sender.connection).collect();
            match self.stage(to, change, senders) {
                Ok(()) => waiting.extend(self.release(to.graph, &hash)),
                Err(refusal) => {
                    refusals.extend(from.into_iter().map(|connection| (connection, refusal.clone())));
                }
            }
        }
    }

    fn release(&mut self, graph: &Graph, arrived: &ChangeHash) -> Vec<(CheckedChange, Vec<Sender>)> {
        if self.orphans.is_empty() {
            return Vec::new();
        }
        let known = |hash: &ChangeHash| graph.contains(hash) || self.staged.contains(hash);
        self.orphans.release(arrived, known)
    }

    /// A change takes the place of the heads it stands on; on top of an old version it is one head more.
    fn has_room_for_head(&self, to: &Threshold<'_>, change: &CheckedChange) -> bool {
        let (graph, max) = (to.graph, to.config.heads_per_document);
        if graph.heads().len() + self.staged.heads() < max {
            return true;
        }
        let named = |position: &u32| graph.hash(*position);
        let heads = self.staged.heads_with(graph.heads().iter().filter_map(named));
        let is_head = |hash: &&ChangeHash| {
            let position = graph.position(hash);
            self.staged.is_head(hash, position.is_some_and(|position| graph.heads().contains(&position)))
        };
        heads - change.header.dependencies.iter().filter(is_head).count() < max
    }

    fn stage(
        &mut self,
        to: &mut Threshold<'_>,
        change: CheckedChange,
        senders: Vec<Sender>,
    ) -> Result<(), Refusal> {
        let Some(first) = senders.first() else { return Ok(()) };
        let header = &change.header;
        if to.graph.len() as usize + self.staged.changes() >= to.config.changes_per_document {
            return Err(Refusal::Full { what: "its number of changes" });
        }
        if !self.has_room_for_head(to, &change) {
            return Err(Refusal::Full { what: "its number of versions that nobody has merged" });
        }
        if to.stored_bytes + self.staged.bytes() + change.bytes.len() > to.config.bytes_per_document {
            return Err(Refusal::Full { what: "its size" });
        }
        let hash = header.hash;
        let Self { staged, steps, .. } = self;
        let name = |hash: &ChangeHash| match to.graph.position(hash) {
            Some(position) => to.graph.name(position),
            None => staged.name(hash),
        };
        let dependencies: Vec<(&ActorId, u64)> = header.dependencies.iter().filter_map(name).collect();
        // The last check: it notes the change.
        let change = Followed::new(to.places, change, &dependencies, &to.config.chunks, steps)
            .map_err(|why| Refusal::Misfit { hash, why })?;
        let chunk = Chunk::new(to.document, ChunkKind::Incremental, change.bytes().clone());
        let receipt = Receipt {
            document: to.document,
            change: hash,
            member: first.member,
            device: first.device.clone(),
            received: to.now,
        };
        let from = senders.iter().map(|sender| sender.connection).collect();
        self.staged.add(StagedChange { change, chunk, from, receipt });
        Ok(())
    }
}
