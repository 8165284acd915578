//! What changed: changes of the document as touched records.

mod changes;
mod patches;

pub use changes::delta_since;
pub use patches::delta;

pub(crate) use changes::touched_since;

use crate::schema::{self, Mark};
use crate::view::read;
use crate::{Edge, Field, Kind, RecordRef, genesis};
use ids::{ActorId, MemberId, Utf16Offset};
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
    /// Text splices in the order they happened, for editors that keep carets. None for texts in `rewritten`.
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

/// Where in the document something was written.
struct Written {
    record: RecordRef,
    /// The text that was written to, and whether inside it or on its key.
    text: Option<(Field, Inside)>,
}

#[derive(PartialEq, Eq)]
enum Inside {
    Yes,
    No,
}

impl ViewDelta {
    /// Forgets splices of texts that must be taken anew anyway.
    pub(crate) fn finish_texts(&mut self) {
        let rewritten = &self.rewritten;
        self.texts.retain(|splice| !rewritten.contains(&(splice.record, splice.field)));
    }

    /// Notes a write: `path` are the keys from the root to the object that was written to, `key` the key in it.
    fn note(&mut self, path: &[&str], key: Option<&str>) -> Option<Written> {
        let keys: Vec<&str> = path.iter().copied().chain(key).collect();
        let collection = *keys.first()?;
        match (collection, path.len()) {
            (genesis::EDGES, 0) => self.all_edges = true,
            (genesis::DEVICES, 0) => self.all_devices = true,
            (genesis::EDGES, _) => self.edges.extend(keys.get(1).and_then(|key| key.parse::<Edge>().ok())),
            (genesis::DEVICES, _) => self.devices.extend(keys.get(1).and_then(|key| read::actor_of_key(key))),
            (_, 0) => self.collections.extend(Kind::from_collection(collection)),
            _ => return self.note_record(Kind::from_collection(collection)?, path.len(), &keys),
        }
        None
    }

    fn note_record(&mut self, kind: Kind, depth: usize, keys: &[&str]) -> Option<Written> {
        let (record, field_at) = if kind.is_singleton() {
            (RecordRef::singleton(kind), 1)
        } else {
            (RecordRef::new(kind, keys.get(1)?.parse().ok()?), 2)
        };
        self.touched.insert(record);
        let field = keys.get(field_at).and_then(|key| Field::from_key(key));
        let text =
            field.filter(|field| schema::spec(kind, *field).is_some_and(|spec| spec.mark == Mark::Text));
        let text = text.map(|field| (field, if depth == field_at + 1 { Inside::Yes } else { Inside::No }));
        Some(Written { record, text })
    }
}
