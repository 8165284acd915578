//! Chunks in the IndexedDB of a browser, and the few small things a device remembers beside them.
//!
//! Promises:
//!
//! * *Durable when answered.* A write asks for `durability: "strict"` and is answered when the transaction has
//!   completed: not when its requests have succeeded, which a crash may still undo.
//! * *A full disk is [`StoreError::Full`]*, wherever the browser notices it (most notice only at the commit).
//! * *A lost connection costs a retry.* Browsers close connections on their own (site data cleared, storage service
//!   restarted, a device waking up). The database is then opened again and the transaction repeated once; chunks are
//!   named by their hash, so a repetition writes nothing twice.
//! * *No schema version after the first.* An upgrade waits until every tab with the old version is closed, and would
//!   shut out whoever has one open. All object stores that may ever be needed exist from the start: see [`schema`].
//!
//! The transactions are driven with `web-sys` directly: what the contract above rests on (durability, the error of
//! an abort, the closing of a connection) is what wrappers leave out.

mod chunks;
mod connection;
mod failure;
mod prefs;
pub mod quota;
pub mod schema;
mod settled;

use connection::Connection;
use std::rc::Rc;
use store::StoreError;

/// The database of this device. Clones share one connection.
///
/// Every tab has its own handle onto the same database; chunks are only ever added or replaced by what covers them,
/// so tabs need not know of each other.
#[derive(Clone)]
pub struct IdbStore {
    connection: Rc<Connection>,
}

impl IdbStore {
    /// The database of this name, to be opened by the first operation, or created where there is none.
    pub fn named(name: &str) -> Self {
        Self { connection: Rc::new(Connection::new(name)) }
    }

    /// The same, opened now.
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        let store = Self::named(name);
        store.connection.open().await?;
        Ok(store)
    }

    /// Closes the connection. The handle stays usable: the next operation opens it again.
    pub fn close(&self) {
        self.connection.close();
    }
}

impl std::fmt::Debug for IdbStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IdbStore({})", self.connection.name())
    }
}
