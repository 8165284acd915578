//! Days in the life of a team.

use crate::{disk, world::World};
use client::{ConnectionState, Event, Problem};

#[test]
fn what_one_writes_the_other_reads() {
    let mut world = World::settled(1, 2);
    let record = world.create(0, "Supplier may fail");
    world.type_at(0, record, 0, "Grüße 🧭");
    world.run();
    assert_eq!(world.titles(1), world.titles(0));
    assert_eq!(world.titles(1).len(), 1);
    let delta = world.tabs[1].changed.last().unwrap();
    assert!(delta.touched.contains(&record));
    assert_eq!(delta.authors[&record].len(), 1, "who did it is known, for the mark on the screen");
    world.check_converged();
}

#[test]
fn an_edit_is_on_the_screen_before_anything_else_happens() {
    let mut world = World::settled(2, 1);
    world.cut(0);
    world.disks[0].wipe();
    let record = world.create(0, "Typed on a plane");
    assert!(world.titles(0).contains("Typed on a plane"));
    assert!(world.tabs[0].changed.is_empty(), "the delta of an edit is returned, not repeated as an effect");
    let delta = {
        let value = Some("Renamed".to_owned().into());
        let edit = workspace::Edit::Set { record, field: workspace::Field::Title, value };
        world.edit(0, &workspace::Act::one("issue.rename", edit))
    };
    assert!(delta.touched.contains(&record));
}

#[test]
fn the_traveller_loses_nothing() {
    let mut world = World::settled(3, 2);
    let shared = world.create(0, "Shared");
    world.run();
    world.feed(1, Event::NetworkDown);
    world.run();
    assert_eq!(world.tabs[1].replica.status().connection, ConnectionState::Offline);
    world.relay_up = false;
    for n in 0..30 {
        world.create(1, &format!("On the plane {n}"));
        world.rename(0, shared, &format!("In the office {n}"));
        world.pass_time(10 * 60 * 1000);
    }
    world.rename(1, shared, "On the plane");
    let status = world.tabs[1].replica.status();
    assert_eq!((status.saved_here, status.on_relay, status.unsent), (false, false, 31));
    world.carry_all();
    let status = world.tabs[1].replica.status();
    assert_eq!((status.saved_here, status.on_relay, status.unsent), (true, false, 31));
    world.check();

    // The battery dies on the way; at home the tab is opened again.
    world.crash(1, false);
    world.run();
    assert_eq!(world.titles(1).len(), 31);
    world.relay_up = true;
    world.feed(0, Event::NetworkUp);
    world.feed(1, Event::NetworkUp);
    world.run();
    world.check_converged();
    let title =
        world.tabs[1].replica.view().record(shared).unwrap().register(workspace::Field::Title).unwrap();
    assert!(title.is_contested(), "a real disagreement is shown, not decided");
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let mut world = World::settled(4, 1);
    world.create(0, "No room");
    assert!(world.fail_write(0, disk::full(), false));
    let status = world.tabs[0].replica.status().clone();
    assert!(!status.saved_here);
    assert_eq!(status.unsaved, 1);
    assert!(matches!(status.problem, Some(Problem::StoreFull { .. })));
    // It is on its way to the relay all the same, and written when there is room.
    world.create(0, "Still no room");
    assert!(world.tabs[0].writes.is_empty(), "no hammering");
    world.pass_time(60_000);
    world.run();
    assert_eq!(world.tabs[0].replica.status().problem, None);
    world.check_converged();
}

#[test]
fn a_write_whose_answer_was_an_error_may_have_happened() {
    let mut world = World::settled(5, 1);
    world.create(0, "Twice is once");
    assert!(world.fail_write(0, disk::failing(), true));
    assert!(matches!(world.tabs[0].replica.status().problem, Some(Problem::StoreFailing { .. })));
    world.pass_time(60_000);
    world.run();
    world.check_converged();
}

#[test]
fn many_edits_in_one_turn_are_few_writes_and_few_frames() {
    let mut world = World::settled(6, 1);
    let (writes, frames) = (world.tabs[0].writes_asked, world.tabs[0].frames_sent);
    for n in 0..50 {
        world.create(0, &format!("{n}"));
    }
    assert_eq!(world.tabs[0].writes_asked - writes, 1, "one in flight, the others wait for it");
    assert_eq!(world.tabs[0].frames_sent - frames, 1, "one frame until the socket takes another");
    world.run();
    assert!(world.tabs[0].writes_asked - writes <= 2);
    assert!(world.tabs[0].frames_sent - frames <= 4);
    world.check_converged();
}

#[test]
fn a_flush_does_not_wait_for_the_write_before_it() {
    let mut world = World::settled(7, 1);
    world.create(0, "first");
    world.create(0, "second");
    assert_eq!(world.tabs[0].writes.len(), 1);
    world.feed(0, Event::Flush);
    assert_eq!(world.tabs[0].writes.len(), 2);
    // The page goes; the browser finishes the transactions it was given.
    world.crash(0, true);
    world.run();
    assert_eq!(world.titles(0).len(), 2);
    world.check_converged();
}

#[test]
fn when_nothing_is_done_nothing_is_said() {
    let mut world = World::settled(8, 3);
    world.create(0, "last words");
    world.run();
    let frames = |world: &World| world.tabs.iter().map(|tab| tab.frames_sent).sum::<usize>();
    let (before, writes) = (frames(&world), world.disks.iter().map(|disk| disk.writes).sum::<usize>());
    world.pass_time(60_000);
    // One probe of each tab in a while, and nothing else.
    assert!(frames(&world) - before <= 3 * 7, "{} frames in a quiet minute", frames(&world) - before);
    assert_eq!(world.disks.iter().map(|disk| disk.writes).sum::<usize>(), writes);
}

#[test]
fn a_change_that_came_before_its_past_is_kept() {
    // A Bloom filter errs one time in a hundred: the relay then sends a change without the one before it, and what is
    // asked for afterwards is the missing one alone.
    let mut world = World::settled(9, 1);
    let mut theirs = world.relay.document.fork();
    let before = theirs.get_heads();
    let commit = automerge::transaction::CommitOptions::default;
    theirs.empty_commit(commit().with_message("first"));
    let middle = theirs.get_heads();
    theirs.empty_commit(commit().with_message("second"));
    let first = {
        let mut until = theirs.fork_at(&middle).unwrap();
        until.set_actor(automerge::ActorId::from(&[5; 16][..]));
        until.save_after(&before)
    };
    let second = theirs.save_after(&middle);
    let message = |changes: Vec<u8>| automerge::sync::Message {
        heads: theirs.get_heads(),
        need: Vec::new(),
        have: Vec::new(),
        changes: changes.into(),
        flags: None,
        version: automerge::sync::MessageVersion::V2,
    };
    let socket = world.tabs[0].socket.unwrap().1;
    for changes in [second, first] {
        let mail = world.relay.payload(socket, message(changes).encode().into());
        world.deliver(mail);
        world.carry_to_tab(0);
        world.finish_write(0);
    }
    assert_eq!(world.heads(0), sync::heads_of(&theirs));
    assert!(world.tabs[0].replica.status().saved_here);
    world.relay.document = theirs.clone();
    world.check();
    world.relay_up = false;
    world.crash(0, false);
    world.carry_all();
    assert_eq!(world.heads(0), sync::heads_of(&theirs), "both are on the disk");
}
