//! From stored chunks to a document.
//!
//! What is stored is what this browser wrote, and still not trusted: a disk errs, an older version may have written
//! it, and the changes in it were made by others. Every chunk passes the guard; what cannot be used is counted and left
//! where it is; the rest opens.

use automerge::Automerge;
use bytes::Bytes;
use guard::Limits;
use ids::{ActorId, ChangeHash};
use std::collections::BTreeSet;
use store::{ChunkKind, Loaded};
use sync::{fenced, hash_from_automerge, try_on_copy};
use workspace::LoadError;

/// What opening found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Chunks read, corrupt ones included.
    pub chunks: usize,
    /// Chunks that could not be used: damaged, refused by the guard, or by Automerge.
    pub corrupt: usize,
    /// Changes that wait for others that are not here. The relay is asked for those.
    pub orphans: usize,
    /// Whether nothing was stored: a new device, or one whose store was wiped.
    pub empty: bool,
}

/// A document, as far as it could be built.
pub(crate) struct Opening {
    pub(crate) document: Automerge,
    pub(crate) report: OpenReport,
}

/// A stored chunk that the guard has passed.
struct Sound<'a> {
    bytes: &'a Bytes,
    chunks: Vec<guard::Chunk>,
}

/// Builds the document from what was loaded.
pub(crate) fn open(loaded: &Loaded, actor: &ActorId) -> Result<Opening, LoadError> {
    let mut report = OpenReport {
        chunks: loaded.chunks.len() + loaded.corrupt.len(),
        corrupt: loaded.corrupt.len(),
        empty: loaded.chunks.is_empty() && loaded.corrupt.is_empty(),
        ..OpenReport::default()
    };
    let stored = loaded.chunks.iter().filter(|chunk| chunk.key().kind != ChunkKind::Index);
    let mut sound = Vec::new();
    for bytes in stored.map(store::Chunk::bytes) {
        match guard::read_chunks(bytes, &Limits::CLIENT) {
            Ok(chunks) => sound.push(Sound { bytes, chunks }),
            Err(_) => report.corrupt += 1,
        }
    }
    // A document chunk at the front is taken as it is; anywhere else it is taken apart into its changes.
    sound.sort_by_key(|chunk| !matches!(chunk.chunks.first(), Some(guard::Chunk::Document(_))));
    if let Some(document) = at_once(&sound, actor) {
        let missing = Missing::of(&sound, &document);
        if missing.lost == 0 {
            report.orphans = missing.orphans;
            return Ok(Opening { document, report });
        }
    }
    let (document, refused) = one_by_one(&sound, actor)?;
    let missing = Missing::of(&sound, &document);
    report.orphans = missing.orphans;
    report.corrupt += refused.max(usize::from(missing.lost > 0));
    Ok(Opening { document, report })
}

/// Every change of a document.
pub(crate) fn hashes_of(document: &Automerge) -> BTreeSet<ChangeHash> {
    document.get_changes_meta(&[]).iter().map(|change| hash_from_automerge(&change.hash)).collect()
}

/// The change of a change chunk, the heads of a document chunk: all of them present means that the chunk is.
pub(crate) fn hashes_in(chunk: &guard::Chunk) -> Vec<ChangeHash> {
    match chunk {
        guard::Chunk::Change(change) => vec![change.header.hash],
        guard::Chunk::Document(document) => document.heads.iter().copied().collect(),
    }
}

/// Changes that are in the chunks and not in the document.
#[derive(Default)]
struct Missing {
    /// Because others they depend on are not here.
    orphans: usize,
    /// For no good reason: Automerge passes over what it cannot use without a word.
    lost: usize,
}

impl Missing {
    fn of(sound: &[Sound<'_>], document: &Automerge) -> Self {
        let present = hashes_of(document);
        let mut missing = Self::default();
        for chunk in sound.iter().flat_map(|sound| &sound.chunks) {
            let absent = hashes_in(chunk).iter().filter(|hash| !present.contains(hash)).count();
            let waits = matches!(chunk, guard::Chunk::Change(change)
                if !change.header.dependencies.iter().all(|hash| present.contains(hash)));
            *(if waits { &mut missing.orphans } else { &mut missing.lost }) += absent;
        }
        missing
    }
}

/// The fast way: one load of everything. `None` when Automerge does not take it.
fn at_once(sound: &[Sound<'_>], actor: &ActorId) -> Option<Automerge> {
    let mut bytes = Vec::with_capacity(sound.iter().map(|chunk| chunk.bytes.len()).sum());
    sound.iter().for_each(|chunk| bytes.extend_from_slice(chunk.bytes));
    fenced(|| workspace::load([bytes.as_slice()], actor)).ok()?.ok()
}

/// The patient way: one load for each chunk, so that a bad one costs only itself. Returns how many were refused.
fn one_by_one(sound: &[Sound<'_>], actor: &ActorId) -> Result<(Automerge, usize), LoadError> {
    let mut document = workspace::new_document(actor)?;
    let mut refused = 0;
    for chunk in sound {
        let taken = try_on_copy(&mut document, |copy| copy.load_incremental(chunk.bytes));
        refused += usize::from(taken.is_err());
    }
    Ok((document, refused))
}
