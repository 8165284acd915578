//! What the relay has done so far, in numbers.

/// Counters since the start and levels of now, for metrics and tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Open connections.
    pub connections: usize,
    /// Documents in memory.
    pub documents: usize,
    /// Sync messages and changes of theirs that were heard.
    pub messages_received: u64,
    /// Sync messages encoded.
    pub messages_encoded: u64,
    /// Sync messages sent; those beyond the encoded ones were shared by peers in the same state.
    pub messages_sent: u64,
    /// Changes that became durable.
    pub changes_stored: u64,
    /// Ephemeral messages passed on.
    pub presence_sent: u64,
    /// Ephemeral messages dropped, because of their size or rate, or because a socket was slow.
    pub presence_dropped: u64,
}
