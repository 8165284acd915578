//! One table per kind of record, with stable headers and codes.

use crate::{
    Column, cell,
    column::{has_part_columns, members_of},
    columns,
};
use ids::RecordId;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use workspace::{
    Field, Kind, Record, RecordRef, Relation, Scalar, Value, View, canonical,
    lens::{Phase, References, Score},
    schema::{self, FieldSpec, Mark, Type},
};

/// How a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CsvStyle {
    /// For programs: commas, UTF-8.
    #[default]
    Plain,
    /// For a spreadsheet program opened with a double click: semicolons and a byte order mark.
    Spreadsheet,
}

/// The live records of a kind as a CSV file.
///
/// The first row has the headers of [`columns`], then links that only these records have. Codes are codes, days are
/// ISO days, numbers have a point; several values of a cell are parted by ` | `; people are names where these are
/// unique, other records are references. Where people disagree the cautious value stands. Text that a spreadsheet would
/// compute begins with an apostrophe.
///
/// Comments, life-cycle moves and other logs are not in it: they are in the [JSON](crate::json).
pub fn csv(view: &View, kind: Kind, style: CsvStyle) -> String {
    let names = Names::of(view);
    let mut columns = columns(kind);
    let linked: BTreeSet<Relation> =
        view.edges().iter().filter(|edge| edge.from.kind == kind).map(|edge| edge.relation).collect();
    let further = linked.into_iter().map(Column::Link).filter(|column| !columns.contains(column));
    let further: Vec<Column> = further.collect();
    columns.extend(further);
    let delimiter = if style == CsvStyle::Spreadsheet { b';' } else { b',' };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    // Writing to memory does not fail, and every row has as many cells as the header.
    let _ = writer.write_record(columns.iter().map(Column::to_string));
    for record in view.live(kind) {
        let _ = writer.write_record(columns.iter().map(|column| cell_of(view, &names, record, *column)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if style == CsvStyle::Spreadsheet { format!("\u{feff}{text}") } else { text }
}

/// How records are called in cells.
struct Names {
    references: References,
    people: BTreeMap<RecordId, String>,
}

impl Names {
    fn of(view: &View) -> Self {
        let references = References::of(view);
        let matching = crate::mapping::People::of(view, &references);
        let mut people = BTreeMap::new();
        for member in view.live(Kind::Member) {
            let name = member.title();
            let unique = matching.find(name) == crate::mapping::Match::One(member.id);
            // A name that a spreadsheet or our own lists would take apart stands as a reference.
            let plain = name == name.trim()
                && !name.contains(['|', '\\', ';', '\n', '=', '+', '@', '\''])
                && !name.starts_with('-');
            if unique && plain {
                people.insert(member.id, name.to_owned());
            }
        }
        Self { references, people }
    }

    fn call(&self, record: RecordRef) -> String {
        let person = self.people.get(&record.id).filter(|_| record.kind == Kind::Member);
        let reference = || self.references.name(record).filter(|name| self.references.find(name).len() == 1);
        person.map(String::as_str).or_else(reference).map_or_else(|| record.id.to_string(), str::to_owned)
    }

    /// The id of a record of one of these kinds, as people call it.
    fn call_id(&self, view: &View, id: &str, kinds: &[Kind]) -> String {
        let Ok(parsed) = id.parse::<RecordId>() else { return id.to_owned() };
        let mut records = kinds.iter().map(|kind| RecordRef::new(*kind, parsed));
        let there = |record: &RecordRef| view.record(*record).is_some_and(|record| !record.is_deleted());
        records.find(there).map_or_else(|| id.to_owned(), |record| self.call(record))
    }
}

fn cell_of(view: &View, names: &Names, record: &Record, column: Column) -> String {
    match column {
        Column::Id => record.id.to_string(),
        Column::Reference => names.references.name(record.reference()).unwrap_or_default().to_owned(),
        Column::Field(field) => match schema::spec(record.kind, field) {
            Some(spec) => field_cell(view, names, record, spec),
            None => String::new(),
        },
        Column::Part(field, key) => part_cell(record, field, key),
        Column::Score(phase) => joined(rated(record, phase).map(|(score, _)| score.to_string())),
        Column::Confidence(phase) => {
            joined(rated(record, phase).map(|(_, entry)| match entry.get("confidence") {
                Some(Json::Number(confidence)) => confidence.to_string(),
                // Something has to stand there, so that what follows belongs to its own score.
                _ => "0".to_owned(),
            }))
        }
        Column::Basis(phase) => {
            let bases: Vec<&str> = rated(record, phase)
                .map(|(_, entry)| entry.get("basis").and_then(Json::as_str).unwrap_or_default())
                .collect();
            match bases.as_slice() {
                [only] if !only.contains(['|', '\\']) => cell::disarm((*only).to_owned()),
                bases if bases.iter().all(|basis| basis.is_empty()) => String::new(),
                bases => cell::disarm(cell::join(
                    bases.iter().map(|basis| if basis.is_empty() { "–" } else { basis }),
                )),
            }
        }
        Column::Likelihood(_) | Column::Consequence(_) => String::new(),
        Column::Link(relation) => {
            let there = |record: &RecordRef| view.record(*record).is_some_and(|record| !record.is_deleted());
            joined(view.edges().to(record.reference(), relation).filter(there).map(|to| linked(names, to)))
        }
    }
}

/// A link names any kind of record, so a person's name would not do.
fn linked(names: &Names, record: RecordRef) -> String {
    let reference = names.references.name(record).filter(|name| names.references.find(name).len() == 1);
    reference.map_or_else(|| record.to_string(), str::to_owned)
}

fn joined(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    cell::join(values.iter().map(String::as_str))
}

fn field_cell(view: &View, names: &Names, record: &Record, spec: &FieldSpec) -> String {
    let field = spec.field;
    match (spec.mark, record.value(field)) {
        (Mark::Text, _) => cell::disarm(record.text(field).to_owned()),
        (Mark::Set, Some(Value::Set(set))) => {
            let members = set.keys().map(|member| match members_of(field) {
                Some(kind) => names.call_id(view, member, &[kind]),
                None => member.clone(),
            });
            let members: Vec<String> = members.collect();
            cell::disarm(cell::join(members.iter().map(String::as_str)))
        }
        (Mark::Keyed, Some(Value::Keyed(keyed))) if !keyed.is_empty() => {
            let shown =
                keyed.iter().filter_map(|(key, register)| Some((key.clone(), json_of(register.shown()?))));
            canonical::text(&Json::Object(shown.collect()))
        }
        (Mark::Atom, _) => rest_of_atom(record, spec),
        (Mark::Superseding, _) => rest_of_log(record, spec),
        (Mark::Register | Mark::Reference | Mark::Order, _) => match record.shown(field) {
            Some(value) => register_cell(view, names, record.kind, spec, value),
            None => String::new(),
        },
        _ => String::new(),
    }
}

fn register_cell(view: &View, names: &Names, kind: Kind, spec: &FieldSpec, value: &Scalar) -> String {
    match (spec.ty, value) {
        (Type::Id(kinds), Scalar::Text(id)) => names.call_id(view, id, kinds),
        (Type::AnyRecord, Scalar::Text(text)) => text.clone(),
        (_, Scalar::Text(text)) if kind == Kind::Grant && spec.field == Field::Holder => {
            names.call_id(view, text, &[Kind::Member, Kind::Seat])
        }
        (Type::Line(_), Scalar::Text(text)) => cell::disarm(text.clone()),
        (_, Scalar::Flag(flag)) => if *flag { "yes" } else { "no" }.to_owned(),
        (_, value) => value.to_string(),
    }
}

fn part_cell(record: &Record, field: Field, key: &str) -> String {
    let part = match schema::spec(record.kind, field).map(|spec| spec.mark) {
        Some(Mark::Atom) => record.atom(field).and_then(|atom| atom.get(key)),
        Some(Mark::Superseding) => match record.current(field).as_slice() {
            [(_, only)] => only.get(key),
            _ => None,
        },
        _ => None,
    };
    match part {
        Some(Json::String(text)) => cell::disarm(text.clone()),
        Some(Json::Bool(flag)) => if *flag { "yes" } else { "no" }.to_owned(),
        Some(Json::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

fn rest_of_atom(record: &Record, spec: &FieldSpec) -> String {
    let Some(atom) = record.atom(spec.field) else { return String::new() };
    match atom {
        Json::Object(members) if spec.ty == Type::Object => rest(members, spec),
        other => canonical::text(other),
    }
}

fn rest_of_log(record: &Record, spec: &FieldSpec) -> String {
    let current = record.current(spec.field);
    let own = |entry: &Json| -> Map<String, Json> {
        let mut members = entry.as_object().cloned().unwrap_or_default();
        members.remove("supersedes");
        members
    };
    match current.as_slice() {
        [] => String::new(),
        [(_, only)] if has_part_columns(spec) => rest(&own(only), spec),
        several => {
            let entries = several.iter().map(|(_, entry)| Json::Object(own(entry))).collect();
            canonical::text(&Json::Array(entries))
        }
    }
}

/// The members that have no column of their own.
fn rest(members: &Map<String, Json>, spec: &FieldSpec) -> String {
    let in_columns = |key: &String, value: &Json| {
        has_part_columns(spec) && !value.is_null() && spec.parts.iter().any(|part| part.key == key)
    };
    let left: Map<String, Json> = members
        .iter()
        .filter(|(key, value)| !in_columns(key, value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let has_parts = left.len() < members.len();
    if left.is_empty() && has_parts { String::new() } else { canonical::text(&Json::Object(left)) }
}

fn rated(record: &Record, phase: Phase) -> impl Iterator<Item = (Score, &Json)> {
    record.current(Field::Assessments).into_iter().filter_map(move |(_, entry)| {
        let of_phase = entry.get("phase").and_then(Json::as_str) == Some(phase.key());
        let score = entry.get("score").and_then(Json::as_str)?.parse().ok()?;
        of_phase.then_some((score, entry))
    })
}

fn json_of(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Flag(flag) => (*flag).into(),
        Scalar::Int(int) => (*int).into(),
        Scalar::Text(text) => text.clone().into(),
        Scalar::Atom(json) => json.clone(),
    }
}
