//! The laws, for memory and for memory that fails on command.

use pollster::block_on;
use store::{
    Batch, Chunk, ChunkKey, ChunkKind, ChunkStore, Fault, FaultyStore, MemoryStore, StoreError,
    conformance::{self, TestStore, Troubled},
};

struct Memory;

impl TestStore for Memory {
    type Store = MemoryStore;

    async fn fresh(&self) -> MemoryStore {
        MemoryStore::new()
    }

    async fn again(&self, store: &MemoryStore) -> MemoryStore {
        store.clone()
    }

    async fn overwrite(&self, store: &MemoryStore, key: &ChunkKey, stored: &[u8]) {
        store.overwrite(*key, stored.to_vec());
    }
}

/// Memory behind failures that every caller answers by asking again, as the writer and the client do.
#[derive(Clone)]
struct Retrying(FaultyStore<MemoryStore>);

impl Retrying {
    /// Asks until the commanded failures are used up, then commands the next ones.
    async fn insist<T>(
        &self,
        mut call: impl AsyncFnMut(&FaultyStore<MemoryStore>) -> Result<T, StoreError>,
    ) -> T {
        for fault in [Fault::Full, Fault::Io, Fault::Busy, Fault::AnswerLost] {
            self.0.fail_applies(1, fault);
            self.0.fail_reads(1, Fault::Io);
        }
        loop {
            if let Ok(answer) = call(&self.0).await {
                self.0.heal();
                return answer;
            }
        }
    }
}

impl ChunkStore for Retrying {
    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.insist(async |store| store.apply(batch.clone()).await).await;
        Ok(())
    }

    async fn load(&self, document: ids::DocumentId) -> Result<store::Loaded, StoreError> {
        Ok(self.insist(async |store| store.load(document).await).await)
    }

    async fn list(&self, document: ids::DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
        Ok(self.insist(async |store| store.list(document).await).await)
    }

    async fn documents(&self) -> Result<Vec<ids::DocumentId>, StoreError> {
        Ok(self.insist(async |store| store.documents().await).await)
    }
}

struct Faulty;

impl TestStore for Faulty {
    type Store = Retrying;

    async fn fresh(&self) -> Retrying {
        Retrying(FaultyStore::new(MemoryStore::new()))
    }

    async fn again(&self, store: &Retrying) -> Retrying {
        store.clone()
    }

    async fn overwrite(&self, store: &Retrying, key: &ChunkKey, stored: &[u8]) {
        store.0.inner().overwrite(*key, stored.to_vec());
    }
}

/// Memory whose failures reach the caller.
struct Failing(Fault);

impl TestStore for Failing {
    type Store = FaultyStore<MemoryStore>;

    async fn fresh(&self) -> FaultyStore<MemoryStore> {
        FaultyStore::new(MemoryStore::new())
    }

    async fn again(&self, store: &FaultyStore<MemoryStore>) -> FaultyStore<MemoryStore> {
        store.clone()
    }

    async fn overwrite(&self, store: &FaultyStore<MemoryStore>, key: &ChunkKey, stored: &[u8]) {
        store.inner().overwrite(*key, stored.to_vec());
    }
}

impl Troubled for Failing {
    async fn fill_up(&self, store: &FaultyStore<MemoryStore>, is_full: bool) {
        store.heal();
        if is_full {
            // More than any law asks for.
            store.fail_applies(100, Fault::Full);
        }
    }

    async fn fail_next(&self, store: &FaultyStore<MemoryStore>) {
        store.fail_applies(1, self.0);
    }
}

#[test]
fn memory_in_trouble_keeps_the_laws_of_trouble() {
    // A failure that is the truth, and an answer that is lost on its way.
    for fault in [Fault::Io, Fault::AnswerLost] {
        block_on(conformance::all_of_trouble(&Failing(fault), 50)).unwrap();
    }
}

#[test]
fn memory_keeps_every_law() {
    block_on(conformance::all(&Memory, 500)).unwrap();
}

#[test]
fn a_caller_that_asks_again_gets_every_law_from_a_faulty_store() {
    block_on(conformance::all(&Faulty, 50)).unwrap();
}

/// A store that breaks the contract must fail the laws: here one that forgets deletes, one that forgets every fifth
/// put, and one that carries out its deletes after its puts.
mod broken {
    use super::*;

    #[derive(Clone, Copy, PartialEq)]
    enum Defect {
        ForgetsDeletes,
        ForgetsAPut,
        DeletesLast,
    }

    #[derive(Clone)]
    struct Defective(MemoryStore, Defect);

    impl ChunkStore for Defective {
        async fn apply(&self, mut batch: Batch) -> Result<(), StoreError> {
            match self.1 {
                Defect::ForgetsDeletes => batch.deletes.clear(),
                Defect::ForgetsAPut => batch.puts.truncate(4),
                Defect::DeletesLast => {
                    let deletes = std::mem::take(&mut batch.deletes);
                    self.0.apply(batch).await?;
                    batch = Batch::replace([], deletes);
                }
            }
            self.0.apply(batch).await
        }

        async fn load(&self, document: ids::DocumentId) -> Result<store::Loaded, StoreError> {
            self.0.load(document).await
        }

        async fn list(&self, document: ids::DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
            self.0.list(document).await
        }

        async fn documents(&self) -> Result<Vec<ids::DocumentId>, StoreError> {
            self.0.documents().await
        }
    }

    struct Test(Defect);

    impl TestStore for Test {
        type Store = Defective;

        async fn fresh(&self) -> Defective {
            Defective(MemoryStore::new(), self.0)
        }

        async fn again(&self, store: &Defective) -> Defective {
            store.clone()
        }

        async fn overwrite(&self, store: &Defective, key: &ChunkKey, stored: &[u8]) {
            store.0.overwrite(*key, stored.to_vec());
        }
    }

    #[test]
    fn the_laws_notice() {
        for defect in [Defect::ForgetsDeletes, Defect::ForgetsAPut, Defect::DeletesLast] {
            block_on(conformance::all(&Test(defect), 20)).unwrap_err();
        }
        block_on(conformance::compactors_keep_the_union(&Test(Defect::DeletesLast), 20)).unwrap_err();
    }
}

/// The laws of trouble notice as well: a store that keeps half of a batch it refuses, and one that forgets what it has
/// when there is no room.
mod broken_in_trouble {
    use super::*;
    use std::{cell::Cell, rc::Rc};

    #[derive(Clone, Copy, PartialEq)]
    enum Defect {
        KeepsHalf,
        Forgets,
        SaysIo,
    }

    #[derive(Clone)]
    struct Defective {
        memory: MemoryStore,
        defect: Defect,
        is_full: Rc<Cell<bool>>,
        fails: Rc<Cell<bool>>,
    }

    impl ChunkStore for Defective {
        async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
            let (doing, cause) = ("applying".to_owned(), "on command".to_owned());
            if !self.is_full.get() && !self.fails.take() {
                return self.memory.apply(batch).await;
            }
            if self.defect == Defect::KeepsHalf {
                self.memory.apply(Batch::put(batch.puts.into_iter().take(1))).await?;
            } else if self.defect == Defect::Forgets {
                for document in self.memory.documents().await? {
                    let all = self.memory.load(document).await?.chunks;
                    let gone = all.iter().map(Chunk::loaded_key).take(1);
                    self.memory.apply(Batch::replace([], gone)).await?;
                }
            }
            match self.defect {
                Defect::SaysIo => Err(StoreError::Io { doing, cause }),
                _ => Err(StoreError::Full { doing, cause }),
            }
        }

        async fn load(&self, document: ids::DocumentId) -> Result<store::Loaded, StoreError> {
            self.memory.load(document).await
        }

        async fn list(&self, document: ids::DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
            self.memory.list(document).await
        }

        async fn documents(&self) -> Result<Vec<ids::DocumentId>, StoreError> {
            self.memory.documents().await
        }
    }

    struct Test(Defect);

    impl TestStore for Test {
        type Store = Defective;

        async fn fresh(&self) -> Defective {
            Defective {
                memory: MemoryStore::new(),
                defect: self.0,
                is_full: Rc::default(),
                fails: Rc::default(),
            }
        }

        async fn again(&self, store: &Defective) -> Defective {
            store.clone()
        }

        async fn overwrite(&self, store: &Defective, key: &ChunkKey, stored: &[u8]) {
            store.memory.overwrite(*key, stored.to_vec());
        }
    }

    impl Troubled for Test {
        async fn fill_up(&self, store: &Defective, is_full: bool) {
            store.is_full.set(is_full);
        }

        async fn fail_next(&self, store: &Defective) {
            store.fails.set(true);
        }
    }

    #[test]
    fn the_laws_of_trouble_notice() {
        for defect in [Defect::KeepsHalf, Defect::Forgets] {
            block_on(conformance::full_refuses_and_loses_nothing(&Test(defect), 20)).unwrap_err();
            block_on(conformance::failed_is_whole_or_nothing(&Test(defect), 20)).unwrap_err();
        }
        block_on(conformance::full_refuses_and_loses_nothing(&Test(Defect::SaysIo), 1)).unwrap_err();
    }
}

#[test]
fn a_refused_batch_leaves_no_trace_and_an_acknowledged_one_stays() {
    let store = FaultyStore::new(MemoryStore::new());
    let document = ids::DocumentId::from_bytes([3; 16]);
    let chunk = |byte: u8| Chunk::new(document, ChunkKind::Incremental, vec![byte]);
    block_on(store.apply(Batch::put([chunk(1)]))).unwrap();

    for fault in [Fault::Full, Fault::Io, Fault::Busy] {
        store.fail_applies(1, fault);
        let error = block_on(store.apply(Batch::replace([chunk(2)], [chunk(1).loaded_key()]))).unwrap_err();
        match fault {
            Fault::Full => assert!(matches!(error, StoreError::Full { .. })),
            Fault::Busy => assert!(matches!(error, StoreError::Busy { .. })),
            Fault::Io | Fault::AnswerLost => assert!(matches!(error, StoreError::Io { .. })),
        }
        assert_eq!(block_on(store.load(document)).unwrap().chunks, [chunk(1)]);
    }

    store.fail_applies(1, Fault::AnswerLost);
    block_on(store.apply(Batch::put([chunk(2)]))).unwrap_err();
    assert_eq!(block_on(store.load(document)).unwrap().chunks.len(), 2);
}
