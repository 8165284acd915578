//! From stored chunks to a document.
//!
//! What is stored is what this browser wrote, and still not trusted: a disk errs, an older version may have written
//! it, and the changes in it were made by others. Every chunk passes the guard; what cannot be used is counted and left
//! where it is; the rest opens.

use automerge::Automerge;
use guard::{Chunk, Limits};
use ids::{ActorId, ChangeHash};
use std::collections::BTreeSet;
use store::{ChunkKind, Loaded};
use sync::{GuardedDocument, fenced, hash_from_automerge};
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
    pub(crate) document: GuardedDocument,
    pub(crate) report: OpenReport,
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
            Ok(chunks) => sound.extend(chunks),
            Err(_) => report.corrupt += 1,
        }
    }
    // A document chunk is taken as it is if it is the first; any other is taken apart into its changes.
    sound.sort_by_key(|chunk| !matches!(chunk, Chunk::Document(_)));
    let mut sound = sound.into_iter().peekable();
    let mut base = None;
    while let Some(Chunk::Document(whole)) = sound.next_if(|chunk| matches!(chunk, Chunk::Document(_))) {
        base = fenced(|| workspace::load([whole.bytes.as_ref()], actor)).ok().and_then(Result::ok);
        if base.is_some() {
            break;
        }
        report.corrupt += 1;
    }
    let base = match base {
        Some(document) => document,
        None => workspace::new_document(actor)?,
    };
    let mut document = GuardedDocument::new(base, Limits::CLIENT);
    report.corrupt += take_all(&mut document, &sound.collect::<Vec<_>>());
    report.orphans = document.waiting();
    Ok(Opening { document, report })
}

/// Takes everything that can be taken; how many chunks cannot.
fn take_all(document: &mut GuardedDocument, chunks: &[Chunk]) -> usize {
    if let Ok(taken) = document.take(chunks) {
        return taken.refused.len();
    }
    // One that Automerge does not digest costs only itself.
    let refused =
        |chunk: &Chunk| document.take(std::slice::from_ref(chunk)).map_or(1, |taken| taken.refused.len());
    chunks.iter().map(refused).sum()
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
