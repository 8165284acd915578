//! The change graph of a document: which changes there are, and what each was written on top of.
//!
//! It is a log in an order in which every change stands after what it depends on. That order is the one in which the
//! changes arrived (or, after a restart, any such order): it is local to this process and nobody else sees it.
//! Nothing here knows an operation; a change costs about a hundred bytes.

use super::{followed::Followed, names::Names, positions::Positions};
use ids::{ActorId, ChangeHash, Heads};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// The durable changes of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    hashes: Vec<ChangeHash>,
    names: Names,
    /// Dependencies of all changes, one after the other; `ends` says where those of each change end.
    edges: Vec<u32>,
    ends: Vec<u32>,
    /// The counter of the last operation of each change, or of its past if it has none.
    last_ops: Vec<u64>,
    heads: BTreeSet<u32>,
    /// Changes that were the only head when they arrived: everything before them is among their ancestors. In a
    /// history without branches that is every change, so that walks end where they begin.
    narrows: Positions,
    /// Who wrote each change, as an index into `roster`, and its number among those of its author.
    authors: Vec<(u32, u32)>,
    /// Everybody who wrote something, in the order of their first changes.
    roster: Vec<ActorId>,
    actors: BTreeMap<ActorId, Author>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Author {
    /// In the roster.
    index: u32,
    /// The number of the last change.
    last: u32,
}

/// A change to be appended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct New<'a> {
    pub(crate) hash: ChangeHash,
    pub(crate) actor: &'a ActorId,
    pub(crate) sequence: u64,
    pub(crate) last_op: u64,
}

impl<'a> From<&'a Followed> for New<'a> {
    fn from(change: &'a Followed) -> Self {
        let header = change.header();
        let guard::ChangeHeader { hash, actor, sequence, .. } = header;
        Self { hash: *hash, actor, sequence: *sequence, last_op: header.last_op() }
    }
}

/// A change that cannot follow the changes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Misfit {
    /// It is there already.
    #[error("the change is known already")]
    Known,
    /// A dependency is not.
    #[error("a dependency of the change is not known")]
    Dependency,
    /// Another change of this actor has this number, or the change before it is missing.
    #[error("the change has number {found} of its actor, expected {expected}")]
    Sequence {
        /// Its number.
        found: u64,
        /// The number of the actor's next change.
        expected: u64,
    },
    /// No more changes can be numbered.
    #[error("the document has too many changes")]
    Full,
}

/// What a graph says; how it finds a name is its own affair.
impl PartialEq for Graph {
    fn eq(&self, other: &Self) -> bool {
        let Self { hashes, edges, ends, last_ops, heads, narrows, authors, roster, actors, names: _ } = self;
        (hashes, edges, ends, last_ops, heads, narrows, authors, roster, actors)
            == (
                &other.hashes,
                &other.edges,
                &other.ends,
                &other.last_ops,
                &other.heads,
                &other.narrows,
                &other.authors,
                &other.roster,
                &other.actors,
            )
    }
}

impl Eq for Graph {}

impl Graph {
    /// How many changes there are; also the position of the next one.
    pub(crate) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// The changes nothing else depends on.
    pub(crate) fn heads(&self) -> &BTreeSet<u32> {
        &self.heads
    }

    /// Where a change stands in the log.
    pub(crate) fn position(&self, hash: &ChangeHash) -> Option<u32> {
        self.names.place(&self.hashes, hash)
    }

    /// Whether the change is known.
    pub(crate) fn contains(&self, hash: &ChangeHash) -> bool {
        self.position(hash).is_some()
    }

    /// The names of all changes, in log order.
    pub(crate) fn hashes(&self) -> &[ChangeHash] {
        &self.hashes
    }

    /// The name of the change at a position.
    pub(crate) fn hash(&self, position: u32) -> Option<&ChangeHash> {
        self.hashes.get(position as usize)
    }

    /// The changes at these positions, as heads.
    pub(crate) fn named<'a>(&self, positions: impl IntoIterator<Item = &'a u32>) -> Heads {
        positions.into_iter().filter_map(|position| self.hash(*position).copied()).collect()
    }

    /// What the change at a position was written on top of.
    pub(crate) fn dependencies(&self, position: u32) -> &[u32] {
        let end = |index: Option<u32>| index.and_then(|index| self.ends.get(index as usize)).copied();
        let start = end(position.checked_sub(1)).unwrap_or(0) as usize;
        let end = end(Some(position)).unwrap_or(0) as usize;
        self.edges.get(start..end).unwrap_or(&[])
    }

    /// The number of the last change of an actor; 0 if there is none.
    pub(crate) fn last_sequence(&self, actor: &ActorId) -> u64 {
        self.actors.get(actor).map_or(0, |author| author.last.into())
    }

    /// Who wrote the change at a position, and its number among the changes of that actor.
    pub(crate) fn name(&self, position: u32) -> Option<(&ActorId, u64)> {
        let (author, sequence) = *self.authors.get(position as usize)?;
        Some((self.roster.get(author as usize)?, sequence.into()))
    }

    /// Everybody who wrote something.
    pub(crate) fn actors(&self) -> &[ActorId] {
        &self.roster
    }

    /// Who wrote the change at a position, as an index into [`actors`](Self::actors).
    pub(crate) fn author(&self, position: u32) -> Option<u32> {
        self.authors.get(position as usize).map(|(author, _)| *author)
    }

    /// The counter of the last operation among the dependencies of a change.
    pub(crate) fn last_op_before(&self, position: u32) -> u64 {
        self.dependencies(position)
            .iter()
            .filter_map(|dependency| self.last_op(*dependency))
            .max()
            .unwrap_or(0)
    }

    /// The counter of the last operation up to a change.
    pub(crate) fn last_op(&self, position: u32) -> Option<u64> {
        self.last_ops.get(position as usize).copied()
    }

    /// Appends a change whose dependencies are known by hash.
    pub(crate) fn append(&mut self, dependencies: &[ChangeHash], change: &New<'_>) -> Result<u32, Misfit> {
        let places: Option<Vec<u32>> =
            dependencies.iter().map(|dependency| self.position(dependency)).collect();
        self.push(&places.ok_or(Misfit::Dependency)?, change)
    }

    /// Appends a change whose dependencies are known by position.
    pub(crate) fn push(&mut self, dependencies: &[u32], change: &New<'_>) -> Result<u32, Misfit> {
        if self.contains(&change.hash) {
            return Err(Misfit::Known);
        }
        let position = self.push_unnamed(dependencies, change)?;
        self.names.insert(change.hash, position);
        Ok(position)
    }

    /// A graph whose changes were all [pushed unnamed](Self::push_unnamed) finds them by name from now on; `None` if
    /// one of them is there twice.
    pub(crate) fn named_all(mut self) -> Option<Self> {
        self.names = Names::of(&self.hashes)?;
        Some(self)
    }

    /// Appends a change that cannot be found by its name until [`named_all`](Self::named_all).
    pub(crate) fn push_unnamed(&mut self, dependencies: &[u32], change: &New<'_>) -> Result<u32, Misfit> {
        let New { hash, actor, sequence, last_op } = *change;
        let position = self.len();
        let end = u32::try_from(self.edges.len() + dependencies.len()).map_err(|_| Misfit::Full)?;
        if position == u32::MAX {
            return Err(Misfit::Full);
        }
        if dependencies.iter().any(|dependency| *dependency >= position) {
            return Err(Misfit::Dependency);
        }
        let expected = self.last_sequence(actor) + 1;
        if sequence != expected {
            return Err(Misfit::Sequence { found: sequence, expected });
        }
        let last = u32::try_from(sequence).map_err(|_| Misfit::Full)?;
        let index = match self.actors.get_mut(actor) {
            Some(author) => {
                author.last = last;
                author.index
            }
            None => {
                let index = self.roster.len() as u32;
                self.roster.push(actor.clone());
                self.actors.insert(actor.clone(), Author { index, last });
                index
            }
        };
        self.authors.push((index, last));
        self.hashes.push(hash);
        self.edges.extend_from_slice(dependencies);
        self.ends.push(end);
        self.last_ops.push(last_op);
        for dependency in dependencies {
            self.heads.remove(dependency);
        }
        self.heads.insert(position);
        if self.heads.len() == 1 {
            self.narrows.insert(position);
        }
        Ok(position)
    }

    /// `starts` and all their ancestors, without those in `known` (which must contain the ancestors of its members).
    pub(crate) fn ancestors(&self, starts: impl IntoIterator<Item = u32>, known: &Positions) -> Positions {
        let mut waiting: BinaryHeap<u32> = starts.into_iter().filter(|start| *start < self.len()).collect();
        let mut found = Vec::new();
        let mut everything_below = 0;
        while let Some(position) = waiting.pop() {
            if found.last() == Some(&position) || known.contains(position) {
                continue;
            }
            if self.narrows.contains(position) {
                everything_below = position + 1;
                break;
            }
            found.push(position);
            waiting.extend(self.dependencies(position));
        }
        let mut ancestors = Positions::from_ascending(found.into_iter().rev());
        if everything_below > 0 {
            ancestors.union(&Positions::up_to(everything_below));
            ancestors.subtract(known);
        }
        ancestors
    }

    /// The members of a set that no other member depends on.
    pub(crate) fn heads_among(&self, members: &Positions) -> BTreeSet<u32> {
        if members.is_all(self.len()) {
            return self.heads.clone();
        }
        // Everything up to the last narrow place of the prefix has that place as its only head.
        let narrow = (0..members.prefix()).rev().find(|position| self.narrows.contains(*position));
        let mut heads: BTreeSet<u32> = narrow.into_iter().collect();
        let after = narrow.map_or(0, |narrow| narrow + 1);
        members.from(after).for_each(|position| self.add_head(&mut heads, position));
        heads
    }

    /// What the heads of a set become when `position`, whose dependencies are in the set, joins it.
    pub(crate) fn add_head(&self, heads: &mut BTreeSet<u32>, position: u32) {
        for dependency in self.dependencies(position) {
            heads.remove(dependency);
        }
        heads.insert(position);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn hash(n: u32) -> ChangeHash {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&n.wrapping_mul(0x9e37_79b9).to_le_bytes());
        bytes[4..8].copy_from_slice(&n.to_le_bytes());
        ChangeHash(bytes)
    }

    /// A graph in which change `n` depends on `dependencies(n)`, each change by an actor of its own.
    pub(crate) fn graph(dependencies: &[Vec<u32>]) -> Graph {
        let mut graph = Graph::default();
        for (n, dependencies) in dependencies.iter().enumerate() {
            let n = n as u32;
            push(&mut graph, n, dependencies);
        }
        graph
    }

    /// Appends change `n`, by an actor of its own.
    pub(crate) fn push(graph: &mut Graph, n: u32, dependencies: &[u32]) {
        let actor = &ActorId::new(n.to_le_bytes());
        let last_op = u64::from(n) + 1;
        graph.push(dependencies, &New { hash: hash(n), actor, sequence: 1, last_op }).unwrap();
    }

    /// Any graph of up to 40 changes, with long stretches without branches.
    pub(crate) fn graphs() -> impl Strategy<Value = Graph> {
        proptest::collection::vec((any::<u16>(), any::<u16>(), 0..4_u8), 1..40).prop_map(|rows| {
            let dependencies: Vec<Vec<u32>> = rows
                .iter()
                .enumerate()
                .map(|(n, (a, b, kind))| {
                    let n = n as u32;
                    let one = |x: u16| u32::from(x) % n.max(1);
                    let set: BTreeSet<u32> = match kind {
                        _ if n == 0 => BTreeSet::new(),
                        0 => BTreeSet::from([one(*a), one(*b)]),
                        1 => BTreeSet::from([one(*a)]),
                        _ => BTreeSet::from([n - 1]),
                    };
                    set.into_iter().collect()
                })
                .collect();
            graph(&dependencies)
        })
    }

    fn ancestors_by_definition(graph: &Graph, starts: &[u32]) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        let mut waiting = starts.to_vec();
        while let Some(position) = waiting.pop() {
            if found.insert(position) {
                waiting.extend(graph.dependencies(position));
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn walks_find_the_ancestors(graph in graphs(), a: u32, b: u32, c: u32) {
            let pick = |x: u32| x % graph.len();
            let known = ancestors_by_definition(&graph, &[pick(c)]);
            let known_positions = Positions::from_ascending(known.iter().copied());
            let all = ancestors_by_definition(&graph, &[pick(a), pick(b)]);
            let walked = graph.ancestors([pick(a), pick(b)], &known_positions);
            prop_assert_eq!(walked.iter().collect::<BTreeSet<_>>(), &all - &known);
            let alone = graph.ancestors([pick(a), pick(b)], &Positions::default());
            prop_assert_eq!(alone.iter().collect::<BTreeSet<_>>(), all);
        }

        #[test]
        fn heads_of_a_closed_set_are_its_maximal_members(graph in graphs(), a: u32, b: u32, prefix in 0..40_u32) {
            let closed = graph.ancestors([a % graph.len(), b % graph.len()], &Positions::default());
            let prefix = Positions::up_to(prefix.min(graph.len()));
            for members in [closed, prefix] {
                let below: BTreeSet<u32> =
                    members.iter().flat_map(|m| graph.dependencies(m).to_vec()).collect();
                let maximal: BTreeSet<u32> = members.iter().filter(|m| !below.contains(m)).collect();
                prop_assert_eq!(graph.heads_among(&members), maximal);
            }
        }
    }

    #[test]
    fn a_change_has_one_place_among_those_of_its_actor() {
        let actor = &ActorId::new([1]);
        let new = |n: u32, sequence| New { hash: hash(n), actor, sequence, last_op: 1 };
        let mut graph = Graph::default();
        assert_eq!(graph.append(&[], &new(0, 1)), Ok(0));
        assert_eq!(graph.append(&[], &new(0, 2)), Err(Misfit::Known));
        assert_eq!(graph.append(&[], &new(1, 1)), Err(Misfit::Sequence { found: 1, expected: 2 }));
        assert_eq!(graph.append(&[], &new(1, 3)), Err(Misfit::Sequence { found: 3, expected: 2 }));
        assert_eq!(graph.append(&[hash(7)], &new(1, 2)), Err(Misfit::Dependency));
        assert_eq!(graph.append(&[hash(0)], &new(1, 2)), Ok(1));
        assert_eq!(graph.named(graph.heads()), Heads::from(vec![hash(1)]));
        assert_eq!((graph.name(1), graph.name(2)), (Some((actor, 2)), None));
    }
}
