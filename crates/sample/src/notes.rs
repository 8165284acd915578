//! Working notes: the short sentences people leave in the records they work on.
//!
//! They fill the weeks between the scenes of the story, so that the history reads like people at work and the figures
//! over it are those of the table. A note goes to a record its author owns, where there is one; nobody repeats a
//! sentence in the same record.

use crate::{
    budget::{self, Ledger, Phase},
    script::{Bank, Hour, Notebook, Scene, Voice, write},
};
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{Act, Date, Field, RecordRef};

const WEEKDAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
/// How many notes less a colleague's record must have before one writes there instead of in one's own.
const RELUCTANCE: usize = 4;

impl Bank {
    fn sentences(self) -> impl Iterator<Item = &'static str> {
        match self {
            Self::Action => include_str!("../data/notes/action.txt"),
            Self::Risk => include_str!("../data/notes/risk.txt"),
            Self::Opportunity => include_str!("../data/notes/opportunity.txt"),
            Self::Objective => include_str!("../data/notes/objective.txt"),
            Self::Kpi => include_str!("../data/notes/kpi.txt"),
        }
        .lines()
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Action => "action.note",
            Self::Risk => "risk.note",
            Self::Opportunity => "opportunity.note",
            Self::Objective => "objective.note",
            Self::Kpi => "kpi.note",
        }
    }
}

/// Writes notes.
pub(crate) struct Writer<'a> {
    anchor: Date,
    notebooks: Vec<Notebook>,
    first_names: &'a BTreeMap<String, String>,
    rng: &'a mut ChaCha8Rng,
    /// How many notes a record has.
    notes: BTreeMap<RecordRef, usize>,
    /// How often a sentence was used.
    uses: BTreeMap<(Bank, &'static str), usize>,
    /// Who used which sentence where.
    said: BTreeSet<(RecordRef, &'static str)>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(
        anchor: Date,
        notebooks: Vec<Notebook>,
        first_names: &'a BTreeMap<String, String>,
        rng: &'a mut ChaCha8Rng,
    ) -> Self {
        let (notes, uses, said) = Default::default();
        Self { anchor, notebooks, first_names, rng, notes, uses, said }
    }

    /// The notes that bring a member's work in a phase to what the table says, spread evenly over its working days.
    pub(crate) fn fill(&mut self, who: &str, phase: Phase, ledger: &Ledger) -> Vec<Scene> {
        let Some((first, last)) = phase.days() else { return Vec::new() };
        let mut load: BTreeMap<i32, BTreeSet<RecordRef>> = (first..=last)
            .filter(|day| budget::is_workday(self.anchor, *day))
            .map(|day| (day, BTreeSet::new()))
            .collect();
        let mut week_load: BTreeMap<i32, usize> = BTreeMap::new();
        for (record, day) in ledger.done(who, phase) {
            load.entry(day).or_default().insert(record);
            *week_load.entry(week(first, day)).or_default() += 1;
        }
        let mut scenes = Vec::new();
        let mut missing = ledger.left(who, phase);
        while missing > 0 {
            let days: Vec<(i32, usize)> = load
                .iter()
                .filter(|(day, _)| budget::is_workday(self.anchor, **day))
                .map(|(day, records)| (*day, records.len()))
                .collect();
            // The quietest day of the quietest week.
            let busy = |&(day, on_day): &(i32, usize)| {
                (week_load.get(&week(first, day)).copied().unwrap_or(0), on_day)
            };
            let Some((day, _)) = self.least(days, busy) else { break };
            let taken = load.entry(day).or_default();
            let Some(notebook) = self.choose_notebook(who, day, taken) else {
                // Nothing to write into on that day.
                load.remove(&day);
                continue;
            };
            taken.insert(notebook.record);
            missing -= 1;
            *week_load.entry(week(first, day)).or_default() += 1;
            scenes.push(self.note(who, day, &notebook));
        }
        scenes
    }

    fn choose_notebook(&mut self, who: &str, day: i32, taken: &BTreeSet<RecordRef>) -> Option<Notebook> {
        let open: Vec<Notebook> = self
            .notebooks
            .iter()
            .filter(|book| book.born < day && day <= book.until && !taken.contains(&book.record))
            .cloned()
            .collect();
        let notes = self.notes.clone();
        let fullness = |book: &Notebook| {
            let so_far = notes.get(&book.record).copied().unwrap_or(0);
            so_far + if book.owner == who { 0 } else { RELUCTANCE }
        };
        self.least(open, fullness)
    }

    fn note(&mut self, who: &str, day: i32, notebook: &Notebook) -> Scene {
        let Notebook { record, bank, .. } = *notebook;
        let unsaid: Vec<&'static str> =
            bank.sentences().filter(|sentence| !self.said.contains(&(record, *sentence))).collect();
        let uses = self.uses.clone();
        let sentence = self.least(unsaid, |sentence| uses.get(&(bank, *sentence)).copied().unwrap_or(0));
        let sentence = sentence.unwrap_or("Looked at it again, nothing new.");
        *self.uses.entry((bank, sentence)).or_default() += 1;
        *self.notes.entry(record).or_default() += 1;
        self.said.insert((record, sentence));
        let text = self.fill_in(sentence, who);
        Scene {
            day,
            hour: Hour::Any,
            voice: Voice::Member(who.to_owned()),
            act: Act::one(bank.act(), write(record, Field::Body, &text)),
            lands: None,
            mark: None,
            counts: true,
        }
    }

    /// A sentence with its number, its weekday and its colleague.
    fn fill_in(&mut self, sentence: &str, who: &str) -> String {
        let number = 2 + below(self.rng, 8);
        let weekday = WEEKDAYS.get(below(self.rng, WEEKDAYS.len())).copied().unwrap_or("Monday");
        let colleagues: Vec<&String> =
            self.first_names.iter().filter(|(member, _)| *member != who).map(|(_, name)| name).collect();
        let colleague = colleagues.get(below(self.rng, colleagues.len())).map_or("a colleague", |name| name);
        sentence.replace("{n}", &number.to_string()).replace("{day}", weekday).replace("{who}", colleague)
    }

    /// One of those with the least measure, by chance.
    fn least<T, K: Ord>(&mut self, choices: Vec<T>, measure: impl Fn(&T) -> K) -> Option<T> {
        let best = choices.iter().map(&measure).min()?;
        let mut tied: Vec<T> = choices.into_iter().filter(|choice| measure(choice) == best).collect();
        let place = below(self.rng, tied.len());
        (place < tied.len()).then(|| tied.swap_remove(place))
    }
}

fn week(first: i32, day: i32) -> i32 {
    (day - first).div_euclid(7)
}

/// A number below `bound`, by chance; 0 when there is none.
pub(crate) fn below(rng: &mut dyn RngCore, bound: usize) -> usize {
    usize::try_from(rng.next_u32()).unwrap_or(0).checked_rem(bound).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_enough_to_say_and_none_of_it_is_short() {
        for bank in [Bank::Action, Bank::Risk, Bank::Opportunity, Bank::Objective, Bank::Kpi] {
            let sentences: BTreeSet<&str> = bank.sentences().collect();
            assert_eq!(sentences.len(), bank.sentences().count(), "no sentence twice");
            assert!(sentences.len() >= 40);
            for sentence in sentences {
                let bare = sentence.replace("{n}", "").replace("{day}", "").replace("{who}", "");
                assert!(bare.chars().count() >= 20 && !bare.contains(['{', '}']), "{sentence}");
            }
        }
    }
}
