//! Many stored chunks become one.
//!
//! A snapshot replaces exactly the chunks that were loaded to make it, and only those whose every change has been found
//! again in a document loaded from the snapshot's own bytes. Both happen in one batch: see [`store::Batch`] for what two
//! would lose. The plan needs nothing but what was loaded, so that it can be made in a worker.

use crate::opening::{self, hashes_in, hashes_of};
use guard::Limits;
use ids::{ActorId, DocumentId, Heads};
use std::collections::BTreeSet;
use store::{Batch, Chunk, ChunkKind, Loaded, LoadedKey};
use sync::{fenced, heads_of};

/// As many incremental chunks are left alone: reading them costs less than replacing them.
pub const INCREMENTALS_MAX: usize = 64;

/// The batch that replaces what was loaded by one snapshot; `None` when there are few chunks, or when the snapshot
/// would not hold everything.
pub fn plan_compaction(document: DocumentId, loaded: &Loaded) -> Option<Batch> {
    let incrementals = loaded.of_kind(ChunkKind::Incremental).count();
    let snapshots = loaded.of_kind(ChunkKind::Snapshot).count();
    if incrementals <= INCREMENTALS_MAX && snapshots <= 1 {
        return None;
    }
    // An actor is needed to hold a document and leaves no trace in it when nothing is written.
    let reader = ActorId::new([0; 16]);
    let opened = opening::open(loaded, &reader).ok()?.document;
    let opened = opened.get();
    let snapshot = Chunk::new(document, ChunkKind::Snapshot, fenced(|| opened.save()).ok()?);

    let proof = fenced(|| workspace::load([snapshot.bytes().as_ref()], &reader)).ok()?.ok()?;
    if heads_of(&proof) != heads_of(opened) {
        return None;
    }
    let present = hashes_of(&proof);
    let covered: Vec<LoadedKey> = loaded
        .chunks
        .iter()
        .filter(|chunk| chunk.key().kind != ChunkKind::Index && is_covered(chunk, &present))
        .map(Chunk::loaded_key)
        .filter(|key| key.key() != snapshot.key())
        .collect();
    (!covered.is_empty()).then(|| Batch::replace([snapshot], covered))
}

fn is_covered(chunk: &Chunk, present: &BTreeSet<ids::ChangeHash>) -> bool {
    let Ok(chunks) = guard::read_chunks(chunk.bytes(), &Limits::CLIENT) else { return false };
    chunks.iter().flat_map(hashes_in).collect::<Heads>().iter().all(|hash| present.contains(hash))
}
