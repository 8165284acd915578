//! Short honest runs of the whole system, recorded: what peers said, and what was stored in the end.

use crate::{
    relayed::{Relayed, stored},
    tab::{DOCUMENT, Tab},
};
use bytes::Bytes;
use ids::ConnectionId;
use pollster::block_on;
use store::{Batch, Chunk, ChunkKind, ChunkStore, MemoryStore};

/// How many stories there are.
pub(crate) const STORIES: usize = 4;

/// What was recorded.
pub(crate) struct Story {
    /// Frames of the guest to the relay.
    pub(crate) by_guest: Vec<Vec<u8>>,
    /// Frames of the relay to the host.
    pub(crate) to_host: Vec<Vec<u8>>,
    /// What the relay has stored.
    pub(crate) on_relay: Vec<Chunk>,
    /// What the host has stored.
    pub(crate) on_host: Vec<Chunk>,
}

/// A relay, and a host who has written something: how every story begins, and what a hostile peer finds.
pub(crate) struct Stage {
    pub(crate) relayed: Relayed,
    pub(crate) host: Tab,
    pub(crate) on: ConnectionId,
}

/// Who is who.
pub(crate) const HOST: u64 = 1;
pub(crate) const GUEST: u64 = 2;
const BYSTANDER: u64 = 3;

impl Stage {
    /// The beginning of the story with that number.
    pub(crate) fn of(number: usize) -> Self {
        let mut relayed = Relayed::on(MemoryStore::new());
        let mut host = Tab::new(HOST);
        if number % 2 == 1 {
            // There is something to fetch.
            let mut bystander = Tab::new(BYSTANDER);
            let on = relayed.connect(&mut bystander, "device-3");
            (0..4 * number).for_each(|n| assert!(bystander.write(&format!("before {n}"))));
            relayed.talk(on, &mut bystander);
            relayed.pass(60_000);
        }
        host.write("while nobody was there");
        let on = relayed.connect(&mut host, "device-1");
        Self { relayed, host, on }
    }
}

/// The story with that number, to its end.
pub(crate) fn story(number: usize) -> Story {
    let Stage { mut relayed, mut host, on } = Stage::of(number);
    let mut guest = Tab::new(GUEST);
    guest.write("of a guest");
    let guest_on = relayed.connect(&mut guest, "device-2");
    for round in 0..2 + number {
        relayed.talk(on, &mut host);
        host.show("/risks");
        assert!(guest.type_on(&format!("round {round}")) && host.type_on("more "));
        relayed.talk(guest_on, &mut guest);
        relayed.talk(on, &mut host);
        guest.show("/goals");
        for tab in [&mut host, &mut guest] {
            tab.pass(1_000);
        }
        relayed.talk(guest_on, &mut guest);
        relayed.talk(on, &mut host);
    }
    assert!(relayed.closed.is_empty(), "{:?}", relayed.closed);
    assert_eq!(host.replica.heads(), guest.replica.heads());
    assert!(host.replica.status().on_relay && guest.replica.status().on_relay);
    let frames = |all: &[(ConnectionId, Bytes)], of: ConnectionId| -> Vec<Vec<u8>> {
        all.iter().filter(|(connection, _)| *connection == of).map(|(_, frame)| frame.to_vec()).collect()
    };
    Story {
        by_guest: frames(&relayed.heard, guest_on),
        to_host: frames(&relayed.said, on),
        on_relay: stored(&relayed.store).chunks,
        on_host: host.stored().chunks,
    }
}

/// Chunks as items of a script: the number of the kind, then the bytes.
pub(crate) fn items_of(chunks: &[Chunk]) -> Vec<Vec<u8>> {
    let item = |chunk: &Chunk| [&[chunk.key().kind.to_byte()][..], chunk.bytes()].concat();
    chunks.iter().map(item).collect()
}

/// A store of such items.
pub(crate) fn store_of(items: &[Vec<u8>]) -> MemoryStore {
    let store = MemoryStore::new();
    put(&store, items);
    store
}

/// Puts such items into a store.
pub(crate) fn put(store: &MemoryStore, items: &[Vec<u8>]) {
    let chunk = |item: &Vec<u8>| {
        let (kind, bytes) = item.split_first()?;
        Some(Chunk::new(DOCUMENT, ChunkKind::ALL[usize::from(*kind) % 3], bytes.to_vec()))
    };
    block_on(store.apply(Batch::put(items.iter().filter_map(chunk)))).unwrap();
}
