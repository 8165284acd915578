//! How a change of the system is carried out.

use super::{Step, parts};
use crate::{Date, Field, Kind, Record, RecordRef};
use ids::{MemberId, RecordId};

/// A planned change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePlan {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Why it is done.
    pub purpose: String,
    /// What may follow from it.
    pub consequences: String,
    /// How the system stays whole meanwhile.
    pub integrity: String,
    /// What it takes.
    pub means: String,
    /// Who takes which part.
    pub roles: String,
    /// Who is told, and how.
    pub communication: String,
    /// Who carries it: normally one member.
    pub owners: Vec<MemberId>,
    /// The decision behind it.
    pub decision: Option<RecordId>,
    /// When to look back.
    pub look_back_due: Option<Date>,
    /// Its state, by the cautious order.
    pub status: String,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

impl ChangePlan {
    /// Reads a plan.
    pub fn of(record: &Record) -> Self {
        let text = |field| record.text(field).to_owned();
        Self {
            id: record.id,
            title: record.title().to_owned(),
            purpose: text(Field::Purpose),
            consequences: text(Field::Consequences),
            integrity: text(Field::Integrity),
            means: text(Field::Means),
            roles: text(Field::Roles),
            communication: text(Field::Communication),
            owners: parts::members(record, Field::Owner),
            decision: record.id_of(Field::Decision),
            look_back_due: record.date(Field::LookBackDue),
            status: record.status().unwrap_or("draft").to_owned(),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::ChangePlan, self.id)
    }
}
