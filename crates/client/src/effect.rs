//! Everything a replica can ask for.

use crate::{OpenReport, People, RequestId, Status};
use bytes::Bytes;
use ids::{ConnectionId, DocumentId, Timestamp};
use store::Batch;
use sync::SyncError;
use workspace::ViewDelta;

/// What the driver does, in this order.
#[derive(Debug)]
pub enum Effect {
    /// Read every chunk of the document; answer with [`Event::Loaded`](crate::Event::Loaded).
    Load {
        /// Which document.
        document: DocumentId,
    },
    /// Apply the batch in one transaction; answer with [`Event::Written`](crate::Event::Written).
    Write {
        /// To be named in the answer.
        request: RequestId,
        /// What to write.
        batch: Batch,
    },
    /// Open a socket to the relay. There is at most one; opening a new one means that the old one is to be dropped.
    Connect {
        /// Names it from now on.
        connection: ConnectionId,
    },
    /// Send one binary frame; report [`Event::Writable`](crate::Event::Writable) when the next may come.
    Send {
        /// On which connection.
        connection: ConnectionId,
        /// The frame.
        frame: Bytes,
    },
    /// Close the socket. No [`Event::Closed`](crate::Event::Closed) is needed.
    Disconnect {
        /// Which one.
        connection: ConnectionId,
        /// For the log.
        why: Disconnect,
    },
    /// Tell the other tabs of this browser: they feed the bytes to [`Event::Sibling`](crate::Event::Sibling).
    Broadcast(Bytes),
    /// Report [`Event::Woken`](crate::Event::Woken) at this time. Replaces any earlier one.
    Wake {
        /// When.
        at: Timestamp,
    },
    /// The document is here: read the whole [`view`](crate::Replica::view). Comes once.
    Opened(OpenReport),
    /// Something came from elsewhere; the [`view`](crate::Replica::view) has it already. Edits of this replica are
    /// not repeated here: [`Replica::edit`](crate::Replica::edit) returned their delta.
    Changed(ViewDelta),
    /// The status is now this.
    Status(Status),
    /// Who is here is now this.
    Presence(People),
    /// An [`Event::Compact`](crate::Event::Compact) is over: the lock for it may go.
    Compacted {
        /// How many chunks were replaced; zero when there was nothing to do or the write failed.
        replaced: usize,
    },
}

/// Why a replica closes its socket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Disconnect {
    /// The device has no network.
    #[error("the device is offline")]
    NetworkDown,
    /// The socket did not open in time.
    #[error("the relay did not answer the call")]
    DialTimeout,
    /// The protocol demands it.
    #[error(transparent)]
    Sync(#[from] SyncError),
}
