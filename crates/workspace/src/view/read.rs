//! Automerge -> plain values, tolerating everything.
//!
//! Reading goes exactly as deep as the schema does (collection, record, field, entry), never deeper: a document nested
//! a million levels by a malicious peer costs nothing here. What has the wrong shape is damaged alone.

use super::{Damage, Device, Edges, Record, Register, Value, View, cautious};
use crate::schema::{self, FieldSpec, Mark, Type};
use crate::{Field, Kind, RecordRef, Scalar, ViewDelta, genesis};
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, ScalarValueRef, ValueRef};
use ids::{ActorId, RecordId, Timestamp};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) fn view(doc: &Automerge) -> View {
    let mut view = View::default();
    for kind in Kind::ALL {
        collection(&mut view, doc, *kind);
    }
    edges(&mut view, doc);
    devices(&mut view, doc);
    view
}

pub(super) fn update(view: &mut View, doc: &Automerge, delta: &ViewDelta) -> BTreeSet<RecordRef> {
    let mut touched = delta.touched.clone();
    for kind in &delta.collections {
        touched.extend(collection(view, doc, *kind));
    }
    for record in &touched {
        one(view, doc, *record);
    }
    for record in view.watched.clone() {
        if touched.contains(&record) {
            continue;
        }
        let before = view.record(record).cloned();
        one(view, doc, record);
        if view.record(record) != before.as_ref() {
            touched.insert(record);
        }
    }
    if delta.all_edges {
        edges(view, doc);
    } else if !delta.edges.is_empty() {
        let map = top(doc, genesis::EDGES);
        for edge in &delta.edges {
            let found = map.as_ref().and_then(|map| found(doc, map, &edge.to_string()));
            view.edges.set(*edge, found.and_then(|found| since(&found.value)));
        }
    }
    if delta.all_devices {
        devices(view, doc);
    } else if !delta.devices.is_empty() {
        let map = top(doc, genesis::DEVICES);
        for actor in &delta.devices {
            let found = map.as_ref().and_then(|map| found(doc, map, &actor.to_string()));
            match found.and_then(|found| device(&found.value)) {
                Some(device) => view.devices.insert(actor.clone(), device),
                None => view.devices.remove(actor),
            };
        }
    }
    touched
}

/// Reads all records of a kind anew; returns those that were or are there.
fn collection(view: &mut View, doc: &Automerge, kind: Kind) -> BTreeSet<RecordRef> {
    let mut touched: BTreeSet<RecordRef> = view.all(kind).map(|record| record.reference()).collect();
    view.watched.retain(|record| record.kind != kind);
    let mut records = BTreeMap::new();
    if kind.is_singleton() {
        if let Some(found) = found(doc, &ROOT, kind.collection()) {
            records.extend(record(view, doc, RecordRef::singleton(kind), &found));
        }
    } else if let Some(map) = top(doc, kind.collection()) {
        for item in doc.map_range(&map, ..) {
            // Keys that are no ids are left alone: a newer version may know what they are.
            let Ok(id) = item.key.parse::<RecordId>() else { continue };
            records.extend(record(view, doc, RecordRef::new(kind, id), &Found::from(&item)));
        }
    }
    touched.extend(records.keys().map(|id| RecordRef::new(kind, *id)));
    view.records.insert(kind, records);
    touched
}

/// Reads one record anew.
fn one(view: &mut View, doc: &Automerge, reference: RecordRef) {
    view.watched.remove(&reference);
    let found = if reference.kind.is_singleton() {
        found(doc, &ROOT, reference.kind.collection())
    } else {
        top(doc, reference.kind.collection()).and_then(|map| found(doc, &map, &reference.id.to_string()))
    };
    let fresh = found.and_then(|found| record(view, doc, reference, &found));
    let records = view.records.entry(reference.kind).or_default();
    match fresh {
        Some((id, fresh)) => records.insert(id, fresh),
        None => records.remove(&reference.id),
    };
}

fn edges(view: &mut View, doc: &Automerge) {
    view.edges = Edges::default();
    let Some(map) = top(doc, genesis::EDGES) else { return };
    for item in doc.map_range(&map, ..) {
        // Relations of a newer version are left alone.
        let Ok(edge) = item.key.parse() else { continue };
        view.edges.set(edge, since(&Plain::from(&item.value)));
    }
}

fn since(value: &Plain) -> Option<i64> {
    match value {
        Plain::Object(_) | Plain::Null => None,
        Plain::Int(time) => Some(*time),
        _ => Some(0),
    }
}

fn devices(view: &mut View, doc: &Automerge) {
    view.devices = BTreeMap::new();
    let Some(map) = top(doc, genesis::DEVICES) else { return };
    for item in doc.map_range(&map, ..) {
        if let Some(actor) = actor_of_key(&item.key)
            && let Some(device) = device(&Plain::from(&item.value))
        {
            view.devices.insert(actor, device);
        }
    }
}

/// The actor behind a key of `devices`, if the key is in its one canonical form.
pub(crate) fn actor_of_key(key: &str) -> Option<ActorId> {
    let actor = automerge::ActorId::try_from(key).ok()?;
    let actor = ActorId::new(actor.to_bytes());
    (actor.to_string() == key).then_some(actor)
}

/// The member behind an actor (in hexadecimal), as `devices` says.
pub(crate) fn member_of(doc: &Automerge, actor: &str) -> Option<ids::MemberId> {
    let (value, _) = doc.get(top(doc, genesis::DEVICES)?, actor).ok()??;
    device(&Plain::from(&value)).map(|device| device.member)
}

fn device(value: &Plain) -> Option<Device> {
    let atom = entry(value)?;
    let member = |key: &str| atom.get(key).and_then(Json::as_str).and_then(|text| text.parse().ok());
    Some(Device {
        member: member("member")?,
        label: atom.get("label").and_then(Json::as_str).unwrap_or_default().to_owned(),
        added_at: Timestamp::from_millis(atom.get("addedAt").and_then(Json::as_i64).unwrap_or(0)),
        confirmed_by: member("confirmedBy"),
    })
}

/// What stands under one key of a map.
struct Found {
    value: Plain,
    /// The object, when `value` is one.
    object: ObjId,
    /// Whether several values stand there.
    conflict: bool,
}

impl From<&automerge::iter::MapRangeItem<'_>> for Found {
    fn from(item: &automerge::iter::MapRangeItem<'_>) -> Self {
        Self { value: Plain::from(&item.value), object: item.id(), conflict: item.conflict }
    }
}

/// A scalar or the type of an object, without the engine's distinctions that mean nothing to us.
enum Plain {
    Object(ObjType),
    Flag(bool),
    Int(i64),
    Text(String),
    Null,
    Odd(String),
}

impl From<&ValueRef<'_>> for Plain {
    fn from(value: &ValueRef<'_>) -> Self {
        let scalar = match value {
            ValueRef::Object(object) => return Self::Object(*object),
            ValueRef::Scalar(scalar) => scalar,
        };
        match scalar {
            ScalarValueRef::Str(text) => Self::Text(text.to_string()),
            ScalarValueRef::Int(int) | ScalarValueRef::Timestamp(int) | ScalarValueRef::Counter(int) => {
                Self::Int(*int)
            }
            ScalarValueRef::Boolean(flag) => Self::Flag(*flag),
            ScalarValueRef::Null => Self::Null,
            ScalarValueRef::Uint(int) => Self::of_uint(*int),
            ScalarValueRef::F64(float) => Self::of_float(*float),
            ScalarValueRef::Bytes(bytes) => Self::Odd(format!("{} bytes", bytes.len())),
            ScalarValueRef::Unknown { type_code, .. } => Self::Odd(format!("a value of type {type_code}")),
        }
    }
}

impl From<&automerge::Value<'_>> for Plain {
    fn from(value: &automerge::Value<'_>) -> Self {
        let scalar = match value {
            automerge::Value::Object(object) => return Self::Object(*object),
            automerge::Value::Scalar(scalar) => scalar.as_ref(),
        };
        match scalar {
            ScalarValue::Str(text) => Self::Text(text.to_string()),
            ScalarValue::Int(int) | ScalarValue::Timestamp(int) => Self::Int(*int),
            ScalarValue::Counter(counter) => Self::Int(i64::from(counter)),
            ScalarValue::Boolean(flag) => Self::Flag(*flag),
            ScalarValue::Null => Self::Null,
            ScalarValue::Uint(int) => Self::of_uint(*int),
            ScalarValue::F64(float) => Self::of_float(*float),
            ScalarValue::Bytes(bytes) => Self::Odd(format!("{} bytes", bytes.len())),
            ScalarValue::Unknown { type_code, .. } => Self::Odd(format!("a value of type {type_code}")),
        }
    }
}

impl Plain {
    fn of_uint(int: u64) -> Self {
        i64::try_from(int).map_or_else(|_| Self::Odd(format!("the number {int}")), Self::Int)
    }

    /// JavaScript has one number type; a whole number may arrive as a float.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and below 2^53")]
    fn of_float(float: f64) -> Self {
        let whole = float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0;
        if whole { Self::Int(float as i64) } else { Self::Odd(format!("the number {float}")) }
    }

    fn describe(&self) -> String {
        match self {
            Self::Object(object) => format!("a {object}"),
            Self::Flag(flag) => flag.to_string(),
            Self::Int(int) => format!("the number {int}"),
            Self::Text(text) => format!("the text {:?}", text.chars().take(40).collect::<String>()),
            Self::Null => "nothing".into(),
            Self::Odd(what) => what.clone(),
        }
    }
}

fn top(doc: &Automerge, key: &str) -> Option<ObjId> {
    let (value, object) = doc.get(ROOT, key).ok()??;
    (value.as_objtype() == Some(ObjType::Map)).then_some(object)
}

fn found(doc: &Automerge, map: &ObjId, key: &str) -> Option<Found> {
    let key = key.to_owned();
    doc.map_range(map, key.clone()..=key).next().as_ref().map(Found::from)
}

/// All values under one key, winner last, with who wrote them.
fn all<D: ReadDoc>(doc: &D, map: &ObjId, key: &str) -> Vec<(Plain, ObjId)> {
    let values = doc.get_all(map, key).unwrap_or_default();
    values.into_iter().map(|(value, id)| (Plain::from(&value), id)).collect()
}

fn record(
    view: &mut View,
    doc: &Automerge,
    reference: RecordRef,
    found: &Found,
) -> Option<(RecordId, Arc<Record>)> {
    let RecordRef { kind, id } = reference;
    let mut record =
        Record { kind, id, fields: BTreeMap::new(), unknown: BTreeSet::new(), damage: Vec::new() };
    match found.value {
        Plain::Null => return None,
        Plain::Object(ObjType::Map) => {
            let mut reader = Reader { doc, map: &found.object, record: &mut record, several: found.conflict };
            for item in doc.map_range(&found.object, ..) {
                reader.field(&item.key, &Found::from(&item));
            }
            if reader.several {
                view.watched.insert(reference);
            }
        }
        _ => record.damaged(&reference.to_string(), None, found.value.describe()),
    }
    if found.conflict {
        record.damaged(
            &reference.to_string(),
            None,
            "several records of one id; one of them is shown".into(),
        );
    }
    Some((id, Arc::new(record)))
}

impl Record {
    fn damaged(&mut self, key: &str, entry: Option<&str>, found: String) {
        self.damage.push(Damage { key: key.into(), entry: entry.map(Into::into), found });
    }
}

struct Reader<'a> {
    doc: &'a Automerge,
    map: &'a ObjId,
    record: &'a mut Record,
    /// Whether several values were met somewhere.
    several: bool,
}

impl Reader<'_> {
    fn field(&mut self, key: &str, found: &Found) {
        let known = Field::from_key(key).and_then(|field| schema::spec(self.record.kind, field));
        let Some(spec) = known else {
            self.record.unknown.insert(key.into());
            return;
        };
        self.several |= found.conflict;
        let value = match spec.mark {
            Mark::Register | Mark::Atom | Mark::Order | Mark::Reference => {
                self.register(self.map, spec, key, None, found).map(|value| value.map(Value::Register))
            }
            Mark::Text => self.text(key, found),
            Mark::Set => self.containers(key, found).map(|maps| Some(Value::Set(self.set(key, &maps)))),
            Mark::Log | Mark::Superseding => {
                self.containers(key, found).map(|maps| Some(Value::Log(self.log(key, &maps))))
            }
            Mark::Keyed => {
                self.containers(key, found).map(|maps| Some(Value::Keyed(self.keyed(spec, key, &maps))))
            }
        };
        match value {
            Ok(Some(value)) => self.record.fields.insert(spec.field, value),
            Ok(None) => None,
            Err(Unreadable) => self.record.fields.insert(spec.field, Value::Damaged),
        };
    }

    /// All concurrent values; ill-typed ones are left out and told.
    fn register(
        &mut self,
        map: &ObjId,
        spec: &FieldSpec,
        key: &str,
        entry: Option<&str>,
        found: &Found,
    ) -> Result<Option<Register>, Unreadable> {
        if !found.conflict {
            return match scalar(spec, &found.value) {
                Ok(value) => Ok(value.map(Register::one)),
                Err(what) => {
                    self.record.damaged(key, entry, what);
                    Err(Unreadable)
                }
            };
        }
        let (open, odd) = open_values(self.doc, self.record.kind, map, spec, entry.unwrap_or(key));
        let unreadable = open.is_none() && !odd.is_empty();
        for what in odd {
            self.record.damaged(key, entry, what);
        }
        if unreadable { Err(Unreadable) } else { Ok(open) }
    }

    fn text(&mut self, key: &str, found: &Found) -> Result<Option<Value>, Unreadable> {
        if found.conflict {
            // Two texts under one key (a field of a later version, created twice apart): one is shown, none is lost.
            let mut others = all(self.doc, self.map, key);
            others.pop();
            for (value, id) in others {
                let words = match value {
                    Plain::Object(ObjType::Text) => self.doc.text(&id).unwrap_or_default(),
                    other => other.describe(),
                };
                self.record.damaged(key, None, format!("a second text: {words}"));
            }
        }
        match &found.value {
            Plain::Object(ObjType::Text) => {
                self.doc.text(&found.object).map(|text| Some(Value::Text(text))).map_err(|_| Unreadable)
            }
            // Another client may have written plain words; they are readable, though nobody can edit in them.
            Plain::Text(words) => Ok(Some(Value::Text(words.clone()))),
            Plain::Null => Ok(None),
            other => {
                self.record.damaged(key, None, other.describe());
                Err(Unreadable)
            }
        }
    }

    /// The maps behind a set, log or keyed field. More than one when two sessions created it apart; all count.
    fn containers(&mut self, key: &str, found: &Found) -> Result<Vec<ObjId>, Unreadable> {
        if !found.conflict {
            return match &found.value {
                Plain::Object(ObjType::Map) => Ok(vec![found.object.clone()]),
                other => {
                    self.record.damaged(key, None, other.describe());
                    Err(Unreadable)
                }
            };
        }
        let mut maps = Vec::new();
        for (value, id) in all(self.doc, self.map, key) {
            match value {
                Plain::Object(ObjType::Map) => maps.push(id),
                other => self.record.damaged(key, None, other.describe()),
            }
        }
        if maps.is_empty() { Err(Unreadable) } else { Ok(maps) }
    }

    fn set(&mut self, key: &str, maps: &[ObjId]) -> BTreeMap<String, i64> {
        let mut members: BTreeMap<String, i64> = BTreeMap::new();
        for item in maps.iter().flat_map(|map| self.doc.map_range(map, ..)) {
            match Plain::from(&item.value) {
                Plain::Null => {}
                value @ Plain::Object(_) => self.record.damaged(key, Some(&item.key), value.describe()),
                value => {
                    let time = since(&value).unwrap_or(0);
                    let known = members.entry(item.key.into_owned()).or_insert(time);
                    *known = time.max(*known);
                }
            }
        }
        members
    }

    fn log(&mut self, key: &str, maps: &[ObjId]) -> BTreeMap<RecordId, Json> {
        let mut entries = BTreeMap::new();
        for item in maps.iter().flat_map(|map| self.doc.map_range(map, ..)) {
            let value = Plain::from(&item.value);
            match (item.key.parse::<RecordId>(), entry(&value)) {
                (Ok(id), Some(entry)) => {
                    entries.entry(id).or_insert(entry);
                }
                (Ok(_), None) => self.record.damaged(key, Some(&item.key), value.describe()),
                (Err(_), _) => self.record.damaged(key, Some(&item.key), "an entry without an id".into()),
            }
        }
        entries
    }

    fn keyed(&mut self, spec: &FieldSpec, key: &str, maps: &[ObjId]) -> BTreeMap<String, Register> {
        let mut registers: BTreeMap<String, Register> = BTreeMap::new();
        // The winner last in `maps`, first here.
        for map in maps.iter().rev() {
            for item in self.doc.map_range(map, ..) {
                let entry = item.key.to_string();
                self.several |= item.conflict;
                if let Ok(Some(register)) = self.register(map, spec, key, Some(&entry), &Found::from(&item)) {
                    registers.entry(entry).or_insert(register);
                }
            }
        }
        registers
    }
}

/// All concurrent distinct values under a key, and what could not be read among them.
fn open_values<D: ReadDoc>(
    doc: &D,
    kind: Kind,
    map: &ObjId,
    spec: &FieldSpec,
    key: &str,
) -> (Option<Register>, Vec<String>) {
    let mut values: Vec<Scalar> = Vec::new();
    let mut writers: Vec<ActorId> = Vec::new();
    let mut odd = Vec::new();
    let mut winner = 0;
    for (value, id) in all(doc, map, key) {
        match scalar(spec, &value) {
            Ok(None) => {}
            Ok(Some(value)) => {
                // The last one wins; equal values written apart are no question for anybody (F2).
                winner = values.iter().position(|known| *known == value).unwrap_or(values.len());
                if winner == values.len() {
                    values.push(value);
                    writers.push(writer(&id));
                }
            }
            Err(what) => odd.push(what),
        }
    }
    let open = match values.len() {
        0 => None,
        1 => values.pop().map(Register::one),
        _ => {
            let shown = cautious::pick(kind, spec, &values, winner);
            Some(Register::several(values, writers, winner, shown))
        }
    };
    (open, odd)
}

/// The open values of a register, for an edit that is about to write it.
pub(crate) fn values<D: ReadDoc>(doc: &D, kind: Kind, map: &ObjId, spec: &FieldSpec) -> Register {
    open_values(doc, kind, map, spec, spec.field.key()).0.unwrap_or_default()
}

/// The entry of a log behind a scalar.
pub(crate) fn entry_of(value: &ValueRef<'_>) -> Option<Json> {
    entry(&Plain::from(value))
}

/// The device behind a scalar.
pub(crate) fn device_of(value: &automerge::Value<'_>) -> Option<Device> {
    device(&Plain::from(value))
}

fn entry(value: &Plain) -> Option<Json> {
    let Plain::Text(text) = value else { return None };
    serde_json::from_str::<Json>(text).ok().filter(Json::is_object)
}

/// Nothing readable stands there; `Record::damage` says what does.
struct Unreadable;

/// A scalar of the class that the schema asks for; `None` is a cleared register, `Err` says what stands there.
fn scalar(spec: &FieldSpec, value: &Plain) -> Result<Option<Scalar>, String> {
    let wrong = || Err(value.describe());
    match (value, spec.ty) {
        (Plain::Null, _) => Ok(None),
        (Plain::Text(text), Type::Object | Type::Json) => {
            serde_json::from_str(text).map(|json| Some(Scalar::Atom(json))).or_else(|_| wrong())
        }
        (Plain::Text(_), Type::Moment | Type::Int(..) | Type::Flag) => wrong(),
        (Plain::Text(text), _) => Ok(Some(Scalar::Text(text.clone()))),
        (Plain::Int(int), Type::Moment | Type::Int(..)) => Ok(Some(Scalar::Int(*int))),
        (Plain::Flag(flag), Type::Flag) => Ok(Some(Scalar::Flag(*flag))),
        _ => wrong(),
    }
}

fn writer(id: &ObjId) -> ActorId {
    match id {
        ObjId::Id(_, actor, _) => ActorId::new(actor.to_bytes()),
        ObjId::Root => ActorId::new(Vec::new()),
    }
}
