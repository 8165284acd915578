//! When to look across the whole document again.
//!
//! What one record shows is set at once, in the task of the keystroke. What many records add up to (findings, the
//! chain, who carries what) is looked at a moment later, after the paint; and while somebody writes a text, here or
//! elsewhere, not before there is a pause: such a look reads the whole document, and nobody needs it between two
//! letters.

use crate::platform::clock::{self, Timer};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use workspace::ViewDelta;

/// After a change that is no writing, in milliseconds: once the paint is done.
const SOON_MS: f64 = 40.0;
/// The pause in writing after which it is looked, in milliseconds.
const PAUSE_MS: f64 = 700.0;
/// However long somebody writes without a pause, it is looked after this, in milliseconds.
const LATEST_MS: f64 = 4_000.0;

/// Counts the moments at which to look.
#[derive(Default)]
pub(super) struct Pulse {
    beats: ArcRwSignal<u64>,
    waiting: RefCell<Option<Timer>>,
    /// Since when a change waits to be looked at, and until when at most.
    since: Cell<Option<f64>>,
    due: Cell<f64>,
}

impl Pulse {
    /// Changes at every beat.
    pub(super) fn beats(&self) -> ArcReadSignal<u64> {
        self.beats.read_only()
    }

    /// Everything is different: look now.
    pub(super) fn beat(&self) {
        self.waiting.take();
        self.since.set(None);
        self.beats.update(|beats| *beats = beats.wrapping_add(1));
    }

    /// Something changed: a beat is due.
    pub(super) fn after(self: &Rc<Self>, delta: &ViewDelta) {
        let now = clock::measured_ms();
        let is_writing = !delta.texts.is_empty();
        let is_waiting = self.waiting.borrow().is_some();
        let since = self.since.get().filter(|_| is_waiting).unwrap_or(now);
        let due = due(now, since, is_writing, self.due.get(), is_waiting);
        if is_waiting && (due - self.due.get()).abs() < 1.0 {
            return;
        }
        self.since.set(Some(since));
        self.due.set(due);
        let me = Rc::downgrade(self);
        let wait = due - now;
        #[expect(clippy::cast_possible_truncation, reason = "a few thousand milliseconds at most")]
        let timer = Timer::after(wait as i64, move || {
            if let Some(me) = me.upgrade() {
                me.beat();
            }
        });
        *self.waiting.borrow_mut() = Some(timer);
    }
}

/// When to look: soon after anything but writing; after the next pause while somebody writes. A look that is due soon is
/// not put off by a letter.
fn due(now: f64, since: f64, is_writing: bool, known: f64, is_waiting: bool) -> f64 {
    if !is_writing {
        return if is_waiting { known.min(now + SOON_MS) } else { now + SOON_MS };
    }
    if is_waiting && known <= now + SOON_MS {
        return known;
    }
    (now + PAUSE_MS).min(since + LATEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_puts_the_look_off_until_a_pause_but_not_for_ever() {
        assert!((due(1_000.0, 1_000.0, true, 0.0, false) - 1_700.0).abs() < 0.1);
        assert!((due(1_500.0, 1_000.0, true, 1_700.0, true) - 2_200.0).abs() < 0.1);
        assert!((due(4_900.0, 1_000.0, true, 5_000.0, true) - 5_000.0).abs() < 0.1);
    }

    #[test]
    fn anything_else_is_looked_at_soon_even_while_somebody_writes() {
        assert!((due(1_000.0, 1_000.0, false, 0.0, false) - 1_040.0).abs() < 0.1);
        assert!((due(1_100.0, 1_000.0, false, 1_700.0, true) - 1_140.0).abs() < 0.1);
        assert!(
            (due(1_110.0, 1_000.0, true, 1_140.0, true) - 1_140.0).abs() < 0.1,
            "not put off by a letter"
        );
    }
}
