//! The line: dialling, silence, refusals, hostile bytes.

use crate::world::World;
use bytes::Bytes;
use client::{ConnectionState, Event, Problem};
use ids::Timestamp;

fn state(world: &World) -> ConnectionState {
    world.tabs[0].replica.status().connection
}

fn problem(world: &World) -> Option<Problem> {
    world.tabs[0].replica.status().problem.clone()
}

#[test]
fn a_lost_line_is_dialled_again() {
    let mut world = World::settled(1, 1);
    assert_eq!(state(&world), ConnectionState::Online);
    world.close(0, 1006);
    assert_eq!(state(&world), ConnectionState::Offline);
    world.create(0, "meanwhile");
    world.pass_time(1_000);
    world.run();
    world.check_converged();
}

#[test]
fn attempts_become_rare_and_a_nudge_makes_one_at_once() {
    let mut world = World::settled(2, 1);
    world.relay_up = false;
    world.close(0, 1006);
    let mut waits = Vec::new();
    for _ in 0..14 {
        let wake = world.tabs[0].wake.unwrap();
        waits.push(wake.millis_since(world.now));
        world.now = wake;
        world.feed(0, Event::Woken);
        assert!(world.dial(0));
    }
    assert!(waits.iter().all(|wait| *wait <= 30_000), "{waits:?}");
    assert!(waits[..3].iter().all(|wait| *wait <= 400) && *waits.last().unwrap() >= 15_000, "{waits:?}");
    world.relay_up = true;
    world.now = world.now.plus_millis(1_000);
    world.feed(0, Event::NetworkUp);
    assert!(world.tabs[0].dialling.is_some());
    world.run();
    world.check_converged();
}

#[test]
fn a_line_that_died_silently_is_replaced() {
    let mut world = World::settled(3, 1);
    world.relay.deaf = true;
    let since = world.now;
    while state(&world) == ConnectionState::Online {
        world.pass_time(500);
        assert!(world.now.millis_since(since) <= 20_000, "still said to be online");
    }
    world.create(0, "said to be offline");
    assert!(!world.tabs[0].replica.status().on_relay);
    world.relay.deaf = false;
    world.pass_time(120_000);
    world.run();
    world.check_converged();
}

#[test]
fn a_stock_relay_is_not_probed() {
    let mut world = World::new(4, 1);
    world.relay.extended = false;
    world.open_tab(0);
    world.run();
    let frames = world.tabs[0].frames_sent;
    world.pass_time(10 * 60_000);
    assert_eq!(world.tabs[0].frames_sent, frames);
    assert_eq!(state(&world), ConnectionState::Online);
}

#[test]
fn a_stock_relay_that_does_not_answer_an_edit_is_dead() {
    let mut world = World::new(5, 1);
    world.relay.extended = false;
    world.open_tab(0);
    world.run();
    world.relay.deaf = true;
    world.create(0, "unheard");
    world.pass_time(12_000);
    assert_ne!(state(&world), ConnectionState::Online);
    assert_eq!(world.tabs[0].disconnects.len(), 1);
    world.relay.deaf = false;
    world.pass_time(60_000);
    world.run();
    world.check_converged();
}

#[test]
fn a_dial_that_never_ends_is_given_up() {
    let mut world = World::new(6, 1);
    world.open_tab(0);
    assert_eq!(state(&world), ConnectionState::Connecting);
    world.now = world.now.plus_millis(15_000);
    world.feed(0, Event::Woken);
    assert_eq!(state(&world), ConnectionState::Offline);
    assert_eq!(world.tabs[0].disconnects.len(), 1);
}

#[test]
fn close_codes_say_who_can_help() {
    for (code, expected) in [
        (1006, None),
        (1012, None),
        (1013, Some(Problem::TryLater { why: "closed by the test".into() })),
        (4401, Some(Problem::SignIn)),
        (4403, Some(Problem::Forbidden)),
        (4400, Some(Problem::Refused { why: "closed by the test".into() })),
    ] {
        let mut world = World::settled(7, 1);
        world.close(0, code);
        assert_eq!(problem(&world), expected, "close code {code}");
        // Somebody signs in: at once back to normal.
        world.feed(0, Event::NetworkUp);
        world.run();
        assert_eq!(problem(&world), None, "close code {code}");
        world.check_converged();
    }
}

#[test]
fn the_last_words_of_the_relay_wait_for_its_close_code() {
    let error = wire::encode(&wire::Message::Error { message: "access to this workspace has ended".into() });
    let mut world = World::settled(8, 1);
    world.tabs[0].to_tab.push_back(error.clone());
    world.carry_to_tab(0);
    assert_ne!(state(&world), ConnectionState::Online);
    world.close(0, 4403);
    assert_eq!(problem(&world), Some(Problem::Forbidden));

    // A relay that says it and does not hang up.
    let mut world = World::settled(9, 1);
    world.tabs[0].to_tab.push_back(error);
    world.carry_to_tab(0);
    world.pass_time(2_000);
    assert_eq!(world.tabs[0].disconnects.len(), 1);
    assert!(matches!(problem(&world), Some(Problem::Refused { why }) if why.contains("has ended")));
}

/// A relay whose disk is full lets in, answers, and closes as soon as there is something to save: it must not look well
/// each time it answers.
#[test]
fn a_relay_that_cannot_save_is_said_until_it_has_saved() {
    let mut world = World::settled(12, 1);
    let full = "not saved (the relay's disk is full), try again";
    let refuse = |world: &mut World| {
        world.tabs[0].to_tab.push_back(wire::encode(&wire::Message::Error { message: full.into() }));
        world.carry_to_tab(0);
        world.close(0, 1013);
    };
    world.create(0, "kept");
    refuse(&mut world);
    assert_eq!(problem(&world), Some(Problem::TryLater { why: full.into() }));
    let status = world.tabs[0].replica.status().clone();
    assert!(status.unsent > 0 && !status.on_relay, "{status:?}");

    // It lets in again and answers, and has not got what we made.
    world.relay.takes_nothing = true;
    world.feed(0, Event::NetworkUp);
    world.run();
    assert_eq!(state(&world), ConnectionState::Online);
    assert_eq!(problem(&world), Some(Problem::TryLater { why: full.into() }));
    refuse(&mut world);

    world.relay.takes_nothing = false;
    world.feed(0, Event::NetworkUp);
    world.run();
    assert_eq!(problem(&world), None);
    world.check_converged();
}

#[test]
fn a_document_the_relay_does_not_have_is_said() {
    let mut world = World::new(10, 1);
    world.relay.id = ids::DocumentId::from_bytes([99; 16]);
    world.open_tab(0);
    world.run();
    assert_eq!(problem(&world), Some(Problem::Unavailable));
    world.create(0, "works all the same");
    world.carry_all();
    assert!(world.tabs[0].replica.status().saved_here);
    assert!(!world.tabs[0].replica.status().on_relay);
}

#[test]
fn hostile_frames_cost_the_line_and_nothing_else() {
    let hostile: [&[u8]; 5] = [
        &[0x42, 0, 0, 1, 0, 3, 1, 0, 7, 0],
        &[0x42, 0, 0, 1, 0, 9, 1, 10, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0],
        &[0x99],
        &[0x42, 200],
        &[0x42, 0, 0, 0, 1, 4, 1, 2, 3, 4],
    ];
    let mut world = World::settled(11, 2);
    for (n, payload) in hostile.into_iter().enumerate() {
        let socket = world.tabs[0].socket.unwrap().1;
        let mail = world.relay.payload(socket, Bytes::copy_from_slice(payload));
        world.deliver(mail);
        world.carry_to_tab(0);
        assert_eq!(state(&world), ConnectionState::Offline, "payload {n}");
        assert!(matches!(problem(&world), Some(Problem::Refused { .. })));
        world.create(0, &format!("after attack {n}"));
        world.check();
        world.pass_time(31_000);
        world.run();
        assert_eq!(problem(&world), None);
        world.check_converged();
    }
    assert_eq!(world.titles(1).len(), 5);
    // Frames that are not even of the protocol.
    let connection = world.tabs[0].socket.unwrap().0;
    world.feed(0, Event::Frame { connection, frame: Bytes::from_static(b"\xff\xff") });
    assert_eq!(state(&world), ConnectionState::Offline);
}

#[test]
fn late_callbacks_of_an_old_socket_are_ignored() {
    let mut world = World::settled(12, 1);
    let old = world.tabs[0].socket.unwrap().0;
    world.close(0, 1006);
    world.pass_time(1_000);
    world.run();
    assert_eq!(state(&world), ConnectionState::Online);
    world.feed(0, Event::Closed { connection: old, code: 4403, reason: String::new() });
    world.feed(0, Event::Frame { connection: old, frame: Bytes::from_static(b"\xff") });
    world.feed(0, Event::Opened { connection: old });
    world.feed(0, Event::Writable { connection: old });
    assert_eq!(state(&world), ConnectionState::Online);
    assert_eq!(problem(&world), None);
}

#[test]
fn a_clock_that_steps_back_stops_nothing() {
    let mut world = World::settled(13, 2);
    world.now = Timestamp::from_millis(1_000);
    world.tabs.iter_mut().for_each(|tab| tab.wake = Some(world.now));
    world.close(0, 1006);
    world.create(0, "last century");
    world.pass_time(31_000);
    world.run();
    world.check_converged();
}

#[test]
fn a_relay_restored_from_a_backup_gets_everything_again() {
    let mut world = World::settled(14, 1);
    world.create(0, "in the backup");
    world.run();
    let backup = world.relay.document.clone();
    world.create(0, "not in the backup");
    world.run();
    assert!(world.tabs[0].replica.status().on_relay);
    world.relay.document = backup;
    world.close(0, 1006);
    world.relay_up = false;
    world.carry_all();
    // What the relay announced before is all that is known; the first word on the new line corrects it.
    world.relay_up = true;
    world.feed(0, Event::NetworkUp);
    world.dial(0);
    world.carry_to_relay(0);
    world.carry_to_tab(0);
    world.carry_to_relay(0);
    world.carry_to_tab(0);
    world.run();
    world.check_converged();
}

#[test]
fn a_restored_relay_that_went_on_with_others_is_not_believed_to_have_ours() {
    let mut world = World::settled(17, 1);
    let backup = world.relay.document.clone();
    world.create(0, "not in the backup");
    world.run();
    assert!(world.tabs[0].replica.status().on_relay);
    world.close(0, 1006);
    world.relay.document = backup;
    world.now = world.now.plus_millis(1_000);
    world.feed(0, Event::NetworkUp);
    world.dial(0);
    world.carry_to_relay(0);
    world.carry_to_tab(0);
    // The first word of the new line: heads that we do not know. They need not include what the relay had before.
    let ahead = automerge::sync::Message {
        heads: vec![automerge::ChangeHash([77; 32])],
        need: Vec::new(),
        have: Vec::new(),
        changes: automerge::sync::ChunkList::empty(),
        flags: None,
        version: automerge::sync::MessageVersion::V1,
    };
    let socket = world.tabs[0].socket.unwrap().1;
    let mail = world.relay.payload(socket, ahead.encode().into());
    world.deliver(mail);
    world.carry_to_tab(0);
    world.check();
    assert!(!world.tabs[0].replica.status().on_relay);
    world.close(0, 1006);
    world.pass_time(60_000);
    world.run();
    world.check_converged();
}

#[test]
fn a_replica_that_shall_not_connect_does_not() {
    let mut world = World::new(15, 1);
    let settings = client::Settings { online: false, ..World::settings(0) };
    world.open_tab_with(0, settings);
    world.run();
    world.pass_time(60_000);
    world.create(0, "alone");
    world.run();
    assert!(world.tabs[0].dialling.is_none() && world.tabs[0].socket.is_none());
    assert!(world.tabs[0].replica.status().saved_here);
}

#[test]
fn heads_of_an_earlier_session_count_what_is_to_be_sent() {
    let mut world = World::settled(16, 1);
    world.create(0, "sent");
    world.run();
    let heads = world.tabs[0].replica.relay_heads().cloned();
    world.relay_up = false;
    world.close(0, 1006);
    world.create(0, "to be sent");
    world.carry_all();
    world.tabs.clear();
    world.open_tab_with(0, client::Settings { relay_heads: heads, ..World::settings(0) });
    world.carry_all();
    let status = world.tabs[0].replica.status();
    assert_eq!((status.unsent, status.on_relay, status.saved_here), (1, false, true));
}
