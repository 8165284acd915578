//! What a row would write, before its record has an id.

use ids::RecordId;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use workspace::{
    Field, Kind, RecordRef, Relation, Scalar,
    lens::{Phase, Score},
};

/// A record to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Draft {
    /// The id the file gives it.
    pub(crate) id: Option<RecordId>,
    /// What the file calls it.
    pub(crate) reference: Option<String>,
    /// Its fields.
    pub(crate) fields: BTreeMap<Field, Draught>,
    /// Its scores.
    pub(crate) scores: BTreeMap<Phase, Vec<Rated>>,
    /// Its links.
    pub(crate) links: Vec<(Relation, RecordRef)>,
}

/// The value of one field to be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Draught {
    /// A register or atom.
    Scalar(Scalar),
    /// A text.
    Words(String),
    /// The members of a set.
    Members(Vec<String>),
    /// Entries of a log.
    Entries(Vec<Json>),
    /// Keys of a keyed field.
    Keyed(Vec<(String, Json)>),
    /// A reference to a member who may not exist yet.
    Person(Who),
    /// A set of such.
    People(Vec<Who>),
}

/// A member, or one to be created with this name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Member(RecordId),
    New(String),
}

/// A judgement of the register to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rated {
    pub(crate) score: Score,
    pub(crate) confidence: Option<i64>,
    pub(crate) basis: Option<String>,
}

impl Rated {
    pub(crate) fn entry(&self, phase: Phase) -> Json {
        let mut entry = Map::new();
        entry.insert("phase".into(), phase.key().into());
        entry.insert("score".into(), self.score.to_string().into());
        if let Some(confidence) = self.confidence {
            entry.insert("confidence".into(), json!(confidence));
        }
        if let Some(basis) = &self.basis {
            entry.insert("basis".into(), basis.clone().into());
        }
        Json::Object(entry)
    }
}

impl Draft {
    /// The text of a register.
    pub(crate) fn line(&self, field: Field) -> Option<&str> {
        match self.fields.get(&field)? {
            Draught::Scalar(scalar) => scalar.as_text(),
            _ => None,
        }
    }

    /// People the draft wants to be created.
    pub(crate) fn newcomers(&self) -> impl Iterator<Item = &str> {
        self.fields.values().flat_map(|value| {
            let people: &[Who] = match value {
                Draught::Person(who) => std::slice::from_ref(who),
                Draught::People(people) => people,
                _ => &[],
            };
            people.iter().filter_map(|who| if let Who::New(name) = who { Some(name.as_str()) } else { None })
        })
    }

    /// What tells two records of a kind apart when nobody gave them ids: the title, or the period of a figure.
    pub(crate) fn likeness(&self, kind: Kind) -> Option<String> {
        let parts: &[Field] = match kind {
            Kind::Measurement => &[Field::Kpi, Field::Period],
            Kind::Register => &[Field::Kind, Field::Title],
            _ => &[Field::Title],
        };
        likeness(parts.iter().map(|field| self.line(*field)))
    }
}

/// Equal for what people would call the same.
pub(crate) fn likeness<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    let mut like = String::new();
    for part in parts {
        for word in part?.split_whitespace() {
            like.push_str(&word.to_lowercase());
            like.push(' ');
        }
        like.push('\n');
    }
    (!like.trim().is_empty()).then_some(like)
}
