//! The only text index that crosses a crate.

/// An offset or length in a text in UTF-16 code units, the unit of the DOM. The document is opened with the same
/// encoding, so that no conversion happens anywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utf16Offset(pub usize);

impl Utf16Offset {
    /// Length of `text` in UTF-16 code units.
    pub fn len_of(text: &str) -> usize {
        text.encode_utf16().count()
    }
}
