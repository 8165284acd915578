//! Ephemeral messages: who is here, where their cursors are.
//!
//! They are passed on to whoever listens right now, with their author, session and count as they came, and never
//! stored. They are the first thing dropped: too long, too often, already seen, or the socket of the listener is slow
//! and a later one of the same author takes the place.

use crate::{bucket::Bucket, config::Config};
use ids::{DocumentId, PeerId, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use wire::{Ephemeral, EphemeralEnvelope, SessionId};

/// What a peer may say.
#[derive(Debug)]
pub(crate) struct Speaking {
    allowed: Bucket,
    /// The last count of its latest sessions. A peer has one.
    counts: VecDeque<(SessionId, u64)>,
}

/// Sessions of one connection that are told apart.
const SESSIONS_MAX: usize = 4;

impl Speaking {
    /// A peer that has said nothing yet.
    pub(crate) fn new(config: &Config, now: Timestamp) -> Self {
        Self { allowed: Bucket::new(config.presence, now), counts: VecDeque::new() }
    }

    /// Whether the message is to be passed on.
    pub(crate) fn accepts(&mut self, ephemeral: &Ephemeral, config: &Config, now: Timestamp) -> bool {
        ephemeral.data.len() <= config.presence_bytes && self.is_new(ephemeral) && self.allowed.take(now)
    }

    fn is_new(&mut self, ephemeral: &Ephemeral) -> bool {
        match self.counts.iter_mut().find(|(session, _)| *session == ephemeral.session) {
            Some((_, count)) => {
                let is_new = ephemeral.count > *count;
                *count = ephemeral.count.max(*count);
                is_new
            }
            None => {
                if self.counts.len() >= SESSIONS_MAX {
                    self.counts.pop_front();
                }
                self.counts.push_back((ephemeral.session.clone(), ephemeral.count));
                true
            }
        }
    }
}

/// What waits for a listener: the latest of each author and document.
#[derive(Debug, Default)]
pub(crate) struct Listening {
    waiting: BTreeMap<(DocumentId, PeerId), EphemeralEnvelope>,
}

impl Listening {
    /// Puts a message in line; answers how many were dropped for it.
    pub(crate) fn push(
        &mut self,
        document: DocumentId,
        author: &PeerId,
        envelope: EphemeralEnvelope,
        config: &Config,
    ) -> u64 {
        let key = (document, author.clone());
        if !self.waiting.contains_key(&key) && self.waiting.len() >= config.presence_waiting {
            return 1;
        }
        u64::from(self.waiting.insert(key, envelope).is_some())
    }

    /// Takes the next message.
    pub(crate) fn pop(&mut self) -> Option<EphemeralEnvelope> {
        self.waiting.pop_first().map(|(_, envelope)| envelope)
    }
}
