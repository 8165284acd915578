//! The doors of the product: a relay with somebody honest at it, and a browser's session.

use super::tally::DoorTally;
use crate::{
    oracle,
    relayed::Relayed,
    tab::{DOCUMENT, NOW},
};
use automerge::{Automerge, Change};
use bytes::Bytes;
use forge::panics::guarded;
use ids::{ConnectionId, Heads, PeerId};
use pollster::block_on;
use store::{Batch, Chunk, ChunkKind, ChunkStore, MemoryStore};
use sync::{GuardedDocument, Identity, Incoming, Session, SyncError};
use wire::{Message, Peer, PeerMetadata, SyncMessage, handshake::Initiator};

/// The doors in front of one document.
pub(super) struct Doors {
    before: Automerge,
    stored: Vec<Chunk>,
}

impl Doors {
    pub(super) fn of(before: &Automerge, changes: &[Change]) -> Self {
        let chunk =
            |change: &Change| Chunk::new(DOCUMENT, ChunkKind::Incremental, change.raw_bytes().to_vec());
        Self { before: before.clone(), stored: changes.iter().map(chunk).collect() }
    }

    /// Sends a message to both.
    pub(super) fn judge(&self, message: &[u8], is_honest: bool) -> DoorTally {
        let mut tally = DoorTally::default();
        for (door, judged) in [
            ("relay", guarded(|| self.relay(message, is_honest))),
            ("browser", guarded(|| self.browser(message, is_honest))),
        ] {
            match judged {
                Ok(judged) => tally.extend(judged),
                Err(place) => tally.broke(format!("the {door} panicked at {place}")),
            }
        }
        tally
    }

    fn relay(&self, message: &[u8], is_honest: bool) -> DoorTally {
        let mut tally = DoorTally::default();
        let store = MemoryStore::new();
        block_on(store.apply(Batch::put(self.stored.clone()))).unwrap();
        let mut relayed = Relayed::on(store);
        let bystander = join(&mut relayed, "bystander");
        relayed.frame(bystander, frame("bystander", &forge::message(&[])));
        let sender = join(&mut relayed, "sender");
        relayed.frame(sender, frame("sender", message));
        relayed.pass(120_000);
        if relayed.closed.contains_key(&bystander) {
            tally.broke("somebody honest was closed");
        }
        tally.closed_by_relay += usize::from(relayed.closed.contains_key(&sender));
        if is_honest && let Some(reason) = relayed.closed.get(&sender) {
            tally.broke(format!("an honest message was refused by the relay: {reason}"));
        }
        let document = relayed.document();
        if document.get_heads() != self.before.get_heads() {
            tally.entered += 1;
            oracle::use_document(&document);
        }
        tally
    }

    fn browser(&self, message: &[u8], is_honest: bool) -> DoorTally {
        let mut tally = DoorTally::default();
        let mut document = GuardedDocument::new(self.before.clone(), guard::Limits::CLIENT);
        match receive(&mut document, message) {
            Ok(()) => {}
            Err(SyncError::Unusable { unusable, .. }) if unusable.code() == "panicked" => {
                tally.broke(format!("Automerge fell over in the browser: {unusable}"));
            }
            Err(error) => {
                tally.closed_by_browser += 1;
                if is_honest {
                    tally.broke(format!("an honest message was refused by the browser: {error}"));
                }
            }
        }
        if document.get().get_heads() != self.before.get_heads() {
            oracle::use_document(document.get());
        }
        tally
    }
}

fn join(relayed: &mut Relayed, name: &str) -> ConnectionId {
    let connection = relayed.open(name);
    let peer: PeerId = name.parse().unwrap();
    relayed.frame(connection, wire::encode(&Initiator::new(peer, None).join()));
    connection
}

fn frame(sender: &str, message: &[u8]) -> Bytes {
    wire::encode(&Message::Sync(SyncMessage {
        sender: sender.parse().unwrap(),
        target: "relay".parse().unwrap(),
        document: DOCUMENT,
        data: Bytes::copy_from_slice(message),
    }))
}

/// What a browser does with the message of a relay.
fn receive(document: &mut GuardedDocument, message: &[u8]) -> Result<(), SyncError> {
    let us: PeerId = "us".parse().unwrap();
    let storage = "browser".parse().unwrap();
    let session = wire::SessionId::from_bits(1);
    let (mut session, _) = Session::open(Identity { peer: us.clone(), storage, session }, NOW, 0);
    let (sender, metadata) = ("relay".parse().unwrap(), PeerMetadata::default());
    let greeting = Peer { sender, target: us, version: wire::PROTOCOL_VERSION.to_owned(), metadata };
    session.on_frame(&wire::encode(&Message::Peer(greeting)), NOW)?;
    session.follow(DOCUMENT, &Heads::EMPTY, false);
    let frame = SyncMessage {
        sender: "relay".parse().unwrap(),
        target: "us".parse().unwrap(),
        document: DOCUMENT,
        data: Bytes::copy_from_slice(message),
    };
    if let Incoming::Sync(checked) = session.on_frame(&wire::encode(&Message::Sync(frame)), NOW)? {
        session.receive(document, checked, NOW)?;
        session.poll(DOCUMENT, document, NOW)?;
    }
    Ok(())
}
