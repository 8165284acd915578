//! Who touched which record a moment ago, so that a colleague's change does not just happen to one's eyes.

use crate::platform::clock::{self, Timer};
use ids::{MemberId, Timestamp};
use leptos::prelude::*;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
    sync::Arc,
};
use workspace::{Origin, RecordRef, ViewDelta};

/// How long a touch is shown, in milliseconds.
const SHOWN_MS: i64 = 4_000;

/// A change of more records than this is a catching up and no event that eyes could follow.
const RECORDS_MAX: usize = 40;

/// A change that came from elsewhere a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Touch {
    /// Whose changes name the record, as they claim. Empty when none does.
    pub(crate) members: BTreeSet<MemberId>,
    /// When it arrived here.
    pub(crate) at: Timestamp,
}

/// The touches that are shown now.
#[derive(Default)]
pub(super) struct Touches {
    signals: RefCell<BTreeMap<RecordRef, ArcRwSignal<Option<Arc<Touch>>>>>,
    /// In the order of their time.
    shown: RefCell<VecDeque<(Timestamp, RecordRef)>>,
    timer: RefCell<Option<Timer>>,
}

impl Touches {
    /// The touch of one record.
    pub(super) fn of(&self, record: RecordRef) -> ArcReadSignal<Option<Arc<Touch>>> {
        self.signals.borrow_mut().entry(record).or_default().read_only()
    }

    /// Marks what `delta` brought. What this tab did itself is no news to its person.
    pub(super) fn mark(self: &Rc<Self>, delta: &ViewDelta) {
        if delta.origin == Origin::Local || delta.touched.len() > RECORDS_MAX {
            return;
        }
        let at = clock::now();
        for record in &delta.touched {
            self.show(*record, delta.authors.get(record).cloned().unwrap_or_default(), at);
        }
        self.fade_later(SHOWN_MS);
    }

    fn show(&self, record: RecordRef, members: BTreeSet<MemberId>, at: Timestamp) {
        let signal = self.signals.borrow_mut().entry(record).or_default().clone();
        signal.set(Some(Arc::new(Touch { members, at })));
        self.shown.borrow_mut().push_back((at, record));
    }

    fn fade_later(self: &Rc<Self>, wait_ms: i64) {
        if self.timer.borrow().is_some() {
            return;
        }
        let me = Rc::downgrade(self);
        *self.timer.borrow_mut() = Some(Timer::after(wait_ms, move || {
            let Some(me) = me.upgrade() else { return };
            me.timer.take();
            let now = clock::now();
            if let Some(next) = me.fade(now) {
                me.fade_later(next.millis_since(now));
            }
        }));
    }

    /// Takes down what has been shown long enough; answers when the next one is due.
    fn fade(&self, now: Timestamp) -> Option<Timestamp> {
        loop {
            let (at, record) = *self.shown.borrow().front()?;
            let due = at.plus_millis(SHOWN_MS);
            // A clock that was set back must not freeze the marks.
            if due > now && at <= now {
                return Some(due);
            }
            self.shown.borrow_mut().pop_front();
            let signal = self.signals.borrow().get(&record).cloned();
            if let Some(signal) = signal
                && signal.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.at <= at))
            {
                signal.set(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::RecordId;
    use workspace::Kind;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn a_touch_fades_and_a_later_one_of_the_same_record_stays() {
        let owner = leptos::reactive::owner::Owner::new();
        owner.set();
        let touches = Touches::default();
        let goal = |bits| RecordRef::new(Kind::Goal, RecordId::from_bits(bits));
        let (one, two) = (touches.of(goal(1)), touches.of(goal(2)));
        let seen = || (one.get_untracked().is_some(), two.get_untracked().is_some());
        touches.show(goal(1), BTreeSet::new(), at(0));
        touches.show(goal(2), BTreeSet::new(), at(10));
        touches.show(goal(1), BTreeSet::new(), at(3_000));
        assert_eq!(touches.fade(at(3_999)), Some(at(SHOWN_MS)));
        assert_eq!(seen(), (true, true));
        assert_eq!(touches.fade(at(5_000)), Some(at(7_000)));
        assert_eq!(seen(), (true, false));
        assert_eq!(touches.fade(at(7_000)), None);
        assert_eq!(seen(), (false, false));
    }

    #[test]
    fn a_clock_that_was_set_back_leaves_no_mark_behind() {
        let owner = leptos::reactive::owner::Owner::new();
        owner.set();
        let touches = Touches::default();
        let record = RecordRef::singleton(Kind::Settings);
        touches.show(record, BTreeSet::new(), at(100_000));
        assert_eq!(touches.fade(at(0)), None);
        assert_eq!(touches.of(record).get_untracked(), None);
    }
}
