//! A peer that has nothing, or less than the snapshot: it gets the snapshot and what came after it.

use crate::{
    client::changes,
    storage::save,
    world::{DOCUMENT, Job, World},
};
use automerge::sync::MessageVersion;
use bytes::Bytes;
use guard::{Flags, Reply, Version};
use ids::{ChangeHash, Heads};
use relay::{Access, CloseReason, Config, Report};

/// A document with a snapshot of the first changes and a tail; its bytes are nowhere else in memory.
fn with_snapshot(config: Config) -> World {
    let mut world = World::with(Config { compact_changes: 40, compact_changes_idle: 1_000, ..config });
    let ana = world.writer("ana");
    for n in 0..40 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    assert_eq!(world.storage.census(DOCUMENT), [1, 0, 1]);
    for n in 0..5 {
        world.edit(ana, "tail", &n.to_string());
    }
    world.run();
    assert_eq!(world.storage.census(DOCUMENT), [1, 5, 1]);
    world.restart(|| true);
    world.connect(ana, Access::Writer);
    world.run();
    world
}

#[test]
fn a_new_peer_gets_the_snapshot_and_the_tail_in_one_message() {
    let mut world = with_snapshot(Config::default());
    let ben = world.writer("ben");
    world.assert_converged();
    let [message] = &world.clients[ben].received[..] else { panic!("one message") };
    assert_eq!(message.version, MessageVersion::V2);
    let before = world.figures();
    for n in 0..5 {
        world.writer(&format!("late {n}"));
    }
    let after = world.figures();
    assert_eq!(after.messages_sent - before.messages_sent, 5);
    assert_eq!(after.messages_encoded - before.messages_encoded, 0, "all of them get Ben's bytes");
    world.assert_converged();
}

#[test]
fn both_versions_of_a_message_can_carry_a_snapshot() {
    let world = with_snapshot(Config::default());
    let loaded = world.storage.load(DOCUMENT);
    let of_kind = |kind| loaded.of_kind(kind).map(|chunk| chunk.bytes().clone());
    let chunks: Vec<Bytes> =
        of_kind(store::ChunkKind::Snapshot).chain(of_kind(store::ChunkKind::Incremental)).collect();
    let heads = world.clients[0].heads();
    for version in [Version::V1, Version::V2] {
        let reply = Reply { version, heads: &heads, need: &[], have: &[], chunks: &chunks, flags: None };
        let bytes = guard::write_sync_message(&reply);
        let message = automerge::sync::Message::decode(&bytes).unwrap();
        let mut doc = automerge::Automerge::new();
        let mut state = automerge::sync::State::new();
        automerge::sync::SyncDoc::receive_sync_message(&mut doc, &mut state, message).unwrap();
        assert_eq!(doc.get_heads(), world.clients[0].doc.get_heads());
    }
}

#[test]
fn a_peer_that_was_away_over_a_compaction_gets_the_snapshot() {
    let mut world = with_snapshot(Config::default());
    let ben = world.client("ben");
    let base = world.clients[0].doc.get_changes(&[])[9].hash();
    world.clients[ben].doc = world.clients[0].doc.fork_at(&[base]).unwrap();
    world.edit(ben, "b", "his own");
    world.connect(ben, Access::Writer);
    world.run();
    world.assert_converged();
    assert!(world.clients[ben].received.iter().any(|message| message.version == MessageVersion::V2));
}

/// Changes that are in the snapshot since a moment ago are still at hand.
#[test]
fn a_peer_that_was_away_for_a_moment_gets_changes() {
    let mut world = World::with(Config { compact_changes: 40, ..Config::default() });
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    for n in 0..30 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    world.disconnect(ben);
    for n in 0..20 {
        world.edit(ana, "b", &n.to_string());
    }
    world.run();
    assert_eq!(world.storage.census(DOCUMENT)[0], 1);
    world.connect(ben, Access::Writer);
    world.run();
    world.assert_converged();
    let last = world.clients[ben].received.last().unwrap();
    assert_eq!((last.version.clone(), last.changes.len()), (MessageVersion::V1, 20));
}

/// An old peer does not read document chunks: the snapshot is taken apart for it, once.
#[test]
fn a_peer_of_the_first_version_gets_every_change_by_itself() {
    let mut world = with_snapshot(Config { spare_bytes: 0, ..Config::default() });
    world.disk_stopped = true;
    let old: Vec<usize> = (0..3).map(|n| world.client(&format!("old {n}"))).collect();
    for client in &old {
        world.clients[*client].mute = true;
        world.connect(*client, Access::Writer);
        world.run();
        world.clients[*client].push(&[], &Heads::from(vec![ChangeHash([9; 32])]));
        world.run();
    }
    assert_eq!(world.jobs.iter().filter(|job| matches!(job, Job::Split(..))).count(), 1);
    world.disk_stopped = false;
    world.run();
    for client in &old {
        let [message] = &world.clients[*client].received[..] else { panic!("one message") };
        assert_eq!((message.version.clone(), message.changes.len()), (MessageVersion::V1, 45));
        assert_eq!(world.clients[*client].doc.get_heads(), world.clients[0].doc.get_heads());
    }
}

#[test]
fn a_snapshot_too_long_for_a_message_is_sent_in_parts() {
    let mut world =
        with_snapshot(Config { snapshot_message_bytes: 100, message_bytes: 500, ..Config::default() });
    let ben = world.writer("ben");
    world.assert_converged();
    assert!(world.clients[ben].received.len() > 3);
    assert!(world.clients[ben].received.iter().all(|message| message.version == MessageVersion::V1));
}

#[test]
fn a_snapshot_that_cannot_be_taken_apart_sends_the_peer_away() {
    let mut world = with_snapshot(Config { snapshot_message_bytes: 100, ..Config::default() });
    world.disk_stopped = true;
    let ben = world.client("ben");
    let connection = world.connect(ben, Access::Writer);
    world.run();
    world.fail_job(0, false);
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(1013));
    assert!(world.reports.iter().any(|report| matches!(report, Report::Unusable { .. })));
    world.disk_stopped = false;
    world.edit(0, "a", "the others go on");
    world.run();
    assert_eq!(world.clients[0].acknowledged(), world.clients[0].heads());
}

// ---- whole documents from peers -----------------------------------------------------------------------------------

/// What a stock peer sends to somebody who has nothing and reads the second version.
fn whole(doc: &automerge::Automerge) -> Bytes {
    let heads = doc.get_heads().iter().map(|head| ChangeHash(head.0)).collect();
    let flags = Some(Flags { supports_sync_reset: true, ..Flags::default() });
    let chunks = [Bytes::from(save(doc))];
    guard::write_sync_message(&Reply {
        version: Version::V2,
        heads: &heads,
        need: &[],
        have: &[],
        chunks: &chunks,
        flags,
    })
}

#[test]
fn a_whole_document_of_a_peer_becomes_changes() {
    let mut world = World::new();
    let (ana, ben) = (world.client("ana"), world.writer("ben"));
    for n in 0..20 {
        world.edit(ana, "a", &n.to_string());
    }
    world.connect(ana, Access::Writer);
    world.disk_stopped = true;
    world.clients[ana].mute = true;
    world.run();
    let data = whole(&world.clients[ana].doc);
    world.clients[ana].send_sync(data);
    world.run();
    assert!(matches!(world.jobs.back(), Some(Job::Split(..))));
    // What she says meanwhile waits its turn.
    world.clients[ana].mute = false;
    world.edit(ana, "a", "after");
    let (all, heads) = (changes(&world.clients[ana].doc), world.clients[ana].heads());
    world.clients[ana].push(&all[20..], &heads);
    world.run();
    assert!(world.storage.durable.is_empty());
    world.disk_stopped = false;
    world.run();
    assert_eq!(world.storage.census(DOCUMENT), [0, 21, 0]);
    assert_eq!(world.storage.receipts.len(), 21);
    assert_eq!(world.clients[ben].heads(), world.clients[ana].heads());
    // What is known already is not taken apart again.
    let data = whole(&world.clients[ana].doc);
    world.clients[ana].send_sync(data);
    world.disk_stopped = true;
    world.run();
    assert!(world.jobs.is_empty());
}

#[test]
fn a_whole_document_that_does_not_load_costs_its_sender() {
    let mut world = World::new();
    let (ana, eve) = (world.client("ana"), world.writer("eve"));
    world.edit(ana, "a", "1");
    world.disk_stopped = true;
    let data = whole(&world.clients[ana].doc);
    world.clients[eve].send_sync(data);
    let connection = world.id(eve);
    world.run();
    world.fail_job(0, false);
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
    assert!(world.storage.durable.is_empty());
}

#[test]
fn whole_documents_of_readers_are_not_even_taken_apart() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    let rea = world.client("rea");
    world.connect(rea, Access::Reader);
    world.run();
    world.edit(rea, "r", "hostile");
    let data = whole(&world.clients[rea].doc);
    world.clients[rea].send_sync(data);
    world.disk_stopped = true;
    world.run();
    assert!(world.jobs.is_empty());
}
