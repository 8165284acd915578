//! A decision.

use super::parts;
use crate::{Date, Field, Record};
use ids::{MemberId, RecordId};

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
        }
    }
}
