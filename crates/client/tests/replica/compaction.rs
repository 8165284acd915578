//! Many chunks become one, and nothing gets lost on the way.

use crate::{disk, world::World};
use client::{Event, INCREMENTALS_MAX, plan_compaction};
use store::{Chunk, ChunkKind};

fn crowded(seed: u64) -> World {
    let mut world = World::settled(seed, 1);
    world.relay_up = false;
    world.feed(0, Event::NetworkDown);
    for n in 0..=INCREMENTALS_MAX {
        world.create(0, &format!("{n}"));
        world.carry_all();
    }
    assert!(world.disks[0].keys().len() > INCREMENTALS_MAX);
    world
}

#[test]
fn many_chunks_become_one_snapshot() {
    let mut world = crowded(1);
    let before = world.stored(0);
    world.feed(0, Event::Compact);
    world.run();
    assert_eq!(world.tabs[0].compacted, [INCREMENTALS_MAX + 1]);
    let kinds: Vec<ChunkKind> = world.disks[0].keys().iter().map(|key| key.kind).collect();
    assert_eq!(kinds, [ChunkKind::Snapshot]);
    assert_eq!(world.stored(0), before);
    world.check();
    world.create(0, "after");
    world.crash(0, false);
    world.run();
    assert_eq!(world.titles(0).len(), INCREMENTALS_MAX + 1, "the last edit was never said to be saved");
}

#[test]
fn few_chunks_are_left_alone() {
    let mut world = World::settled(2, 1);
    world.create(0, "one");
    world.run();
    let keys = world.disks[0].keys();
    world.feed(0, Event::Compact);
    world.run();
    assert_eq!(world.tabs[0].compacted, [0]);
    assert_eq!(world.disks[0].keys(), keys);
}

#[test]
fn a_compaction_that_fails_changes_nothing() {
    let mut world = crowded(3);
    let (keys, before) = (world.disks[0].keys(), world.stored(0));
    world.feed(0, Event::Compact);
    world.finish_load(0);
    assert!(world.fail_write(0, disk::full(), false));
    assert_eq!(world.tabs[0].compacted, [0]);
    assert_eq!((world.disks[0].keys(), world.stored(0)), (keys, before));
    assert!(world.tabs[0].replica.status().saved_here, "it never was about unsaved changes");
}

#[test]
fn two_tabs_that_compact_at_once_lose_nothing() {
    let mut world = crowded(4);
    world.open_tab(0);
    world.run();
    let before = world.stored(0);
    for tab in 0..2 {
        world.feed(tab, Event::Compact);
        world.finish_load(tab);
    }
    world.create(0, "meanwhile");
    world.run();
    assert!(before.is_subset(&world.stored(0)));
    assert_eq!(world.stored(0).len(), before.len() + 1);
    world.check();
}

#[test]
fn edits_during_a_compaction_stay() {
    let mut world = crowded(5);
    world.feed(0, Event::Compact);
    world.create(0, "before the read");
    world.finish_load(0);
    world.create(0, "before the write");
    world.run();
    world.crash(0, false);
    world.run();
    assert_eq!(world.titles(0).len(), INCREMENTALS_MAX + 3);
}

#[test]
fn chunks_that_wait_for_others_and_damaged_ones_stay() {
    let mut world = crowded(6);
    let loaded = world.disks[0].load();
    let bytes: Vec<&[u8]> = loaded.chunks.iter().map(|chunk| chunk.bytes().as_ref()).collect();
    let whole = workspace::load(bytes, &ids::ActorId::new([9; 16])).unwrap();
    let mut ahead = whole.fork();
    ahead.empty_commit(automerge::transaction::CommitOptions::default());
    let middle = ahead.get_heads();
    ahead.empty_commit(automerge::transaction::CommitOptions::default());
    let orphan = Chunk::new(crate::world::DOCUMENT, ChunkKind::Incremental, ahead.save_after(&middle));
    world.disks[0].plant(&orphan);
    let damaged = Chunk::new(crate::world::DOCUMENT, ChunkKind::Incremental, &b"\x85\x6f\x4a\x83?"[..]);
    world.disks[0].plant(&damaged);

    let batch = plan_compaction(crate::world::DOCUMENT, &world.disks[0].load()).unwrap();
    let deleted: Vec<_> = batch.deletes.iter().map(|key| key.key()).collect();
    assert!(!deleted.contains(&orphan.key()) && !deleted.contains(&damaged.key()));
    assert_eq!(deleted.len(), INCREMENTALS_MAX + 1);
}
