//! Changes whose past has not arrived yet.
//!
//! A relay sends such a change when a Bloom filter made it believe that we have something we lack: one time in a
//! hundred. Automerge would keep it inside of the document and apply it, unasked, when its past has come; then it could
//! not be checked against that past first. So it waits here.

use guard::CheckedChange;
use ids::ChangeHash;
use std::collections::{BTreeMap, BTreeSet};

/// Most bytes that may wait: more than any honest relay sends in one go.
const BYTES_MAX: usize = 64 << 20;

/// The changes of one document that wait.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waiting {
    changes: BTreeMap<ChangeHash, CheckedChange>,
    /// Who waits for which change.
    wanted: BTreeMap<ChangeHash, BTreeSet<ChangeHash>>,
    bytes: usize,
}

impl Waiting {
    /// Keeps a change until those of its dependencies that are not `known` have come; `false` when there is no room.
    pub(crate) fn keep(&mut self, change: CheckedChange, known: impl Fn(&ChangeHash) -> bool) -> bool {
        let hash = change.header.hash;
        if self.changes.contains_key(&hash) {
            return true;
        }
        if self.bytes + change.bytes.len() > BYTES_MAX {
            return false;
        }
        for wanted in change.header.dependencies.iter().filter(|dependency| !known(dependency)) {
            self.wanted.entry(*wanted).or_default().insert(hash);
        }
        self.bytes += change.bytes.len();
        self.changes.insert(hash, change);
        true
    }

    /// Takes out what waited for `arrived` and nothing else.
    pub(crate) fn release(
        &mut self,
        arrived: &ChangeHash,
        known: impl Fn(&ChangeHash) -> bool,
    ) -> Vec<CheckedChange> {
        let candidates = self.wanted.remove(arrived).unwrap_or_default();
        candidates.iter().filter_map(|hash| self.take_ready(hash, &known)).collect()
    }

    /// Takes out everything that waits for nothing any more, and what came here by another way.
    pub(crate) fn release_all(&mut self, known: impl Fn(&ChangeHash) -> bool) -> Vec<CheckedChange> {
        let arrived: Vec<ChangeHash> = self.wanted.keys().filter(|hash| known(hash)).copied().collect();
        arrived.iter().flat_map(|hash| self.release(hash, &known)).collect()
    }

    /// Forgets a change.
    pub(crate) fn forget(&mut self, hash: &ChangeHash) {
        let Some(change) = self.changes.remove(hash) else { return };
        self.bytes -= change.bytes.len();
        for dependency in &change.header.dependencies {
            if let Some(waiting) = self.wanted.get_mut(dependency) {
                waiting.remove(hash);
                if waiting.is_empty() {
                    self.wanted.remove(dependency);
                }
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.changes.len()
    }

    /// What has to come before `heads` are known, as far as can be told.
    pub(crate) fn missing_before(
        &self,
        heads: impl IntoIterator<Item = ChangeHash>,
        known: impl Fn(&ChangeHash) -> bool,
    ) -> BTreeSet<ChangeHash> {
        let mut missing = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut ahead: Vec<ChangeHash> = heads.into_iter().collect();
        while let Some(hash) = ahead.pop() {
            if known(&hash) || !seen.insert(hash) {
                continue;
            }
            match self.changes.get(&hash) {
                Some(change) => ahead.extend(&change.header.dependencies),
                None => drop(missing.insert(hash)),
            }
        }
        missing
    }

    fn take_ready(
        &mut self,
        hash: &ChangeHash,
        known: impl Fn(&ChangeHash) -> bool,
    ) -> Option<CheckedChange> {
        let change = self.changes.get(hash)?;
        if !change.header.dependencies.iter().all(known) {
            return None;
        }
        let change = self.changes.remove(hash)?;
        self.bytes -= change.bytes.len();
        Some(change)
    }
}
