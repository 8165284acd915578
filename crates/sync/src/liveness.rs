//! Whether the other side still hears us.
//!
//! A socket whose path has died silently (a train, a sleeping router) stays open for minutes, and a browser hides the
//! pings of the WebSocket protocol from the page. So silence is measured here: frames that should have been answered,
//! and, after a quiet while, a probe that must be.

use ids::Timestamp;

/// Quiet time after which a probe is sent, in milliseconds.
pub const PROBE_AFTER_MS: i64 = 9_000;

/// What the clock says about a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing to do before the next wake.
    Alive,
    /// Quiet for long enough to ask.
    Probe,
    /// An answer is overdue by this many milliseconds of patience.
    Silent { waited_ms: i64 },
}

/// Silence on one connection.
#[derive(Debug)]
pub(crate) struct Liveness {
    heard: Timestamp,
    /// Since when an answer is outstanding.
    expecting: Option<Timestamp>,
    /// How long an answer may take, in milliseconds.
    patience_ms: i64,
    /// Whether the relay is known to answer probes.
    probes: bool,
}

impl Liveness {
    pub(crate) fn new(now: Timestamp, patience_ms: i64) -> Self {
        Self { heard: now, expecting: None, patience_ms: patience_ms.max(1), probes: false }
    }

    /// The relay answers probes: from now on silence is asked about.
    pub(crate) fn allow_probes(&mut self) {
        self.probes = true;
    }

    /// A frame arrived, whatever it said.
    pub(crate) fn heard(&mut self, now: Timestamp) {
        self.heard = now;
        self.expecting = None;
    }

    /// Something was sent that the relay answers.
    pub(crate) fn expect(&mut self, now: Timestamp) {
        self.expecting.get_or_insert(now);
    }

    /// From now on an answer may take this long.
    pub(crate) fn set_patience(&mut self, patience_ms: i64) {
        self.patience_ms = patience_ms.max(1);
    }

    pub(crate) fn check(&mut self, now: Timestamp) -> Verdict {
        // A clock that stepped back starts the measurement anew instead of stretching it.
        self.heard = self.heard.min(now);
        if let Some(since) = &mut self.expecting {
            *since = (*since).min(now);
            let waited_ms = now.millis_since(*since);
            if waited_ms >= self.patience_ms {
                return Verdict::Silent { waited_ms };
            }
            return Verdict::Alive;
        }
        if self.probes && now.millis_since(self.heard) >= PROBE_AFTER_MS {
            return Verdict::Probe;
        }
        Verdict::Alive
    }

    /// When [`check`](Self::check) may say something new.
    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        match self.expecting {
            Some(since) => Some(since.plus_millis(self.patience_ms)),
            None => self.probes.then(|| self.heard.plus_millis(PROBE_AFTER_MS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn silence_is_noticed_within_twenty_seconds() {
        let mut liveness = Liveness::new(at(0), 10_000);
        liveness.allow_probes();
        assert_eq!(liveness.check(at(8_999)), Verdict::Alive);
        assert_eq!(liveness.check(at(9_000)), Verdict::Probe);
        liveness.expect(at(9_000));
        assert_eq!(liveness.wake_at(), Some(at(19_000)));
        assert_eq!(liveness.check(at(18_999)), Verdict::Alive);
        assert_eq!(liveness.check(at(19_000)), Verdict::Silent { waited_ms: 10_000 });
    }

    #[test]
    fn any_frame_is_a_sign_of_life() {
        let mut liveness = Liveness::new(at(0), 10_000);
        liveness.expect(at(0));
        liveness.heard(at(9_999));
        assert_eq!(liveness.check(at(50_000)), Verdict::Alive, "nothing outstanding, no probes allowed");
        assert_eq!(liveness.wake_at(), None);
    }

    #[test]
    fn a_clock_that_steps_back_does_not_stretch_the_wait() {
        let mut liveness = Liveness::new(at(1_000_000), 10_000);
        liveness.expect(at(1_000_000));
        assert_eq!(liveness.check(at(0)), Verdict::Alive);
        assert_eq!(liveness.check(at(10_000)), Verdict::Silent { waited_ms: 10_000 });
    }
}
