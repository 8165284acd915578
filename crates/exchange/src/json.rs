//! A workspace as readable JSON: every record with every open value, nothing decided, in one order.
//!
//! `{collection: {id: record}}`, beside `edges` (a list of `relation|from|to`) and `devices`. A register with one value
//! is that value; with several it is `{"values": […], "shown": …}`, where `shown` is the cautious one that lists and
//! totals use until a person has chosen. Keys are sorted, so that equal workspaces are equal texts.

pub use crate::restore::{restore, restore_value};

use serde_json::{Map, Value as Json, json};
use workspace::{Kind, Record, Register, Scalar, Value, View};

/// Fields of a newer version, by name.
pub(crate) const UNKNOWN: &str = "(unknown to this version)";
/// Fields that could not be read.
pub(crate) const DAMAGED: &str = "(damaged)";

/// Everything a view says.
pub fn of(view: &View) -> Json {
    let mut content = Map::new();
    for kind in Kind::ALL {
        let records: Map<String, Json> =
            view.all(*kind).map(|record| (record.id.to_string(), of_record(record))).collect();
        if !records.is_empty() {
            content.insert(kind.collection().to_owned(), Json::Object(records));
        }
    }
    content.insert("edges".to_owned(), view.edges().iter().map(|edge| edge.to_string()).collect());
    let devices: Map<String, Json> = view
        .devices()
        .iter()
        .map(|(actor, device)| (actor.to_string(), json!({ "member": device.member, "label": device.label })))
        .collect();
    content.insert("devices".to_owned(), Json::Object(devices));
    Json::Object(content)
}

/// [`of`], for people: indented, keys sorted.
pub fn text(view: &View) -> String {
    let mut text = serde_json::to_string_pretty(&sorted(of(view))).unwrap_or_default();
    text.push('\n');
    text
}

/// Another crate may switch serde_json to insertion order for the whole build.
fn sorted(json: Json) -> Json {
    match json {
        Json::Object(members) => {
            let members: std::collections::BTreeMap<String, Json> = members.into_iter().collect();
            Json::Object(members.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Json::Array(entries) => Json::Array(entries.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// One record.
pub fn of_record(record: &Record) -> Json {
    let mut fields: Map<String, Json> =
        record.fields.iter().map(|(field, value)| (field.key().to_owned(), of_value(value))).collect();
    if !record.unknown.is_empty() {
        fields.insert(UNKNOWN.to_owned(), record.unknown.iter().cloned().collect());
    }
    if !record.damage.is_empty() {
        let damage =
            record.damage.iter().map(|damage| json!({ "key": damage.key, "found": damage.found })).collect();
        fields.insert(DAMAGED.to_owned(), damage);
    }
    Json::Object(fields)
}

fn of_value(value: &Value) -> Json {
    match value {
        Value::Register(register) => of_register(register),
        Value::Text(text) => Json::String(text.clone()),
        Value::Set(set) => set.keys().cloned().collect(),
        Value::Log(log) => {
            Json::Object(log.iter().map(|(id, entry)| (id.to_string(), entry.clone())).collect())
        }
        Value::Keyed(keyed) => {
            Json::Object(keyed.iter().map(|(key, register)| (key.clone(), of_register(register))).collect())
        }
        Value::Damaged => Json::Null,
    }
}

fn of_register(register: &Register) -> Json {
    let shown = register.shown().map_or(Json::Null, of_scalar);
    if register.is_contested() {
        json!({ "values": register.values().iter().map(of_scalar).collect::<Vec<_>>(), "shown": shown })
    } else {
        shown
    }
}

fn of_scalar(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Flag(flag) => (*flag).into(),
        Scalar::Int(int) => (*int).into(),
        Scalar::Text(text) => text.clone().into(),
        Scalar::Atom(json) => json.clone(),
    }
}
