//! Where the bytes of each change are: in memory, because it is recent, or inside the stored snapshot.
//!
//! Also the book of what is stored: every stored chunk of the document is the snapshot, its index, the chunk of a
//! tail change, or one that the others cover. A compaction may delete only what stands in this book.

use super::positions::Positions;
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use store::{Chunk, LoadedKey};

/// The bytes of a document's durable changes.
#[derive(Debug, Default)]
pub(crate) struct Bodies {
    snapshot: Option<Snapshot>,
    tail: BTreeMap<u32, TailChange>,
    tail_bytes: usize,
    /// Changes of the snapshot whose bytes are at hand by themselves.
    spare: BTreeMap<u32, Bytes>,
    spare_bytes: usize,
    /// Stored chunks whose content is in other stored chunks.
    redundant: BTreeSet<LoadedKey>,
}

/// The stored snapshot.
#[derive(Debug)]
pub(crate) struct Snapshot {
    /// The document chunk.
    pub(crate) chunk: Chunk,
    /// The key of its index.
    pub(crate) index: LoadedKey,
    /// Which changes are in it.
    pub(crate) covered: Positions,
}

/// A change that is stored outside of the snapshot.
#[derive(Debug)]
struct TailChange {
    bytes: Bytes,
    stored: LoadedKey,
}

impl Bodies {
    /// Notes a durable change and the chunk it is stored in.
    pub(crate) fn add(&mut self, position: u32, bytes: Bytes, stored: LoadedKey) {
        self.tail_bytes += bytes.len();
        self.tail.insert(position, TailChange { bytes, stored });
    }

    /// Notes a stored chunk that says nothing new.
    pub(crate) fn add_redundant(&mut self, stored: LoadedKey) {
        self.redundant.insert(stored);
    }

    /// Notes bytes of changes of the snapshot.
    pub(crate) fn add_spare(&mut self, position: u32, bytes: Bytes) {
        self.spare_bytes += bytes.len();
        if let Some(before) = self.spare.insert(position, bytes) {
            self.spare_bytes -= before.len();
        }
    }

    /// The bytes of one change, if they are at hand.
    pub(crate) fn bytes(&self, position: u32) -> Option<&Bytes> {
        self.tail.get(&position).map(|change| &change.bytes).or_else(|| self.spare.get(&position))
    }

    /// The stored snapshot.
    pub(crate) fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }

    /// The changes outside of the snapshot, by position.
    pub(crate) fn tail(&self) -> impl Iterator<Item = (u32, &Bytes)> {
        self.tail.iter().map(|(position, change)| (*position, &change.bytes))
    }

    /// How many changes are stored outside of the snapshot.
    pub(crate) fn tail_changes(&self) -> usize {
        self.tail.len()
    }

    /// Their bytes.
    pub(crate) fn tail_bytes(&self) -> usize {
        self.tail_bytes
    }

    /// Bytes of the snapshot.
    pub(crate) fn snapshot_bytes(&self) -> usize {
        self.snapshot.as_ref().map_or(0, |snapshot| snapshot.chunk.bytes().len())
    }

    /// Bytes the document takes in the store, as far as they are needed.
    pub(crate) fn stored_bytes(&self) -> usize {
        self.tail_bytes + self.snapshot_bytes()
    }

    /// The chunks of the tail changes outside of `covered`: they are stored nowhere else.
    pub(crate) fn tail_keys_outside(&self, covered: &Positions) -> impl Iterator<Item = LoadedKey> {
        self.tail
            .iter()
            .filter(|(position, _)| !covered.contains(**position))
            .map(|(_, change)| change.stored)
    }

    /// The chunks of this book.
    pub(crate) fn keys(&self) -> BTreeSet<LoadedKey> {
        let snapshot = self.snapshot.iter().flat_map(|s| [s.chunk.loaded_key(), s.index]);
        let tail = self.tail.values().map(|change| change.stored);
        self.redundant.iter().copied().chain(snapshot).chain(tail).collect()
    }

    /// The first snapshot of a document being loaded.
    pub(crate) fn start_from(&mut self, snapshot: Snapshot) {
        self.snapshot = Some(snapshot);
    }

    /// A new snapshot is durable, and `deleted` is gone. Changes it covers stay at hand until [`trim`](Self::trim).
    pub(crate) fn replace(&mut self, snapshot: Snapshot, deleted: &BTreeSet<LoadedKey>) {
        let covered: Vec<u32> =
            self.tail.keys().copied().filter(|position| snapshot.covered.contains(*position)).collect();
        for position in covered {
            if let Some(change) = self.tail.remove(&position) {
                self.tail_bytes -= change.bytes.len();
                self.add_spare(position, change.bytes);
            }
        }
        self.redundant.retain(|key| !deleted.contains(key));
        self.snapshot = Some(snapshot);
    }

    /// Lets go of the oldest bytes that the snapshot has too, until at most `bytes_max` are left.
    pub(crate) fn trim(&mut self, bytes_max: usize) {
        while self.spare_bytes > bytes_max {
            let Some((_, bytes)) = self.spare.pop_first() else { return };
            self.spare_bytes -= bytes.len();
        }
    }
}
