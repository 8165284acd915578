//! The container around changes and documents, and their columns.

use crate::{
    leb::{prefixed, uleb},
    reader::Reader,
};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};

/// Chunk type of a whole document.
pub const DOCUMENT: u8 = 0;
/// Chunk type of a change.
pub const CHANGE: u8 = 1;
/// Chunk type of a change whose body is deflated.
pub const DEFLATED_CHANGE: u8 = 2;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// What a forger inflates at most, in bytes.
const INFLATED_MAX: u64 = 1 << 20;

/// Columns with their specifications.
pub type Columns = Vec<(u32, Vec<u8>)>;

const DEFLATED: u32 = 8;

/// Whether the column of that specification is deflated.
pub fn is_deflated(spec: u32) -> bool {
    spec & DEFLATED != 0
}

/// As Automerge deflates.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut inflated = Vec::new();
    DeflateDecoder::new(bytes).take(INFLATED_MAX).read_to_end(&mut inflated).ok()?;
    Some(inflated)
}

fn checksum(kind: u8, body: &[u8]) -> [u8; 4] {
    let hash = Sha256::digest([&[kind][..], &uleb(body.len() as u64), body].concat());
    [hash[0], hash[1], hash[2], hash[3]]
}

fn container(checksum: [u8; 4], kind: u8, body: &[u8]) -> Vec<u8> {
    [&MAGIC[..], &checksum, &[kind], &prefixed(body)].concat()
}

/// A chunk with the checksum of its body.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    container(checksum(kind, body), kind, body)
}

/// A change with its body deflated; the checksum is that of the body before.
pub fn deflated_chunk(body: &[u8]) -> Vec<u8> {
    container(checksum(CHANGE, body), DEFLATED_CHANGE, &deflate(body))
}

/// The body of a chunk, which must be one.
pub fn body(chunk: &[u8]) -> &[u8] {
    let (_, body, rest) = split(chunk).unwrap();
    assert!(rest.is_empty());
    body
}

/// The type and body of the first chunk, and what follows it.
pub(crate) fn split(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let mut reader = Reader(bytes);
    if reader.array()? != MAGIC {
        return None;
    }
    let _: [u8; 4] = reader.array()?;
    let [kind] = reader.array()?;
    let len = reader.uleb()?;
    let body = reader.slice(usize::try_from(len).ok()?)?;
    Some((kind, body, reader.0))
}

/// Every chunk of a concatenation; the last item is what is no chunk, if anything.
pub(crate) fn split_all(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut chunks = Vec::new();
    while let Some((_, _, rest)) = split(bytes) {
        chunks.push(bytes[..bytes.len() - rest.len()].to_vec());
        bytes = rest;
    }
    if !bytes.is_empty() {
        chunks.push(bytes.to_vec());
    }
    chunks
}

pub(crate) fn column_table(columns: &Columns) -> Vec<u8> {
    let entries = columns.iter().flat_map(|(spec, column)| [uleb((*spec).into()), uleb(column.len() as u64)]);
    [uleb(columns.len() as u64), entries.flatten().collect()].concat()
}

pub(crate) fn column_bytes(columns: &Columns) -> Vec<u8> {
    columns.iter().flat_map(|(_, column)| column.clone()).collect()
}
