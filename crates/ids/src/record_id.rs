//! The name of a record inside a workspace document.

use std::{fmt, str::FromStr};

/// A ULID: 48 bits of milliseconds and 80 bits of chance, so that two devices never choose the same one and
/// records sort by birth. Text form: 26 characters of Crockford base 32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(ulid::Ulid);

/// A text that is not a ULID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a record id (26 characters of Crockford base 32): {0:?}")]
pub struct ParseRecordIdError(String);

impl RecordId {
    /// A fresh id for a record born at `now`.
    pub fn new(now: crate::Timestamp, rng: &mut dyn rand_core::RngCore) -> Self {
        let chance = (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64());
        Self(ulid::Ulid::from_parts(u64::try_from(now.as_millis()).unwrap_or(0), chance))
    }

    /// From its 128 bits, for records whose id is fixed by the schema.
    pub const fn from_bits(bits: u128) -> Self {
        Self(ulid::Ulid(bits))
    }

    /// The 128 bits.
    pub const fn to_bits(self) -> u128 {
        self.0.0
    }

    /// The human reference of this record within its type: `letter` and the last `len` characters, as `R-7KQ2`.
    /// Numbers in sequence are impossible offline and unnecessary.
    pub fn reference(&self, letter: char, len: usize) -> String {
        let text = self.0.to_string();
        let tail = text.get(text.len().saturating_sub(len)..).unwrap_or_default();
        format!("{letter}-{tail}")
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({self})")
    }
}

impl FromStr for RecordId {
    type Err = ParseRecordIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id =
            ulid::Ulid::from_string(text).map_err(|_| ParseRecordIdError(text.chars().take(40).collect()))?;
        // Crockford reads `o` as `0`; one record must have one key, so only the canonical text is an id.
        if id.to_string() == text {
            Ok(Self(id))
        } else {
            Err(ParseRecordIdError(text.chars().take(40).collect()))
        }
    }
}

crate::text_form::serde_as_text!(RecordId);
