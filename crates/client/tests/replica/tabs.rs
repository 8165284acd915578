//! Two tabs of one browser.

use crate::{disk, world::World};
use bytes::Bytes;
use client::Event;

fn two_tabs(seed: u64) -> World {
    let mut world = World::settled(seed, 1);
    world.open_tab(0);
    world.run();
    world
}

fn offline(world: &mut World) {
    world.relay_up = false;
    for tab in 0..world.tabs.len() {
        world.feed(tab, Event::NetworkDown);
    }
}

#[test]
fn tabs_converge_without_a_network() {
    let mut world = two_tabs(1);
    offline(&mut world);
    world.create(0, "from the first");
    world.create(1, "from the second");
    world.run();
    assert_eq!(world.titles(0).len(), 2);
    assert_eq!(world.heads(0), world.heads(1));
    for tab in 0..2 {
        let status = world.tabs[tab].replica.status();
        assert!(status.saved_here && !status.on_relay);
        assert_eq!(status.unsent, 2);
    }
    world.check();
    world.check_views();
}

#[test]
fn what_a_sibling_has_saved_is_not_written_again() {
    let mut world = two_tabs(2);
    offline(&mut world);
    let writes = world.disks[0].writes;
    for n in 0..10 {
        world.create(0, &format!("{n}"));
        world.run();
    }
    assert_eq!(world.disks[0].writes - writes, 10);
    assert_eq!(world.tabs[1].replica.status().unsaved, 0);
}

#[test]
fn a_sibling_hears_of_changes_only_when_they_are_durable() {
    let mut world = two_tabs(3);
    offline(&mut world);
    world.create(0, "not durable yet");
    assert!(world.tabs[1].mail.is_empty());
    assert!(world.fail_write(0, disk::full(), false));
    assert!(world.tabs[1].mail.is_empty(), "or the second tab would build on what the disk does not have");
    world.pass_time(60_000);
    world.run();
    assert_eq!(world.titles(1).len(), 1);
    world.check();
}

#[test]
fn a_broadcast_that_was_missed_is_read_from_the_store() {
    let mut world = two_tabs(4);
    offline(&mut world);
    world.create(0, "missed");
    world.finish_write(0);
    world.tabs[1].mail.clear();
    world.create(0, "heard");
    world.run();
    assert_eq!(world.titles(1).len(), 2, "the second change waits for the first, which the store has");
    world.check();
    world.check_views();
}

#[test]
fn a_tab_that_is_just_opening_misses_nothing() {
    let mut world = World::settled(5, 1);
    offline(&mut world);
    let late = world.open_tab(0);
    // The new tab asks the store, and the answer is on its way while the first tab writes.
    let answer = world.disks[0].load();
    world.create(0, "in between");
    world.finish_write(0);
    world.carry_broadcast(late);
    world.tabs[late].loads = 0;
    world.feed(late, Event::Loaded(Ok(answer)));
    world.carry_all();
    assert_eq!(world.titles(late).len(), 1);
}

#[test]
fn rubbish_from_a_sibling_changes_nothing() {
    let mut world = two_tabs(6);
    let heads = world.heads(0);
    for rubbish in [&b""[..], b"rubbish", b"\x85\x6f\x4a\x83\0\0\0\0\x01\x04abcd"] {
        world.feed(0, Event::Sibling(Bytes::from_static(rubbish)));
    }
    assert_eq!(world.heads(0), heads);
    world.create(0, "goes on");
    world.run();
    world.check_converged();
}

#[test]
fn both_tabs_of_a_browser_may_be_online() {
    let mut world = two_tabs(7);
    world.open_tab(0);
    world.run();
    for n in 0..5 {
        world.create(n % 3, &format!("{n}"));
    }
    world.run();
    world.check_converged();
}
