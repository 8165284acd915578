//! Authority: who may decide what, up to which limit, until when.

use super::{Seat, Span, Step, parts};
use crate::{Date, Decimal, Field, Kind, Record, RecordRef, View};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// A grant of authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Who holds it: normally one.
    pub holders: Vec<Holder>,
    /// What it is about: `spend`, `stop_work`, `contract`, …
    pub kind: Option<String>,
    /// Up to which amount; of several open limits the lower. `None` says nothing about money.
    pub limit: Option<Limit>,
    /// All open limits, the one that counts first.
    pub limits: Vec<Limit>,
    /// What it covers.
    pub scope: Option<String>,
    /// Who gave it.
    pub granted_by: Vec<MemberId>,
    /// The decision behind it.
    pub decision: Option<RecordId>,
    /// When it holds; of several open spans the one that ends first.
    pub valid: Option<Span>,
    /// Its state, by the cautious order.
    pub status: String,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

/// Who holds a grant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// Everybody in the organisation.
    Everyone,
    /// A member or a seat.
    One(RecordId),
    /// A word that this version does not know.
    Other(String),
}

/// Up to which amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How much; `None` is no limit.
    pub amount: Option<Decimal>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `occurrence` or `year`.
    pub per: Option<String>,
}

impl Grant {
    /// Reads a grant.
    pub fn of(record: &Record) -> Self {
        let limits = parts::open_atoms(record, Field::Limit, |limit| Some(Limit::of(limit)));
        Self {
            id: record.id,
            title: record.title().to_owned(),
            holders: parts::open(record, Field::Holder, |value| Some(Holder::of(value.as_text()?))),
            kind: parts::line(record, Field::Kind),
            limit: limits.first().cloned(),
            limits,
            scope: parts::line(record, Field::Scope),
            granted_by: parts::members(record, Field::GrantedBy),
            decision: record.id_of(Field::Decision),
            valid: record.atom(Field::Valid).map(Span::of),
            status: record.status().unwrap_or("proposed").to_owned(),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Grant, self.id)
    }

    /// Whether somebody may act on it on that day.
    pub fn is_in_effect(&self, day: Date) -> bool {
        self.status == "active" && self.valid.is_none_or(|valid| valid.holds(day))
    }

    /// Whether it has run out: somebody said so, or its last day has passed while it is still called active.
    pub fn is_expired(&self, day: Date) -> bool {
        self.status == "expired"
            || (self.status == "active" && self.valid.is_some_and(|valid| valid.is_over(day)))
    }

    /// Whether a member may use it, by name, by seat or because everybody may.
    pub fn is_held_by(&self, member: MemberId, view: &View) -> bool {
        self.holders
            .iter()
            .any(|holder| *holder == Holder::Everyone || holder.members(view).contains(&member))
    }
}

impl Holder {
    fn of(text: &str) -> Self {
        if text == "everyone" {
            return Self::Everyone;
        }
        text.parse().map_or_else(|_| Self::Other(text.to_owned()), Self::One)
    }

    /// The record behind it: a member or a seat.
    pub fn record(&self, view: &View) -> Option<RecordRef> {
        let Self::One(id) = self else { return None };
        let known = |kind: &Kind| view.get(*kind, *id).is_some();
        let kind = [Kind::Member, Kind::Seat].into_iter().find(known)?;
        Some(RecordRef::new(kind, *id))
    }

    /// The members behind it; everybody is nobody in particular.
    pub fn members(&self, view: &View) -> Vec<MemberId> {
        match self.record(view) {
            Some(record) if record.kind == Kind::Member => vec![MemberId(record.id)],
            Some(record) => view.record(record).map_or_else(Vec::new, |seat| Seat::of(seat).holders),
            None => Vec::new(),
        }
    }
}

impl Limit {
    fn of(json: &Json) -> Self {
        Self {
            amount: parts::decimal(json, "amount"),
            currency: parts::said(json, "currency"),
            per: parts::said(json, "per"),
        }
    }
}
