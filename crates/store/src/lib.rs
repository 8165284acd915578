//! What is kept: content-addressed chunks, and the one contract of every place that keeps them.
//!
//! A document is stored as a set of [`Chunk`]s. A chunk is named by the SHA-256 of its bytes, so writing it twice is
//! writing it once, no order of writes matters, and every reader can tell a sound chunk from a damaged one. Nothing
//! here knows what the bytes mean.
//!
//! [`ChunkStore`] is the seam: memory (here), redb (the relay's file) and IndexedDB (a browser) stand behind it, and
//! all of them answer to the same laws in [`conformance`]. Three rules carry the rest of the product:
//!
//! * *Durable when answered.* When [`ChunkStore::apply`] has returned `Ok`, the batch survives a power cut. Nobody may
//!   say "saved" or announce a change before that.
//! * *One batch, one transaction.* A compaction puts its snapshot and deletes what the snapshot covers in a single
//!   [`Batch`]. Two batches would lose documents: see [`Batch`].
//! * *Only what was read is deleted.* A delete takes a [`LoadedKey`], and only somebody who holds the bytes has one.

mod batch;
mod chunk;
pub mod codec;
pub mod conformance;
mod error;
mod faulty;
mod key;
mod memory;

pub use batch::Batch;
pub use chunk::{Chunk, CorruptChunk, Corruption, Loaded, LoadedKey};
pub use error::StoreError;
pub use faulty::{Fault, FaultyStore};
pub use key::{ChunkKey, ChunkKind};
pub use memory::MemoryStore;

use ids::DocumentId;

/// A place that keeps chunks.
///
/// The futures carry no `Send` bound, because those of a browser cannot have one. Memory and redb answer at the first
/// poll, so a caller without an executor may block on them.
#[expect(
    async_fn_in_trait,
    reason = "IndexedDB futures are not Send, and every caller drives them on one thread"
)]
pub trait ChunkStore {
    /// Makes the whole batch durable, or none of it.
    ///
    /// After an error the batch may still have happened (an answer can be lost on its way); applying it again is
    /// harmless. Putting a chunk that is stored already is a success and repairs a damaged copy.
    async fn apply(&self, batch: Batch) -> Result<(), StoreError>;

    /// Every chunk of a document, checked against its hash, ascending by key: snapshots, incrementals, indexes.
    ///
    /// A damaged chunk is reported in [`Loaded::corrupt`] and costs only itself. An unknown document is empty.
    async fn load(&self, document: DocumentId) -> Result<Loaded, StoreError>;

    /// The keys of a document, ascending, each with the length of its bytes. Nothing is checked against its hash; a
    /// store that can tell lengths without reading the bytes does not read them.
    async fn list(&self, document: DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError>;

    /// Every document that has a chunk, ascending.
    async fn documents(&self) -> Result<Vec<DocumentId>, StoreError>;
}
