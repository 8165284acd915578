//! Chunks in the file.

use crate::{
    RelayReader,
    error::Failure,
    tables::{CHUNK_LENGTHS, CHUNKS, Key, starting_with},
};
use bytes::Bytes;
use ids::DocumentId;
use redb::{ReadableTable, Table};
use std::ops::{ControlFlow, RangeInclusive};
use store::{Batch, Chunk, ChunkKey, ChunkKind, CorruptChunk, Corruption, Loaded, StoreError, codec};

/// Sees one chunk after the other, or what is wrong with it.
pub type Visit<'a> = dyn FnMut(&ChunkKey, Result<&[u8], Corruption>) -> ControlFlow<()> + 'a;

impl RelayReader {
    /// Every chunk of a document, as [`ChunkStore::load`](store::ChunkStore::load). Each is copied once, out of
    /// redb's cache.
    pub fn load(&self, document: DocumentId) -> Result<Loaded, StoreError> {
        let (first, last) = starting_with::<16, 49>(document.as_bytes());
        self.load_range(&first..=&last, document)
    }

    /// The chunks of one kind. A relay that starts reads indexes and incrementals this way, and leaves the large
    /// snapshots where they are.
    pub fn load_kind(&self, document: DocumentId, kind: ChunkKind) -> Result<Loaded, StoreError> {
        let prefix: [u8; 17] = crate::tables::join(document.as_bytes(), &[kind.to_byte()]);
        let (first, last) = starting_with(&prefix);
        self.load_range(&first..=&last, document)
    }

    /// One chunk. `None` if it is not there (a compaction may have replaced it since it was listed),
    /// [`StoreError::Corrupt`] if it is damaged.
    pub fn chunk(&self, key: &ChunkKey) -> Result<Option<Chunk>, StoreError> {
        let stored = self.read(format_args!("reading {key}"), |transaction| {
            let stored = transaction.open_table(CHUNKS)?.get(&key.to_bytes())?;
            Ok(stored.map(|stored| Bytes::copy_from_slice(stored.value())))
        })?;
        let corrupt = |why: Corruption| StoreError::Corrupt {
            doing: "reading a chunk".to_owned(),
            key: Some(*key),
            cause: why.to_string(),
        };
        stored.map(|stored| codec::decode(*key, &stored).map_err(corrupt)).transpose()
    }

    /// Shows the chunks of a document to `visit` one after the other, where they lie: nothing is copied. Snapshots
    /// come first, then incrementals, then indexes; `visit` may stop early.
    ///
    /// The read transaction lasts until the last visit, so `visit` must not wait for anybody.
    pub fn visit(&self, document: DocumentId, visit: &mut Visit<'_>) -> Result<(), StoreError> {
        // A second run after a reopened file must not show again what was shown.
        let visit = std::cell::RefCell::new((visit, None::<ChunkKey>));
        self.read(format_args!("reading document {document}"), |transaction| {
            let mut visit = visit.borrow_mut();
            let (first, last) = starting_with::<16, 49>(document.as_bytes());
            for entry in transaction.open_table(CHUNKS)?.range::<&[u8; 49]>(&first..=&last)? {
                let (key, stored) = entry?;
                let Some(key) = ChunkKey::from_bytes(key.value()) else { continue };
                if visit.1.is_some_and(|shown| key <= shown) {
                    continue;
                }
                visit.1 = Some(key);
                if (visit.0)(&key, codec::check(&key, stored.value())).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// The keys of a document, ascending, with the lengths of their bytes. No value is read.
    pub fn list(&self, document: DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
        self.read(format_args!("listing document {document}"), |transaction| {
            let (first, last) = starting_with::<16, 49>(document.as_bytes());
            let lengths = transaction.open_table(CHUNK_LENGTHS)?;
            let mut listed = Vec::new();
            for entry in lengths.range::<&[u8; 49]>(&first..=&last)? {
                let (key, length) = entry?;
                listed.extend(ChunkKey::from_bytes(key.value()).map(|key| (key, length.value())));
            }
            Ok(listed)
        })
    }

    /// Every document that has a chunk, ascending: one look-up for each.
    pub fn documents(&self) -> Result<Vec<DocumentId>, StoreError> {
        self.read(format_args!("listing the documents"), |transaction| {
            let lengths = transaction.open_table(CHUNK_LENGTHS)?;
            let mut documents = Vec::new();
            let mut from = Some(0_u128);
            while let Some(document) = from {
                let (first, _) = starting_with::<16, 49>(&document.to_be_bytes());
                let Some(entry) = lengths.range::<&[u8; 49]>(&first..)?.next() else { break };
                let Some((found, _)) =
                    entry?.0.value().split_first_chunk::<16>().map(|(id, rest)| (*id, rest.len()))
                else {
                    break;
                };
                documents.push(DocumentId::from_bytes(found));
                from = u128::from_be_bytes(found).checked_add(1);
            }
            Ok(documents)
        })
    }

    fn load_range(
        &self,
        range: RangeInclusive<&[u8; 49]>,
        document: DocumentId,
    ) -> Result<Loaded, StoreError> {
        self.read(format_args!("loading document {document}"), |transaction| {
            let mut loaded = Loaded::default();
            for entry in transaction.open_table(CHUNKS)?.range::<&[u8; 49]>(range.clone())? {
                let (key, stored) = entry?;
                // A kind of a later version: its file would have a later version too. Left alone.
                let Some(key) = ChunkKey::from_bytes(key.value()) else { continue };
                match codec::decode(key, &Bytes::copy_from_slice(stored.value())) {
                    Ok(chunk) => loaded.chunks.push(chunk),
                    Err(why) => loaded.corrupt.push(CorruptChunk { key, why }),
                }
            }
            Ok(loaded)
        })
    }
}

/// Deletes, then puts. A chunk that is stored already is compared and left alone, unless it is damaged.
pub(crate) fn apply(
    stored: &mut Table<'_, Key<49>, &[u8]>,
    lengths: &mut Table<'_, Key<49>, u64>,
    batch: &Batch,
) -> Result<(), Failure> {
    for deleted in batch.effective_deletes() {
        let key = deleted.key().to_bytes();
        stored.remove(&key)?;
        lengths.remove(&key)?;
    }
    for chunk in &batch.puts {
        let (key, bytes) = (chunk.key().to_bytes(), chunk.bytes());
        let is_stored = stored
            .get(&key)?
            .is_some_and(|found| found.value().split_first() == Some((&codec::FORMAT_PLAIN, bytes.as_ref())));
        if is_stored {
            continue;
        }
        let mut place = stored.insert_reserve(&key, codec::stored_len(bytes.len()))?;
        if let Some((format, rest)) = place.as_mut().split_first_mut() {
            *format = codec::FORMAT_PLAIN;
            rest.copy_from_slice(bytes);
        }
        drop(place);
        lengths.insert(&key, bytes.len() as u64)?;
    }
    Ok(())
}
