//! Opening the file, and knowing whether it is ours to open.

use crate::{
    RelayReader, StorageBackend, WriteError,
    backup::{publish, unfinished_name},
    engine::{Engine, Live},
    error::Failure,
    tables::{self, FORMAT_VERSION, FORMAT_VERSION_KEY, META},
};
use redb::{
    Builder, ConcurrencyMode, Database, DatabaseError, ReadableDatabase, TableError, TableHandle,
    WriteTransaction,
};
use std::{fmt, io, path::Path, sync::Arc};
use store::StoreError;

/// Name of the file in the data directory.
pub const FILE_NAME: &str = "binnacle.redb";

/// How to open the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Bytes of memory for database pages. redb's own default of 1 GiB is too much for a small host.
    pub cache_bytes: usize,
    /// How many documents may be registered to one workspace.
    pub documents_per_workspace_max: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_bytes: 64 << 20, documents_per_workspace_max: 10_000 }
    }
}

/// The file of a relay, open for writing. One process at a time has it; clones share it.
///
/// Calls block on the disk: an async server runs them where blocking is allowed, and writes chunks through a
/// [`Writer`](crate::Writer).
#[derive(Debug, Clone)]
pub struct RelayFile {
    reader: RelayReader,
    pub(crate) options: Options,
}

impl RelayFile {
    /// Opens the file, or creates it.
    ///
    /// [`StoreError::Busy`] if another process has it open for writing, [`StoreError::Format`] if a newer program
    /// wrote it (it is left as it was).
    pub fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let (file, cache_bytes) = (path.to_owned(), options.cache_bytes);
        let open = move || {
            let name = file.display().to_string();
            if !file.exists() {
                create(&file, cache_bytes)?;
            }
            // Opening for writing alters the file, so the version is read first. A file that was not closed cleanly
            // cannot be read without repair; its version is checked after redb has repaired it.
            match builder(cache_bytes).open_read_only(&file) {
                Ok(database) => check_version(&database, &name)?,
                Err(DatabaseError::RepairAborted) => {}
                Err(error) => return Err(error.into()),
            }
            let database = builder(cache_bytes).open(&file)?;
            check_version(&database, &name)?;
            Ok(Live::Writer(database))
        };
        Self::from_opener(open, options, format_args!("opening {}", path.display()))
    }

    /// Opens a database on something else than a file. `backend` is called again when the storage has failed and is
    /// reopened; the backend must support redb's byte-range locks.
    pub fn open_with_backend<B: StorageBackend>(
        backend: impl Fn() -> B + Send + Sync + 'static,
        options: &Options,
    ) -> Result<Self, StoreError> {
        let cache_bytes = options.cache_bytes;
        let open = move || {
            let database = builder(cache_bytes).create_with_backend(backend())?;
            if database.begin_read()?.list_tables()?.next().is_none() {
                initialise(&database)?;
            }
            check_version(&database, "this storage")?;
            Ok(Live::Writer(database))
        };
        Self::from_opener(open, options, format_args!("opening a storage backend"))
    }

    fn from_opener(
        open: impl Fn() -> Result<Live, Failure> + Send + Sync + 'static,
        options: &Options,
        doing: fmt::Arguments<'_>,
    ) -> Result<Self, StoreError> {
        let engine = Engine::open(open).map_err(|failure| failure.into_store_error(doing))?;
        Ok(Self { reader: RelayReader { engine: Arc::new(engine) }, options: *options })
    }

    /// The reading half.
    pub fn reader(&self) -> &RelayReader {
        &self.reader
    }

    /// Gives pages that are no longer used back to the file system. Readers and writers of this process wait meanwhile;
    /// [`StoreError::Busy`] while another process reads the file.
    pub fn shrink(&self) -> Result<(), StoreError> {
        self.reader
            .engine
            .alone(|database| {
                // Whether redb moved a page does not say whether the file became smaller.
                database.compact()?;
                Ok(())
            })
            .map_err(|failure| failure.into_store_error(format_args!("shrinking the file")))
    }

    pub(crate) fn write<T>(
        &self,
        doing: fmt::Arguments<'_>,
        work: impl Fn(&WriteTransaction) -> Result<T, Failure>,
    ) -> Result<T, WriteError> {
        self.reader.engine.write(work).map_err(|failure| failure.into_write_error(doing))
    }
}

/// As every opener of the file must set redb up, or they would lock each other out.
pub(crate) fn builder(cache_bytes: usize) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(cache_bytes).set_concurrency_mode(ConcurrencyMode::SingleWriter);
    builder
}

/// Makes an empty file of ours. It gets its name when it is complete: redb cannot open a file whose creation a power
/// cut has interrupted.
fn create(file: &Path, cache_bytes: usize) -> Result<(), Failure> {
    let unfinished = unfinished_name(file);
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(redb::StorageError::Io(error).into());
        }
        _ => {}
    }
    let database = builder(cache_bytes).create(&unfinished)?;
    initialise(&database)?;
    database.close()?;
    match publish(&unfinished, file) {
        // Somebody else was faster; theirs is as good.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(std::fs::remove_file(&unfinished)),
        published => Ok(published),
    }
    .and_then(|done| done.map_err(|error| redb::StorageError::Io(error).into()))
}

fn initialise(database: &Database) -> Result<(), Failure> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    transaction.set_quick_repair(true);
    macro_rules! create {
        ($table:ident) => {
            transaction.open_table(tables::$table)?;
        };
    }
    tables::for_each_table!(create);
    transaction.open_table(META)?.insert(FORMAT_VERSION_KEY, FORMAT_VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Refuses a file of a later version, and a redb file that is not ours.
pub(crate) fn check_version(database: &impl ReadableDatabase, name: &str) -> Result<(), Failure> {
    let transaction = database.begin_read()?;
    let found = match transaction.open_table(META) {
        Ok(meta) => meta.get(FORMAT_VERSION_KEY)?.map(|version| version.value()),
        Err(TableError::TableDoesNotExist(_)) => None,
        Err(error) => return Err(error.into()),
    };
    match found {
        Some(1..=FORMAT_VERSION) => Ok(()),
        Some(found) => {
            let what = name.to_owned();
            Err(WriteError::Store(StoreError::Format { what, found, known: FORMAT_VERSION }).into())
        }
        None => Err(Failure::Corrupt(format!(
            "{name} is a redb file without a {:?} table: not one of ours",
            META.name()
        ))),
    }
}
