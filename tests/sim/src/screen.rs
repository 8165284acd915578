//! A screen: it looks only where a delta tells it to look, as the signals of the app do.

use client::Replica;
use ids::ActorId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use workspace::{Device, Edge, Kind, Record, RecordRef, View, ViewDelta};

/// What one tab shows.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    records: BTreeMap<RecordRef, Arc<Record>>,
    edges: BTreeSet<Edge>,
    devices: BTreeMap<ActorId, Device>,
}

impl Screen {
    /// Everything, as after opening.
    pub(crate) fn read(view: &View) -> Self {
        let all = Kind::ALL.iter().flat_map(|kind| view.all(*kind));
        Self {
            records: all.map(|record| (record.reference(), Arc::clone(record))).collect(),
            edges: view.edges().iter().collect(),
            devices: view.devices().clone(),
        }
    }

    /// Looks again at what the delta names.
    pub(crate) fn follow(&mut self, view: &View, delta: &ViewDelta) {
        if !delta.collections.is_empty() || delta.all_edges || delta.all_devices {
            *self = Self::read(view);
            return;
        }
        for touched in &delta.touched {
            match view.record(*touched) {
                Some(record) => self.records.insert(*touched, Arc::clone(record)),
                None => self.records.remove(touched),
            };
        }
        for edge in &delta.edges {
            if view.edges().contains(edge) {
                self.edges.insert(*edge);
            } else {
                self.edges.remove(edge);
            }
        }
        for actor in &delta.devices {
            match view.devices().get(actor) {
                Some(device) => self.devices.insert(actor.clone(), device.clone()),
                None => self.devices.remove(actor),
            };
        }
    }

    /// What the screen shows wrongly, if anything, compared with a fresh look at the document.
    pub(crate) fn wrong(&self, replica: &Replica) -> Option<String> {
        let fresh = View::read(replica.document());
        if *replica.view() != fresh {
            return Some("the view of the replica is not that of its document".to_owned());
        }
        let shown = Self::read(&fresh);
        let differs = |record: &RecordRef| self.records.get(record) != shown.records.get(record);
        let known: BTreeSet<&RecordRef> = self.records.keys().chain(shown.records.keys()).collect();
        if let Some(record) = known.into_iter().find(|record| differs(record)) {
            return Some(format!("the screen shows an old {record}"));
        }
        if self.edges != shown.edges {
            return Some("the screen shows old links".to_owned());
        }
        (self.devices != shown.devices).then(|| "the screen shows old devices".to_owned())
    }
}
