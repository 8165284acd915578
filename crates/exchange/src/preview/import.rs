//! The rows as one act: one change, one undo.

use super::{
    Does, Preview, PreviewRow,
    draft::{Draught, Who},
    update,
};
use ids::{RecordId, Timestamp};
use rand_core::RngCore;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{
    Act, Edge, Edit, Field, Initial, Kind, RecordRef, View, order,
    schema::{self, TITLE_CHARS_MAX},
};

/// Operations that one import may make. A relay takes changes of at most 200,000, and a character of a text is one.
const OPERATIONS_MAX: usize = 150_000;

/// Where a table came from. With it the file becomes a piece of evidence, and every new record says its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its media type.
    pub media_type: String,
}

/// An import, ready to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// What to do: `import.<collection>`.
    pub act: Act,
    /// The new records, by the row they come from.
    pub created: Vec<(u32, RecordRef)>,
    /// Records that are brought up to date, by row.
    pub updated: Vec<(u32, RecordRef)>,
    /// Members that are created because the rows name them.
    pub members: Vec<RecordRef>,
}

/// Why nothing is imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// No row makes or changes anything.
    #[error("no row of the file makes or changes a record")]
    Nothing,
    /// The change would be larger than a relay takes.
    #[error(
        "the import is too large for one change ({operations} operations, at most {OPERATIONS_MAX}); \
             split the file after row {fits} and import the parts"
    )]
    TooLarge {
        /// Estimated operations.
        operations: usize,
        /// The last row that fits.
        fits: u32,
    },
}

impl Preview {
    /// The act that imports the rows. `now` and `rng` make the ids of new records.
    ///
    /// # Errors
    /// When there is nothing to do, or too much for one change.
    pub fn import(
        &self,
        view: &View,
        source: Option<&Source>,
        now: Timestamp,
        rng: &mut dyn RngCore,
    ) -> Result<Import, ImportError> {
        let mut importing =
            Importing { kind: self.mapping.kind, view, edits: Vec::new(), people: BTreeMap::new(), now, rng };
        let working = || self.rows.iter().filter(|row| row.does != Does::Nothing);
        let members = importing.newcomers(working());
        let evidence = source.filter(|_| working().next().is_some()).map(|source| importing.evidence(source));
        let (mut created, mut updated) = (Vec::new(), Vec::new());
        let mut position = importing.last_position();
        let mut taken: BTreeSet<RecordId> = BTreeSet::new();
        let (mut counted, mut operations, mut fits) = (0, 0_usize, 0);
        for row in working() {
            match row.does {
                Does::Create => {
                    let from = source.zip(evidence);
                    let record = importing.create(row, from, &mut position, &mut taken);
                    created.push((row.number, record));
                }
                Does::Update(record) => {
                    if importing.update(row, record) {
                        updated.push((row.number, record));
                    }
                }
                Does::Nothing => {}
            }
            operations += importing.edits.iter().skip(counted).map(cost).sum::<usize>();
            counted = importing.edits.len();
            if operations <= OPERATIONS_MAX {
                fits = row.number;
            }
        }
        if created.is_empty() && updated.is_empty() {
            return Err(ImportError::Nothing);
        }
        if operations > OPERATIONS_MAX {
            return Err(ImportError::TooLarge { operations, fits });
        }
        let name = format!("import.{}", self.mapping.kind.collection());
        Ok(Import { act: Act::new(name, importing.edits), created, updated, members })
    }
}

struct Importing<'a> {
    kind: Kind,
    view: &'a View,
    edits: Vec<Edit>,
    people: BTreeMap<String, RecordId>,
    now: Timestamp,
    rng: &'a mut dyn RngCore,
}

impl Importing<'_> {
    fn fresh(&mut self) -> RecordId {
        RecordId::new(self.now, self.rng)
    }

    /// One member for each new name, however many rows have it.
    fn newcomers<'r>(&mut self, rows: impl Iterator<Item = &'r PreviewRow>) -> Vec<RecordRef> {
        let names: BTreeSet<String> = rows.flat_map(|row| row.draft.newcomers()).map(str::to_owned).collect();
        let mut members = Vec::new();
        for name in names {
            let record = RecordRef::new(Kind::Member, self.fresh());
            let title: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
            let title: String = title.chars().take(TITLE_CHARS_MAX).collect();
            self.edits.push(Edit::Create { record, fields: vec![(Field::Title, title.into())] });
            self.people.insert(name, record.id);
            members.push(record);
        }
        members
    }

    fn evidence(&mut self, source: &Source) -> RecordId {
        let record = RecordRef::new(Kind::Evidence, self.fresh());
        let title: String =
            source.name.chars().filter(|char| !char.is_control()).take(TITLE_CHARS_MAX).collect();
        let size = i64::try_from(source.bytes).unwrap_or(i64::MAX);
        let media: String = source.media_type.chars().take(120).collect();
        let mut fields: Vec<(Field, Initial)> =
            vec![(Field::Title, title.into()), (Field::Kind, "file".into()), (Field::Size, size.into())];
        fields.push((Field::MediaType, media.into()));
        if source.sha256.len() <= 64 {
            fields.push((Field::Hash, source.sha256.as_str().into()));
        }
        self.edits.push(Edit::Create { record, fields });
        record.id
    }

    /// Imported records go to the end of their list.
    fn last_position(&self) -> Option<String> {
        schema::spec(self.kind, Field::Order)?;
        self.view.live(self.kind).filter_map(|record| record.line(Field::Order)).max().map(str::to_owned)
    }

    fn create(
        &mut self,
        row: &PreviewRow,
        from: Option<(&Source, RecordId)>,
        position: &mut Option<String>,
        taken: &mut BTreeSet<RecordId>,
    ) -> RecordRef {
        // A deleted record keeps its id, and so does an earlier row.
        let own = row.draft.id.filter(|id| self.view.get(self.kind, *id).is_none() && !taken.contains(id));
        let id = match own {
            Some(id) => id,
            None => self.fresh(),
        };
        taken.insert(id);
        let record = RecordRef::new(self.kind, id);
        let mut fields: BTreeMap<Field, Initial> = BTreeMap::new();
        for (field, value) in &row.draft.fields {
            if let Some(initial) = self.initial(value) {
                fields.insert(*field, initial);
            }
        }
        if !row.draft.scores.is_empty() {
            let mut entries = Vec::new();
            for (phase, rated) in &row.draft.scores {
                for rated in rated {
                    entries.push((self.fresh(), rated.entry(*phase)));
                }
            }
            fields.insert(Field::Assessments, Initial::Entries(entries));
        }
        if schema::spec(self.kind, Field::Order).is_some() {
            let next = order::between(position.as_deref(), None, self.rng);
            *position = Some(next.clone());
            fields.insert(Field::Order, next.into());
        }
        if let Some((source, evidence)) = from {
            self.say_where_from(row, source, evidence, &mut fields);
        }
        self.edits.push(Edit::Create { record, fields: fields.into_iter().collect() });
        for (relation, to) in &row.draft.links {
            self.edits.push(Edit::Link(Edge::new(*relation, record, *to)));
        }
        record
    }

    fn say_where_from(
        &self,
        row: &PreviewRow,
        source: &Source,
        evidence: RecordId,
        fields: &mut BTreeMap<Field, Initial>,
    ) {
        if schema::spec(self.kind, Field::Evidence).is_some() {
            let known = match fields.remove(&Field::Evidence) {
                Some(Initial::Members(members)) => members,
                _ => Vec::new(),
            };
            let members = known.into_iter().chain([evidence.to_string()]).collect();
            fields.insert(Field::Evidence, Initial::Members(members));
        }
        if schema::spec(self.kind, Field::Body).is_some() {
            let called = match &row.draft.reference {
                Some(name) => {
                    format!(", there called {}", name.split_whitespace().collect::<Vec<_>>().join(" "))
                }
                None => String::new(),
            };
            let line = format!("Imported from {}, row {}{called}.", source.name, row.number);
            let body = match row.draft.fields.get(&Field::Body) {
                Some(Draught::Words(body)) => format!("{body}\n\n{line}"),
                _ => line,
            };
            if ids::Utf16Offset::len_of(&body) <= schema::TEXT_UTF16_MAX {
                fields.insert(Field::Body, body.into());
            }
        }
    }

    fn initial(&mut self, value: &Draught) -> Option<Initial> {
        Some(match value {
            Draught::Scalar(scalar) => Initial::Scalar(scalar.clone()),
            Draught::Words(words) => words.as_str().into(),
            Draught::Members(members) => Initial::Members(members.clone()),
            Draught::Entries(entries) => {
                Initial::Entries(entries.iter().map(|entry| (self.fresh(), entry.clone())).collect())
            }
            Draught::Keyed(keys) => Initial::Keyed(keys.clone()),
            Draught::Person(who) => Initial::Scalar(member(&self.people, who)?.into()),
            Draught::People(people) => Initial::Members(
                people.iter().filter_map(|who| Some(member(&self.people, who)?.to_string())).collect(),
            ),
        })
    }

    /// Whether anything is written.
    fn update(&mut self, row: &PreviewRow, record: RecordRef) -> bool {
        let Self { people, now, rng, .. } = self;
        let mut fresh = || RecordId::new(*now, &mut **rng);
        let edits = update::edits(row, record, self.view, &mut fresh, &|who| member(people, who));
        let any = !edits.is_empty();
        self.edits.extend(edits);
        any
    }
}

fn member(people: &BTreeMap<String, RecordId>, who: &Who) -> Option<RecordId> {
    match who {
        Who::Member(id) => Some(*id),
        Who::New(name) => people.get(name).copied(),
    }
}

/// About how many operations an edit is.
fn cost(edit: &Edit) -> usize {
    match edit {
        Edit::Create { record, fields } => {
            let containers = schema::fields(record.kind).filter(|spec| spec.is_container()).count();
            let values = fields.iter().map(|(field, initial)| match initial {
                Initial::Scalar(value) => {
                    let is_text =
                        schema::spec(record.kind, *field).is_some_and(|spec| spec.mark == schema::Mark::Text);
                    if is_text { value.as_text().map_or(1, |text| text.chars().count()) } else { 1 }
                }
                Initial::Members(members) => members.len(),
                Initial::Entries(entries) => entries.len(),
                Initial::Keyed(keys) => keys.len(),
            });
            4 + containers + values.sum::<usize>()
        }
        Edit::Splice { insert, .. } => insert.chars().count(),
        _ => 2,
    }
}
