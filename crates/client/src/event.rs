//! Everything that can happen to a replica.

use bytes::Bytes;
use ids::ConnectionId;
use std::fmt;
use store::{Loaded, StoreError};

/// What the driver reports. Events of a connection that is no longer the current one are ignored, so a driver need
/// not care about late callbacks of an old socket.
#[derive(Debug)]
pub enum Event {
    /// The answer to [`Effect::Load`](crate::Effect::Load).
    Loaded(Result<Loaded, StoreError>),
    /// The answer to [`Effect::Write`](crate::Effect::Write). `Ok` only when the transaction is complete.
    Written {
        /// Which write.
        request: RequestId,
        /// What became of it.
        result: Result<(), StoreError>,
    },
    /// The socket of [`Effect::Connect`](crate::Effect::Connect) is open.
    Opened {
        /// Which one.
        connection: ConnectionId,
    },
    /// A binary frame arrived.
    Frame {
        /// On which connection.
        connection: ConnectionId,
        /// The frame.
        frame: Bytes,
    },
    /// The socket has passed on what it was given and can take one more frame. Due after every
    /// [`Effect::Send`](crate::Effect::Send); in a browser as soon as `bufferedAmount` is small, usually at once.
    Writable {
        /// Which connection.
        connection: ConnectionId,
    },
    /// The socket could not be opened, or has ended.
    Closed {
        /// Which one.
        connection: ConnectionId,
        /// The close code; 1006 when there was none.
        code: u16,
        /// The words beside the code.
        reason: String,
    },
    /// Bytes that another tab of this browser has made durable and broadcast
    /// ([`Effect::Broadcast`](crate::Effect::Broadcast)).
    Sibling(Bytes),
    /// The time asked for in [`Effect::Wake`](crate::Effect::Wake) has come. Early or late is harmless.
    Woken,
    /// The network is back, the page got the focus, somebody signed in or pressed "try now": dial without waiting.
    NetworkUp,
    /// The device says that it has no network.
    NetworkDown,
    /// The page is about to be hidden: write what is not durable yet, also beside a write in flight.
    Flush,
    /// The page is about to go: as [`Flush`](Self::Flush), and say goodbye. Presence returns with the next
    /// [`Replica::show`](crate::Replica::show).
    Leave,
    /// Replace the stored chunks by one snapshot, when worthwhile. The driver asks when the device is idle and while it
    /// holds the lock for this job, so that tabs do not all do it; without the lock it is wasteful, never wrong.
    Compact,
}

/// Numbers the writes of one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "w{}", self.0)
    }
}
