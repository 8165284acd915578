//! A chunk and what a load gives back.

use crate::{ChunkKey, ChunkKind};
use bytes::Bytes;
use ids::DocumentId;
use std::fmt;

/// Bytes of a document and the key that names them. The two always agree: the hash is computed where the chunk is
/// made, and stores need not compute it again to write.
#[derive(Clone, PartialEq, Eq)]
pub struct Chunk {
    key: ChunkKey,
    bytes: Bytes,
}

impl Chunk {
    /// Names `bytes` by their hash.
    pub fn new(document: DocumentId, kind: ChunkKind, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { key: ChunkKey::of(document, kind, &bytes), bytes }
    }

    /// Accepts bytes that somebody says belong to `key`; `None` if their hash says otherwise.
    pub fn checked(key: ChunkKey, bytes: Bytes) -> Option<Self> {
        key.names(&bytes).then_some(Self { key, bytes })
    }

    /// For the codec, which has compared the hash.
    pub(crate) fn proven(key: ChunkKey, bytes: Bytes) -> Self {
        Self { key, bytes }
    }

    /// The name.
    pub fn key(&self) -> ChunkKey {
        self.key
    }

    /// The content.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The content, without the name.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// The permission to delete this chunk: whoever has the bytes can have covered them by something else.
    pub fn loaded_key(&self) -> LoadedKey {
        LoadedKey(self.key)
    }
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chunk({}, {} bytes)", self.key, self.bytes.len())
    }
}

/// The key of a chunk whose bytes its holder has had in hand, and therefore may delete. It comes from
/// [`Chunk::loaded_key`] only: a key that was merely listed, guessed or found damaged cannot be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoadedKey(ChunkKey);

impl LoadedKey {
    /// The name.
    pub fn key(&self) -> ChunkKey {
        self.0
    }
}

/// What a store holds of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Sound chunks, ascending by key: snapshots, incrementals, indexes.
    pub chunks: Vec<Chunk>,
    /// Chunks that are there and cannot be used. They stay where they are: a later version, a backup or a person may
    /// still make something of them, and putting the right bytes repairs them.
    pub corrupt: Vec<CorruptChunk>,
}

impl Loaded {
    /// The sound chunks of one kind.
    pub fn of_kind(&self, kind: ChunkKind) -> impl Iterator<Item = &Chunk> {
        self.chunks.iter().filter(move |chunk| chunk.key.kind == kind)
    }
}

/// A stored chunk that was refused on reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorruptChunk {
    /// Its name.
    pub key: ChunkKey,
    /// What is wrong with it.
    pub why: Corruption,
}

/// What is wrong with a stored chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Corruption {
    /// Not even a format byte.
    #[error("the stored value is empty")]
    Empty,
    /// A format byte of a later version, or a damaged one.
    #[error("the stored value has format {0}, this version reads only 0")]
    Format(u8),
    /// The bytes are not those the key names.
    #[error("the SHA-256 of the stored bytes is not that of the key")]
    Hash,
}
