//! A snapshot in place of many changes.
//!
//! The relay decides when, somebody else builds the document (Automerge does, guarded, and off the event loop), and
//! the relay judges the result by what it knows: a snapshot replaces nothing that it does not contain. Writing it and
//! deleting what it replaces is one batch, so that there is no moment at which a change is stored nowhere.

use crate::{
    document::{
        bodies::{Bodies, Snapshot},
        graph::Graph,
        positions::Positions,
    },
    index::{Index, IndexError, IndexedChange},
};
use bytes::Bytes;
use guard::Places;
use ids::{DocumentId, Heads};
use std::collections::BTreeSet;
use store::{Batch, Chunk, ChunkKind, LoadedKey};

/// A snapshot made outside, ready to be judged. Making one is pure computation, meant for the thread that built the
/// document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compacted {
    snapshot: Chunk,
    index: Index,
    index_chunk: Chunk,
    read: BTreeSet<LoadedKey>,
}

/// Why there is no new snapshot. Everything stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompactionError {
    /// The document could not be built or saved, or its saved form could not be loaded again.
    #[error("the document could not be built, saved and loaded again: {0}")]
    Failed(String),
    /// The chunks could not be read.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The snapshot is not exactly one document chunk that the guard accepts.
    #[error("the snapshot is not one sound document chunk: {0}")]
    NotADocument(String),
    /// The changes listed are not those of the snapshot.
    #[error("the snapshot has other heads than the changes it is said to have")]
    OtherHeads,
    /// The changes listed do not make a graph.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The snapshot lacks changes that would be lost with what it replaces.
    #[error("the snapshot lacks {0} stored changes")]
    Lossy(u32),
}

impl Compacted {
    /// `snapshot` is what Automerge saved (compressed, without orphans), `changes` are its changes (those of
    /// `get_changes_meta(&[])`, in that order), and `read` the chunks it was built from.
    ///
    /// # Errors
    /// A snapshot that the guard refuses or that does not have the heads of the changes.
    pub fn new(
        document: DocumentId,
        snapshot: impl Into<Bytes>,
        changes: impl IntoIterator<Item = IndexedChange>,
        read: impl IntoIterator<Item = LoadedKey>,
        limits: &guard::Limits,
    ) -> Result<Self, CompactionError> {
        let snapshot = Chunk::new(document, ChunkKind::Snapshot, snapshot);
        // What would not be built upon after a restart is no snapshot.
        let (heads, _) = read_snapshot(&snapshot, limits).map_err(CompactionError::NotADocument)?;
        let index = Index::new(snapshot.key().hash, changes)?;
        if index.heads() != heads {
            return Err(CompactionError::OtherHeads);
        }
        let index_chunk = Chunk::new(document, ChunkKind::Index, index.encode());
        Ok(Self { snapshot, index, index_chunk, read: read.into_iter().collect() })
    }
}

/// The heads of a snapshot, which is exactly one document chunk, and where its operations are.
pub(crate) fn read_snapshot(snapshot: &Chunk, limits: &guard::Limits) -> Result<(Heads, Places), String> {
    let (document, places) =
        Places::read(snapshot.bytes(), limits).map_err(|rejection| rejection.to_string())?;
    Ok((document.heads, places))
}

/// A compaction that may be carried out.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) snapshot: Snapshot,
    pub(crate) deletes: BTreeSet<LoadedKey>,
    index_chunk: Chunk,
}

impl Plan {
    /// Judges a snapshot: what it covers, and which of the chunks it was made from it replaces.
    pub(crate) fn judge(
        compacted: Compacted,
        graph: &Graph,
        bodies: &Bodies,
    ) -> Result<Self, CompactionError> {
        let Compacted { snapshot, index, index_chunk, read } = compacted;
        // Changes the graph does not know yet are on their way to it; their chunks stay until the next compaction.
        let mut positions: Vec<u32> = index.hashes().iter().filter_map(|hash| graph.position(hash)).collect();
        positions.sort_unstable();
        let covered = Positions::from_ascending(positions);
        if let Some(before) = bodies.snapshot() {
            let mut lost = before.covered.clone();
            lost.subtract(&covered);
            if !lost.is_empty() {
                return Err(CompactionError::Lossy(lost.count()));
            }
        }
        let snapshot = Snapshot { index: index_chunk.loaded_key(), chunk: snapshot, covered };
        let mut deletes: BTreeSet<LoadedKey> = bodies.keys().intersection(&read).copied().collect();
        for kept in bodies.tail_keys_outside(&snapshot.covered) {
            deletes.remove(&kept);
        }
        deletes.remove(&snapshot.chunk.loaded_key());
        deletes.remove(&snapshot.index);
        Ok(Self { snapshot, deletes, index_chunk })
    }

    /// What to write.
    pub(crate) fn batch(&self) -> Batch {
        let puts = [self.snapshot.chunk.clone(), self.index_chunk.clone()];
        Batch::replace(puts, self.deletes.iter().copied())
    }
}
