//! When to read the store.

use crate::Problem;
use ids::Timestamp;
use rand_core::RngCore;
use store::StoreError;
use sync::{BACKOFF_MAX_MS, backoff};

/// One read at a time; after an error again, later.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    in_flight: bool,
    due: Option<Timestamp>,
    /// What is being read may be older than something we heard of meanwhile.
    again: bool,
    failures: u32,
    problem: Option<Problem>,
}

impl Reading {
    /// Read as soon as possible; what a read in flight will bring is not new enough.
    pub(crate) fn want(&mut self, now: Timestamp) {
        if self.in_flight {
            self.again = true;
        } else {
            self.due = Some(now);
        }
    }

    /// Whether to read now. If so, the read is in flight from now on.
    pub(crate) fn start(&mut self, now: Timestamp) -> bool {
        let latest = now.plus_millis(BACKOFF_MAX_MS as i64);
        self.due = self.due.map(|due| due.min(latest));
        if self.in_flight || self.due.is_none_or(|due| now < due) {
            return false;
        }
        self.due = None;
        self.in_flight = true;
        true
    }

    pub(crate) fn succeeded(&mut self, now: Timestamp) {
        self.in_flight = false;
        self.failures = 0;
        self.problem = None;
        self.due = std::mem::take(&mut self.again).then_some(now);
    }

    /// Reads that failed in a row, this one included.
    pub(crate) fn failed(&mut self, error: &StoreError, now: Timestamp, rng: &mut dyn RngCore) -> u32 {
        self.in_flight = false;
        self.again = false;
        self.problem = Some(Problem::of_store(error));
        let wait = i64::try_from(backoff(rng, self.failures)).unwrap_or(i64::MAX);
        self.due = Some(now.plus_millis(wait));
        self.failures = self.failures.saturating_add(1);
        self.failures
    }

    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        self.due
    }

    pub(crate) fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }
}
