//! What the server does with Automerge for the relay: compacts a document, takes a document chunk apart. It mirrors
//! `server/src/materialise.rs`, which a test room cannot import from a binary.

use automerge::{Automerge, LoadOptions, OnPartialLoad, VerificationMode};
use bytes::Bytes;
use ids::{ActorId, ChangeHash, DocumentId, Heads};
use relay::{Compacted, CompactionError, IndexedChange, SplitError};
use std::collections::BTreeSet;
use store::{Chunk, ChunkKind, Loaded};

/// The document of what is stored.
///
/// # Errors
/// They name what cannot be used.
pub fn build(loaded: &Loaded) -> Result<Automerge, String> {
    if let Some(corrupt) = loaded.corrupt.first() {
        return Err(format!("chunk {} is damaged", corrupt.key));
    }
    let mut bytes = Vec::new();
    for kind in [ChunkKind::Snapshot, ChunkKind::Incremental] {
        for chunk in loaded.of_kind(kind) {
            guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT)
                .map_err(|why| format!("chunk {}: {why}", chunk.key()))?;
            bytes.extend_from_slice(chunk.bytes());
        }
    }
    load(&bytes)
}

/// The changes of a document.
pub fn hashes(document: &Automerge) -> BTreeSet<ChangeHash> {
    document.get_changes_meta(&[]).iter().map(|change| ChangeHash(change.hash.0)).collect()
}

/// The heads of a document.
pub fn heads(document: &Automerge) -> Heads {
    document.get_heads().into_iter().map(|hash| ChangeHash(hash.0)).collect()
}

/// A new snapshot of what is stored, loaded again before it counts.
pub fn compact(document: DocumentId, loaded: &Loaded) -> Result<Box<Compacted>, CompactionError> {
    let doc = build(loaded).map_err(CompactionError::Failed)?;
    let saved = doc.save();
    let again = load(&saved).map_err(CompactionError::Failed)?;
    if heads(&again) != heads(&doc) {
        return Err(CompactionError::OtherHeads);
    }
    let changes: Vec<IndexedChange> = again
        .get_changes_meta(&[])
        .iter()
        .map(|change| IndexedChange {
            hash: ChangeHash(change.hash.0),
            dependencies: change.deps.iter().map(|hash| ChangeHash(hash.0)).collect(),
            actor: ActorId::new(change.actor.to_bytes()),
            sequence: change.seq,
            last_op: change.max_op,
        })
        .collect();
    let read = loaded.chunks.iter().map(Chunk::loaded_key);
    Compacted::new(document, saved, changes, read, &guard::Limits::CLIENT).map(Box::new)
}

/// The changes of a document chunk, each as a chunk of its own.
pub fn split(chunk: &Bytes) -> Result<Vec<Bytes>, SplitError> {
    let doc = load(chunk).map_err(SplitError)?;
    Ok(doc.get_changes(&[]).iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect())
}

fn load(bytes: &[u8]) -> Result<Automerge, String> {
    let options =
        LoadOptions::new().on_partial_load(OnPartialLoad::Error).verification_mode(VerificationMode::Check);
    Automerge::load_with_options(bytes, options).map_err(|error| error.to_string())
}
