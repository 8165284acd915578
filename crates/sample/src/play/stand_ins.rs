//! Puts in what a scene could not know when it was told: where a text ends, at which heads the document is, and the
//! time.

use crate::script::{END, HEADS, NOW};
use automerge::{Automerge, ROOT, ReadDoc};
use ids::{Heads, Timestamp, Utf16Offset};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use workspace::{Edit, Field, Initial, RecordRef, Scalar};

/// What the stand-ins of a scene stand for.
pub(super) struct Present<'a> {
    pub(super) doc: &'a Automerge,
    /// Heads that were remembered, by name.
    pub(super) marks: &'a BTreeMap<String, Heads>,
    pub(super) time: Timestamp,
}

/// The edit as it can be applied now.
pub(super) fn resolve(edit: Edit, present: &Present<'_>) -> Edit {
    let filled_in = |mut json: Json| {
        fill_in(&mut json, present);
        json
    };
    let scalar = |value: Scalar| match value {
        Scalar::Atom(json) => Scalar::Atom(filled_in(json)),
        other => other,
    };
    match edit {
        Edit::Splice { record, field, at: END, delete, insert } => {
            let end = end_of(present.doc, record, field);
            let insert = if end == 0 { insert } else { format!("\n{insert}") };
            Edit::Splice { record, field, at: Utf16Offset(end), delete, insert }
        }
        Edit::Set { record, field, value } => Edit::Set { record, field, value: value.map(scalar) },
        Edit::Append { record, field, entry, value } => {
            Edit::Append { record, field, entry, value: filled_in(value) }
        }
        Edit::Supersede { record, field, entry, value } => {
            Edit::Supersede { record, field, entry, value: filled_in(value) }
        }
        Edit::Create { record, fields } => {
            let initial = |initial| match initial {
                Initial::Scalar(value) => Initial::Scalar(scalar(value)),
                other => other,
            };
            let fields = fields.into_iter().map(|(field, value)| (field, initial(value))).collect();
            Edit::Create { record, fields }
        }
        other => other,
    }
}

fn end_of(doc: &Automerge, record: RecordRef, field: Field) -> usize {
    let find = || {
        let (_, mut map) = doc.get(ROOT, record.kind.collection()).ok()??;
        if !record.kind.is_singleton() {
            (_, map) = doc.get(&map, record.id.to_string()).ok()??;
        }
        let (_, text) = doc.get(&map, field.key()).ok()??;
        Some(doc.length(&text))
    };
    find().unwrap_or(0)
}

fn fill_in(json: &mut Json, present: &Present<'_>) {
    match json {
        Json::String(text) if text == NOW => *json = present.time.as_millis().into(),
        Json::String(text) if text == HEADS => *json = written(&workspace::heads(present.doc)),
        Json::String(text) => {
            let mark = text.strip_prefix(HEADS).map(str::trim_start);
            if let Some(heads) = mark.and_then(|mark| present.marks.get(mark)) {
                *json = written(heads);
            }
        }
        Json::Array(entries) => entries.iter_mut().for_each(|entry| fill_in(entry, present)),
        Json::Object(members) => members.values_mut().for_each(|member| fill_in(member, present)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn written(heads: &Heads) -> Json {
    heads.iter().map(|head| Json::String(head.to_string())).collect()
}
