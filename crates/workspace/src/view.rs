//! The document as plain values, which is all that screens, signals and exports ever see.
//!
//! One law: after every batch of changes, `view.update(doc, &delta)` equals `View::read(doc)`.

mod cautious;
mod edges;
pub(crate) mod read;
mod record;

pub use edges::Edges;
pub use record::{Damage, Record, Register, Value};

use crate::{Kind, RecordRef, ViewDelta};
use automerge::Automerge;
use ids::{ActorId, MemberId, RecordId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A whole workspace document as plain values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    records: BTreeMap<Kind, BTreeMap<RecordId, Arc<Record>>>,
    edges: Edges,
    devices: BTreeMap<ActorId, Device>,
    /// Records with several values somewhere. Automerge makes no patch when a value joins or leaves them without
    /// changing the winner, so they are looked at after every batch.
    watched: BTreeSet<RecordRef>,
}

/// Whose session an actor is, as its first change claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The member.
    pub member: MemberId,
    /// What the member calls the device.
    pub label: String,
    /// When it was added, by its own clock.
    pub added_at: Timestamp,
    /// The member who confirmed it.
    pub confirmed_by: Option<MemberId>,
}

impl View {
    /// Reads a whole document.
    pub fn read(doc: &Automerge) -> Self {
        read::view(doc)
    }

    /// Brings the view up to date with the document after the changes that `delta` tells of. Returns the records that
    /// may differ now: those of the delta, and the contested ones whose open values changed without a patch.
    pub fn update(&mut self, doc: &Automerge, delta: &ViewDelta) -> BTreeSet<RecordRef> {
        read::update(self, doc, delta)
    }

    /// A record; singletons are always there.
    pub fn record(&self, record: RecordRef) -> Option<&Arc<Record>> {
        self.records.get(&record.kind)?.get(&record.id)
    }

    /// The record of a kind by id.
    pub fn get(&self, kind: Kind, id: RecordId) -> Option<&Arc<Record>> {
        self.record(RecordRef::new(kind, id))
    }

    /// All records of a kind, deleted ones included, by birth.
    pub fn all(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        self.records.get(&kind).into_iter().flat_map(BTreeMap::values)
    }

    /// The records of a kind that are not deleted, by birth.
    pub fn live(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        self.all(kind).filter(|record| !record.is_deleted())
    }

    /// Links, in both directions.
    pub fn edges(&self) -> &Edges {
        &self.edges
    }

    /// Known sessions.
    pub fn devices(&self) -> &BTreeMap<ActorId, Device> {
        &self.devices
    }

    /// The member behind an actor; `None` is an unknown device.
    pub fn member_of(&self, actor: &ActorId) -> Option<MemberId> {
        self.devices.get(actor).map(|device| device.member)
    }
}
