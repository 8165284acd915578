//! What differs between two states of a document, record by record, in plain sentences: for whoever was away, and for
//! the page that says what changed since the last review.
//!
//! Both states are views; `workspace::history` gives the earlier one. The changes between them say who did it.

mod record;

use crate::AsOf;
use ids::MemberId;
use std::collections::{BTreeMap, BTreeSet};
use workspace::history::Told;
use workspace::{Edge, Field, Kind, Record, RecordRef, View};

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The record.
    pub record: RecordRef,
    /// What became of it as a whole.
    pub fate: Fate,
    /// What differs, one plain sentence each, the important first.
    pub sentences: Vec<String>,
    /// The fields that differ.
    pub fields: Vec<Field>,
    /// Who did it, as the changes claim; at most those whose changes name the record.
    pub by: BTreeSet<MemberId>,
}

/// What became of a record as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It is new.
    Added,
    /// It was deleted.
    Deleted,
    /// It was deleted before and is back.
    Restored,
    /// It was there before and is there now.
    Changed,
}

/// What differs between `before` and `as_of`, the records in the order of their kinds and births. `told` are the changes
/// between the two (`workspace::history::since`); without them nobody is named.
///
/// Order keys, values of figures and inputs of reviews are left out: they are told where they belong.
pub fn between(before: &View, as_of: &AsOf<'_>, told: &[Told]) -> Vec<Change> {
    let mut by: BTreeMap<RecordRef, BTreeSet<MemberId>> = BTreeMap::new();
    for change in told {
        if let (Some(note), Some(member)) = (&change.note, change.member) {
            for record in &note.records {
                by.entry(*record).or_default().insert(member);
            }
        }
    }
    let links = links(before, as_of.view);
    let mut changes = Vec::new();
    for kind in Kind::ALL.iter().copied().filter(|kind| is_told(*kind)) {
        for record in as_of.view.all(kind) {
            let reference = record.reference();
            let old = before.record(reference).map(AsRef::as_ref);
            let own_links = links.get(&reference).map_or(&[][..], Vec::as_slice);
            if old == Some(record) && own_links.is_empty() {
                continue;
            }
            let by = by.get(&reference).cloned().unwrap_or_default();
            changes.extend(change(as_of, old, record, own_links, by));
        }
    }
    changes
}

fn is_told(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Measurement | Kind::ReviewInput | Kind::Meta | Kind::Reading | Kind::Note | Kind::Evidence
    )
}

fn change(
    as_of: &AsOf<'_>,
    old: Option<&Record>,
    new: &Record,
    links: &[(bool, Edge)],
    by: BTreeSet<MemberId>,
) -> Option<Change> {
    let record = new.reference();
    let fate = match old {
        None if new.is_deleted() => return None,
        None => Fate::Added,
        Some(old) if !old.is_deleted() && new.is_deleted() => Fate::Deleted,
        Some(old) if old.is_deleted() && !new.is_deleted() => Fate::Restored,
        Some(_) if new.is_deleted() => return None,
        Some(_) => Fate::Changed,
    };
    let title = as_of.title(record);
    let mut sentences = Vec::new();
    let mut fields = Vec::new();
    match fate {
        Fate::Added => sentences.push(format!("New: {}, {title}.", crate::words::a(new))),
        Fate::Deleted => {
            let deletion = workspace::lens::Deletion::of(new);
            let why = deletion.and_then(|deletion| deletion.reason);
            sentences.push(why.map_or_else(|| "Deleted.".to_owned(), |why| format!("Deleted: “{why}”.")));
        }
        Fate::Restored => sentences.push("Deleted before, and back now.".to_owned()),
        Fate::Changed => {}
    }
    if let Some(old) = old.filter(|_| fate == Fate::Changed) {
        for (field, sentence) in record::differences(as_of, old, new) {
            fields.push(field);
            sentences.push(sentence);
        }
        for (added, edge) in links {
            let other = if edge.from == record { edge.to } else { edge.from };
            let verb = if *added { "Linked to" } else { "No longer linked to" };
            sentences.push(format!("{verb} {}.", as_of.title(other)));
        }
    }
    (!sentences.is_empty()).then_some(Change { record, fate, sentences, fields, by })
}

/// Links that came (`true`) or went, by each of their ends.
fn links(before: &View, after: &View) -> BTreeMap<RecordRef, Vec<(bool, Edge)>> {
    let (old, new): (BTreeSet<Edge>, BTreeSet<Edge>) =
        (before.edges().iter().collect(), after.edges().iter().collect());
    let came = new.difference(&old).map(|edge| (true, *edge));
    let went = old.difference(&new).map(|edge| (false, *edge));
    let mut links: BTreeMap<RecordRef, Vec<(bool, Edge)>> = BTreeMap::new();
    for (added, edge) in came.chain(went) {
        links.entry(edge.from).or_default().push((added, edge));
        links.entry(edge.to).or_default().push((added, edge));
    }
    links
}
