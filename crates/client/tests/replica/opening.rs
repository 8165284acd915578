//! From what is stored to a document.

use crate::{
    disk,
    world::{DOCUMENT, World},
};
use automerge::{ROOT, transaction::Transactable};
use client::{EditRefused, Event, Problem};
use store::{Chunk, ChunkKind};
use workspace::{Act, Edit, Field, Kind, RecordRef};

fn act() -> Act {
    let record = RecordRef::new(Kind::Issue, ids::RecordId::from_bits(1));
    Act::one("issue.create", Edit::Create { record, fields: vec![(Field::Title, "x".to_owned().into())] })
}

#[test]
fn opening_never_writes() {
    let mut world = World::settled(1, 1);
    world.create(0, "kept");
    world.run();
    let (keys, writes) = (world.disks[0].keys(), world.disks[0].writes);
    for _ in 0..3 {
        world.crash(0, false);
        world.run();
    }
    assert_eq!((world.disks[0].keys(), world.disks[0].writes), (keys, writes));
    assert_eq!(world.titles(0).len(), 1);
}

#[test]
fn a_new_device_says_so_and_waits_for_the_store_before_it_edits() {
    let mut world = World::new(2, 1);
    world.open_tab(0);
    assert_eq!(world.try_edit(0, &act()), Err(EditRefused::NotOpen));
    world.carry_all();
    let report = world.tabs[0].opened.clone().unwrap();
    assert!(report.empty);
    assert_eq!((report.chunks, report.corrupt, report.orphans), (0, 0, 0));
    assert!(world.try_edit(0, &act()).is_ok());
}

#[test]
fn a_damaged_chunk_costs_itself_and_the_relay_has_the_rest() {
    let mut world = World::settled(3, 1);
    for n in 0..5 {
        world.create(0, &format!("{n}"));
        world.run();
    }
    world.disks[0].damaged = vec![world.disks[0].keys()[2]];
    world.relay_up = false;
    world.crash(0, false);
    world.run();
    let report = world.tabs[0].opened.clone().unwrap();
    assert_eq!(report.corrupt, 1);
    assert_eq!(world.tabs[0].replica.status().problem, Some(Problem::Corrupt { chunks: 1 }));
    assert!(world.titles(0).len() < 5 || report.orphans == 0, "what is there opens");
    world.relay_up = true;
    world.feed(0, Event::NetworkUp);
    world.run();
    assert_eq!(world.titles(0).len(), 5);
    world.disks[0].damaged.clear();
    world.check_converged();
}

#[test]
fn changes_whose_past_is_missing_wait_for_it() {
    let mut world = World::settled(4, 1);
    for n in 0..3 {
        world.create(0, &format!("{n}"));
        world.run();
    }
    // The first of three incremental chunks is gone, as after a store that lost a transaction.
    let chunks = world.disks[0].load().chunks;
    let first = chunks.iter().find(|chunk| {
        let mut document = workspace::new_document(&ids::ActorId::new([9; 16])).unwrap();
        document.load_incremental(chunk.bytes()).unwrap();
        document.get_changes_meta(&[]).len() > 1
    });
    let first = first.unwrap().key();
    world.disks[0].wipe();
    chunks.iter().filter(|chunk| chunk.key() != first).for_each(|chunk| world.disks[0].plant(chunk));
    world.relay_up = false;
    world.crash(0, false);
    world.run();
    assert_eq!(world.tabs[0].opened.clone().unwrap().orphans, 2);
    assert!(world.titles(0).is_empty());
    world.relay_up = true;
    world.feed(0, Event::NetworkUp);
    world.run();
    assert_eq!(world.titles(0).len(), 3);
    world.check_converged();
}

#[test]
fn planted_rubbish_does_not_keep_the_rest_from_opening() {
    let mut world = World::settled(5, 1);
    world.create(0, "sound");
    world.run();
    world.disks[0].plant(&Chunk::new(DOCUMENT, ChunkKind::Incremental, &b"\x85\x6f\x4a\x83rubbish"[..]));
    // Well formed, and yet impossible: another change of the same actor under the same number.
    let mut twin = workspace::new_document(world.tabs[0].replica.actor()).unwrap();
    twin.transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, "twin", 1)).unwrap();
    let twin = twin.save_after(&[automerge::ChangeHash(workspace::genesis::HASH.0)]);
    world.disks[0].plant(&Chunk::new(DOCUMENT, ChunkKind::Incremental, twin));
    world.crash(0, false);
    world.run();
    let report = world.tabs[0].opened.clone().unwrap();
    assert_eq!(report.corrupt, 2, "{report:?}");
    assert!(world.tabs[0].replica.is_open());
    world.create(0, "goes on");
    world.run();
    assert!(world.titles(0).contains("goes on"));
}

#[test]
fn a_store_that_does_not_answer_does_not_stop_the_work() {
    let mut world = World::settled(6, 1);
    world.create(0, "stored");
    world.run();
    world.crash(0, false);
    for _ in 0..4 {
        assert!(!world.tabs[0].replica.is_open());
        assert!(world.fail_load(0, disk::failing()));
        let wake = world.tabs[0].wake.unwrap();
        world.now = world.now.max(wake);
        world.feed(0, Event::Woken);
    }
    assert!(world.tabs[0].replica.is_open(), "after four refusals it opens without the store");
    assert!(matches!(world.tabs[0].replica.status().problem, Some(Problem::StoreFailing { .. })));
    world.create(0, "meanwhile");
    world.pass_time(60_000);
    world.run();
    assert_eq!(world.titles(0).len(), 2, "what was stored is there as soon as it can be read");
    world.check_converged();
}

#[test]
fn every_session_has_an_actor_of_its_own() {
    let mut world = World::settled(7, 1);
    let mut actors = std::collections::BTreeSet::new();
    for n in 0..6 {
        // An edit leaves for the relay and never reaches the disk: with the old actor the next session would write
        // another change under the same number, and nobody could ever take both.
        world.create(0, &format!("session {n}"));
        while world.carry_to_relay(0) {}
        actors.insert(world.tabs[0].replica.actor().clone());
        world.crash(0, false);
        world.finish_load(0);
        world.create(0, &format!("after the crash {n}"));
        actors.insert(world.tabs[0].replica.actor().clone());
        world.run();
        world.check_converged();
    }
    assert_eq!(actors.len(), 7, "one for each session");
    assert_eq!(world.titles(0).len(), 12);
    assert!(world.tabs[0].disconnects.is_empty());
}

/// A tab that joins late stores the whole document as the relay sent it, beside the changes its sibling has stored one
/// by one; a compaction puts a snapshot of less in front. Nothing of that is damaged. Found by the simulation, seed 14.
#[test]
fn a_change_that_is_also_in_a_document_chunk_is_not_a_damaged_one() {
    let mut world = World::settled(9, 1);
    world.relay_up = false;
    world.feed(0, Event::NetworkDown);
    world.create(0, "first");
    world.run();
    let early = world.tabs[0].replica.document().save();
    world.disks[0].plant(&Chunk::new(DOCUMENT, ChunkKind::Snapshot, early));
    world.create(0, "second");
    world.create(0, "third");
    world.run();
    let late = world.tabs[0].replica.document().save();
    world.disks[0].plant(&Chunk::new(DOCUMENT, ChunkKind::Incremental, late));
    world.crash(0, false);
    world.run();
    let report = world.tabs[0].opened.clone().unwrap();
    assert_eq!((report.corrupt, report.orphans), (0, 0));
    assert_eq!(world.titles(0).len(), 3);
    world.check_views();
}
