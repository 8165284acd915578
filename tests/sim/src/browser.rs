//! One browser of one person: its clock, its network, its store and what was promised about the store.

use crate::{
    agenda::Moment,
    chance::Stream,
    clock::Clock,
    materialise,
    promise::{Outcome, Promise},
    tab::TabId,
};
use client::RequestId;
use ids::{ChangeHash, DocumentId};
use pollster::block_on;
use relay::Access;
use std::collections::{BTreeSet, VecDeque};
use store::{Batch, Chunk, ChunkStore, Loaded, MemoryStore, StoreError};

/// A transaction that has not ended. Those of one store end in the order in which they began.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) tab: TabId,
    pub(crate) request: RequestId,
    pub(crate) batch: Batch,
    pub(crate) fate: Fate,
    /// Whether the tab still waits for the answer.
    pub(crate) is_awaited: bool,
}

/// How a transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Completes,
    /// It fails, and says so.
    Fails,
    /// It completes, and its answer is an error.
    Lies,
    /// Its tab died before it was committed.
    Lost,
}

/// The browser.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) clock: Clock,
    /// Nothing goes in or out before this moment.
    pub(crate) offline_until: Moment,
    /// What the relay allows; nothing when the member was removed.
    pub(crate) grant: Option<Access>,
    pub(crate) store: MemoryStore,
    /// The changes in completed transactions.
    pub(crate) stored: BTreeSet<ChangeHash>,
    /// Changes that some tab has said to be saved.
    pub(crate) promised: BTreeSet<ChangeHash>,
    pub(crate) pending: VecDeque<Pending>,
    pub(crate) last_write: Moment,
    /// The store misbehaves until this moment.
    pub(crate) failing_until: Moment,
    pub(crate) chance: Stream,
}

impl Browser {
    pub(crate) fn new(clock: Clock, grant: Access, chance: Stream) -> Self {
        Self {
            clock,
            offline_until: 0,
            grant: Some(grant),
            store: MemoryStore::new(),
            stored: BTreeSet::new(),
            promised: BTreeSet::new(),
            pending: VecDeque::new(),
            last_write: 0,
            failing_until: 0,
            chance,
        }
    }

    pub(crate) fn load(&self, document: DocumentId) -> Result<Loaded, StoreError> {
        block_on(self.store.load(document))
    }

    /// One completed transaction.
    pub(crate) fn commit(&mut self, document: DocumentId, batch: Batch) -> Outcome {
        let puts: Vec<Chunk> = batch.puts.clone();
        let deletes = !batch.deletes.is_empty();
        if let Err(error) = block_on(self.store.apply(batch)) {
            return Promise::SavedHere.broken(format!("the store in memory failed: {error}"));
        }
        if deletes {
            return self.recount(document);
        }
        for chunk in &puts {
            match guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT) {
                Ok(chunks) => self.stored.extend(chunks.iter().flat_map(hashes_in)),
                Err(why) => return Promise::SavedHere.broken(format!("a chunk that cannot be read: {why}")),
            }
        }
        Ok(())
    }

    /// Everything is gone, and with it every promise.
    pub(crate) fn evict(&mut self) {
        self.store = MemoryStore::new();
        self.stored.clear();
        self.pending.iter_mut().for_each(|pending| pending.fate = Fate::Lost);
        self.promised.clear();
    }

    fn recount(&mut self, document: DocumentId) -> Outcome {
        let loaded = self.load(document).map_err(|error| error.to_string());
        match loaded.and_then(|loaded| stored_hashes(&loaded)) {
            Ok(hashes) => {
                self.stored = hashes;
                Ok(())
            }
            Err(why) => Promise::SavedHere.broken(format!("the store cannot be read back: {why}")),
        }
    }
}

/// Every change in stored chunks, whether or not its past is there: a browser may hold orphans.
fn stored_hashes(loaded: &Loaded) -> Result<BTreeSet<ChangeHash>, String> {
    let mut hashes = BTreeSet::new();
    for chunk in &loaded.chunks {
        if chunk.key().kind == store::ChunkKind::Snapshot {
            let one = Loaded { chunks: vec![chunk.clone()], corrupt: Vec::new() };
            hashes.extend(materialise::hashes(&materialise::build(&one)?));
        } else {
            let chunks = guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT);
            hashes.extend(chunks.map_err(|why| why.to_string())?.iter().flat_map(hashes_in));
        }
    }
    Ok(hashes)
}

/// The changes in a chunk, for a document chunk by loading it.
pub(crate) fn hashes_in(chunk: &guard::Chunk) -> Vec<ChangeHash> {
    match chunk {
        guard::Chunk::Change(change) => vec![change.header.hash],
        guard::Chunk::Document(document) => automerge::Automerge::load(&document.bytes)
            .map(|document| materialise::hashes(&document).into_iter().collect())
            .unwrap_or_default(),
    }
}
