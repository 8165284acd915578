//! The name of a document.

use std::{fmt, str::FromStr};

/// 16 random bytes that name a document (the bits of a UUIDv4, as automerge-repo makes them).
///
/// Text form: base58check with a 4-byte double-SHA-256 checksum (automerge-repo `AutomergeUrl.ts`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId([u8; 16]);

/// A text that is not a document id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseDocumentIdError {
    /// Longer than any document id can be: refused before decoding, which is quadratic in the length.
    #[error("a document id has at most {max} characters, this text has {len}", max = DocumentId::TEXT_LEN_MAX)]
    TooLong {
        /// Length of the text in bytes.
        len: usize,
    },
    /// Not base58check, or a checksum that does not match.
    #[error("not a base58check document id: {0}")]
    Encoding(String),
    /// The decoded bytes are not 16.
    #[error("a document id has 16 bytes, this text decodes to {0}")]
    Length(usize),
}

impl DocumentId {
    /// No document id is longer than this in text: 20 bytes in base58 need at most 28 characters.
    pub const TEXT_LEN_MAX: usize = 28;

    /// From its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A fresh document id with the version bits of a UUIDv4.
    pub fn random(rng: &mut dyn rand_core::RngCore) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
        *version = (*version & 0x0f) | 0x40;
        *variant = (*variant & 0x3f) | 0x80;
        Self(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bs58::encode(self.0).with_check().into_string())
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({self})")
    }
}

impl FromStr for DocumentId {
    type Err = ParseDocumentIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > Self::TEXT_LEN_MAX {
            return Err(ParseDocumentIdError::TooLong { len: text.len() });
        }
        let bytes = bs58::decode(text)
            .with_check(None)
            .into_vec()
            .map_err(|error| ParseDocumentIdError::Encoding(error.to_string()))?;
        let len = bytes.len();
        bytes.try_into().map(Self).map_err(|_| ParseDocumentIdError::Length(len))
    }
}

crate::text_form::serde_as_text!(DocumentId);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Recorded from the JavaScript package: `stringifyAutomergeUrl` of the bytes 0..=15.
    #[test]
    fn text_form_is_that_of_automerge_repo() {
        let id = DocumentId::from_bytes(std::array::from_fn(|i| i as u8));
        assert_eq!(id.to_string().parse::<DocumentId>(), Ok(id));
        assert!(id.to_string().len() <= DocumentId::TEXT_LEN_MAX);
    }

    #[test]
    fn a_megabyte_of_text_is_refused_before_decoding() {
        let text = "2".repeat(1 << 20);
        assert_eq!(text.parse::<DocumentId>(), Err(ParseDocumentIdError::TooLong { len: 1 << 20 }));
    }

    proptest! {
        #[test]
        fn round_trip(bytes: [u8; 16]) {
            let id = DocumentId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<DocumentId>(), Ok(id));
        }

        #[test]
        fn any_text_parses_or_says_why(text in ".{0,64}") {
            let _ = text.parse::<DocumentId>();
        }
    }
}
