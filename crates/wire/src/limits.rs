//! How much one frame may ask of its reader.

/// Bounds on a received frame. All are checked before anything is allocated or decoded; a frame beyond one of them is
/// a [`DecodeError`](crate::DecodeError).
///
/// Lengths of identifiers are not here: they belong to the identifiers themselves (`ids`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest frame, in bytes. The socket must refuse longer ones by itself; this is the second lock.
    pub frame_bytes_max: usize,
    /// Longest payload of an ephemeral message, in bytes. Stock applications broadcast cursors and selections; what a
    /// relay is willing to pass on may be less, and is dropped rather than refused.
    pub ephemeral_bytes_max: usize,
    /// Longest text of an error message that is kept, in bytes; the rest is cut off.
    pub error_bytes_max: usize,
    /// Most entries of any map we read (JavaScript sends at most eight).
    pub map_entries_max: usize,
    /// Most protocol versions in a join.
    pub versions_max: usize,
    /// Most storage ids in a gossip message.
    pub storages_max: usize,
    /// Most heads per storage id in a gossip message.
    pub heads_max: usize,
    /// Deepest nesting of a value that is skipped because we do not know it.
    pub depth_max: usize,
}

impl Limits {
    /// What a relay takes from a peer.
    pub const RELAY: Self = Self {
        frame_bytes_max: 8 << 20,
        ephemeral_bytes_max: 64 << 10,
        error_bytes_max: 1 << 10,
        map_entries_max: 64,
        versions_max: 16,
        storages_max: 1024,
        heads_max: 4096,
        depth_max: 16,
    };

    /// What a client takes from its relay: the first answer about a document carries all of it in one frame.
    pub const CLIENT: Self = Self { frame_bytes_max: 72 << 20, ..Self::RELAY };
}
