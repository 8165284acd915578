//! A sync message in parts.

use crate::{
    chunk::split_all,
    leb::{prefixed, uleb},
    reader::Reader,
};

/// A sync message in parts.
#[derive(Clone, Debug)]
pub struct Message {
    /// `0x42` for version 1, `0x43` for version 2.
    pub version: u8,
    /// The heads of its sender.
    pub heads: Vec<[u8; 32]>,
    /// Changes it asks for.
    pub need: Vec<[u8; 32]>,
    /// Heads of the last sync and a Bloom filter, each.
    pub have: Vec<(Vec<[u8; 32]>, Vec<u8>)>,
    /// Every chunk it carries.
    pub chunks: Vec<Vec<u8>>,
    /// The flags.
    pub trailer: Vec<u8>,
}

const VERSION_2: u8 = 0x43;

impl Message {
    /// Of bytes that may be anything.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let [version] = reader.array()?;
        let heads = reader.many(|reader| reader.array())?;
        let need = reader.many(|reader| reader.array())?;
        let have = reader.many(|reader| Some((reader.many(|reader| reader.array())?, reader.prefixed()?)))?;
        let entries = reader.many(Reader::prefixed)?;
        let chunks = entries.iter().flat_map(|entry| split_all(entry)).collect();
        Some(Self { version, heads, need, have, chunks, trailer: reader.0.to_vec() })
    }

    /// The message, with one chunk in each entry, or all in one in version 2.
    pub fn bytes(&self) -> Vec<u8> {
        let hashes = |hashes: &[[u8; 32]]| [uleb(hashes.len() as u64), hashes.concat()].concat();
        let have =
            |(last_sync, bloom): &(Vec<[u8; 32]>, Vec<u8>)| [hashes(last_sync), prefixed(bloom)].concat();
        let carried = if self.version == VERSION_2 && !self.chunks.is_empty() {
            [uleb(1), prefixed(&self.chunks.concat())].concat()
        } else {
            let entries = self.chunks.iter().flat_map(|chunk| prefixed(chunk));
            uleb(self.chunks.len() as u64).into_iter().chain(entries).collect()
        };
        [
            vec![self.version],
            hashes(&self.heads),
            hashes(&self.need),
            uleb(self.have.len() as u64),
            self.have.iter().flat_map(have).collect(),
            carried,
            self.trailer.clone(),
        ]
        .concat()
    }
}

/// A sync message that carries these chunks, and says nothing else.
pub fn message(chunks: &[Vec<u8>]) -> Vec<u8> {
    let entries: Vec<u8> = chunks.iter().flat_map(|chunk| prefixed(chunk)).collect();
    [&[0x42, 0, 0, 0][..], &uleb(chunks.len() as u64), &entries].concat()
}

/// A sync message with one Bloom filter.
pub fn message_with_bloom(bloom: &[u8]) -> Vec<u8> {
    [&[0x42, 0, 0, 1, 0][..], &prefixed(bloom), &[0]].concat()
}
