//! Changes that come from somewhere else, and the bytes they leave behind.

use crate::opening::{hashes_in, hashes_of};
use automerge::{Automerge, Patch, PatchLog, ReadDoc};
use bytes::Bytes;
use guard::{Limits, Rejection};
use ids::{ChangeHash, Heads};
use std::collections::BTreeSet;
use store::{ChunkKind, Loaded};
use sync::{
    Received, Unusable, hash_from_automerge, hash_to_automerge, heads_of, heads_to_automerge, try_on_copy,
};

/// What stored bytes did to the document.
pub(crate) struct Arrival {
    pub(crate) before: Heads,
    pub(crate) patches: Vec<Patch>,
    /// Changes that became part of the document.
    pub(crate) changes: Vec<ChangeHash>,
    /// Changes that the bytes carry, known before or not.
    pub(crate) carried: BTreeSet<ChangeHash>,
    /// Some of them wait for others that are not here.
    pub(crate) incomplete: bool,
}

/// Why stored bytes were not applied. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTaken {
    /// The guard did not let them through.
    #[error(transparent)]
    Refused(#[from] Rejection),
    /// Automerge did not digest them.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

/// Applies bytes that are durable on this device already.
pub(crate) fn apply_stored(document: &mut Automerge, stored: &[Bytes]) -> Result<Arrival, NotTaken> {
    let mut carried = BTreeSet::new();
    for bytes in stored {
        carried.extend(guard::read_chunks(bytes, &Limits::CLIENT)?.iter().flat_map(hashes_in));
    }
    let before = heads_of(document);
    let together = stored.concat();
    let patches = try_on_copy(document, |copy| {
        let mut log = PatchLog::active();
        copy.load_incremental_log_patches(&together, &mut log)?;
        Ok(copy.make_patches(&mut log))
    })?;
    let changes = changes_since(document, &before);
    let incomplete = carried.iter().any(|hash| !knows(document, hash));
    Ok(Arrival { before, patches, changes, carried, incomplete })
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
///
/// Changes that still wait for others are written too. They are not asked for again once their own dependencies have
/// come, so that forgetting them would leave a hole in what is stored.
pub(crate) fn entries_of(document: &Automerge, received: &Received) -> Vec<(Vec<ChangeHash>, Bytes)> {
    let mut applied: BTreeSet<ChangeHash> = received.changes.iter().copied().collect();
    let mut entries = Vec::new();
    for chunk in &received.chunks {
        if let guard::Chunk::Change(change) = chunk {
            let hash = change.header.hash;
            if applied.remove(&hash) || !knows(document, &hash) {
                entries.push((vec![hash], change.bytes.clone()));
            }
        }
    }
    // The changes of a document chunk are not listed in it: what came and was in no change chunk came with it.
    for chunk in &received.chunks {
        if let guard::Chunk::Document(whole) = chunk
            && !applied.is_empty()
        {
            entries.push((std::mem::take(&mut applied).into_iter().collect(), whole.bytes.clone()));
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

fn changes_since(document: &Automerge, before: &Heads) -> Vec<ChangeHash> {
    let changes = document.get_changes_meta(&heads_to_automerge(before));
    changes.iter().map(|change| hash_from_automerge(&change.hash)).collect()
}

fn knows(document: &Automerge, hash: &ChangeHash) -> bool {
    document.get_change_meta_by_hash(&hash_to_automerge(hash)).is_some()
}
