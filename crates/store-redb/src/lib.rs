//! The relay's file: chunks, receipts and the directory in one redb database.
//!
//! One process owns the file ([`RelayFile`]) and writes; any number of other processes may read it meanwhile
//! ([`RelayReader`]): that is how a backup runs beside a relay. Everything a write touches changes in one transaction,
//! so a chunk is never there without its receipt, nor a document without its registration.
//!
//! **Crash argument.** redb commits in two phases: pages and a new root are written and synced, then one byte that
//! chooses the root is written and synced. A power cut leaves the old root or the new one. [`RelayFile::commit`]
//! returns after the second sync, and nobody is answered before: [`Writer`] calls back only after `commit` returned.
//! The tests cut the power at every sync of a workload, with unsynced writes kept, dropped and torn at random.
//! Each commit also stores redb's page allocator, so reopening after a crash takes milliseconds and not a walk
//! through the whole file.
//!
//! **After a failure.** redb refuses all work once its disk has failed, until the file is opened again. This crate
//! opens it again by itself at the next call, so that a relay whose disk was full goes on when there is room.
//!
//! Reading transactions are short by construction (no API hands one out), because the file cannot reuse a page while
//! somebody may still read it. The one exception is [`RelayReader::back_up`], which must see one instant.
//!
//! The tables are drawn in `docs/storage-format.md`.

mod access;
mod backup;
mod check;
mod chunks;
mod commit;
mod directory;
mod engine;
mod error;
mod file;
mod identity;
mod reader;
mod receipt;
mod secret;
pub mod simulated;
mod tables;
mod writer;

pub use access::{Invite, InviteEntry, Session, Token, TokenEntry};
pub use backup::BackupSummary;
pub use check::{CheckReport, Usage};
pub use chunks::Visit;
pub use commit::Write;
pub use directory::{
    DirectoryMember, DirectoryWorkspace, DocumentRegistration, NewWorkspace, Role, TokenRole,
};
pub use error::WriteError;
pub use file::{FILE_NAME, Options, RelayFile};
pub use reader::RelayReader;
pub use receipt::Receipt;
pub use redb::StorageBackend;
pub use secret::{ParseSecretError, Secret, SecretId};
pub use tables::FORMAT_VERSION;
pub use writer::{OnDone, QueueLimits, Writer, WriterHandle};

#[cfg(test)]
mod tests;
