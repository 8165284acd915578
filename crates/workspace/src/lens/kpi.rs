//! A figure that is followed over time.

use super::parts;
use crate::{Decimal, Field, Kind, Period, Record, RecordRef};
use ids::{MemberId, RecordId};

/// A KPI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kpi {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// `%`, `days`, `EUR`.
    pub unit: String,
    /// Which way is better.
    pub better: Option<Better>,
    /// What it is about: quality, customer, speed, cost, …
    pub dimension: Option<String>,
    /// Whether somebody's pay depends on it.
    pub incentivised: bool,
    /// Who enters and explains it.
    pub owners: Vec<MemberId>,
    /// `weekly`, `monthly` or `quarterly`.
    pub frequency: Option<String>,
    /// The scheme that pays for it.
    pub scheme: Option<String>,
    /// Where the values come from.
    pub source: String,
    /// The standing target, when there is one and no two differ.
    pub standing_target: Option<Decimal>,
    /// Points of the chart whose cause is known, by birth.
    pub known_causes: Vec<KnownCause>,
    /// Where it stands in the list.
    pub position: Option<String>,
}

/// A point of the chart with a cause that somebody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCause {
    /// Which period.
    pub period: Period,
    /// The cause.
    pub text: String,
    /// Who knows it.
    pub by: Option<MemberId>,
}

/// Which way a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Best between two limits.
    Band {
        /// Lowest good value.
        low: Decimal,
        /// Highest good value.
        high: Decimal,
    },
}

impl Kpi {
    /// Reads a KPI.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            unit: record.line(Field::Unit).unwrap_or_default().to_owned(),
            better: better(record),
            dimension: record.line(Field::Dimension).map(str::to_owned),
            incentivised: record.flag(Field::Incentivised).unwrap_or(false),
            owners: parts::members(record, Field::Owner),
            frequency: record.line(Field::Frequency).map(str::to_owned),
            scheme: parts::line(record, Field::Scheme),
            source: record.text(Field::Source).to_owned(),
            standing_target: standing_target(record),
            known_causes: record.entries(Field::KnownCauses).filter_map(|(_, entry)| known(entry)).collect(),
            position: record.line(Field::Order).map(str::to_owned),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Kpi, self.id)
    }

    /// The last period whose value is due on `today`: the last one that has ended. Quarterly figures are entered for
    /// the last month of the quarter.
    pub fn due_period(&self, today: crate::Date) -> Period {
        match self.frequency.as_deref() {
            Some("weekly") => Period::week_of(today).previous(),
            Some("quarterly") => {
                let mut month = Period::month_of(today).previous();
                while !month.first().civil().1.is_multiple_of(3) {
                    month = month.previous();
                }
                month
            }
            _ => Period::month_of(today).previous(),
        }
    }
}

fn known(entry: &serde_json::Value) -> Option<KnownCause> {
    Some(KnownCause {
        period: parts::text(entry, "period")?.parse().ok()?,
        text: parts::words(entry, "text"),
        by: parts::member(entry, "by"),
    })
}

fn standing_target(record: &Record) -> Option<Decimal> {
    let current = record.current(Field::Targets);
    let standing = current.iter().filter(|(_, entry)| parts::text(entry, "period") == Some("standing"));
    let mut values: Vec<Decimal> = standing.filter_map(|(_, entry)| parts::decimal(entry, "value")).collect();
    values.dedup();
    if let [value] = values.as_slice() { Some(*value) } else { None }
}

fn better(record: &Record) -> Option<Better> {
    match record.line(Field::Better)? {
        "up" => Some(Better::Up),
        "down" => Some(Better::Down),
        "band" => {
            let band = record.atom(Field::Band)?;
            Some(Better::Band { low: parts::decimal(band, "low")?, high: parts::decimal(band, "high")? })
        }
        _ => None,
    }
}
