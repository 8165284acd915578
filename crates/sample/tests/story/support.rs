//! One sample for all tests, and short ways to ask it.

use sample::Sample;
use serde_json::Value as Json;
use std::sync::{Arc, LazyLock};
use workspace::{Date, Field, Kind, Record, RecordRef, View};

pub(crate) const SEED: u64 = 7;

/// A Monday.
pub(crate) fn anchor() -> Date {
    "2026-03-02".parse().unwrap()
}

pub(crate) fn sample() -> &'static Sample {
    static SAMPLE: LazyLock<Sample> = LazyLock::new(|| sample::vantry_fluidics(anchor(), SEED).unwrap());
    &SAMPLE
}

pub(crate) fn view() -> &'static View {
    static VIEW: LazyLock<View> = LazyLock::new(|| View::read(&sample().doc));
    &VIEW
}

/// The rows of a section of the data file.
pub(crate) fn rows(section: &str) -> &'static Vec<Json> {
    raw()[section].as_array().unwrap()
}

pub(crate) fn raw() -> &'static Json {
    static RAW: LazyLock<Json> = LazyLock::new(|| serde_json::from_str(sample::RAW).unwrap());
    &RAW
}

/// What a code of the story means.
pub(crate) fn of(code: &str) -> RecordRef {
    *sample().codes.get(code).unwrap_or_else(|| panic!("{code} is not defined"))
}

pub(crate) fn record(code: &str) -> &'static Arc<Record> {
    view().record(of(code)).unwrap_or_else(|| panic!("{code} is not in the document"))
}

/// The code of a record by its id, for messages.
pub(crate) fn code_of(id: &str) -> String {
    let found = sample().codes.iter().find(|(_, record)| record.id.to_string() == id);
    found.map_or_else(|| id.to_owned(), |(code, _)| code.clone())
}

/// The code behind a reference of a record.
pub(crate) fn code_in(record: &Record, field: Field) -> String {
    record.line(field).map_or_else(String::new, code_of)
}

pub(crate) fn text(json: &Json) -> &str {
    json.as_str().unwrap()
}

pub(crate) fn int(json: &Json) -> i64 {
    json.as_i64().unwrap()
}

/// The date of a day of the story.
pub(crate) fn date(day: &Json) -> Date {
    anchor().plus_days(i32::try_from(int(day)).unwrap())
}

/// The day of the story of a date in the document.
pub(crate) fn day_of(date: &str) -> i32 {
    date.parse::<Date>().unwrap().days_since(anchor())
}

/// The score of the current assessment of a phase; there is exactly one.
pub(crate) fn score(entry: &Record, phase: &str) -> String {
    let current = entry.current(Field::Assessments);
    let of_phase: Vec<_> = current.iter().filter(|(_, value)| value["phase"] == phase).collect();
    assert_eq!(of_phase.len(), 1, "{} {phase}", entry.title());
    text(&of_phase[0].1["score"]).to_owned()
}

pub(crate) fn live(kind: Kind) -> usize {
    view().live(kind).count()
}
