//! A document in parts.

use crate::{
    chunk::{Columns, DOCUMENT, chunk, column_bytes, column_table},
    leb::{prefixed, uleb},
    reader::Reader,
};

/// A document in parts.
#[derive(Clone, Debug)]
pub struct Document {
    /// Everybody who wrote in it.
    pub actors: Vec<Vec<u8>>,
    /// Hashes of its last changes.
    pub heads: Vec<[u8; 32]>,
    /// The table of changes.
    pub changes: Columns,
    /// The table of operations.
    pub operations: Columns,
    /// The heads by index.
    pub suffix: Vec<u8>,
}

impl Document {
    /// Of the body of an honest chunk.
    pub fn parse(body: &[u8]) -> Self {
        Self::read(body).unwrap()
    }

    /// Of a body that may be anything.
    pub fn read(body: &[u8]) -> Option<Self> {
        let mut reader = Reader(body);
        let actors = reader.many(Reader::prefixed)?;
        let heads = reader.many(|reader| reader.array())?;
        let (changes, operations) = (reader.table()?, reader.table()?);
        let (changes, operations) = (reader.columns(changes)?, reader.columns(operations)?);
        Some(Self { actors, heads, changes, operations, suffix: reader.0.to_vec() })
    }

    /// The body of a chunk.
    pub fn body(&self) -> Vec<u8> {
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

    /// The chunk, with its checksum.
    pub fn chunk(&self) -> Vec<u8> {
        chunk(DOCUMENT, &self.body())
    }
}
