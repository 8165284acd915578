//! The chunk container: magic bytes, checksum, type and length around a change or a whole document.

use crate::{
    CheckedChange, CheckedDocument, Limits, Rejection,
    budget::Budget,
    change::read_change,
    cursor::{Cursor, uleb_array},
    document::read_document,
};
use bytes::Bytes;
use ids::ChangeHash;
use sha2::{Digest, Sha256};

/// One checked chunk, sharing the bytes of the message it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// One change, possibly deflated.
    Change(CheckedChange),
    /// A whole document with its history.
    Document(CheckedDocument),
}

impl Chunk {
    /// The chunk as received.
    pub const fn bytes(&self) -> &Bytes {
        match self {
            Self::Change(change) => &change.bytes,
            Self::Document(document) => &document.bytes,
        }
    }
}

/// Reads a stored or carried concatenation of chunks.
pub fn read_chunks(bytes: &Bytes, limits: &Limits) -> Result<Vec<Chunk>, Rejection> {
    if bytes.len() > limits.message_bytes {
        let (len, limit) = (bytes.len() as u64, limits.message_bytes as u64);
        return Err(Rejection::TooLarge { part: "a concatenation of chunks", len, limit });
    }
    let mut chunks = Vec::new();
    read_all(bytes, &mut Budget::new(limits), &mut chunks)?;
    Ok(chunks)
}

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// Automerge also reads chunks of type 3, "bundles": an experiment no peer sends, and one more decoder to trust.
const DOCUMENT: u8 = 0;
const CHANGE: u8 = 1;
const DEFLATED_CHANGE: u8 = 2;

/// Appends every chunk of `bytes` to `chunks`.
pub(crate) fn read_all(
    bytes: &Bytes,
    budget: &mut Budget<'_>,
    chunks: &mut Vec<Chunk>,
) -> Result<(), Rejection> {
    let mut cursor = Cursor::new(bytes);
    while !cursor.is_empty() {
        if chunks.len() >= budget.limits.chunks {
            let limit = budget.limits.chunks as u64;
            return Err(Rejection::TooMany { part: "chunks", count: limit + 1, limit });
        }
        let start = cursor.position();
        if cursor.array("the magic bytes")? != MAGIC {
            return Err(Rejection::Magic);
        }
        let checksum: [u8; 4] = cursor.array("a checksum")?;
        let kind = cursor.byte("a chunk type")?;
        let len = cursor.uleb("a chunk length")?;
        let body = cursor.take_u64(len, "a chunk")?;
        let whole = bytes.slice(start..cursor.position());
        chunks.push(match kind {
            CHANGE => {
                let header = read_change(body, checked_hash(CHANGE, body, checksum)?, budget)?;
                Chunk::Change(CheckedChange { header, bytes: whole })
            }
            // The hash and the checksum are those of the change before it was deflated.
            DEFLATED_CHANGE => {
                let body = budget.inflate(body, "a change")?;
                let header = read_change(&body, checked_hash(CHANGE, &body, checksum)?, budget)?;
                Chunk::Change(CheckedChange { header, bytes: whole })
            }
            DOCUMENT => {
                checked_hash(DOCUMENT, body, checksum)?;
                Chunk::Document(read_document(body, whole, budget)?)
            }
            other => return Err(Rejection::ChunkType(other)),
        });
    }
    Ok(())
}

/// SHA-256 over type, length and content, whose first bytes must be the checksum.
fn checked_hash(kind: u8, body: &[u8], checksum: [u8; 4]) -> Result<ChangeHash, Rejection> {
    let (len, len_len) = uleb_array(body.len() as u64);
    let len = len.get(..len_len).unwrap_or_default();
    let hash: [u8; 32] =
        Sha256::new().chain_update([kind]).chain_update(len).chain_update(body).finalize().into();
    if hash.starts_with(&checksum) { Ok(ChangeHash(hash)) } else { Err(Rejection::Checksum) }
}
