//! A document is served before anybody knows where its operations are; whoever writes first waits for that.

use crate::world::{DOCUMENT, Job, World};
use automerge::ReadDoc;
use relay::{Access, CloseReason, Config, Report};
use store::{Batch, ChunkStore};

/// A relay that has just started, with a snapshot and a few changes after it on its disk. `ana` wrote them.
fn stored() -> World {
    let mut world = World::with(Config { compact_changes_idle: 1, compact_idle_ms: 10, ..Config::default() });
    let ana = world.writer("ana");
    for n in 0..20 {
        world.edit(ana, "a", &n.to_string());
    }
    world.pass(1_000);
    assert_eq!(world.storage.census(DOCUMENT), [1, 0, 1], "compacted");
    for n in 0..3 {
        world.edit(ana, "b", &n.to_string());
        world.run();
    }
    world.restart(|| true);
    world
}

fn located(world: &World) -> usize {
    world.seen.get("locate").copied().unwrap_or(0)
}

fn unusable(world: &World) -> usize {
    world.reports.iter().filter(|report| matches!(report, Report::Unusable { .. })).count()
}

#[test]
fn reading_asks_for_no_places_and_writing_asks_once() {
    let mut world = stored();
    let ben = world.client("ben");
    world.connect(ben, Access::Reader);
    world.connect(0, Access::Writer);
    world.run();
    world.assert_converged();
    assert_eq!(located(&world), 0, "nobody has written");
    let eve = world.writer("eve");
    world.edit(eve, "c", "1");
    world.edit(0, "c", "2");
    world.run();
    world.edit(eve, "c", "3");
    world.run();
    world.assert_converged();
    assert_eq!(located(&world), 1);
}

#[test]
fn those_who_do_not_write_are_served_meanwhile() {
    let mut world = stored();
    world.connect(0, Access::Writer);
    world.run();
    world.disk_stopped = true;
    world.edit(0, "c", "1");
    world.run();
    assert!(matches!(world.jobs.front(), Some(Job::Locate(..))));
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.run();
    assert_eq!(world.clients[ben].heads(), world.storage.heads(DOCUMENT), "served from what is durable");
    world.edit(0, "c", "2");
    world.run();
    assert_eq!(world.jobs.len(), 1, "one question for all that wait, and nothing written");
    world.disk_stopped = false;
    world.run();
    world.assert_converged();
}

#[test]
fn when_it_cannot_be_known_only_those_who_write_are_told_to_try_again() {
    let mut world = stored();
    let ben = world.client("ben");
    let reader = world.connect(ben, Access::Reader);
    let writer = world.connect(0, Access::Writer);
    world.run();
    world.disk_stopped = true;
    world.edit(0, "c", "1");
    world.run();
    world.fail_job(0, false);
    world.run();
    assert_eq!(world.closed.get(&writer).map(CloseReason::code), Some(1013));
    assert!(!world.closed.contains_key(&reader));
    assert!(world.reports.iter().any(|report| matches!(report, Report::NotLocated { .. })));
    world.disk_stopped = false;
    world.connect(0, Access::Writer);
    world.run();
    world.assert_converged();
    assert_eq!(located(&world), 2);
}

/// What lies on the disk without a receipt did not come through the door: somebody imported it. It is followed before
/// anybody gets it, and with it everything before it.
#[test]
fn without_a_receipt_a_stored_change_is_followed_before_it_is_served() {
    let mut world = stored();
    let before = world.storage.heads(DOCUMENT);
    let mut doc = world.storage.document(DOCUMENT);
    let good = crate::references::stranger(&doc, "zoe");
    doc.apply_changes([good.clone()]).unwrap();
    let misfit = crate::references::astray_change(&doc, "eve", 999);
    for bytes in [good.raw_bytes(), misfit.raw_bytes()] {
        let chunk = store::Chunk::new(DOCUMENT, store::ChunkKind::Incremental, bytes.to_vec());
        pollster::block_on(world.storage.chunks.apply(Batch::put([chunk]))).unwrap();
    }
    world.storage.durable.insert(ids::ChangeHash(good.hash().0));
    let ben = world.client("ben");
    world.connect(ben, Access::Reader);
    world.run();
    assert_eq!(unusable(&world), 1, "the misfit stays where it is");
    assert_ne!(world.clients[ben].heads(), before);
    assert!(world.clients[ben].doc.get_change_by_hash(&good.hash()).is_some());
    assert!(world.clients[ben].doc.get_change_by_hash(&misfit.hash()).is_none());
    // Its places were read with that, so nobody waits for them.
    world.connect(0, Access::Writer);
    world.edit(0, "c", "1");
    world.run();
    assert_eq!(located(&world), 0);
}
