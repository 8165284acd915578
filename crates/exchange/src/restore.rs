//! Readable JSON back into a document.
//!
//! The JSON says what a workspace says, not how it came to say it: the new document has the same records under the same
//! ids, open disagreements included, and a history that begins today. Law: the JSON of a restored document is the JSON
//! it was restored from, devices apart (nothing in the new history was written on them).
//!
//! This is the one place beside [`workspace::apply`] that writes into a document. Edits cannot say who created a record
//! years ago, and leave a trail of their own; here nothing may be added to what the file says.

use crate::json::{DAMAGED, UNKNOWN};
use automerge::{
    Automerge, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    transaction::{CommitOptions, Transactable, Transaction},
};
use ids::{ActorId, RecordId, Timestamp};
use rand_core::RngCore;
use serde_json::{Map, Value as Json};
use workspace::{
    Edge, Field, Kind, canonical, genesis,
    schema::{self, FieldSpec, Mark},
};

/// A change of more operations is cut: relays take 200,000.
const OPERATIONS_PER_CHANGE: usize = 20_000;

/// JSON that is no workspace. Whoever chose the file can choose another.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Not JSON.
    #[error("the file is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON of something else.
    #[error("{place}: expected {expected}; this is not the JSON of a workspace, or it was changed by hand")]
    Shape {
        /// Where in the file.
        place: String,
        /// What should be there.
        expected: &'static str,
    },
    /// The document engine failed; a defect of ours.
    #[error("the document engine failed: {0}")]
    Engine(String),
}

impl From<AutomergeError> for RestoreError {
    fn from(error: AutomergeError) -> Self {
        Self::Engine(error.to_string())
    }
}

/// A document that says what the JSON says; `text` is that of [`json::of`](crate::json::of), or of
/// `binnacle workspace show --json`, which has it under `content`.
///
/// # Errors
/// [`RestoreError::Shape`] names the place that is not as it should be.
pub fn restore(text: &[u8], now: Timestamp, rng: &mut dyn RngCore) -> Result<Automerge, RestoreError> {
    let mut json: Json = serde_json::from_slice(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text))?;
    match json.get_mut("content") {
        Some(content) => restore_value(&content.take(), now, rng),
        None => restore_value(&json, now, rng),
    }
}

/// [`restore`] of JSON that is read already.
///
/// # Errors
/// As [`restore`].
pub fn restore_value(json: &Json, now: Timestamp, rng: &mut dyn RngCore) -> Result<Automerge, RestoreError> {
    let content = object(json, "the file", "an object of collections")?;
    if !content.contains_key("edges") {
        return Err(shape("the file", "an object with collections and \"edges\""));
    }
    let engine = |error: workspace::LoadError| RestoreError::Engine(error.to_string());
    let mut doc = workspace::new_document(&ActorId::random(rng)).map_err(engine)?;
    let mut open = Vec::new();
    let mut writer = Writer { now, open: &mut open };
    for (collection, records) in
        content.iter().filter(|(key, _)| !matches!(key.as_str(), "edges" | "devices"))
    {
        let kind = Kind::from_collection(collection)
            .ok_or_else(|| shape(collection, "the name of a collection this version knows"))?;
        for (id, record) in object(records, collection, "an object of records")? {
            let place = format!("{collection}/{id}");
            let id: RecordId = id.parse().map_err(|_| shape(&place, "a record id"))?;
            let fields = object(record, &place, "an object of fields")?;
            let mut tx = doc.transaction();
            writer.record(&mut tx, kind, id, fields, &place)?;
            commit(tx, now);
        }
    }
    edges(&mut doc, content.get("edges").unwrap_or(&Json::Null), now)?;
    disagree(&mut doc, &open, now, rng)?;
    Ok(doc)
}

fn shape(place: &str, expected: &'static str) -> RestoreError {
    RestoreError::Shape { place: place.chars().take(120).collect(), expected }
}

fn object<'a>(
    json: &'a Json,
    place: &str,
    expected: &'static str,
) -> Result<&'a Map<String, Json>, RestoreError> {
    json.as_object().ok_or_else(|| shape(place, expected))
}

fn commit(tx: Transaction<'_>, now: Timestamp) {
    let message = r#"{"a":"import.json"}"#;
    tx.commit_with(CommitOptions::default().with_message(message).with_time(now.as_secs()));
}

fn edges(doc: &mut Automerge, json: &Json, now: Timestamp) -> Result<(), RestoreError> {
    let list = json.as_array().ok_or_else(|| shape("edges", "a list"))?;
    for part in list.chunks(OPERATIONS_PER_CHANGE) {
        let mut tx = doc.transaction();
        let edges = top(&tx, genesis::EDGES)?;
        for edge in part {
            let edge: Edge = edge
                .as_str()
                .and_then(|edge| edge.parse().ok())
                .ok_or_else(|| shape("edges", "links like serves|objectives/01J…|goals/01J…"))?;
            tx.put(&edges, edge.to_string(), now.as_millis())?;
        }
        commit(tx, now);
    }
    Ok(())
}

fn top(tx: &Transaction<'_>, key: &str) -> Result<ObjId, RestoreError> {
    match tx.get(ROOT, key)? {
        Some((value, map)) if value.as_objtype() == Some(ObjType::Map) => Ok(map),
        _ => Err(RestoreError::Engine(format!("the genesis has no map {key:?}"))),
    }
}

/// A register with several values.
struct Open {
    map: ObjId,
    key: String,
    /// In the order of the engine: the one it favours comes last.
    values: Vec<ScalarValue>,
}

struct Writer<'a> {
    now: Timestamp,
    open: &'a mut Vec<Open>,
}

impl Writer<'_> {
    fn record(
        &mut self,
        tx: &mut Transaction<'_>,
        kind: Kind,
        id: RecordId,
        fields: &Map<String, Json>,
        place: &str,
    ) -> Result<(), RestoreError> {
        let collection = top(tx, kind.collection())?;
        let map = match kind.is_singleton() {
            true => collection,
            false => tx.put_object(&collection, id.to_string(), ObjType::Map)?,
        };
        for key in fields.keys().filter(|key| ![UNKNOWN, DAMAGED].contains(&key.as_str())) {
            if Field::from_key(key).is_none_or(|field| schema::spec(kind, field).is_none()) {
                return Err(shape(&format!("{place}/{key}"), "a field that this version knows"));
            }
        }
        for spec in schema::fields(kind) {
            let key = spec.field.key();
            let value = fields.get(key).filter(|value| !value.is_null());
            self.field(tx, kind, &map, spec, value, &format!("{place}/{key}"))?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        tx: &mut Transaction<'_>,
        kind: Kind,
        map: &ObjId,
        spec: &FieldSpec,
        value: Option<&Json>,
        place: &str,
    ) -> Result<(), RestoreError> {
        let key = spec.field.key();
        if spec.is_container() {
            let ty = if spec.mark == Mark::Text { ObjType::Text } else { ObjType::Map };
            // Those of singletons are in the genesis; those of records are made with them.
            let container = match tx.get(map, key)? {
                Some((there, container)) if there.as_objtype() == Some(ty) => container,
                _ if kind.is_singleton() && value.is_none() => return Ok(()),
                _ => tx.put_object(map, key, ty)?,
            };
            return match value {
                Some(value) => self.fill(tx, &container, spec, value, place),
                None => Ok(()),
            };
        }
        match value {
            Some(value) => self.register(tx, map, key, value, spec.mark == Mark::Atom, place),
            None => Ok(()),
        }
    }

    fn fill(
        &mut self,
        tx: &mut Transaction<'_>,
        container: &ObjId,
        spec: &FieldSpec,
        value: &Json,
        place: &str,
    ) -> Result<(), RestoreError> {
        match spec.mark {
            Mark::Text => {
                let words = value.as_str().ok_or_else(|| shape(place, "text"))?;
                if !words.is_empty() {
                    tx.splice_text(container, 0, 0, words)?;
                }
            }
            Mark::Set => {
                for member in value.as_array().ok_or_else(|| shape(place, "a list of texts"))? {
                    let member = member.as_str().ok_or_else(|| shape(place, "a list of texts"))?;
                    tx.put(container, member, self.now.as_millis())?;
                }
            }
            Mark::Log | Mark::Superseding => {
                for (id, entry) in object(value, place, "an object of entries")? {
                    let id: RecordId = id.parse().map_err(|_| shape(place, "an entry id"))?;
                    tx.put(container, id.to_string(), scalar(entry, true, place)?)?;
                }
            }
            Mark::Keyed => {
                for (key, value) in object(value, place, "an object of keys")? {
                    self.register(tx, container, key, value, true, place)?;
                }
            }
            Mark::Register | Mark::Atom | Mark::Order | Mark::Reference => {}
        }
        Ok(())
    }

    fn register(
        &mut self,
        tx: &mut Transaction<'_>,
        map: &ObjId,
        key: &str,
        value: &Json,
        atom: bool,
        place: &str,
    ) -> Result<(), RestoreError> {
        let Some(values) = several(value) else {
            let value = scalar(value, atom, place)?;
            // The genesis has said some of it already.
            if tx.get(map, key)?.is_none_or(|(there, _)| there.as_scalar() != Some(&value)) {
                tx.put(map, key, value)?;
            }
            return Ok(());
        };
        let all = values.iter().map(|value| scalar(value, atom, place)).collect::<Result<_, _>>()?;
        self.open.push(Open { map: map.clone(), key: key.to_owned(), values: all });
        Ok(())
    }
}

/// All values of a register on which people disagree.
fn several(value: &Json) -> Option<&Vec<Json>> {
    let members = value.as_object().filter(|members| members.len() == 2)?;
    let values = members.get("values")?.as_array().filter(|values| values.len() > 1)?;
    members.get("shown").map(|_| values)
}

fn scalar(json: &Json, atom: bool, place: &str) -> Result<ScalarValue, RestoreError> {
    if atom {
        if canonical::has_fraction(json) {
            return Err(shape(place, "fractions as text, like \"0.5\""));
        }
        return Ok(ScalarValue::Str(canonical::text(json).into()));
    }
    Ok(match json {
        Json::Bool(flag) => ScalarValue::Boolean(*flag),
        Json::String(text) => ScalarValue::Str(text.as_str().into()),
        Json::Number(number) => {
            ScalarValue::Int(number.as_i64().ok_or_else(|| shape(place, "a whole number"))?)
        }
        _ => return Err(shape(place, "text, a whole number or true or false")),
    })
}

/// Writes what people disagree on as they did: apart from each other, and then together.
fn disagree(
    doc: &mut Automerge,
    open: &[Open],
    now: Timestamp,
    rng: &mut dyn RngCore,
) -> Result<(), RestoreError> {
    let most = open.iter().map(|open| open.values.len()).max().unwrap_or(0);
    let before = doc.clone();
    for turn in 0..most {
        let mut apart = before.clone();
        apart.set_actor(automerge::ActorId::from(ActorId::random(rng).as_bytes()));
        let mut tx = apart.transaction();
        // The engine favours what was written after most operations, and lists values in that order. It makes no
        // operation of a value that stands there already, so what is written before is nothing that anybody says.
        for round in 0..turn {
            for open in open {
                tx.put(&open.map, open.key.as_str(), ScalarValue::Bytes(round.to_le_bytes().to_vec()))?;
            }
        }
        for open in open {
            if let Some(value) = open.values.get(turn) {
                tx.put(&open.map, open.key.as_str(), value.clone())?;
            } else if turn > 0 {
                tx.delete(&open.map, open.key.as_str())?;
            }
        }
        commit(tx, now);
        doc.merge(&mut apart)?;
    }
    Ok(())
}
