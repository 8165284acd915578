//! Changes whose past has not arrived yet.
//!
//! A stock peer sends such changes when a Bloom filter made it believe that we have something we lack (one time in a
//! hundred). They wait here while the peer is asked for what is missing. Who sent them pays for them: each
//! connection may have so many waiting, and they go with it.

use super::staged::Sender;
use guard::{ChangeHeader, CheckedChange};
use ids::{ChangeHash, ConnectionId};
use std::collections::{BTreeMap, BTreeSet};

/// Orphans of one document, each with its origin: who sent it, or the stored chunk it was read from.
#[derive(Debug)]
pub(crate) struct Orphans<O> {
    waiting: BTreeMap<ChangeHash, (CheckedChange, O)>,
    /// Who waits for a change that is missing.
    wanted: BTreeMap<ChangeHash, BTreeSet<ChangeHash>>,
}

impl<O> Default for Orphans<O> {
    fn default() -> Self {
        Self { waiting: BTreeMap::new(), wanted: BTreeMap::new() }
    }
}

impl<O> Orphans<O> {
    /// Keeps a change until those of its dependencies that are not `known` have arrived.
    pub(crate) fn keep(&mut self, change: CheckedChange, origin: O, known: impl Fn(&ChangeHash) -> bool) {
        let ChangeHeader { hash, dependencies, .. } = &change.header;
        for missing in dependencies.iter().filter(|dependency| !known(dependency)) {
            self.wanted.entry(*missing).or_default().insert(*hash);
        }
        self.waiting.insert(*hash, (change, origin));
    }

    /// Whether this change waits here.
    pub(crate) fn contains(&self, hash: &ChangeHash) -> bool {
        self.waiting.contains_key(hash)
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// `arrived` is known now: the changes that waited for nothing else.
    pub(crate) fn release(
        &mut self,
        arrived: &ChangeHash,
        known: impl Fn(&ChangeHash) -> bool,
    ) -> Vec<(CheckedChange, O)> {
        // The change itself may wait here too, when it has come by another way as well.
        self.forget(arrived);
        let candidates = self.wanted.remove(arrived).unwrap_or_default();
        let ready: Vec<ChangeHash> = candidates
            .into_iter()
            .filter(|hash| {
                self.waiting
                    .get(hash)
                    .is_some_and(|(change, _)| change.header.dependencies.iter().all(&known))
            })
            .collect();
        ready.iter().filter_map(|hash| self.waiting.remove(hash)).collect()
    }

    /// What the orphans for which `whose` holds lack, without what waits here itself.
    pub(crate) fn missing(&self, whose: impl Fn(&O) -> bool) -> impl Iterator<Item = ChangeHash> {
        self.wanted
            .iter()
            .filter(|(missing, _)| !self.contains(missing))
            .filter(move |(_, waiting)| {
                waiting.iter().any(|hash| self.waiting.get(hash).is_some_and(|(_, origin)| whose(origin)))
            })
            .map(|(missing, _)| *missing)
    }

    /// How many wait.
    pub(crate) fn count(&self) -> usize {
        self.waiting.len()
    }

    fn forget(&mut self, hash: &ChangeHash) {
        let Some((change, _)) = self.waiting.remove(hash) else { return };
        for dependency in &change.header.dependencies {
            if let Some(waiting) = self.wanted.get_mut(dependency) {
                waiting.remove(hash);
                if waiting.is_empty() {
                    self.wanted.remove(dependency);
                }
            }
        }
    }
}

impl<O: PartialEq> Orphans<O> {
    /// Whether something of this origin waits.
    pub(crate) fn has_origin(&self, origin: &O) -> bool {
        self.waiting.values().any(|(_, of)| of == origin)
    }
}

impl Orphans<Sender> {
    /// How many orphans a connection has here, and their bytes.
    pub(crate) fn held_for(&self, connection: ConnectionId) -> (usize, usize) {
        let theirs = self.waiting.values().filter(|(_, sender)| sender.connection == connection);
        theirs.fold((0, 0), |(count, bytes), (change, _)| (count + 1, bytes + change.bytes.len()))
    }

    /// The connection is gone, and its orphans with it.
    pub(crate) fn drop_of(&mut self, connection: ConnectionId) {
        let theirs: Vec<ChangeHash> = self
            .waiting
            .iter()
            .filter(|(_, (_, sender))| sender.connection == connection)
            .map(|(hash, _)| *hash)
            .collect();
        theirs.iter().for_each(|hash| self.forget(hash));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::ActorId;

    const A: ConnectionId = ConnectionId(1);
    const B: ConnectionId = ConnectionId(2);

    fn sender(connection: ConnectionId) -> Sender {
        Sender { connection, member: None, device: "d".parse().unwrap() }
    }

    fn hash(n: u8) -> ChangeHash {
        ChangeHash([n; 32])
    }

    fn change(n: u8, dependencies: &[u8]) -> CheckedChange {
        let header = ChangeHeader {
            hash: hash(n),
            dependencies: dependencies.iter().copied().map(hash).collect(),
            actor: ActorId::new([n]),
            others: Vec::new(),
            sequence: 1,
            start_op: 1,
            operations: 1,
            time_secs: 0,
            message: None,
        };
        CheckedChange { header, bytes: vec![0; 10].into() }
    }

    #[test]
    fn a_change_is_released_when_its_last_dependency_arrives() {
        let mut orphans = Orphans::default();
        orphans.keep(change(3, &[1, 2]), sender(A), |_| false);
        orphans.keep(change(4, &[3]), sender(B), |_| false);
        assert_eq!(orphans.missing(|o| o.connection == A).collect::<Vec<_>>(), [hash(1), hash(2)]);
        assert_eq!(orphans.missing(|o| o.connection == B).count(), 0, "change 3 waits here already");
        assert_eq!(orphans.held_for(A), (1, 10));

        assert!(orphans.release(&hash(1), |h| *h == hash(1)).is_empty());
        let released = orphans.release(&hash(2), |h| *h < hash(3));
        assert_eq!(released.iter().map(|(c, _)| c.header.hash).collect::<Vec<_>>(), [hash(3)]);
        let released = orphans.release(&hash(3), |h| *h < hash(4));
        assert_eq!(released.iter().map(|(c, _)| c.header.hash).collect::<Vec<_>>(), [hash(4)]);
        assert!(orphans.is_empty() && orphans.wanted.is_empty());
    }

    #[test]
    fn orphans_go_with_their_connection() {
        let mut orphans = Orphans::default();
        orphans.keep(change(3, &[1]), sender(A), |_| false);
        orphans.keep(change(4, &[1]), sender(B), |_| false);
        orphans.drop_of(A);
        assert_eq!(orphans.held_for(A), (0, 0));
        let released = orphans.release(&hash(1), |_| true);
        assert_eq!(released.len(), 1);
        assert!(orphans.is_empty() && orphans.wanted.is_empty());
    }

    #[test]
    fn a_change_that_arrives_by_another_way_is_forgotten_here() {
        let mut orphans = Orphans::default();
        orphans.keep(change(3, &[1]), sender(A), |_| false);
        orphans.release(&hash(3), |_| true);
        assert!(orphans.is_empty() && orphans.wanted.is_empty());
    }
}
