//! Human references: `R-7KQ2`. Numbers in sequence are impossible offline and unnecessary.

use super::EntryKind;
use crate::{Kind, Record, RecordRef, View};
use std::collections::BTreeMap;

/// The references of all records: a letter and the last four characters of the id, five where four are not enough to
/// tell two records of a letter apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    names: BTreeMap<RecordRef, String>,
    records: BTreeMap<String, Vec<RecordRef>>,
}

const SHORT: usize = 4;
const LONG: usize = 5;

impl References {
    /// Names every record that people cite, deleted ones included: minutes may mention them.
    pub fn of(view: &View) -> Self {
        let cited = || {
            Kind::ALL
                .iter()
                .flat_map(|kind| view.all(*kind))
                .filter_map(|record| Some((record, letter(record)?)))
        };
        let mut uses: BTreeMap<String, usize> = BTreeMap::new();
        for (record, letter) in cited() {
            *uses.entry(record.id.reference(letter, SHORT)).or_default() += 1;
        }
        let mut references = Self::default();
        for (record, letter) in cited() {
            let short = record.id.reference(letter, SHORT);
            let name = if uses.get(&short) == Some(&1) { short } else { record.id.reference(letter, LONG) };
            references.records.entry(name.clone()).or_default().push(record.reference());
            references.names.insert(record.reference(), name);
        }
        references
    }

    /// How people call a record.
    pub fn name(&self, record: RecordRef) -> Option<&str> {
        self.names.get(&record).map(String::as_str)
    }

    /// Which record somebody means; several only if five characters collide too.
    pub fn find(&self, name: &str) -> &[RecordRef] {
        self.records.get(&name.trim().to_ascii_uppercase()).map_or(&[], Vec::as_slice)
    }
}

fn letter(record: &Record) -> Option<char> {
    match record.kind {
        Kind::Register if EntryKind::of(record) == EntryKind::Opportunity => Some('P'),
        kind => kind.letter(),
    }
}
