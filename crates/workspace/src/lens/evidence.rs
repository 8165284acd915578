//! A file, link, note or figure that shows something.

use super::parts;
use crate::{Date, Field, Kind, Record, RecordRef, Relation, View};
use ids::{MemberId, RecordId};
use std::collections::BTreeSet;

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// `file`, `link`, `note`, `photo` or `figure`.
    pub kind: Option<String>,
    /// SHA-256 of the content, 64 hexadecimal digits.
    pub hash: Option<String>,
    /// Bytes.
    pub size: Option<i64>,
    /// `application/pdf`.
    pub media_type: Option<String>,
    /// Where it lies.
    pub link: Option<String>,
    /// When it was made.
    pub taken_on: Option<Date>,
    /// Who brought it.
    pub by: Option<MemberId>,
    /// What it shows.
    pub note: Option<String>,
}

impl Evidence {
    /// Reads a piece of evidence.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            kind: parts::line(record, Field::Kind),
            hash: parts::line(record, Field::Hash),
            size: record.int(Field::Size),
            media_type: parts::line(record, Field::MediaType),
            link: parts::line(record, Field::Link),
            taken_on: record.date(Field::TakenAt),
            by: record.id_of(Field::By).map(MemberId),
            note: parts::line(record, Field::Note),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Evidence, self.id)
    }

    /// The pieces of evidence of a record, whether the record names them or they are linked to it; deleted ones left
    /// out.
    pub fn of_record(view: &View, record: &Record) -> BTreeSet<RecordRef> {
        let named = parts::id_set(record, Field::Evidence);
        let named = named.into_iter().map(|id| RecordRef::new(Kind::Evidence, id));
        let linked = view.edges().from(record.reference(), Relation::Evidences);
        named
            .chain(linked)
            .filter(|evidence| view.record(*evidence).is_some_and(|record| !record.is_deleted()))
            .collect()
    }
}
