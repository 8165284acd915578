//! What one peer gets next: nothing, or one message that says everything that is owed to it.
//!
//! A message is owed when there are changes the peer lacks, when it must be asked for some, when our heads as it knows
//! them are out of date (this is how its own changes are acknowledged: heads are durable here before they are said),
//! or when it has asked. Otherwise both sides are silent.
//!
//! Our `have` is what makes the next message of the peer exact. Once it has applied ours it has everything that we
//! have, so "since our heads we have nothing" tells it precisely what we lack. Only while we guess what it has, it gets
//! a Bloom filter instead. A reader gets no `have` at all: with none, Automerge sends no changes.

use super::{
    bodies::Bodies,
    graph::Graph,
    payloads::{Payload, State},
    peer_state::PeerState,
    positions::Positions,
};
use crate::config::Config;
use bytes::Bytes;
use guard::{Flags, Have, Reply, Version};
use ids::{ChangeHash, DocumentId, PeerId};
use wire::SyncEnvelope;

/// What is owed to one peer, looked up in the rooms of the document.
pub(crate) struct Answering<'a> {
    pub(crate) us: &'a PeerId,
    pub(crate) document: DocumentId,
    pub(crate) config: &'a Config,
    pub(crate) graph: &'a Graph,
    pub(crate) bodies: &'a Bodies,
    pub(crate) payloads: &'a mut super::payloads::Payloads,
}

/// The next frame of a peer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing is owed.
    Nothing,
    /// The changes it lacks are inside of a snapshot that this peer cannot read, or that is too long for a message.
    InsideSnapshot,
    /// A frame. More is owed after it when the changes did not fit into one.
    Frame {
        frame: Bytes,
        more: bool,
        /// Whether it was encoded for this peer, or shared.
        encoded: bool,
    },
}

/// Changes for one message.
struct Load {
    version: Version,
    chunks: Vec<Bytes>,
    positions: Positions,
}

impl Answering<'_> {
    /// Composes what `peer` is owed, and notes that it has been sent. `need` are changes to ask it for.
    pub(crate) fn next(&mut self, peer: &mut PeerState, need: &[ChangeHash]) -> Answer {
        let lacks = !peer.speaks.deaf && !peer.knowledge.has().is_all(self.graph.len());
        let out_of_date = *peer.knowledge.heads(self.graph) != peer.advertised;
        if !(lacks || out_of_date || peer.owed.answer || peer.owed.reset || !need.is_empty()) {
            return Answer::Nothing;
        }
        let state = self.shared_state(peer, need, lacks);
        if let Some(payload) = state.as_ref().and_then(|state| self.payloads.get(state)) {
            peer.knowledge.same_as(&payload.has, &payload.heads);
            let frame = payload.envelope.to(&peer.peer);
            return self.sent(peer, need, frame, false);
        }
        let load = if lacks { self.load(peer) } else { Some(Load::empty()) };
        let Some(load) = load else { return Answer::InsideSnapshot };
        peer.knowledge.sent(self.graph, &load.positions);
        let data = self.encode(peer, need, &load);
        let envelope = SyncEnvelope::new(self.us, self.document, &data);
        let frame = envelope.to(&peer.peer);
        if let Some(state) = state {
            let (has, heads) = (peer.knowledge.has().clone(), peer.knowledge.heads(self.graph).clone());
            self.payloads.keep(state, Payload { envelope, has, heads });
        }
        self.sent(peer, need, frame, true)
    }

    fn sent(&self, peer: &mut PeerState, need: &[ChangeHash], frame: Bytes, encoded: bool) -> Answer {
        peer.advertised.clone_from(peer.knowledge.heads(self.graph));
        peer.asked.extend(need);
        peer.owed.answer = false;
        peer.owed.reset = false;
        let more = !peer.speaks.deaf && !peer.knowledge.has().is_all(self.graph.len());
        Answer::Frame { frame, more, encoded }
    }

    /// The state of a peer about which there is nothing special.
    fn shared_state(&self, peer: &PeerState, need: &[ChangeHash], lacks: bool) -> Option<State> {
        let has = peer.knowledge.has();
        let special = !need.is_empty()
            || peer.owed.reset
            || (peer.speaks.deaf && !has.is_all(self.graph.len()))
            || peer.knowledge.doubtful_since().is_some();
        let state = State {
            has_up_to: has.prefix(),
            reader: !peer.may_write(),
            version_2: lacks && peer.speaks.version_2,
        };
        (has.is_prefix() && !special).then_some(state)
    }

    /// The changes for the next message to a peer that lacks some; `None` if it cannot get them like this.
    fn load(&self, peer: &PeerState) -> Option<Load> {
        let (has, len) = (peer.knowledge.has(), self.graph.len());
        let all_at_hand = has.gaps(len).all(|position| self.bodies.bytes(position).is_some());
        let snapshot = self.bodies.snapshot().filter(|snapshot| {
            peer.speaks.version_2 && snapshot.chunk.bytes().len() <= self.config.snapshot_message_bytes
        });
        let mut load = Load::empty();
        match snapshot {
            Some(snapshot) if has.is_empty() || !all_at_hand => {
                load.version = Version::V2;
                load.chunks.push(snapshot.chunk.bytes().clone());
                load.positions = snapshot.covered.clone();
                load.positions.subtract(has);
            }
            _ if !all_at_hand => return None,
            _ => {}
        }
        let mut bytes = 0;
        let mut added = Vec::new();
        for position in has.gaps(len).filter(|position| !load.positions.contains(*position)) {
            let Some(change) = self.bodies.bytes(position) else { break };
            if bytes > 0 && bytes + change.len() > self.config.message_bytes {
                break;
            }
            bytes += change.len();
            load.chunks.push(change.clone());
            added.push(position);
        }
        load.positions.union(&Positions::from_ascending(added));
        Some(load)
    }

    fn encode(&mut self, peer: &mut PeerState, need: &[ChangeHash], load: &Load) -> Bytes {
        let heads = self.graph.named(peer.knowledge.heads(self.graph));
        let have = match (peer.may_write(), peer.knowledge.doubtful_since()) {
            (false, _) => Vec::new(),
            (true, Some(base)) => vec![self.payloads.have_since(base, self.graph)],
            (true, None) => {
                vec![Have { last_sync: heads.as_slice().to_vec(), bloom: guard::Bloom::default() }]
            }
        };
        // A writer gets no flags as long as it needs none: their presence would make it send whole documents.
        let flags = match (peer.may_write(), peer.owed.reset) {
            (true, false) => None,
            (writes, _) => Some(Flags { sync_reset: writes, read_only: !writes, supports_sync_reset: true }),
        };
        let (version, chunks) = (load.version, load.chunks.as_slice());
        guard::write_sync_message(&Reply { version, heads: &heads, need, have: &have, chunks, flags })
    }
}

impl Load {
    fn empty() -> Self {
        Self { version: Version::V1, chunks: Vec::new(), positions: Positions::default() }
    }
}
