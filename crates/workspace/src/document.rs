//! Documents: fresh, and loaded from chunks.

use crate::genesis;
use automerge::{Automerge, ReadDoc, TextEncoding};
use ids::{ActorId, ChangeHash, Heads};

/// A document that could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// One of the chunks is not a sound Automerge chunk; the others may be.
    #[error("chunk {chunk} cannot be read: {why}")]
    Chunk {
        /// Which chunk, counted from 0.
        chunk: usize,
        /// What the engine says.
        why: String,
    },
    /// The genesis bytes of this build cannot be read: a broken build.
    #[error("the genesis change cannot be read: {0}")]
    Genesis(String),
}

/// A workspace nobody has written to: the genesis change and nothing else.
///
/// `actor` is that of this session (see [`ActorId`]): never one that was used before.
///
/// # Errors
/// Only when the build itself is broken.
pub fn new_document(actor: &ActorId) -> Result<Automerge, LoadError> {
    let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
    doc.load_incremental(genesis::BYTES).map_err(|error| LoadError::Genesis(error.to_string()))?;
    doc.set_actor(automerge::ActorId::from(actor.as_bytes()));
    Ok(doc)
}

/// Opens a document from its chunks (snapshots, changes, in any order). Opening writes nothing.
///
/// Chunks come from a hash-checked store, or from a peer through `guard`. A document to which the genesis has not
/// arrived yet has it afterwards.
///
/// # Errors
/// [`LoadError::Chunk`] names the first chunk that cannot be read; load again without it.
pub fn load<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, actor: &ActorId) -> Result<Automerge, LoadError> {
    let mut doc = Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit);
    for (chunk, bytes) in chunks.into_iter().enumerate() {
        doc.load_incremental(bytes).map_err(|error| LoadError::Chunk { chunk, why: error.to_string() })?;
    }
    if doc.get_change_by_hash(&engine_hash(&genesis::HASH)).is_none() {
        doc.load_incremental(genesis::BYTES).map_err(|error| LoadError::Genesis(error.to_string()))?;
    }
    doc.set_actor(automerge::ActorId::from(actor.as_bytes()));
    Ok(doc)
}

/// The version a document is at.
pub fn heads(doc: &Automerge) -> Heads {
    doc.get_heads().iter().map(|hash| ChangeHash(hash.0)).collect()
}

/// Heads as the engine takes them.
pub fn engine_heads(heads: &Heads) -> Vec<automerge::ChangeHash> {
    heads.iter().map(engine_hash).collect()
}

/// A change hash as the engine takes it.
pub fn engine_hash(hash: &ChangeHash) -> automerge::ChangeHash {
    automerge::ChangeHash(hash.0)
}
