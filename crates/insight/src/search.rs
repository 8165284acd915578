//! Finding records by their words: offline, over everything a member can see, while they type.
//!
//! The index lives beside the document and is never part of it. Words are compared without capitals and accents, and
//! from their beginning: `cali` finds *calibration*. A record is found when every word of the query is in it; a word in
//! the title weighs more than in the reference, the tags or the text.
//!
//! An own index: general search engines are built for disks and threads and weigh megabytes in a browser; what is
//! needed here is a sorted map of words, kept up to date record by record.

mod content;

use crate::words;
use content::content;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{Kind, RecordRef, View};

/// Where a word stands in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In its text: notes, plans, comments, reasons.
    Text,
    /// Among its tags.
    Tag,
    /// It is its reference: `R-7KQ2`.
    Reference,
    /// In its title.
    Title,
}

impl Place {
    /// Far enough apart that the exact word in a lower place never beats its beginning in a higher one.
    const fn weight(self) -> u16 {
        match self {
            Self::Text => 10,
            Self::Tag => 20,
            Self::Reference => 40,
            Self::Title => 80,
        }
    }
}

const EXACT: u16 = 5;

/// The beginning of a reference is only looked for from so many characters on: one letter would find a whole kind.
const REFERENCE_MIN: usize = 3;

/// A record that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The record.
    pub record: RecordRef,
    /// The best place where a word of the query stands.
    pub place: Place,
    /// How well it fits; only for comparing hits of one query.
    pub score: u32,
    /// Whether it was deleted; such hits come last.
    pub is_deleted: bool,
}

/// The words of all records.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Word -> its number.
    numbers: BTreeMap<Box<str>, u32>,
    /// For each word the slots it stands in, ascending.
    postings: Vec<Vec<(u32, Place)>>,
    slots: Vec<Slot>,
    slot_of: BTreeMap<RecordRef, u32>,
    free: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Slot {
    record: RecordRef,
    words: Vec<u32>,
    is_deleted: bool,
}

impl Index {
    /// The index of a view.
    pub fn of(view: &View) -> Self {
        let mut index = Self::default();
        for kind in Kind::ALL {
            for record in view.all(*kind) {
                index.put(view, record.reference());
            }
        }
        index
    }

    /// Brings the index up to date; `touched` as [`View::update`] gave them.
    pub fn update(&mut self, view: &View, touched: &BTreeSet<RecordRef>) {
        for record in touched {
            self.remove(*record);
            self.put(view, *record);
        }
    }

    /// How many records can be found.
    pub fn len(&self) -> usize {
        self.slot_of.len()
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.slot_of.is_empty()
    }

    /// The records that have every word of the query, the best first, at most `limit`. Of equally good ones the latest
    /// born comes first.
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for (at, word) in asked(query).into_iter().enumerate() {
            let found = self.with_beginning(&word);
            if at == 0 {
                hits = found.iter().enumerate().filter_map(|(slot, found)| self.hit(slot, *found)).collect();
                continue;
            }
            hits.retain_mut(|hit| {
                let slot = self.slot_of.get(&hit.record).and_then(|slot| usize::try_from(*slot).ok());
                let found = slot.and_then(|slot| found.get(slot)).copied().flatten();
                let Some((place, score)) = found else { return false };
                hit.place = hit.place.max(place);
                hit.score += u32::from(score);
                true
            });
        }
        hits.sort_by(|one, other| {
            let rank =
                |hit: &Hit| (hit.is_deleted, std::cmp::Reverse(hit.score), std::cmp::Reverse(hit.record.id));
            rank(one).cmp(&rank(other)).then_with(|| one.record.kind.cmp(&other.record.kind))
        });
        hits.truncate(limit);
        hits
    }

    /// For each slot the best place of a word with this beginning, and what it is worth.
    fn with_beginning(&self, beginning: &str) -> Vec<Option<(Place, u16)>> {
        let mut best: Vec<Option<(Place, u16)>> = vec![None; self.slots.len()];
        let words =
            self.numbers.range::<str, _>((std::ops::Bound::Included(beginning), std::ops::Bound::Unbounded));
        for (word, number) in words.take_while(|(word, _)| word.starts_with(beginning)) {
            let bonus = if word.len() == beginning.len() { EXACT } else { 0 };
            let is_short = beginning.len() < REFERENCE_MIN;
            let postings = usize::try_from(*number).ok().and_then(|number| self.postings.get(number));
            for (slot, place) in postings.into_iter().flatten() {
                let Some(known) = usize::try_from(*slot).ok().and_then(|slot| best.get_mut(slot)) else {
                    continue;
                };
                if is_short && *place == Place::Reference {
                    continue;
                }
                let score = place.weight() + bonus;
                if known.is_none_or(|(_, so_far)| so_far < score) {
                    *known = Some((*place, score));
                }
            }
        }
        best
    }

    fn hit(&self, slot: usize, found: Option<(Place, u16)>) -> Option<Hit> {
        let (place, score) = found?;
        let slot = self.slots.get(slot)?;
        Some(Hit { record: slot.record, place, score: u32::from(score), is_deleted: slot.is_deleted })
    }

    fn put(&mut self, view: &View, reference: RecordRef) {
        let Some(record) = view.record(reference) else { return };
        let Some(content) = content(record) else { return };
        let mut best: BTreeMap<u32, Place> = BTreeMap::new();
        for (place, text) in &content {
            for word in words::tokens(text) {
                let number = self.number(word);
                let known = best.entry(number).or_insert(*place);
                *known = (*known).max(*place);
            }
        }
        let entry = Slot {
            record: reference,
            words: best.keys().copied().collect(),
            is_deleted: record.is_deleted(),
        };
        let slot = match self.free.pop() {
            Some(slot) => {
                if let Some(place) = usize::try_from(slot).ok().and_then(|slot| self.slots.get_mut(slot)) {
                    *place = entry;
                }
                slot
            }
            None => {
                let Ok(slot) = u32::try_from(self.slots.len()) else { return };
                self.slots.push(entry);
                slot
            }
        };
        self.slot_of.insert(reference, slot);
        for (number, place) in best {
            if let Some(postings) =
                usize::try_from(number).ok().and_then(|number| self.postings.get_mut(number))
            {
                let at = postings.partition_point(|(known, _)| *known < slot);
                postings.insert(at, (slot, place));
            }
        }
    }

    fn remove(&mut self, reference: RecordRef) {
        let Some(slot) = self.slot_of.remove(&reference) else { return };
        let Some(entry) = usize::try_from(slot).ok().and_then(|slot| self.slots.get_mut(slot)) else {
            return;
        };
        for number in std::mem::take(&mut entry.words) {
            if let Some(postings) =
                usize::try_from(number).ok().and_then(|number| self.postings.get_mut(number))
            {
                let at = postings.partition_point(|(known, _)| *known < slot);
                if postings.get(at).is_some_and(|(known, _)| *known == slot) {
                    postings.remove(at);
                }
            }
        }
        self.free.push(slot);
    }

    fn number(&mut self, word: String) -> u32 {
        if let Some(number) = self.numbers.get(word.as_str()) {
            return *number;
        }
        let number = u32::try_from(self.postings.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.into_boxed_str(), number);
        self.postings.push(Vec::new());
        number
    }
}

/// The words of a query, each once, the longest first: few records have it, and the others only narrow them down.
fn asked(query: &str) -> Vec<String> {
    let mut asked: Vec<String> =
        query.split_whitespace().flat_map(|piece| words::tokens(&as_reference(piece))).collect();
    asked.sort();
    asked.dedup();
    asked.sort_by_key(|word| std::cmp::Reverse(word.len()));
    asked
}

/// `R-7KQ2` is one word.
fn as_reference(piece: &str) -> std::borrow::Cow<'_, str> {
    let is_letter = |letter: &str| letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_alphabetic());
    match piece.split_once('-') {
        Some((letter, tail)) if is_letter(letter) => format!("{letter}{tail}").into(),
        _ => piece.into(),
    }
}

/// A piece of the record's text around the first word of the query, for showing why it was found; `None` when no text
/// has one.
pub fn excerpt(view: &View, record: RecordRef, query: &str) -> Option<String> {
    const AROUND: usize = 60;
    let record = view.record(record)?;
    let asked = asked(query);
    for (_, text) in content(record)?.iter().filter(|(place, _)| *place == Place::Text) {
        let letters: Vec<char> = text.chars().collect();
        let mut begin = 0;
        while begin < letters.len() {
            let is_letter = |at: usize| letters.get(at).is_some_and(|letter| letter.is_alphanumeric());
            if !is_letter(begin) {
                begin += 1;
                continue;
            }
            let end = (begin..letters.len()).find(|at| !is_letter(*at)).unwrap_or(letters.len());
            let word: String = letters.get(begin..end)?.iter().collect();
            let word = words::folded(&word);
            if asked.iter().any(|asked| word.starts_with(asked.as_str())) {
                let from = begin.saturating_sub(AROUND);
                let until = (end + AROUND).min(letters.len());
                let piece: String = letters.get(from..until)?.iter().collect();
                let (before, after) =
                    (if from > 0 { "…" } else { "" }, if until < letters.len() { "…" } else { "" });
                return Some(format!("{before}{}{after}", piece.trim()));
            }
            begin = end;
        }
    }
    None
}
