//! The policy in its versions, and the promises it makes.

use super::{Step, parts};
use crate::{Date, Field, Kind, Record, RecordRef, Relation, View};
use ids::{MemberId, RecordId, Timestamp};
use serde_json::Value as Json;

/// One version of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Its words, as they stand now. What counts for a version in force is the pinned state.
    pub words: String,
    /// Its state, by the cautious order.
    pub status: String,
    /// Since when it is in force and which state was pinned; two when it was put in force twice apart.
    pub in_force: Vec<InForce>,
    /// Who said that they had read it, and when.
    pub acknowledged: Vec<(MemberId, Timestamp)>,
    /// Who answers for it.
    pub accountable: Vec<MemberId>,
    /// Who coordinates.
    pub coordinators: Vec<MemberId>,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

/// That a version was put in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Since when.
    pub from: Option<Date>,
    /// The decision behind it.
    pub decision: Option<RecordId>,
    /// The pinned state, in text form; see `ids::Heads`.
    pub heads: Option<String>,
}

impl Policy {
    /// Reads a version.
    pub fn of(record: &Record) -> Self {
        let acknowledged = match record.value(Field::Acknowledgements) {
            Some(crate::Value::Set(set)) => set
                .iter()
                .filter_map(|(member, at)| Some((member.parse().ok()?, Timestamp::from_millis(*at))))
                .collect(),
            _ => Vec::new(),
        };
        Self {
            id: record.id,
            title: record.title().to_owned(),
            words: record.text(Field::Words).to_owned(),
            status: record.status().unwrap_or("draft").to_owned(),
            in_force: parts::open_atoms(record, Field::InForce, |pinned| Some(in_force(pinned))),
            acknowledged,
            accountable: parts::members(record, Field::Accountable),
            coordinators: parts::members(record, Field::Coordinator),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Policy, self.id)
    }

    /// Whether it claims to be in force.
    pub fn is_in_force(&self) -> bool {
        self.status == "in-force"
    }

    /// The versions that claim to be in force, the one that counts first: while there are two, the older stays.
    pub fn in_force(view: &View) -> Vec<Self> {
        let mut versions: Vec<Self> = view
            .live(Kind::Policy)
            .map(|record| Self::of(record))
            .filter(|version| version.is_in_force())
            .collect();
        let since = |version: &Self| version.in_force.iter().filter_map(|pinned| pinned.from).min();
        versions.sort_by_key(|version| (since(version).is_none(), since(version), version.id));
        versions
    }
}

fn in_force(json: &Json) -> InForce {
    InForce {
        from: parts::date(json, "from"),
        decision: parts::id(json, "decision"),
        heads: match json.get("heads") {
            Some(Json::String(text)) => Some(text.clone()),
            Some(Json::Null) | None => None,
            Some(other) => Some(other.to_string()),
        },
    }
}

/// A short promise of the policy; it stays the same record in every version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Its id.
    pub id: RecordId,
    /// What is promised.
    pub title: String,
    /// The versions that make this promise.
    pub versions: Vec<RecordId>,
    /// Where it stands in the list.
    pub position: Option<String>,
}

impl Commitment {
    /// Reads a promise.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            versions: parts::id_set(record, Field::Versions),
            position: record.line(Field::Order).map(str::to_owned),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Commitment, self.id)
    }

    /// Sorts as people ordered the promises; what nobody placed comes last, by birth.
    pub fn place(&self) -> (bool, Option<&str>, RecordId) {
        (self.position.is_none(), self.position.as_deref(), self.id)
    }

    /// The promises of a version in their order.
    pub fn of_version(view: &View, version: RecordId) -> Vec<Self> {
        let mut promises: Vec<Self> = view
            .live(Kind::Commitment)
            .map(|record| Self::of(record))
            .filter(|commitment| commitment.versions.contains(&version))
            .collect();
        promises.sort_by(|one, other| one.place().cmp(&other.place()));
        promises
    }

    /// The objectives and KPIs that uphold a promise, deleted ones left out.
    pub fn upheld_by(view: &View, commitment: RecordRef) -> impl Iterator<Item = RecordRef> {
        view.edges()
            .from(commitment, Relation::Upholds)
            .filter(|from| view.record(*from).is_some_and(|record| !record.is_deleted()))
    }
}
