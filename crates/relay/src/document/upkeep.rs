//! When a document is compacted, and when it leaves memory.

use super::bodies::Bodies;
use crate::{compaction::Plan, config::Config, event::RequestId};
use ids::Timestamp;

/// The chores of one document.
#[derive(Debug, Default)]
pub(crate) struct Upkeep {
    compaction: Option<Compaction>,
    last_write: Timestamp,
    /// Compaction has come to nothing: not again before this.
    not_before: Option<Timestamp>,
    /// What is stored is in more than one snapshot: one compaction makes it one.
    pub(crate) scattered: bool,
    /// Since when nobody is interested in the document.
    deserted_since: Option<Timestamp>,
}

/// A compaction under way.
#[derive(Debug)]
pub(crate) enum Compaction {
    /// The document is being built.
    Building(RequestId),
    /// The snapshot is being written.
    Writing(RequestId, Box<Plan>),
}

impl Upkeep {
    /// A document that nobody has asked about yet.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { last_write: now, ..Self::default() }
    }

    /// Changes became durable.
    pub(crate) fn wrote(&mut self, now: Timestamp) {
        self.last_write = now;
    }

    /// Whether a compaction is due.
    pub(crate) fn is_due(&self, bodies: &Bodies, now: Timestamp, config: &Config) -> bool {
        self.due_at(bodies, config).is_some_and(|at| at <= now)
    }

    /// When a compaction is due, if nothing else happens.
    fn due_at(&self, bodies: &Bodies, config: &Config) -> Option<Timestamp> {
        if self.compaction.is_some() {
            return None;
        }
        let changes = bodies.tail_changes();
        // A snapshot is written anew each time: not before the tail is as long, so that the work stays in proportion.
        let bytes_max = config.compact_bytes.max(bodies.snapshot_bytes());
        let busy = changes >= config.compact_changes || bodies.tail_bytes() >= bytes_max;
        let at = if self.scattered || (busy && changes > 0) {
            self.last_write
        } else if changes >= config.compact_changes_idle.max(1) {
            self.last_write.plus_millis(config.compact_idle_ms)
        } else {
            return None;
        };
        Some(self.not_before.map_or(at, |not_before| at.max(not_before)))
    }

    /// The document is being built.
    pub(crate) fn building(&mut self, request: RequestId) {
        self.compaction = Some(Compaction::Building(request));
    }

    /// Whether this is the answer to the building under way.
    pub(crate) fn built(&mut self, request: RequestId) -> bool {
        let ours = matches!(self.compaction, Some(Compaction::Building(ours)) if ours == request);
        if ours {
            self.compaction = None;
        }
        ours
    }

    /// The snapshot is being written.
    pub(crate) fn writing(&mut self, request: RequestId, plan: Plan) {
        self.compaction = Some(Compaction::Writing(request, Box::new(plan)));
    }

    /// What has been written, if this is the answer to it.
    pub(crate) fn written(&mut self, request: RequestId) -> Option<Box<Plan>> {
        match self.compaction.take() {
            Some(Compaction::Writing(ours, plan)) if ours == request => Some(plan),
            other => {
                self.compaction = other;
                None
            }
        }
    }

    /// A compaction has come to nothing.
    pub(crate) fn failed(&mut self, now: Timestamp, config: &Config) {
        self.not_before = Some(now.plus_millis(config.compact_retry_ms));
    }

    /// A compaction has come to its end.
    pub(crate) fn compacted(&mut self) {
        self.not_before = None;
        self.scattered = false;
    }

    /// Somebody, or nobody, is interested.
    pub(crate) fn note_interest(&mut self, interested: bool, now: Timestamp) {
        self.deserted_since = if interested { None } else { self.deserted_since.or(Some(now)) };
    }

    /// Whether the document may leave memory.
    pub(crate) fn may_leave(&self, now: Timestamp, config: &Config) -> bool {
        self.leaves_at(config).is_some_and(|at| at <= now)
    }

    fn leaves_at(&self, config: &Config) -> Option<Timestamp> {
        let deserted = self.deserted_since.filter(|_| self.compaction.is_none());
        deserted.map(|since| since.plus_millis(config.idle_document_ms))
    }

    /// When to look again.
    pub(crate) fn next(&self, bodies: &Bodies, config: &Config) -> Option<Timestamp> {
        self.due_at(bodies, config).into_iter().chain(self.leaves_at(config)).min()
    }
}
