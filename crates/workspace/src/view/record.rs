//! One record as plain values.

use crate::{Date, Field, Kind, RecordRef, Scalar, schema};
use ids::{ActorId, RecordId};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// A record. Whatever was wrong with it is told beside what could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its kind.
    pub kind: Kind,
    /// Its id; all zeros for a singleton.
    pub id: RecordId,
    /// What it holds. Fields never written are absent.
    pub fields: BTreeMap<Field, Value>,
    /// Keys that this build does not know: fields of a newer version. They stay in the document.
    pub unknown: BTreeSet<String>,
    /// What could not be read.
    pub damage: Vec<Damage>,
}

/// A part of a record that could not be read; the rest could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The key of the field, or of the record when all of it is damaged.
    pub key: String,
    /// The entry within the field.
    pub entry: Option<String>,
    /// What was found instead.
    pub found: String,
}

/// The value of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A register, atom, order or reference.
    Register(Register),
    /// A collaborative text.
    Text(String),
    /// A set: member to the time (ms) it was added.
    Set(BTreeMap<String, i64>),
    /// A log, superseding or not.
    Log(BTreeMap<RecordId, Json>),
    /// A keyed field: key to atom.
    Keyed(BTreeMap<String, Register>),
    /// Nothing readable; `Record::damage` says more.
    Damaged,
}

/// All concurrent distinct values of one key (F1, F2). More than one is an open question for a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    /// The distinct values; in a view there is at least one.
    values: Vec<Scalar>,
    /// Who wrote each value; empty while there is only one.
    writers: Vec<ActorId>,
    winner: usize,
    shown: usize,
}

impl Register {
    pub(crate) fn one(value: Scalar) -> Self {
        Self { values: vec![value], writers: Vec::new(), winner: 0, shown: 0 }
    }

    pub(crate) fn several(values: Vec<Scalar>, writers: Vec<ActorId>, winner: usize, shown: usize) -> Self {
        Self { values, writers, winner, shown }
    }

    /// The distinct values, in the same order on every device.
    pub fn values(&self) -> &[Scalar] {
        &self.values
    }

    /// The value that lists and totals use: the cautious one.
    pub fn shown(&self) -> Option<&Scalar> {
        self.values.get(self.shown)
    }

    /// The value Automerge picked; it means nothing to a person (F1).
    pub fn winner(&self) -> Option<&Scalar> {
        self.values.get(self.winner)
    }

    /// Whether people wrote different values apart and nobody has chosen yet.
    pub fn is_contested(&self) -> bool {
        self.values.len() > 1
    }

    /// Each open value with the session that wrote it. Empty unless contested.
    pub fn candidates(&self) -> impl Iterator<Item = (&Scalar, &ActorId)> {
        self.values.iter().zip(&self.writers)
    }
}

impl Record {
    /// Which record this is.
    pub fn reference(&self) -> RecordRef {
        RecordRef::new(self.kind, self.id)
    }

    /// The value of a field.
    pub fn value(&self, field: Field) -> Option<&Value> {
        self.fields.get(&field)
    }

    /// The register behind a field: all its values.
    pub fn register(&self, field: Field) -> Option<&Register> {
        if let Some(Value::Register(register)) = self.value(field) { Some(register) } else { None }
    }

    /// The cautious value of a register.
    pub fn shown(&self, field: Field) -> Option<&Scalar> {
        self.register(field)?.shown()
    }

    /// The cautious value as one line of text.
    pub fn line(&self, field: Field) -> Option<&str> {
        self.shown(field)?.as_text()
    }

    /// The cautious value as a number.
    pub fn int(&self, field: Field) -> Option<i64> {
        self.shown(field)?.as_int()
    }

    /// The cautious value as yes or no.
    pub fn flag(&self, field: Field) -> Option<bool> {
        self.shown(field)?.as_flag()
    }

    /// The cautious value as a day.
    pub fn date(&self, field: Field) -> Option<Date> {
        self.line(field)?.parse().ok()
    }

    /// The cautious value as the id of another record.
    pub fn id_of(&self, field: Field) -> Option<RecordId> {
        self.line(field)?.parse().ok()
    }

    /// The cautious value as an atom.
    pub fn atom(&self, field: Field) -> Option<&Json> {
        self.shown(field)?.as_atom()
    }

    /// The words of a collaborative text; empty when there are none.
    pub fn text(&self, field: Field) -> &str {
        if let Some(Value::Text(text)) = self.value(field) { text } else { "" }
    }

    /// The members of a set.
    pub fn members(&self, field: Field) -> impl Iterator<Item = &str> {
        let set = if let Some(Value::Set(set)) = self.value(field) { Some(set) } else { None };
        set.into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// The entries of a log, by birth.
    pub fn entries(&self, field: Field) -> impl DoubleEndedIterator<Item = (RecordId, &Json)> {
        let log = if let Some(Value::Log(log)) = self.value(field) { Some(log) } else { None };
        log.into_iter().flatten().map(|(id, entry)| (*id, entry))
    }

    /// The entries of a superseding log that no other entry supersedes, by birth. Where every entry is superseded
    /// (only a forged circle does that) all count, so that nothing can be made to vanish.
    pub fn current(&self, field: Field) -> Vec<(RecordId, &Json)> {
        let gone: BTreeSet<RecordId> =
            self.entries(field).flat_map(|(id, entry)| supersedes(id, entry)).collect();
        let current: Vec<_> = self.entries(field).filter(|(id, _)| !gone.contains(id)).collect();
        if current.is_empty() { self.entries(field).collect() } else { current }
    }

    /// The keys of a keyed field with all their values.
    pub fn keyed(&self, field: Field) -> impl Iterator<Item = (&str, &Register)> {
        let keyed = if let Some(Value::Keyed(keyed)) = self.value(field) { Some(keyed) } else { None };
        keyed.into_iter().flatten().map(|(key, register)| (key.as_str(), register))
    }

    /// The cautious value of one key of a keyed field.
    pub fn keyed_value(&self, field: Field, key: &str) -> Option<&Json> {
        if let Some(Value::Keyed(keyed)) = self.value(field) {
            keyed.get(key)?.shown()?.as_atom()
        } else {
            None
        }
    }

    /// The title; empty when there is none.
    pub fn title(&self) -> &str {
        self.line(Field::Title).unwrap_or_default()
    }

    /// The state, by the cautious order.
    pub fn status(&self) -> Option<&str> {
        self.line(Field::Status)
    }

    /// The life cycle that applies to this record.
    pub fn lifecycle(&self) -> Option<&'static schema::Lifecycle> {
        schema::lifecycle(self.kind, self.line(Field::Kind))
    }

    /// Whether somebody deleted the record (softly).
    pub fn is_deleted(&self) -> bool {
        self.fields.contains_key(&Field::Deleted)
    }

    /// Fields (and keys of keyed fields) with more than one open value. Not positions: any order is fine (F12).
    pub fn contested(&self) -> impl Iterator<Item = (Field, Option<&str>, &Register)> {
        self.fields.iter().filter(|(field, _)| **field != Field::Order).flat_map(|(field, value)| {
            let own =
                if let Value::Register(register) = value { Some((*field, None, register)) } else { None };
            let keyed = if let Value::Keyed(keyed) = value { Some(keyed) } else { None };
            let keyed =
                keyed.into_iter().flatten().map(|(key, register)| (*field, Some(key.as_str()), register));
            own.into_iter().chain(keyed).filter(|(_, _, register)| register.is_contested())
        })
    }
}

/// The entries that `entry` says it supersedes; never itself.
pub(crate) fn supersedes(id: RecordId, entry: &Json) -> impl Iterator<Item = RecordId> {
    let ids = entry.get("supersedes").and_then(Json::as_array);
    let ids = ids.into_iter().flatten().filter_map(Json::as_str).filter_map(|text| text.parse().ok());
    ids.filter(move |other| *other != id)
}
