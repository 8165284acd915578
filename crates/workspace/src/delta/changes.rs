//! Touched records from the changes themselves.
//!
//! Exact where patches are silent (a value that joins or leaves the losing ones, a container hidden behind another),
//! and of bounded cost whatever a peer sends: an operation is looked at no deeper than the schema reads.

use super::{Inside, Origin, ViewDelta, Written};
use crate::view::read;
use crate::{ChangeNote, Field, RecordRef, document};
use automerge::legacy::{Key, ObjectId};
use automerge::{Automerge, ChangeHash, ObjId, ObjType, Prop, ROOT, ReadDoc};
use ids::Heads;
use std::collections::{BTreeMap, BTreeSet};

/// More texts than this in one batch are taken anew from the view: nobody has that many editors open.
const SPLICED_TEXTS_MAX: usize = 8;

/// What changed since `before`, for changes that arrived.
///
/// `before` is a version this document was at. Costs what arrived, plus reading the touched texts.
pub fn delta_since(doc: &Automerge, before: &Heads, origin: Origin) -> ViewDelta {
    let before = document::engine_heads(before);
    let mut delta = ViewDelta::nothing(origin);
    let texts = delta.add_changes(doc, &before);
    delta.add_authors_since(doc, &before);
    let now = doc.get_heads();
    let many = texts.len() > SPLICED_TEXTS_MAX;
    for (record, field) in texts {
        if delta.rewritten.contains(&(record, field)) {
            continue;
        }
        if many {
            delta.rewritten.insert((record, field));
        } else if let Some(text) = text_object(doc, record, field) {
            for patch in doc.diff_obj(&text, &before, &now, false).unwrap_or_default() {
                delta.add_text(record, field, &patch.action, true);
            }
        }
    }
    delta.finish_texts();
    delta
}

/// The records touched by changes after or beside `before`.
pub(crate) fn touched_since(doc: &Automerge, before: &[ChangeHash]) -> BTreeSet<RecordRef> {
    let mut delta = ViewDelta::nothing(Origin::Remote);
    delta.add_changes(doc, before);
    delta.touched
}

/// The keys from the root to an object; `None` for what lies deeper than anything that is read.
type Place = Option<Vec<String>>;

/// The deepest object that is read is a container: collection, record, field.
const DEPTH_MAX: usize = 3;

impl ViewDelta {
    /// Notes every operation of the changes since `before`; returns the texts written in.
    fn add_changes(&mut self, doc: &Automerge, before: &[ChangeHash]) -> BTreeSet<(RecordRef, Field)> {
        let mut places: BTreeMap<ObjectId, Place> = BTreeMap::from([(ObjectId::Root, Some(Vec::new()))]);
        let mut texts = BTreeSet::new();
        for change in doc.get_changes(before) {
            for operation in change.decode().operations {
                let place = places.entry(operation.obj).or_insert_with_key(|object| locate(doc, object));
                let Some(path) = place else { continue };
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let key = match &operation.key {
                    Key::Map(key) => Some(key.as_str()),
                    Key::Seq(_) => None,
                };
                if let Some(Written { record, text: Some((field, inside)) }) = self.note(&path, key) {
                    if inside == Inside::Yes {
                        texts.insert((record, field));
                    } else {
                        self.rewritten.insert((record, field));
                    }
                }
            }
        }
        texts
    }

    pub(super) fn add_authors(&mut self, doc: &Automerge, since: &Heads) {
        self.add_authors_since(doc, &document::engine_heads(since));
    }

    /// Adds who did it, from the messages of the changes after `since` and the actors behind them.
    fn add_authors_since(&mut self, doc: &Automerge, since: &[ChangeHash]) {
        let mut unnamed = self.touched.clone();
        for change in doc.get_changes_meta(since) {
            let note = change.message.as_deref().and_then(ChangeNote::parse);
            let member = note
                .as_ref()
                .and_then(|note| note.member)
                .or_else(|| read::member_of(doc, &change.actor.to_hex_string()));
            let Some(member) = member else { continue };
            self.members.insert(member);
            for record in
                note.iter().flat_map(|note| &note.records).filter(|record| self.touched.contains(record))
            {
                self.authors.entry(*record).or_default().insert(member);
                unnamed.remove(record);
            }
        }
        // A large act names only its first records; when one member did everything, the rest is theirs too.
        if self.members.len() == 1 {
            self.authors.extend(unnamed.into_iter().map(|record| (record, self.members.clone())));
        }
    }
}

fn locate(doc: &Automerge, object: &ObjectId) -> Place {
    let ObjectId::Id(id) = object else { return Some(Vec::new()) };
    let object = ObjId::Id(id.counter(), id.actor().clone(), 0);
    let mut keys = Vec::new();
    for parent in doc.parents(&object).ok()?.take(DEPTH_MAX + 1) {
        let Prop::Map(key) = parent.prop else { return None };
        keys.push(key);
        if parent.obj == ROOT {
            keys.reverse();
            return (keys.len() <= DEPTH_MAX).then_some(keys);
        }
    }
    None
}

/// The text that is shown for a field.
fn text_object(doc: &Automerge, record: RecordRef, field: Field) -> Option<ObjId> {
    let (_, top) = doc.get(ROOT, record.kind.collection()).ok()??;
    let map = if record.kind.is_singleton() { top } else { doc.get(&top, record.id.to_string()).ok()??.1 };
    let (value, text) = doc.get(&map, field.key()).ok()??;
    (value.as_objtype() == Some(ObjType::Text)).then_some(text)
}
