//! What somebody knows who keeps no document: enough to tell whether a change can follow.

use bytes::Bytes;
use guard::{ChangeHeader, CheckedChange, Chunk, Limits, Past, Places, Rejection};
use ids::{ActorId, ChangeHash};
use std::collections::BTreeMap;

/// The change graph of a document and the places of its operations, as a relay keeps them.
#[derive(Clone, Debug, Default)]
pub struct Known {
    places: Places,
    changes: BTreeMap<ChangeHash, KnownChange>,
    sequences: BTreeMap<ActorId, u64>,
}

#[derive(Clone, Debug)]
struct KnownChange {
    actor: ActorId,
    sequence: u64,
    last_op: u64,
}

const LIMITS: Limits = Limits::RELAY;

impl Known {
    /// What is known of a document whose changes these are, each after what it depends on. A snapshot of it is given to
    /// [`load`](Self::load).
    pub fn of_changes<'a>(changes: impl IntoIterator<Item = &'a CheckedChange>) -> Self {
        let mut known = Self::default();
        changes.into_iter().for_each(|change| known.note(&change.header));
        known
    }

    /// The places alone.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Whether a change can follow, by what the change graph knows; one whose dependencies are missing has to wait, and
    /// does no harm.
    pub fn check(&self, chunk: &Chunk) -> Result<(), Rejection> {
        let Chunk::Change(CheckedChange { header, .. }) = chunk else { return Ok(()) };
        let last_ops: Option<Vec<u64>> =
            self.dependencies(header).map(|change| Some(change?.last_op)).collect();
        let Some(last_ops) = last_ops else { return Ok(()) };
        let past = Past {
            sequence: self.sequences.get(&header.actor).copied().unwrap_or(0),
            last_op: last_ops.into_iter().max().unwrap_or(0),
        };
        header.check_past(past, |actor| self.sequences.contains_key(actor))
    }

    /// Whether everything that a chunk refers to is there and in its past; it is noted then.
    pub fn follow(&mut self, chunk: &Chunk) -> Result<(), Rejection> {
        match chunk {
            Chunk::Change(change) => self.follow_change(change),
            Chunk::Document(document) => self.places.load(document, &LIMITS),
        }
    }

    /// The same of a change.
    pub fn follow_change(&mut self, change: &CheckedChange) -> Result<(), Rejection> {
        let known = self.dependencies(&change.header).flatten();
        let names: Vec<(ActorId, u64)> =
            known.map(|change| (change.actor.clone(), change.sequence)).collect();
        self.places.follow(change, &names, &LIMITS, &mut u64::MAX.clone())?;
        self.note(&change.header);
        Ok(())
    }

    /// Forgets the last change of its actor.
    pub fn forget(&mut self, change: &ChangeHeader) {
        self.places.forget(change);
        self.changes.remove(&change.hash);
        if let Some(last) = self.sequences.get_mut(&change.actor) {
            *last = change.sequence - 1;
        }
    }

    /// The changes of a chunk that was built by Automerge.
    pub fn read(chunk: &[u8]) -> Vec<Chunk> {
        guard::read_chunks(&Bytes::copy_from_slice(chunk), &LIMITS).unwrap()
    }

    fn dependencies(&self, header: &ChangeHeader) -> impl Iterator<Item = Option<&KnownChange>> {
        header.dependencies.iter().map(|hash| self.changes.get(hash))
    }

    fn note(&mut self, header: &ChangeHeader) {
        let change =
            KnownChange { actor: header.actor.clone(), sequence: header.sequence, last_op: header.last_op() };
        self.changes.insert(header.hash, change);
        self.sequences.insert(header.actor.clone(), header.sequence);
    }
}
