//! Reading the file, from the process that owns it or from another one.

use crate::{
    Options, RelayFile,
    engine::{Engine, Live},
    error::Failure,
    file::{builder, check_version},
};
use redb::ReadTransaction;
use std::{fmt, path::Path, sync::Arc};
use store::StoreError;

/// The reading half of the file. Every call sees the newest committed state, whoever committed it. Clones share the
/// open file.
///
/// Calls block on the disk: an async server runs them where blocking is allowed.
#[derive(Debug, Clone)]
pub struct RelayReader {
    pub(crate) engine: Arc<Engine>,
}

impl RelayReader {
    /// Opens the file for reading, beside a relay that may be running and writing.
    ///
    /// A file whose relay died is repaired first, which needs the right to write; beside a running relay it does not.
    pub fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let (file, cache_bytes) = (path.to_owned(), options.cache_bytes);
        let open = move || -> Result<Live, Failure> {
            let database = builder(cache_bytes).open_read_only(&file)?;
            check_version(&database, &file.display().to_string())?;
            Ok(Live::Reader(database))
        };
        let engine = match Engine::open(open.clone()) {
            Err(Failure::Redb(error)) if matches!(*error, redb::Error::RepairAborted) => {
                match RelayFile::open(path, options) {
                    // Somebody else has just repaired it, and has it open.
                    Ok(_) | Err(StoreError::Busy { .. }) => Engine::open(open),
                    Err(error) => return Err(error),
                }
            }
            opened => opened,
        };
        let engine = engine.map_err(|failure| {
            failure.into_store_error(format_args!("opening {} for reading", path.display()))
        })?;
        Ok(Self { engine: Arc::new(engine) })
    }

    pub(crate) fn read<T>(
        &self,
        doing: fmt::Arguments<'_>,
        work: impl Fn(&ReadTransaction) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        self.engine.read(work).map_err(|failure| failure.into_store_error(doing))
    }
}
