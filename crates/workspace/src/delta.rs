//! What changed: Automerge patches as touched records.

use crate::schema::{self, Mark};
use crate::view::read;
use crate::{ChangeNote, Edge, Field, Kind, RecordRef, document, genesis};
use automerge::{Automerge, Patch, PatchAction, Prop};
use ids::{ActorId, Heads, MemberId, Utf16Offset};
use std::collections::{BTreeMap, BTreeSet};

/// Where a change came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// This session wrote it.
    Local,
    /// It arrived: from the relay, another tab, or disk.
    Remote,
}

/// What one batch of changes touched. [`View::update`](crate::View::update) brings a view up to date with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewDelta {
    /// Where the batch came from.
    pub origin: Origin,
    /// Records that were created or touched in any way, singletons included.
    pub touched: BTreeSet<RecordRef>,
    /// Collections that must be read as a whole (their top-level map itself came or went). Practically never.
    pub collections: BTreeSet<Kind>,
    /// Links that came or went.
    pub edges: BTreeSet<Edge>,
    /// The whole `edges` map came or went. Practically never.
    pub all_edges: bool,
    /// Actors whose device entry came or changed.
    pub devices: BTreeSet<ActorId>,
    /// The whole `devices` map came or went. Practically never.
    pub all_devices: bool,
    /// Text splices in the order they happened, for editors that keep carets.
    pub texts: Vec<TextSplice>,
    /// Texts that changed in a way splices do not tell: take them anew from the view.
    pub rewritten: BTreeSet<(RecordRef, Field)>,
    /// Who did it, as the changes claim: per touched record the members whose changes name it.
    pub authors: BTreeMap<RecordRef, BTreeSet<MemberId>>,
    /// Every member with a change in this batch.
    pub members: BTreeSet<MemberId>,
}

/// `delete` UTF-16 code units at `at` were replaced by `insert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSplice {
    /// In this record.
    pub record: RecordRef,
    /// In this text.
    pub field: Field,
    /// Position in UTF-16 code units, after the splices before it.
    pub at: Utf16Offset,
    /// UTF-16 code units that went.
    pub delete: usize,
    /// What came.
    pub insert: String,
}

impl ViewDelta {
    /// A delta that touches nothing.
    pub fn nothing(origin: Origin) -> Self {
        Self {
            origin,
            touched: BTreeSet::new(),
            collections: BTreeSet::new(),
            edges: BTreeSet::new(),
            all_edges: false,
            devices: BTreeSet::new(),
            all_devices: false,
            texts: Vec::new(),
            rewritten: BTreeSet::new(),
            authors: BTreeMap::new(),
            members: BTreeSet::new(),
        }
    }

    /// Whether nothing a view shows was touched.
    pub fn is_empty(&self) -> bool {
        self.touched.is_empty()
            && self.collections.is_empty()
            && self.edges.is_empty()
            && self.devices.is_empty()
            && !self.all_edges
            && !self.all_devices
    }

    /// Whether the settings were touched: they change how other records are judged.
    pub fn settings(&self) -> bool {
        self.touched.contains(&RecordRef::singleton(Kind::Settings))
            || self.collections.contains(&Kind::Settings)
    }
}

impl ViewDelta {
    pub(crate) fn add_patches(&mut self, patches: &[Patch]) {
        for patch in patches {
            self.add_patch(patch);
        }
    }

    fn add_patch(&mut self, patch: &Patch) {
        let mut path = patch.path.iter().map(|(_, prop)| prop);
        let own_key = key_of(&patch.action);
        let Some(collection) = path.next() else {
            self.add_top(own_key);
            return;
        };
        let Prop::Map(collection) = collection else { return };
        let mut next = || match path.next() {
            Some(Prop::Map(key)) => Some(key.as_str()),
            Some(Prop::Seq(_)) => None,
            None => own_key,
        };
        match collection.as_str() {
            genesis::EDGES => self.edges.extend(next().and_then(|key| key.parse::<Edge>().ok())),
            genesis::DEVICES => self.devices.extend(next().and_then(read::actor_of_key)),
            collection => {
                let Some(kind) = Kind::from_collection(collection) else { return };
                let record = if kind.is_singleton() {
                    RecordRef::singleton(kind)
                } else {
                    let Some(Ok(id)) = next().map(str::parse) else { return };
                    RecordRef::new(kind, id)
                };
                self.touched.insert(record);
                // The path of a patch inside a text ends with the text itself.
                let depth = if kind.is_singleton() { 2 } else { 3 };
                let field = next().and_then(Field::from_key);
                let text =
                    field.filter(|field| schema::spec(kind, *field).is_some_and(|s| s.mark == Mark::Text));
                if let Some(field) = text {
                    self.add_text(record, field, &patch.action, patch.path.len() == depth);
                }
            }
        }
    }

    /// A patch of the root map itself.
    fn add_top(&mut self, key: Option<&str>) {
        match key {
            Some(genesis::EDGES) => self.all_edges = true,
            Some(genesis::DEVICES) => self.all_devices = true,
            Some(key) => self.collections.extend(Kind::from_collection(key)),
            None => {}
        }
    }

    fn add_text(&mut self, record: RecordRef, field: Field, action: &PatchAction, inside: bool) {
        let splice = |at: usize, delete: usize, insert: String| TextSplice {
            record,
            field,
            at: Utf16Offset(at),
            delete,
            insert,
        };
        match action {
            PatchAction::SpliceText { index, value, .. } if inside => {
                self.texts.push(splice(*index, 0, value.make_string()));
            }
            PatchAction::DeleteSeq { index, length } if inside => {
                self.texts.push(splice(*index, *length, String::new()));
            }
            // Formatting is not shown.
            PatchAction::Mark { .. } if inside => {}
            _ => {
                self.rewritten.insert((record, field));
            }
        }
    }

    /// Adds who did it, from the messages of the changes after `since` and the actors behind them.
    fn add_authors(&mut self, doc: &Automerge, since: &Heads) {
        let mut unnamed = self.touched.clone();
        for change in doc.get_changes_meta(&document::engine_heads(since)) {
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

/// What the patches of one batch touched. `since` are the heads before the batch: they tell who did it.
pub fn delta(doc: &Automerge, since: &Heads, patches: &[Patch], origin: Origin) -> ViewDelta {
    let mut delta = ViewDelta::nothing(origin);
    delta.add_patches(patches);
    if !delta.is_empty() {
        delta.add_authors(doc, since);
    }
    delta
}

/// What changed from `before` to the present, for a document whose patches nobody kept.
pub fn delta_since(doc: &Automerge, before: &Heads, origin: Origin) -> ViewDelta {
    let patches = doc.diff(&document::engine_heads(before), &doc.get_heads());
    delta(doc, before, &patches, origin)
}

fn key_of(action: &PatchAction) -> Option<&str> {
    match action {
        PatchAction::PutMap { key, .. } | PatchAction::DeleteMap { key } => Some(key),
        PatchAction::Conflict { prop: Prop::Map(key) }
        | PatchAction::Increment { prop: Prop::Map(key), .. } => Some(key),
        _ => None,
    }
}
