//! A consistent copy of the file while a relay writes to it.
//!
//! Copying the file itself does not work: a plain copy of a live file could not be opened in four of five tries. This
//! copies the content of one instant into a new file, which also leaves the free pages behind.

use crate::{
    RelayReader,
    error::Failure,
    tables::{self, CHUNKS},
};
use redb::{Builder, Database, Key, ReadTransaction, ReadableTable, TableDefinition, TableHandle, Value};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};
use store::{ChunkKey, CorruptChunk, StoreError, codec};

/// What a backup holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupSummary {
    /// Chunks copied, damaged ones included.
    pub chunks: u64,
    /// Entries of all tables.
    pub entries: u64,
    /// Chunks that were damaged already. They are copied as they are.
    pub corrupt: Vec<CorruptChunk>,
}

/// Bytes written to the copy before they are committed: bounds the memory a backup needs. Small in tests, so that they
/// need many commits.
const COMMIT_BYTES: usize = if cfg!(test) { 16 << 10 } else { 16 << 20 };
const CACHE_BYTES: usize = 32 << 20;

impl RelayReader {
    /// Copies everything, as it is at one instant, into a new file. The file has its name only when it is complete and
    /// synced; an existing file is not touched.
    ///
    /// The one long read transaction of this crate: while it runs, the relay's file reuses no page.
    pub fn back_up(&self, to: &Path) -> Result<BackupSummary, StoreError> {
        let doing = format_args!("backing up to {}", to.display()).to_string();
        let io = |error: std::io::Error| {
            Failure::from(redb::StorageError::Io(error)).into_store_error(format_args!("{doing}"))
        };
        if to.exists() {
            return Err(io(std::io::Error::new(
                std::io::ErrorKind::AlreadyExists,
                "the file exists already",
            )));
        }
        let unfinished = Unfinished(unfinished_name(to));
        let summary = self.read(format_args!("{doing}"), |transaction| {
            // A second run after the relay's file was reopened starts over.
            let _ = fs::remove_file(&unfinished.0);
            let copy = Builder::new().set_cache_size(CACHE_BYTES).create(&unfinished.0)?;
            let summary = copy_everything(transaction, &copy)?;
            copy.close()?;
            Ok(summary)
        })?;
        publish(&unfinished.0, to).map_err(io)?;
        Ok(summary)
    }
}

/// Removes the unfinished file, whatever happened.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Another process making the same file uses another name for its unfinished one.
pub(crate) fn unfinished_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.unfinished", std::process::id()));
    name.into()
}

/// Gives a complete, closed file its name, unless something has that name already.
pub(crate) fn publish(unfinished: &Path, name: &Path) -> std::io::Result<()> {
    // A hard link, because a rename would replace a file that somebody else has just published.
    match fs::hard_link(unfinished, name) {
        Ok(()) => fs::remove_file(unfinished)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(error),
        // Not every file system has hard links.
        Err(_) => fs::rename(unfinished, name)?,
    }
    // The name itself is durable once its directory is synced; not every system can open one.
    match name.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent }) {
        Some(parent) => File::open(parent).map_or(Ok(()), |parent| parent.sync_all()),
        None => Ok(()),
    }
}

fn copy_everything(from: &ReadTransaction, to: &Database) -> Result<BackupSummary, Failure> {
    let mut summary = BackupSummary::default();
    macro_rules! copy {
        ($table:ident) => {
            let is_chunks = tables::$table.name() == CHUNKS.name();
            copy_table(from, to, tables::$table, &mut |key, stored| {
                summary.entries += 1;
                if is_chunks {
                    summary.chunks += 1;
                    let damage = ChunkKey::from_bytes(key).map(|key| (key, codec::check(&key, stored).err()));
                    if let Some((key, Some(why))) = damage {
                        summary.corrupt.push(CorruptChunk { key, why });
                    }
                }
            })?;
        };
    }
    tables::for_each_table!(copy);
    Ok(summary)
}

fn copy_table<K: Key + 'static, V: Value + 'static>(
    from: &ReadTransaction,
    to: &Database,
    table: TableDefinition<'_, K, V>,
    inspect: &mut dyn FnMut(&[u8], &[u8]),
) -> Result<(), Failure> {
    let source = from.open_table(table)?;
    let mut entries = source.iter()?;
    loop {
        let mut transaction = to.begin_write()?;
        transaction.set_quick_repair(true);
        let mut bytes = 0;
        {
            let mut target = transaction.open_table(table)?;
            for entry in entries.by_ref() {
                let (key, value) = entry?;
                let (key, value) = (key.value(), value.value());
                let (key_bytes, value_bytes) = (K::as_bytes(&key), V::as_bytes(&value));
                inspect(key_bytes.as_ref(), value_bytes.as_ref());
                bytes += key_bytes.as_ref().len() + value_bytes.as_ref().len();
                target.insert(&key, &value)?;
                if bytes >= COMMIT_BYTES {
                    break;
                }
            }
        }
        transaction.commit()?;
        if bytes < COMMIT_BYTES {
            return Ok(());
        }
    }
}
