//! Whether a value is one that a field can hold.

use crate::lens::Score;
use crate::schema::{ENTRY_BYTES_MAX, FieldSpec, KEY_CHARS_MAX, Lifecycle, TEXT_UTF16_MAX, Type};
use crate::{Date, Decimal, Kind, Period, RecordRef, Refusal, Scalar, canonical, order};
use ids::{RecordId, Utf16Offset};
use serde_json::{Map, Value as Json};

/// Deepest nesting of an atom or entry. Readers of other make may be less patient than serde_json.
const DEPTH_MAX: usize = 16;

/// `current` are the values that stand there now: choosing one of them is always allowed, even when it comes from a
/// newer version and means nothing here.
pub(super) fn scalar(
    spec: &FieldSpec,
    states: Option<&'static Lifecycle>,
    value: &Scalar,
    current: &[Scalar],
) -> Result<(), Refusal> {
    if current.contains(value) {
        return Ok(());
    }
    let wrong = |expected: String| Err(Refusal::WrongValue { expected, got: shorten(&value.to_string()) });
    match (spec.ty, value) {
        (Type::Line(max), Scalar::Text(text)) => line(text, max),
        (Type::OneOf(words), Scalar::Text(text)) => {
            if words.contains(&text.as_str()) {
                Ok(())
            } else {
                wrong(format!("one of {}", words.join(", ")))
            }
        }
        (Type::State, Scalar::Text(text)) => {
            let words = states.map_or(&[][..], |life| life.states);
            if words.contains(&text.as_str()) {
                Ok(())
            } else {
                wrong(format!("one of {}", words.join(", ")))
            }
        }
        (Type::Moment, Scalar::Int(_)) | (Type::Flag, Scalar::Flag(_)) => Ok(()),
        (Type::Int(min, max), Scalar::Int(int)) if (min..=max).contains(int) => Ok(()),
        (Type::Object, Scalar::Atom(json)) if json.is_object() => {
            self::json(json)?;
            parts(spec, json)
        }
        (Type::Json, Scalar::Atom(json)) => self::json(json),
        (ty, Scalar::Text(text)) if text_fits(ty, text) => Ok(()),
        (ty, _) => wrong(in_words(ty)),
    }
}

/// Whether an atom or entry has what the product computes with.
pub(super) fn parts(spec: &FieldSpec, json: &Json) -> Result<(), Refusal> {
    for part in spec.parts {
        match json.get(part.key) {
            None | Some(Json::Null) if part.needed => {
                let expected = format!("{}: {}", part.key, in_words(part.ty));
                return Err(Refusal::WrongValue { expected, got: "nothing".into() });
            }
            None | Some(Json::Null) => {}
            Some(value) if fits(part.ty, value) => {}
            Some(value) => {
                let expected = format!("{}: {}", part.key, in_words(part.ty));
                return Err(Refusal::WrongValue { expected, got: shorten(&value.to_string()) });
            }
        }
    }
    Ok(())
}

fn fits(ty: Type, value: &Json) -> bool {
    match (ty, value) {
        (Type::Int(min, max), value) => value.as_i64().is_some_and(|int| (min..=max).contains(&int)),
        (Type::Moment, value) => value.is_i64(),
        (Type::Flag, value) => value.is_boolean(),
        (Type::Decimal, Json::Number(number)) => number.is_i64(),
        (ty, Json::String(text)) => text_fits(ty, text),
        _ => false,
    }
}

fn text_fits(ty: Type, text: &str) -> bool {
    match ty {
        Type::Line(max) => line(text, max).is_ok(),
        Type::Prose(max) => text.chars().count() <= max,
        Type::OneOf(words) => words.contains(&text),
        Type::Date => text.parse::<Date>().is_ok(),
        Type::Period => text.parse::<Period>().is_ok(),
        Type::Decimal => text.parse::<Decimal>().is_ok(),
        Type::Score => text.parse::<Score>().is_ok(),
        Type::Id(_) => text.parse::<RecordId>().is_ok(),
        Type::AnyRecord => text.parse::<RecordRef>().is_ok(),
        Type::Position => order::is_position(text),
        Type::State | Type::Moment | Type::Int(..) | Type::Flag => false,
        Type::Object | Type::Json | Type::Words | Type::Keys => false,
    }
}

pub(super) fn line(text: &str, max: usize) -> Result<(), Refusal> {
    let len = text.chars().count();
    if len > max {
        return Err(Refusal::TooLong { len, max, unit: "characters" });
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::WrongValue { expected: "one line of text".into(), got: shorten(text) });
    }
    Ok(())
}

pub(super) fn key(key: &str) -> Result<(), Refusal> {
    if key.is_empty() {
        return Err(Refusal::WrongValue { expected: "a key".into(), got: "nothing".into() });
    }
    line(key, KEY_CHARS_MAX)
}

pub(super) fn words(text: &str) -> Result<(), Refusal> {
    text_len(Utf16Offset::len_of(text))
}

pub(super) fn text_len(len: usize) -> Result<(), Refusal> {
    if len > TEXT_UTF16_MAX {
        return Err(Refusal::TooLong { len, max: TEXT_UTF16_MAX, unit: "UTF-16 code units" });
    }
    Ok(())
}

pub(super) fn json(json: &Json) -> Result<(), Refusal> {
    if depth(json) > DEPTH_MAX {
        return Err(Refusal::WrongValue {
            expected: format!("at most {DEPTH_MAX} levels"),
            got: "deeper nesting".into(),
        });
    }
    if canonical::has_fraction(json) {
        let got = shorten(&json.to_string());
        return Err(Refusal::WrongValue { expected: "fractions as decimal text (\"0.5\")".into(), got });
    }
    let len = canonical::text(json).len();
    if len > ENTRY_BYTES_MAX {
        return Err(Refusal::TooLong { len, max: ENTRY_BYTES_MAX, unit: "bytes" });
    }
    Ok(())
}

pub(super) fn object(json: &Json) -> Result<Map<String, Json>, Refusal> {
    self::json(json)?;
    json.as_object()
        .cloned()
        .ok_or_else(|| Refusal::WrongValue { expected: "an object".into(), got: shorten(&json.to_string()) })
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Array(entries) => 1 + entries.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn in_words(ty: Type) -> String {
    let kinds = |kinds: &[Kind]| kinds.iter().map(Kind::to_string).collect::<Vec<_>>().join(" or ");
    match ty {
        Type::Line(max) => format!("one line of at most {max} characters"),
        Type::OneOf(words) => format!("one of {}", words.join(", ")),
        Type::State => "a state".into(),
        Type::Date => "a day like 2026-03-31".into(),
        Type::Moment => "milliseconds since the epoch".into(),
        Type::Int(min, max) => format!("a whole number from {min} to {max}"),
        Type::Flag => "yes or no".into(),
        Type::Decimal => "a decimal number as text".into(),
        Type::Period => "a month like 2026-03 or a week like 2026-W14".into(),
        Type::Id(allowed) => format!("the id of one of the {}", kinds(allowed)),
        Type::AnyRecord => "a record like goals/01J…".into(),
        Type::Object => "an object".into(),
        Type::Json => "a JSON value".into(),
        Type::Words => "text".into(),
        Type::Keys => "members".into(),
        Type::Position => "a position made by order::between".into(),
        Type::Prose(max) => format!("text of at most {max} characters"),
        Type::Score => "a score like 4x3".into(),
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}
