//! One tab: a replica, the screen that follows it, and what it waits for.

use crate::{chance::Stream, link::SocketId, screen::Screen};
use client::{Replica, Status};
use ids::{ChangeHash, ConnectionId, Heads};
use std::collections::BTreeSet;

/// Never used twice.
pub(crate) type TabId = u64;

pub(crate) struct Tab {
    pub(crate) browser: usize,
    pub(crate) replica: Replica,
    pub(crate) chance: Stream,
    pub(crate) screen: Screen,
    /// The timer that counts; earlier ones are void.
    pub(crate) timer: u64,
    pub(crate) dialling: Option<ConnectionId>,
    pub(crate) socket: Option<SocketId>,
    /// What the store had promised when the read in flight began.
    pub(crate) promised: BTreeSet<ChangeHash>,
    /// What was last compared with the world.
    pub(crate) checked: Option<(Heads, Status)>,
    /// The heads at which the screen was last compared with the document, and the changes there were: looking is dear.
    pub(crate) looked: Option<(Heads, BTreeSet<ChangeHash>)>,
}
