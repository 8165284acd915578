//! JSON values as CBOR: what applications put into ephemeral messages.

use anyhow::{Context, Result, bail, ensure};
use minicbor::{Decoder, Encoder, data::Type};
use serde_json::{Map, Value};

/// Deeper values are no application's; reading them would cost stack.
const DEPTH_MAX: usize = 16;

/// Encodes one value.
pub fn encode(value: &Value) -> Result<Vec<u8>> {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder, value)?;
    Ok(encoder.into_writer())
}

/// Decodes one value.
pub fn decode(bytes: &[u8]) -> Result<Value> {
    let mut decoder = Decoder::new(bytes);
    let value = read(&mut decoder, 0)?;
    ensure!(decoder.position() == bytes.len(), "more than one CBOR value");
    Ok(value)
}

fn write(encoder: &mut Encoder<Vec<u8>>, value: &Value) -> Result<()> {
    match value {
        Value::Null => drop(encoder.null()?),
        Value::Bool(flag) => drop(encoder.bool(*flag)?),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => drop(encoder.i64(integer)?),
            None => drop(encoder.f64(number.as_f64().context("a number fits 64 bits")?)?),
        },
        Value::String(text) => drop(encoder.str(text)?),
        Value::Array(elements) => {
            encoder.array(elements.len() as u64)?;
            elements.iter().try_for_each(|element| write(encoder, element))?;
        }
        Value::Object(entries) => {
            encoder.map(entries.len() as u64)?;
            for (key, entry) in entries {
                encoder.str(key)?;
                write(encoder, entry)?;
            }
        }
    }
    Ok(())
}

fn read(decoder: &mut Decoder<'_>, depth: usize) -> Result<Value> {
    ensure!(depth < DEPTH_MAX, "a CBOR value of more than {DEPTH_MAX} levels");
    Ok(match decoder.datatype()? {
        Type::Null => {
            decoder.null()?;
            Value::Null
        }
        Type::Bool => decoder.bool()?.into(),
        Type::F32 | Type::F64 => decoder.f64()?.into(),
        Type::String => decoder.str()?.into(),
        Type::Array => {
            let len = decoder.array()?.context("an array of known length")?;
            (0..len).map(|_| read(decoder, depth + 1)).collect::<Result<Vec<_>>>()?.into()
        }
        Type::Map => {
            let len = decoder.map()?.context("a map of known length")?;
            let mut entries = Map::new();
            for _ in 0..len {
                let key = decoder.str()?.to_owned();
                entries.insert(key, read(decoder, depth + 1)?);
            }
            entries.into()
        }
        kind @ (Type::Bytes | Type::Tag | Type::Undefined | Type::Simple) => {
            bail!("no JSON value: CBOR of type {kind}")
        }
        _ => decoder.i64().context("an integer")?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read() {
        let value = json!({ "a": [null, true, -1, 70_000, 2.5, "⚓"], "b": { "c": [] } });
        assert_eq!(decode(&encode(&value).unwrap()).unwrap(), value);
    }
}
