//! The reference implementation: a map.

use crate::{Batch, ChunkKey, ChunkStore, CorruptChunk, Loaded, StoreError, codec};
use bytes::Bytes;
use ids::DocumentId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Chunks in memory, in their stored form, so that damage can be done to them. Clones share the same chunks.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    stored: Arc<Mutex<BTreeMap<ChunkKey, Bytes>>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the stored form under `key`, as damage or a later version would.
    pub fn overwrite(&self, key: ChunkKey, stored: impl Into<Bytes>) {
        self.lock().insert(key, stored.into());
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ChunkKey, Bytes>> {
        // No method leaves the map half changed, so a panic elsewhere has not spoilt it.
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChunkStore for MemoryStore {
    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let mut stored = self.lock();
        for deleted in batch.effective_deletes() {
            stored.remove(&deleted.key());
        }
        for chunk in batch.puts {
            stored.insert(chunk.key(), codec::encode(chunk.bytes()).into());
        }
        Ok(())
    }

    async fn load(&self, document: DocumentId) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        for (key, stored) in of_document(&self.lock(), document) {
            match codec::decode(*key, stored) {
                Ok(chunk) => loaded.chunks.push(chunk),
                Err(why) => loaded.corrupt.push(CorruptChunk { key: *key, why }),
            }
        }
        Ok(loaded)
    }

    async fn list(&self, document: DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
        let len = |stored: &Bytes| stored.len().saturating_sub(codec::stored_len(0)) as u64;
        Ok(of_document(&self.lock(), document).map(|(key, stored)| (*key, len(stored))).collect())
    }

    async fn documents(&self) -> Result<Vec<DocumentId>, StoreError> {
        let documents: BTreeSet<_> = self.lock().keys().map(|key| key.document).collect();
        Ok(documents.into_iter().collect())
    }
}

fn of_document(
    stored: &BTreeMap<ChunkKey, Bytes>,
    document: DocumentId,
) -> impl Iterator<Item = (&ChunkKey, &Bytes)> {
    stored.iter().filter(move |(key, _)| key.document == document)
}
