//! Changes whose past has not arrived yet.
//!
//! A stock peer sends such changes when a Bloom filter made it believe that we have something we lack (one time in a
//! hundred). They wait here while the peer is asked for what is missing. Who sent them pays for them: each
//! connection may have so many waiting, and they go with it.

use guard::CheckedChange;
use ids::ChangeHash;
use std::collections::{BTreeMap, BTreeSet};

/// Where an orphan comes from.
pub(crate) trait Origin: Clone + PartialEq {
    /// Who answers for it.
    type Owner: Copy + Ord + std::fmt::Debug;

    /// Who answers for it.
    fn owner(&self) -> Self::Owner;
}

/// Orphans of one document, each with its origins: who sent it, or the stored chunks it was read from.
#[derive(Debug)]
pub(crate) struct Orphans<O: Origin> {
    waiting: BTreeMap<ChangeHash, Orphan<O>>,
    /// Who waits for which change: one that is missing, or waits itself.
    wanted: BTreeMap<ChangeHash, BTreeSet<ChangeHash>>,
    /// The wanted changes that do not wait themselves.
    missing: BTreeSet<ChangeHash>,
    /// How many orphans each owner has here, and their bytes.
    held: BTreeMap<O::Owner, (usize, usize)>,
}

#[derive(Debug)]
struct Orphan<O> {
    change: CheckedChange,
    /// The first, and whoever has come with the same change since: none of them will come with it again.
    origins: Vec<O>,
}

impl<O: Origin> Default for Orphans<O> {
    fn default() -> Self {
        let (waiting, wanted) = (BTreeMap::new(), BTreeMap::new());
        Self { waiting, wanted, missing: BTreeSet::new(), held: BTreeMap::new() }
    }
}

impl<O: Origin> Orphans<O> {
    /// Keeps a change until those of its dependencies that are not `known` have arrived.
    pub(crate) fn keep(&mut self, change: CheckedChange, origin: O, known: impl Fn(&ChangeHash) -> bool) {
        let (hash, bytes) = (change.header.hash, change.bytes.len());
        if !self.contains(&hash) {
            for wanted in change.header.dependencies.iter().filter(|dependency| !known(dependency)) {
                self.wanted.entry(*wanted).or_default().insert(hash);
                if !self.contains(wanted) {
                    self.missing.insert(*wanted);
                }
            }
            self.missing.remove(&hash);
        }
        let orphan = self.waiting.entry(hash).or_insert(Orphan { change, origins: Vec::new() });
        if !orphan.origins.contains(&origin) {
            let (count, held) = self.held.entry(origin.owner()).or_default();
            *count += 1;
            *held += bytes;
            orphan.origins.push(origin);
        }
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

    /// How many of an owner wait, and their bytes.
    pub(crate) fn held_for(&self, owner: O::Owner) -> (usize, usize) {
        self.held.get(&owner).copied().unwrap_or_default()
    }

    /// `arrived` is known now: the changes that waited for nothing else, each with its origins.
    pub(crate) fn release(
        &mut self,
        arrived: &ChangeHash,
        known: impl Fn(&ChangeHash) -> bool,
    ) -> Vec<(CheckedChange, Vec<O>)> {
        // The change itself may wait here too, when it has come by another way as well.
        self.take(arrived);
        self.missing.remove(arrived);
        let candidates = self.wanted.remove(arrived).unwrap_or_default();
        let is_ready = |orphan: &Orphan<O>| orphan.change.header.dependencies.iter().all(&known);
        let ready: Vec<ChangeHash> =
            candidates.into_iter().filter(|hash| self.waiting.get(hash).is_some_and(is_ready)).collect();
        let released = ready.iter().filter_map(|hash| self.take(hash));
        released.map(|orphan| (orphan.change, orphan.origins)).collect()
    }

    /// What the orphans of an owner lack, without what waits here itself.
    pub(crate) fn missing_for(&self, owner: O::Owner) -> impl Iterator<Item = ChangeHash> {
        let is_theirs = move |hash: &ChangeHash| {
            let origins = self.waiting.get(hash).map(|orphan| &orphan.origins);
            origins.is_some_and(|origins| origins.iter().any(|origin| origin.owner() == owner))
        };
        let theirs = self.missing.iter().filter(move |missing| {
            self.wanted.get(missing).is_some_and(|waiting| waiting.iter().any(is_theirs))
        });
        theirs.copied()
    }

    /// The owner is gone, and with it the orphans that nobody else has brought.
    pub(crate) fn drop_of(&mut self, owner: O::Owner) {
        if self.held.remove(&owner).is_none() {
            return;
        }
        let mut deserted = Vec::new();
        for (hash, orphan) in &mut self.waiting {
            orphan.origins.retain(|origin| origin.owner() != owner);
            if orphan.origins.is_empty() {
                deserted.push(*hash);
            }
        }
        deserted.iter().for_each(|hash| drop(self.take(hash)));
    }

    /// Takes an orphan out. Those that wait for it go on waiting.
    fn take(&mut self, hash: &ChangeHash) -> Option<Orphan<O>> {
        let orphan = self.waiting.remove(hash)?;
        for dependency in &orphan.change.header.dependencies {
            if let Some(waiting) = self.wanted.get_mut(dependency) {
                waiting.remove(hash);
                if waiting.is_empty() {
                    self.wanted.remove(dependency);
                    self.missing.remove(dependency);
                }
            }
        }
        if self.wanted.contains_key(hash) {
            self.missing.insert(*hash);
        }
        for origin in &orphan.origins {
            if let Some((count, bytes)) = self.held.get_mut(&origin.owner()) {
                *count -= 1;
                *bytes -= orphan.change.bytes.len();
                if *count == 0 {
                    self.held.remove(&origin.owner());
                }
            }
        }
        Some(orphan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::staged::Sender;
    use guard::ChangeHeader;
    use ids::{ActorId, ConnectionId};

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

    fn assert_nothing_left(orphans: &Orphans<Sender>) {
        assert!(orphans.is_empty());
        assert!(orphans.wanted.is_empty() && orphans.missing.is_empty() && orphans.held.is_empty());
    }

    #[test]
    fn a_change_is_released_when_its_last_dependency_arrives() {
        let mut orphans = Orphans::default();
        orphans.keep(change(3, &[1, 2]), sender(A), |_| false);
        orphans.keep(change(4, &[3]), sender(B), |_| false);
        assert_eq!(orphans.missing_for(A).collect::<Vec<_>>(), [hash(1), hash(2)]);
        assert_eq!(orphans.missing_for(B).count(), 0, "change 3 waits here already");
        assert_eq!(orphans.held_for(A), (1, 10));

        assert!(orphans.release(&hash(1), |h| *h == hash(1)).is_empty());
        let released = orphans.release(&hash(2), |h| *h < hash(3));
        assert_eq!(released.iter().map(|(c, _)| c.header.hash).collect::<Vec<_>>(), [hash(3)]);
        let released = orphans.release(&hash(3), |h| *h < hash(4));
        assert_eq!(released.iter().map(|(c, _)| c.header.hash).collect::<Vec<_>>(), [hash(4)]);
        assert_nothing_left(&orphans);
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
        assert_nothing_left(&orphans);
    }

    /// A chain that arrives from its end, and whose middle then goes: what was waited for is missing again.
    #[test]
    fn what_is_missing_follows_what_waits() {
        let mut orphans = Orphans::default();
        orphans.keep(change(4, &[3]), sender(A), |_| false);
        orphans.keep(change(3, &[2]), sender(B), |_| false);
        orphans.keep(change(2, &[1]), sender(A), |_| false);
        assert_eq!(orphans.missing_for(A).collect::<Vec<_>>(), [hash(1)]);
        assert_eq!(orphans.missing_for(B).count(), 0);
        orphans.drop_of(B);
        assert_eq!(orphans.missing_for(A).collect::<Vec<_>>(), [hash(1), hash(3)]);
        orphans.drop_of(A);
        assert_nothing_left(&orphans);
    }

    #[test]
    fn an_orphan_stays_as_long_as_one_of_its_senders() {
        let mut orphans = Orphans::default();
        orphans.keep(change(3, &[1]), sender(A), |_| false);
        orphans.keep(change(3, &[1]), sender(B), |_| false);
        orphans.drop_of(A);
        assert_eq!((orphans.held_for(A), orphans.held_for(B)), ((0, 0), (1, 10)));
        assert_eq!(orphans.missing_for(B).collect::<Vec<_>>(), [hash(1)]);
        orphans.drop_of(B);
        assert_nothing_left(&orphans);
    }

    #[test]
    fn a_change_that_arrives_by_another_way_is_forgotten_here() {
        let mut orphans = Orphans::default();
        orphans.keep(change(3, &[1]), sender(A), |_| false);
        orphans.release(&hash(3), |_| true);
        assert_nothing_left(&orphans);
    }
}
