//! What a newer version of the product wrote into a record and this one does not understand. It stays in the document;
//! screens say that it is there.

use crate::schema::{self, Type};
use crate::{Field, Record, Scalar};
use serde_json::Value as Json;

/// What this version does not understand in a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newer {
    /// Keys of fields this version does not know.
    pub fields: Vec<String>,
    /// Known fields that hold a word this version does not know, with the word.
    pub words: Vec<(Field, String)>,
}

impl Newer {
    /// Looks through a record.
    pub fn of(record: &Record) -> Self {
        let mut words = Vec::new();
        for spec in schema::fields(record.kind) {
            let mut note = |word: &str| {
                if !words.iter().any(|(field, known)| *field == spec.field && known == word) {
                    words.push((spec.field, word.to_owned()));
                }
            };
            let open = record.register(spec.field).map_or(&[][..], |register| register.values());
            for word in open.iter().filter_map(Scalar::as_text) {
                let known = match spec.ty {
                    Type::OneOf(known) => known.contains(&word),
                    Type::State => record.lifecycle().is_none_or(|life| life.states.contains(&word)),
                    _ => true,
                };
                if !known {
                    note(word);
                }
            }
            let atoms = open.iter().filter_map(Scalar::as_atom);
            let keyed = record.keyed(spec.field).flat_map(|(_, register)| register.values());
            let keyed = keyed.filter_map(Scalar::as_atom);
            let entries = record.entries(spec.field).map(|(_, entry)| entry);
            for value in atoms.chain(keyed).chain(entries) {
                for part in spec.parts {
                    if let (Type::OneOf(known), Some(word)) =
                        (part.ty, value.get(part.key).and_then(Json::as_str))
                        && !known.contains(&word)
                    {
                        note(word);
                    }
                }
            }
        }
        Self { fields: record.unknown.iter().cloned().collect(), words }
    }

    /// Whether this version understands all of it.
    pub fn is_nothing(&self) -> bool {
        self.fields.is_empty() && self.words.is_empty()
    }
}
