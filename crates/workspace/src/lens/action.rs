//! Something somebody does by a date.

use super::{Settings, Step, parts};
use crate::{Date, Field, Kind, Record, RecordRef};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// An action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its id.
    pub id: RecordId,
    /// What is to be done.
    pub title: String,
    /// Who does it: normally one member; two when it was handed over twice apart.
    pub owners: Vec<MemberId>,
    /// By when; of two open dates the earlier.
    pub due: Option<Date>,
    /// `now`, `soon` or `later`.
    pub priority: Option<String>,
    /// Its state, by the cautious order.
    pub status: String,
    /// That it was done.
    pub done: Option<Done>,
    /// Verifications that nobody superseded.
    pub verifications: Vec<Verification>,
    /// When its effect is to be checked.
    pub effect_planned: Option<Date>,
    /// Checks of its effect that nobody superseded.
    pub effects: Vec<EffectFound>,
    /// How often its date was moved to a later one.
    pub postponed: usize,
    /// Every move of its date, by birth.
    pub due_moves: Vec<DueMove>,
    /// Who helps.
    pub helpers: Vec<MemberId>,
    /// The cause it removes; corrections only.
    pub cause: String,
    /// What its effect is to be seen by.
    pub effect_criterion: Option<String>,
    /// The authority that doing it takes.
    pub needs_authority: Option<String>,
    /// Its way through its states, by birth.
    pub steps: Vec<Step>,
}

/// Its date was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMove {
    /// Who moved it.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// The day it was due before.
    pub from: Option<Date>,
    /// The day it is due now; `None` when the day was taken away.
    pub to: Option<Date>,
}

/// It was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Who said so.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// What changed by it.
    pub what_changed: Option<String>,
}

/// Somebody looked whether it worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectFound {
    /// Who looked.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// `effective`, `partly` or `ineffective`.
    pub result: String,
    /// What shows it.
    pub note: String,
}

/// Somebody looked whether it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Who looked.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// `verified` or `sent-back`.
    pub result: String,
    /// What was looked at, or what is missing.
    pub note: String,
}

impl Action {
    /// Reads an action.
    pub fn of(record: &Record) -> Self {
        let due_moves: Vec<DueMove> =
            record.entries(Field::DueMoves).map(|(_, entry)| due_move(entry)).collect();
        let check = record.atom(Field::EffectCheck);
        Self {
            id: record.id,
            title: record.title().to_owned(),
            owners: parts::members(record, Field::Owner),
            due: record.date(Field::Due),
            priority: record.line(Field::Priority).map(str::to_owned),
            status: record.status().unwrap_or("open").to_owned(),
            done: record.atom(Field::Done).map(done),
            verifications: record
                .current(Field::Verifications)
                .iter()
                .map(|(_, entry)| verification(entry))
                .collect(),
            effect_planned: check.and_then(|check| parts::date(check, "planned")),
            effect_criterion: check.and_then(|check| parts::said(check, "criterion")),
            effects: record
                .current(Field::EffectResults)
                .iter()
                .map(|(_, entry)| effect_found(entry))
                .collect(),
            postponed: due_moves.iter().filter(|moved| moved.is_later()).count(),
            due_moves,
            helpers: parts::id_set(record, Field::Helpers).into_iter().map(MemberId).collect(),
            cause: record.text(Field::Cause).to_owned(),
            needs_authority: record.line(Field::NeedsAuthority).map(str::to_owned),
            steps: Step::all(record),
        }
    }

    /// Whether there is still something to do.
    pub fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "open" | "in-progress" | "blocked")
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Action, self.id)
    }

    /// Whether it was done and somebody looked.
    pub fn is_verified(&self) -> bool {
        matches!(self.status.as_str(), "verified" | "effective" | "ineffective")
    }

    /// The day it was verified last, as its story tells.
    pub fn verified_on(&self) -> Option<Date> {
        let verified = self.steps.iter().filter(|step| step.to == "verified");
        verified.filter_map(|step| step.on).max()
    }

    /// The day it was done.
    pub fn done_on(&self) -> Option<Date> {
        self.done.as_ref()?.on
    }

    /// Days past due while it is open; `None` when it is not late.
    pub fn days_late(&self, today: Date) -> Option<i32> {
        let late = today.days_since(self.due?);
        (self.is_open() && late > 0).then_some(late)
    }

    /// Whether only its own owner verified it, although the settings ask for somebody else.
    pub fn is_verified_by_owner_alone(&self, settings: &Settings) -> bool {
        let mut verified =
            self.verifications.iter().filter(|verification| verification.result == "verified").peekable();
        settings.require_other_verifier
            && verified.peek().is_some()
            && verified.all(|verification| verification.by.is_some_and(|by| self.owners.contains(&by)))
    }
}

impl DueMove {
    /// Whether it was put off.
    pub fn is_later(&self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| to > from)
    }
}

fn due_move(entry: &Json) -> DueMove {
    DueMove {
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        from: parts::date(entry, "from"),
        to: parts::date(entry, "to"),
    }
}

fn done(atom: &Json) -> Done {
    Done {
        by: parts::member(atom, "by"),
        on: parts::day(atom),
        what_changed: parts::text(atom, "whatChanged").map(str::to_owned),
    }
}

fn verification(entry: &Json) -> Verification {
    Verification {
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        result: parts::words(entry, "result"),
        note: parts::words(entry, "note"),
    }
}

fn effect_found(entry: &Json) -> EffectFound {
    EffectFound {
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        result: parts::words(entry, "result"),
        note: parts::words(entry, "note"),
    }
}
