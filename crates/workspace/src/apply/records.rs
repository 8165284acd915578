//! Edits of whole records: birth, life cycle, deletion, links, devices.

use super::{Fail, Writer, check, values};
use crate::schema::{self, FieldSpec, Lifecycle, Mark};
use crate::view::read;
use crate::{Edge, Edit, Field, Initial, Kind, RecordRef, Refusal, Scalar, genesis};
use automerge::transaction::Transactable;
use automerge::{ObjId, ObjType, ReadDoc};
use ids::{ActorId, MemberId, RecordId};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

impl Writer<'_, '_> {
    pub(super) fn edit(&mut self, edit: &Edit) -> Result<(), Fail> {
        match edit {
            Edit::Create { record, fields } => self.create(*record, fields),
            Edit::Set { record, field, value } => self.set(*record, *field, value.as_ref()),
            Edit::Splice { record, field, at, delete, insert } => {
                self.splice(*record, *field, at.0, *delete, insert)
            }
            Edit::Include { record, field, member } => self.include(*record, *field, member),
            Edit::Exclude { record, field, member } => self.exclude(*record, *field, member),
            Edit::Append { record, field, entry, value } => {
                self.append(*record, *field, *entry, value, false)
            }
            Edit::Supersede { record, field, entry, value } => {
                self.append(*record, *field, *entry, value, true)
            }
            Edit::SetKey { record, field, key, value } => self.set_key(*record, *field, key, value.as_ref()),
            Edit::Move { record, to, note } => self.go(*record, to, note),
            Edit::Delete { record, reason } => self.delete(*record, reason),
            Edit::Restore { record } => self.restore(*record),
            Edit::Link(edge) => self.link(edge),
            Edit::Unlink(edge) => self.unlink(edge),
            Edit::ConfirmDevice { actor, member, label } => self.confirm(actor, *member, label),
        }
    }

    fn create(&mut self, record: RecordRef, fields: &[(Field, Initial)]) -> Result<(), Fail> {
        if record.kind.is_singleton() {
            return Err(Refusal::Singleton.into());
        }
        let mut given: BTreeMap<Field, &Initial> = BTreeMap::new();
        for (field, initial) in fields {
            let refuse = |why| Err(Fail::Refused(Some(*field), why));
            match field {
                Field::CreatedBy | Field::CreatedAt | Field::Deleted | Field::Moves => {
                    return refuse(Refusal::WrittenBy("the product itself"));
                }
                _ if schema::spec(record.kind, *field).is_none() => return refuse(Refusal::NoSuchField),
                _ if given.insert(*field, initial).is_some() => {
                    let expected = "each field once".into();
                    return refuse(Refusal::WrongValue { expected, got: "the field twice".into() });
                }
                _ => {}
            }
        }
        let collection = self.top(record.kind.collection())?;
        let key = record.id.to_string();
        if self.tx.get(&collection, key.as_str())?.is_some() {
            return Err(Refusal::Exists.into());
        }
        let map = self.tx.put_object(&collection, key, ObjType::Map)?;
        let variant = given.get(&Field::Kind).and_then(|initial| match initial {
            Initial::Scalar(Scalar::Text(text)) => Some(text.as_str()),
            _ => None,
        });
        let life = schema::lifecycle(record.kind, variant);
        for spec in schema::fields(record.kind) {
            let initial = given.get(&spec.field).copied();
            self.begin(&map, spec, life, initial).map_err(|fail| match fail {
                Fail::Refused(None, why) => Fail::Refused(Some(spec.field), why),
                other => other,
            })?;
        }
        Ok(())
    }

    /// Writes one field of a new record, its container in any case.
    fn begin(
        &mut self,
        map: &ObjId,
        spec: &FieldSpec,
        life: Option<&'static Lifecycle>,
        initial: Option<&Initial>,
    ) -> Result<(), Fail> {
        let wrong_mark = || Fail::from(Refusal::WrongMark { mark: spec.mark });
        match spec.mark {
            Mark::Register | Mark::Atom | Mark::Order | Mark::Reference => {
                let value = match (initial, spec.field) {
                    (Some(Initial::Scalar(value)), _) => Some(value.clone()),
                    (Some(_), _) => return Err(wrong_mark()),
                    (None, Field::CreatedBy) => Some(self.author.member.into()),
                    (None, Field::CreatedAt) => Some(self.now.into()),
                    (None, Field::Status) => life.map(|life| life.initial.into()),
                    (None, _) => None,
                };
                if let Some(value) = value {
                    check::scalar(spec, life, &value, &[])?;
                    self.tx.put(map, spec.field.key(), values::scalar(&value))?;
                }
            }
            Mark::Text => {
                let text = self.tx.put_object(map, spec.field.key(), ObjType::Text)?;
                match initial {
                    None => {}
                    Some(Initial::Scalar(Scalar::Text(words))) => {
                        check::words(words)?;
                        self.tx.splice_text(&text, 0, 0, words)?;
                    }
                    Some(_) => return Err(wrong_mark()),
                }
            }
            Mark::Set => {
                let set = self.tx.put_object(map, spec.field.key(), ObjType::Map)?;
                match initial {
                    None => {}
                    Some(Initial::Members(members)) => {
                        for member in members {
                            check::key(member)?;
                            self.tx.put(&set, member, self.now.as_millis())?;
                        }
                    }
                    Some(_) => return Err(wrong_mark()),
                }
            }
            Mark::Log | Mark::Superseding => {
                let log = self.tx.put_object(map, spec.field.key(), ObjType::Map)?;
                match initial {
                    None => {}
                    Some(Initial::Entries(entries)) => {
                        for (entry, value) in entries {
                            self.append_to(&log, spec, *entry, value, false)?;
                        }
                    }
                    Some(_) => return Err(wrong_mark()),
                }
            }
            Mark::Keyed => {
                let keyed = self.tx.put_object(map, spec.field.key(), ObjType::Map)?;
                match initial {
                    None => {}
                    Some(Initial::Keyed(entries)) => {
                        for (key, value) in entries {
                            self.put_key(&keyed, spec, key, value)?;
                        }
                    }
                    Some(_) => return Err(wrong_mark()),
                }
            }
        }
        Ok(())
    }

    /// One step of the life cycle: the register for fast reading and the log for the story, in one change.
    fn go(&mut self, record: RecordRef, to: &str, note: &str) -> Result<(), Fail> {
        let map = self.object(record)?;
        let (Some(status), Some(moves)) =
            (schema::spec(record.kind, Field::Status), schema::spec(record.kind, Field::Moves))
        else {
            return Err(Refusal::NoLifecycle.into());
        };
        let variant = match schema::spec(record.kind, Field::Kind) {
            Some(spec) => read::values(&*self.tx, record.kind, &map, spec).shown().cloned(),
            None => None,
        };
        let life = schema::lifecycle(record.kind, variant.as_ref().and_then(Scalar::as_text))
            .ok_or(Refusal::NoLifecycle)?;
        let open = read::values(&*self.tx, record.kind, &map, status);
        let from = open.shown().and_then(Scalar::as_text).unwrap_or(life.initial).to_owned();
        let open_states: Vec<String> =
            open.values().iter().filter_map(Scalar::as_text).map(str::to_owned).collect();
        let contested = open_states.len() > 1;
        // While several states are open, choosing one of them is a move too; a known state may be confirmed, so that
        // somebody who may leads the record where somebody who may not has led it.
        let confirms = from == to && life.states.contains(&to);
        let allowed = life.allows(&from, to)
            || confirms
            || open_states.iter().any(|state| life.allows(state, to) || (contested && state == to));
        if !allowed {
            return Err(Refusal::NoSuchMove { from, to: to.into() }.into());
        }
        check::line(note, 500)?;
        let mut entry = Map::new();
        entry.insert("from".into(), from.into());
        entry.insert("to".into(), to.into());
        if !note.is_empty() {
            entry.insert("note".into(), note.into());
        }
        if contested {
            entry.insert("among".into(), json!(open_states));
        }
        self.tx.put(&map, Field::Status.key(), to)?;
        self.log_entry(&map, moves, Json::Object(entry))
    }

    /// Adds an entry that the product writes by itself.
    pub(super) fn log_entry(&mut self, map: &ObjId, spec: &FieldSpec, value: Json) -> Result<(), Fail> {
        let log = self.container(map, spec)?;
        let entry = RecordId::new(self.now, self.rng);
        self.append_to(&log, spec, entry, &value, false)
    }

    fn delete(&mut self, record: RecordRef, reason: &str) -> Result<(), Fail> {
        let map = self.deletable(record)?;
        if self.tx.get(&map, Field::Deleted.key())?.is_some() {
            return Err(Refusal::Deletion("deleted already").into());
        }
        check::line(reason, 500)?;
        let mut atom = values::signed(Map::new(), self.author, self.now);
        if !reason.is_empty() {
            atom.insert("reason".into(), reason.into());
        }
        self.tx.put(&map, Field::Deleted.key(), values::scalar(&Scalar::Atom(Json::Object(atom))))?;
        Ok(())
    }

    fn restore(&mut self, record: RecordRef) -> Result<(), Fail> {
        let map = self.deletable(record)?;
        if self.tx.get(&map, Field::Deleted.key())?.is_none() {
            return Err(Refusal::Deletion("not deleted").into());
        }
        self.tx.delete(&map, Field::Deleted.key())?;
        Ok(())
    }

    fn deletable(&self, record: RecordRef) -> Result<ObjId, Fail> {
        if record.kind.is_singleton() {
            return Err(Refusal::Singleton.into());
        }
        self.object(record)
    }

    fn link(&mut self, edge: &Edge) -> Result<(), Fail> {
        if edge.from == edge.to {
            return Err(Refusal::SelfLink.into());
        }
        self.object(edge.from)?;
        self.object(edge.to)?;
        let edges = self.top(genesis::EDGES)?;
        self.stamp(&edges, &edge.to_string())
    }

    fn unlink(&mut self, edge: &Edge) -> Result<(), Fail> {
        let edges = self.top(genesis::EDGES)?;
        let key = edge.to_string();
        if self.tx.get(&edges, key.as_str())?.is_some() {
            self.tx.delete(&edges, key)?;
        }
        Ok(())
    }

    fn confirm(&mut self, actor: &ActorId, member: MemberId, label: &str) -> Result<(), Fail> {
        self.object(RecordRef::new(Kind::Member, member.0))?;
        let devices = self.top(genesis::DEVICES)?;
        let key = actor.to_string();
        let known = self.tx.get(&devices, key.as_str())?;
        let added =
            known.and_then(|(value, _)| read::device_of(&value)).map_or(self.now, |device| device.added_at);
        let entry = values::device(member, label, added, Some(self.author.member));
        self.tx.put(&devices, key, entry)?;
        Ok(())
    }
}
