//! The connections of records: links people made, and the references that records carry (who answers for it, which
//! figure, which review). Any record leads to what it is connected with, in both directions.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use workspace::lens::Grant;
use workspace::schema::{self, Mark, Type};
use workspace::{Edge, Field, Kind, Record, RecordRef, Scalar, View};

/// One connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The record that says it.
    pub from: RecordRef,
    /// The record it is said of.
    pub to: RecordRef,
    /// How it is said.
    pub said: Said,
}

/// How a connection is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// By a link that somebody made.
    Edge(Edge),
    /// By a field of the record.
    Field(Field),
}

impl Link {
    /// The record at the other end.
    pub fn other(&self, record: RecordRef) -> RecordRef {
        if self.from == record { self.to } else { self.from }
    }

    /// A word for it that is the same everywhere: `serves`, `owner`.
    pub fn word(&self) -> &'static str {
        match self.said {
            Said::Edge(edge) => edge.relation.key(),
            Said::Field(field) => field.key(),
        }
    }

    /// Tells it from the other links of a record.
    pub fn key(&self) -> String {
        format!("{}|{}|{}", self.word(), self.from, self.to)
    }
}

/// What a record itself says: its references, and every link that starts or ends at it. References that other records
/// carry to it are in [`Links`].
pub fn of(view: &View, record: &Record) -> Vec<Link> {
    let from = record.reference();
    let fields = references(view, record).into_iter();
    let fields = fields.map(|(field, to)| Link { from, to, said: Said::Field(field) });
    let edges = view.edges().of(from);
    fields.chain(edges.map(|edge| Link { from: edge.from, to: edge.to, said: Said::Edge(edge) })).collect()
}

/// Sets whose members are records.
const SETS: &[(Field, Kind)] = &[
    (Field::Evidence, Kind::Evidence),
    (Field::Helpers, Kind::Member),
    (Field::DecidedBy, Kind::Member),
    (Field::Versions, Kind::Policy),
    (Field::SeenDecision, Kind::Decision),
];
/// Parts of atoms and entries that name records.
const PARTS: &[(&str, Kind)] = &[("decision", Kind::Decision), ("review", Kind::Review), ("kpi", Kind::Kpi)];

/// The records that the fields of a record name. Who wrote it is no connection: that would connect everything.
fn references(view: &View, record: &Record) -> BTreeSet<(Field, RecordRef)> {
    let mut found = BTreeSet::new();
    for spec in schema::fields(record.kind) {
        let field = spec.field;
        if field == Field::CreatedBy {
            continue;
        }
        let open = record.register(field).map_or(&[][..], |register| register.values());
        let texts = open.iter().filter_map(Scalar::as_text);
        match spec.ty {
            Type::Id(kinds) => {
                found.extend(texts.filter_map(|text| Some((field, resolved(view, text, kinds)?))))
            }
            Type::AnyRecord => found.extend(texts.filter_map(|text| Some((field, text.parse().ok()?)))),
            _ => {}
        }
        if let Some((_, kind)) = SETS.iter().find(|(set, _)| *set == field) {
            let members = record.members(field).filter_map(|member| member.parse().ok());
            found.extend(members.map(|id| (field, RecordRef::new(*kind, id))));
        }
        let atoms = open.iter().filter_map(Scalar::as_atom);
        let entries = record.entries(field).map(|(_, entry)| entry);
        for value in atoms.chain(entries) {
            for (part, kind) in PARTS {
                let id = value.get(part).and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
                found.extend(id.map(|id| (field, RecordRef::new(*kind, id))));
            }
            let named =
                value.get("record").and_then(|named| named.as_str()).and_then(|named| named.parse().ok());
            found.extend(named.map(|named| (field, named)));
        }
        if field == Field::Supersedes && spec.mark == Mark::Atom {
            let ids = open.iter().filter_map(Scalar::as_atom).filter_map(|atom| atom.as_array()).flatten();
            let ids = ids.filter_map(|id| id.as_str()?.parse().ok());
            found.extend(ids.map(|id| (field, RecordRef::new(record.kind, id))));
        }
    }
    if record.kind == Kind::Grant {
        let holders = Grant::of(record).holders;
        found.extend(holders.iter().filter_map(|holder| Some((Field::Holder, holder.record(view)?))));
    }
    found.retain(|(_, to)| *to != record.reference());
    found
}

/// The record behind an id that may be of several kinds: the kind that has it, the first one when none does.
fn resolved(view: &View, text: &str, kinds: &[Kind]) -> Option<RecordRef> {
    let id = text.parse().ok()?;
    let known = kinds.iter().find(|kind| view.get(**kind, id).is_some());
    Some(RecordRef::new(*known.or_else(|| kinds.first())?, id))
}

/// All connections of a view, in both directions. Kept up to date with the records that a batch of changes touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    named_by: BTreeMap<RecordRef, BTreeSet<(RecordRef, Field)>>,
    names: BTreeMap<RecordRef, BTreeSet<(RecordRef, Field)>>,
}

impl Links {
    /// The connections of a view.
    pub fn of(view: &View) -> Self {
        let mut links = Self::default();
        for kind in Kind::ALL {
            for record in view.all(*kind) {
                links.put(view, record);
            }
        }
        links
    }

    /// Brings them up to date; `touched` as [`View::update`] gave them. Links that people made need no update.
    pub fn update(&mut self, view: &View, touched: &BTreeSet<RecordRef>) {
        for record in touched {
            for (to, field) in self.names.remove(record).unwrap_or_default() {
                if let Some(from) = self.named_by.get_mut(&to) {
                    from.remove(&(*record, field));
                    if from.is_empty() {
                        self.named_by.remove(&to);
                    }
                }
            }
            if let Some(record) = view.record(*record) {
                self.put(view, record);
            }
        }
    }

    fn put(&mut self, view: &View, record: &Record) {
        for (field, to) in references(view, record) {
            self.names.entry(record.reference()).or_default().insert((to, field));
            self.named_by.entry(to).or_default().insert((record.reference(), field));
        }
    }

    /// Every connection of a record, in both directions.
    pub fn links(&self, view: &View, record: RecordRef) -> Vec<Link> {
        let field = |from, to, field| Link { from, to, said: Said::Field(field) };
        let out = self.names.get(&record).into_iter().flatten();
        let out = out.map(|(to, said)| field(record, *to, *said));
        let back = self.named_by.get(&record).into_iter().flatten();
        let back = back.map(|(from, said)| field(*from, record, *said));
        let edges = view.edges().of(record);
        let edges = edges.map(|edge| Link { from: edge.from, to: edge.to, said: Said::Edge(edge) });
        out.chain(back).chain(edges).collect()
    }

    /// The records next to a record that exist and are not deleted.
    pub fn neighbours(&self, view: &View, record: RecordRef) -> BTreeSet<RecordRef> {
        let links = self.links(view, record);
        let others = links.iter().map(|link| link.other(record)).filter(|other| *other != record);
        others.filter(|other| view.record(*other).is_some_and(|record| !record.is_deleted())).collect()
    }

    /// The shortest way from one record to another, both included; `None` when none leads there.
    pub fn way(&self, view: &View, from: RecordRef, to: RecordRef) -> Option<Vec<RecordRef>> {
        let mut came_from: BTreeMap<RecordRef, RecordRef> = BTreeMap::from([(from, from)]);
        let mut next = VecDeque::from([from]);
        while let Some(record) = next.pop_front() {
            if record == to {
                break;
            }
            for other in self.neighbours(view, record) {
                came_from.entry(other).or_insert_with(|| {
                    next.push_back(other);
                    record
                });
            }
        }
        let mut way = vec![to];
        let mut at = to;
        while at != from {
            at = *came_from.get(&at)?;
            way.push(at);
        }
        way.reverse();
        Some(way)
    }

    /// Every record that can be reached in so many steps, with its distance.
    pub fn within(&self, view: &View, from: RecordRef, steps: usize) -> BTreeMap<RecordRef, usize> {
        let mut reached = BTreeMap::from([(from, 0)]);
        let mut edge = vec![from];
        for step in 1..=steps {
            let mut further = Vec::new();
            for other in edge.iter().flat_map(|record| self.neighbours(view, *record)) {
                if let std::collections::btree_map::Entry::Vacant(place) = reached.entry(other) {
                    place.insert(step);
                    further.push(other);
                }
            }
            edge = further;
        }
        reached
    }
}
