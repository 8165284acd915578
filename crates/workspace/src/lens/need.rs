//! Means that somebody asked for, and what was answered.

use super::{Step, parts};
use crate::{Date, Decimal, Field, Kind, Record, RecordRef, Relation, View};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// Means asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its id.
    pub id: RecordId,
    /// What is needed.
    pub title: String,
    /// `people`, `money`, `equipment`, `time`, `knowledge`, `authority` or `service`.
    pub kind: Option<String>,
    /// How much; all open values, the one that counts first.
    pub amounts: Vec<Amount>,
    /// By when; of two open days the earlier.
    pub needed_by: Option<Date>,
    /// Who asked.
    pub requested_by: Vec<MemberId>,
    /// When.
    pub requested_on: Option<Date>,
    /// Answers that nobody superseded, by birth. Two different ones are a disagreement, and count as no answer.
    pub answers: Vec<NeedAnswer>,
    /// When it was there.
    pub delivered_on: Option<Date>,
    /// Its state, by the cautious order.
    pub status: String,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

/// How much of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The number.
    pub value: Option<Decimal>,
    /// `EUR`, `FTE`, `days`.
    pub unit: String,
}

/// What was answered to a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedAnswer {
    /// The entry.
    pub id: RecordId,
    /// `committed`, `refused` or `deferred`.
    pub answer: String,
    /// Who answered.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// Until when it is put off.
    pub until: Option<Date>,
    /// The decision behind it.
    pub decision: Option<RecordId>,
}

impl Need {
    /// Reads a need.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            kind: parts::line(record, Field::Kind),
            amounts: parts::open_atoms(record, Field::Amount, |amount| Some(Amount::of(amount))),
            needed_by: record.date(Field::NeededBy),
            requested_by: parts::members(record, Field::RequestedBy),
            requested_on: record.date(Field::RequestedAt),
            answers: record
                .current(Field::Answers)
                .into_iter()
                .filter_map(|(id, entry)| answer(id, entry))
                .collect(),
            delivered_on: record.date(Field::DeliveredAt),
            status: record.status().unwrap_or("requested").to_owned(),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Need, self.id)
    }

    /// The answer that holds: the only one, or one of several that say the same.
    pub fn answer(&self) -> Option<&NeedAnswer> {
        if self.is_answer_contested() { None } else { self.answers.first() }
    }

    /// Whether two people answered differently apart.
    pub fn is_answer_contested(&self) -> bool {
        self.answers.windows(2).any(|pair| matches!(pair, [one, other] if one.answer != other.answer))
    }

    /// Whether it waits for an answer: none was given, several differ, or it was asked again.
    pub fn is_unanswered(&self) -> bool {
        self.status == "requested" || self.is_answer_contested()
    }

    /// Whether the means are there or promised.
    pub fn is_granted(&self) -> bool {
        !self.is_answer_contested() && matches!(self.status.as_str(), "committed" | "delivered")
    }

    /// Days since it was asked for, while it is unanswered.
    pub fn days_waiting(&self, today: Date) -> Option<i32> {
        Some(today.days_since(self.requested_on.filter(|_| self.is_unanswered())?))
    }

    /// What it is needed for.
    pub fn needed_for(view: &View, need: RecordRef) -> impl Iterator<Item = RecordRef> {
        view.edges().from(need, Relation::Needs)
    }
}

impl Amount {
    fn of(json: &Json) -> Self {
        Self { value: parts::decimal(json, "value"), unit: parts::words(json, "unit") }
    }
}

fn answer(id: RecordId, entry: &Json) -> Option<NeedAnswer> {
    Some(NeedAnswer {
        id,
        answer: parts::said(entry, "answer")?,
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        reason: parts::said(entry, "reason"),
        until: parts::date(entry, "until"),
        decision: parts::id(entry, "decision"),
    })
}
