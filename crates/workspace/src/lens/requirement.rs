//! What a party requires, and how far people judge that it is met.

use super::parts;
use crate::{Date, Field, Kind, Record, RecordRef, Relation, View};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// A requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Its id.
    pub id: RecordId,
    /// What is required.
    pub title: String,
    /// Who requires it: normally one party.
    pub parties: Vec<RecordId>,
    /// `contract`, `law`, `stated`, `implied` or `own-promise`.
    pub origin: Option<String>,
    /// How we know that we meet it.
    pub how_we_know: String,
    /// Judgements that nobody superseded, the least favourable first. Different ones are a disagreement.
    pub judgements: Vec<RequirementJudgement>,
    /// Whether it has to do with climate change.
    pub climate_relevant: bool,
}

/// How far somebody judged a requirement to be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementJudgement {
    /// The entry.
    pub id: RecordId,
    /// `met`, `partly`, `not-met` or `unknown`.
    pub status: String,
    /// Who judged.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// What it rests on.
    pub basis: Option<String>,
}

/// From the least to the most favourable.
const FROM_WORST: [&str; 4] = ["not-met", "unknown", "partly", "met"];

impl Requirement {
    /// Reads a requirement.
    pub fn of(record: &Record) -> Self {
        let current = record.current(Field::Judgements);
        let mut judgements: Vec<RequirementJudgement> =
            current.into_iter().filter_map(|(id, entry)| judgement(id, entry)).collect();
        judgements.sort_by_key(|judgement| (place(&judgement.status), judgement.id));
        Self {
            id: record.id,
            title: record.title().to_owned(),
            parties: parts::open_ids(record, Field::Party),
            origin: parts::line(record, Field::Origin),
            how_we_know: record.text(Field::HowWeKnow).to_owned(),
            judgements,
            climate_relevant: record.flag(Field::ClimateRelevant).unwrap_or(false),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Requirement, self.id)
    }

    /// The judgement that counts: the least favourable. `None` while nobody judged.
    pub fn judgement(&self) -> Option<&RequirementJudgement> {
        self.judgements.first()
    }

    /// Whether people judge it differently.
    pub fn is_contested(&self) -> bool {
        self.judgements.windows(2).any(|pair| matches!(pair, [one, other] if one.status != other.status))
    }

    /// The objectives that serve it, deleted ones left out.
    pub fn objectives(view: &View, requirement: RecordRef) -> impl Iterator<Item = RecordRef> {
        view.edges().from(requirement, Relation::Serves).filter(|from| {
            from.kind == Kind::Objective && view.record(*from).is_some_and(|record| !record.is_deleted())
        })
    }

    /// Whether no objective serves it.
    pub fn is_orphaned(view: &View, requirement: RecordRef) -> bool {
        Self::objectives(view, requirement).next().is_none()
    }
}

/// A word of a newer version counts as the best known one: it hides nothing that is known to be worse.
fn place(status: &str) -> usize {
    FROM_WORST.iter().position(|known| *known == status).unwrap_or(FROM_WORST.len())
}

fn judgement(id: RecordId, entry: &Json) -> Option<RequirementJudgement> {
    Some(RequirementJudgement {
        id,
        status: parts::said(entry, "status")?,
        by: parts::member(entry, "by"),
        on: parts::day(entry),
        basis: parts::said(entry, "basis"),
    })
}
