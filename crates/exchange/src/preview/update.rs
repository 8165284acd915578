//! A row that brings a record up to date: what differs is written, what people wrote stays.

use super::{
    PreviewRow, Problem,
    draft::{Draught, Rated, Who},
};
use ids::RecordId;
use serde_json::Value as Json;
use workspace::{
    Edge, Edit, Field, Record, RecordRef, Scalar, View,
    lens::{Phase, Score},
    schema::{self, Mark},
};

/// Finds what an update leaves as it is, and says so.
pub(super) fn note_what_stays(row: &mut PreviewRow, record: RecordRef, view: &View) {
    let Some(known) = view.record(record) else { return };
    for (field, value) in &row.draft.fields {
        let Some(spec) = schema::spec(record.kind, *field) else { continue };
        let stays = match value {
            Draught::Words(words) if !known.text(*field).is_empty() && known.text(*field) != words => {
                Some("the text in the workspace is another one; it stays".to_owned())
            }
            Draught::Scalar(value) if *field == Field::Status => refused_move(known, value),
            Draught::Scalar(value) if spec.once && known.shown(*field) != Some(value) => {
                Some("it was written with the record and never changes; it stays".to_owned())
            }
            _ => None,
        };
        if let Some(what) = stays {
            row.problems.push(Problem { row: row.number, column: Some(field.key().to_owned()), what });
        }
    }
}

fn refused_move(known: &Record, to: &Scalar) -> Option<String> {
    let (from, to) = (known.status()?, to.as_text()?);
    let may = from == to || known.lifecycle().is_some_and(|life| life.allows(from, to));
    (!may).then(|| format!("a record cannot go from {from} to {to} in one step; it stays {from}"))
}

/// What one row writes into a record. `fresh` gives ids to log entries, `member` those of people.
pub(super) fn edits(
    row: &PreviewRow,
    record: RecordRef,
    view: &View,
    fresh: &mut dyn FnMut() -> RecordId,
    member: &dyn Fn(&Who) -> Option<RecordId>,
) -> Vec<Edit> {
    let Some(known) = view.record(record) else { return Vec::new() };
    let mut edits = Vec::new();
    for (field, value) in &row.draft.fields {
        let Some(spec) = schema::spec(record.kind, *field) else { continue };
        let field = *field;
        let set = |value: Scalar| {
            let settled = known.register(field).is_some_and(|register| !register.is_contested());
            let same = settled && known.shown(field) == Some(&value);
            (!same && !spec.once).then_some(Edit::Set { record, field, value: Some(value) })
        };
        match value {
            Draught::Scalar(value) if field == Field::Status => {
                if let Some(to) = value.as_text()
                    && known.status() != Some(to)
                    && refused_move(known, value).is_none()
                {
                    edits.push(Edit::Move { record, to: to.to_owned(), note: String::new() });
                }
            }
            Draught::Scalar(value) => edits.extend(set(value.clone())),
            Draught::Person(who) => edits.extend(member(who).and_then(|id| set(id.into()))),
            Draught::Words(words) => {
                if known.text(field).is_empty() && !words.is_empty() {
                    edits.push(Edit::Splice {
                        record,
                        field,
                        at: ids::Utf16Offset(0),
                        delete: 0,
                        insert: words.clone(),
                    });
                }
            }
            Draught::Members(members) => include(known, field, members.iter().cloned(), &mut edits),
            Draught::People(people) => {
                let members = people.iter().filter_map(|who| Some(member(who)?.to_string()));
                include(known, field, members, &mut edits);
            }
            Draught::Entries(entries) => {
                for entry in entries.iter().filter(|entry| !says(known, field, entry)) {
                    edits.push(append(spec.mark, record, field, fresh(), entry.clone()));
                }
            }
            Draught::Keyed(keys) => {
                for (key, value) in keys {
                    if known.keyed_value(field, key).is_none_or(|there| !contains(there, value)) {
                        let (key, value) = (key.clone(), Some(value.clone()));
                        edits.push(Edit::SetKey { record, field, key, value });
                    }
                }
            }
        }
    }
    for (phase, rated) in &row.draft.scores {
        for rated in rated.iter().filter(|rated| !is_rated(known, *phase, rated)) {
            let (field, value) = (Field::Assessments, rated.entry(*phase));
            edits.push(Edit::Supersede { record, field, entry: fresh(), value });
        }
    }
    for (relation, to) in &row.draft.links {
        let edge = Edge::new(*relation, record, *to);
        if record != *to && !view.edges().contains(&edge) {
            edits.push(Edit::Link(edge));
        }
    }
    edits
}

fn append(mark: Mark, record: RecordRef, field: Field, entry: RecordId, value: Json) -> Edit {
    match mark {
        Mark::Superseding => Edit::Supersede { record, field, entry, value },
        _ => Edit::Append { record, field, entry, value },
    }
}

fn include(known: &Record, field: Field, members: impl Iterator<Item = String>, edits: &mut Vec<Edit>) {
    let record = known.reference();
    for member in members.filter(|member| !known.members(field).any(|there| there == member)) {
        edits.push(Edit::Include { record, field, member });
    }
}

/// Whether a current entry already says everything that this one says.
fn says(known: &Record, field: Field, entry: &Json) -> bool {
    known.current(field).iter().any(|(_, there)| contains(there, entry))
}

fn contains(there: &Json, wanted: &Json) -> bool {
    match (there, wanted) {
        (Json::Object(there), Json::Object(wanted)) => {
            wanted.iter().all(|(key, value)| there.get(key) == Some(value))
        }
        _ => there == wanted,
    }
}

/// Whether somebody's current judgement of the phase is this score. Another confidence or reason for the same score is
/// no new judgement.
fn is_rated(known: &Record, phase: Phase, rated: &Rated) -> bool {
    known.current(Field::Assessments).iter().any(|(_, entry)| {
        let of_phase = entry.get("phase").and_then(Json::as_str) == Some(phase.key());
        let score = entry.get("score").and_then(Json::as_str).and_then(|score| score.parse::<Score>().ok());
        of_phase && score == Some(rated.score)
    })
}
