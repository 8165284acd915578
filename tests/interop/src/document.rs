//! What a scenario means in terms of an Automerge document: JSON in, JSON out, text in UTF-16 code units.

use crate::peer::{Copied, Edit, Key};
use anyhow::{Context, Result, bail};
use automerge::{
    AutoSerde, Automerge, ObjId, ObjType, Prop, ROOT, ReadDoc, ScalarValue, TextEncoding,
    transaction::{Transactable, Transaction},
};
use serde_json::Value;

/// Fills an empty document.
pub fn fill(document: &mut Automerge, value: &Value) -> Result<()> {
    let Value::Object(entries) = value else { bail!("a document is a map, not {value}") };
    let mut transaction = document.transaction();
    for (key, value) in entries {
        Place::At(&ROOT, key.as_str().into()).write(&mut transaction, value)?;
    }
    transaction.commit();
    Ok(())
}

/// Makes one change.
pub fn apply(document: &mut Automerge, edit: &Edit) -> Result<()> {
    let mut transaction = document.transaction();
    match edit {
        Edit::Put { path, value } => {
            let (parent, prop) = parent_of(&transaction, path)?;
            Place::At(&parent, prop).write(&mut transaction, value)?;
        }
        Edit::Delete { path } => {
            let (parent, prop) = parent_of(&transaction, path)?;
            transaction.delete(&parent, prop)?;
        }
        Edit::Insert { path, index, value } => {
            let list = object_at(&transaction, path)?;
            Place::Before(&list, *index).write(&mut transaction, value)?;
        }
        Edit::Splice { path, index, delete, insert } => {
            let text = object_at(&transaction, path)?;
            let (content, encoding) = (transaction.text(&text)?, transaction.text_encoding());
            let start = place_in(&content, encoding, *index)?;
            let end = place_in(&content, encoding, index + delete)?;
            transaction.splice_text(&text, start, isize::try_from(end - start)?, insert)?;
        }
    }
    transaction.commit();
    Ok(())
}

/// The document in a form that can be compared.
pub fn copy(document: &Automerge) -> Result<Copied> {
    let mut heads: Vec<String> = document.get_heads().iter().map(ToString::to_string).collect();
    heads.sort();
    let mut value = serde_json::to_value(AutoSerde::from(document))?;
    one_kind_of_number(&mut value);
    Ok(Copied { heads, value })
}

/// JavaScript has one kind of number: it writes -3 as a float, and cannot tell -3.0 from -3 when it reads.
fn one_kind_of_number(value: &mut Value) {
    match value {
        Value::Number(number) => {
            /// Whole numbers up to here are exact in a float (`Number.MAX_SAFE_INTEGER`).
            const EXACT_MAX: f64 = 9_007_199_254_740_991.0;
            if let Some(float) =
                number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT_MAX)
            {
                *value = (float as i64).into();
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(one_kind_of_number),
        Value::Object(entries) => entries.values_mut().for_each(one_kind_of_number),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// Where a value goes.
enum Place<'a> {
    At(&'a ObjId, Prop),
    Before(&'a ObjId, usize),
}

impl Place<'_> {
    fn write(self, transaction: &mut Transaction<'_>, value: &Value) -> Result<()> {
        match value {
            Value::String(text) => {
                let id = self.object(transaction, ObjType::Text)?;
                transaction.splice_text(&id, 0, 0, text)?;
            }
            Value::Array(elements) => {
                let id = self.object(transaction, ObjType::List)?;
                for (index, element) in elements.iter().enumerate() {
                    Place::Before(&id, index).write(transaction, element)?;
                }
            }
            Value::Object(entries) => {
                let id = self.object(transaction, ObjType::Map)?;
                for (key, entry) in entries {
                    Place::At(&id, key.as_str().into()).write(transaction, entry)?;
                }
            }
            Value::Null => self.scalar(transaction, ScalarValue::Null)?,
            Value::Bool(flag) => self.scalar(transaction, ScalarValue::Boolean(*flag))?,
            Value::Number(number) => {
                let scalar = match number.as_i64() {
                    Some(integer) => ScalarValue::Int(integer),
                    None => ScalarValue::F64(number.as_f64().context("a number fits 64 bits")?),
                };
                self.scalar(transaction, scalar)?;
            }
        }
        Ok(())
    }

    fn object(self, transaction: &mut Transaction<'_>, kind: ObjType) -> Result<ObjId> {
        Ok(match self {
            Self::At(parent, prop) => transaction.put_object(parent, prop, kind)?,
            Self::Before(list, index) => transaction.insert_object(list, index, kind)?,
        })
    }

    fn scalar(self, transaction: &mut Transaction<'_>, scalar: ScalarValue) -> Result<()> {
        match self {
            Self::At(parent, prop) => transaction.put(parent, prop, scalar)?,
            Self::Before(list, index) => transaction.insert(list, index, scalar)?,
        }
        Ok(())
    }
}

fn prop_of(key: &Key) -> Prop {
    match key {
        Key::Name(name) => name.as_str().into(),
        Key::Index(index) => (*index).into(),
    }
}

fn object_at(document: &impl ReadDoc, path: &[Key]) -> Result<ObjId> {
    path.iter().try_fold(ROOT, |parent, key| match document.get(&parent, prop_of(key))? {
        Some((automerge::Value::Object(_), id)) => Ok(id),
        _ => bail!("no object at {path:?}"),
    })
}

fn parent_of(document: &impl ReadDoc, path: &[Key]) -> Result<(ObjId, Prop)> {
    let (last, way) = path.split_last().context("a path that leads nowhere")?;
    Ok((object_at(document, way)?, prop_of(last)))
}

/// Turns a place in UTF-16 code units into one in the units of the document: which those are is fixed when it is made,
/// and samod makes its documents itself.
fn place_in(content: &str, encoding: TextEncoding, utf16: usize) -> Result<usize> {
    let mut units = 0;
    let before: String = content
        .chars()
        .take_while(|character| {
            units += character.len_utf16();
            units <= utf16
        })
        .collect();
    if before.encode_utf16().count() != utf16 {
        bail!("no character begins {utf16} UTF-16 code units into {content:?}");
    }
    Ok(match encoding {
        TextEncoding::Utf16CodeUnit => utf16,
        TextEncoding::UnicodeCodePoint => before.chars().count(),
        TextEncoding::Utf8CodeUnit => before.len(),
        TextEncoding::GraphemeCluster => bail!("text in grapheme clusters cannot be indexed here"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_edit_means_the_same_in_every_encoding() {
        for encoding in
            [TextEncoding::Utf16CodeUnit, TextEncoding::UnicodeCodePoint, TextEncoding::Utf8CodeUnit]
        {
            let mut document = Automerge::new_with_encoding(encoding);
            fill(&mut document, &json!({ "title": "é🧭", "list": [1, { "deep": "x" }], "gone": null }))
                .unwrap();
            let path = |key: &str| vec![Key::Name(key.to_owned())];
            let edits = [
                Edit::Splice { path: path("title"), index: 3, delete: 0, insert: "!".to_owned() },
                Edit::Splice { path: path("title"), index: 1, delete: 2, insert: "🪨".to_owned() },
                Edit::Insert { path: path("list"), index: 1, value: json!(2.0) },
                Edit::Put { path: path("new"), value: json!({ "on": true }) },
                Edit::Delete { path: path("gone") },
            ];
            for edit in &edits {
                apply(&mut document, edit).unwrap();
            }
            let expected = json!({ "title": "é🪨!", "list": [1, 2, { "deep": "x" }], "new": { "on": true } });
            assert_eq!(copy(&document).unwrap().value, expected, "{encoding:?}");
            let halved = Edit::Splice { path: path("title"), index: 2, delete: 0, insert: "?".to_owned() };
            assert!(apply(&mut document, &halved).is_err());
        }
    }
}
