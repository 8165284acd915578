//! What peers get to hear about a document: one frame at a time, when their socket can take it.

use super::{
    Document,
    answer::{Answer, Answering},
};
use crate::{
    effect::{CloseReason, Effect},
    turn::Turn,
};
use bytes::Bytes;
use ids::{ChangeHash, ConnectionId};
use std::collections::BTreeSet;

/// Most changes a peer is asked for in one message.
const NEED_MAX: usize = 4_096;

/// A frame to be sent.
#[derive(Debug)]
pub(crate) struct Pulled {
    pub(crate) frame: Bytes,
    /// Whether another is owed after it.
    pub(crate) more: bool,
}

impl Document {
    /// The next frame for a connection, if one is owed.
    pub(crate) fn pull(&mut self, turn: &mut Turn<'_>, connection: ConnectionId) -> Option<Pulled> {
        let need = self.need(connection);
        let peer = self.peers.get_mut(&connection)?;
        if peer.asked.len() + need.len() > turn.config.asked_per_peer {
            turn.refuse(connection, "asked", CloseReason::TooMuch("changes announced and not sent"));
            return None;
        }
        if std::mem::take(&mut peer.owed.unavailable) {
            let (sender, target) = (turn.us.clone(), peer.peer.clone());
            let document = self.address.document;
            let frame = wire::encode(&wire::Message::DocUnavailable { sender, target, document });
            return Some(Pulled { frame, more: peer.owed.answer });
        }
        if !peer.met {
            return None;
        }
        let mut answering = Answering {
            us: turn.us,
            document: self.address.document,
            config: turn.config,
            graph: &self.graph,
            bodies: &self.bodies,
            payloads: &mut self.payloads,
        };
        match answering.next(peer, &need) {
            Answer::Nothing => None,
            Answer::Frame { frame, more, encoded } => {
                turn.figures.messages_sent += 1;
                turn.figures.messages_encoded += u64::from(encoded);
                Some(Pulled { frame, more })
            }
            Answer::InsideSnapshot => {
                self.expand(turn, connection);
                None
            }
        }
    }

    /// The changes to ask a peer for: heads it has stated, and the past of what it has sent.
    fn need(&self, connection: ConnectionId) -> Vec<ChangeHash> {
        let Some(peer) = self.peers.get(&connection).filter(|peer| peer.may_write()) else {
            return Vec::new();
        };
        if peer.knowledge.unknown().is_empty() && self.door.orphans.is_empty() {
            return Vec::new();
        }
        let orphaned = self.door.orphans.missing_for(connection);
        let stated = peer.knowledge.unknown().iter().copied();
        let unasked = |hash: &ChangeHash| !self.door.has(&self.graph, hash) && !peer.asked.contains(hash);
        let wanted: BTreeSet<_> = stated.chain(orphaned).filter(unasked).take(NEED_MAX).collect();
        wanted.into_iter().collect()
    }

    /// Somebody needs the changes of the snapshot one by one.
    fn expand(&mut self, turn: &mut Turn<'_>, connection: ConnectionId) {
        self.expansion.waiting.insert(connection);
        if self.expansion.asked.is_none()
            && let Some(snapshot) = self.bodies.snapshot()
        {
            let request = turn.ask(self.address);
            self.expansion.asked = Some((request, snapshot.chunk.loaded_key()));
            turn.effects.push(Effect::Split { request, chunk: snapshot.chunk.bytes().clone() });
        }
    }

    /// Lets go of the changes of the snapshot when nobody needs them one by one any more.
    pub(super) fn fold_up(&mut self, turn: &Turn<'_>) {
        let len = self.graph.len();
        let is_served = |peer: &super::PeerState| peer.knowledge.has().is_all(len) || peer.speaks.deaf;
        let served = |connection: &ConnectionId| self.peers.get(connection).is_none_or(is_served);
        self.expansion.waiting = std::mem::take(&mut self.expansion.waiting)
            .into_iter()
            .filter(|connection| !served(connection))
            .collect();
        if self.expansion.asked.is_none() && self.expansion.waiting.is_empty() {
            self.bodies.trim(turn.config.spare_bytes);
        }
    }
}
