//! Who is here.

use crate::world::World;
use client::Event;

fn routes(world: &World, tab: usize) -> Vec<String> {
    let people = world.tabs[tab].replica.people();
    people
        .members()
        .values()
        .flat_map(|person| person.tabs.values())
        .map(|tab| tab.place.route.clone())
        .collect()
}

fn three() -> World {
    let mut world = World::settled(1, 3);
    for tab in 0..3 {
        world.show(tab, &format!("/start/{tab}"));
    }
    world.run();
    world
}

#[test]
fn everybody_sees_everybody_and_nobody_themselves() {
    let mut world = three();
    for tab in 0..3 {
        assert_eq!(routes(&world, tab).len(), 2, "tab {tab}");
    }
    world.show(2, "/goals");
    world.run();
    assert!(routes(&world, 0).contains(&"/goals".to_owned()));
}

#[test]
fn two_tabs_of_a_member_are_one_person() {
    let mut world = three();
    let second = world.open_tab(0);
    world.run();
    world.show(second, "/second");
    world.run();
    let people = world.tabs[1].replica.people();
    assert_eq!(people.members().len(), 2);
    assert_eq!(people.members().values().map(|person| person.tabs.len()).max(), Some(2));
}

#[test]
fn ten_moves_a_second_at_most() {
    let mut world = three();
    let frames = world.tabs[0].frames_sent;
    for n in 0..100 {
        world.show(0, &format!("/moving/{n}"));
        world.pass_time(10);
        world.carry_all();
    }
    world.run();
    assert!(world.tabs[0].frames_sent - frames <= 13, "{} in a second", world.tabs[0].frames_sent - frames);
    assert!(routes(&world, 1).contains(&"/moving/99".to_owned()), "the last move is always told");
}

#[test]
fn alone_means_silent() {
    let mut world = World::new(2, 1);
    world.relay.extended = false;
    world.open_tab(0);
    world.run();
    world.show(0, "/");
    world.run();
    let frames = world.tabs[0].frames_sent;
    for n in 0..100 {
        world.show(0, &format!("/{n}"));
        world.pass_time(1_000);
    }
    assert_eq!(world.tabs[0].frames_sent, frames);
}

#[test]
fn a_tab_that_crashed_is_forgotten_and_one_that_left_at_once() {
    let mut world = three();
    world.feed(2, Event::Leave);
    world.run();
    assert_eq!(routes(&world, 0).len(), 1);
    world.cut(1);
    world.tabs.truncate(1);
    world.pass_time(40_000);
    assert_eq!(routes(&world, 0).len(), 1);
    world.pass_time(10_000);
    assert!(routes(&world, 0).is_empty());
}

#[test]
fn heartbeats_keep_a_quiet_colleague_present() {
    let mut world = three();
    world.pass_time(5 * 60_000);
    for tab in 0..3 {
        assert_eq!(routes(&world, tab).len(), 2);
    }
}

#[test]
fn presence_returns_after_the_line_was_lost() {
    let mut world = three();
    world.close(1, 1006);
    world.pass_time(90_000);
    world.run();
    for tab in 0..3 {
        assert_eq!(routes(&world, tab).len(), 2, "tab {tab}");
    }
}

#[test]
fn presence_never_touches_document_or_store() {
    let mut world = three();
    let (writes, heads) = (world.disks.iter().map(|disk| disk.writes).sum::<usize>(), world.heads(0));
    for n in 0..20 {
        world.show(n % 3, &format!("/{n}"));
        world.run();
    }
    assert_eq!(world.disks.iter().map(|disk| disk.writes).sum::<usize>(), writes);
    assert_eq!(world.heads(0), heads);
}
