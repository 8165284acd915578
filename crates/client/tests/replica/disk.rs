//! The store of one browser: what a completed transaction left, and nothing else.

use bytes::Bytes;
use std::collections::BTreeMap;
use store::{Batch, Chunk, ChunkKey, CorruptChunk, Corruption, Loaded, StoreError};

#[derive(Default)]
pub(crate) struct Disk {
    chunks: BTreeMap<ChunkKey, Bytes>,
    pub(crate) damaged: Vec<ChunkKey>,
    pub(crate) writes: usize,
}

impl Disk {
    /// One transaction, completed.
    pub(crate) fn commit(&mut self, batch: &Batch) {
        self.writes += 1;
        for chunk in &batch.puts {
            self.chunks.insert(chunk.key(), chunk.bytes().clone());
        }
        for key in batch.effective_deletes() {
            self.chunks.remove(&key.key());
        }
    }

    pub(crate) fn load(&self) -> Loaded {
        let mut loaded = Loaded::default();
        for (key, bytes) in &self.chunks {
            if self.damaged.contains(key) {
                loaded.corrupt.push(CorruptChunk { key: *key, why: Corruption::Hash });
            } else {
                loaded.chunks.push(Chunk::checked(*key, bytes.clone()).unwrap());
            }
        }
        loaded
    }

    /// Puts a chunk there that no replica wrote.
    pub(crate) fn plant(&mut self, chunk: &Chunk) {
        self.chunks.insert(chunk.key(), chunk.bytes().clone());
    }

    pub(crate) fn keys(&self) -> Vec<ChunkKey> {
        self.chunks.keys().copied().collect()
    }

    pub(crate) fn wipe(&mut self) {
        self.chunks.clear();
    }
}

pub(crate) fn full() -> StoreError {
    StoreError::Full { doing: "writing changes".into(), cause: "QuotaExceededError".into() }
}

pub(crate) fn failing() -> StoreError {
    StoreError::Io { doing: "writing changes".into(), cause: "UnknownError".into() }
}
