//! The laws of every store, for redb on a file and on the simulated disk.

use crate::{Options, RelayFile, simulated::SimulatedDisk, tables::CHUNKS};
use ids::DocumentId;
use pollster::block_on;
use store::{
    Batch, ChunkKey, ChunkStore, Loaded, StoreError,
    conformance::{self, TestStore, Troubled},
};

/// Stores the damaged form in the table and leaves everything else as it is.
pub(super) fn overwrite(file: &RelayFile, key: &ChunkKey, stored: &[u8]) {
    let written = file.write(format_args!("damaging a chunk"), |transaction| {
        transaction.open_table(CHUNKS)?.insert(&key.to_bytes(), stored)?;
        Ok(())
    });
    written.unwrap();
}

struct InMemory;

impl TestStore for InMemory {
    type Store = RelayFile;

    async fn fresh(&self) -> RelayFile {
        let disk = SimulatedDisk::new();
        RelayFile::open_with_backend(move || disk.backend(), &Options::default()).unwrap()
    }

    async fn again(&self, store: &RelayFile) -> RelayFile {
        store.clone()
    }

    async fn overwrite(&self, store: &RelayFile, key: &ChunkKey, stored: &[u8]) {
        overwrite(store, key, stored);
    }
}

struct OnDisk(tempfile::TempDir);

impl TestStore for OnDisk {
    type Store = RelayFile;

    async fn fresh(&self) -> RelayFile {
        let dir = tempfile::tempdir_in(self.0.path()).unwrap().keep();
        RelayFile::open(&dir.join(crate::FILE_NAME), &Options::default()).unwrap()
    }

    async fn again(&self, store: &RelayFile) -> RelayFile {
        store.clone()
    }

    async fn overwrite(&self, store: &RelayFile, key: &ChunkKey, stored: &[u8]) {
        overwrite(store, key, stored);
    }
}

/// A file, and the disk that it is on.
struct Plugged {
    file: RelayFile,
    disk: SimulatedDisk,
}

impl ChunkStore for Plugged {
    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.file.apply(batch).await
    }

    async fn load(&self, document: DocumentId) -> Result<Loaded, StoreError> {
        self.file.load(document).await
    }

    async fn list(&self, document: DocumentId) -> Result<Vec<(ChunkKey, u64)>, StoreError> {
        self.file.list(document).await
    }

    async fn documents(&self) -> Result<Vec<DocumentId>, StoreError> {
        self.file.documents().await
    }
}

struct OnATroubledDisk;

impl TestStore for OnATroubledDisk {
    type Store = Plugged;

    async fn fresh(&self) -> Plugged {
        let disk = SimulatedDisk::new();
        let plugged = disk.clone();
        let file = RelayFile::open_with_backend(move || plugged.backend(), &Options::default()).unwrap();
        Plugged { file, disk }
    }

    async fn again(&self, store: &Plugged) -> Plugged {
        Plugged { file: store.file.clone(), disk: store.disk.clone() }
    }

    async fn overwrite(&self, store: &Plugged, key: &ChunkKey, stored: &[u8]) {
        overwrite(&store.file, key, stored);
    }
}

impl Troubled for OnATroubledDisk {
    async fn fill_up(&self, store: &Plugged, is_full: bool) {
        store.disk.fill_up(is_full);
    }

    async fn fail_next(&self, store: &Plugged) {
        store.disk.fail_writes(1, std::io::ErrorKind::Other);
    }
}

#[test]
fn redb_in_trouble_keeps_the_laws_of_trouble() {
    block_on(conformance::all_of_trouble(&OnATroubledDisk, 10)).unwrap();
}

#[test]
fn redb_keeps_every_law() {
    block_on(conformance::all(&InMemory, 60)).unwrap();
}

/// The same code on real files; the compactions, which are the same transactions over and over, only above.
#[test]
fn redb_keeps_the_laws_on_a_file() {
    let test = OnDisk(tempfile::tempdir().unwrap());
    block_on(async {
        conformance::nothing_is_an_empty_document(&test).await?;
        conformance::puts_are_idempotent(&test).await?;
        conformance::acknowledged_is_loaded(&test, 1).await?;
        conformance::deletes_only_what_was_loaded(&test).await?;
        conformance::batches_stand_or_fall_together(&test).await?;
        conformance::documents_are_isolated(&test).await?;
        conformance::damage_is_reported(&test).await?;
        conformance::any_damage_is_reported(&test, 10).await
    })
    .unwrap();
}
