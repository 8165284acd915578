//! Stock clients end up with the same document.

use crate::world::{DOCUMENT, World};
use relay::Access;

#[test]
fn a_document_is_born_and_shared() {
    let mut world = World::new();
    let ana = world.client("ana");
    world.clients[ana].edit_quietly("title", "hello");
    world.connect(ana, Access::Writer);
    world.run();
    assert_eq!(world.clients[ana].acknowledged(), world.clients[ana].heads());

    let ben = world.writer("ben");
    assert_eq!(world.clients[ben].value("title").as_deref(), Some("hello"));
    world.edit(ben, "title", "hello, Ana");
    world.run();
    assert_eq!(world.clients[ana].value("title").as_deref(), Some("hello, Ana"));
    world.assert_converged();
    assert_eq!(world.storage.receipts.len(), 2);
    assert_eq!(world.storage.receipts[1].device.as_str(), "ben");
}

#[test]
fn two_who_were_offline_meet() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "start");
    world.run();
    let ben = world.writer("ben");
    world.disconnect(ana);
    world.disconnect(ben);
    for n in 0..30 {
        world.edit(ana, "a", &n.to_string());
        world.edit(ben, "b", &n.to_string());
    }
    world.connect(ana, Access::Writer);
    world.run();
    world.connect(ben, Access::Writer);
    world.run();
    world.assert_converged();
    assert_eq!(world.clients[ana].value("b").as_deref(), Some("29"));
}

#[test]
fn both_come_back_at_the_same_moment() {
    let mut world = World::new();
    let (ana, ben) = (world.client("ana"), world.client("ben"));
    for n in 0..200 {
        world.edit(ana, "a", &n.to_string());
        world.edit(ben, "b", &n.to_string());
    }
    world.connect(ana, Access::Writer);
    world.connect(ben, Access::Writer);
    world.run();
    world.assert_converged();
}

#[test]
fn forty_rapid_edits() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    for n in 0..40 {
        world.edit(ana, "n", &n.to_string());
        world.step();
    }
    world.run();
    world.assert_converged();
    assert_eq!(world.clients[ben].value("n").as_deref(), Some("39"));
}

#[test]
fn everybody_types_at_once() {
    let mut world = World::new();
    let clients: Vec<usize> = (0..5).map(|n| world.writer(&format!("client {n}"))).collect();
    for n in 0..20 {
        for client in &clients {
            world.edit(*client, &format!("key {}", n % 3), &format!("{n} of {client}"));
        }
        world.step();
    }
    world.run();
    world.assert_converged();
    for surprise in ["client needs", "client resets", "relay sends filter"] {
        assert!(
            !world.seen.contains_key(surprise),
            "nothing is guessed, so nothing is ever missing: {surprise}"
        );
    }
}

/// Some were away with changes of their own: what they have is guessed until those have arrived.
#[test]
fn everybody_comes_back_and_types_at_once() {
    let mut world = World::new();
    let clients: Vec<usize> = (0..5).map(|n| world.writer(&format!("client {n}"))).collect();
    world.edit(clients[0], "start", "0");
    world.run();
    for (n, client) in clients.iter().enumerate() {
        world.disconnect(*client);
        for edit in 0..n * 30 {
            world.edit(*client, "offline", &format!("{edit} of {client}"));
        }
        world.connect(*client, Access::Writer);
    }
    for n in 0..20 {
        for client in &clients {
            world.edit(*client, &format!("key {}", n % 3), &format!("{n} of {client}"));
        }
        world.step();
    }
    world.run();
    world.assert_converged();
}

/// A chain of more changes than a Bloom filter of one percent gets right: somewhere in it a change is taken for known,
/// arrives without its past, waits, and is asked for.
#[test]
fn a_long_time_apart() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    world.edit(ana, "n", "start");
    world.run();
    for client in [ana, ben] {
        world.disconnect(client);
        for n in 0..700 {
            world.edit(client, "n", &format!("{n} of {client}"));
        }
    }
    for client in [ana, ben] {
        world.connect(client, Access::Writer);
        world.run();
    }
    world.assert_converged();
    assert_eq!(world.storage.durable.len(), 1401);
    assert_eq!(world.storage.census(DOCUMENT)[1], 0, "compacted on the way");
}

#[test]
fn a_relay_that_restarts_at_any_point_loses_nothing() {
    for stop in 0..60 {
        let mut world = World::new();
        let (ana, ben) = (world.client("ana"), world.client("ben"));
        world.edit(ana, "a", "offline");
        world.edit(ben, "b", "offline too");
        world.connect(ana, Access::Writer);
        world.connect(ben, Access::Writer);
        for n in 0..stop {
            world.step();
            if n % 4 == 1 {
                world.edit(ana, "a", &n.to_string());
            }
            if n % 6 == 1 {
                world.edit(ben, "b", &n.to_string());
            }
        }
        world.restart(|| stop % 2 == 0);
        for client in [ana, ben] {
            let known = world.clients[client].acknowledged();
            let stored = &world.storage.durable;
            assert!(known.iter().all(|head| stored.contains(head)), "acknowledged and lost");
            world.connect(client, Access::Writer);
        }
        world.run();
        world.assert_converged();
    }
}
