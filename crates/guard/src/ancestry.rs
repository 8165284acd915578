//! What is in the past of a change: what its author can have seen, and so can have referred to.
//!
//! Automerge takes for granted that an operation refers to operations of its change's past. Of a history in which one
//! refers to something concurrent it makes the whole document without complaint, and panics when asked for an older
//! version of it. And it takes for granted that the changes of an actor are a chain, each with the one before it in its
//! past; otherwise it saves a document that it cannot load.
//!
//! The past of a change is found by walking back from what it depends on. Three things keep the walk short. What the
//! last change of an actor had seen is remembered, so that for whoever goes on writing only what is new to him is walked.
//! A change that was the only head when it was noted has everything before it in its past. And because the changes of an
//! actor are a chain, the last one of each actor says it all. Whoever branches a history so that none of this helps pays
//! by steps, of which each delivery has a number.

use crate::numbers::Numbers;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// The changes that were noted, by number: each after what it depends on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ancestry {
    /// Dependencies of all changes, one after the other; `ends` says where those of each change end.
    edges: Vec<u32>,
    ends: Vec<u32>,
    kinds: Vec<Kind>,
    /// The changes nothing else depends on; `None` when it has to be found out again.
    heads: Option<BTreeSet<u32>>,
    /// What the last change of an actor has in its past, itself included: of those who wrote lately.
    lately: BTreeMap<u32, Seen>,
    /// How many actors all of those name.
    remembered: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// It was the only head when it was noted.
    Narrow,
    /// It was forgotten, and its number is not given again.
    Gone,
}

/// A set of changes that has the past of each of its members.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Every change with a lower number is in it.
    base: u32,
    /// Of each actor who wrote later than that, the last change in it.
    lasts: BTreeMap<u32, u32>,
}

/// Actors named in everything that is remembered: a few megabytes. Forgetting costs time, never an answer.
const REMEMBERED_MAX: usize = 100_000;

impl Seen {
    /// Whether a change is in it.
    pub(crate) fn has(&self, actor: u32, change: u32) -> bool {
        change < self.base || self.lasts.get(&actor).is_some_and(|last| change <= *last)
    }

    fn add(&mut self, actor: u32, change: u32) {
        let last = self.lasts.entry(actor).or_default();
        *last = change.max(*last);
    }

    fn join(&mut self, other: &Self) {
        self.base = self.base.max(other.base);
        other.lasts.iter().for_each(|(actor, change)| self.add(*actor, *change));
    }
}

impl Ancestry {
    /// What a change with these dependencies has in its past; `None` when there were not enough `steps` to find out.
    pub(crate) fn before(&self, dependencies: &[u32], numbers: &Numbers, steps: &mut u64) -> Option<Seen> {
        // Of what is in here, the past is as well; of what was walked, it is still ahead.
        let (mut seen, mut walked) = (Seen::default(), Seen::default());
        let mut ahead: BinaryHeap<u32> = dependencies.iter().copied().collect();
        let mut last = None;
        while let Some(change) = ahead.pop() {
            let actor = numbers.author(change)?;
            if last.replace(change) == Some(change) || seen.has(actor, change) {
                continue;
            }
            *steps = steps.checked_sub(1)?;
            if self.kinds.get(change as usize) == Some(&Kind::Narrow) {
                // The rest of what is ahead has lower numbers.
                seen.base = change + 1;
                break;
            }
            let known = self.lately.get(&actor).filter(|_| numbers.last_change(actor) == Some(change));
            if let Some(known) = known {
                *steps = steps.checked_sub(known.lasts.len() as u64)?;
                seen.join(known);
                continue;
            }
            walked.add(actor, change);
            ahead.extend(self.dependencies(change).iter().filter(|dependency| **dependency >= seen.base));
        }
        seen.join(&walked);
        let base = seen.base;
        seen.lasts.retain(|_, last| *last >= base);
        Some(seen)
    }

    /// Notes the next change. `seen` is what it has in its past, if that was found out.
    pub(crate) fn note(&mut self, actor: u32, dependencies: &[u32], seen: Option<Seen>) {
        let change = self.ends.len() as u32;
        let mut heads = self.heads.take().unwrap_or_else(|| self.find_heads());
        for dependency in dependencies {
            heads.remove(dependency);
        }
        heads.insert(change);
        let is_narrow = heads.len() == 1;
        self.heads = Some(heads);
        self.edges.extend_from_slice(dependencies);
        self.ends.push(self.edges.len() as u32);
        self.kinds.push(if is_narrow { Kind::Narrow } else { Kind::Plain });
        self.remember(actor, change, seen.filter(|_| !is_narrow));
    }

    /// Forgets a change on which no other depends. The last one of all gives its number back.
    pub(crate) fn forget(&mut self, change: u32) {
        self.lately.clear();
        self.remembered = 0;
        self.heads = None;
        if change as usize + 1 == self.ends.len() {
            self.ends.pop();
            self.kinds.pop();
            self.edges.truncate(self.ends.last().map_or(0, |end| *end as usize));
        } else if let Some(kind) = self.kinds.get_mut(change as usize) {
            *kind = Kind::Gone;
        }
    }

    fn remember(&mut self, actor: u32, change: u32, seen: Option<Seen>) {
        if let Some(before) = self.lately.remove(&actor) {
            self.remembered -= before.lasts.len();
        }
        let Some(mut seen) = seen else { return };
        seen.add(actor, change);
        self.remembered += seen.lasts.len();
        if self.remembered > REMEMBERED_MAX {
            self.lately.clear();
            self.remembered = seen.lasts.len();
        }
        self.lately.insert(actor, seen);
    }

    fn dependencies(&self, change: u32) -> &[u32] {
        let end = |index: Option<u32>| index.and_then(|index| self.ends.get(index as usize)).copied();
        let start = end(change.checked_sub(1)).unwrap_or(0) as usize;
        let end = end(Some(change)).unwrap_or(0) as usize;
        self.edges.get(start..end).unwrap_or(&[])
    }

    fn find_heads(&self) -> BTreeSet<u32> {
        let is_there = |change: &u32| self.kinds.get(*change as usize) != Some(&Kind::Gone);
        let all = 0..self.ends.len() as u32;
        let built_on: BTreeSet<u32> =
            all.clone().filter(is_there).flat_map(|change| self.dependencies(change).to_vec()).collect();
        all.filter(is_there).filter(|change| !built_on.contains(change)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A history: each change by one of a few actors, on top of the last one of that actor and some others.
    #[derive(Default)]
    struct History {
        numbers: Numbers,
        ancestry: Ancestry,
        dependencies: Vec<Vec<u32>>,
        authors: Vec<u32>,
    }

    impl History {
        fn write(&mut self, actor: u32, others: &[u32]) {
            let change = self.authors.len() as u32;
            let own = self.authors.iter().rposition(|author| *author == actor).map(|own| own as u32);
            let dependencies: BTreeSet<u32> =
                others.iter().filter(|_| change > 0).map(|other| other % change).chain(own).collect();
            let dependencies: Vec<u32> = dependencies.into_iter().collect();
            let seen = self.ancestry.before(&dependencies, &self.numbers, &mut u64::MAX.clone()).unwrap();
            self.check(&seen, &dependencies);
            while self.numbers.last(actor).is_none() {
                self.numbers.add_actor();
            }
            self.numbers.append(actor, change + 1, change + 1);
            self.ancestry.note(actor, &dependencies, Some(seen));
            self.dependencies.push(dependencies);
            self.authors.push(actor);
        }

        /// Compares with the definition.
        fn check(&self, seen: &Seen, dependencies: &[u32]) {
            let mut past = BTreeSet::new();
            let mut ahead = dependencies.to_vec();
            while let Some(change) = ahead.pop() {
                if past.insert(change) {
                    ahead.extend(&self.dependencies[change as usize]);
                }
            }
            for (change, actor) in (0..).zip(&self.authors) {
                assert_eq!(seen.has(*actor, change), past.contains(&change), "{change} of {dependencies:?}");
            }
        }

        fn forget_last(&mut self) {
            let Some(actor) = self.authors.pop() else { return };
            self.dependencies.pop();
            let (change, _) = self.numbers.remove_last(actor).unwrap();
            self.ancestry.forget(change);
        }
    }

    proptest! {
        #[test]
        fn the_past_is_what_a_walk_to_the_beginning_finds(
            steps in proptest::collection::vec((0..5_u32, any::<u32>(), any::<u32>(), 0..4_u8), 1..80),
        ) {
            let mut history = History::default();
            for (actor, one, other, kind) in steps {
                let last = (history.authors.len() as u32).saturating_sub(1);
                match kind {
                    0 => history.write(actor, &[one, other]),
                    1 => history.write(actor, &[]),
                    2 if one % 4 == 0 => history.forget_last(),
                    _ => history.write(actor, &[last, one % (last + 1)]),
                }
            }
        }
    }

    /// Several people who write at once, each a little behind the others: what is new to somebody is walked once.
    #[test]
    fn where_many_write_at_once_a_change_costs_a_few_steps_for_each_of_them() {
        const WRITERS: u32 = 8;
        let mut history = History::default();
        let mut steps = 0;
        for change in 0..1_000_u32 {
            // Of each of the others the last but one, and his own last: the changes of an actor are a chain.
            let seen: Vec<u32> = match change.checked_sub(WRITERS) {
                Some(own) => (own.saturating_sub(WRITERS - 1)..=own).collect(),
                None => Vec::new(),
            };
            let mut left = 10_000;
            history.ancestry.before(&seen, &history.numbers, &mut left).unwrap();
            steps += 10_000 - left;
            history.write(change % WRITERS, &seen);
        }
        assert!(steps <= 1_000 * 4 * u64::from(WRITERS), "{steps} steps");
    }

    /// Two people who write apart for long: each further change costs the same.
    #[test]
    fn whoever_goes_on_writing_costs_a_step_a_change() {
        let mut history = History::default();
        history.write(0, &[]);
        history.write(1, &[0]);
        let mut steps = 0;
        for _ in 0..200 {
            for actor in 0..2 {
                let own = history.numbers.last_change(actor).unwrap();
                let mut left = 1_000;
                history.ancestry.before(&[own], &history.numbers, &mut left).unwrap();
                steps += 1_000 - left;
                history.write(actor, &[]);
            }
        }
        assert!(steps <= 400 * 3, "{steps} steps");
        assert!(
            history.ancestry.before(&[5, 6], &history.numbers, &mut 2).is_none(),
            "what nobody asks for is not remembered"
        );
    }
}
