//! Which characters the bytes of a text file are.
//!
//! Spreadsheet programs write UTF-8 (with a mark or without), UTF-16 with a mark ("Unicode text"), or the code page of
//! western Windows. The table of the latter has 27 rows of its own; the crate that knows every encoding of the web
//! adds tables for all of them to the browser app, because it chooses among them at run time.

use std::borrow::Cow;

/// How the bytes of a text file were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// Windows-1252: what is not UTF-8 and has no mark.
    Windows1252,
}

/// Every byte sequence is text in one of these.
pub(super) fn decode(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return (Cow::Owned(utf16(rest, u16::from_le_bytes)), Encoding::Utf16);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return (Cow::Owned(utf16(rest, u16::from_be_bytes)), Encoding::Utf16);
    }
    let rest = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(rest) {
        Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
        Err(_) => (Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()), Encoding::Windows1252),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| {
        unit([pair.first().copied().unwrap_or_default(), pair.last().copied().unwrap_or_default()])
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The Encoding Standard's windows-1252: Latin-1 but for 0x80 to 0x9f.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place))).copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_a_spreadsheet_writes_umlauts() {
        assert_eq!(decode("Maßnahme €".as_bytes()), (Cow::Borrowed("Maßnahme €"), Encoding::Utf8));
        assert_eq!(decode(b"\xef\xbb\xbfMa\xc3\x9f").0, "Maß");
        assert_eq!(decode(b"Ma\xdfnahme \x80"), (Cow::Borrowed("Maßnahme €"), Encoding::Windows1252));
        assert_eq!(decode(b"\xff\xfeM\0a\0\xdf\0").0, "Maß");
        assert_eq!(decode(b"\xfe\xff\0M\0a\0\xdf").0, "Maß");
    }
}
