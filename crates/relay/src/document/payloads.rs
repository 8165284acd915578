//! Encoded messages that several peers can have.
//!
//! After a change, every peer that was up to date is owed the same message. It is encoded for the first of them; the
//! others get the same bytes in an envelope of their own.

use super::{graph::Graph, positions::Positions};
use guard::{Bloom, Have};
use std::collections::{BTreeMap, BTreeSet};
use wire::SyncEnvelope;

/// What makes two peers the same: both have exactly the log up to here, and may be spoken to in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct State {
    pub(crate) has_up_to: u32,
    pub(crate) reader: bool,
    pub(crate) version_2: bool,
}

/// A message for every peer in one state.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) envelope: SyncEnvelope,
    /// What the peer has with it, and the heads of that.
    pub(crate) has: Positions,
    pub(crate) heads: BTreeSet<u32>,
}

/// The messages of the moment: good until the log grows.
#[derive(Debug, Default)]
pub(crate) struct Payloads {
    by_state: BTreeMap<State, Payload>,
    filter: Option<(BTreeSet<u32>, Have)>,
}

/// Different states that are worth remembering: peers that lag behind differ from each other anyway.
const STATES_MAX: usize = 16;

impl Payloads {
    /// The message for this state, if it has been encoded.
    pub(crate) fn get(&self, state: &State) -> Option<&Payload> {
        self.by_state.get(state)
    }

    /// Remembers a message.
    pub(crate) fn keep(&mut self, state: State, payload: Payload) {
        if self.by_state.len() >= STATES_MAX {
            self.by_state.pop_first();
        }
        self.by_state.insert(state, payload);
    }

    /// The log has grown, or its bytes are elsewhere now.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// "Of everything since `base`, this is what we have": for peers of which we know no more than `base`.
    pub(crate) fn have_since(&mut self, base: &BTreeSet<u32>, graph: &Graph) -> Have {
        match &self.filter {
            Some((since, have)) if since == base => have.clone(),
            _ => {
                let before = graph.ancestors(base.iter().copied(), &Positions::default());
                let since = before.gaps(graph.len()).filter_map(|position| graph.hash(position));
                let last_sync = graph.named(base).as_slice().to_vec();
                let have = Have { last_sync, bloom: Bloom::from_hashes(since) };
                self.filter = Some((base.clone(), have.clone()));
                have
            }
        }
    }
}
