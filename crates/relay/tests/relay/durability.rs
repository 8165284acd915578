//! Durable before announced, and what happens when the disk does not play along.

use crate::world::{DOCUMENT, Job, World};
use relay::{Access, CloseReason, Report};
use store::ChunkKind;

fn writes(world: &World) -> usize {
    world.jobs.iter().filter(|job| matches!(job, Job::Write(..))).count()
}

#[test]
fn nothing_is_said_before_it_is_durable() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    world.edit(ana, "a", "0");
    world.run();
    world.disk_stopped = true;
    let change = world.edit(ana, "a", "1");
    let before = world.frames;
    world.run();
    assert_eq!(world.frames, before + 1, "the change went up, and nothing came down");
    assert_eq!(writes(&world), 1);
    assert!(!world.clients[ana].acknowledged().contains(&change));

    world.disk_stopped = false;
    world.run();
    assert!(world.clients[ana].acknowledged().contains(&change));
    assert_eq!(world.clients[ben].value("a").as_deref(), Some("1"));
}

#[test]
fn what_arrives_during_a_write_goes_with_the_next() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    world.disk_stopped = true;
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
        world.edit(ben, "b", &n.to_string());
        world.run();
        assert_eq!(writes(&world), 1);
    }
    world.do_job(0);
    let [Job::Write(_, write)] = &Vec::from(world.jobs.clone())[..] else { panic!("one write") };
    assert_eq!(write.batch.puts.len(), 19);
    assert_eq!(write.receipts.len(), 19);
    assert!(write.batch.deletes.is_empty());
    assert!(write.batch.puts.iter().all(|chunk| chunk.key().kind == ChunkKind::Incremental));
    world.disk_stopped = false;
    world.run();
    world.assert_converged();
    // Nobody got back what was theirs.
    for client in [ana, ben] {
        let received: usize =
            world.clients[client].received.iter().map(|message| message.changes.len()).sum();
        assert_eq!(received, 10);
    }
}

#[test]
fn a_write_that_fails_is_not_announced_and_can_be_sent_again() {
    for happened in [false, true] {
        let mut world = World::new();
        let (ana, ben) = (world.writer("ana"), world.writer("ben"));
        world.disk_stopped = true;
        world.edit(ana, "a", "1");
        world.run();
        world.edit(ana, "a", "2");
        world.run();
        let connection = world.id(ana);
        world.fail_job(0, happened);
        assert_eq!(world.closed.get(&connection), Some(&CloseReason::TryAgain("saved")));
        assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(1013));
        assert!(world.reports.iter().any(|report| matches!(report, Report::NotWritten { .. })));
        world.disk_stopped = false;
        world.run();
        assert!(world.clients[ben].received.is_empty(), "nobody else heard of it");
        assert!(world.clients[ben].socket.is_some(), "and nobody else was closed");

        world.connect(ana, Access::Writer);
        world.run();
        world.assert_converged();
        assert_eq!(world.storage.census(DOCUMENT), [0, 2, 0]);
    }
}

/// Ben has Ana's change by another way, and has sent it too. If the write fails, Automerge would not send it again on
/// the same connection: his has to end like hers.
#[test]
fn whoever_sent_a_lost_change_has_to_come_again() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "0");
    world.run();
    let ben = world.client("ben");
    world.clients[ben].doc = world.clients[ana].doc.fork();
    world.disk_stopped = true;
    world.edit(ana, "a", "1");
    world.run();
    let change = world.clients[ana].doc.get_last_local_change().unwrap().clone();
    world.clients[ben].doc.apply_changes([change]).unwrap();
    let connection = world.connect(ben, Access::Writer);
    world.run();
    world.fail_job(0, false);
    assert_eq!(world.closed.get(&connection), Some(&CloseReason::TryAgain("saved")));
    world.disk_stopped = false;
    world.connect(ben, Access::Writer);
    world.run();
    assert_eq!(world.storage.heads(DOCUMENT), world.clients[ben].heads());
}

/// Ben says that he has Ana's change while it is on its way to the disk: he need not get it afterwards.
#[test]
fn who_has_a_change_before_it_is_durable_does_not_get_it() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "0");
    world.run();
    let ben = world.writer("ben");
    world.clients[ben].mute = true;
    world.disk_stopped = true;
    world.edit(ana, "a", "1");
    world.run();
    let heads = world.clients[ana].heads();
    world.clients[ben].push(&[], &heads);
    world.run();
    world.disk_stopped = false;
    world.run();
    let last = world.clients[ben].received.last().unwrap();
    assert!(last.changes.is_empty());
    assert_eq!(world.clients[ben].acknowledged(), heads, "but he hears that it is durable");
}

/// Ben says that he has Ana's change, but has not sent it. When hers is lost, he is asked.
#[test]
fn others_are_asked_for_a_lost_change() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.edit(ana, "a", "0");
    world.run();
    let ben = world.writer("ben");
    world.clients[ben].mute = true;
    world.disk_stopped = true;
    world.edit(ana, "a", "1");
    world.run();
    let heads = world.clients[ana].heads();
    world.clients[ben].push(&[], &heads);
    world.run();
    let before = world.clients[ben].received.len();
    world.fail_job(0, false);
    world.run();
    assert_eq!(world.clients[ben].received.len(), before + 1);
    let need = &world.clients[ben].received[before].need;
    assert_eq!(need.iter().map(|hash| ids::ChangeHash(hash.0)).collect::<ids::Heads>(), heads);
}

/// The disk of the relay is an older one than it was: the clients have more than it says it had.
#[test]
fn a_relay_restored_from_a_backup_is_completed_by_its_clients() {
    let mut world = World::new();
    let (ana, ben) = (world.client("ana"), world.client("ben"));
    for client in [ana, ben] {
        world.clients[client].remembers = true;
        world.connect(client, Access::Writer);
    }
    let mut backup = None;
    for n in 0..40 {
        world.edit(ana, "a", &n.to_string());
        world.run();
        world.edit(ben, "b", &n.to_string());
        world.run();
        if n == 20 {
            backup = Some(world.storage.load(DOCUMENT).chunks);
        }
    }
    world.restart(|| true);
    let newer = world.storage.load(DOCUMENT).chunks;
    let loaded = newer.iter().map(store::Chunk::loaded_key);
    let restored = store::Batch::replace(backup.unwrap(), loaded);
    pollster::block_on(store::ChunkStore::apply(&world.storage.chunks, restored)).unwrap();
    assert_eq!(world.storage.document(DOCUMENT).get_changes(&[]).len(), 42);
    world.edit(ben, "b", "while the relay was away");
    world.connect(ben, Access::Writer);
    world.connect(ana, Access::Writer);
    world.run();
    world.assert_converged();
    assert_eq!(world.storage.document(DOCUMENT).get_changes(&[]).len(), 81);
}

#[test]
fn the_first_changes_bring_a_document_into_the_directory() {
    let mut world = World::new();
    let ana = world.writer("ana");
    world.disk_stopped = true;
    world.edit(ana, "a", "1");
    world.run();
    world.edit(ana, "a", "2");
    world.run();
    let registers = |world: &World| match &world.jobs[0] {
        Job::Write(_, write) => write.register.is_some(),
        other => panic!("{other:?}"),
    };
    assert!(registers(&world));
    world.do_job(0);
    assert!(!registers(&world));
    world.disk_stopped = false;
    world.run();
    assert!(world.storage.directory.contains_key(&DOCUMENT));
}
