//! Someone with a stake.

use super::parts;
use crate::{Field, Kind, Record, RecordRef};
use ids::RecordId;
use serde_json::Value as Json;

/// A party: customer, owner, regulator, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// What there is to say about it.
    pub body: String,
    /// `customer`, `owner`, `employee`, `supplier`, `regulator`, `partner`, `community` or `assurance`.
    pub kind: Option<String>,
    /// 1 to 3: how much it can do for or against us.
    pub influence: Option<i64>,
    /// 1 to 3: how much it cares.
    pub interest: Option<i64>,
}

impl Party {
    /// Reads a party.
    pub fn of(record: &Record) -> Self {
        let weight = record.atom(Field::Weight);
        let part = |key| weight.and_then(|weight| weight.get(key)).and_then(Json::as_i64);
        Self {
            id: record.id,
            title: record.title().to_owned(),
            body: record.text(Field::Body).to_owned(),
            kind: parts::line(record, Field::Kind),
            influence: part("influence"),
            interest: part("interest"),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Party, self.id)
    }

    /// Whether it buys from us.
    pub fn is_customer(&self) -> bool {
        self.kind.as_deref() == Some("customer")
    }
}
