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
