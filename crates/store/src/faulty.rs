//! A store that fails when told to, and only in ways a real one can.

use crate::{Batch, ChunkKey, ChunkStore, Loaded, StoreError};
use ids::DocumentId;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A way in which one call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No room: nothing happens.
    Full,
    /// The storage fails before anything happens.
    Io,
    /// Somebody else holds the storage: nothing happens.
    Busy,
    /// The batch happens, and its answer is lost: the caller sees an I/O error.
    AnswerLost,
}

/// Any store, with failures in front of it. It never loses what it has acknowledged. Clones share the commands and the
/// storage behind them.
#[derive(Debug, Clone, Default)]
pub struct FaultyStore<S> {
    inner: S,
    commands: Arc<Mutex<Commands>>,
}

#[derive(Debug, Default)]
struct Commands {
    applies: VecDeque<Fault>,
    reads: VecDeque<Fault>,
}

impl<S> FaultyStore<S> {
    /// A store that works until told otherwise.
    pub fn new(inner: S) -> Self {
        Self { inner, commands: Arc::default() }
    }

    /// The next `times` applies fail like this, after those already commanded.
    pub fn fail_applies(&self, times: usize, fault: Fault) {
        self.commands().applies.extend(std::iter::repeat_n(fault, times));
    }

    /// The next `times` reads (load, list, documents) fail like this, after those already commanded.
    pub fn fail_reads(&self, times: usize, fault: Fault) {
        self.commands().reads.extend(std::iter::repeat_n(fault, times));
    }

    /// Forgets every command.
    pub fn heal(&self) {
        *self.commands() = Commands::default();
    }

    /// The store behind.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    fn commands(&self) -> MutexGuard<'_, Commands> {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, doing: &str) -> Result<(), StoreError> {
        let fault = self.commands().reads.pop_front();
        fault.map_or(Ok(()), |fault| Err(failure(fault, doing)))
    }
}

impl<S: ChunkStore> ChunkStore for FaultyStore<S> {
    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let fault = self.commands().applies.pop_front();
        match fault {
            None => self.inner.apply(batch).await,
            Some(Fault::AnswerLost) => {
                self.inner.apply(batch).await?;
                Err(failure(Fault::AnswerLost, "applying a batch"))
            }
            Some(fault) => Err(failure(fault, "applying a batch")),
        }
    }

    async fn load(&self, document: DocumentId) -> Result<Loaded, StoreError> {
        self.read("loading a document")?;
        self.inner.load(document).await
    }

    async fn list(&self, document: DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
        self.read("listing a document")?;
        self.inner.list(document).await
    }

    async fn documents(&self) -> Result<Vec<DocumentId>, StoreError> {
        self.read("listing the documents")?;
        self.inner.documents().await
    }
}

fn failure(fault: Fault, doing: &str) -> StoreError {
    let doing = doing.to_owned();
    let cause = format!("{fault:?}, on command");
    match fault {
        Fault::Full => StoreError::Full { doing, cause },
        Fault::Busy => StoreError::Busy { doing, cause },
        Fault::Io | Fault::AnswerLost => StoreError::Io { doing, cause },
    }
}
