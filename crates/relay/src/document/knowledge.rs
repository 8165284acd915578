//! What one peer has of the log, as far as we can tell.
//!
//! Three sources, in falling order of certainty. *Stated*: the heads in its messages, and with them their ancestors.
//! *Sent*: what we gave it; a socket loses nothing until it closes, and then this is forgotten. *Assumed*: what its
//! Bloom filter says, one time in a hundred wrongly. Assumptions are made at the first contact only, when the peer
//! has changes that we lack (then its heads mean nothing to us); they end as soon as we have those changes, because
//! heads that we know say exactly what their owner has. Until then the peer can name what it misses after all.

use super::{graph::Graph, positions::Positions};
use guard::Have;
use ids::{ChangeHash, Heads};
use std::collections::BTreeSet;

/// The log as one peer has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Knowledge {
    has: Positions,
    /// The members of `has` that no other depends on.
    heads: BTreeSet<u32>,
    /// `has` misses ancestors of its members: `heads` is out of date.
    ragged: bool,
    doubt: Option<Doubt>,
    /// The heads of its last message, while we do not have them all.
    unknown: Option<Heads>,
}

/// What is assumed.
#[derive(Clone, Debug)]
struct Doubt {
    /// Heads of what the peer had for certain when we met.
    base: BTreeSet<u32>,
    /// Members of `has` for which only its Bloom filter speaks.
    assumed: Positions,
}

impl Knowledge {
    /// What a peer has that says so for the first time, or anew.
    pub(crate) fn met(graph: &Graph, heads: &Heads, have: &[Have]) -> Self {
        let synced = have.iter().flat_map(|have| &have.last_sync);
        let certain = heads.iter().chain(synced).filter_map(|hash| graph.position(hash));
        let mut has = graph.ancestors(certain, &Positions::default());
        let base = graph.heads_among(&has);
        if heads.iter().all(|head| graph.contains(head)) {
            return Self { has, heads: base, ..Self::default() };
        }
        let assumed = assumed(graph, &has, have);
        has.union(&assumed);
        let heads_of_has = graph.heads_among(&has);
        let doubt = (!assumed.is_empty()).then_some(Doubt { base, assumed });
        Self { has, heads: heads_of_has, ragged: false, doubt, unknown: Some(heads.clone()) }
    }

    /// What it has, has been sent, or is assumed to have.
    pub(crate) fn has(&self) -> &Positions {
        &self.has
    }

    /// The heads of that.
    pub(crate) fn heads(&mut self, graph: &Graph) -> &BTreeSet<u32> {
        if self.ragged {
            self.heads = graph.heads_among(&self.has);
            self.ragged = !self.has.is_all(graph.len());
        }
        &self.heads
    }

    /// Heads of what it had for certain when we met, if something beyond that is assumed.
    pub(crate) fn doubtful_since(&self) -> Option<&BTreeSet<u32>> {
        self.doubt.as_ref().map(|doubt| &doubt.base)
    }

    /// The heads it stated that were not all known then.
    pub(crate) fn unknown(&self) -> &[ChangeHash] {
        self.unknown.as_ref().map_or(&[], Heads::as_slice)
    }

    /// The peer states its heads.
    pub(crate) fn states(&mut self, graph: &Graph, heads: &Heads) {
        let all_known = heads.iter().all(|head| graph.contains(head));
        let known = heads.iter().filter_map(|head| graph.position(head));
        self.certainly_has(graph, known);
        self.unknown = if all_known { None } else { Some(heads.clone()) };
        if all_known && let Some(doubt) = self.doubt.take() {
            self.has.subtract(&doubt.assumed);
            self.ragged = true;
        }
    }

    /// The log has grown: heads that meant nothing may mean something now.
    pub(crate) fn grown(&mut self, graph: &Graph) {
        if let Some(heads) = self.unknown.take_if(|heads| heads.iter().any(|head| graph.contains(head))) {
            self.states(graph, &heads);
        }
    }

    /// Changes that this peer brought have their places in the log: it has those, and what they depend on.
    pub(crate) fn brought(&mut self, graph: &Graph, positions: &[u32]) {
        self.certainly_has(graph, positions.iter().copied());
    }

    /// The peer says that it misses this.
    pub(crate) fn lacks(&mut self, position: u32) {
        self.has.remove(position);
        if let Some(doubt) = &mut self.doubt {
            doubt.assumed.remove(position);
        }
        self.ragged = true;
    }

    /// These are on their way to the peer.
    pub(crate) fn sent(&mut self, graph: &Graph, sent: &Positions) {
        self.add(graph, sent);
        if self.has.is_all(graph.len()) {
            self.heads.clone_from(graph.heads());
            self.ragged = false;
        }
    }

    /// Another peer that had just as much was sent something, and this one the same.
    pub(crate) fn same_as(&mut self, has: &Positions, heads: &BTreeSet<u32>) {
        self.has.clone_from(has);
        self.heads.clone_from(heads);
        self.ragged = false;
    }

    fn certainly_has(&mut self, graph: &Graph, starts: impl Iterator<Item = u32>) {
        match &mut self.doubt {
            None => {
                let new = graph.ancestors(starts, &self.has);
                self.add(graph, &new);
            }
            Some(doubt) => {
                let certain = graph.ancestors(starts, &Positions::default());
                doubt.assumed.subtract(&certain);
                self.doubt = self.doubt.take().filter(|doubt| !doubt.assumed.is_empty());
                self.has.union(&certain);
                self.ragged = true;
            }
        }
    }

    fn add(&mut self, graph: &Graph, new: &Positions) {
        if !self.ragged && !new.is_empty() {
            let joined = new.count() + self.has.count();
            if joined == graph.len() {
                self.heads.clone_from(graph.heads());
            } else {
                new.iter().for_each(|position| graph.add_head(&mut self.heads, position));
            }
        }
        self.has.union(new);
    }
}

/// Automerge sends one filter. Each more costs a look at every change; without it, a few more changes are sent.
const FILTERS_MAX: usize = 4;

/// The changes beyond `certain` that the Bloom filters claim. As in Automerge, what depends on a change that the peer
/// lacks it cannot have, whatever its filter says.
fn assumed(graph: &Graph, certain: &Positions, have: &[Have]) -> Positions {
    let have = have.get(..FILTERS_MAX).unwrap_or(have);
    let mut lacking = BTreeSet::new();
    let mut assumed = Vec::new();
    for position in certain.gaps(graph.len()) {
        let claimed =
            graph.hash(position).is_some_and(|hash| have.iter().any(|have| have.bloom.contains(hash)));
        let orphaned = graph.dependencies(position).iter().any(|dependency| lacking.contains(dependency));
        if claimed && !orphaned {
            assumed.push(position);
        } else {
            lacking.insert(position);
        }
    }
    Positions::from_ascending(assumed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::graph::tests::{graph, graphs, hash, push};
    use guard::Bloom;
    use proptest::prelude::*;

    fn have(last_sync: &[u32], bloom: &[u32]) -> Have {
        let hashes: Vec<ChangeHash> = bloom.iter().copied().map(hash).collect();
        Have { last_sync: last_sync.iter().copied().map(hash).collect(), bloom: Bloom::from_hashes(&hashes) }
    }

    fn gaps(knowledge: &Knowledge, graph: &Graph) -> Vec<u32> {
        knowledge.has().gaps(graph.len()).collect()
    }

    /// 0 - 1 - 2 - 3
    ///      \ 4
    fn fork() -> Graph {
        graph(&[vec![], vec![0], vec![1], vec![2], vec![1]])
    }

    #[test]
    fn heads_that_we_know_say_exactly_what_is_missing() {
        let graph = fork();
        let mut peer = Knowledge::met(&graph, &Heads::from(vec![hash(2)]), &[have(&[], &[0, 1, 2])]);
        assert_eq!(gaps(&peer, &graph), [3, 4]);
        assert_eq!(peer.heads(&graph), &BTreeSet::from([2]));
        peer.sent(&graph, &Positions::from_ascending([3]));
        assert_eq!(peer.heads(&graph), &BTreeSet::from([3]));
        peer.sent(&graph, &Positions::from_ascending([4]));
        assert_eq!(peer.heads(&graph), graph.heads());
    }

    #[test]
    fn a_peer_with_changes_of_its_own_is_judged_by_its_filter() {
        let graph = fork();
        let heads = Heads::from(vec![hash(99)]);
        let mut peer = Knowledge::met(&graph, &heads, &[have(&[], &[0, 1, 2, 99])]);
        assert_eq!(gaps(&peer, &graph), [3, 4]);
        assert_eq!(peer.doubtful_since(), Some(&BTreeSet::new()));
        // It has 4 instead of 2: not even its filter can make 3 known when 2 is not.
        let other = Knowledge::met(&graph, &heads, &[have(&[1], &[3, 4, 99])]);
        assert_eq!(gaps(&other, &graph), [2, 3]);
        assert_eq!(other.doubtful_since(), Some(&BTreeSet::from([1])));

        // 2 was a false positive, and the peer says so.
        peer.sent(&graph, &Positions::from_ascending([3, 4]));
        assert_eq!(peer.heads(&graph), graph.heads());
        peer.lacks(2);
        assert_eq!(gaps(&peer, &graph), [2]);
        peer.sent(&graph, &Positions::from_ascending([2]));
        assert_eq!(peer.heads(&graph), graph.heads());
    }

    #[test]
    fn doubt_ends_when_the_stated_heads_arrive() {
        let mut graph = fork();
        let mut peer = Knowledge::met(&graph, &Heads::from(vec![hash(5)]), &[have(&[], &[0, 1, 2, 3])]);
        peer.sent(&graph, &Positions::from_ascending([4]));
        assert_eq!(gaps(&peer, &graph), []);
        // Its change turns out to stand on 1: it never had 2 and 3.
        push(&mut graph, 5, &[1]);
        peer.brought(&graph, &[5]);
        peer.grown(&graph);
        assert_eq!(peer.doubtful_since(), None);
        assert_eq!(gaps(&peer, &graph), [2, 3]);
        peer.sent(&graph, &Positions::from_ascending([2, 3]));
        assert_eq!(peer.heads(&graph), graph.heads());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// Whatever is stated and sent in whatever order, the heads are those of what the peer has.
        #[test]
        fn heads_follow(graph in graphs(), steps in proptest::collection::vec((any::<bool>(), any::<u32>()), 0..12)) {
            let mut peer = Knowledge::met(&graph, &Heads::EMPTY, &[]);
            for (stated, n) in steps {
                if stated {
                    peer.states(&graph, &Heads::from(vec![hash(n % graph.len())]));
                } else {
                    let next: Vec<u32> = peer.has().gaps(graph.len()).take(n as usize % 5).collect();
                    peer.sent(&graph, &Positions::from_ascending(next));
                }
                let heads = graph.heads_among(&peer.has().clone());
                prop_assert_eq!(peer.heads(&graph), &heads);
            }
        }
    }
}
