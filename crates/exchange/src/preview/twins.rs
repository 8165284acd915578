//! Rows that look like a record there is, or like an earlier row.

use super::{PreviewRow, Reading, Twin, Verdict, draft::likeness};
use crate::Mapping;
use ids::RecordId;
use std::collections::BTreeMap;
use workspace::{Field, Kind, Record, RecordRef, View};

pub(super) fn find(rows: &mut [PreviewRow], mapping: &Mapping, view: &View, reading: &Reading<'_>) {
    let kind = mapping.kind;
    let mut known: BTreeMap<String, RecordRef> = BTreeMap::new();
    for record in view.live(kind) {
        if let Some(like) = likeness_of(record) {
            known.entry(like).or_insert_with(|| record.reference());
        }
    }
    let (mut ids, mut likes): (BTreeMap<RecordId, u32>, BTreeMap<String, u32>) = Default::default();
    for row in rows.iter_mut().filter(|row| row.verdict == Verdict::New) {
        let like = row.draft.likeness(kind);
        let by_id = row.draft.id.filter(|id| view.get(kind, *id).is_some_and(|record| !record.is_deleted()));
        let by_reference = row.draft.reference.as_deref().and_then(|name| reading.referred(name, &[kind]));
        // A row with an id of its own is not the record that happens to have the same title.
        let by_title =
            || like.as_ref().filter(|_| row.draft.id.is_none()).and_then(|like| known.get(like).copied());
        let record = by_id.map(|id| RecordRef::new(kind, id)).or(by_reference).or_else(by_title);
        let earlier = row
            .draft
            .id
            .map_or_else(|| like.as_ref().and_then(|like| likes.get(like)), |id| ids.get(&id))
            .copied();
        if let Some(id) = row.draft.id {
            ids.entry(id).or_insert(row.number);
        }
        if let Some(like) = like {
            likes.entry(like).or_insert(row.number);
        }
        if let Some(number) = earlier {
            row.verdict = Verdict::Twin(Twin::Row(number));
        } else if let Some(record) = record {
            row.verdict = Verdict::Twin(Twin::Record(record));
        }
    }
}

fn likeness_of(record: &Record) -> Option<String> {
    let parts: &[Field] = match record.kind {
        Kind::Measurement => &[Field::Kpi, Field::Period],
        Kind::Register => &[Field::Kind, Field::Title],
        _ => &[Field::Title],
    };
    likeness(parts.iter().map(|field| record.line(*field)))
}
