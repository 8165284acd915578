//! When to look at what again.

use ids::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// At most one time for each key.
#[derive(Debug)]
pub(crate) struct Schedule<K> {
    times: BTreeMap<K, Timestamp>,
    order: BTreeSet<(Timestamp, K)>,
    /// The wake that is asked for.
    asked: Option<Timestamp>,
}

impl<K> Default for Schedule<K> {
    fn default() -> Self {
        Self { times: BTreeMap::new(), order: BTreeSet::new(), asked: None }
    }
}

impl<K: Copy + Ord> Schedule<K> {
    /// Looks at `key` then, instead of when it was said before.
    pub(crate) fn set(&mut self, key: K, at: Option<Timestamp>) {
        if let Some(before) = self.times.remove(&key) {
            self.order.remove(&(before, key));
        }
        if let Some(at) = at {
            self.times.insert(key, at);
            self.order.insert((at, key));
        }
    }

    /// Takes out what is due.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<K> {
        let mut due = Vec::new();
        while let Some((at, key)) = self.order.first().copied().filter(|(at, _)| *at <= now) {
            self.order.remove(&(at, key));
            self.times.remove(&key);
            due.push(key);
        }
        due
    }

    /// The wake to ask for, unless one is on its way that is early enough.
    pub(crate) fn wake(&mut self, now: Timestamp) -> Option<Timestamp> {
        let next = self.order.first().map(|(at, _)| *at)?;
        let pending = self.asked.filter(|asked| *asked > now);
        if pending.is_some_and(|pending| pending <= next) {
            return None;
        }
        self.asked = Some(next);
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_the_earliest_wake_and_not_twice() {
        let at = Timestamp::from_millis;
        let mut schedule = Schedule::default();
        assert_eq!(schedule.wake(at(0)), None);
        schedule.set('a', Some(at(50)));
        assert_eq!(schedule.wake(at(0)), Some(at(50)));
        schedule.set('b', Some(at(70)));
        assert_eq!(schedule.wake(at(1)), None);
        schedule.set('c', Some(at(30)));
        assert_eq!(schedule.wake(at(2)), Some(at(30)));
        schedule.set('a', Some(at(60)));
        schedule.set('c', None);
        assert_eq!(schedule.wake(at(3)), None, "the early wake does no harm");
        assert_eq!(schedule.due(at(30)), []);
        assert_eq!(schedule.wake(at(30)), Some(at(60)));
        assert_eq!(schedule.due(at(100)), ['a', 'b']);
        assert_eq!(schedule.wake(at(100)), None);
    }
}
