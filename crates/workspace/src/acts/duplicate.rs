//! Two records for one thing: one stays, the links of the other move to it, and both stories stay reachable.

use crate::{Act, Edge, Edit, Field, Kind, RecordRef, Relation, View};

/// Marks `goes` as a duplicate of `stays`: its links move, it is deleted softly and points to the one that stays.
pub fn mark_duplicate(view: &View, stays: RecordRef, goes: RecordRef, reason: &str) -> Act {
    let mut edits = moved_links(view, stays, goes);
    edits.push(Edit::Link(Edge::new(Relation::Duplicates, goes, stays)));
    edits.push(Edit::Delete { record: goes, reason: reason.to_owned() });
    Act::new("record.duplicate", edits)
}

/// Makes one review of two that were begun for the same occurrence: agenda items and links move to `stays`, the shell
/// is deleted softly. Texts are not copied: they move with their items, and what was written into the inputs of the shell
/// stays with it.
pub fn merge_reviews(view: &View, stays: RecordRef, goes: RecordRef, reason: &str) -> Act {
    let items = view.all(Kind::AgendaItem).filter(|item| item.id_of(Field::Review) == Some(goes.id));
    let decisions = view.all(Kind::Decision).filter(|made| made.id_of(Field::Review) == Some(goes.id));
    let moved = items.chain(decisions).map(|record| Edit::Set {
        record: record.reference(),
        field: Field::Review,
        value: Some(stays.id.into()),
    });
    let mut edits: Vec<Edit> = moved.collect();
    edits.extend(moved_links(view, stays, goes));
    edits.push(Edit::Link(Edge::new(Relation::Duplicates, goes, stays)));
    edits.push(Edit::Delete { record: goes, reason: reason.to_owned() });
    Act::new("review.merge", edits)
}

fn moved_links(view: &View, stays: RecordRef, goes: RecordRef) -> Vec<Edit> {
    let mut edits = Vec::new();
    for edge in view.edges().of(goes) {
        let other = |record| if record == goes { stays } else { record };
        let moved = Edge::new(edge.relation, other(edge.from), other(edge.to));
        let both_there = view.record(moved.from).is_some() && view.record(moved.to).is_some();
        if moved.from != moved.to && both_there && !view.edges().contains(&moved) {
            edits.push(Edit::Link(moved));
        }
        edits.push(Edit::Unlink(edge));
    }
    edits
}
