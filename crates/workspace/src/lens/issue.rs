//! Something outside or inside that bears on the direction.

use super::parts;
use crate::{Date, Field, Kind, Record, RecordRef};
use ids::{MemberId, RecordId};

/// An issue of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What there is to say about it.
    pub body: String,
    /// `external` or `internal`.
    pub kind: Option<String>,
    /// `market`, `law`, `climate`, …
    pub area: Option<String>,
    /// `hurts`, `both` or `helps`; of several open ones the worse.
    pub bearing: Option<String>,
    /// How often it is looked at: `quarterly`, `yearly` or `none`.
    pub watch: Option<String>,
    /// Whether it has to do with climate change.
    pub climate_relevant: bool,
    /// Every look at it, by birth.
    pub looks: Vec<IssueLook>,
}

/// Somebody looked at an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueLook {
    /// Who.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// Whether it had changed.
    pub changed: Option<bool>,
}

impl Issue {
    /// Reads an issue.
    pub fn of(record: &Record) -> Self {
        let looks = record.entries(Field::LastLooked).map(|(_, entry)| IssueLook {
            by: parts::member(entry, "by"),
            on: parts::day(entry),
            changed: entry.get("changed").and_then(serde_json::Value::as_bool),
        });
        Self {
            id: record.id,
            title: record.title().to_owned(),
            body: record.text(Field::Body).to_owned(),
            kind: parts::line(record, Field::Kind),
            area: parts::line(record, Field::Area),
            bearing: parts::line(record, Field::Bearing),
            watch: parts::line(record, Field::Watch),
            climate_relevant: record.flag(Field::ClimateRelevant).unwrap_or(false),
            looks: looks.collect(),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Issue, self.id)
    }

    /// When somebody looked at it last.
    pub fn last_look(&self) -> Option<Date> {
        self.looks.iter().filter_map(|look| look.on).max()
    }

    /// When it is to be looked at again; `None` when nobody watches it or nobody ever looked.
    pub fn look_due(&self) -> Option<Date> {
        let days = match self.watch.as_deref()? {
            "quarterly" => 91,
            "yearly" => 365,
            _ => return None,
        };
        Some(self.last_look()?.plus_days(days))
    }
}
