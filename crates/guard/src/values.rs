//! Scalar values: a column of types and lengths, and the bytes of all values one after another.

use crate::{Rejection, cursor::Cursor, runs::Runs};

/// The two columns of values.
#[derive(Clone, Debug)]
pub(crate) struct Values<'a> {
    types: Runs<'a, u64>,
    bytes: Cursor<'a>,
}

/// What a value is, as far as the operation around it must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    /// A number that a counter can be incremented by.
    Integer,
    Bytes(&'a [u8]),
    Other,
}

const VALUE: &str = "a value";

/// Automerge adds counters and their increments without looking for an overflow: it takes a thousand of these.
const COUNTED_MAX: u64 = 1 << 53;

impl<'a> Values<'a> {
    pub(crate) fn new(
        types: Option<&'a [u8]>,
        bytes: Option<&'a [u8]>,
        column: &'static str,
        rows_max: u64,
    ) -> Self {
        Self { types: Runs::new(types, column, rows_max), bytes: Cursor::new(bytes.unwrap_or_default()) }
    }

    /// The next value, with its bytes checked against its type: Automerge reads some of them back differently.
    pub(crate) fn required(&mut self) -> Result<Value<'a>, Rejection> {
        let meta = self.types.required()?;
        let bytes = self.bytes.take_u64(meta >> 4, VALUE)?;
        let mut cursor = Cursor::new(bytes);
        let value = match meta & 0x0f {
            0 => Value::Null,
            1 | 2 => Value::Other,
            3 => {
                let number = cursor.uleb(VALUE)?;
                if number <= COUNTED_MAX { Value::Integer } else { Value::Other }
            }
            4 => {
                let number = cursor.leb(VALUE)?;
                if number.unsigned_abs() <= COUNTED_MAX { Value::Integer } else { Value::Other }
            }
            5 => {
                cursor.array::<8>(VALUE)?;
                Value::Other
            }
            6 => {
                std::str::from_utf8(bytes).map_err(|_| Rejection::Text { part: VALUE })?;
                return Ok(Value::Other);
            }
            7 => return Ok(Value::Bytes(bytes)),
            8 => {
                if cursor.leb(VALUE)?.unsigned_abs() > COUNTED_MAX {
                    return Err(Rejection::Value("a counter beyond what JavaScript can count"));
                }
                Value::Other
            }
            9 => {
                cursor.leb(VALUE)?;
                Value::Other
            }
            // Types of later versions: Automerge keeps them as they are.
            _ => return Ok(Value::Other),
        };
        if cursor.is_empty() { Ok(value) } else { Err(Rejection::Value("it is longer than its type")) }
    }

    /// No more values: no more bytes either.
    pub(crate) fn finish(&self) -> Result<(), Rejection> {
        self.types.finish()?;
        if self.bytes.is_empty() { Ok(()) } else { Err(Rejection::Value("bytes of no value")) }
    }
}
