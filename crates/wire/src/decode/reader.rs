//! Reading CBOR with the bound before the value.
//!
//! `minicbor` reads the values; this reader looks at the head of each one first, so that a length is judged before a
//! byte behind it is touched, and skips unknown values with bounded depth (minicbor's own `skip` keeps a stack that a
//! frame of nested indefinite arrays makes as large as it likes).

use crate::decode_error::{DecodeError, Problem};
use minicbor::{Decoder, data::Tag, decode::info::Size};

/// A position in a frame.
#[derive(Clone)]
pub(super) struct Reader<'f> {
    decoder: Decoder<'f>,
}

/// The entries of a map or an array that are still to come.
pub(super) struct Entries {
    field: &'static str,
    left: Option<u64>,
    taken: u64,
    max: u64,
}

/// RFC 8949 §3.1, the upper three bits of a head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Major {
    Unsigned,
    Negative,
    Bytes,
    Text,
    Array,
    Map,
    Tag,
    Simple,
}

struct Head {
    first: u8,
    major: Major,
    size: Size,
    len: usize,
}

const BREAK: u8 = 0xff;
const NULL: u8 = 0xf6;
const UNDEFINED: u8 = 0xf7;
const FLOAT_32: u8 = 0xfa;
const FLOAT_64: u8 = 0xfb;
/// "Typed array of uint8" (RFC 8746): how cbor-x marks a `Uint8Array` unless told otherwise. automerge-repo tells it
/// otherwise when it writes, and reads both.
const UINT8_ARRAY: Tag = Tag::new(64);

impl<'f> Reader<'f> {
    pub(super) fn new(bytes: &'f [u8]) -> Self {
        Self { decoder: Decoder::new(bytes) }
    }

    pub(super) fn position(&self) -> usize {
        self.decoder.position()
    }

    /// A reader of the same frame that stands elsewhere.
    pub(super) fn at(&self, position: usize) -> Self {
        let mut decoder = self.decoder.clone();
        decoder.set_position(position);
        Self { decoder }
    }

    /// Bytes after this position.
    pub(super) fn remaining(&self) -> usize {
        self.decoder.input().len().saturating_sub(self.position())
    }

    /// Whether the next value is `null` or `undefined`: in JavaScript both say that a field is not there.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self.peek(), Some(NULL | UNDEFINED))
    }

    /// Text of known length, at most `bytes_max` long.
    pub(super) fn text(&mut self, field: &'static str, bytes_max: usize) -> Result<&'f str, DecodeError> {
        let len = self.expect_string(field, Major::Text, "text")?;
        at_most(field, self.position(), len, bytes_max as u64, "bytes")?;
        let position = self.position();
        self.decoder.str().map_err(|error| cbor_error(field, position, "UTF-8 text", &error))
    }

    /// The first `bytes_max` bytes of a text of known length, cut between two characters.
    pub(super) fn text_start(
        &mut self,
        field: &'static str,
        bytes_max: usize,
    ) -> Result<&'f str, DecodeError> {
        let position = self.position();
        let len = self.expect_string(field, Major::Text, "text")?;
        let start = position + self.head(field)?.len;
        let kept = usize::try_from(len).unwrap_or(usize::MAX).min(bytes_max);
        self.skip(field, 0)?;
        let bytes = self.decoder.input().get(start..start.saturating_add(kept)).unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) if error.error_len().is_none() && (kept as u64) < len => {
                let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
                Ok(std::str::from_utf8(whole).unwrap_or_default())
            }
            Err(_) => Err(malformed(field, position, "UTF-8 text")),
        }
    }

    /// A byte string of known length, at most `bytes_max` long.
    pub(super) fn bytes(&mut self, field: &'static str, bytes_max: usize) -> Result<&'f [u8], DecodeError> {
        if self.head(field)?.major == Major::Tag {
            let position = self.position();
            let tag = self.decoder.tag().map_err(|error| cbor_error(field, position, "a tag", &error))?;
            if tag != UINT8_ARRAY {
                return Err(DecodeError {
                    field,
                    offset: position,
                    problem: Problem::WrongType { expected: "a byte string", found: "a tagged value" },
                });
            }
        }
        let len = self.expect_string(field, Major::Bytes, "a byte string")?;
        at_most(field, self.position(), len, bytes_max as u64, "bytes")?;
        let position = self.position();
        self.decoder.bytes().map_err(|error| cbor_error(field, position, "a byte string", &error))
    }

    /// A whole number from 0 to `max`, as an integer or, as JavaScript writes numbers beyond 32 bits, as a float.
    pub(super) fn number(
        &mut self,
        field: &'static str,
        max: u64,
        unit: &'static str,
    ) -> Result<u64, DecodeError> {
        const EXPECTED: &str = "a whole number, not negative";
        let position = self.position();
        let head = self.head(field)?;
        let wrong = |found| DecodeError {
            field,
            offset: position,
            problem: Problem::WrongType { expected: EXPECTED, found },
        };
        let number = match (head.major, head.first) {
            (Major::Unsigned, _) => self.decoder.u64(),
            (Major::Simple, FLOAT_32 | FLOAT_64) => {
                let float =
                    self.decoder.f64().map_err(|error| cbor_error(field, position, EXPECTED, &error))?;
                if !(float >= 0.0 && float.fract() == 0.0) {
                    return Err(wrong("another number"));
                }
                // A float beyond the range becomes the largest integer, which the limit below refuses.
                Ok(float as u64)
            }
            (major, _) => return Err(wrong(major.name())),
        };
        let number = number.map_err(|error| cbor_error(field, position, EXPECTED, &error))?;
        at_most(field, position, number, max, unit)?;
        Ok(number)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, field: &'static str) -> Result<bool, DecodeError> {
        let position = self.position();
        self.decoder.bool().map_err(|error| cbor_error(field, position, "true or false", &error))
    }

    /// The start of a map of at most `max` entries.
    pub(super) fn map(&mut self, field: &'static str, max: usize) -> Result<Entries, DecodeError> {
        self.entries(field, Major::Map, "a map", max)
    }

    /// The start of an array of at most `max` entries.
    pub(super) fn array(&mut self, field: &'static str, max: usize) -> Result<Entries, DecodeError> {
        self.entries(field, Major::Array, "an array", max)
    }

    /// Whether another entry follows; steps over the end of the map or array when none does.
    pub(super) fn next(&mut self, entries: &mut Entries) -> Result<bool, DecodeError> {
        let more = match &mut entries.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => !self.take_break(entries.field)?,
        };
        if more {
            entries.taken = entries.taken.saturating_add(1);
            at_most(entries.field, self.position(), entries.taken, entries.max, "entries")?;
        }
        Ok(more)
    }

    /// Whether the next value is text; others are passed over where JavaScript would.
    pub(super) fn is_text(&self, field: &'static str) -> Result<bool, DecodeError> {
        Ok(self.head(field)?.major == Major::Text)
    }

    /// Whether the next value is a map.
    pub(super) fn is_map(&self, field: &'static str) -> Result<bool, DecodeError> {
        Ok(self.head(field)?.major == Major::Map)
    }

    /// Steps over one value of any type that is nested at most `depth_max` deep.
    pub(super) fn skip(&mut self, field: &'static str, depth_max: usize) -> Result<(), DecodeError> {
        self.skip_nested(field, depth_max, depth_max)
    }

    fn skip_nested(&mut self, field: &'static str, left: usize, max: usize) -> Result<(), DecodeError> {
        let position = self.position();
        let head = self.head(field)?;
        let deeper = || {
            let problem = Problem::TooDeep { max };
            left.checked_sub(1).ok_or(DecodeError { field, offset: position, problem })
        };
        match (head.major, head.size) {
            (Major::Bytes | Major::Text, Size::Bytes(len)) => {
                self.advance(field, (head.len as u64).saturating_add(len))
            }
            (Major::Bytes | Major::Text, _) => {
                self.advance(field, head.len as u64)?;
                self.skip_pieces(field, head.major)
            }
            (Major::Array | Major::Map, Size::Items(count)) => {
                let left = deeper()?;
                let values = if head.major == Major::Map { count.saturating_mul(2) } else { count };
                self.advance(field, head.len as u64)?;
                // Every value has at least one byte: an announcement the frame cannot hold ends here.
                if values > self.remaining() as u64 {
                    return Err(truncated(field, position));
                }
                (0..values).try_for_each(|_| self.skip_nested(field, left, max))
            }
            (Major::Array | Major::Map, _) => {
                let left = deeper()?;
                self.advance(field, head.len as u64)?;
                while !self.take_break(field)? {
                    self.skip_nested(field, left, max)?;
                    if head.major == Major::Map {
                        self.skip_nested(field, left, max)?;
                    }
                }
                Ok(())
            }
            (Major::Tag, _) => {
                let left = deeper()?;
                self.advance(field, head.len as u64)?;
                self.skip_nested(field, left, max)
            }
            (Major::Unsigned | Major::Negative | Major::Simple, _) => self.advance(field, head.len as u64),
        }
    }

    /// The pieces of a string of unknown length: each of known length and of the same type (RFC 8949 §3.2.3).
    fn skip_pieces(&mut self, field: &'static str, major: Major) -> Result<(), DecodeError> {
        while !self.take_break(field)? {
            let position = self.position();
            let piece = self.head(field)?;
            match piece.size {
                Size::Bytes(len) if piece.major == major => {
                    self.advance(field, (piece.len as u64).saturating_add(len))?;
                }
                _ => return Err(malformed(field, position, "a piece of the same string")),
            }
        }
        Ok(())
    }

    fn entries(
        &mut self,
        field: &'static str,
        major: Major,
        expected: &'static str,
        max: usize,
    ) -> Result<Entries, DecodeError> {
        let position = self.position();
        let head = self.expect(field, major, expected)?;
        let max = max as u64;
        let left = match head.size {
            Size::Items(count) => {
                at_most(field, position, count, max, "entries")?;
                Some(count)
            }
            _ => None,
        };
        self.advance(field, head.len as u64)?;
        Ok(Entries { field, left, taken: 0, max })
    }

    /// The length of the string that comes next. A string in pieces is refused: it could not be sliced out of the frame.
    fn expect_string(
        &self,
        field: &'static str,
        major: Major,
        expected: &'static str,
    ) -> Result<u64, DecodeError> {
        match self.expect(field, major, expected)?.size {
            Size::Bytes(len) => Ok(len),
            _ => Err(DecodeError {
                field,
                offset: self.position(),
                problem: Problem::WrongType { expected, found: "a string of unknown length" },
            }),
        }
    }

    fn expect(&self, field: &'static str, major: Major, expected: &'static str) -> Result<Head, DecodeError> {
        let head = self.head(field)?;
        if head.major == major {
            return Ok(head);
        }
        let problem = Problem::WrongType { expected, found: head.major.name() };
        Err(DecodeError { field, offset: self.position(), problem })
    }

    fn head(&self, field: &'static str) -> Result<Head, DecodeError> {
        let position = self.position();
        let first = self.peek().ok_or_else(|| truncated(field, position))?;
        let unknown = |_| malformed(field, position, "a CBOR value");
        if first == BREAK {
            return Err(unknown(()));
        }
        let len = Size::head(first).map_err(|_| unknown(()))?;
        let bytes = self
            .decoder
            .input()
            .get(position..position.saturating_add(len))
            .ok_or_else(|| truncated(field, position))?;
        let size = Size::tail(bytes).map_err(|_| unknown(()))?;
        Ok(Head { first, major: Major::of(first), size, len })
    }

    fn take_break(&mut self, field: &'static str) -> Result<bool, DecodeError> {
        match self.peek() {
            None => Err(truncated(field, self.position())),
            Some(BREAK) => self.advance(field, 1).map(|()| true),
            Some(_) => Ok(false),
        }
    }

    fn advance(&mut self, field: &'static str, len: u64) -> Result<(), DecodeError> {
        match usize::try_from(len) {
            Ok(len) if len <= self.remaining() => {
                self.decoder.set_position(self.position() + len);
                Ok(())
            }
            _ => Err(truncated(field, self.position())),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.decoder.input().get(self.position()).copied()
    }
}

impl Major {
    fn of(first: u8) -> Self {
        match first >> 5 {
            0 => Self::Unsigned,
            1 => Self::Negative,
            2 => Self::Bytes,
            3 => Self::Text,
            4 => Self::Array,
            5 => Self::Map,
            6 => Self::Tag,
            _ => Self::Simple,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "an unsigned integer",
            Self::Negative => "a negative integer",
            Self::Bytes => "a byte string",
            Self::Text => "text",
            Self::Array => "an array",
            Self::Map => "a map",
            Self::Tag => "a tagged value",
            Self::Simple => "a simple value or float",
        }
    }
}

/// `Ok` when `len` is within `max`.
pub(super) fn at_most(
    field: &'static str,
    offset: usize,
    len: u64,
    max: u64,
    unit: &'static str,
) -> Result<(), DecodeError> {
    if len <= max {
        return Ok(());
    }
    Err(DecodeError { field, offset, problem: Problem::TooLarge { len, max, unit } })
}

fn truncated(field: &'static str, offset: usize) -> DecodeError {
    DecodeError { field, offset, problem: Problem::Truncated }
}

fn malformed(field: &'static str, offset: usize, expected: &'static str) -> DecodeError {
    DecodeError { field, offset, problem: Problem::Malformed { expected } }
}

fn cbor_error(
    field: &'static str,
    offset: usize,
    expected: &'static str,
    error: &minicbor::decode::Error,
) -> DecodeError {
    if error.is_end_of_input() {
        truncated(field, offset)
    } else if error.is_type_mismatch() {
        DecodeError { field, offset, problem: Problem::WrongType { expected, found: "another value" } }
    } else {
        malformed(field, offset, expected)
    }
}
