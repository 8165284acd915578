//! An offer to take over a record.

use super::{Step, parts};
use crate::{Date, Field, Kind, Record, RecordRef};
use ids::{MemberId, RecordId, Timestamp};
use serde_json::Value as Json;

/// An offer to take over a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Its id.
    pub id: RecordId,
    /// The record that changes hands.
    pub subject: Option<RecordRef>,
    /// Whose it was.
    pub from: Option<MemberId>,
    /// Whose it is to be.
    pub to: Option<MemberId>,
    /// Why.
    pub reason: Option<String>,
    /// When it was offered.
    pub offered_at: Option<Timestamp>,
    /// What was answered: none yet, normally one, two when it was answered twice apart.
    pub answers: Vec<HandoverAnswer>,
    /// Its state, by the cautious order.
    pub status: String,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

/// What was answered to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverAnswer {
    /// `accepted` or `declined`.
    pub answer: String,
    /// Who answered.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// What was said about it.
    pub note: Option<String>,
}

impl Handover {
    /// Reads an offer.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            subject: record.line(Field::Record).and_then(|text| text.parse().ok()),
            from: record.id_of(Field::From).map(MemberId),
            to: record.id_of(Field::To).map(MemberId),
            reason: parts::line(record, Field::Reason),
            offered_at: record.int(Field::OfferedAt).map(Timestamp::from_millis),
            answers: parts::open_atoms(record, Field::Answer, answer),
            status: record.status().unwrap_or("offered").to_owned(),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Handover, self.id)
    }

    /// Whether it waits for an answer.
    pub fn is_open(&self) -> bool {
        self.status == "offered"
    }

    /// Whether the member it was offered to accepted it, and nobody else for them.
    pub fn is_accepted_by_receiver(&self) -> bool {
        let own = |answer: &HandoverAnswer| answer.answer == "accepted" && answer.by == self.to;
        self.status == "accepted" && self.to.is_some() && self.answers.iter().any(own)
    }
}

fn answer(json: &Json) -> Option<HandoverAnswer> {
    Some(HandoverAnswer {
        answer: parts::said(json, "answer")?,
        by: parts::member(json, "by"),
        on: parts::day(json),
        note: parts::said(json, "note"),
    })
}
