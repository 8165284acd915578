//! Secrets of links, tokens and sessions. The file knows only their SHA-256.

use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// 256 random bits that prove a right. It has no short form that could be guessed, and none that a log would print.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

/// A text that is not a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a secret has 64 hexadecimal digits")]
pub struct ParseSecretError;

impl Secret {
    /// A fresh secret. `rng` must be one that nobody can predict.
    pub fn random(rng: &mut dyn rand_core::RngCore) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// The text to hand to its owner, once: 64 hexadecimal digits.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }

    /// A short name that can be shown, logged and used to revoke.
    pub fn id(&self) -> SecretId {
        SecretId::of_hash(&self.hash())
    }

    /// What is stored. A secret of 256 random bits needs no salt and no slow hash.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl FromStr for Secret {
    type Err = ParseSecretError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| ParseSecretError)?;
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}…)", self.id())
    }
}

/// The first 8 bytes of a secret's SHA-256, in hexadecimal: names a token in lists without giving it away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretId([u8; 8]);

impl SecretId {
    pub(crate) fn of_hash(hash: &[u8; 32]) -> Self {
        Self(hash.first_chunk().copied().unwrap_or_default())
    }

    /// The hashes that this id can stand for.
    pub(crate) fn hashes(&self) -> ([u8; 32], [u8; 32]) {
        crate::tables::starting_with(&self.0)
    }
}

impl fmt::Display for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretId({self})")
    }
}

impl FromStr for SecretId {
    type Err = ParseSecretError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 8];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| ParseSecretError)?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_travels_as_text_and_never_as_debug_output() {
        let secret = Secret([0xab; 32]);
        assert_eq!(secret.reveal().parse(), Ok(secret.clone()));
        assert!(!format!("{secret:?}").contains("abab"));
    }

    #[test]
    fn a_short_text_is_no_secret() {
        assert_eq!("abcd".parse::<Secret>(), Err(ParseSecretError));
        assert_eq!("".parse::<Secret>(), Err(ParseSecretError));
    }
}
