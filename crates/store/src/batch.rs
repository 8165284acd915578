//! Puts and deletes that stand or fall together.

use crate::{Chunk, LoadedKey};
use std::collections::BTreeSet;

/// What one transaction changes.
///
/// A compaction belongs into *one* batch: the snapshot, and the deletion of everything the snapshot covers. In two
/// batches it can lose a document. Say two snapshots S and T cover the same changes; one compactor keeps S and drops
/// T, another keeps T and drops S. Both puts change nothing (their chunk is there already), then both deletes
/// succeed, and nothing is left. In one batch the put happens in the same instant as the delete and restores what
/// the other compactor dropped. A test in this file holds both halves of that sentence.
///
/// A key that is both put and deleted stays: a compactor whose snapshot has the same bytes as one it loaded must not
/// delete its own result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Chunks to keep. Those already stored cost nothing.
    pub puts: Vec<Chunk>,
    /// Chunks to drop. Those already gone cost nothing.
    pub deletes: Vec<LoadedKey>,
}

impl Batch {
    /// A batch that only keeps.
    pub fn put(puts: impl IntoIterator<Item = Chunk>) -> Self {
        Self { puts: puts.into_iter().collect(), deletes: Vec::new() }
    }

    /// A batch that replaces what was loaded by what covers it.
    pub fn replace(
        puts: impl IntoIterator<Item = Chunk>,
        loaded: impl IntoIterator<Item = LoadedKey>,
    ) -> Self {
        Self { puts: puts.into_iter().collect(), deletes: loaded.into_iter().collect() }
    }

    /// Whether applying it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.deletes.is_empty()
    }

    /// Total length of the chunks to keep, in bytes.
    pub fn put_bytes(&self) -> usize {
        self.puts.iter().map(|chunk| chunk.bytes().len()).sum()
    }

    /// The deletes a store carries out: those of keys that the batch does not put. Ascending, without duplicates.
    pub fn effective_deletes(&self) -> impl Iterator<Item = LoadedKey> {
        let put: BTreeSet<_> = self.puts.iter().map(Chunk::loaded_key).collect();
        let deleted: BTreeSet<_> = self.deletes.iter().copied().collect();
        deleted.into_iter().filter(move |key| !put.contains(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChunkKind, ChunkStore, MemoryStore};
    use ids::DocumentId;
    use pollster::block_on;

    const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

    fn snapshots() -> (Chunk, Chunk) {
        let snapshot = |text: &'static str| Chunk::new(DOCUMENT, ChunkKind::Snapshot, text.as_bytes());
        (snapshot("the same changes, one encoding"), snapshot("the same changes, another encoding"))
    }

    #[test]
    fn a_compaction_in_two_batches_can_lose_everything() {
        let store = MemoryStore::new();
        let (s, t) = snapshots();
        block_on(store.apply(Batch::put([s.clone(), t.clone()]))).unwrap();
        for batch in [
            Batch::put([s.clone()]),
            Batch::put([t.clone()]),
            Batch::replace([], [t.loaded_key()]),
            Batch::replace([], [s.loaded_key()]),
        ] {
            block_on(store.apply(batch)).unwrap();
        }
        assert!(block_on(store.load(DOCUMENT)).unwrap().chunks.is_empty());
    }

    #[test]
    fn a_compaction_in_one_batch_cannot() {
        let store = MemoryStore::new();
        let (s, t) = snapshots();
        block_on(store.apply(Batch::put([s.clone(), t.clone()]))).unwrap();
        for batch in
            [Batch::replace([s.clone()], [t.loaded_key()]), Batch::replace([t.clone()], [s.loaded_key()])]
        {
            block_on(store.apply(batch)).unwrap();
        }
        assert_eq!(block_on(store.load(DOCUMENT)).unwrap().chunks, [t]);
    }
}
