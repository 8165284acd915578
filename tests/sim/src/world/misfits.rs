//! Changes that are well-formed and fit no document: they refer to what is not there. Automerge panics on such a one, so
//! whoever takes it in has lost the document.
//!
//! A hostile colleague sends them to the relay, and a relay that somebody has taken over sends them to a browser.

use super::{DOCUMENT, World};
use crate::{
    chance::Stream,
    happening::Happening,
    link::{End, SocketId},
    promise::{Outcome, Promise},
    world::strangers::message,
};
use automerge::{ActorId, ObjType, ROOT, legacy, transaction::CommitOptions, transaction::Transactable};
use bytes::Bytes;
use ids::{ChangeHash, Heads, PeerId};
use rand_core::RngCore;
use store::{Chunk, ChunkKind};
use wire::{Message, SyncMessage};

/// One of them.
struct Misfit {
    hash: ChangeHash,
    bytes: Bytes,
}

impl World {
    /// The hostile colleague sends one to the relay.
    pub(crate) fn misfit(&mut self, chance: &mut Stream) {
        let Some((us, socket)) = self.hostile() else { return };
        let Some(misfit) = self.new_misfit(chance) else { return };
        let frame = self.enveloped(&us, message(&Heads::from(vec![misfit.hash]), &[misfit.bytes]));
        self.note(format_args!("socket {socket}: the misfit {}", misfit.hash));
        self.saw("misfit");
        self.carry_up(socket, frame, 0);
    }

    /// One arrives at a tab, in the name of the relay. The tab may do nothing with it, and may hang up.
    pub(crate) fn forgery(&mut self, chance: &mut Stream) -> Outcome {
        let Some(socket) = self.some_socket(chance) else { return Ok(()) };
        let Some(link) = self.links.get(&socket) else { return Ok(()) };
        let (End::Tab(_), Some(last)) = (link.end, link.last_said.clone()) else { return Ok(()) };
        let Ok(Message::Sync(last)) = wire::decode(&last, &wire::Limits::CLIENT) else { return Ok(()) };
        let Some(misfit) = self.new_misfit(chance) else { return Ok(()) };
        let data = message(&Heads::from(vec![misfit.hash]), &[misfit.bytes]);
        let frame = wire::encode(&Message::Sync(SyncMessage { document: DOCUMENT, data, ..last }));
        self.note(format_args!("socket {socket}: a forgery is on its way, the misfit {}", misfit.hash));
        self.saw("forgery");
        let Some(link) = self.links.get_mut(&socket) else { return Ok(()) };
        link.is_forged = true;
        link.last_down = link.last_down.max(self.agenda.now() + 1);
        let arrives = link.last_down;
        self.agenda.at(arrives, Happening::ArrivesDown { socket, frame });
        Ok(())
    }

    fn new_misfit(&mut self, chance: &mut Stream) -> Option<Misfit> {
        let misfit = misfit(chance.next_u64())?;
        self.misfits.insert(misfit.hash);
        Some(misfit)
    }

    /// The misfits of a frame, as chunks that somebody without a guard would store.
    pub(crate) fn misfits_in(&self, frame: &Bytes) -> Vec<Chunk> {
        let Ok(Message::Sync(sync)) = wire::decode(frame, &wire::Limits::CLIENT) else { return Vec::new() };
        let read = guard::read_sync_message(&sync.data, &guard::Limits::CLIENT);
        let chunks = read.map(|read| read.chunks).unwrap_or_default();
        let misfits = chunks.iter().filter_map(|chunk| match chunk {
            guard::Chunk::Change(change) if self.misfits.contains(&change.header.hash) => {
                Some(Chunk::new(DOCUMENT, ChunkKind::Incremental, change.bytes.clone()))
            }
            _ => None,
        });
        misfits.collect()
    }

    /// Whoever has one has lost.
    pub(crate) fn has_none<'a>(
        &self,
        who: impl FnOnce() -> String,
        mut hashes: impl Iterator<Item = &'a ChangeHash>,
    ) -> Outcome {
        match hashes.find(|hash| self.misfits.contains(hash)) {
            Some(misfit) => Promise::Guarded.broken(format!("{} the misfit {misfit}", who())),
            None => Ok(()),
        }
    }

    fn hostile(&mut self) -> Option<(PeerId, SocketId)> {
        let us: PeerId = "hostile.1".parse().ok()?;
        let socket = self.outsider(End::Hostile, &us, 99, "hostile")?;
        Some((us, socket))
    }
}

/// An element of a list that is not there, on top of what every device is born with.
fn misfit(salt: u64) -> Option<Misfit> {
    let mut document = workspace::new_document(&ids::ActorId::new([0; 16])).ok()?;
    document.set_actor(ActorId::from(salt.to_be_bytes().to_vec()));
    let before = document.get_heads();
    let mut transaction = document.transaction();
    let list = transaction.put_object(ROOT, "stray", ObjType::List).ok()?;
    transaction.insert(&list, 0, 1).ok()?;
    transaction.commit_with(CommitOptions::default().with_time(0));
    let mut change = document.get_changes(&before).first()?.decode();
    let nobody = legacy::OpId::new(1, &ActorId::from(vec![7; 16]));
    let insert = change.operations.get_mut(1)?;
    insert.obj = legacy::ObjectId::Id(nobody);
    insert.key = legacy::ElementId::Head.into();
    change.hash = None;
    let change = automerge::Change::from(change);
    let hash = ChangeHash(change.hash().0);
    Some(Misfit { hash, bytes: Bytes::copy_from_slice(change.raw_bytes()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// A misfit that Automerge would take is none, and then the checks of the guard would be checks of nothing.
    #[test]
    fn automerge_panics_on_a_misfit_and_the_guard_reads_it() {
        let misfit = misfit(7).unwrap();
        let read = guard::read_chunks(&misfit.bytes, &guard::Limits::CLIENT).unwrap();
        assert!(
            matches!(read.as_slice(), [guard::Chunk::Change(change)] if change.header.hash == misfit.hash)
        );
        let mut document = workspace::new_document(&ids::ActorId::new([0; 16])).unwrap();
        let taken = catch_unwind(AssertUnwindSafe(|| document.load_incremental(&misfit.bytes)));
        assert!(taken.is_err(), "{taken:?}");
    }
}
