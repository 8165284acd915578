//! The change graph of a snapshot, as it is stored beside it.
//!
//! A snapshot names its changes only after Automerge has built the whole document and encoded every change again.
//! The index saves a restarted relay that work: it lists hash, author and dependencies of each change. It can always
//! be made again from its snapshot, so a relay that cannot read one asks for the snapshot to be split instead.
//!
//! ```text
//! version (1) = 1
//! SHA-256 of the snapshot chunk (32)
//! actors      count, then length and bytes of each
//! changes     count, then for each: hash (32), actor (an index), dependencies (count, then for each its distance
//!             back in this list, from 1), last operation (a difference to the highest of the dependencies)
//! ```
//! Numbers are LEB128. Changes stand after what they depend on; the number of a change among those of its actor is
//! its place among them in this list.

use crate::document::graph::{Graph, Misfit, New};
use bytes::Bytes;
use ids::{ActorId, ChangeHash, Heads};

/// What an index says about one change; the fields of `automerge::ChangeMetadata` that make the graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexedChange {
    /// Names the change.
    pub hash: ChangeHash,
    /// What it was written on top of.
    pub dependencies: Vec<ChangeHash>,
    /// Who wrote it.
    pub actor: ActorId,
    /// Its number among the changes of its actor, from 1.
    pub sequence: u64,
    /// The counter of its last operation (`max_op`); of an empty change, that of the last one its author knew of.
    pub last_op: u64,
}

/// The change graph of one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    snapshot: [u8; 32],
    graph: Graph,
}

/// Bytes or changes that are not an index.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// Written by another version.
    #[error("the index has version {0}, this program reads version 1")]
    Version(u8),
    /// The bytes end too early, go on too long, or hold a number that does not fit.
    #[error("the bytes are not an index: {0}")]
    Malformed(&'static str),
    /// The changes contradict each other, or do not stand after their dependencies.
    #[error("change {position} does not fit the changes before it: {why}")]
    Misfit {
        /// Its place in the list.
        position: u32,
        /// Why.
        why: String,
    },
}

const VERSION: u8 = 1;

impl IndexedChange {
    pub(crate) fn as_new(&self) -> New<'_> {
        New { hash: self.hash, actor: &self.actor, sequence: self.sequence, last_op: self.last_op }
    }
}

impl Index {
    /// Of a snapshot with this SHA-256 and these changes, each after what it depends on (the order of
    /// `Automerge::get_changes_meta(&[])`).
    ///
    /// # Errors
    /// [`IndexError::Misfit`] when the changes are not the whole history of a document in such an order.
    pub fn new(
        snapshot: [u8; 32],
        changes: impl IntoIterator<Item = IndexedChange>,
    ) -> Result<Self, IndexError> {
        let mut index = Self { snapshot, graph: Graph::default() };
        for change in changes {
            let position = index.graph.len();
            index
                .graph
                .append(&change.dependencies, &change.as_new())
                .map_err(|why| misfit(position, why))?;
            if change.last_op < index.graph.last_op_before(position) {
                return Err(IndexError::Malformed("last operation"));
            }
        }
        Ok(index)
    }

    /// SHA-256 of the snapshot chunk this index describes.
    pub fn snapshot(&self) -> &[u8; 32] {
        &self.snapshot
    }

    /// How many changes the snapshot has.
    pub fn changes(&self) -> usize {
        self.graph.len() as usize
    }

    /// The heads of the snapshot.
    pub fn heads(&self) -> Heads {
        self.graph.named(self.graph.heads())
    }

    /// The names of the changes, in the order of the index.
    pub fn hashes(&self) -> &[ChangeHash] {
        self.graph.hashes()
    }

    pub(crate) fn graph(&self) -> &Graph {
        &self.graph
    }

    pub(crate) fn into_graph(self) -> Graph {
        self.graph
    }

    /// The bytes of an index chunk.
    pub fn encode(&self) -> Bytes {
        let mut out = Vec::with_capacity(64 + self.changes() * 37);
        out.push(VERSION);
        out.extend_from_slice(&self.snapshot);
        write_number(&mut out, self.graph.actors().len() as u64);
        for actor in self.graph.actors() {
            write_number(&mut out, actor.as_bytes().len() as u64);
            out.extend_from_slice(actor.as_bytes());
        }
        write_number(&mut out, u64::from(self.graph.len()));
        for (position, hash) in (0_u32..).zip(self.graph.hashes()) {
            out.extend_from_slice(hash.as_bytes());
            write_number(&mut out, self.graph.author(position).unwrap_or(0).into());
            let dependencies = self.graph.dependencies(position);
            write_number(&mut out, dependencies.len() as u64);
            for dependency in dependencies {
                write_number(&mut out, u64::from(position - dependency));
            }
            let last_op = self.graph.last_op(position).unwrap_or(0);
            write_number(&mut out, last_op.saturating_sub(self.graph.last_op_before(position)));
        }
        out.into()
    }

    /// Reads the bytes of an index chunk. Allocates no more than the bytes can describe.
    ///
    /// # Errors
    /// Another version, bytes that are not an index, or changes that do not fit together.
    pub fn decode(bytes: &[u8]) -> Result<Self, IndexError> {
        let mut reader = Reader(bytes);
        let [version] = reader.array("version")?;
        if version != VERSION {
            return Err(IndexError::Version(version));
        }
        let snapshot = reader.array("snapshot hash")?;
        let mut actors = Vec::new();
        for _ in 0..reader.count("actors")? {
            let len = reader.count("actor length")?;
            actors.push(ActorId::new(reader.take(len, "actor")?));
        }
        let mut index = Self { snapshot, graph: Graph::default() };
        let mut sequences = vec![0_u64; actors.len()];
        let mut dependencies = Vec::new();
        for _ in 0..reader.count("changes")? {
            let position = index.graph.len();
            let hash = ChangeHash(reader.array("change hash")?);
            let author = reader.number("actor index")? as usize;
            let (Some(actor), Some(sequence)) = (actors.get(author), sequences.get_mut(author)) else {
                return Err(IndexError::Malformed("actor index"));
            };
            *sequence += 1;
            dependencies.clear();
            for _ in 0..reader.count("dependencies")? {
                let distance = reader.number("dependency")?;
                let dependency = u32::try_from(distance).ok().filter(|distance| *distance > 0);
                let dependency = dependency.and_then(|distance| position.checked_sub(distance));
                dependencies.push(dependency.ok_or(IndexError::Malformed("dependency"))?);
            }
            let before = dependencies.iter().filter_map(|dependency| index.graph.last_op(*dependency)).max();
            let last_op = before.unwrap_or(0).checked_add(reader.number("last operation")?);
            let last_op = last_op.ok_or(IndexError::Malformed("last operation"))?;
            let change = New { hash, actor, sequence: *sequence, last_op };
            index.graph.push_unnamed(&dependencies, &change).map_err(|why| misfit(position, why))?;
        }
        if !reader.0.is_empty() {
            return Err(IndexError::Malformed("bytes after the end"));
        }
        let graph = index.graph.named_all().ok_or(IndexError::Malformed("a change that is there twice"))?;
        Ok(Self { graph, ..index })
    }
}

fn misfit(position: u32, why: Misfit) -> IndexError {
    IndexError::Misfit { position, why: why.to_string() }
}

fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize, what: &'static str) -> Result<&'a [u8], IndexError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(IndexError::Malformed(what))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], IndexError> {
        self.take(N, what)?.try_into().map_err(|_| IndexError::Malformed(what))
    }

    fn number(&mut self, what: &'static str) -> Result<u64, IndexError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array(what)?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(IndexError::Malformed(what))
    }

    /// A number of things that take at least a byte each.
    fn count(&mut self, what: &'static str) -> Result<usize, IndexError> {
        let count = usize::try_from(self.number(what)?).map_err(|_| IndexError::Malformed(what))?;
        if count <= self.0.len() { Ok(count) } else { Err(IndexError::Malformed(what)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::graph::tests::{graphs, hash};
    use proptest::prelude::*;

    fn indexed(graph: &Graph) -> Vec<IndexedChange> {
        (0..graph.len())
            .map(|n| IndexedChange {
                hash: *graph.hash(n).unwrap(),
                dependencies: graph.dependencies(n).iter().map(|d| *graph.hash(*d).unwrap()).collect(),
                actor: ActorId::new(n.to_le_bytes()),
                sequence: 1,
                last_op: graph.last_op(n).unwrap(),
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn round_trip(graph in graphs(), snapshot: [u8; 32], cut: u32) {
            let index = Index::new(snapshot, indexed(&graph)).unwrap();
            let bytes = index.encode();
            prop_assert_eq!(Index::decode(&bytes), Ok(index.clone()));
            prop_assert_eq!(index.into_graph(), graph);
            let end = cut as usize % bytes.len();
            prop_assert!(Index::decode(&bytes[..end]).is_err());
        }

        #[test]
        fn any_bytes_are_an_index_or_say_why(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(first) = bytes.first_mut() {
                *first = 1;
            }
            let _ = Index::decode(&bytes);
        }
    }

    /// An actor's changes are numbered by their order, so several of one actor come back with their numbers.
    #[test]
    fn numbers_of_an_actor_are_implied() {
        let change = |n: u32, actor: u8, sequence| IndexedChange {
            hash: hash(n),
            dependencies: n.checked_sub(1).map(hash).into_iter().collect(),
            actor: ActorId::new([actor]),
            sequence,
            last_op: u64::from(n) * 3,
        };
        let index = Index::new([7; 32], [change(0, 1, 1), change(1, 2, 1), change(2, 1, 2), change(3, 2, 2)])
            .unwrap();
        let read = Index::decode(&index.encode()).unwrap();
        assert_eq!(read, index);
        assert_eq!(read.into_graph().last_sequence(&ActorId::new([2])), 2);
        assert!(matches!(
            Index::new([7; 32], [change(0, 1, 2)]),
            Err(IndexError::Misfit { position: 0, .. })
        ));
    }

    #[test]
    fn a_count_beyond_the_bytes_is_refused_before_allocating() {
        let mut bytes = vec![1; 33];
        bytes.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
        assert_eq!(Index::decode(&bytes), Err(IndexError::Malformed("actors")));
        assert_eq!(Index::decode(&[2]), Err(IndexError::Version(2)));
    }
}
