//! Everything that can be on the agenda.

use crate::{link::SocketId, options::Trouble, tab::TabId};
use bytes::Bytes;
use client::RequestId;
use ids::ConnectionId;
use relay::Effect;
use store::{Loaded, StoreError};

#[derive(Debug)]
pub(crate) enum Happening {
    // a tab
    TabOpens { browser: usize },
    Timer { tab: TabId, timer: u64 },
    Read { tab: TabId, early: Option<Box<Loaded>> },
    TransactionEnds { browser: usize },
    WriteAnswered { tab: TabId, request: RequestId, result: Result<(), StoreError> },
    Broadcast { tab: TabId, bytes: Bytes },
    Writable { tab: TabId, connection: ConnectionId },
    // the network
    Dialled { tab: TabId, connection: ConnectionId },
    ArrivesUp { socket: SocketId, frame: Bytes },
    ArrivesDown { socket: SocketId, frame: Bytes },
    EndHeardThere { socket: SocketId, code: u16 },
    EndHeardHere { socket: SocketId },
    Pump { socket: SocketId },
    // the relay's process
    Round { life: u64 },
    Commit { life: u64 },
    Job { life: u64, job: Box<Effect> },
    RelayTimer { life: u64, timer: u64 },
    RelayStarts,
    // people, and what goes wrong
    Person { browser: usize },
    Trouble { trouble: Trouble },
    DiskHasRoom,
    RightsReturn { browser: usize },
}
