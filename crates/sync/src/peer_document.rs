//! One document on one connection: what the relay has, what we have told it, and when to answer.
//!
//! Automerge's protocol assumes a reliable, ordered stream: one message lost after it was generated can loop for ever
//! (automerge#772). The state therefore lives exactly as long as its connection, and of an earlier one it inherits
//! nothing but the heads that both sides are known to have had.

use crate::{
    guarded::{GuardedDocument, NotTaken, Taken},
    hashes::{hash_from_automerge, hash_to_automerge, heads_to_automerge},
};
use automerge::{
    Automerge,
    sync::{Message, State, SyncDoc},
};
use guard::Chunk;
use ids::{Heads, Timestamp};

/// How long an answer that says nothing but "I have it" may wait for company, in milliseconds.
///
/// The relay gets one such answer of every reader for every change of every writer; with fifty readers they are most
/// of its work (sync.md 8). Waiting folds those of one burst into one. It delays nobody: what the relay sends next
/// does not depend on it.
pub const ACKNOWLEDGE_AFTER_MS: i64 = 150;

/// The state of one document on one connection.
#[derive(Debug)]
pub(crate) struct PeerDocument {
    state: State,
    /// Since when we owe an answer that says nothing new.
    acknowledge_at: Option<Timestamp>,
    /// Whether to say that we have nothing and would like to hear when nobody has.
    asks: bool,
    sent: bool,
    /// The last message said so: the relay will not take our changes.
    read_only: bool,
    /// We have asked for everything since the relay said something last.
    asked_anew: bool,
}

/// A message to send.
pub(crate) struct Outgoing {
    pub(crate) data: Vec<u8>,
    /// First message of a peer that has nothing.
    pub(crate) asks: bool,
    /// The relay will answer it.
    pub(crate) answered: bool,
}

impl PeerDocument {
    /// `shared` are heads both sides are known to have had; it saves describing the history before them.
    pub(crate) fn new(shared: &Heads, asks: bool) -> Self {
        let mut state = State::new();
        state.shared_heads = heads_to_automerge(shared);
        Self { state, acknowledge_at: None, asks, sent: false, read_only: false, asked_anew: false }
    }

    /// Applies a message whose chunks are `chunks`. After an error the document is as it was.
    pub(crate) fn receive(
        &mut self,
        document: &mut GuardedDocument,
        mut message: Message,
        chunks: &[Chunk],
        now: Timestamp,
    ) -> Result<Taken, NotTaken> {
        let state = &mut self.state;
        let (taken, ()) = document.receive(chunks, |copy, admitted| {
            message.changes = admitted.into();
            copy.receive_sync_message(state, message)
        })?;
        self.read_only = self.state.is_peer_read_only();
        self.asked_anew = false;
        if self.state.last_sent_heads != document.get().get_heads() {
            self.acknowledge_at.get_or_insert(now.plus_millis(ACKNOWLEDGE_AFTER_MS));
        }
        Ok(taken)
    }

    /// The one message that is due now, if any.
    pub(crate) fn poll(&mut self, guarded: &GuardedDocument, now: Timestamp) -> Option<Outgoing> {
        let document = guarded.get();
        // A clock that stepped back must not make the answer wait for it.
        let latest = now.plus_millis(ACKNOWLEDGE_AFTER_MS);
        self.acknowledge_at = self.acknowledge_at.map(|at| at.min(latest));
        if self.owes_only_acknowledgement(document) && self.acknowledge_at.is_some_and(|at| now < at) {
            return None;
        }
        if self.builds_on_unknown(document) && std::mem::replace(&mut self.asked_anew, true) {
            return None;
        }
        let message = document.generate_sync_message(&mut self.state);
        self.acknowledge_at = None;
        let mut message = message?;
        self.ask_for_missing(guarded, &mut message);
        let asks = self.asks && !self.sent;
        self.sent = true;
        let answered = !message.changes.is_empty() || !self.equal(document);
        Some(Outgoing { data: message.encode(), asks, answered })
    }

    /// When [`poll`](Self::poll) has something to say although nothing happens before.
    pub(crate) fn wake_at(&self) -> Option<Timestamp> {
        self.acknowledge_at
    }

    pub(crate) fn relay_heads(&self) -> Option<Heads> {
        Some(self.state.their_heads.as_ref()?.iter().map(hash_from_automerge).collect())
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// Automerge does not know of the changes that wait outside of the document. They are here: what is needed is what
    /// they wait for, and nothing else may be sent meanwhile, as Automerge has it.
    fn ask_for_missing(&self, guarded: &GuardedDocument, message: &mut Message) {
        let theirs = self.state.their_heads.iter().flatten();
        let Some(missing) = guarded.missing_before(theirs.clone().map(hash_from_automerge)) else { return };
        message.need = missing.iter().map(hash_to_automerge).collect();
        if !message.need.iter().all(|hash| theirs.clone().any(|head| head == hash)) {
            message.have.clear();
        }
    }

    /// Whether the relay begins at a version that we lack. Automerge then asks for everything, and does so each time it
    /// is looked at: a socket that takes whatever it is given would be given that without end.
    fn builds_on_unknown(&self, document: &Automerge) -> bool {
        let first = self.state.their_have.as_ref().and_then(|have| have.first());
        first.is_some_and(|have| {
            !have.last_sync.iter().all(|hash| document.get_change_meta_by_hash(hash).is_some())
        })
    }

    fn owes_only_acknowledgement(&self, document: &Automerge) -> bool {
        self.state.have_responded && self.equal(document)
    }

    fn equal(&self, document: &Automerge) -> bool {
        self.state.their_heads.as_ref().is_some_and(|theirs| *theirs == document.get_heads())
    }
}
