//! How many frames, how large, and when: slow peers, shared bytes, silence.

use crate::{
    client::changes,
    world::{DOCUMENT, World},
};
use bytes::Bytes;
use guard::{Have, Reply, Version};
use ids::Heads;
use relay::{Access, CloseReason, Config, Rate};

fn narrow() -> Config {
    Config { window_frames: 1, ..Config::default() }
}

#[test]
fn two_frames_a_delivery_and_then_silence() {
    let mut world = World::new();
    let clients: Vec<usize> = (0..10).map(|n| world.writer(&format!("client {n}"))).collect();
    world.edit(clients[0], "a", "0");
    world.run();
    let before = world.frames;
    world.edit(clients[3], "a", "1");
    world.run();
    // The change and its acknowledgement; to each other, the change and its answer.
    assert_eq!(world.frames - before, 2 + 9 * 2);
    world.assert_converged();
    let before = world.frames;
    world.pass(3_600_000);
    assert_eq!(world.frames, before);
}

#[test]
fn peers_in_the_same_state_share_the_bytes() {
    let mut world = World::new();
    let clients: Vec<usize> = (0..10).map(|n| world.writer(&format!("client {n}"))).collect();
    world.edit(clients[0], "a", "0");
    world.run();
    let before = world.figures();
    world.edit(clients[3], "a", "1");
    world.run();
    let after = world.figures();
    assert_eq!(after.messages_sent - before.messages_sent, 10);
    assert_eq!(after.messages_encoded - before.messages_encoded, 2, "one with the change, one without");
}

#[test]
fn a_slow_peer_gets_one_message_with_everything() {
    let mut world = World::with(narrow());
    let (ana, ben, cleo) = (world.writer("ana"), world.writer("ben"), world.writer("cleo"));
    world.edit(ana, "a", "start");
    world.run();
    world.clog(ben, true);
    for n in 0..50 {
        world.edit(ana, "a", &n.to_string());
        world.run();
    }
    assert_eq!(world.clients[cleo].value("a").as_deref(), Some("49"));
    assert!(world.links[&world.id(ben)].outbox.len() == 1, "one frame waits, not fifty");
    let before = world.clients[ben].received.len();
    world.clog(ben, false);
    world.run();
    assert_eq!(world.clients[ben].received.len() - before, 2, "the one that waited, and the rest");
    assert_eq!(world.clients[ben].received.last().unwrap().changes.len(), 49);
    world.assert_converged();
}

#[test]
fn a_message_ends_at_its_limit_and_the_next_goes_on() {
    let mut world = World::with(Config { message_bytes: 300, ..Config::default() });
    let ana = world.writer("ana");
    for n in 0..50 {
        world.edit(ana, "a", &format!("a value with some length {n}"));
    }
    world.run();
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.run();
    world.assert_converged();
    assert!(world.clients[ben].received.len() > 10, "{}", world.clients[ben].received.len());
    for message in &world.clients[ben].received {
        assert!(message.need.is_empty());
        assert!(message.changes.iter().map(<[u8]>::len).sum::<usize>() <= 300);
    }
}

/// Its own edits go up while the log comes down in parts: each acknowledgement says no more than what it has.
#[test]
fn a_peer_that_writes_while_it_catches_up() {
    let mut world = World::with(Config { message_bytes: 300, ..narrow() });
    let ana = world.writer("ana");
    for n in 0..100 {
        world.edit(ana, "a", &format!("a value with some length {n}"));
    }
    world.run();
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    while world.clients[ben].received.is_empty() {
        world.step();
    }
    for n in 0..10 {
        world.step();
        world.edit(ben, "b", &n.to_string());
    }
    world.run();
    world.assert_converged();
    assert!(world.clients[ben].received.iter().all(|message| message.need.is_empty()));
}

/// A writer is told exactly what we have, so that nothing is sent twice; it is never led to send whole documents.
#[test]
fn a_writer_gets_no_flags_and_no_filter() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
        world.run();
        world.edit(ben, "b", &n.to_string());
        world.run();
    }
    for client in [ana, ben] {
        for message in &world.clients[client].received {
            assert!(message.flags.is_none());
            assert_eq!(message.version, automerge::sync::MessageVersion::V1);
            let [have] = &message.have[..] else { panic!("one have") };
            assert_eq!(have.last_sync, message.heads);
            assert!(have.bloom.to_bytes().is_empty());
        }
    }
}

/// While we guess what a peer has, it gets a filter, and not what others in its place get.
#[test]
fn a_peer_with_unknown_changes_gets_a_filter_until_it_has_sent_them() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    let dora = world.client("dora");
    world.clients[dora].doc = world.clients[ana].doc.fork();
    world.edit(dora, "d", "her own");
    world.connect(dora, Access::Writer);
    while world.clients[dora].received.is_empty() {
        world.deliver_up(dora);
        let id = world.id(dora);
        world.drain(id);
        world.deliver_down(dora);
    }
    world.clients[dora].mute = true;
    world.clients[dora].socket.as_mut().unwrap().outbox.clear();
    for value in ["1", "2"] {
        world.edit(ana, "a", value);
        world.run();
    }
    assert_eq!(world.clients[dora].received.len(), 3);
    for message in &world.clients[dora].received {
        assert!(!message.have[0].bloom.to_bytes().is_empty());
    }
    assert!(world.clients[ben].received.iter().all(|message| message.have[0].bloom.to_bytes().is_empty()));
    // Now she sends them, and the guessing ends.
    world.clients[dora].mute = false;
    let (all, heads) = (changes(&world.clients[dora].doc), world.clients[dora].heads());
    world.clients[dora].push(&all, &heads);
    world.run();
    world.assert_converged();
    let last = world.clients[dora].received.last().unwrap();
    assert!(last.have[0].bloom.to_bytes().is_empty());
}

fn message(heads: &Heads, have: &[Have]) -> Bytes {
    guard::write_sync_message(&Reply {
        version: Version::V1,
        heads,
        need: &[],
        have,
        chunks: &[],
        flags: None,
    })
}

#[test]
fn a_reset_is_answered_with_exactly_what_is_missing() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    world.assert_converged();
    // Ben says that he has lost the last three changes, and that what we said of him is not so.
    let hashes: Vec<_> = world.clients[ben].doc.get_changes(&[]).iter().map(|change| change.hash()).collect();
    let heads = Heads::from(vec![ids::ChangeHash(hashes[6].0)]);
    world.clients[ben].send_sync(message(&heads, &[Have::default()]));
    let before = world.clients[ben].received.len();
    world.run();
    assert_eq!(world.clients[ben].received.len(), before + 1);
    assert_eq!(world.clients[ben].received[before].changes.len(), 3);
}

#[test]
fn a_peer_that_lost_everything_gets_everything_but_not_forever() {
    let resends = Rate { burst: 3, every_ms: 1_000 };
    let mut world = World::with(Config { resends, ..Config::default() });
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    let connection = world.id(ben);
    for _ in 0..3 {
        world.clients[ben].send_sync(message(&Heads::EMPTY, &[Have::default()]));
        let before = world.clients[ben].received.len();
        world.run();
        assert_eq!(world.clients[ben].received[before].changes.len(), 10);
    }
    world.clients[ben].send_sync(message(&Heads::EMPTY, &[Have::default()]));
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4429));
    assert!(world.clients[ana].socket.is_some());
}

#[test]
fn needs_are_met() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    let hashes: Vec<_> = world.clients[ben].doc.get_changes(&[]).iter().map(|change| change.hash()).collect();
    let need = [ids::ChangeHash(hashes[4].0)];
    let heads = world.clients[ben].heads();
    let data =
        Reply { version: Version::V1, heads: &heads, need: &need, have: &[], chunks: &[], flags: None };
    world.clients[ben].send_sync(guard::write_sync_message(&data));
    world.run();
    let last = world.clients[ben].received.last().unwrap();
    let expected = changes(&world.clients[ben].doc)[4].to_vec();
    assert_eq!(last.changes.iter().collect::<Vec<_>>(), [&expected[..]]);
}

/// A stock peer in its read-only mode ignores what it is sent: it gets nothing until it listens again.
#[test]
fn a_deaf_peer_is_not_shouted_at() {
    let mut world = World::new();
    let ana = world.writer("ana");
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    let ben = world.client("ben");
    world.edit(ben, "b", "mine");
    world.connect(ben, Access::Writer);
    world.clients[ben].socket.as_mut().unwrap().state.set_read_only(true);
    world.run();
    assert_eq!(world.clients[ana].value("b").as_deref(), Some("mine"), "it still gives");
    assert!(world.clients[ben].received.iter().all(|message| message.changes.is_empty()));
    world.clients[ben].socket.as_mut().unwrap().state.set_read_only(false);
    world.clients[ben].speak();
    world.run();
    world.assert_converged();
}

#[test]
fn every_document_of_a_connection_has_its_turn() {
    let mut world = World::with(narrow());
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    let before = world.clients[ana].unavailable;
    let documents: Vec<_> = (20..30).map(|n| ids::DocumentId::from_bytes([n; 16])).collect();
    world.clog(ana, true);
    for document in &documents {
        let data = message(&Heads::EMPTY, &[Have::default()]);
        let (sender, target) = (world.clients[ana].peer.clone(), "relay".parse().unwrap());
        let sync = wire::SyncMessage { sender, target, document: *document, data };
        world.clients[ana].send(&wire::Message::Request(sync));
    }
    world.run();
    world.clog(ana, false);
    let mut answered = Vec::new();
    for _ in 0..documents.len() {
        let id = world.id(ana);
        world.drain(id);
        for frame in world.links.get_mut(&id).unwrap().network.drain(..) {
            if let wire::Message::DocUnavailable { document, .. } =
                wire::decode(&frame, &wire::Limits::CLIENT).unwrap()
            {
                answered.push(document);
            }
        }
    }
    world.clients[ana].document = DOCUMENT;
    world.run();
    assert_eq!(answered, documents);
    assert_eq!(world.clients[ana].unavailable, before);
}
