//! A colleague with every right who sends what breaks rules, and somebody of another workspace who asks for the document.

use super::{DOCUMENT, World};
use crate::{
    chance::Stream,
    link::{End, SocketId},
};
use automerge::{ActorId, Automerge, ROOT, transaction::Transactable};
use bytes::Bytes;
use ids::{ChangeHash, ConnectionId, Heads, PeerId};
use rand_core::RngCore;
use relay::Access;
use wire::{Message, SyncMessage, handshake::Initiator};

impl World {
    /// One more message of the hostile colleague, who dials again after being thrown out.
    pub(crate) fn attack(&mut self, chance: &mut Stream) {
        let Ok(us) = "hostile.1".parse::<PeerId>() else { return };
        let Some(socket) = self.outsider(End::Hostile, &us, 99, "hostile") else { return };
        let Some(overheard) = chance.pick(self.overheard.make_contiguous()).cloned() else { return };
        let what = chance.below(8);
        let frame = match what {
            0 => damaged(&self.enveloped(&us, overheard), chance),
            1 => Bytes::from_static(b"\x00rubbish"),
            2..=4 => self.enveloped(&us, damaged(&overheard, chance)),
            5 => self.enveloped(&us, overheard),
            6 => self.enveloped(&us, twins(chance.next_u64())),
            _ => self.enveloped(&us, orphan(chance.next_u64())),
        };
        self.note(format_args!("socket {socket}: attack {what}"));
        self.saw("attack");
        self.carry_up(socket, frame, 0);
    }

    /// Somebody who may use the relay, but not this workspace, asks for its document.
    pub(crate) fn stranger(&mut self, chance: &mut Stream) {
        let Ok(us) = "stranger.1".parse::<PeerId>() else { return };
        let Some(socket) = self.outsider(End::Stranger, &us, 77, "stranger") else { return };
        let data = overheard_or_empty(chance, self.overheard.make_contiguous());
        let frame = self.enveloped(&us, data);
        self.saw("stranger");
        self.carry_up(socket, frame, 0);
    }

    /// The open socket of somebody who is no tab; a new one, with its join on the way, if there is none.
    pub(crate) fn outsider(&mut self, end: End, us: &PeerId, member: u128, device: &str) -> Option<SocketId> {
        self.server.process.as_ref()?;
        let life = self.server.life;
        let open = self.links.iter().find(|(_, link)| {
            link.end == end && link.life == life && link.is_open_here && link.is_open_there && !link.is_dead
        });
        if let Some((socket, _)) = open {
            return Some(*socket);
        }
        let socket = self.connect(end, ConnectionId(0), Access::Writer, device, member)?;
        let join = Initiator::new(us.clone(), None).join();
        self.carry_up(socket, wire::encode(&join), 0);
        Some(socket)
    }

    pub(crate) fn enveloped(&self, us: &PeerId, data: Bytes) -> Bytes {
        let target = format!("relay-{}", self.server.life).parse().unwrap_or_else(|_| us.clone());
        wire::encode(&Message::Sync(SyncMessage { sender: us.clone(), target, document: DOCUMENT, data }))
    }
}

fn overheard_or_empty(chance: &mut Stream, overheard: &[Bytes]) -> Bytes {
    chance.pick(overheard).cloned().unwrap_or_else(|| message(&Heads::EMPTY, &[]))
}

/// A few bytes are others, or some are missing.
fn damaged(bytes: &Bytes, chance: &mut Stream) -> Bytes {
    let mut damaged = bytes.to_vec();
    for _ in 0..chance.between(1, 3) {
        let at = usize::try_from(chance.below(damaged.len() as u64)).unwrap_or(0);
        let byte = chance.next_u32() as u8;
        if let Some(place) = damaged.get_mut(at) {
            *place = byte;
        }
    }
    if chance.one_in(6) {
        damaged.truncate(usize::try_from(chance.below(damaged.len() as u64)).unwrap_or(0));
    }
    damaged.into()
}

/// Two changes of one actor that both claim to be its first.
fn twins(salt: u64) -> Bytes {
    let one = changes(salt, &["one"]);
    let other = changes(salt, &["other"]);
    message(&Heads::EMPTY, &[one, other].concat())
}

/// A change whose past is kept back.
fn orphan(salt: u64) -> Bytes {
    let changes = changes(salt, &["first", "second"]);
    message(&Heads::EMPTY, changes.get(1..).unwrap_or_default())
}

/// Changes of one actor that fit no workspace document.
fn changes(salt: u64, values: &[&str]) -> Vec<Bytes> {
    let mut document = Automerge::new().with_actor(ActorId::from(salt.to_be_bytes().to_vec()));
    for value in values {
        let mut transaction = document.transaction();
        if transaction.put(ROOT, "stray", *value).is_err() {
            return Vec::new();
        }
        transaction.commit_with(automerge::transaction::CommitOptions::default().with_time(0));
    }
    document.get_changes(&[]).iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect()
}

pub(crate) fn message(heads: &Heads, chunks: &[Bytes]) -> Bytes {
    let heads = if heads.is_empty() { Heads::from(vec![ChangeHash([1; 32])]) } else { heads.clone() };
    let version = guard::Version::V1;
    let reply = guard::Reply { version, heads: &heads, need: &[], have: &[], chunks, flags: None };
    guard::write_sync_message(&reply)
}
