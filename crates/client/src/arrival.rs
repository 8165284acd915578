//! Changes that come from somewhere else, and the bytes they leave behind.

use crate::opening::{hashes_in, hashes_of};
use automerge::{Automerge, ReadDoc};
use bytes::Bytes;
use guard::{Chunk, Limits};
use ids::ChangeHash;
use std::collections::BTreeSet;
use store::{ChunkKind, Loaded};
use sync::{GuardedDocument, NotTaken, Received, Taken, hash_to_automerge};

/// What stored bytes did to the document.
pub(crate) struct Arrival {
    pub(crate) taken: Taken,
    /// Changes that the bytes carry, known before or not.
    pub(crate) carried: BTreeSet<ChangeHash>,
    /// Some of them are not in the document: they wait for others that are not here.
    pub(crate) incomplete: bool,
}

/// Applies bytes that are durable on this device already. The guard looks at them again: another version of this
/// program may have written them.
pub(crate) fn apply_stored(document: &mut GuardedDocument, stored: &[Bytes]) -> Result<Arrival, NotTaken> {
    let mut chunks = Vec::new();
    for bytes in stored {
        chunks.extend(guard::read_chunks(bytes, &Limits::CLIENT)?);
    }
    let taken = document.take(&chunks)?;
    let carried: BTreeSet<ChangeHash> = chunks.iter().flat_map(hashes_in).collect();
    let incomplete = carried.iter().any(|hash| !document.has(hash));
    Ok(Arrival { taken, carried, incomplete })
}

/// Stored chunks that hold something the document does not have. Those that the guard refuses are passed over.
pub(crate) fn unknown_chunks(document: &Automerge, loaded: &Loaded) -> Vec<Bytes> {
    let present = hashes_of(document);
    let unknown = |bytes: &&Bytes| {
        guard::read_chunks(bytes, &Limits::CLIENT)
            .is_ok_and(|chunks| chunks.iter().flat_map(hashes_in).any(|hash| !present.contains(&hash)))
    };
    let stored = loaded.chunks.iter().filter(|chunk| chunk.key().kind != ChunkKind::Index);
    stored.map(store::Chunk::bytes).filter(unknown).cloned().collect()
}

/// What to write of a sync message: the chunks that brought something, each with the changes it brought.
pub(crate) fn entries_of(received: &Received) -> Vec<(Vec<ChangeHash>, Bytes)> {
    let mut brought: BTreeSet<ChangeHash> = received.changes.iter().copied().collect();
    let mut entries = Vec::new();
    for chunk in &received.chunks {
        if let Chunk::Change(change) = chunk
            && brought.remove(&change.header.hash)
        {
            entries.push((vec![change.header.hash], change.bytes.clone()));
        }
    }
    // The changes of a document chunk are not listed in it: what came and was in no change chunk came with it.
    for chunk in &received.chunks {
        if let Chunk::Document(whole) = chunk
            && !brought.is_empty()
        {
            entries.push((std::mem::take(&mut brought).into_iter().collect(), whole.bytes.clone()));
        }
    }
    entries
}

/// The bytes of one change of the document.
pub(crate) fn change_bytes(document: &Automerge, hash: &ChangeHash) -> Bytes {
    match document.get_change_by_hash(&hash_to_automerge(hash)) {
        Some(change) => Bytes::copy_from_slice(change.raw_bytes()),
        // Whoever has just made a change has it; should that ever fail, the whole document holds it too.
        None => document.save().into(),
    }
}
