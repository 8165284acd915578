//! Who may have what, and who pays for breaking the rules.

use crate::{
    client::{Client, changes},
    world::{DOCUMENT, WORKSPACE, World, member, principal},
};
use bytes::Bytes;
use ids::{Heads, WorkspaceId};
use relay::{Access, CloseReason, Config, Event, Principal, Report};
use wire::{Message, SyncMessage};

const OTHER: WorkspaceId = WorkspaceId::from_bytes([2; 10]);

#[test]
fn a_reader_receives_and_cannot_write() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    let rea = world.client("rea");
    world.edit(rea, "a", "mine");
    world.connect(rea, Access::Reader);
    world.run();
    world.edit(ana, "b", "2");
    world.run();
    world.edit(rea, "a", "mine again");
    world.run();
    assert_eq!(world.clients[rea].value("b").as_deref(), Some("2"), "later changes arrive");
    assert_eq!(world.storage.heads(DOCUMENT), world.clients[ana].heads());
    assert!(world.clients[rea].socket.as_ref().unwrap().state.is_peer_read_only(), "it has been told");
    assert!(world.closed.is_empty());
    assert!(!world.reports.iter().any(|report| matches!(report, Report::ReaderWrote { .. })));
}

/// It does not know that it may not write. It is not told what to send either.
#[test]
fn an_old_reader_is_not_led_to_send_changes() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    let rea = world.client("rea");
    world.clients[rea].old = true;
    world.edit(rea, "r", "offline");
    world.connect(rea, Access::Reader);
    world.run();
    world.edit(rea, "r", "online");
    world.edit(ana, "a", "2");
    world.run();
    assert_eq!(world.clients[rea].value("a").as_deref(), Some("2"));
    assert!(world.reports.is_empty(), "{:?}", world.reports);
}

#[test]
fn a_hostile_reader_changes_nothing_and_hurts_nobody() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    let rea = world.client("rea");
    world.connect(rea, Access::Reader);
    world.run();
    let before = world.storage.census(DOCUMENT);
    world.edit(rea, "a", "hostile");
    world.clients[rea].socket.as_mut().unwrap().outbox.clear();
    let (changes, heads) = (changes(&world.clients[rea].doc), world.clients[rea].heads());
    world.clients[rea].push(&changes, &heads);
    let heard = world.clients[rea].received.len();
    world.run();
    assert_eq!(world.storage.census(DOCUMENT), before);
    assert_eq!(world.clients[rea].received.len(), heard + 1, "it is told again");
    assert!(world.reports.iter().any(|report| matches!(report, Report::ReaderWrote { changes: 2, .. })));
    world.edit(ana, "a", "still here");
    world.run();
    assert_eq!(world.clients[ana].acknowledged(), world.clients[ana].heads());
}

#[test]
fn a_reader_that_becomes_a_writer_delivers_what_it_wrote_before() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    let rea = world.client("rea");
    world.edit(rea, "r", "written while offline");
    let connection = world.connect(rea, Access::Reader);
    world.run();
    world.edit(rea, "r", "written as a reader");
    world.run();
    world.event(Event::AccessChanged { connection, access: Some(Access::Writer) });
    world.run();
    world.assert_converged();
    assert_eq!(world.clients[ana].value("r").as_deref(), Some("written as a reader"));

    world.event(Event::AccessChanged { connection, access: Some(Access::Reader) });
    world.run();
    world.edit(rea, "r", "too late");
    world.run();
    assert_eq!(world.clients[ana].value("r").as_deref(), Some("written as a reader"));
    assert!(world.closed.is_empty());
}

/// An old peer does not know the order to send again: only a new connection makes it do so.
#[test]
fn an_old_peer_that_becomes_a_writer_has_to_come_again() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "1");
    world.run();
    let old = world.client("old");
    world.clients[old].mute = true;
    let connection = world.connect(old, Access::Reader);
    world.run();
    world.clients[old].push(&[], &Heads::EMPTY);
    world.run();
    world.event(Event::AccessChanged { connection, access: Some(Access::Writer) });
    assert_eq!(world.closed.get(&connection), Some(&CloseReason::AccessChanged));
}

#[test]
fn access_that_ends_cuts_the_socket() {
    let mut world = World::new();
    let ana = world.writer("ana");
    let connection = world.id(ana);
    world.event(Event::AccessChanged { connection, access: None });
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4403));
}

/// What a client is told, and what the relay is asked to do for it.
fn ask(world: &mut World, workspace: WorkspaceId, access: Access) -> (usize, usize) {
    let client = world.client(&format!("asks {}", world.clients.len()));
    let principal = Principal { workspace, ..principal("device", access) };
    world.connect_as(client, principal);
    world.run();
    let Client { unavailable, received, .. } = &world.clients[client];
    (*unavailable, received.len())
}

#[test]
fn a_document_of_others_and_one_that_does_not_exist_are_the_same() {
    for access in [Access::Reader, Access::Writer] {
        let mut world = World::new();
        let nowhere = ask(&mut world, OTHER, access);
        let ana = world.writer("ana");
        world.edit(ana, "secret", "1");
        world.run();
        let elsewhere = ask(&mut world, OTHER, access);
        assert_eq!(nowhere, (1, 0));
        assert_eq!(elsewhere, nowhere);
    }
}

#[test]
fn two_workspaces_cannot_have_the_same_document() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.disk_stopped = true;
    world.edit(ana, "a", "1");
    let eve = world.client("eve");
    world.edit(eve, "e", "mine");
    world.connect_as(eve, Principal { workspace: OTHER, ..principal("eve", Access::Writer) });
    world.disk_stopped = false;
    world.run();
    assert_eq!(world.storage.directory.get(&DOCUMENT).map(|(workspace, _)| *workspace), Some(WORKSPACE));
    assert_eq!(world.storage.heads(DOCUMENT), world.clients[ana].heads());
    assert!(world.clients[eve].unavailable > 0);
    assert_eq!(world.clients[ana].value("e"), None);
}

#[test]
fn a_private_document_is_for_its_owner_alone() {
    let mut world = World::new();
    world.storage.directory.insert(DOCUMENT, (WORKSPACE, Some(member(5))));
    let other = world.client("other");
    world.edit(other, "o", "intruding");
    world.connect(other, Access::Writer);
    world.run();
    assert_eq!(world.clients[other].unavailable, 1);
    // The owner may only read in the workspace, but this is its own.
    let owner = world.client("owner");
    world.edit(owner, "note", "to self");
    let its = Principal { member: Some(member(5)), ..principal("owner", Access::Reader) };
    world.connect_as(owner, its);
    world.run();
    assert_eq!(world.clients[owner].acknowledged(), world.clients[owner].heads());
    world.edit(other, "o", "intruding again");
    world.clients[other].broadcast(b"\x01");
    world.edit(owner, "note", "to self again");
    world.run();
    assert_eq!(world.storage.heads(DOCUMENT), world.clients[owner].heads());
    assert_eq!(world.clients[other].unavailable, 2);
    assert!(world.clients[other].received.is_empty() && world.clients[owner].heard.is_empty());
    assert_eq!(world.clients[owner].value("o"), None);
}

#[test]
fn a_workspace_has_only_so_many_documents() {
    let mut world = World::with(Config { documents_per_workspace: 1, ..Config::default() });
    world.storage.directory.insert(ids::DocumentId::from_bytes([9; 16]), (WORKSPACE, None));
    let ana = world.client("ana");
    world.edit(ana, "a", "1");
    world.connect(ana, Access::Writer);
    world.run();
    assert_eq!(world.clients[ana].unavailable, 1);
    assert!(world.storage.durable.is_empty());
    assert!(world.reports.iter().any(|report| matches!(report, Report::WorkspaceFull { .. })));
}

#[test]
fn documents_that_are_born_at_once_are_counted_too() {
    let mut world = World::with(Config { documents_per_workspace: 2, ..Config::default() });
    let clients: Vec<usize> = (0..4).map(|n| world.client(&format!("client {n}"))).collect();
    for client in &clients {
        world.clients[*client].document = ids::DocumentId::from_bytes([20 + *client as u8; 16]);
        world.edit(*client, "a", "1");
        world.connect(*client, Access::Writer);
        while world.deliver_up(*client) {}
    }
    world.run();
    assert_eq!(world.storage.directory.len(), 2);
    let denied = clients.iter().filter(|client| world.clients[**client].unavailable > 0).count();
    assert_eq!(denied, 2);
}

#[test]
fn whoever_asked_for_a_document_gets_it_when_it_appears() {
    let mut world = World::new();
    let (ben, rea) = (world.client("ben"), world.client("rea"));
    world.connect(ben, Access::Writer);
    world.connect(rea, Access::Reader);
    world.run();
    assert_eq!((world.clients[ben].unavailable, world.clients[rea].unavailable), (1, 1));
    let ana = world.client("ana");
    world.edit(ana, "a", "1");
    world.connect(ana, Access::Writer);
    world.run();
    world.assert_converged();
}

/// What a connection does, and how it ends; somebody else on the same document sees nothing of it.
fn ends_with(act: impl FnOnce(&mut Client), code: u16) {
    let mut world = World::new();
    let (ana, eve) = (world.writer("ana"), world.writer("eve"));
    world.edit(ana, "a", "1");
    world.run();
    let connection = world.id(eve);
    act(&mut world.clients[eve]);
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(code));
    assert_eq!(world.clients[eve].errors.len(), 1, "it is told why");
    assert_eq!(world.closed.len(), 1);
    world.edit(ana, "a", "2");
    world.run();
    assert_eq!(world.clients[ana].acknowledged(), world.clients[ana].heads());
}

#[test]
fn a_bad_frame_costs_its_sender_the_connection() {
    ends_with(|eve| eve.socket.as_mut().unwrap().outbox.push_back(Bytes::from_static(b"\xff")), 4400);
}

#[test]
fn a_bad_sync_message_costs_its_sender_the_connection() {
    ends_with(|eve| eve.send_sync(&b"\x42\x00\x00\x01\x00\x03\x01\x00\x07\x00"[..]), 4400);
}

#[test]
fn a_message_in_the_name_of_another_costs_the_connection() {
    ends_with(
        |eve| {
            let (sender, target) = ("ana".parse().unwrap(), "relay".parse().unwrap());
            let data = Bytes::from_static(b"\x42\x00\x00\x00\x00");
            eve.send(&Message::Sync(SyncMessage { sender, target, document: DOCUMENT, data }));
        },
        4400,
    );
}

#[test]
fn a_second_handshake_costs_the_connection() {
    ends_with(|eve| eve.send(&wire::handshake::Initiator::new(eve.peer.clone(), None).join()), 4400);
}

#[test]
fn anything_before_the_handshake_costs_the_connection() {
    let mut world = World::new();
    let eve = world.client("eve");
    let connection = world.connect(eve, Access::Writer);
    world.clients[eve].socket.as_mut().unwrap().outbox.clear();
    world.clients[eve].send_sync(&b"\x42\x00\x00\x00\x00"[..]);
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
    assert!(world.jobs.is_empty() && world.figures().documents == 0, "nothing was looked up for it");
}

#[test]
fn a_peer_that_comes_again_replaces_itself() {
    let mut world = World::new();
    let ana = world.writer("ana");
    let first = world.id(ana);
    // The old socket is half open: the relay has not heard that it is gone.
    world.clients[ana].socket = None;
    world.connect(ana, Access::Writer);
    world.run();
    assert_eq!(world.closed.get(&first), Some(&CloseReason::Replaced));
    world.edit(ana, "a", "1");
    world.run();
    world.assert_converged();
}

#[test]
fn another_device_cannot_take_the_name_of_a_peer() {
    let mut world = World::new();
    let ana = world.writer("ana");
    let eve = world.client("ana");
    let connection = world.connect_as(eve, principal("eve", Access::Writer));
    world.run();
    assert_eq!(world.closed.get(&connection), Some(&CloseReason::PeerIdTaken));
    world.edit(ana, "a", "1");
    world.run();
    assert_eq!(world.clients[ana].acknowledged(), world.clients[ana].heads());
    // In another workspace the name is free.
    let far = world.client("ana");
    world.connect_as(far, Principal { workspace: OTHER, ..principal("far", Access::Writer) });
    world.run();
    assert_eq!(world.closed.len(), 1);
}

#[test]
fn a_connection_has_only_so_many_documents() {
    let mut world = World::with(Config { documents_per_connection: 3, ..Config::default() });
    let ana = world.writer("ana");
    let connection = world.id(ana);
    for n in 0..5 {
        world.clients[ana].document = ids::DocumentId::from_bytes([n; 16]);
        world.clients[ana].send_sync(&b"\x42\x00\x00\x00\x00"[..]);
        if world.clients[ana].socket.is_none() {
            break;
        }
    }
    while world.deliver_up(ana) {}
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4429));
}
