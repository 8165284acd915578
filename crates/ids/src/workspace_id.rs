//! The name of a workspace on a relay.

use std::{fmt, str::FromStr};

/// 10 random bytes that name a workspace in addresses (`/sync/WORKSPACE`). It says nothing about the content.
///
/// Text form: 16 lower-case characters of base 32 (`a-z2-7`), safe in a path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkspaceId([u8; 10]);

/// A text that is not a workspace id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a workspace id has 16 characters out of a-z and 2-7")]
pub struct ParseWorkspaceIdError;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

impl WorkspaceId {
    /// From its 10 bytes.
    pub const fn from_bytes(bytes: [u8; 10]) -> Self {
        Self(bytes)
    }

    /// A fresh workspace id.
    pub fn random(rng: &mut dyn rand_core::RngCore) -> Self {
        let mut bytes = [0; 10];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The 10 bytes.
    pub const fn as_bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

impl fmt::Display for WorkspaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        for place in (0..16).rev() {
            let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
            let letter = ALPHABET.get(digit).copied().unwrap_or(b'a');
            write!(f, "{}", char::from(letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for WorkspaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WorkspaceId({self})")
    }
}

impl FromStr for WorkspaceId {
    type Err = ParseWorkspaceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 16 {
            return Err(ParseWorkspaceIdError);
        }
        let mut bits = 0_u128;
        for letter in text.bytes() {
            let digit = ALPHABET.iter().position(|known| *known == letter).ok_or(ParseWorkspaceIdError)?;
            bits = (bits << 5) | digit as u128;
        }
        let mut bytes = [0; 10];
        for (place, byte) in bytes.iter_mut().rev().enumerate() {
            *byte = (bits >> (place * 8)) as u8;
        }
        Ok(Self(bytes))
    }
}

crate::text_form::serde_as_text!(WorkspaceId);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn round_trip(bytes: [u8; 10]) {
            let id = WorkspaceId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<WorkspaceId>(), Ok(id));
        }
    }
}
