//! How a chunk lies in a store: one format byte, then the bytes.
//!
//! Format 0 is the bytes as they are. Other numbers are reserved (1 for sealed, end-to-end encrypted chunks): this
//! version reports such a value as [`Corruption::Format`] and leaves it where it is.

use crate::{Chunk, ChunkKey, Corruption};
use bytes::Bytes;

/// The format byte of a chunk stored as it is.
pub const FORMAT_PLAIN: u8 = 0;

/// Length of the stored form of `len` bytes.
pub const fn stored_len(len: usize) -> usize {
    len.saturating_add(1)
}

/// The stored form of `bytes`.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(stored_len(bytes.len()));
    stored.push(FORMAT_PLAIN);
    stored.extend_from_slice(bytes);
    stored
}

/// The chunk behind a stored form, if its bytes are those that `key` names. Shares the memory of `stored`.
pub fn decode(key: ChunkKey, stored: &Bytes) -> Result<Chunk, Corruption> {
    let bytes = stored.slice_ref(check(&key, stored)?);
    Ok(Chunk::proven(key, bytes))
}

/// As [`decode`], for a reader that streams the bytes onwards and keeps nothing.
pub fn check<'a>(key: &ChunkKey, stored: &'a [u8]) -> Result<&'a [u8], Corruption> {
    let (format, bytes) = stored.split_first().ok_or(Corruption::Empty)?;
    match *format {
        FORMAT_PLAIN if key.names(bytes) => Ok(bytes),
        FORMAT_PLAIN => Err(Corruption::Hash),
        other => Err(Corruption::Format(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChunkKind;
    use ids::DocumentId;
    use proptest::prelude::*;

    fn key_of(bytes: &[u8]) -> ChunkKey {
        ChunkKey::of(DocumentId::from_bytes([1; 16]), ChunkKind::Incremental, bytes)
    }

    proptest! {
        #[test]
        fn round_trip(bytes: Vec<u8>) {
            let stored = encode(&bytes);
            prop_assert_eq!(stored.len(), stored_len(bytes.len()));
            let chunk = decode(key_of(&bytes), &stored.into()).unwrap();
            prop_assert_eq!(chunk.key(), key_of(&bytes));
            prop_assert_eq!(chunk.into_bytes(), bytes);
        }

        #[test]
        fn one_flipped_bit_is_noticed(bytes: Vec<u8>, at: prop::sample::Index, bit in 0..8_u32) {
            let mut stored = encode(&bytes);
            let at = at.index(stored.len());
            stored[at] ^= 1 << bit;
            let expected = if at == 0 { Corruption::Format(stored[0]) } else { Corruption::Hash };
            prop_assert_eq!(decode(key_of(&bytes), &stored.into()), Err(expected));
        }
    }

    #[test]
    fn nothing_is_not_a_chunk() {
        assert_eq!(decode(key_of(b""), &Bytes::new()), Err(Corruption::Empty));
    }

    #[test]
    fn a_sealed_chunk_of_a_later_version_is_reported_by_its_number() {
        assert_eq!(decode(key_of(b"x"), &Bytes::from_static(b"\x01x")), Err(Corruption::Format(1)));
    }
}
