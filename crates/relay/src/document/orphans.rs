//! Changes whose past has not arrived yet.
//!
//! A stock peer sends such changes when a Bloom filter made it believe that we have something we lack (one time in a
//! hundred). They wait here while the peer is asked for what is missing. Who sent them pays for them: each
//! connection may have so many waiting, and they go with it.

use super::staged::Sender;
use guard::CheckedChange;
use ids::{ChangeHash, ConnectionId};
use std::collections::{BTreeMap, BTreeSet};

/// Orphans of one document, each with its origins: who sent it, or the stored chunks it was read from.
#[derive(Debug)]
pub(crate) struct Orphans<O> {
    waiting: BTreeMap<ChangeHash, Orphan<O>>,
    /// Who waits for a change that is missing.
    wanted: BTreeMap<ChangeHash, BTreeSet<ChangeHash>>,
}

#[derive(Debug)]
struct Orphan<O> {
    change: CheckedChange,
    /// The first, and whoever has come with the same change since: none of them will come with it again.
    origins: Vec<O>,
}

impl<O> Default for Orphans<O> {
    fn default() -> Self {
        Self { waiting: BTreeMap::new(), wanted: BTreeMap::new() }
    }
}

impl<O: Clone + PartialEq> Orphans<O> {
    /// Keeps a change until those of its dependencies that are not `known` have arrived.
    pub(crate) fn keep(&mut self, change: CheckedChange, origin: O, known: impl Fn(&ChangeHash) -> bool) {
        let hash = change.header.hash;
        if let Some(orphan) = self.waiting.get_mut(&hash) {
            if !orphan.origins.contains(&origin) {
                orphan.origins.push(origin);
            }
            return;
        }
        for missing in change.header.dependencies.iter().filter(|dependency| !known(dependency)) {
            self.wanted.entry(*missing).or_default().insert(hash);
        }
        self.waiting.insert(hash, Orphan { change, origins: vec![origin] });
    }

    /// Whether this change waits here.
    pub(crate) fn contains(&self, hash: &ChangeHash) -> bool {
        self.waiting.contains_key(hash)
    }

    /// How many wait.
    pub(crate) fn count(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// `arrived` is known now: the changes that waited for nothing else, each with its origins.
    pub(crate) fn release(
        &mut self,
        arrived: &ChangeHash,
        known: impl Fn(&ChangeHash) -> bool,
    ) -> Vec<(CheckedChange, Vec<O>)> {
        // The change itself may wait here too, when it has come by another way as well.
        self.forget(arrived);
        let candidates = self.wanted.remove(arrived).unwrap_or_default();
        let is_ready = |orphan: &Orphan<O>| orphan.change.header.dependencies.iter().all(&known);
        let ready: Vec<ChangeHash> =
            candidates.into_iter().filter(|hash| self.waiting.get(hash).is_some_and(is_ready)).collect();
        let released = ready.iter().filter_map(|hash| self.waiting.remove(hash));
        released.map(|orphan| (orphan.change, orphan.origins)).collect()
    }

    /// What the orphans with an origin for which `whose` holds lack, without what waits here itself.
    pub(crate) fn missing(&self, whose: impl Fn(&O) -> bool) -> impl Iterator<Item = ChangeHash> {
        let asks = move |hash: &ChangeHash| {
            self.waiting.get(hash).is_some_and(|orphan| orphan.origins.iter().any(&whose))
        };
        let wanted = self.wanted.iter().filter(|(missing, _)| !self.contains(missing));
        wanted.filter(move |(_, waiting)| waiting.iter().any(&asks)).map(|(missing, _)| *missing)
    }

    /// Whether something of this origin waits.
    pub(crate) fn has_origin(&self, origin: &O) -> bool {
        self.waiting.values().any(|orphan| orphan.origins.contains(origin))
    }

    fn forget(&mut self, hash: &ChangeHash) {
        let Some(orphan) = self.waiting.remove(hash) else { return };
        for dependency in &orphan.change.header.dependencies {
            if let Some(waiting) = self.wanted.get_mut(dependency) {
                waiting.remove(hash);
                if waiting.is_empty() {
                    self.wanted.remove(dependency);
                }
            }
        }
    }
}

impl Orphans<Sender> {
    /// How many orphans a connection has here, and their bytes.
    pub(crate) fn held_for(&self, connection: ConnectionId) -> (usize, usize) {
        let is_theirs = |orphan: &&Orphan<Sender>| orphan.origins.iter().any(|o| o.connection == connection);
        let theirs = self.waiting.values().filter(is_theirs);
        theirs.fold((0, 0), |(count, bytes), orphan| (count + 1, bytes + orphan.change.bytes.len()))
    }

    /// The connection is gone, and with it the orphans that nobody else has sent.
    pub(crate) fn drop_of(&mut self, connection: ConnectionId) {
        let mut deserted = Vec::new();
        for (hash, orphan) in &mut self.waiting {
            orphan.origins.retain(|origin| origin.connection != connection);
            if orphan.origins.is_empty() {
                deserted.push(*hash);
            }
        }
        deserted.iter().for_each(|hash| self.forget(hash));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guard::ChangeHeader;
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
    fn an_orphan_stays_as_long_as_one_of_its_senders() {
        let mut orphans = Orphans::default();
        orphans.keep(change(3, &[1]), sender(A), |_| false);
        orphans.keep(change(3, &[1]), sender(B), |_| false);
        orphans.drop_of(A);
        assert_eq!((orphans.held_for(A), orphans.held_for(B)), ((0, 0), (1, 10)));
        assert_eq!(orphans.missing(|o| o.connection == B).collect::<Vec<_>>(), [hash(1)]);
        orphans.drop_of(B);
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
