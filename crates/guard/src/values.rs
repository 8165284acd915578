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
pub(crate) enum Value {
    Null,
    Integer,
    Counter,
    Bytes { len: usize },
    Other,
}

const VALUE: &str = "a value";

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
    pub(crate) fn required(&mut self) -> Result<Value, Rejection> {
        let meta = self.types.required()?;
        let bytes = self.bytes.take_u64(meta >> 4, VALUE)?;
        let mut cursor = Cursor::new(bytes);
        let value = match meta & 0x0f {
            0 => Value::Null,
            1 | 2 => Value::Other,
            3 => {
                cursor.uleb(VALUE)?;
                Value::Integer
            }
            4 => {
                cursor.leb(VALUE)?;
                Value::Integer
            }
            5 => {
                cursor.array::<8>(VALUE)?;
                Value::Other
            }
            6 => {
                std::str::from_utf8(bytes).map_err(|_| Rejection::Text { part: VALUE })?;
                return Ok(Value::Other);
            }
            7 => return Ok(Value::Bytes { len: bytes.len() }),
            8 => {
                cursor.leb(VALUE)?;
                Value::Counter
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
