//! One transaction for many writes: synchronous, so that a simulator can call it as well as a thread.

use crate::{
    DocumentRegistration, Receipt, RelayFile, WriteError, chunks, directory,
    error::Failure,
    receipt,
    tables::{CHUNK_LENGTHS, CHUNKS, RECEIPTS},
};
use redb::WriteTransaction;
use store::{Batch, ChunkKey, ChunkStore, Loaded, StoreError};

/// What one cause (a message of a peer, a compaction) wants written. It stands or falls together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Write {
    /// Chunks to put and to delete.
    pub batch: Batch,
    /// Who delivered which change. The first receipt of a change stays; later ones are ignored.
    pub receipts: Vec<Receipt>,
    /// The document's place in the directory, where it is new. Registering it again as it is costs nothing.
    pub register: Option<DocumentRegistration>,
}

impl Write {
    /// A write of chunks alone.
    pub fn of(batch: Batch) -> Self {
        Self { batch, ..Self::default() }
    }

    /// Bytes this write keeps in memory while it waits, roughly.
    pub(crate) fn weight(&self) -> usize {
        const ENTRY: usize = 128;
        let entries = self.batch.puts.len() + self.batch.deletes.len() + self.receipts.len() + 1;
        self.batch.put_bytes().saturating_add(entries.saturating_mul(ENTRY))
    }
}

impl RelayFile {
    /// Makes all writes durable in one transaction, in their order, or none of them.
    ///
    /// When it has returned `Ok`, they survive a power cut. After [`StoreError::Io`] they may or may not have been
    /// written; writing them again is harmless.
    pub fn commit(&self, writes: &[Write]) -> Result<(), WriteError> {
        if writes.is_empty() {
            return Ok(());
        }
        self.write(format_args!("committing {} writes", writes.len()), |transaction| {
            self.carry_out(transaction, writes)
        })
    }

    fn carry_out(&self, transaction: &WriteTransaction, writes: &[Write]) -> Result<(), Failure> {
        for registration in writes.iter().filter_map(|write| write.register.as_ref()) {
            directory::register(transaction, registration, self.options.documents_per_workspace_max)?;
        }
        if writes.iter().any(|write| !write.batch.is_empty()) {
            let mut stored = transaction.open_table(CHUNKS)?;
            let mut lengths = transaction.open_table(CHUNK_LENGTHS)?;
            for write in writes {
                chunks::apply(&mut stored, &mut lengths, &write.batch)?;
            }
        }
        if writes.iter().any(|write| !write.receipts.is_empty()) {
            let mut receipts = transaction.open_table(RECEIPTS)?;
            for receipt in writes.iter().flat_map(|write| &write.receipts) {
                receipt::keep_first(&mut receipts, receipt)?;
            }
        }
        Ok(())
    }
}

/// Every future is ready at its first poll, after having blocked on the disk.
impl ChunkStore for RelayFile {
    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        match self.commit(&[Write::of(batch)]) {
            Ok(()) => Ok(()),
            Err(WriteError::Store(error)) => Err(error),
            // Unreachable while a batch alone meets no rule of the directory; still an answer, not a panic.
            Err(refusal) => {
                Err(StoreError::Io { doing: "applying a batch".to_owned(), cause: refusal.to_string() })
            }
        }
    }

    async fn load(&self, document: ids::DocumentId) -> Result<Loaded, StoreError> {
        self.reader().load(document)
    }

    async fn list(&self, document: ids::DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
        self.reader().list(document)
    }

    async fn documents(&self) -> Result<Vec<ids::DocumentId>, StoreError> {
        self.reader().documents()
    }
}
