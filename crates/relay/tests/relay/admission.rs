//! The door of a document: what gets in, what waits, and who pays for what does not fit.

use crate::{
    client::{Client, changes},
    world::{DOCUMENT, World},
};
use bytes::Bytes;
use ids::{ChangeHash, Heads};
use relay::{Access, CloseReason, Config, Event};

/// A document with a chain of `len` changes, and their bytes.
fn chain(name: &str, len: usize) -> (Client, Vec<Bytes>) {
    let mut client = Client::new(name, DOCUMENT);
    for n in 0..len {
        client.edit_quietly("key", &format!("{n} of {name}"));
    }
    let changes = changes(&client.doc);
    (client, changes)
}

#[test]
fn a_second_change_with_the_number_of_another_is_refused() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    // Another process with the same actor id.
    let twin = world.client("ana");
    world.clients[twin].peer = "twin".parse().unwrap();
    world.clients[twin].mute = true;
    world.edit(twin, "a", "something else");
    let connection = world.connect(twin, Access::Writer);
    world.run();
    let (changes, heads) = (changes(&world.clients[twin].doc), world.clients[twin].heads());
    world.clients[twin].push(&changes, &heads);
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
    assert_eq!(world.storage.heads(DOCUMENT), world.clients[ana].heads());
    world.edit(ana, "a", "2");
    world.run();
    assert_eq!(world.clients[ana].acknowledged(), world.clients[ana].heads());
}

#[test]
fn an_orphan_waits_for_its_past_and_the_past_is_asked_for() {
    let mut world = World::new();
    let ana = world.writer("ana");
    let (source, changes) = chain("source", 4);
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.run();
    world.clients[ben].push(&changes[2..], &source.heads());
    world.run();
    assert!(world.storage.durable.is_empty());
    let second = source.doc.get_changes(&[])[1].hash();
    assert_eq!(world.clients[ben].received.last().unwrap().need, [second]);

    world.clients[ben].push(&changes[1..2], &source.heads());
    world.run();
    let first = source.doc.get_changes(&[])[0].hash();
    assert_eq!(world.clients[ben].received.last().unwrap().need, [first]);

    world.clients[ben].push(&changes[..1], &source.heads());
    world.run();
    assert_eq!(world.storage.durable.len(), 4);
    assert_eq!(world.clients[ana].heads(), source.heads());
}

#[test]
fn changes_may_come_in_any_order() {
    let mut world = World::new();
    let ben = world.writer("ben");
    let (source, mut changes) = chain("source", 30);
    changes.reverse();
    world.clients[ben].push(&changes, &source.heads());
    world.run();
    assert_eq!(world.storage.heads(DOCUMENT), source.heads());
}

/// Who brought a change is who brought it, even if somebody else completed it.
#[test]
fn receipts_name_who_brought_a_change() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    let (source, changes) = chain("source", 2);
    world.clients[ben].push(&changes[1..], &source.heads());
    world.run();
    world.clients[ana].push(&changes[..1], &source.heads());
    world.run();
    let brought: Vec<_> = world.storage.receipts.iter().map(|receipt| receipt.device.as_str()).collect();
    assert_eq!(brought, ["ana", "ben"]);
}

/// An orphan that turns out not to fit costs its sender, not whoever completed it.
#[test]
fn an_orphan_that_does_not_fit_costs_its_sender() {
    let mut world = World::new();
    let (ana, eve) = (world.writer("ana"), world.writer("eve"));
    let (mut base, _) = chain("base", 1);
    let mut fork = base.doc.fork().with_actor(automerge::ActorId::from(*b"the same actor.."));
    let mut twin = base.doc.fork().with_actor(automerge::ActorId::from(*b"the same actor.."));
    let put = |doc: &mut automerge::Automerge, value: &str| {
        doc.transact::<_, _, automerge::AutomergeError>(|tx| {
            automerge::transaction::Transactable::put(tx, automerge::ROOT, "key", value)
        })
        .unwrap();
    };
    put(&mut fork, "one");
    put(&mut twin, "another");
    base.doc.merge(&mut fork).unwrap();
    let honest = changes(&base.doc);
    let hostile = changes(&twin)[1..].to_vec();
    let twin_heads = Heads::from(vec![ChangeHash(twin.get_heads()[0].0)]);
    world.clients[eve].push(&hostile, &twin_heads);
    world.run();
    let connection = world.id(eve);
    world.clients[ana].push(&honest[1..], &base.heads());
    world.clients[ana].push(&honest[..1], &base.heads());
    world.run();
    // One of the two is the second with its number; which one depends on the order in which they were released.
    assert_eq!(world.closed.len(), 1);
    assert_eq!(world.storage.durable.len(), 2);
    let blamed = if world.closed.contains_key(&connection) { "eve" } else { "ana" };
    let kept = world.storage.receipts.last().unwrap().device.clone();
    assert_ne!(kept.as_str(), blamed, "who is kept is not who is blamed");
}

#[test]
fn orphans_are_bounded() {
    let mut world = World::with(Config { orphans_per_peer: 10, ..Config::default() });
    let (ana, eve) = (world.writer("ana"), world.writer("eve"));
    let (source, changes) = chain("source", 20);
    let connection = world.id(eve);
    world.clients[eve].push(&changes[1..11], &source.heads());
    world.run();
    assert!(world.closed.is_empty());
    world.clients[eve].push(&changes[11..12], &source.heads());
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
    // They are gone with her.
    world.clients[ana].push(&changes[..1], &source.heads());
    world.run();
    assert_eq!(world.storage.durable.len(), 1);
}

#[test]
fn a_document_is_bounded() {
    for config in [
        Config { changes_per_document: 5, ..Config::default() },
        Config { bytes_per_document: 500, ..Config::default() },
    ] {
        let mut world = World::with(config);
        let ana = world.writer("ana");
        let connection = world.id(ana);
        let (source, changes) = chain("source", 20);
        world.clients[ana].push(&changes, &source.heads());
        world.run();
        assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
        assert!((1..=5).contains(&world.storage.durable.len()));
    }
}

/// Heads are named in every message. Whoever knows them all still gets in, and makes them one.
#[test]
fn versions_that_nobody_merges_are_bounded() {
    let mut world = World::with(Config { heads_per_document: 5, ..Config::default() });
    let ana = world.writer("ana");
    world.edit(ana, "a", "start");
    world.run();
    let base = world.clients[ana].doc.fork();
    let branches: Vec<_> = (0..6)
        .map(|n| {
            let mut branch = world.client(&format!("branch {n}"));
            world.clients[branch].doc.merge(&mut base.fork()).unwrap();
            world.edit(branch, "b", &n.to_string());
            std::mem::take(&mut branch)
        })
        .collect();
    for (n, branch) in branches.iter().enumerate() {
        world.clients[*branch].mute = true;
        let connection = world.connect(*branch, Access::Writer);
        world.run();
        let (changes, heads) = (changes(&world.clients[*branch].doc), world.clients[*branch].heads());
        world.clients[*branch].push(&changes, &heads);
        world.run();
        assert_eq!(world.closed.contains_key(&connection), n == 5);
    }
    assert_eq!(world.storage.heads(DOCUMENT).len(), 5);
    world.edit(ana, "a", "merged");
    world.run();
    assert_eq!(world.storage.heads(DOCUMENT).len(), 1);
    // All at once in one write, too.
    let mut world = World::with(Config { heads_per_document: 5, ..Config::default() });
    let eve = world.writer("eve");
    let connection = world.id(eve);
    let mut changes_of_all = Vec::new();
    for n in 0..10 {
        let (_, mut changes) = chain(&format!("root {n}"), 1);
        changes_of_all.append(&mut changes);
    }
    world.clients[eve].push(&changes_of_all, &Heads::EMPTY);
    world.run();
    assert!(world.closed.contains_key(&connection));
    assert_eq!(world.storage.heads(DOCUMENT).len(), 5);
}

#[test]
fn changes_announced_and_never_sent_are_bounded() {
    let mut world = World::with(Config { asked_per_peer: 10, ..Config::default() });
    let eve = world.writer("eve");
    let connection = world.id(eve);
    world.clients[eve].mute = true;
    for n in 0..20 {
        world.clients[eve].push(&[], &Heads::from(vec![ChangeHash([n; 32])]));
    }
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4429));
    assert_eq!(world.clients[eve].received.len(), 10);
}

#[test]
fn messages_that_wait_for_the_disk_are_bounded() {
    let mut world = World::with(Config { held_messages: 5, ..Config::default() });
    world.disk_stopped = true;
    let (ana, eve) = (world.writer("ana"), world.writer("eve"));
    let connection = world.id(eve);
    world.clients[ana].push(&[], &Heads::EMPTY);
    for _ in 0..5 {
        world.clients[eve].push(&[], &Heads::EMPTY);
    }
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(1013));
    world.disk_stopped = false;
    world.run();
    assert_eq!(world.closed.len(), 1);
    assert!(world.clients[ana].unavailable > 0);
}

/// When the disk is behind, messages wait instead of piling up changes; when it has caught up, they are dealt with.
#[test]
fn a_disk_that_is_behind_holds_messages() {
    let mut world = World::with(Config { staged_bytes: 200, ..Config::default() });
    let ana = world.writer("ana");
    world.disk_stopped = true;
    let (source, changes) = chain("source", 20);
    for change in &changes {
        world.clients[ana].push(std::slice::from_ref(change), &source.heads());
    }
    world.run();
    assert!(world.storage.durable.is_empty());
    world.disk_stopped = false;
    world.run();
    assert_eq!(world.storage.heads(DOCUMENT), source.heads());
    assert!(world.closed.is_empty());
}

#[test]
fn changes_of_a_closed_connection_are_kept() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    world.disk_stopped = true;
    let change = world.edit(ana, "a", "1");
    world.run();
    let connection = world.id(ana);
    world.event(Event::Closed { connection });
    world.clients[ana].socket = None;
    world.disk_stopped = false;
    world.run();
    assert!(world.clients[ben].heads().contains(&change));
}
