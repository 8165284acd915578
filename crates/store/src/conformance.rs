//! The contract of every place that keeps chunks, as functions that any test harness can call.
//!
//! Each law is an async function over a [`TestStore`]; it answers `Ok` or says how the law was broken. Memory and redb
//! call them under a blocking executor, IndexedDB under the one of the browser. Every law works on documents of its
//! own, so that one storage can serve many of them.

mod compactors;
mod failures;
mod in_turns;
mod laws;
mod schedule;

pub use compactors::compactors_keep_the_union;
pub use failures::{Troubled, all_of_trouble, failed_is_whole_or_nothing, full_refuses_and_loses_nothing};
pub use laws::{
    acknowledged_is_loaded, all, any_damage_is_reported, batches_stand_or_fall_together, damage_is_reported,
    deletes_only_what_was_loaded, documents_are_isolated, nothing_is_an_empty_document, puts_are_idempotent,
};

use crate::{ChunkKey, ChunkStore, StoreError};

/// What a law needs from the place under test.
#[expect(async_fn_in_trait, reason = "as ChunkStore: IndexedDB futures are not Send")]
pub trait TestStore {
    /// The store under test.
    type Store: ChunkStore;

    /// A handle onto a storage that nobody has written to.
    async fn fresh(&self) -> Self::Store;

    /// Another handle onto the storage behind `store`: a second tab, a second thread.
    async fn again(&self, store: &Self::Store) -> Self::Store;

    /// Makes `stored` the stored form (see [`codec`](crate::codec)) under `key`, behind the store's back.
    async fn overwrite(&self, store: &Self::Store, key: &ChunkKey, stored: &[u8]);
}

/// A law that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("broken law: {0}")]
pub struct Broken(String);

impl Broken {
    /// The draw that broke it: the seed reproduces everything.
    fn under(self, seed: u64) -> Self {
        Self(format!("{}, seed {seed}", self.0))
    }
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self(format!("a store that is not told to fail answered: {error}"))
    }
}

/// What a law answers.
pub type Verdict = Result<(), Broken>;
