//! The open database, and its reopening after the disk has failed.
//!
//! redb latches: after one failed write every later call answers `PreviousIo`, until the database is opened again. A
//! relay that must be restarted by hand after a full disk would be a poor relay, so the engine reopens at the first
//! call that meets the latch. It never repeats a call whose own input or output failed: that failure is the answer.

use crate::error::Failure;
use redb::{
    Database, DatabaseError, Durability, ReadOnlyDatabase, ReadTransaction, ReadableDatabase,
    WriteTransaction,
};
use std::{
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

/// One open database.
pub(crate) enum Live {
    /// This process writes.
    Writer(Database),
    /// Another process may write.
    Reader(ReadOnlyDatabase),
}

type Opener = Box<dyn Fn() -> Result<Live, Failure> + Send + Sync>;

pub(crate) struct Engine {
    opener: Opener,
    slot: RwLock<Slot>,
}

struct Slot {
    live: Option<Live>,
    /// How often the database was opened; tells whoever met the latch whether somebody has reopened since.
    openings: u64,
}

impl Engine {
    pub(crate) fn open(
        opener: impl Fn() -> Result<Live, Failure> + Send + Sync + 'static,
    ) -> Result<Self, Failure> {
        let live = opener()?;
        Ok(Self { opener: Box::new(opener), slot: RwLock::new(Slot { live: Some(live), openings: 0 }) })
    }

    /// Runs `work` in a read transaction that ends with it. `work` may run twice.
    pub(crate) fn read<T>(
        &self,
        work: impl Fn(&ReadTransaction) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.unlatched(|live| {
            let transaction = match live {
                Live::Writer(database) => database.begin_read(),
                Live::Reader(database) => database.begin_read(),
            };
            work(&transaction?)
        })
    }

    /// Runs `work` in a write transaction and commits it. When this returns `Ok`, it is durable. `work` may run twice.
    pub(crate) fn write<T>(
        &self,
        work: impl Fn(&WriteTransaction) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.unlatched(|live| {
            let Live::Writer(database) = live else {
                return Err(DatabaseError::from(redb::BackendError::Unsupported).into());
            };
            let mut transaction = database.begin_write()?;
            transaction.set_durability(Durability::Immediate)?;
            transaction.set_two_phase_commit(true);
            transaction.set_quick_repair(true);
            match work(&transaction) {
                Ok(done) => {
                    transaction.commit()?;
                    Ok(done)
                }
                Err(failure) => {
                    // Dropping aborts as well; an abort that fails leaves the latch to the next call.
                    let _ = transaction.abort();
                    Err(failure)
                }
            }
        })
    }

    /// Runs `work` while nobody else uses the database.
    pub(crate) fn alone<T>(&self, work: impl Fn(&mut Database) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
        match &mut slot.live {
            Some(Live::Writer(database)) => work(database),
            _ => Err(DatabaseError::from(redb::BackendError::Unsupported).into()),
        }
    }

    fn unlatched<T>(&self, work: impl Fn(&Live) -> Result<T, Failure>) -> Result<T, Failure> {
        let (met, answer) = {
            let slot = self.shared();
            match &slot.live {
                Some(live) => (slot.openings, work(live)),
                None => (slot.openings, Err(redb::StorageError::DatabaseClosed.into())),
            }
        };
        match answer {
            Err(failure) if failure.is_latched() => {
                self.reopen(met)?;
                match &self.shared().live {
                    Some(live) => work(live),
                    None => Err(failure),
                }
            }
            answer => answer,
        }
    }

    fn reopen(&self, met: u64) -> Result<(), Failure> {
        let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
        if slot.openings == met {
            // First out, then in: the old handle holds the lock on the file.
            slot.live = None;
            slot.live = Some((self.opener)()?);
            slot.openings += 1;
        }
        Ok(())
    }

    fn shared(&self) -> RwLockReadGuard<'_, Slot> {
        self.slot.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}
