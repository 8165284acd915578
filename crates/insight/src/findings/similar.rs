//! Entries that look like one another: two people wrote the same thing down apart.

use crate::{AsOf, words};
use std::collections::{BTreeMap, BTreeSet};
use workspace::lens::{EntryKind, RegisterEntry};
use workspace::{Kind, Record, RecordRef, Relation, View};

/// The register by the words of its titles, so that a record is only compared with those it shares a word with.
#[derive(Debug)]
pub(crate) struct Titles {
    words_of: BTreeMap<RecordRef, BTreeSet<String>>,
    with_word: BTreeMap<String, Vec<RecordRef>>,
}

/// Titles that share this many of their words, of a hundred, are alike by themselves …
const ALIKE: usize = 70;
/// … and this many when the entries also share a link.
const ALIKE_WITH_LINK: usize = 45;
/// Nobody compares more than a few; a list that was imported twice is not told record by record.
const TWINS_MAX: usize = 3;
/// Words that say nothing.
const SMALL: [&str; 17] = [
    "the", "and", "for", "with", "from", "that", "our", "are", "not", "der", "die", "das", "und", "les",
    "des", "una", "por",
];

impl Titles {
    pub(crate) fn of(view: &View) -> Self {
        let mut titles = Self { words_of: BTreeMap::new(), with_word: BTreeMap::new() };
        for record in view.live(Kind::Register) {
            let words = telling(record.title());
            for word in &words {
                titles.with_word.entry(word.clone()).or_default().push(record.reference());
            }
            titles.words_of.insert(record.reference(), words);
        }
        titles
    }

    /// The open entries of the same kind that look like this one.
    pub(crate) fn like(&self, as_of: &AsOf<'_>, record: &Record) -> Vec<RecordRef> {
        let reference = record.reference();
        let Some(own) = self.words_of.get(&reference) else { return Vec::new() };
        let near: BTreeSet<RecordRef> =
            own.iter().filter_map(|word| self.with_word.get(word)).flatten().copied().collect();
        let is_open = |record: &Record| RegisterEntry::of(record, &as_of.settings).is_open();
        let alike = near.into_iter().filter(|other| *other != reference).filter(|other| {
            let Some(there) = as_of.live(*other) else { return false };
            let shared = self.shared(own, *other);
            let enough =
                shared >= ALIKE || (shared >= ALIKE_WITH_LINK && share_a_link(as_of.view, reference, *other));
            enough && EntryKind::of(record) == EntryKind::of(there) && is_open(there)
        });
        if is_open(record) { alike.take(TWINS_MAX).collect() } else { Vec::new() }
    }

    /// How many of the words of both are in both, of a hundred.
    fn shared(&self, own: &BTreeSet<String>, other: RecordRef) -> usize {
        let Some(other) = self.words_of.get(&other) else { return 0 };
        let all = own.union(other).count();
        (own.intersection(other).count() * 100).checked_div(all).unwrap_or(0)
    }
}

fn telling(title: &str) -> BTreeSet<String> {
    words::tokens(title).filter(|word| word.chars().count() > 2 && !SMALL.contains(&word.as_str())).collect()
}

/// Whether both threaten or help the same objective, or are treated by the same action.
fn share_a_link(view: &View, one: RecordRef, other: RecordRef) -> bool {
    let ends = |record: RecordRef| -> BTreeSet<(Relation, RecordRef)> {
        let edges = view.edges().of(record);
        edges.map(|edge| (edge.relation, if edge.from == record { edge.to } else { edge.from })).collect()
    };
    ends(one).intersection(&ends(other)).next().is_some()
}
