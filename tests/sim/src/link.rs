//! One WebSocket. In order and reliable until it is cut: what fails is the whole of it.

use crate::{agenda::Moment, tab::TabId};
use bytes::Bytes;
use ids::ConnectionId;
use relay::{Access, CloseReason};
use std::collections::VecDeque;

/// Never used twice; also the relay's name for the connection.
pub(crate) type SocketId = u64;

/// Who holds the far end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Tab(TabId),
    /// A colleague with every right who breaks the rules.
    Hostile,
    /// A member of another workspace.
    Stranger,
}

/// What the server is to put on the socket.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Frame(Bytes),
    Close(CloseReason),
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) end: End,
    /// The tab's number for it.
    pub(crate) connection: ConnectionId,
    /// Which life of the relay it belongs to.
    pub(crate) life: u64,
    /// The far end has not closed it or heard of its end.
    pub(crate) is_open_there: bool,
    /// Nor has the server.
    pub(crate) is_open_here: bool,
    /// Nothing arrives any more.
    pub(crate) is_dead: bool,
    pub(crate) clogged_until: Moment,
    /// When the last frame of each direction arrives: none overtakes.
    pub(crate) last_up: Moment,
    pub(crate) last_down: Moment,
    /// What the server has told the relay of the rights behind it.
    pub(crate) grant: Option<Access>,
    /// Frames that the socket has not taken.
    pub(crate) outbox: VecDeque<Outgoing>,
    pub(crate) is_pumping: bool,
    /// The last sync message that arrived at the far end.
    pub(crate) last_said: Option<Bytes>,
    /// What arrived at the far end was not the relay's: the tab may hang up.
    pub(crate) is_forged: bool,
}

impl Link {
    pub(crate) fn new(end: End, connection: ConnectionId, life: u64, grant: Access) -> Self {
        Self {
            end,
            connection,
            life,
            is_open_there: true,
            is_open_here: true,
            is_dead: false,
            clogged_until: 0,
            last_up: 0,
            last_down: 0,
            grant: Some(grant),
            outbox: VecDeque::new(),
            is_pumping: false,
            last_said: None,
            is_forged: false,
        }
    }
}
