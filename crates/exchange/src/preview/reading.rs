//! A row as a draft.

mod value;

use super::{
    Does, Draft, PreviewRow, Problem, Verdict,
    draft::{Draught, Rated, Who},
};
use crate::{
    Cell, Column, Mapping, Person, Row, Table, cell,
    column::has_part_columns,
    mapping::{Match, People},
};
use ids::RecordId;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use value::{Read, Refused};
use workspace::{
    Field, Initial, Kind, RecordRef, Scalar, View, accepts,
    lens::{Phase, References, Score},
    schema::{self, Mark, TITLE_CHARS_MAX},
};

/// Everything that a row is read with.
pub(super) struct Reading<'a> {
    table: &'a Table,
    mapping: &'a Mapping,
    view: &'a View,
    people: People,
    references: References,
    /// Live records by kind and what they are called.
    titles: BTreeMap<(Kind, String), Vec<RecordRef>>,
}

/// A row on its way to a draft.
struct Progress {
    number: u32,
    draft: Draft,
    cells: Vec<(Column, String)>,
    problems: Vec<Problem>,
    parts: BTreeMap<Field, Map<String, Json>>,
    rest: BTreeMap<Field, Json>,
    levels: BTreeMap<Phase, (Option<u8>, Option<u8>)>,
    scores: BTreeMap<Phase, Vec<Score>>,
    confidences: BTreeMap<Phase, Vec<i64>>,
    bases: BTreeMap<Phase, Vec<String>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(table: &'a Table, mapping: &'a Mapping, view: &'a View) -> Self {
        let references = References::of(view);
        let mut titles: BTreeMap<(Kind, String), Vec<RecordRef>> = BTreeMap::new();
        for kind in Kind::ALL.iter().copied() {
            for record in view.live(kind).filter(|record| !record.title().is_empty()) {
                titles.entry((kind, plain(record.title()))).or_default().push(record.reference());
            }
        }
        Self { table, mapping, view, people: People::of(view, &references), references, titles }
    }

    pub(super) fn row(&self, row: &Row) -> PreviewRow {
        let mut progress = Progress {
            number: row.number,
            draft: Draft::default(),
            cells: Vec::new(),
            problems: Vec::new(),
            parts: BTreeMap::new(),
            rest: BTreeMap::new(),
            levels: BTreeMap::new(),
            scores: BTreeMap::new(),
            confidences: BTreeMap::new(),
            bases: BTreeMap::new(),
        };
        let shape = self.wrong_shape(row);
        let mut verdict = Verdict::New;
        if let Some(what) = shape {
            verdict = Verdict::Unreadable;
            progress.problems.push(Problem { row: row.number, column: None, what });
        } else {
            self.read(row, &mut progress);
            let titled = schema::spec(self.mapping.kind, Field::Title).is_some();
            if titled && progress.draft.line(Field::Title).is_none() {
                verdict = Verdict::Unreadable;
                let column = self.header_of(Column::Field(Field::Title));
                let what = "there is no title, and a record needs one; the row is left out".to_owned();
                progress.problems.push(Problem { row: row.number, column, what });
            }
            if self.mapping.kind == Kind::Measurement
                && [Field::Kpi, Field::Period, Field::Value]
                    .iter()
                    .any(|field| !progress.draft.fields.contains_key(field))
            {
                verdict = Verdict::Unreadable;
                let what = "a figure needs its KPI, its period and its value; the row is left out".to_owned();
                progress.problems.push(Problem { row: row.number, column: None, what });
            }
        }
        let title = match progress.draft.line(Field::Title) {
            Some(title) => title.to_owned(),
            None => row.cells.iter().find(|cell| !cell.is_empty()).map(short).unwrap_or_default(),
        };
        PreviewRow {
            number: row.number,
            title,
            verdict,
            does: Does::Nothing,
            cells: progress.cells,
            problems: progress.problems,
            draft: progress.draft,
        }
    }

    fn wrong_shape(&self, row: &Row) -> Option<String> {
        let (width, last) = (self.table.header.len(), row.width());
        (last > width).then(|| {
            format!(
                "the row has {last} cells and the header has {width}; probably a text with the delimiter in it is \
                 not in quotation marks. Mend it in the file; the row is left out"
            )
        })
    }

    fn read(&self, row: &Row, progress: &mut Progress) {
        let mut given: Vec<(Column, Cell)> = Vec::new();
        for (place, column) in self.mapping.used() {
            if let Some(cell) = row.cells.get(place).filter(|cell| !cell.is_empty()) {
                given.push((column, cell.clone()));
            }
        }
        for (column, text) in &self.mapping.constants {
            if !given.iter().any(|(known, _)| known == column) {
                given.push((*column, Cell::Text(text.clone())));
            }
        }
        // Whether it is a risk or an opportunity decides which states there are.
        let is_kind = |column: &Column| *column == Column::Field(Field::Kind);
        given.sort_by_key(|(column, _)| !is_kind(column));
        for (column, cell) in given {
            if !column.fits(self.mapping.kind) {
                self.complain(
                    progress,
                    column,
                    "this kind of record has no such field; the cell is left out".into(),
                );
                continue;
            }
            match self.value(progress, column, &cell) {
                Ok(read) => self.keep(progress, column, read),
                Err(Refused(what)) => self.complain(progress, column, what),
            }
        }
        self.put_together(progress);
    }

    fn keep(&self, progress: &mut Progress, column: Column, read: Read) {
        let shown = match read {
            Read::Nothing => return,
            Read::Id(id) => {
                progress.draft.id = Some(id);
                id.to_string()
            }
            Read::Reference(name) => {
                progress.draft.reference = Some(name.clone());
                name
            }
            Read::Scores(scores) => {
                let Column::Score(phase) = column else { return };
                let shown = cell::join(
                    scores.iter().map(Score::to_string).collect::<Vec<_>>().iter().map(String::as_str),
                );
                progress.scores.insert(phase, scores);
                shown
            }
            Read::Level(level) => {
                match column {
                    Column::Likelihood(phase) => progress.levels.entry(phase).or_default().0 = Some(level),
                    Column::Consequence(phase) => progress.levels.entry(phase).or_default().1 = Some(level),
                    _ => {}
                }
                level.to_string()
            }
            Read::Confidences(values) => {
                let Column::Confidence(phase) = column else { return };
                let shown = values.iter().map(i64::to_string).collect::<Vec<_>>().join(" | ");
                progress.confidences.insert(phase, values);
                shown
            }
            Read::Bases(values) => {
                let Column::Basis(phase) = column else { return };
                let shown = values.join(" | ");
                progress.bases.insert(phase, values);
                shown
            }
            Read::Links(relation, records) => {
                let names: Vec<&str> =
                    records.iter().filter_map(|record| self.references.name(*record)).collect();
                let shown = names.join(" | ");
                progress.draft.links.extend(records.into_iter().map(|record| (relation, record)));
                shown
            }
            Read::Part(value) => {
                let Column::Part(field, key) = column else { return };
                let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                progress.parts.entry(field).or_default().insert(key.to_owned(), value);
                shown
            }
            Read::Rest(json) => {
                let Column::Field(field) = column else { return };
                let shown = json.to_string();
                progress.rest.insert(field, json);
                shown
            }
            Read::Field(value) => {
                let Column::Field(field) = column else { return };
                let shown = self.shown(&value);
                progress.draft.fields.insert(field, value);
                shown
            }
        };
        progress.cells.push((column, shown));
    }

    /// Parts become atoms and entries, halves become scores, and everything is held against the schema once more.
    fn put_together(&self, progress: &mut Progress) {
        self.assemble_scores(progress);
        let fields: Vec<Field> = progress.parts.keys().chain(progress.rest.keys()).copied().collect();
        for field in fields {
            let Some(spec) = schema::spec(self.mapping.kind, field) else { continue };
            let parts = progress.parts.remove(&field).unwrap_or_default();
            let rest = progress.rest.remove(&field);
            if parts.is_empty() && rest.is_none() {
                continue;
            }
            let value = match (spec.mark, rest) {
                (_, Some(Json::Array(entries))) if spec.mark == Mark::Superseding => {
                    Draught::Entries(entries)
                }
                (mark, rest) => {
                    let mut whole = match rest {
                        Some(Json::Object(rest)) => rest,
                        _ => Map::new(),
                    };
                    whole.extend(parts);
                    match mark {
                        Mark::Superseding => Draught::Entries(vec![Json::Object(whole)]),
                        _ => Draught::Scalar(Scalar::Atom(Json::Object(whole))),
                    }
                }
            };
            progress.draft.fields.insert(field, value);
        }
        self.shorten_title(progress);
        let variant = progress.draft.line(Field::Kind).map(str::to_owned);
        let refused: Vec<(Field, String)> = progress
            .draft
            .fields
            .iter()
            .filter_map(|(field, value)| {
                let initial = probe(value);
                let refusal = accepts(self.mapping.kind, variant.as_deref(), *field, &initial).err()?;
                Some((*field, refusal.to_string()))
            })
            .collect();
        for (field, why) in refused {
            progress.draft.fields.remove(&field);
            self.complain(progress, Column::Field(field), format!("{why}; the field is left out"));
        }
    }

    fn assemble_scores(&self, progress: &mut Progress) {
        for (phase, halves) in std::mem::take(&mut progress.levels) {
            match halves {
                (Some(likelihood), Some(consequence)) => {
                    let score = Score::new(likelihood, consequence);
                    progress.scores.entry(phase).or_insert_with(|| score.into_iter().collect());
                }
                (likelihood, _) => {
                    let (column, missing) = match likelihood {
                        Some(_) => (Column::Likelihood(phase), "consequence"),
                        None => (Column::Consequence(phase), "likelihood"),
                    };
                    let what = format!("the {missing} is missing, and half a score is none; it is left out");
                    self.complain(progress, column, what);
                }
            }
        }
        for (phase, scores) in std::mem::take(&mut progress.scores) {
            let confidences = progress.confidences.remove(&phase).unwrap_or_default();
            let bases = progress.bases.remove(&phase).unwrap_or_default();
            let rated = scores.into_iter().enumerate().map(|(at, score)| Rated {
                score,
                confidence: confidences.get(at).copied(),
                basis: bases.get(at).filter(|basis| !basis.is_empty()).cloned(),
            });
            progress.draft.scores.insert(phase, rated.collect());
        }
        let alone: Vec<Phase> = progress.bases.keys().chain(progress.confidences.keys()).copied().collect();
        for phase in alone {
            let what = "there is no score that this could be the reason for; it is left out".to_owned();
            self.complain(progress, Column::Basis(phase), what);
        }
    }

    /// A title of a paragraph is common in registers: the whole of it goes into the description.
    fn shorten_title(&self, progress: &mut Progress) {
        let Some(title) = progress.draft.line(Field::Title).map(str::to_owned) else { return };
        if title.chars().count() <= TITLE_CHARS_MAX {
            return;
        }
        let short: String = title.chars().take(TITLE_CHARS_MAX - 1).chain(['…']).collect();
        progress.draft.fields.insert(Field::Title, Draught::Scalar(short.into()));
        if schema::spec(self.mapping.kind, Field::Body).is_some() {
            let body = match progress.draft.fields.get(&Field::Body) {
                Some(Draught::Words(body)) => format!("{title}\n\n{body}"),
                _ => title,
            };
            progress.draft.fields.insert(Field::Body, Draught::Words(body));
        }
        let what = format!(
            "the title has more than {TITLE_CHARS_MAX} characters; it is shortened, the whole of it is in the description"
        );
        self.complain(progress, Column::Field(Field::Title), what);
    }

    fn complain(&self, progress: &mut Progress, column: Column, what: String) {
        let column = self.header_of(column).or_else(|| Some(column.to_string()));
        progress.problems.push(Problem { row: progress.number, column, what });
    }

    /// What the file calls a column.
    fn header_of(&self, column: Column) -> Option<String> {
        let is_it = |known: &Column| match (*known, column) {
            (known, wanted) if known == wanted => true,
            (Column::Part(field, _), Column::Field(wanted)) => field == wanted,
            _ => false,
        };
        let place = self.mapping.used().find(|(_, known)| is_it(known)).map(|(place, _)| place)?;
        self.table.header.get(place).cloned()
    }

    /// The record of one of these kinds that is called so.
    pub(super) fn referred(&self, name: &str, kinds: &[Kind]) -> Option<RecordRef> {
        let live = |record: &RecordRef| {
            kinds.contains(&record.kind)
                && self.view.record(*record).is_some_and(|record| !record.is_deleted())
        };
        if let Ok(id) = name.parse::<RecordId>() {
            return kinds.iter().map(|kind| RecordRef::new(*kind, id)).find(live);
        }
        if let Ok(record) = name.parse::<RecordRef>() {
            return Some(record).filter(live);
        }
        let mut found = self.references.find(name).iter().copied().filter(live);
        found.next().filter(|_| found.next().is_none())
    }

    /// The record of one of these kinds that has this reference or, if only one has it, this title.
    fn named(&self, name: &str, kinds: &[Kind]) -> Option<RecordRef> {
        self.referred(name, kinds).or_else(|| {
            let name = plain(name);
            let mut titled =
                kinds.iter().filter_map(|kind| self.titles.get(&(*kind, name.clone()))).flatten().copied();
            titled.next().filter(|_| titled.next().is_none())
        })
    }

    fn person(&self, name: &str) -> Result<Option<Who>, Refused> {
        match self.mapping.people.get(name) {
            Some(Person::Member(id)) => return Ok(Some(Who::Member(*id))),
            Some(Person::Create) => return Ok(Some(Who::New(name.to_owned()))),
            Some(Person::Leave) => return Ok(None),
            None => {}
        }
        match self.people.find(name) {
            Match::One(id) => Ok(Some(Who::Member(id))),
            Match::Several => {
                Err(Refused(format!("{name:?} could be several members; the field is left empty")))
            }
            Match::Nobody => Err(Refused(format!("nobody here is called {name:?}; the field is left empty"))),
        }
    }

    fn shown(&self, value: &Draught) -> String {
        let person = |who: &Who| match who {
            Who::New(name) => name.clone(),
            Who::Member(id) => match self.view.get(Kind::Member, *id) {
                Some(member) => member.title().to_owned(),
                None => id.to_string(),
            },
        };
        match value {
            Draught::Scalar(scalar) => scalar.to_string(),
            Draught::Words(words) => words.clone(),
            Draught::Members(members) => members.join(" | "),
            Draught::Entries(entries) => Json::Array(entries.clone()).to_string(),
            Draught::Keyed(keyed) => {
                keyed.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(" | ")
            }
            Draught::Person(who) => person(who),
            Draught::People(people) => people.iter().map(person).collect::<Vec<_>>().join(" | "),
        }
    }
}

/// The value as `accepts` takes it; people who do not exist yet stand for themselves.
fn probe(value: &Draught) -> Initial {
    let nobody = || RecordId::from_bits(0).to_string();
    match value {
        Draught::Scalar(scalar) => Initial::Scalar(scalar.clone()),
        Draught::Words(words) => Initial::Scalar(words.as_str().into()),
        Draught::Members(members) => Initial::Members(members.clone()),
        Draught::Entries(entries) => {
            Initial::Entries(entries.iter().map(|entry| (RecordId::from_bits(0), entry.clone())).collect())
        }
        Draught::Keyed(keyed) => Initial::Keyed(keyed.clone()),
        Draught::Person(_) => Initial::Scalar(nobody().into()),
        Draught::People(people) => Initial::Members(people.iter().map(|_| nobody()).collect()),
    }
}

pub(super) fn plain(title: &str) -> String {
    title.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn short(cell: &Cell) -> String {
    cell.to_string().chars().take(60).collect()
}

/// Whether a field comes as parts and a rest.
fn comes_in_parts(kind: Kind, field: Field) -> bool {
    schema::spec(kind, field).is_some_and(|spec| {
        has_part_columns(spec) || spec.mark == Mark::Superseding || spec.mark == Mark::Atom
    })
}
