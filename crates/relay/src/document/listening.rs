//! What peers say about a document: changes, what they have, what they lack.

use super::{
    Document, Phase,
    admission::{Refusals, Threshold},
    knowledge::Knowledge,
    peer_state::{Heard, Splitting, read_changes},
    whereabouts::{Content, Whereabouts},
};
use crate::{
    effect::{CloseReason, Effect},
    event::{RequestId, SplitError},
    report::Report,
    turn::Turn,
};
use bytes::Bytes;
use guard::CheckedChange;
use ids::ConnectionId;
use std::collections::BTreeSet;

/// A message that makes us send more than this a second time counts as a resend.
const RESEND_FREE_BYTES: usize = 64 << 10;

impl Document {
    /// A message about the document.
    pub(crate) fn hear(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, heard: Heard) {
        if !self.must_wait(turn, connection, &heard) {
            self.take(turn, connection, heard);
            self.write(turn);
            return;
        }
        let config = turn.config;
        let Some(peer) = self.peers.get_mut(&connection) else { return };
        if !peer.held.push(heard, config.held_messages, config.held_bytes) {
            turn.refuse(connection, "held-messages", CloseReason::TryAgain("keeping up with you"));
        }
    }

    fn must_wait(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, heard: &Heard) -> bool {
        let ready = matches!(self.phase, Phase::Open { .. } | Phase::Closed(_));
        let behind = self.door.staged.bytes() > turn.config.staged_bytes;
        let occupied =
            self.peers.get(&connection).is_some_and(|peer| peer.splitting.is_some() || !peer.held.is_empty());
        !ready || behind || occupied || self.must_locate(turn, connection, heard)
    }

    /// Whether a message brings changes before it is known where operations are, which is then asked.
    fn must_locate(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, heard: &Heard) -> bool {
        let writes = self.peers.get(&connection).is_some_and(super::PeerState::may_write);
        if heard.message.chunks.is_empty() || !writes || !self.serves(connection) {
            return false;
        }
        match self.whereabouts {
            Whereabouts::Known(_) => false,
            Whereabouts::Reading(_) => true,
            Whereabouts::Unread => {
                let request = turn.ask(self.address);
                self.whereabouts = Whereabouts::Reading(request);
                turn.effects
                    .push(Effect::Locate { request, content: Content::of(&self.bodies, &self.graph) });
                true
            }
        }
    }

    /// Deals with messages that waited, as far as that is possible now.
    pub(super) fn take_held(&mut self, turn: &mut Turn<'_>) {
        let waiting: Vec<ConnectionId> =
            self.peers.iter().filter(|(_, peer)| !peer.held.is_empty()).map(|(id, _)| *id).collect();
        for connection in waiting {
            while self.door.staged.bytes() <= turn.config.staged_bytes
                && !turn.closing.contains_key(&connection)
                && let Some(peer) = self.peers.get_mut(&connection)
                && peer.splitting.is_none()
                && let Some(heard) = peer.held.pop()
            {
                if self.must_locate(turn, connection, &heard) {
                    if let Some(peer) = self.peers.get_mut(&connection) {
                        peer.held.put_back(heard);
                    }
                    break;
                }
                self.take(turn, connection, heard);
            }
        }
    }

    fn take(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, heard: Heard) {
        let serves = self.serves(connection);
        let Some(peer) = self.peers.get_mut(&connection) else { return };
        if !serves {
            peer.owed.unavailable = true;
            turn.mark(connection, self.address.document);
            return;
        }
        let whole: Vec<Bytes> = heard
            .documents()
            .filter(|document| !document.heads.iter().all(|head| self.graph.contains(head)))
            .map(|document| document.bytes.clone())
            .collect();
        if whole.is_empty() || !peer.may_write() {
            return self.listen(turn, connection, heard, Vec::new());
        }
        let mut waiting_for = BTreeSet::new();
        for chunk in whole {
            let request = turn.ask(self.address);
            waiting_for.insert(request);
            turn.effects.push(Effect::Split { request, chunk });
        }
        peer.splitting = Some(Box::new(Splitting { heard, waiting_for, changes: Vec::new() }));
    }

    /// A document chunk that a peer has sent is taken apart; `false` if this is the answer to another question.
    pub(super) fn split_of_peer(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        result: &Result<Vec<Bytes>, SplitError>,
    ) -> bool {
        let asks = |peer: &super::PeerState| {
            peer.splitting.as_ref().is_some_and(|splitting| splitting.waiting_for.contains(&request))
        };
        let Some((connection, peer)) = self.peers.iter_mut().find(|(_, peer)| asks(peer)) else {
            return false;
        };
        let connection = *connection;
        let Some(mut splitting) = peer.splitting.take() else { return false };
        let changes = match result {
            Ok(chunks) => {
                read_changes(chunks, &turn.config.chunks).map_err(|rejection| rejection.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        match changes {
            Err(why) => turn.refuse(connection, "document-chunk", CloseReason::Refused(why)),
            Ok(changes) => {
                splitting.changes.extend(changes);
                splitting.waiting_for.remove(&request);
                if splitting.waiting_for.is_empty() {
                    let Splitting { heard, changes, .. } = *splitting;
                    self.listen(turn, connection, heard, changes);
                    self.take_held(turn);
                } else {
                    peer.splitting = Some(splitting);
                }
            }
        }
        true
    }

    /// Takes in what a message says. `changes` are those of its document chunks.
    fn listen(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        mut heard: Heard,
        mut changes: Vec<CheckedChange>,
    ) {
        let Some(peer) = self.peers.get_mut(&connection) else { return };
        if let Some(flags) = heard.message.flags {
            peer.speaks.version_2 = true;
            peer.speaks.sync_reset |= flags.supports_sync_reset;
            peer.speaks.deaf = flags.read_only;
        }
        let carried = heard.message.chunks.len();
        if carried > 0 && !peer.may_write() {
            peer.owed.answer = true;
            turn.report(Report::ReaderWrote { connection, address: self.address, changes: carried });
        } else if carried > 0 {
            changes.extend(heard.take_changes());
            self.let_in(turn, connection, changes);
        }
        if !turn.closing.contains_key(&connection) {
            self.learn(turn, connection, &heard);
            self.say_if_void(connection, &heard);
            turn.mark(connection, self.address.document);
        }
    }

    fn let_in(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, changes: Vec<CheckedChange>) {
        let Some(sender) = self.peers.get(&connection).map(|peer| peer.sender.clone()) else { return };
        if !self.has_room() {
            return;
        }
        // A message that brings changes has waited until this is known.
        let Some(places) = self.whereabouts.known() else { return };
        let mut to = Threshold {
            document: self.address.document,
            graph: &self.graph,
            places,
            stored_bytes: self.bodies.stored_bytes(),
            now: turn.now,
            config: turn.config,
        };
        refuse(turn, self.door.admit(&mut to, changes, &sender));
    }

    /// Notes what the peer has, and what it lacks.
    fn learn(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, heard: &Heard) {
        let message = &heard.message;
        let Some(peer) = self.peers.get_mut(&connection) else { return };
        let lost_all = message.heads.is_empty() && !peer.knowledge.has().is_empty();
        let starts_anew = message.flags.is_some_and(|flags| flags.sync_reset);
        let mut resend = false;
        if !peer.met || lost_all || starts_anew || heard.is_reset() {
            resend = peer.met;
            peer.met = true;
            peer.knowledge = Knowledge::met(&self.graph, &message.heads, &message.have);
            peer.asked.clear();
            peer.owed.answer = true;
        } else {
            peer.knowledge.states(&self.graph, &message.heads);
            peer.asked.retain(|asked| !self.graph.contains(asked));
        }
        let mut bytes = 0;
        for position in message.need.iter().filter_map(|hash| self.graph.position(hash)) {
            if peer.knowledge.has().contains(position) {
                peer.knowledge.lacks(position);
                bytes += self.bodies.bytes(position).map_or(self.bodies.snapshot_bytes(), Bytes::len);
            }
        }
        if (resend || bytes > RESEND_FREE_BYTES) && !peer.resends.take(turn.now) {
            let reason = CloseReason::TooMuch("everything was asked for again too often");
            turn.refuse(connection, "resends", reason);
        }
    }

    /// A document without content is as good as none, unless the peer is about to bring some.
    fn say_if_void(&mut self, connection: ConnectionId, heard: &Heard) {
        let has_room = self.has_room();
        let Some(peer) = self.peers.get_mut(&connection).filter(|_| self.graph.len() == 0) else { return };
        if !(has_room && peer.may_write() && !heard.message.heads.is_empty()) {
            peer.owed.unavailable = true;
            peer.owed.answer = false;
        }
    }
}

/// Those whose changes do not fit have to go.
pub(super) fn refuse(turn: &mut Turn<'_>, refusals: Refusals) {
    for (connection, refusal) in refusals {
        turn.refuse(connection, refusal.code(), CloseReason::Refused(refusal.to_string()));
    }
}
