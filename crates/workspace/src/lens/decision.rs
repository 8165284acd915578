//! A decision.

use super::{Score, parts};
use crate::{Date, Field, Kind, Record, RecordRef};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// The sentence: the frozen copy once decided, the live text before.
    pub wording: String,
    /// Whether two frozen copies differ: back to the chair.
    pub is_wording_contested: bool,
    /// Its state, which is also its outcome.
    pub status: String,
    /// What it is about: improvement, system-change, resource, …
    pub kinds: Vec<String>,
    /// What was favoured and given up.
    pub tradeoff: Option<Tradeoff>,
    /// The review it was made in.
    pub review: Option<RecordId>,
    /// The agenda item it was made under.
    pub agenda_item: Option<RecordId>,
    /// The day it was decided.
    pub decided_on: Option<Date>,
    /// Until when it was deferred.
    pub deferred_until: Option<Date>,
    /// When to look back.
    pub look_back_due: Option<Date>,
    /// Why it needs no action.
    pub no_action_because: Option<String>,
    /// Where each member stood.
    pub stances: Vec<Stance>,
    /// What was considered, in its order.
    pub options: Vec<DecisionOption>,
    /// Who decided.
    pub decided_by: Vec<MemberId>,
    /// What is to come of it.
    pub expected: Option<ExpectedEffect>,
    /// What came of it; entries that nobody superseded, by birth.
    pub look_backs: Vec<LookBack>,
    /// The decisions it takes the place of.
    pub supersedes: Vec<RecordId>,
}

/// Something that could have been decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionOption {
    /// Its key.
    pub key: String,
    /// The words.
    pub text: String,
    /// Where it stands.
    pub order: Option<String>,
}

/// What is to come of a decision: a figure that changes, or a score of the register that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedEffect {
    /// A KPI changes.
    Figure {
        /// Which KPI.
        kpi: RecordId,
        /// By how much, in words or as a number.
        change: String,
        /// By when.
        by: Option<Date>,
    },
    /// A register entry is rated otherwise.
    Rating {
        /// Which entry.
        record: RecordRef,
        /// Today's score.
        from: Option<Score>,
        /// The score expected.
        to: Option<Score>,
    },
}

/// Somebody looked what came of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookBack {
    /// Who looked.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// What was found.
    pub result: String,
    /// What there is to say about it.
    pub note: String,
}

/// What a decision favoured over what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tradeoff {
    /// What won.
    pub favoured: String,
    /// What gave way.
    pub given_up: String,
    /// Why.
    pub why: Option<String>,
}

/// Where a member stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stance {
    /// Who.
    pub member: MemberId,
    /// `for`, `against`, `abstain`, `not-present`.
    pub stance: String,
    /// Whether the member wrote it.
    pub own: bool,
}

impl Decision {
    /// Reads a decision.
    pub fn of(record: &Record) -> Self {
        let frozen = record.atom(Field::Frozen).and_then(|frozen| parts::text(frozen, "text"));
        let stance = |(member, register): (&str, &crate::Register)| {
            let member: MemberId = member.parse().ok()?;
            // A member's own word beats what somebody else wrote for them.
            let entries: Vec<_> = register.values().iter().filter_map(crate::Scalar::as_atom).collect();
            let own = entries.iter().find(|entry| parts::member(entry, "by") == Some(member));
            let counts = own.copied().or_else(|| register.shown()?.as_atom())?;
            Some(Stance { member, stance: parts::text(counts, "stance")?.to_owned(), own: own.is_some() })
        };
        let tradeoff = record.atom(Field::Tradeoff).and_then(|tradeoff| {
            Some(Tradeoff {
                favoured: parts::text(tradeoff, "favoured")?.to_owned(),
                given_up: parts::text(tradeoff, "givenUp")?.to_owned(),
                why: parts::text(tradeoff, "why").map(str::to_owned),
            })
        });
        Self {
            id: record.id,
            title: record.title().to_owned(),
            wording: frozen.unwrap_or_else(|| record.text(Field::Wording)).to_owned(),
            is_wording_contested: record.register(Field::Frozen).is_some_and(crate::Register::is_contested),
            status: record.status().unwrap_or("drafted").to_owned(),
            kinds: record.members(Field::Kinds).map(str::to_owned).collect(),
            tradeoff,
            review: record.id_of(Field::Review),
            agenda_item: record.id_of(Field::AgendaItem),
            decided_on: record.date(Field::Date),
            deferred_until: record.date(Field::DeferredUntil),
            look_back_due: record.date(Field::LookBackDue),
            no_action_because: record.line(Field::NoActionBecause).map(str::to_owned),
            stances: record.keyed(Field::Stances).filter_map(stance).collect(),
            options: options(record),
            decided_by: parts::id_set(record, Field::DecidedBy).into_iter().map(MemberId).collect(),
            expected: record.atom(Field::ExpectedEffect).and_then(expected),
            look_backs: record.current(Field::LookBack).iter().map(|(_, entry)| look_back(entry)).collect(),
            supersedes: record.atom(Field::Supersedes).map_or_else(Vec::new, ids),
        }
    }
    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Decision, self.id)
    }

    /// Whether it is still to be decided.
    pub fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "drafted" | "proposed" | "deferred")
    }

    /// Whether it was decided, and holds or held.
    pub fn is_decided(&self) -> bool {
        matches!(self.status.as_str(), "decided" | "revised")
    }

    /// Whether it is of a kind that asks for work: an improvement, a change of the system, means.
    pub fn asks_for_work(&self) -> bool {
        self.kinds.iter().any(|kind| matches!(kind.as_str(), "improvement" | "system-change" | "resource"))
    }
}

fn options(record: &Record) -> Vec<DecisionOption> {
    let option = |(key, register): (&str, &crate::Register)| {
        let atom = register.shown()?.as_atom()?;
        Some(DecisionOption {
            key: key.to_owned(),
            text: parts::said(atom, "text")?,
            order: parts::said(atom, "order"),
        })
    };
    let mut options: Vec<DecisionOption> = record.keyed(Field::Options).filter_map(option).collect();
    options.sort_by(|one, other| {
        let place = |option: &DecisionOption| (option.order.is_none(), option.order.clone());
        place(one).cmp(&place(other)).then_with(|| one.key.cmp(&other.key))
    });
    options
}

fn expected(atom: &Json) -> Option<ExpectedEffect> {
    if let Some(kpi) = parts::id(atom, "kpi") {
        let change = match atom.get("change") {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        return Some(ExpectedEffect::Figure { kpi, change, by: parts::date(atom, "by") });
    }
    let score = |key| parts::text(atom, key).and_then(|text| text.parse().ok());
    let record = parts::text(atom, "record")?.parse().ok()?;
    Some(ExpectedEffect::Rating { record, from: score("from"), to: score("to") })
}

fn look_back(entry: &Json) -> LookBack {
    LookBack {
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        result: parts::words(entry, "result"),
        note: parts::words(entry, "note"),
    }
}

fn ids(json: &Json) -> Vec<RecordId> {
    let ids = json.as_array().into_iter().flatten().filter_map(Json::as_str);
    ids.filter_map(|id| id.parse().ok()).collect()
}
