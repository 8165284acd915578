//! A clock that lies: wrong from the start, and stepping.

use crate::agenda::Moment;
use ids::Timestamp;

/// The world begins on a day in 2026.
const BEGINNING: Timestamp = Timestamp::from_millis(1_770_000_000_000);

/// The clock of one computer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clock {
    wrong_by_ms: i64,
}

impl Clock {
    pub(crate) fn wrong_by(wrong_by_ms: i64) -> Self {
        Self { wrong_by_ms }
    }

    pub(crate) fn step(&mut self, by_ms: i64) {
        self.wrong_by_ms = self.wrong_by_ms.saturating_add(by_ms);
    }

    /// What it shows.
    pub(crate) fn read(&self, now: Moment) -> Timestamp {
        BEGINNING.plus_millis(self.wrong_by_ms).plus_millis(i64::try_from(now).unwrap_or(i64::MAX))
    }

    /// How long a timer for `at` runs. Timers of browsers and of tokio follow no step of the clock once they are set.
    pub(crate) fn until(&self, now: Moment, at: Timestamp) -> u64 {
        u64::try_from(at.millis_since(self.read(now))).unwrap_or(0).max(1)
    }
}
