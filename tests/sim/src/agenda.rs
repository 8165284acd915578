//! Virtual time: what will happen, and when. Nothing ever waits.

use std::collections::BTreeMap;

/// Milliseconds since the beginning of the world.
pub(crate) type Moment = u64;

/// What is to happen, in order. Of two things at the same moment, the one that was planned first comes first.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    now: Moment,
    planned: u64,
    waiting: BTreeMap<(Moment, u64), T>,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self { now: 0, planned: 0, waiting: BTreeMap::new() }
    }

    pub(crate) fn now(&self) -> Moment {
        self.now
    }

    /// Plans something; the past is now.
    pub(crate) fn at(&mut self, when: Moment, what: T) {
        self.planned += 1;
        self.waiting.insert((when.max(self.now), self.planned), what);
    }

    pub(crate) fn after(&mut self, millis: u64, what: T) {
        self.at(self.now.saturating_add(millis), what);
    }

    /// The next thing, if it comes no later than `until`. Time goes there.
    pub(crate) fn next(&mut self, until: Moment) -> Option<T> {
        let entry = self.waiting.first_entry().filter(|entry| entry.key().0 <= until);
        match entry {
            Some(entry) => {
                let ((when, _), what) = entry.remove_entry();
                self.now = when;
                Some(what)
            }
            None => {
                self.now = self.now.max(until);
                None
            }
        }
    }
}
