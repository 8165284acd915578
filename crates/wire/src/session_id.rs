//! Which run of a peer counted an ephemeral message.

use std::{fmt, str::FromStr, sync::Arc};

/// Names the counter behind an [`Ephemeral`](crate::Ephemeral) message: one random text per process of a peer.
///
/// JavaScript makes it with `Math.random().toString(36).slice(2)`, which has no lower bound on its length, so that
/// unlike other identifiers it may be empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(Arc<str>);

/// A text too long to be a session id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a session id has at most {max} bytes, this one has {len}", max = SessionId::LEN_MAX)]
pub struct ParseSessionIdError {
    len: usize,
}

impl SessionId {
    /// Longest text accepted, in bytes.
    pub const LEN_MAX: usize = 64;

    /// A fresh session id from 64 random bits.
    pub fn from_bits(bits: u64) -> Self {
        Self(format!("{bits:016x}").into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionId {
    type Err = ParseSessionIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > Self::LEN_MAX {
            return Err(ParseSessionIdError { len: text.len() });
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({:?})", &self.0)
    }
}
