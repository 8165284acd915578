//! Taking honest bytes apart, and putting dishonest ones together with checksums that are right.

use flate2::{Compression, write::DeflateEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;

pub(crate) const DOCUMENT: u8 = 0;
pub(crate) const CHANGE: u8 = 1;
pub(crate) const DEFLATED_CHANGE: u8 = 2;

pub(crate) fn uleb(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

pub(crate) fn leb(mut value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

pub(crate) fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [uleb(bytes.len() as u64), bytes.to_vec()].concat()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn checksum(kind: u8, body: &[u8]) -> [u8; 4] {
    let hash = Sha256::digest([&[kind][..], &uleb(body.len() as u64), body].concat());
    [hash[0], hash[1], hash[2], hash[3]]
}

fn container(checksum: [u8; 4], kind: u8, body: &[u8]) -> Vec<u8> {
    [&[0x85, 0x6f, 0x4a, 0x83][..], &checksum, &[kind], &prefixed(body)].concat()
}

pub(crate) fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    container(checksum(kind, body), kind, body)
}

pub(crate) fn deflated_chunk(body: &[u8]) -> Vec<u8> {
    container(checksum(CHANGE, body), DEFLATED_CHANGE, &deflate(body))
}

/// The body of a chunk with a checksum, a type and a length.
pub(crate) fn body(chunk: &[u8]) -> &[u8] {
    let mut reader = Reader(&chunk[9..]);
    let len = reader.uleb() as usize;
    assert_eq!(len, reader.0.len());
    reader.0
}

/// A sync message that carries these chunks, and says nothing else.
pub(crate) fn message(chunks: &[Vec<u8>]) -> Vec<u8> {
    let entries: Vec<u8> = chunks.iter().flat_map(|chunk| prefixed(chunk)).collect();
    [&[0x42, 0, 0, 0][..], &uleb(chunks.len() as u64), &entries].concat()
}

/// A sync message with one Bloom filter.
pub(crate) fn message_with_bloom(bloom: &[u8]) -> Vec<u8> {
    [&[0x42, 0, 0, 1, 0][..], &prefixed(bloom), &[0]].concat()
}

/// Columns with their specifications.
pub(crate) type Columns = Vec<(u32, Vec<u8>)>;

fn column_table(columns: &Columns) -> Vec<u8> {
    let entries = columns.iter().flat_map(|(spec, column)| [uleb((*spec).into()), uleb(column.len() as u64)]);
    [uleb(columns.len() as u64), entries.flatten().collect()].concat()
}

fn column_bytes(columns: &Columns) -> Vec<u8> {
    columns.iter().flat_map(|(_, column)| column.clone()).collect()
}

/// A change in parts.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) dependencies: Vec<[u8; 32]>,
    pub(crate) actor: Vec<u8>,
    pub(crate) sequence: u64,
    pub(crate) start_op: u64,
    pub(crate) time: i64,
    pub(crate) message: Vec<u8>,
    pub(crate) others: Vec<Vec<u8>>,
    pub(crate) columns: Columns,
    pub(crate) extra: Vec<u8>,
}

impl Change {
    pub(crate) fn parse(body: &[u8]) -> Self {
        let mut reader = Reader(body);
        let dependencies = reader.many(|reader| reader.array());
        let actor = reader.prefixed();
        let (sequence, start_op, time) = (reader.uleb(), reader.uleb(), reader.leb());
        let message = reader.prefixed();
        let others = reader.many(Reader::prefixed);
        let table = reader.many(|reader| (reader.uleb() as u32, reader.uleb() as usize));
        let columns = table.into_iter().map(|(spec, len)| (spec, reader.take(len))).collect();
        let extra = reader.0.to_vec();
        Self { dependencies, actor, sequence, start_op, time, message, others, columns, extra }
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        [
            uleb(self.dependencies.len() as u64),
            self.dependencies.concat(),
            prefixed(&self.actor),
            uleb(self.sequence),
            uleb(self.start_op),
            leb(self.time),
            prefixed(&self.message),
            uleb(self.others.len() as u64),
            self.others.iter().flat_map(|actor| prefixed(actor)).collect(),
            column_table(&self.columns),
            column_bytes(&self.columns),
            self.extra.clone(),
        ]
        .concat()
    }

    pub(crate) fn chunk(&self) -> Vec<u8> {
        chunk(CHANGE, &self.body())
    }

    pub(crate) fn message(&self) -> Vec<u8> {
        message(&[self.chunk()])
    }

    /// The column with that specification.
    pub(crate) fn column(&mut self, spec: u32) -> &mut Vec<u8> {
        if !self.columns.iter().any(|(known, _)| *known == spec) {
            self.columns.push((spec, Vec::new()));
            self.columns.sort();
        }
        self.columns.iter_mut().find(|(known, _)| *known == spec).map(|(_, column)| column).unwrap()
    }
}

/// A document in parts.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) actors: Vec<Vec<u8>>,
    pub(crate) heads: Vec<[u8; 32]>,
    pub(crate) changes: Columns,
    pub(crate) operations: Columns,
    pub(crate) suffix: Vec<u8>,
}

impl Document {
    pub(crate) fn parse(body: &[u8]) -> Self {
        let mut reader = Reader(body);
        let actors = reader.many(Reader::prefixed);
        let heads = reader.many(|reader| reader.array());
        let tables = [(); 2].map(|()| reader.many(|reader| (reader.uleb() as u32, reader.uleb() as usize)));
        let [changes, operations] =
            tables.map(|table| table.into_iter().map(|(spec, len)| (spec, reader.take(len))).collect());
        Self { actors, heads, changes, operations, suffix: reader.0.to_vec() }
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        [
            uleb(self.actors.len() as u64),
            self.actors.iter().flat_map(|actor| prefixed(actor)).collect(),
            uleb(self.heads.len() as u64),
            self.heads.concat(),
            column_table(&self.changes),
            column_table(&self.operations),
            column_bytes(&self.changes),
            column_bytes(&self.operations),
            self.suffix.clone(),
        ]
        .concat()
    }

    pub(crate) fn chunk(&self) -> Vec<u8> {
        chunk(DOCUMENT, &self.body())
    }
}

/// Reads honest bytes.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, len: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken.to_vec()
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().unwrap()
    }

    fn uleb(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = self.take(1)[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }

    fn leb(&mut self) -> i64 {
        let before = self.0;
        let value = self.uleb();
        let bits = 7 * (before.len() - self.0.len()) as u32;
        if bits < 64 { (value << (64 - bits)) as i64 >> (64 - bits) } else { value as i64 }
    }

    fn prefixed(&mut self) -> Vec<u8> {
        let len = self.uleb() as usize;
        self.take(len)
    }

    fn many<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.uleb();
        (0..count).map(|_| read(self)).collect()
    }
}
