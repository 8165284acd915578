//! Why bytes of a peer were refused.

/// The one reason why a message or chunk is refused. The sender alone can act on it: with an honest encoder it
/// never appears, so the receiver drops the message and closes the connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The bytes end inside of something.
    #[error("the bytes end in the middle of {part}")]
    Truncated {
        /// What was being read.
        part: &'static str,
    },
    /// Bytes after the end of something.
    #[error("{part} is followed by bytes that belong to nothing")]
    Leftover {
        /// What had been read.
        part: &'static str,
    },
    /// A LEB128 integer that is overlong or does not fit.
    #[error("{part} is not a LEB128 integer of the right size")]
    Integer {
        /// What was being read.
        part: &'static str,
    },
    /// Text that is not UTF-8.
    #[error("{part} is not UTF-8")]
    Text {
        /// What was being read.
        part: &'static str,
    },
    /// More bytes than allowed.
    #[error("{part} has {len} bytes, the limit is {limit}")]
    TooLarge {
        /// What is too large.
        part: &'static str,
        /// Its length in bytes.
        len: u64,
        /// The limit.
        limit: u64,
    },
    /// More entries than allowed.
    #[error("{count} {part} announced, the limit is {limit}")]
    TooMany {
        /// What there is too much of.
        part: &'static str,
        /// How many the bytes announce.
        count: u64,
        /// The limit.
        limit: u64,
    },
    /// The first byte names no sync message.
    #[error("{0:#04x} is not a sync message type")]
    MessageType(u8),
    /// A Bloom filter whose numbers do not fit together.
    #[error(
        "a Bloom filter of {entries} entries, {bits_per_entry} bits each, {probes} probes and {len} bytes"
    )]
    Bloom {
        /// Announced entries.
        entries: u64,
        /// Announced bits per entry.
        bits_per_entry: u64,
        /// Announced probes.
        probes: u64,
        /// Bytes of bits that follow.
        len: usize,
    },
    /// A chunk without the magic bytes.
    #[error("a chunk does not start with the magic bytes")]
    Magic,
    /// A chunk of a type that is not read from peers.
    #[error("chunk type {0} is not read")]
    ChunkType(u8),
    /// The checksum of a chunk is not that of its content.
    #[error("the checksum of a chunk is not that of its content")]
    Checksum,
    /// Bytes that are not a deflate stream.
    #[error("{part} is not a deflate stream")]
    Deflate {
        /// What was being inflated.
        part: &'static str,
    },
    /// The deflated parts of a message inflate to more than allowed.
    #[error("the message inflates to more than {limit} bytes")]
    InflateBudget {
        /// The limit in bytes.
        limit: usize,
    },
    /// More operations, or references between them, than allowed.
    #[error("more than {limit} operations, or references between them")]
    TooManyOps {
        /// The limit.
        limit: u64,
    },
    /// More changes in document chunks than allowed.
    #[error("the message has more than {limit} changes")]
    TooManyChanges {
        /// The limit.
        limit: u64,
    },
    /// Actor ids that are empty, too long, out of order or twice, or an index of none of them.
    #[error("actor: {0}")]
    Actor(&'static str),
    /// Hashes out of order or twice.
    #[error("{part} are not in ascending order without repetition")]
    Hashes {
        /// Which hashes.
        part: &'static str,
    },
    /// A change numbered zero or beyond what Automerge can count.
    #[error("{0} is not the number of a change")]
    Sequence(u64),
    /// A change whose first operation leaves too little, or nothing, of the range Automerge can count in.
    #[error("{0} is not the counter of the first operation of a change")]
    StartOp(u64),
    /// An operation counter outside of the range Automerge can count in.
    #[error("column {column}: counter out of range")]
    Counter {
        /// The column.
        column: &'static str,
    },
    /// A time further from the epoch than JavaScript can count.
    #[error("a change claims the time {0}")]
    Time(i64),
    /// A column table out of order, with a column twice, or deflated where it must not be.
    #[error("column {spec:#x}: {why}")]
    Columns {
        /// The column specification as received.
        spec: u32,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A run that no encoder writes. Automerge reads it, and then saves documents that it cannot load.
    #[error("column {column}: {why}")]
    NonCanonical {
        /// The column.
        column: &'static str,
        /// What is wrong with the run.
        why: &'static str,
    },
    /// A column with a different number of rows than its table.
    #[error("column {column} has not as many rows as its table")]
    ColumnLength {
        /// The column.
        column: &'static str,
    },
    /// Null where a column must have a value.
    #[error("column {column} has a null")]
    Null {
        /// The column.
        column: &'static str,
    },
    /// A value that contradicts its metadata.
    #[error("value: {0}")]
    Value(&'static str),
    /// An operation that Automerge cannot have written.
    #[error("operation: {0}")]
    Operation(&'static str),
    /// A change that came before what it depends on.
    #[error("a change came before what it depends on")]
    Dependency,
    /// A history so branched that the past of a change is not found with the steps that were left.
    #[error("the past of a change could not be found in as many steps as allowed")]
    Past,
    /// Changes of a document that contradict each other.
    #[error("document: {0}")]
    Document(&'static str),
}

impl Rejection {
    /// A short name of the cause that stays the same between versions: for metrics, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated",
            Self::Leftover { .. } => "leftover",
            Self::Integer { .. } => "integer",
            Self::Text { .. } => "text",
            Self::TooLarge { .. } => "too-large",
            Self::TooMany { .. } => "too-many",
            Self::MessageType(_) => "message-type",
            Self::Bloom { .. } => "bloom",
            Self::Magic => "magic",
            Self::ChunkType(_) => "chunk-type",
            Self::Checksum => "checksum",
            Self::Deflate { .. } => "deflate",
            Self::InflateBudget { .. } => "inflate-budget",
            Self::TooManyOps { .. } => "too-many-ops",
            Self::Dependency => "dependency",
            Self::Past => "past",
            Self::TooManyChanges { .. } => "too-many-changes",
            Self::Actor(_) => "actor",
            Self::Hashes { .. } => "hashes",
            Self::Sequence(_) => "sequence",
            Self::StartOp(_) => "start-op",
            Self::Counter { .. } => "counter",
            Self::Time(_) => "time",
            Self::Columns { .. } => "columns",
            Self::NonCanonical { .. } => "non-canonical",
            Self::ColumnLength { .. } => "column-length",
            Self::Null { .. } => "null",
            Self::Value(_) => "value",
            Self::Operation(_) => "operation",
            Self::Document(_) => "document",
        }
    }
}
