//! How much the relay does for whom. Every queue and every memory of it has a bound here.

/// The limits of a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// What a frame may be.
    pub frames: wire::Limits,
    /// What a sync message of a peer may be.
    pub messages: guard::Limits,
    /// What a stored chunk may be: our own, and larger than what came in one message.
    pub chunks: guard::Limits,

    /// Frames that may be on their way to one socket before it reports that they have left.
    pub window_frames: usize,
    /// Bytes on their way to one socket, after which no further frame is started.
    pub window_bytes: usize,
    /// A message is ended after this many bytes of changes; the next one goes on.
    pub message_bytes: usize,
    /// A snapshot longer than this is sent change by change.
    pub snapshot_message_bytes: usize,

    /// Documents one connection may have an interest in.
    pub documents_per_connection: usize,
    /// Documents one workspace may have.
    pub documents_per_workspace: usize,
    /// Changes of one document.
    pub changes_per_document: usize,
    /// Heads of one document. Each is named in every message; a change by anybody who has them all makes them one.
    pub heads_per_document: usize,
    /// Stored bytes of one document.
    pub bytes_per_document: usize,
    /// Messages of one peer about one document that wait until it is loaded, split or written.
    pub held_messages: usize,
    /// Their bytes.
    pub held_bytes: usize,
    /// Bytes of one document that wait for the disk, after which its further messages are held.
    pub staged_bytes: usize,
    /// Changes that a peer has spoken of, was asked for, and has not sent.
    pub asked_per_peer: usize,
    /// Changes of one peer and document that wait for their past.
    pub orphans_per_peer: usize,
    /// Their bytes.
    pub orphan_bytes_per_peer: usize,
    /// How often a peer may have everything sent again.
    pub resends: Rate,

    /// Longest ephemeral message that is passed on, in bytes.
    pub presence_bytes: usize,
    /// How often a peer may send one.
    pub presence: Rate,
    /// Ephemeral messages that wait for a slow socket: the latest of each sender and document.
    pub presence_waiting: usize,

    /// Changes outside of the snapshot that call for a compaction.
    pub compact_changes: usize,
    /// Bytes outside of the snapshot that call for a compaction, when the snapshot is not larger than that.
    pub compact_bytes: usize,
    /// Changes outside of the snapshot that call for a compaction when nobody writes.
    pub compact_changes_idle: usize,
    /// When nobody has written for this long, in milliseconds.
    pub compact_idle_ms: i64,
    /// How long to wait after a compaction that came to nothing, in milliseconds.
    pub compact_retry_ms: i64,
    /// Bytes of changes kept at hand although the snapshot has them, for peers that were away for a short while.
    pub spare_bytes: usize,
    /// How long a document that nobody is interested in stays in memory, in milliseconds.
    pub idle_document_ms: i64,
}

/// So many at once, and so many more over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// Milliseconds until one more is allowed.
    pub every_ms: i64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            frames: wire::Limits::RELAY,
            // A document of a peer is taken apart and goes to the disk in one piece.
            messages: guard::Limits { changes_in_documents: 200_000, ..guard::Limits::RELAY },
            chunks: guard::Limits::CLIENT,
            window_frames: 16,
            window_bytes: 1 << 20,
            message_bytes: 4 << 20,
            snapshot_message_bytes: 64 << 20,
            documents_per_connection: 1_000,
            documents_per_workspace: 10_000,
            changes_per_document: 1_000_000,
            heads_per_document: 1_000,
            bytes_per_document: 64 << 20,
            held_messages: 256,
            held_bytes: 16 << 20,
            staged_bytes: 32 << 20,
            asked_per_peer: 10_000,
            orphans_per_peer: 50_000,
            orphan_bytes_per_peer: 16 << 20,
            resends: Rate { burst: 10, every_ms: 6_000 },
            presence_bytes: 4 << 10,
            presence: Rate { burst: 40, every_ms: 50 },
            presence_waiting: 64,
            compact_changes: 1_000,
            compact_bytes: 256 << 10,
            compact_changes_idle: 32,
            compact_idle_ms: 30_000,
            compact_retry_ms: 600_000,
            spare_bytes: 512 << 10,
            idle_document_ms: 300_000,
        }
    }
}
