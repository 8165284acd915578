//! Why a tab could not use what its browser had stored: the words for a failure.

use guard::{Chunk, Limits};
use ids::ActorId;
use store::{ChunkKind, Loaded};
use sync::GuardedDocument;

/// Takes in everything as an opening replica does, and names what is refused.
pub(crate) fn refusals(loaded: &Loaded) -> Vec<String> {
    let mut refusals = Vec::new();
    let mut chunks = Vec::new();
    for chunk in loaded.chunks.iter().filter(|chunk| chunk.key().kind != ChunkKind::Index) {
        match guard::read_chunks(chunk.bytes(), &Limits::CLIENT) {
            Ok(read) => chunks.extend(read),
            Err(why) => refusals.push(format!("{}: {why}", chunk.key())),
        }
    }
    chunks.sort_by_key(|chunk| !matches!(chunk, Chunk::Document(_)));
    let actor = ActorId::new([0; 16]);
    let base = match chunks.first() {
        Some(Chunk::Document(whole)) => workspace::load([whole.bytes.as_ref()], &actor),
        _ => workspace::new_document(&actor),
    };
    let Ok(base) = base else { return vec!["the first chunk does not load".to_owned()] };
    let mut document = GuardedDocument::new(base, Limits::CLIENT);
    match document.take(&chunks) {
        Ok(taken) => refusals.extend(taken.refused.iter().map(|(chunk, why)| match chunk {
            Chunk::Change(change) => format!("{:?}: {why}", change.header),
            Chunk::Document(whole) => format!("a document with heads {:?}: {why}", whole.heads),
        })),
        Err(why) => refusals.push(format!("nothing is taken: {why}")),
    }
    refusals
}
