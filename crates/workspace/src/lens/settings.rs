//! How this workspace judges: appetite, scales, promises.

use super::{Score, parts};
use crate::{Decimal, Field, Kind, Record, RecordRef, View};
use ids::MemberId;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The settings, with defaults where nobody chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The name of the organisation.
    pub name: String,
    /// Category -> highest tolerated score.
    pub appetite: BTreeMap<String, u8>,
    /// Likelihood labels for 1 to 5.
    pub likelihood: Vec<String>,
    /// Consequence labels for 1 to 5.
    pub consequence: Vec<String>,
    /// Benefit labels for 1 to 5.
    pub benefit: Vec<String>,
    /// Where the levels begin.
    pub bands: Bands,
    /// Working days until a concern has its first answer.
    pub answer_promise_days: i64,
    /// Whether somebody other than the owner verifies an action.
    pub require_other_verifier: bool,
    /// Who keeps the concerns.
    pub custodian: Option<MemberId>,
    /// Whether clause numbers are shown.
    pub show_clauses: bool,
    /// ISO 4217.
    pub currency: Option<String>,
    /// 1 to 12.
    pub fiscal_year_start: u8,
    /// The edition of the standard whose clauses are shown: `2015`, `2015-amd1`, `2026`.
    pub edition: Option<String>,
    /// Signal id -> where people set its thresholds; of several open ones the stricter.
    pub thresholds: BTreeMap<String, Threshold>,
    /// The kind of business.
    pub sector: Option<String>,
    /// How many people work there.
    pub headcount: Option<i64>,
    /// Where.
    pub sites: Vec<String>,
    /// Zone name.
    pub timezone: Option<String>,
    /// `en-GB`.
    pub locale: Option<String>,
}

/// From where a signal is to be watched, and from where it is urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// First value to be watched.
    pub watch: Decimal,
    /// First urgent value; below `watch` when less is worse.
    pub alert: Decimal,
}

/// How much a score asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// By default 1 to 4.
    Low,
    /// By default 5 to 9.
    Medium,
    /// By default 10 to 15.
    High,
    /// By default 16 to 25.
    VeryHigh,
}

/// Where the levels begin, and how often each is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bands {
    /// First score of `Medium`.
    pub medium: u8,
    /// First score of `High`.
    pub high: u8,
    /// First score of `VeryHigh`.
    pub very_high: u8,
    /// An opportunity of this score is worth deciding now.
    pub worth_deciding: u8,
    /// Days between two looks: low, medium, high, very high.
    pub days: [i32; 4],
}

impl Default for Bands {
    fn default() -> Self {
        Self { medium: 5, high: 10, very_high: 16, worth_deciding: 12, days: [180, 120, 60, 30] }
    }
}

impl Bands {
    /// The level of a score.
    pub const fn level(&self, score: Score) -> Level {
        match score.product() {
            product if product >= self.very_high => Level::VeryHigh,
            product if product >= self.high => Level::High,
            product if product >= self.medium => Level::Medium,
            _ => Level::Low,
        }
    }

    /// Days until the next look at an entry of this level.
    pub const fn days(&self, level: Level) -> i32 {
        let [low, medium, high, very_high] = self.days;
        match level {
            Level::Low => low,
            Level::Medium => medium,
            Level::High => high,
            Level::VeryHigh => very_high,
        }
    }

    fn read(json: &Json) -> Self {
        let usual = Self::default();
        let step = |key, usual| json.get(key).and_then(small).unwrap_or(usual);
        let mut days = usual.days;
        let own = json.get("days").and_then(Json::as_array);
        for (days, own) in days.iter_mut().zip(own.into_iter().flatten()) {
            *days =
                own.as_i64().and_then(|own| i32::try_from(own).ok()).filter(|own| *own > 0).unwrap_or(*days);
        }
        Self {
            medium: step("medium", usual.medium),
            high: step("high", usual.high),
            very_high: step("veryHigh", usual.very_high),
            worth_deciding: step("worthDeciding", usual.worth_deciding),
            days,
        }
    }
}

const LIKELIHOOD: [&str; 5] = ["Rare", "Unlikely", "Possible", "Likely", "Expected"];
const CONSEQUENCE: [&str; 5] = ["Small", "Minor", "Moderate", "Major", "Severe"];
const BENEFIT: [&str; 5] = ["Small", "Useful", "Notable", "Large", "Transforming"];

impl Settings {
    /// The settings of a workspace.
    pub fn of(view: &View) -> Self {
        Self::read(view.record(RecordRef::singleton(Kind::Settings)).map(AsRef::as_ref))
    }

    /// From the settings record; `None` is a document without one.
    pub fn read(record: Option<&Record>) -> Self {
        let scale = |name: &str| record.and_then(|record| record.keyed_value(Field::Scales, name));
        let labels = |name, usual: [&str; 5]| {
            let own = scale(name).and_then(Json::as_array).filter(|own| own.len() == 5);
            let own = own.and_then(|own| own.iter().map(|label| label.as_str().map(str::to_owned)).collect());
            own.unwrap_or_else(|| usual.map(str::to_owned).to_vec())
        };
        let appetite = record.map_or_else(BTreeMap::new, |record| {
            let keyed = record.keyed(Field::Appetite);
            keyed
                .filter_map(|(category, value)| {
                    Some((category.to_owned(), value.shown()?.as_atom().and_then(small)?))
                })
                .collect()
        });
        let line = |field| record.and_then(|record| record.line(field));
        Self {
            name: line(Field::Name).unwrap_or_default().to_owned(),
            appetite,
            likelihood: labels("likelihood", LIKELIHOOD),
            consequence: labels("consequence", CONSEQUENCE),
            benefit: labels("benefit", BENEFIT),
            bands: scale("bands").map_or_else(Bands::default, Bands::read),
            answer_promise_days: record.and_then(|record| record.int(Field::AnswerPromiseDays)).unwrap_or(5),
            require_other_verifier: record
                .and_then(|record| record.flag(Field::RequireOtherVerifier))
                .unwrap_or(true),
            custodian: record.and_then(|record| record.id_of(Field::Custodian)).map(MemberId),
            show_clauses: record.and_then(|record| record.flag(Field::ShowClauses)).unwrap_or(false),
            currency: line(Field::Currency).map(str::to_owned),
            fiscal_year_start: record
                .and_then(|record| record.int(Field::FiscalYearStart))
                .and_then(|month| u8::try_from(month).ok())
                .unwrap_or(1),
            edition: line(Field::EditionProfile).map(str::to_owned),
            thresholds: record.map_or_else(BTreeMap::new, thresholds),
            sector: line(Field::Sector).map(str::to_owned),
            headcount: record.and_then(|record| record.int(Field::Headcount)),
            sites: record
                .map_or_else(Vec::new, |record| record.members(Field::Sites).map(str::to_owned).collect()),
            timezone: line(Field::Timezone).map(str::to_owned),
            locale: line(Field::Locale).map(str::to_owned),
        }
    }
}

fn thresholds(record: &Record) -> BTreeMap<String, Threshold> {
    let threshold = |register: &crate::Register| {
        let pair = register.shown()?.as_atom()?;
        Some(Threshold { watch: parts::decimal(pair, "watch")?, alert: parts::decimal(pair, "alert")? })
    };
    let own = record.keyed(Field::Thresholds);
    own.filter_map(|(signal, register)| Some((signal.to_owned(), threshold(register)?))).collect()
}

fn small(json: &Json) -> Option<u8> {
    json.as_u64().and_then(|number| u8::try_from(number).ok())
}
