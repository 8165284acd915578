//! The chunk container: magic bytes, checksum, type and length around a change or a whole document.

use crate::{
    ChangeHeader, CheckedChange, CheckedDocument, Limits, Rejection,
    budget::Budget,
    change::{Operation, read_change},
    cursor::{Cursor, uleb_array},
    document::{Visitor, read_document},
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
        let container = Container::read(&mut cursor)?;
        let whole = bytes.slice(start..cursor.position());
        chunks.push(match container.kind {
            DOCUMENT => Chunk::Document(container.document(whole, budget, &mut ())?),
            _ => Chunk::Change(CheckedChange { header: container.change(budget, |_| Ok(()))?, bytes: whole }),
        });
    }
    Ok(())
}

/// What is around every chunk.
pub(crate) struct Container<'a> {
    checksum: [u8; 4],
    kind: u8,
    body: &'a [u8],
}

impl<'a> Container<'a> {
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Rejection> {
        if cursor.array("the magic bytes")? != MAGIC {
            return Err(Rejection::Magic);
        }
        let checksum = cursor.array("a checksum")?;
        let kind = cursor.byte("a chunk type")?;
        let len = cursor.uleb("a chunk length")?;
        Ok(Self { checksum, kind, body: cursor.take_u64(len, "a chunk")? })
    }

    /// The change in it, with every operation shown to `visit`.
    pub(crate) fn change(
        &self,
        budget: &mut Budget<'_>,
        visit: impl FnMut(Operation<'_, '_>) -> Result<(), Rejection>,
    ) -> Result<ChangeHeader, Rejection> {
        match self.kind {
            CHANGE => read_change(self.body, checked_hash(CHANGE, self.body, self.checksum)?, budget, visit),
            // The hash and the checksum are those of the change before it was deflated.
            DEFLATED_CHANGE => {
                let body = budget.inflate(self.body, "a change")?;
                read_change(&body, checked_hash(CHANGE, &body, self.checksum)?, budget, visit)
            }
            other => Err(Rejection::ChunkType(other)),
        }
    }

    /// The document in it, shown to `visitor`.
    pub(crate) fn document(
        &self,
        whole: Bytes,
        budget: &mut Budget<'_>,
        visitor: &mut impl Visitor,
    ) -> Result<CheckedDocument, Rejection> {
        if self.kind != DOCUMENT {
            return Err(Rejection::ChunkType(self.kind));
        }
        checked_hash(DOCUMENT, self.body, self.checksum)?;
        read_document(self.body, whole, budget, visitor)
    }
}

/// SHA-256 over type, length and content, whose first bytes must be the checksum.
fn checked_hash(kind: u8, body: &[u8], checksum: [u8; 4]) -> Result<ChangeHash, Rejection> {
    let (len, len_len) = uleb_array(body.len() as u64);
    let len = len.get(..len_len).unwrap_or_default();
    let hash: [u8; 32] =
        Sha256::new().chain_update([kind]).chain_update(len).chain_update(body).finalize().into();
    if hash.starts_with(&checksum) { Ok(ChangeHash(hash)) } else { Err(Rejection::Checksum) }
}
