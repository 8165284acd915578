//! Links, indexed in both directions.

use crate::{Edge, RecordRef, Relation};
use std::collections::BTreeMap;

/// All links that this build understands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edges {
    from: BTreeMap<(RecordRef, Relation, RecordRef), i64>,
    to: BTreeMap<(RecordRef, Relation, RecordRef), ()>,
}

impl Edges {
    /// Where the links of `relation` from `record` lead.
    pub fn to(&self, record: RecordRef, relation: Relation) -> impl Iterator<Item = RecordRef> {
        between(&self.from, record, Some(relation)).map(|(_, _, other)| *other)
    }

    /// Where the links of `relation` to `record` come from.
    pub fn from(&self, record: RecordRef, relation: Relation) -> impl Iterator<Item = RecordRef> {
        between(&self.to, record, Some(relation)).map(|(_, _, other)| *other)
    }

    /// Every link that starts or ends at `record`.
    pub fn of(&self, record: RecordRef) -> impl Iterator<Item = Edge> {
        let outgoing = between(&self.from, record, None);
        let incoming = between(&self.to, record, None);
        outgoing
            .map(|(from, relation, to)| Edge::new(*relation, *from, *to))
            .chain(incoming.map(|(to, relation, from)| Edge::new(*relation, *from, *to)))
    }

    /// Whether this link exists.
    pub fn contains(&self, edge: &Edge) -> bool {
        self.from.contains_key(&(edge.from, edge.relation, edge.to))
    }

    /// All links.
    pub fn iter(&self) -> impl Iterator<Item = Edge> {
        self.from.keys().map(|(from, relation, to)| Edge::new(*relation, *from, *to))
    }

    /// How many links there are.
    pub fn len(&self) -> usize {
        self.from.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.from.is_empty()
    }

    pub(crate) fn set(&mut self, edge: Edge, since: Option<i64>) {
        if let Some(since) = since {
            self.from.insert((edge.from, edge.relation, edge.to), since);
            self.to.insert((edge.to, edge.relation, edge.from), ());
        } else {
            self.from.remove(&(edge.from, edge.relation, edge.to));
            self.to.remove(&(edge.to, edge.relation, edge.from));
        }
    }
}

type Key = (RecordRef, Relation, RecordRef);

/// The keys that begin with `record` and, if given, `relation`.
fn between<V>(
    index: &BTreeMap<Key, V>,
    record: RecordRef,
    relation: Option<Relation>,
) -> impl Iterator<Item = &Key> {
    let first = relation.or_else(|| Relation::ALL.first().copied()).unwrap_or(Relation::Serves);
    let lowest = RecordRef::new(crate::Kind::Member, ids::RecordId::from_bits(0));
    index
        .range((record, first, lowest)..)
        .map(|(key, _)| key)
        .take_while(move |key| key.0 == record && relation.is_none_or(|relation| key.1 == relation))
}
