//! The direction of the organisation: purpose, ambition, choices.

use super::parts;
use crate::{Date, Field, Kind, Record, RecordRef, View};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// The direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Direction {
    /// What the organisation is for.
    pub purpose: String,
    /// Where it wants to be in a few years.
    pub ambition: String,
    /// What it will do, and what it will not.
    pub choices: String,
    /// The year the ambition is meant for.
    pub horizon: Option<i64>,
    /// Who answers for the system doing what it is for.
    pub accountable: Vec<MemberId>,
    /// Who coordinates.
    pub coordinators: Vec<MemberId>,
    /// Who looked at it last and let it stand; entries that nobody superseded, by birth.
    pub confirmed: Vec<Confirmation>,
    /// Whether climate change bears on it; two views are a disagreement.
    pub climate: Vec<ClimateView>,
}

/// Somebody looked at the direction and let it stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Who.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// In which review.
    pub review: Option<RecordId>,
}

/// Whether climate change is relevant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClimateView {
    /// `yes`, `partly` or `no`.
    pub relevant: String,
    /// Why.
    pub reason: Option<String>,
    /// Who said so.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// In which review.
    pub review: Option<RecordId>,
}

impl Direction {
    /// The direction of a workspace.
    pub fn of(view: &View) -> Self {
        let direction = view.record(RecordRef::singleton(Kind::Direction));
        direction.map_or_else(Self::default, |record| Self::read(record))
    }

    /// From its record.
    pub fn read(record: &Record) -> Self {
        let confirmed = record.current(Field::LastConfirmed);
        let climate = record.current(Field::Climate);
        Self {
            purpose: record.text(Field::Purpose).to_owned(),
            ambition: record.text(Field::Ambition).to_owned(),
            choices: record.text(Field::Choices).to_owned(),
            horizon: record.int(Field::Horizon),
            accountable: parts::members(record, Field::Accountable),
            coordinators: parts::members(record, Field::Coordinator),
            confirmed: confirmed.into_iter().map(|(_, entry)| confirmation(entry)).collect(),
            climate: climate.into_iter().filter_map(|(_, entry)| climate_view(entry)).collect(),
        }
    }

    /// Whether nothing was written yet.
    pub fn is_blank(&self) -> bool {
        [&self.purpose, &self.ambition, &self.choices].into_iter().all(|text| text.trim().is_empty())
    }

    /// When somebody looked at it last.
    pub fn last_confirmed(&self) -> Option<Date> {
        self.confirmed.iter().filter_map(|confirmation| confirmation.on).max()
    }
}

fn confirmation(entry: &Json) -> Confirmation {
    Confirmation { by: parts::member(entry, "by"), on: parts::day(entry), review: parts::id(entry, "review") }
}

fn climate_view(entry: &Json) -> Option<ClimateView> {
    Some(ClimateView {
        relevant: parts::said(entry, "relevant")?,
        reason: parts::said(entry, "reason"),
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        review: parts::id(entry, "review"),
    })
}
