//! A change in parts.

use crate::{
    chunk::{CHANGE, Columns, chunk, column_bytes, column_table},
    leb::{leb, prefixed, uleb},
    message::message,
    reader::Reader,
};

/// A change in parts.
#[derive(Clone, Debug)]
pub struct Change {
    /// Hashes of what it was written on top of.
    pub dependencies: Vec<[u8; 32]>,
    /// Who wrote it.
    pub actor: Vec<u8>,
    /// Its number among those of its actor.
    pub sequence: u64,
    /// Counter of its first operation.
    pub start_op: u64,
    /// Seconds since the epoch.
    pub time: i64,
    /// The words of its author.
    pub message: Vec<u8>,
    /// The other actors it refers to.
    pub others: Vec<Vec<u8>>,
    /// Its operations.
    pub columns: Columns,
    /// What follows them.
    pub extra: Vec<u8>,
}

impl Change {
    /// Of the body of an honest chunk.
    pub fn parse(body: &[u8]) -> Self {
        Self::read(body).unwrap()
    }

    /// Of a body that may be anything.
    pub fn read(body: &[u8]) -> Option<Self> {
        let mut reader = Reader(body);
        let dependencies = reader.many(|reader| reader.array())?;
        let actor = reader.prefixed()?;
        let (sequence, start_op, time) = (reader.uleb()?, reader.uleb()?, reader.leb()?);
        let message = reader.prefixed()?;
        let others = reader.many(Reader::prefixed)?;
        let table = reader.table()?;
        let columns = reader.columns(table)?;
        let extra = reader.0.to_vec();
        Some(Self { dependencies, actor, sequence, start_op, time, message, others, columns, extra })
    }

    /// The body of a chunk.
    pub fn body(&self) -> Vec<u8> {
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

    /// The chunk, with its checksum.
    pub fn chunk(&self) -> Vec<u8> {
        chunk(CHANGE, &self.body())
    }

    /// A sync message that carries it alone.
    pub fn message(&self) -> Vec<u8> {
        message(&[self.chunk()])
    }

    /// The column with that specification, an empty one if there was none.
    pub fn column(&mut self, spec: u32) -> &mut Vec<u8> {
        if !self.columns.iter().any(|(known, _)| *known == spec) {
            self.columns.push((spec, Vec::new()));
            self.columns.sort();
        }
        self.columns.iter_mut().find(|(known, _)| *known == spec).map(|(_, column)| column).unwrap()
    }
}
