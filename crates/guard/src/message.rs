//! The `data` of a sync frame: Automerge's sync message, read with bounds and written as Automerge writes it.

use crate::{
    Bloom, Chunk, Limits, Rejection,
    budget::Budget,
    chunk,
    cursor::{Cursor, uleb_len, write_uleb},
};
use bytes::Bytes;
use ids::{ChangeHash, Heads};

/// What one peer tells the other: its version of the document, what it misses, what it has, and changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncMessage {
    /// How changes are carried.
    pub version: Version,
    /// The sender's heads.
    pub heads: Heads,
    /// Changes the sender asks for by hash.
    pub need: Vec<ChangeHash>,
    /// What the sender has; empty while it waits for what it needs.
    pub have: Vec<Have>,
    /// Changes for the receiver, every chunk of every entry, in the order in which they came.
    pub chunks: Vec<Chunk>,
    /// Present when the sender understands V2.
    pub flags: Option<Flags>,
}

/// How a message carries changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// One entry for each change.
    V1,
    /// All chunks in one entry; the only version that may carry a document chunk.
    V2,
}

/// What the sender has since both sides were at `last_sync`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Have {
    /// Heads both sides had.
    pub last_sync: Vec<ChangeHash>,
    /// The sender's changes since then.
    pub bloom: Bloom,
}

/// The trailer of a message. Its mere presence says that the sender reads V2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// The receiver forgets what it has sent and starts anew.
    pub sync_reset: bool,
    /// The sender will not apply changes.
    pub read_only: bool,
    /// The sender understands `sync_reset`.
    pub supports_sync_reset: bool,
}

/// A message to be written; chunks are encoded already.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// How to carry the chunks.
    pub version: Version,
    /// Our heads.
    pub heads: &'a Heads,
    /// What we ask for by hash, in ascending order.
    pub need: &'a [ChangeHash],
    /// What we have.
    pub have: &'a [Have],
    /// Encoded chunks (`CheckedChange::bytes`, `CheckedDocument::bytes`).
    pub chunks: &'a [Bytes],
    /// Our flags; present when we read V2.
    pub flags: Option<Flags>,
}

const TYPE_V1: u8 = 0x42;
const TYPE_V2: u8 = 0x43;

/// Precedes the bits for readers that knew one byte for each flag.
const LEGACY_V2: u8 = 0x02;
const BITS_MARKER: u8 = 0x80;
const SYNC_RESET: u8 = 1;
const READ_ONLY: u8 = 2;
const SUPPORTS_SYNC_RESET: u8 = 4;

/// Reads the `data` of a `sync` or `request` frame.
///
/// An accepted message has well-formed Bloom filters and chunks. Whether its changes make sense in the document
/// at hand is not known here.
pub fn read_sync_message(bytes: &Bytes, limits: &Limits) -> Result<SyncMessage, Rejection> {
    if bytes.len() > limits.message_bytes {
        let (len, limit) = (bytes.len() as u64, limits.message_bytes as u64);
        return Err(Rejection::TooLarge { part: "a sync message", len, limit });
    }
    let mut cursor = Cursor::new(bytes);
    let version = match cursor.byte("a sync message")? {
        TYPE_V1 => Version::V1,
        TYPE_V2 => Version::V2,
        other => return Err(Rejection::MessageType(other)),
    };
    let heads = cursor.ascending_hashes(limits.heads, "heads")?.into();
    let need = cursor.hashes(limits.need, "needed changes")?;
    let have = (0..cursor.count(2, limits.have, "Bloom filters")?)
        .map(|_| read_have(bytes, &mut cursor, limits))
        .collect::<Result<_, _>>()?;
    let mut budget = Budget::new(limits);
    let mut chunks = Vec::new();
    for _ in 0..cursor.count(1, limits.chunks, "chunks")? {
        let entry = take_bytes(bytes, &mut cursor, "an entry of changes")?;
        chunk::read_all(&entry, &mut budget, &mut chunks)?;
    }
    let flags = if cursor.is_empty() { None } else { Some(read_flags(&mut cursor)?) };
    Ok(SyncMessage { version, heads, need, have, chunks, flags })
}

/// Writes a message exactly as Automerge would.
pub fn write_sync_message(reply: &Reply<'_>) -> Bytes {
    let carried: usize = reply.chunks.iter().map(|chunk| chunk.len() + uleb_len(chunk.len() as u64)).sum();
    let filters: usize = reply.have.iter().map(|h| 24 + h.last_sync.len() * 32 + h.bloom.encoded_len()).sum();
    let mut out = Vec::with_capacity(64 + (reply.heads.len() + reply.need.len()) * 32 + filters + carried);
    out.push(match reply.version {
        Version::V1 => TYPE_V1,
        Version::V2 => TYPE_V2,
    });
    write_hashes(&mut out, reply.heads.as_slice());
    write_hashes(&mut out, reply.need);
    write_uleb(&mut out, reply.have.len() as u64);
    for have in reply.have {
        write_hashes(&mut out, &have.last_sync);
        write_uleb(&mut out, have.bloom.encoded_len() as u64);
        have.bloom.write(&mut out);
    }
    match reply.version {
        Version::V1 => {
            write_uleb(&mut out, reply.chunks.len() as u64);
            for chunk in reply.chunks {
                write_uleb(&mut out, chunk.len() as u64);
                out.extend_from_slice(chunk);
            }
        }
        Version::V2 => {
            let len: usize = reply.chunks.iter().map(Bytes::len).sum();
            write_uleb(&mut out, u64::from(len > 0));
            if len > 0 {
                write_uleb(&mut out, len as u64);
                reply.chunks.iter().for_each(|chunk| out.extend_from_slice(chunk));
            }
        }
    }
    if let Some(flags) = reply.flags {
        out.extend_from_slice(&[2, LEGACY_V2, BITS_MARKER | flags.bits()]);
    }
    out.into()
}

impl Flags {
    const fn bits(self) -> u8 {
        (self.sync_reset as u8 * SYNC_RESET)
            | (self.read_only as u8 * READ_ONLY)
            | (self.supports_sync_reset as u8 * SUPPORTS_SYNC_RESET)
    }

    const fn from_bits(bits: u8) -> Self {
        Self {
            sync_reset: bits & SYNC_RESET != 0,
            read_only: bits & READ_ONLY != 0,
            supports_sync_reset: bits & SUPPORTS_SYNC_RESET != 0,
        }
    }
}

fn read_have(bytes: &Bytes, cursor: &mut Cursor<'_>, limits: &Limits) -> Result<Have, Rejection> {
    let last_sync = cursor.ascending_hashes(limits.heads, "heads of the last sync")?;
    let bloom = Bloom::decode(&take_bytes(bytes, cursor, "a Bloom filter")?)?;
    Ok(Have { last_sync, bloom })
}

/// Bits without a meaning here, and whatever follows the trailer, belong to later versions of the protocol.
fn read_flags(cursor: &mut Cursor<'_>) -> Result<Flags, Rejection> {
    let len = cursor.uleb("flags")?;
    let bits = cursor.take_u64(len, "flags")?.iter().filter(|byte| **byte & BITS_MARKER != 0);
    Ok(Flags::from_bits(bits.fold(0, |bits, byte| bits | byte)))
}

/// Length-prefixed bytes, shared with `bytes`.
fn take_bytes(bytes: &Bytes, cursor: &mut Cursor<'_>, part: &'static str) -> Result<Bytes, Rejection> {
    let len = cursor.uleb(part)?;
    let taken = cursor.take_u64(len, part)?;
    Ok(bytes.slice(cursor.position() - taken.len()..cursor.position()))
}

fn write_hashes(out: &mut Vec<u8>, hashes: &[ChangeHash]) {
    write_uleb(out, hashes.len() as u64);
    hashes.iter().for_each(|hash| out.extend_from_slice(hash.as_bytes()));
}
