//! How much one peer may make a reader hold or do, so that the worst message costs a known amount.

/// Bounds for one message, or for one stored concatenation of chunks.
///
/// They bound what the guard itself allocates, and what Automerge will allocate when it gets the same bytes: it
/// trusts every count and length it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message or one concatenation.
    pub message_bytes: usize,
    /// Bytes that all deflated parts of one message may inflate to, together. Deflate reaches 1:1032, so that
    /// without this an 8 MiB message would become 8 GiB.
    pub inflated_bytes: usize,
    /// Operations in all change chunks of one message. A run of millions of operations has 70 bytes.
    pub operations_in_changes: u64,
    /// Operations in all document chunks of one message: an import or a first sync carries a whole history.
    pub operations_in_documents: u64,
    /// Changes in all document chunks of one message.
    pub changes_in_documents: u64,
    /// Chunks of one message.
    pub chunks: usize,
    /// Heads of a message, of a document chunk and of one `last_sync`; dependencies of one change.
    pub heads: usize,
    /// Changes asked for by hash in one message.
    pub need: usize,
    /// Bloom filters of one message; each is tried for every change of the document.
    pub have: usize,
    /// Actors named in one chunk.
    pub actors: usize,
    /// Bytes of one actor id.
    pub actor_bytes: usize,
    /// Bytes of one key, mark name or change message.
    pub text_bytes: usize,
    /// Bytes that all keys of one message have when runs are written out: Automerge repeats a key for each
    /// operation of a run in its patches.
    pub key_bytes: u64,
}

impl Limits {
    /// What a relay reads from a client: one WebSocket frame of at most 8 MiB.
    pub const RELAY: Self = Self {
        message_bytes: 8 << 20,
        inflated_bytes: 32 << 20,
        operations_in_changes: 200_000,
        operations_in_documents: 2_000_000,
        changes_in_documents: 1_000_000,
        chunks: 100_000,
        heads: 4_096,
        need: 65_536,
        have: 16,
        actors: 65_536,
        actor_bytes: 64,
        text_bytes: 64 << 10,
        key_bytes: 256 << 20,
    };

    /// What a client reads from its relay and from its own disk: a relay sends a whole document (at most 64 MiB
    /// saved) and everything after it in one answer.
    pub const CLIENT: Self = Self {
        message_bytes: 80 << 20,
        inflated_bytes: 256 << 20,
        operations_in_changes: 2_000_000,
        ..Self::RELAY
    };
}
