//! The name of a chunk: which document, which kind, which bytes.

use ids::DocumentId;
use sha2::{Digest, Sha256};
use std::fmt;

/// What a chunk holds. The numbers are stored: they never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ChunkKind {
    /// A whole document up to some heads.
    Snapshot = 0,
    /// Changes since something else that is stored.
    Incremental = 1,
    /// The change graph of a snapshot, so that a restarted relay need not build the document. It can always be made
    /// again from the snapshot it describes.
    Index = 2,
}

impl ChunkKind {
    /// Every kind, ascending by its stored number.
    pub const ALL: [Self; 3] = [Self::Snapshot, Self::Incremental, Self::Index];

    /// The stored number.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Snapshot => 0,
            Self::Incremental => 1,
            Self::Index => 2,
        }
    }

    /// The kind with this stored number, if this version knows it.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Snapshot),
            1 => Some(Self::Incremental),
            2 => Some(Self::Index),
            _ => None,
        }
    }
}

impl fmt::Display for ChunkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Snapshot => "snapshot",
            Self::Incremental => "incremental",
            Self::Index => "index",
        })
    }
}

/// The name of a chunk. Keys of one document are neighbours, snapshots before incrementals before indexes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChunkKey {
    /// The document the chunk belongs to.
    pub document: DocumentId,
    /// What the chunk holds.
    pub kind: ChunkKind,
    /// SHA-256 of the chunk's bytes (of the bytes themselves, not of their stored form).
    pub hash: [u8; 32],
}

impl ChunkKey {
    /// Length of the byte form.
    pub const LEN: usize = 49;

    /// The key under which `bytes` are kept.
    pub fn of(document: DocumentId, kind: ChunkKind, bytes: &[u8]) -> Self {
        Self { document, kind, hash: Sha256::digest(bytes).into() }
    }

    /// `document (16) | kind (1) | hash (32)`: the bytes sort as the keys do.
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let kind = [self.kind.to_byte()];
        let mut parts = self.document.as_bytes().iter().chain(&kind).chain(&self.hash).copied();
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }

    /// Reads the byte form back. `None` if the length is wrong or the kind is one this version does not know.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (document, rest) = bytes.split_first_chunk::<16>()?;
        let (kind, hash) = rest.split_first()?;
        Some(Self {
            document: DocumentId::from_bytes(*document),
            kind: ChunkKind::from_byte(*kind)?,
            hash: hash.try_into().ok()?,
        })
    }

    /// Whether `bytes` are the bytes this key names.
    pub fn names(&self, bytes: &[u8]) -> bool {
        self.hash == <[u8; 32]>::from(Sha256::digest(bytes))
    }
}

impl fmt::Display for ChunkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/", self.document, self.kind)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChunkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChunkKey({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys() -> impl Strategy<Value = ChunkKey> {
        (any::<[u8; 16]>(), 0..3_usize, any::<[u8; 32]>()).prop_map(|(document, kind, hash)| ChunkKey {
            document: DocumentId::from_bytes(document),
            kind: ChunkKind::ALL[kind],
            hash,
        })
    }

    proptest! {
        #[test]
        fn bytes_round_trip_and_sort_as_keys(a in keys(), b in keys()) {
            prop_assert_eq!(ChunkKey::from_bytes(&a.to_bytes()), Some(a));
            prop_assert_eq!(a.cmp(&b), a.to_bytes().cmp(&b.to_bytes()));
        }

        #[test]
        fn only_whole_keys_of_known_kinds_are_keys(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let known = bytes.len() == ChunkKey::LEN && bytes[16] < 3;
            prop_assert_eq!(ChunkKey::from_bytes(&bytes).is_some(), known);
        }
    }

    /// SHA-256 of "abc" (FIPS 180-4, example B.1): what is stored today must be found by every later version.
    #[test]
    fn the_hash_is_sha_256_of_the_bytes() {
        let key = ChunkKey::of(DocumentId::from_bytes([0; 16]), ChunkKind::Snapshot, b"abc");
        let text = key.to_string();
        assert!(
            text.ends_with("/snapshot/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            "{text}"
        );
    }
}
