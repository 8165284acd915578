//! Why a frame is not a message.

/// What is wrong with a frame, where, and in which field.
///
/// Its text is fit to be sent to the peer that sent the frame and to be logged: it never repeats content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} at byte {offset}: {problem}")]
pub struct DecodeError {
    /// The key on the wire, or `frame` for the frame as a whole.
    pub field: &'static str,
    /// Where in the frame, in bytes from its start.
    pub offset: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// The kinds of wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The frame ends inside a value.
    #[error("the frame ends inside this value")]
    Truncated,
    /// Not well-formed CBOR, or text that is not UTF-8.
    #[error("not well-formed: expected {expected}")]
    Malformed {
        /// What would have been well-formed.
        expected: &'static str,
    },
    /// A value of another type than the field has.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type the field has.
        expected: &'static str,
        /// The type of the value.
        found: &'static str,
    },
    /// A field that a message of this type must have.
    #[error("a {kind} message must have this field")]
    Missing {
        /// The type of the message, in our spelling.
        kind: &'static str,
    },
    /// The same key twice: readers would disagree about which one counts.
    #[error("the key occurs twice")]
    Duplicate,
    /// Bytes after the message.
    #[error("the message is over, but {len} bytes follow")]
    Trailing {
        /// How many.
        len: usize,
    },
    /// Longer, or more, than the limit.
    #[error("expected at most {max} {unit}, found {len}")]
    TooLarge {
        /// The size announced or found.
        len: u64,
        /// The limit.
        max: u64,
        /// Of what.
        unit: &'static str,
    },
    /// A value nested deeper than the limit.
    #[error("nested deeper than {max} levels")]
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// A payload without a byte, which JavaScript refuses to send.
    #[error("empty")]
    Empty,
    /// A text that is not the identifier it should be, in the words of the identifier.
    #[error("{why}")]
    InvalidId {
        /// The sentence.
        why: String,
    },
}

impl DecodeError {
    /// A short name for the kind of wrong: for metrics and logs, never changed.
    pub fn code(&self) -> &'static str {
        match self.problem {
            Problem::Truncated => "truncated",
            Problem::Malformed { .. } => "malformed",
            Problem::WrongType { .. } => "wrong-type",
            Problem::Missing { .. } => "missing-field",
            Problem::Duplicate => "duplicate-field",
            Problem::Trailing { .. } => "trailing-bytes",
            Problem::TooLarge { .. } => "too-large",
            Problem::TooDeep { .. } => "too-deep",
            Problem::Empty => "empty",
            Problem::InvalidId { .. } => "invalid-id",
        }
    }
}
