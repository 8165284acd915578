//! A strategic goal.

use super::{Step, parts};
use crate::{Field, Kind, Record, RecordRef, Relation, View};
use ids::{MemberId, RecordId};

/// A strategic goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Who sponsors it: normally one member of top management.
    pub sponsors: Vec<MemberId>,
    /// The year it is meant for.
    pub horizon: Option<i64>,
    /// Its state.
    pub status: String,
    /// Where it stands among the goals.
    pub position: Option<String>,
    /// Who coordinates.
    pub coordinators: Vec<MemberId>,
    /// Why it matters.
    pub why: String,
    /// What it is to be seen by.
    pub measure: String,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

impl Goal {
    /// Reads a goal.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            sponsors: parts::members(record, Field::Sponsor),
            horizon: record.int(Field::Horizon),
            status: record.status().unwrap_or("draft").to_owned(),
            position: record.line(Field::Order).map(str::to_owned),
            coordinators: parts::members(record, Field::Coordinator),
            why: record.text(Field::Why).to_owned(),
            measure: record.text(Field::Measure).to_owned(),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Goal, self.id)
    }

    /// Whether it is pursued.
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// Sorts as people ordered the goals; what nobody placed comes last, by birth.
    pub fn place(&self) -> (bool, Option<&str>, RecordId) {
        (self.position.is_none(), self.position.as_deref(), self.id)
    }

    /// The objectives that serve a goal, deleted ones left out.
    pub fn objectives(view: &View, goal: RecordRef) -> impl Iterator<Item = RecordRef> {
        view.edges()
            .from(goal, Relation::Serves)
            .filter(|from| view.record(*from).is_some_and(|record| !record.is_deleted()))
    }
}
