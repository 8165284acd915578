//! A risk or an opportunity.

use super::{Assessed, Level, Phase, Settings, Step, parts};
use crate::{Date, Field, Kind, Record, RecordRef, Scalar};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// An entry of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Risk or opportunity.
    pub kind: EntryKind,
    /// Its category; of several open ones the one with the lower appetite.
    pub category: Option<String>,
    /// Who owns it: normally one member.
    pub owners: Vec<MemberId>,
    /// Before anything was done.
    pub before: Assessed,
    /// Today.
    pub now: Assessed,
    /// Where it is to go.
    pub aim: Assessed,
    /// What is done about it; of several the one that needs work.
    pub response: Option<String>,
    /// Its state.
    pub status: String,
    /// When it is to be looked at again.
    pub review_due: Option<Date>,
    /// When it was looked at last.
    pub last_look: Option<Date>,
    /// The acceptance that counts: the one that ends first.
    pub acceptance: Option<Acceptance>,
    /// The highest tolerated score of its category; opportunities have none.
    pub appetite: Option<u8>,
    /// The level of the present score.
    pub level: Option<Level>,
    /// What brings it about.
    pub cause: String,
    /// What happens.
    pub event: String,
    /// What follows.
    pub effect: String,
    /// All open responses, the one that counts first.
    pub responses: Vec<String>,
    /// Acceptances that nobody superseded, the one that ends first first; whatever the state.
    pub acceptances: Vec<Acceptance>,
    /// Every look at it, by birth.
    pub looks: Vec<RegisterLook>,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

/// Somebody looked at an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterLook {
    /// Who.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// Whether something had changed.
    pub changed: Option<bool>,
    /// What was said.
    pub note: Option<String>,
}

/// Whether an entry threatens or promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A threat; also an entry that does not say.
    Risk,
    /// A chance.
    Opportunity,
}

impl EntryKind {
    /// Reads the kind alone.
    pub fn of(record: &Record) -> Self {
        if record.line(Field::Kind) == Some("opportunity") { Self::Opportunity } else { Self::Risk }
    }
}

/// A risk that was accepted for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Until when; without an end it counts as not accepted for ever, only until the next review.
    pub until: Option<Date>,
    /// Who accepted.
    pub by: Option<MemberId>,
    /// The decision behind it.
    pub decision: Option<RecordId>,
    /// Under which condition.
    pub condition: Option<String>,
}

impl Acceptance {
    /// Whether its time is over.
    pub fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

impl RegisterEntry {
    /// Reads an entry; `settings` hold the appetite and the bands.
    pub fn of(record: &Record, settings: &Settings) -> Self {
        let kind = EntryKind::of(record);
        let is_opportunity = kind == EntryKind::Opportunity;
        let category = category(record, settings);
        let own_appetite = category.as_ref().and_then(|category| settings.appetite.get(category)).copied();
        // A higher risk is worse, a smaller opportunity is; what is aimed at counts as the less ambitious one.
        let assessed = |phase| Assessed::of(record, phase, is_opportunity);
        let now = assessed(Phase::Now);
        let acceptances = acceptances(record);
        let level = now.score().map(|score| settings.bands.level(score));
        Self {
            id: record.id,
            title: record.title().to_owned(),
            kind,
            category,
            owners: parts::members(record, Field::Owner),
            before: assessed(Phase::Before),
            now,
            aim: assessed(Phase::Aim),
            response: record.line(Field::Response).map(str::to_owned),
            status: record.status().unwrap_or("identified").to_owned(),
            review_due: record.date(Field::ReviewDue),
            last_look: record
                .entries(Field::Reviewed)
                .filter_map(|(_, look)| parts::date(look, "date"))
                .max(),
            acceptance: acceptances.first().filter(|_| record.status() == Some("accepted")).cloned(),
            acceptances,
            cause: record.text(Field::Cause).to_owned(),
            event: record.text(Field::Event).to_owned(),
            effect: record.text(Field::Effect).to_owned(),
            responses: parts::open(record, Field::Response, |value| value.as_text().map(str::to_owned)),
            looks: record.entries(Field::Reviewed).map(|(_, entry)| look(entry)).collect(),
            steps: Step::all(record),
            appetite: own_appetite.filter(|_| !is_opportunity),
            level,
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Register, self.id)
    }

    /// Whether it promises.
    pub fn is_opportunity(&self) -> bool {
        self.kind == EntryKind::Opportunity
    }

    /// What it is rated at in one phase.
    pub const fn assessed(&self, phase: Phase) -> &Assessed {
        match phase {
            Phase::Before => &self.before,
            Phase::Now => &self.now,
            Phase::Aim => &self.aim,
        }
    }

    /// Whether it still needs watching.
    pub fn is_open(&self) -> bool {
        !matches!(self.status.as_str(), "closed" | "declined" | "realised" | "not-realised")
    }

    /// By how much the present score exceeds the appetite; `None` when it does not.
    pub fn above_appetite(&self) -> Option<u8> {
        let over = self.now.score()?.product().checked_sub(self.appetite?)?;
        (over > 0).then_some(over)
    }

    /// Whether it exceeds the appetite while it still needs watching.
    pub fn is_above_appetite(&self) -> bool {
        self.is_open() && self.above_appetite().is_some()
    }

    /// Days since the look that was due; `None` when none is overdue.
    pub fn review_overdue(&self, today: Date) -> Option<i32> {
        let late = today.days_since(self.review_due?);
        (self.is_open() && late > 0).then_some(late)
    }

    /// Score points that treatment has taken away so far.
    pub fn reduction(&self) -> Option<i16> {
        Some(i16::from(self.before.score()?.product()) - i16::from(self.now.score()?.product()))
    }

    /// Score points still to go: down for a risk, up for an opportunity.
    pub fn still_to_do(&self) -> Option<i16> {
        let (now, aim) = (i16::from(self.now.score()?.product()), i16::from(self.aim.score()?.product()));
        Some(if self.is_opportunity() { aim - now } else { now - aim })
    }

    /// Whether more than one member believes to own it.
    pub fn is_owner_contested(&self) -> bool {
        self.owners.len() > 1
    }
}

fn category(record: &Record, settings: &Settings) -> Option<String> {
    let register = record.register(Field::Category)?;
    let appetite = |value: &&Scalar| {
        let category = value.as_text().unwrap_or_default();
        settings.appetite.get(category).copied().unwrap_or(u8::MAX)
    };
    let strictest = if register.is_contested() {
        // `min_by_key` takes the first of equals, the same on every device.
        register.values().iter().min_by_key(appetite)
    } else {
        register.shown()
    };
    strictest.and_then(Scalar::as_text).map(str::to_owned)
}

fn acceptances(record: &Record) -> Vec<Acceptance> {
    let current = record.current(Field::Acceptances);
    let accepted = current.iter().map(|(_, entry)| Acceptance {
        until: parts::date(entry, "until"),
        by: parts::member(entry, "by"),
        decision: parts::id(entry, "decision"),
        condition: parts::text(entry, "condition").map(str::to_owned),
    });
    let mut acceptances: Vec<Acceptance> = accepted.collect();
    acceptances.sort_by_key(|acceptance| (acceptance.until.is_none(), acceptance.until));
    acceptances
}

fn look(entry: &Json) -> RegisterLook {
    RegisterLook {
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        changed: entry.get("changed").and_then(Json::as_bool),
        note: parts::said(entry, "note"),
    }
}
