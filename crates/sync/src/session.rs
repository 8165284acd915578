//! One connection, from the first frame to the last.
//!
//! The driver opens a socket, sends what [`Session::open`] returns, hands every frame to [`Session::on_frame`], and
//! whenever the socket can take one more frame asks [`Session::poll`]. Sync messages are pulled, never queued: what is
//! sent is computed at the moment it leaves, so a slow socket gets one message with everything, and not a backlog.

use crate::{
    SyncError,
    ephemeral::EphemeralInbox,
    fence::{Unusable, fenced},
    guarded::GuardedDocument,
    liveness::{Liveness, Verdict},
    peer_document::PeerDocument,
};
use automerge::{
    Automerge,
    sync::{Message as AutomergeMessage, State, SyncDoc},
};
use bytes::Bytes;
use ids::{ChangeHash, DocumentId, Heads, PeerId, StorageId, Timestamp};
use std::collections::BTreeMap;
use wire::{
    Ephemeral, Message, SessionId, SyncMessage,
    handshake::{Admission, Initiator, Joined},
};

/// How long the relay may take to answer once both sides are in step, in milliseconds. With
/// [`PROBE_AFTER_MS`](crate::PROBE_AFTER_MS) before it, a dead connection is noticed within 19 s.
pub const ANSWER_WITHIN_MS: i64 = 10_000;

/// How long the first answer may take, in milliseconds: it may be a whole document in one frame over a slow line, and
/// nothing of a frame is heard before its end.
pub const FIRST_ANSWER_WITHIN_MS: i64 = 60_000;

/// A document that no relay has. A `request` for it is answered with `doc-unavailable`, which is how we hear that the
/// relay is alive in the words of the stock protocol.
pub const PROBE_DOCUMENT: DocumentId = DocumentId::from_bytes(*b"binnac\x4ce\x80probe\0\0");

/// Who we are on this connection.
#[derive(Debug, Clone)]
pub struct Identity {
    /// This run of this tab or process.
    pub peer: PeerId,
    /// The store behind it; tabs of one browser share it.
    pub storage: StorageId,
    /// Names our counter of ephemeral messages.
    pub session: SessionId,
}

/// What a frame meant.
#[derive(Debug)]
#[non_exhaustive]
pub enum Incoming {
    /// The handshake is done; documents may be spoken about.
    Established(Relay),
    /// A sync message that the guard has passed; give it to [`Session::receive`] with its document.
    Sync(CheckedSync),
    /// Somebody's ephemeral message, heard for the first time.
    Ephemeral(Heard),
    /// The relay does not have this document, or not for us.
    Unavailable(DocumentId),
    /// A sign of life without consequence.
    Nothing,
}

/// The other side, by its own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// Its peer id.
    pub peer: PeerId,
    /// Its store.
    pub storage: Option<StorageId>,
    /// Whether it offers our extensions.
    pub extended: bool,
}

/// A sync message that the guard has passed. Only [`Session::on_frame`] makes one.
#[derive(Debug)]
pub struct CheckedSync {
    document: DocumentId,
    message: AutomergeMessage,
    chunks: Vec<guard::Chunk>,
}

impl CheckedSync {
    /// The document it is about.
    pub fn document(&self) -> DocumentId {
        self.document
    }
}

/// An ephemeral message heard for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its author.
    pub sender: PeerId,
    /// The document it belongs to.
    pub document: DocumentId,
    /// CBOR of the application.
    pub data: Bytes,
}

/// What a sync message did to its document.
#[derive(Debug)]
pub struct Received {
    /// The document.
    pub document: DocumentId,
    /// The heads before and after; equal when nothing new came.
    pub before: Heads,
    /// The heads after.
    pub after: Heads,
    /// Changes that became part of the document.
    pub changes: Vec<ChangeHash>,
    /// The chunks that brought them: what there is to write. Some may have waited since an earlier message, and a
    /// document chunk may also hold changes that were known.
    pub chunks: Vec<guard::Chunk>,
    /// The relay's heads as of this message; by its contract they are durable there.
    pub relay_heads: Heads,
    /// Whether the relay says that it will not take our changes.
    pub read_only: bool,
}

/// One connection to a relay.
#[derive(Debug)]
pub struct Session {
    identity: Identity,
    phase: Phase,
    documents: BTreeMap<DocumentId, PeerDocument>,
    inbox: EphemeralInbox,
    count: u64,
    liveness: Liveness,
    patience: u32,
    wire_limits: wire::Limits,
    guard_limits: guard::Limits,
}

#[derive(Debug)]
enum Phase {
    Joining(Initiator),
    Established { relay: Relay, joined: Joined },
    Ended,
}

impl Session {
    /// A session for a socket that has just opened, and the first frame to send.
    ///
    /// `patience` doubles every time limit that many times (at most five): raise it after connections that ended in
    /// silence, because the line may be slow rather than dead.
    pub fn open(identity: Identity, now: Timestamp, patience: u32) -> (Self, Bytes) {
        let initiator = Initiator::new(identity.peer.clone(), Some(identity.storage.clone()));
        let join = wire::encode(&initiator.join());
        let patience = patience.min(5);
        let mut liveness = Liveness::new(now, ANSWER_WITHIN_MS << patience);
        liveness.expect(now);
        let session = Self {
            identity,
            phase: Phase::Joining(initiator),
            documents: BTreeMap::new(),
            inbox: EphemeralInbox::default(),
            count: 0,
            liveness,
            patience,
            wire_limits: wire::Limits::CLIENT,
            guard_limits: guard::Limits::CLIENT,
        };
        (session, join)
    }

    /// Starts to speak about a document. `shared` are heads that both sides are known to have had (or none); `asks`
    /// says that we have nothing of it and want to hear when the relay has nothing either.
    pub fn follow(&mut self, document: DocumentId, shared: &Heads, asks: bool) {
        self.documents.entry(document).or_insert_with(|| PeerDocument::new(shared, asks));
    }

    /// Whether the handshake is done.
    pub fn is_established(&self) -> bool {
        matches!(self.phase, Phase::Established { .. })
    }

    /// The other side, once the handshake is done.
    pub fn relay(&self) -> Option<&Relay> {
        match &self.phase {
            Phase::Established { relay, .. } => Some(relay),
            Phase::Joining(_) | Phase::Ended => None,
        }
    }

    /// The heads in the relay's last sync message about `document`; none before the first.
    pub fn relay_heads(&self, document: DocumentId) -> Option<Heads> {
        self.documents.get(&document)?.relay_heads()
    }

    /// Understands one frame. An error costs the connection: close the socket and drop the session.
    pub fn on_frame(&mut self, frame: &Bytes, now: Timestamp) -> Result<Incoming, SyncError> {
        self.liveness.heard(now);
        let message = wire::decode(frame, &self.wire_limits).map_err(SyncError::Frame)?;
        if let Phase::Established { joined, .. } = &self.phase {
            return match joined.admit(&message) {
                Admission::Process => self.on_message(message),
                Admission::Ignore => Ok(Incoming::Nothing),
                Admission::Refuse(refused) => Err(SyncError::Handshake(refused)),
            };
        }
        match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Joining(initiator) => self.on_answer(initiator, &message, now),
            Phase::Established { .. } | Phase::Ended => Ok(Incoming::Nothing),
        }
    }

    /// Applies a checked sync message to its document. After an error the document is as it was.
    pub fn receive(
        &mut self,
        document: &mut GuardedDocument,
        sync: CheckedSync,
        now: Timestamp,
    ) -> Result<Received, SyncError> {
        let CheckedSync { document: id, message, chunks } = sync;
        let peer = self.documents.entry(id).or_insert_with(|| PeerDocument::new(&Heads::EMPTY, false));
        let taken = peer
            .receive(document, message, &chunks, now)
            .map_err(|not_taken| SyncError::from_not_taken(id, not_taken))?;
        self.liveness.set_patience(ANSWER_WITHIN_MS << self.patience);
        Ok(Received {
            document: id,
            before: taken.before,
            after: document.heads(),
            changes: taken.changes,
            chunks: taken.entered,
            relay_heads: peer.relay_heads().unwrap_or_default(),
            read_only: peer.is_read_only(),
        })
    }

    /// The next frame about `id`, when the socket can take one. None means nothing to say now; see
    /// [`poll_at`](Self::poll_at).
    pub fn poll(
        &mut self,
        id: DocumentId,
        document: &GuardedDocument,
        now: Timestamp,
    ) -> Result<Option<Bytes>, SyncError> {
        let Phase::Established { relay, .. } = &self.phase else { return Ok(None) };
        let Some(peer) = self.documents.get_mut(&id) else { return Ok(None) };
        let outgoing = fenced(|| peer.poll(document, now)).map_err(|panicked| SyncError::Unusable {
            document: id,
            unusable: Unusable::Panicked(panicked),
        })?;
        let Some(outgoing) = outgoing else { return Ok(None) };
        if outgoing.answered {
            self.liveness.expect(now);
        }
        let message = SyncMessage {
            sender: self.identity.peer.clone(),
            target: relay.peer.clone(),
            document: id,
            data: outgoing.data.into(),
        };
        Ok(Some(wire::encode(&if outgoing.asks {
            Message::Request(message)
        } else {
            Message::Sync(message)
        })))
    }

    /// An ephemeral message to everybody who listens to `document`, or none before the handshake. `data` is one CBOR
    /// value.
    pub fn ephemeral(&mut self, document: DocumentId, data: Bytes) -> Option<Bytes> {
        let Phase::Established { relay, .. } = &self.phase else { return None };
        self.count += 1;
        Some(wire::encode(&Message::Ephemeral(Ephemeral {
            sender: self.identity.peer.clone(),
            target: relay.peer.clone(),
            document,
            session: self.identity.session.clone(),
            count: self.count,
            data,
        })))
    }

    /// Looks at the clock: a probe to send, or [`SyncError::Silent`] when the connection is dead.
    pub fn on_wake(&mut self, now: Timestamp) -> Result<Option<Bytes>, SyncError> {
        match self.liveness.check(now) {
            Verdict::Alive => Ok(None),
            Verdict::Silent { waited_ms } => Err(SyncError::Silent { waited_ms }),
            Verdict::Probe => Ok(self.probe(now)),
        }
    }

    /// When to call [`on_wake`](Self::on_wake) although nothing happens before.
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.liveness.wake_at()
    }

    /// When to call [`poll`](Self::poll) although nothing happens before: an answer that waited for company is due.
    pub fn poll_at(&self) -> Option<Timestamp> {
        self.documents.values().filter_map(PeerDocument::wake_at).min()
    }

    fn probe(&mut self, now: Timestamp) -> Option<Bytes> {
        let Phase::Established { relay, .. } = &self.phase else { return None };
        let data = Automerge::new().generate_sync_message(&mut State::new())?.encode();
        self.liveness.expect(now);
        Some(wire::encode(&Message::Request(SyncMessage {
            sender: self.identity.peer.clone(),
            target: relay.peer.clone(),
            document: PROBE_DOCUMENT,
            data: data.into(),
        })))
    }

    fn on_answer(
        &mut self,
        initiator: Initiator,
        answer: &Message,
        now: Timestamp,
    ) -> Result<Incoming, SyncError> {
        let established = initiator.receive(answer).map_err(SyncError::from_refusal)?;
        let relay = Relay {
            peer: established.peer,
            storage: established.metadata.storage,
            extended: established.extension.is_some(),
        };
        if relay.extended {
            self.liveness.allow_probes();
        }
        self.liveness.set_patience(FIRST_ANSWER_WITHIN_MS << self.patience);
        self.liveness.heard(now);
        self.phase = Phase::Established { relay: relay.clone(), joined: established.joined };
        Ok(Incoming::Established(relay))
    }

    fn on_message(&mut self, message: Message) -> Result<Incoming, SyncError> {
        match message {
            Message::Sync(sync) | Message::Request(sync) => self.on_sync(sync),
            Message::Ephemeral(message) => Ok(self.on_ephemeral(message)),
            Message::DocUnavailable { document, .. } if document == PROBE_DOCUMENT => Ok(Incoming::Nothing),
            Message::DocUnavailable { document, .. } => Ok(Incoming::Unavailable(document)),
            Message::Error { message } => Err(SyncError::Refused { message }),
            Message::Join(_)
            | Message::Peer(_)
            | Message::RemoteHeadsChanged { .. }
            | Message::RemoteSubscriptionChange { .. }
            | Message::Leave { .. }
            | Message::Unknown { .. } => Ok(Incoming::Nothing),
        }
    }

    fn on_sync(&self, sync: SyncMessage) -> Result<Incoming, SyncError> {
        let document = sync.document;
        // A document we never asked about is none of our business; it must not cost us memory.
        if !self.documents.contains_key(&document) {
            return Ok(Incoming::Nothing);
        }
        let checked = guard::read_sync_message(&sync.data, &self.guard_limits)
            .map_err(|rejection| SyncError::Guard { document, rejection })?;
        let message = fenced(|| AutomergeMessage::decode(&sync.data))
            .map_err(|panicked| SyncError::Undecodable { document, why: panicked.to_string() })?
            .map_err(|error| SyncError::Undecodable { document, why: error.to_string() })?;
        Ok(Incoming::Sync(CheckedSync { document, message, chunks: checked.chunks }))
    }

    fn on_ephemeral(&mut self, message: Ephemeral) -> Incoming {
        if !self.inbox.is_new(&message.sender, &message.session, message.count) {
            return Incoming::Nothing;
        }
        Incoming::Ephemeral(Heard { sender: message.sender, document: message.document, data: message.data })
    }
}
