//! Ephemeral messages: passed on, never stored, dropped first.

use crate::world::{DOCUMENT, World, principal};
use ids::WorkspaceId;
use relay::{Access, Config, Principal, Rate};
use wire::{Ephemeral, Message};

/// Two writers and a reader on one document.
fn meeting(config: Config) -> (World, usize, usize, usize) {
    let mut world = World::with(config);
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    world.edit(ana, "a", "1");
    world.run();
    let rea = world.client("rea");
    world.connect(rea, Access::Reader);
    world.run();
    (world, ana, ben, rea)
}

#[test]
fn presence_reaches_the_others_as_it_was_sent() {
    let (mut world, ana, ben, rea) = meeting(Config::default());
    world.clients[rea].broadcast(b"\x01");
    world.run();
    for listener in [ana, ben] {
        let [heard] = &world.clients[listener].heard[..] else { panic!("one message") };
        assert_eq!(heard.sender, world.clients[rea].peer);
        assert_eq!(heard.target, world.clients[listener].peer);
        assert_eq!((heard.session.as_str(), heard.count), ("session of rea", 1));
        assert_eq!((heard.document, &heard.data[..]), (DOCUMENT, &b"\x01"[..]));
    }
    assert!(world.clients[rea].heard.is_empty(), "not back to its author");
}

#[test]
fn presence_stays_in_its_workspace_and_document() {
    let (mut world, ana, ben, _) = meeting(Config::default());
    let eve = world.client("eve");
    let other = WorkspaceId::from_bytes([2; 10]);
    world.connect_as(eve, Principal { workspace: other, ..principal("eve", Access::Writer) });
    let idle = world.client("idle");
    world.clients[idle].document = ids::DocumentId::from_bytes([8; 16]);
    world.connect(idle, Access::Writer);
    world.run();
    world.clients[ana].broadcast(b"\x01");
    world.clients[eve].broadcast(b"\x02");
    world.clients[idle].broadcast(b"\x03");
    world.run();
    assert_eq!(world.clients[ben].heard.len(), 1);
    assert!(world.clients[eve].heard.is_empty() && world.clients[idle].heard.is_empty());
    assert!(world.clients[ana].heard.is_empty());
}

#[test]
fn what_javascript_sends_back_is_dropped_without_a_word() {
    let (mut world, ana, ben, rea) = meeting(Config::default());
    world.clients[ana].broadcast(b"\x01");
    world.run();
    let received = world.clients[ben].heard[0].clone();
    world.clients[ben].send(&Message::Ephemeral(Ephemeral { target: "relay".parse().unwrap(), ..received }));
    world.run();
    assert!(world.closed.is_empty());
    assert!(world.clients[ana].heard.is_empty());
    assert_eq!(world.clients[rea].heard.len(), 1);
}

#[test]
fn a_message_is_passed_on_once() {
    let (mut world, ana, ben, _) = meeting(Config::default());
    world.clients[ana].broadcast(b"\x01");
    let again = world.clients[ana].socket.as_ref().unwrap().outbox.back().unwrap().clone();
    world.clients[ana].socket.as_mut().unwrap().outbox.push_back(again);
    world.clients[ana].broadcast(b"\x02");
    world.run();
    assert_eq!(world.clients[ben].heard.iter().map(|heard| heard.count).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn presence_is_bounded_in_size_and_rate() {
    let presence = Rate { burst: 5, every_ms: 100 };
    let (mut world, ana, ben, _) = meeting(Config { presence, presence_bytes: 8, ..Config::default() });
    world.clients[ana].broadcast(b"\x69much too long");
    for _ in 0..20 {
        world.clients[ana].broadcast(b"\x01");
    }
    world.run();
    assert_eq!(world.clients[ben].heard.len(), 5);
    world.pass(250);
    for _ in 0..20 {
        world.clients[ana].broadcast(b"\x01");
    }
    world.run();
    assert_eq!(world.clients[ben].heard.len(), 7);
    assert!(world.closed.is_empty(), "presence is dropped, not punished");
}

#[test]
fn a_slow_listener_hears_the_latest_of_each_and_changes_come_first() {
    let (mut world, ana, ben, rea) = meeting(Config { window_frames: 1, ..Config::default() });
    world.clog(ben, true);
    world.clients[ana].broadcast(b"\x01");
    world.run();
    for _ in 0..10 {
        world.clients[ana].broadcast(b"\x02");
        world.clients[rea].broadcast(b"\x03");
    }
    world.run();
    let change = world.edit(ana, "a", "2");
    world.run();
    assert_eq!(world.links[&world.id(ben)].outbox.len(), 1);
    world.clog(ben, false);
    let id = world.id(ben);
    while !world.clients[ben].heads().contains(&change) {
        world.drain(id);
        world.deliver_down(ben);
        let heard = world.clients[ben].heard.len();
        assert!(heard <= 1, "only the message that was on its way came before the change");
    }
    world.run();
    let mut counts: Vec<_> =
        world.clients[ben].heard.iter().map(|heard| (heard.data.to_vec(), heard.count)).collect();
    counts.sort();
    assert_eq!(counts, [(vec![1], 1), (vec![2], 11), (vec![3], 10)]);
    assert!(world.figures().presence_dropped >= 18);
}

#[test]
fn what_waits_for_a_slow_listener_is_bounded() {
    let config = Config { window_frames: 1, presence_waiting: 3, ..Config::default() };
    let mut world = World::with(config);
    let clients: Vec<usize> = (0..8).map(|n| world.writer(&format!("client {n}"))).collect();
    world.edit(clients[0], "a", "1");
    world.run();
    world.clog(clients[0], true);
    world.clients[clients[1]].broadcast(b"\x01");
    world.run();
    for client in &clients[1..] {
        world.clients[*client].broadcast(b"\x02");
    }
    world.run();
    world.clog(clients[0], false);
    world.run();
    assert_eq!(world.clients[clients[0]].heard.len(), 1 + 3);
}
