//! Edits of single fields.

use super::{Fail, Writer, check, values};
use crate::schema::{self, FieldSpec, Mark, Type};
use crate::view::read;
use crate::{Field, RecordRef, Refusal, Scalar};
use automerge::transaction::Transactable;
use automerge::{ObjId, ObjType, ReadDoc};
use ids::RecordId;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

impl Writer<'_, '_> {
    pub(super) fn set(
        &mut self,
        record: RecordRef,
        field: Field,
        value: Option<&Scalar>,
    ) -> Result<(), Fail> {
        let map = self.object(record)?;
        let marks = [Mark::Register, Mark::Atom, Mark::Order, Mark::Reference];
        let spec = self.spec(record, field, &marks)?;
        match field {
            Field::Status => return Err(Refusal::WrittenBy("Edit::Move").into()),
            Field::Deleted => return Err(Refusal::WrittenBy("Edit::Delete and Edit::Restore").into()),
            Field::CreatedBy | Field::CreatedAt => {
                return Err(Refusal::WrittenBy("the product itself").into());
            }
            _ if spec.once => return Err(Refusal::WrittenOnce.into()),
            _ => {}
        }
        let open = read::values(&*self.tx, record.kind, &map, spec);
        if let Some(value) = value {
            check::scalar(spec, None, value, open.values())?;
        }
        if let Some(trail) = spec.trail
            && let Some(from) = open.shown()
            && value != Some(from)
            && let Some(log) = schema::spec(record.kind, trail)
        {
            let to = value.map_or(Json::Null, |value| Json::String(value.to_string()));
            self.log_entry(&map, log, json!({"from": from.to_string(), "to": to}))?;
        }
        match value {
            Some(value) => self.tx.put(&map, field.key(), values::scalar(value))?,
            None if self.tx.get(&map, field.key())?.is_some() => self.tx.delete(&map, field.key())?,
            None => {}
        }
        Ok(())
    }

    pub(super) fn splice(
        &mut self,
        record: RecordRef,
        field: Field,
        at: usize,
        delete: usize,
        insert: &str,
    ) -> Result<(), Fail> {
        let map = self.object(record)?;
        let spec = self.spec(record, field, &[Mark::Text])?;
        let text = self.container(&map, spec)?;
        let words = self.tx.text(&text)?;
        let len = ids::Utf16Offset::len_of(&words);
        let end = at.checked_add(delete).filter(|end| *end <= len).ok_or(Refusal::NoSuchRange { len })?;
        if !is_boundary(&words, at) || !is_boundary(&words, end) {
            return Err(Refusal::NoSuchRange { len }.into());
        }
        check::text_len(len - delete + ids::Utf16Offset::len_of(insert))?;
        if delete > 0 || !insert.is_empty() {
            let delete = isize::try_from(delete).map_err(|_| Refusal::NoSuchRange { len })?;
            self.tx.splice_text(&text, at, delete, insert)?;
        }
        Ok(())
    }

    pub(super) fn include(&mut self, record: RecordRef, field: Field, member: &str) -> Result<(), Fail> {
        let map = self.object(record)?;
        let spec = self.spec(record, field, &[Mark::Set])?;
        check::key(member)?;
        let set = self.container(&map, spec)?;
        self.stamp(&set, member)
    }

    pub(super) fn exclude(&mut self, record: RecordRef, field: Field, member: &str) -> Result<(), Fail> {
        let map = self.object(record)?;
        let spec = self.spec(record, field, &[Mark::Set])?;
        for set in self.containers(&map, spec)? {
            if self.tx.get(&set, member)?.is_some() {
                self.tx.delete(&set, member)?;
            }
        }
        Ok(())
    }

    /// Writes a time that differs from what stands there: the same value again would be no operation, and a
    /// concurrent removal would win (F7).
    pub(super) fn stamp(&mut self, map: &ObjId, key: &str) -> Result<(), Fail> {
        let known = self.tx.get_all(map, key)?.iter().filter_map(|(value, _)| value.as_i64()).max();
        let time =
            known.map_or(self.now.as_millis(), |known| self.now.as_millis().max(known.saturating_add(1)));
        self.tx.put(map, key, time)?;
        Ok(())
    }

    pub(super) fn append(
        &mut self,
        record: RecordRef,
        field: Field,
        entry: RecordId,
        value: &Json,
        supersede: bool,
    ) -> Result<(), Fail> {
        let map = self.object(record)?;
        let marks: &[Mark] = if supersede { &[Mark::Superseding] } else { &[Mark::Log, Mark::Superseding] };
        let spec = self.spec(record, field, marks)?;
        if matches!(field, Field::Moves | Field::DueMoves) {
            return Err(Refusal::WrittenBy("the product itself").into());
        }
        let log = self.container(&map, spec)?;
        self.append_to(&log, spec, entry, value, supersede)
    }

    pub(super) fn append_to(
        &mut self,
        log: &ObjId,
        spec: &FieldSpec,
        entry: RecordId,
        value: &Json,
        supersede: bool,
    ) -> Result<(), Fail> {
        check::parts(spec, value)?;
        let mut value = values::signed(check::object(value)?, self.author, self.now);
        let key = entry.to_string();
        if self.tx.get(log, key.as_str())?.is_some() {
            return Err(Refusal::EntryExists.into());
        }
        if supersede {
            value.insert("supersedes".into(), json!(self.current(log, spec, &value)));
        }
        let value = Json::Object(value);
        check::json(&value)?;
        self.tx.put(log, key, values::scalar(&Scalar::Atom(value)))?;
        Ok(())
    }

    /// The entries of the same group that nothing supersedes yet.
    fn current(&self, log: &ObjId, spec: &FieldSpec, fresh: &Map<String, Json>) -> Vec<String> {
        let mut entries: BTreeMap<String, Json> = BTreeMap::new();
        for item in self.tx.map_range(log, ..) {
            if let Some(entry) = read::entry_of(&item.value) {
                entries.insert(item.key.into_owned(), entry);
            }
        }
        let gone: BTreeSet<&str> = entries
            .values()
            .filter_map(|entry| entry.get("supersedes")?.as_array())
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let same_group =
            |entry: &Json| spec.group.iter().all(|member| entry.get(*member) == fresh.get(*member));
        let current = entries.iter().filter(|(key, entry)| !gone.contains(key.as_str()) && same_group(entry));
        current.map(|(key, _)| key.clone()).collect()
    }

    pub(super) fn set_key(
        &mut self,
        record: RecordRef,
        field: Field,
        key: &str,
        value: Option<&Json>,
    ) -> Result<(), Fail> {
        let map = self.object(record)?;
        let spec = self.spec(record, field, &[Mark::Keyed])?;
        if let Some(value) = value {
            let keyed = self.container(&map, spec)?;
            return self.put_key(&keyed, spec, key, value);
        }
        for keyed in self.containers(&map, spec)? {
            if self.tx.get(&keyed, key)?.is_some() {
                self.tx.delete(&keyed, key)?;
            }
        }
        Ok(())
    }

    pub(super) fn put_key(
        &mut self,
        keyed: &ObjId,
        spec: &FieldSpec,
        key: &str,
        value: &Json,
    ) -> Result<(), Fail> {
        check::key(key)?;
        check::parts(spec, value)?;
        let value = match spec.ty {
            Type::Object => Json::Object(values::signed(check::object(value)?, self.author, self.now)),
            _ => value.clone(),
        };
        check::json(&value)?;
        self.tx.put(keyed, key, values::scalar(&Scalar::Atom(value)))?;
        Ok(())
    }

    /// What the schema says about the field, if this edit may write it.
    fn spec(&self, record: RecordRef, field: Field, marks: &[Mark]) -> Result<&'static FieldSpec, Fail> {
        let spec = schema::spec(record.kind, field).ok_or(Refusal::NoSuchField)?;
        if marks.contains(&spec.mark) { Ok(spec) } else { Err(Refusal::WrongMark { mark: spec.mark }.into()) }
    }

    /// The object behind a text, set, log or keyed field. Records made by an older version lack the containers of
    /// newer fields; then it is made now. Two sessions may do that apart: readers unite the maps.
    pub(super) fn container(&mut self, map: &ObjId, spec: &FieldSpec) -> Result<ObjId, Fail> {
        let expected = if spec.mark == Mark::Text { ObjType::Text } else { ObjType::Map };
        match self.tx.get(map, spec.field.key())? {
            Some((value, object)) if value.as_objtype() == Some(expected) => Ok(object),
            Some((value, _)) if !value.is_null() => Err(Refusal::Damaged("not a container").into()),
            _ => Ok(self.tx.put_object(map, spec.field.key(), expected)?),
        }
    }

    /// All maps behind a field: a removal must reach the hidden ones too.
    fn containers(&self, map: &ObjId, spec: &FieldSpec) -> Result<Vec<ObjId>, Fail> {
        let values = self.tx.get_all(map, spec.field.key())?;
        let maps = values.into_iter().filter(|(value, _)| value.as_objtype() == Some(ObjType::Map));
        Ok(maps.map(|(_, object)| object).collect())
    }
}

/// Whether an offset in UTF-16 code units lies between characters.
fn is_boundary(text: &str, at: usize) -> bool {
    let mut offset = 0;
    for character in text.chars() {
        if offset >= at {
            break;
        }
        offset += character.len_utf16();
    }
    offset == at
}
