//! What a customer or another party said.

use super::parts;
use crate::{Date, Field, Kind, Record, RecordRef};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// A complaint, praise, survey result or visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// `complaint`, `praise`, `survey`, `visit`, `lost-order`, `customer-audit` or `return`.
    pub kind: Option<String>,
    /// Who said it.
    pub party: Option<RecordId>,
    /// When.
    pub date: Option<Date>,
    /// 0 to 10; of several open ones the lower.
    pub score: Option<i64>,
    /// What was said.
    pub summary: String,
    /// 1 to 4; of several open ones the higher.
    pub severity: Option<i64>,
    /// That it was dealt with.
    pub handled: Option<Handled>,
    /// Where it came from.
    pub source: Option<String>,
}

/// It was dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// Who did.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// How.
    pub note: Option<String>,
}

impl Feedback {
    /// Reads a piece of feedback.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            kind: parts::line(record, Field::Kind),
            party: record.id_of(Field::Party),
            date: record.date(Field::Date),
            score: record.int(Field::Score),
            summary: record.text(Field::Summary).to_owned(),
            severity: record.int(Field::Severity),
            handled: record.atom(Field::Handled).map(handled),
            source: parts::line(record, Field::Source),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Feedback, self.id)
    }
}

fn handled(json: &Json) -> Handled {
    Handled { by: parts::member(json, "by"), on: parts::day(json), note: parts::said(json, "note") }
}
