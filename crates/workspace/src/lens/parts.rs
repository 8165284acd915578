//! Reading atoms and entries.

use crate::{Date, Decimal, Field, Record, Scalar};
use ids::{MemberId, RecordId, Timestamp};
use serde_json::Value as Json;

pub(super) fn text<'a>(json: &'a Json, key: &str) -> Option<&'a str> {
    json.get(key)?.as_str()
}

/// As [`text`]; nothing said is empty.
pub(super) fn words(json: &Json, key: &str) -> String {
    text(json, key).unwrap_or_default().to_owned()
}

pub(super) fn date(json: &Json, key: &str) -> Option<Date> {
    text(json, key)?.parse().ok()
}

pub(super) fn member(json: &Json, key: &str) -> Option<MemberId> {
    text(json, key)?.parse().ok()
}

pub(super) fn id(json: &Json, key: &str) -> Option<RecordId> {
    text(json, key)?.parse().ok()
}

pub(super) fn moment(json: &Json, key: &str) -> Option<Timestamp> {
    json.get(key)?.as_i64().map(Timestamp::from_millis)
}

/// The day an entry names, or that of its claimed time.
pub(super) fn day(json: &Json) -> Option<Date> {
    date(json, "date").or_else(|| moment(json, "at").map(Date::of))
}

/// A decimal text or a whole number.
pub(super) fn decimal(json: &Json, key: &str) -> Option<Decimal> {
    match json.get(key)? {
        Json::String(text) => text.parse().ok(),
        number => number.as_i64().map(Decimal::from),
    }
}

/// Every open value of a reference to a member: one normally, two when people chose apart.
pub(super) fn members(record: &Record, field: Field) -> Vec<MemberId> {
    let values = record.register(field).map_or(&[][..], |register| register.values());
    values.iter().filter_map(Scalar::as_text).filter_map(|text| text.parse().ok()).collect()
}

/// Every open value of a register, the cautious one first: usually none or one.
pub(super) fn open<'a, T>(
    record: &'a Record,
    field: Field,
    read: impl Fn(&'a Scalar) -> Option<T>,
) -> Vec<T> {
    let Some(register) = record.register(field) else { return Vec::new() };
    let shown = register.shown();
    let others = register.values().iter().filter(|value| Some(*value) != shown);
    shown.into_iter().chain(others).filter_map(read).collect()
}

/// As [`open`], for atoms.
pub(super) fn open_atoms<T>(record: &Record, field: Field, read: impl Fn(&Json) -> Option<T>) -> Vec<T> {
    open(record, field, |value| read(value.as_atom()?))
}

/// Every open value of a reference that is no member, the cautious one first.
pub(super) fn open_ids(record: &Record, field: Field) -> Vec<RecordId> {
    open(record, field, |value| value.as_text()?.parse().ok())
}

/// The members of a set that are ids.
pub(super) fn id_set(record: &Record, field: Field) -> Vec<RecordId> {
    record.members(field).filter_map(|member| member.parse().ok()).collect()
}

/// As [`text`]; what is empty was not said.
pub(super) fn said(json: &Json, key: &str) -> Option<String> {
    text(json, key).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// A line that says something.
pub(super) fn line(record: &Record, field: Field) -> Option<String> {
    record.line(field).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}
