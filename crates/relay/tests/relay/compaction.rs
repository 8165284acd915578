//! Snapshots: when they are made, what they replace, and what they must not replace.

use crate::{
    storage::{compact, indexed, save},
    world::{DOCUMENT, Job, World},
};
use relay::{Access, Compacted, CompactionError, Config, Event, Report};
use store::ChunkKind;

fn config() -> Config {
    Config { compact_changes: 40, ..Config::default() }
}

fn until_compaction(world: &mut World) -> usize {
    for _ in 0..1_000 {
        if let Some(index) = world.jobs.iter().position(|job| matches!(job, Job::Compact(..))) {
            return index;
        }
        world.step();
    }
    panic!("no compaction");
}

fn compacted(world: &World) -> usize {
    world.reports.iter().filter(|report| matches!(report, Report::Compacted { .. })).count()
}

#[test]
fn many_changes_become_a_snapshot() {
    let mut world = World::with(config());
    let ana = world.writer("ana");
    for n in 0..39 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    assert_eq!(world.storage.census(DOCUMENT), [0, 39, 0]);
    world.edit(ana, "a", "the fortieth");
    world.run();
    assert_eq!(world.storage.census(DOCUMENT), [1, 0, 1]);
    world.assert_converged();
    for n in 0..200 {
        world.edit(ana, "a", &n.to_string());
        world.run();
    }
    let [snapshots, incrementals, indexes] = world.storage.census(DOCUMENT);
    assert_eq!((snapshots, indexes), (1, 1));
    assert!(incrementals < 40);
    world.assert_converged();
    assert_eq!(compacted(&world), 6);
}

#[test]
fn a_quiet_document_is_compacted_early_and_once() {
    let mut world =
        World::with(Config { compact_changes_idle: 10, compact_idle_ms: 5_000, ..Config::default() });
    let ana = world.writer("ana");
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
    }
    world.pass(4_000);
    assert_eq!(world.storage.census(DOCUMENT), [0, 10, 0]);
    world.pass(2_000);
    assert_eq!(world.storage.census(DOCUMENT), [1, 0, 1]);
    world.pass(3_600_000);
    assert_eq!(compacted(&world), 1);
}

/// Changes arrive, and become durable, at every moment of a compaction. None is deleted, none is lost.
#[test]
fn changes_during_a_compaction_stay() {
    for moment in 0..4 {
        let mut world = World::with(config());
        let (ana, ben) = (world.writer("ana"), world.writer("ben"));
        let more = |world: &mut World, now| {
            if now == moment {
                world.edit(ana, "late", "1");
                world.edit(ben, "late", "2");
                world.deliver_up(ana);
                world.deliver_up(ben);
                while let Some(write) = world
                    .jobs
                    .iter()
                    .position(|job| matches!(job, Job::Write(_, write) if !write.receipts.is_empty()))
                {
                    world.do_job(write);
                }
            }
        };
        for n in 0..40 {
            world.edit(ana, "a", &n.to_string());
        }
        let job = until_compaction(&mut world);
        world.disk_stopped = true;
        world.run();
        more(&mut world, 0);
        let Some(Job::Compact(request, document)) = world.jobs.remove(job) else { panic!() };
        let result = world.storage.compact(document);
        more(&mut world, 1);
        world.event(Event::Compacted { request, result });
        more(&mut world, 2);
        let write = world.jobs.iter().position(|job| matches!(job, Job::Write(..))).unwrap();
        let Job::Write(_, batch) = world.jobs[write].clone() else { panic!() };
        assert_eq!(batch.batch.puts.len(), 2, "the snapshot and its index, together with what they replace");
        assert!(batch.batch.deletes.len() >= 40);
        world.do_job(write);
        more(&mut world, 3);
        world.disk_stopped = false;
        world.run();
        world.assert_converged();
        assert_eq!(compacted(&world), 1);
        world.restart(|| true);
        world.connect(ana, Access::Writer);
        world.connect(ben, Access::Writer);
        world.run();
        world.assert_converged();
    }
}

/// A change is durable on the disk, and in the snapshot, before the relay has heard so.
#[test]
fn a_snapshot_may_know_more_than_the_relay() {
    let mut world = World::with(config());
    let ana = world.writer("ana");
    for n in 0..40 {
        world.edit(ana, "a", &n.to_string());
    }
    until_compaction(&mut world);
    world.disk_stopped = true;
    world.run();
    world.edit(ana, "a", "late");
    world.run();
    let write = world.jobs.iter().position(|job| matches!(job, Job::Write(..))).unwrap();
    let Some(Job::Write(request, late)) = world.jobs.remove(write) else { panic!() };
    world.storage.write(&late).unwrap();
    let job = until_compaction(&mut world);
    world.do_job(job);
    world.do_job(0);
    assert_eq!(world.storage.census(DOCUMENT), [1, 1, 1]);
    world.event(Event::Written { request, result: Ok(()) });
    world.disk_stopped = false;
    world.run();
    world.assert_converged();
    world.restart(|| true);
    world.connect(ana, Access::Writer);
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.run();
    world.assert_converged();
}

/// What comes back instead of an honest snapshot.
fn refused(make: impl FnOnce(&World) -> Result<Box<Compacted>, CompactionError>) {
    let mut world = World::with(Config { compact_retry_ms: 1_000, ..config() });
    let ana = world.writer("ana");
    for n in 0..40 {
        world.edit(ana, "a", &n.to_string());
    }
    // A first snapshot, so that there is something to lose.
    world.run();
    for n in 0..40 {
        world.edit(ana, "b", &n.to_string());
    }
    let job = until_compaction(&mut world);
    let before = world.storage.load(DOCUMENT);
    let Some(Job::Compact(request, _)) = world.jobs.remove(job) else { panic!() };
    let result = make(&world);
    world.event(Event::Compacted { request, result });
    assert!(world.jobs.is_empty(), "nothing is written");
    assert!(matches!(world.reports.last(), Some(Report::NotCompacted { .. })));
    assert_eq!(world.storage.load(DOCUMENT), before);
    world.run();
    world.assert_converged();
    assert!(world.jobs.is_empty(), "not again at once");
    world.pass(5_000);
    world.edit(ana, "b", "later");
    world.run();
    assert_eq!(world.storage.census(DOCUMENT)[0], 1);
    assert_eq!(compacted(&world), 2, "but later");
    world.assert_converged();
}

#[test]
fn a_document_that_cannot_be_built_keeps_everything() {
    refused(|_| Err(CompactionError::Failed("it does not load".to_owned())));
}

#[test]
fn a_snapshot_that_lacks_what_the_last_one_had_keeps_everything() {
    refused(|world| {
        let loaded = world.storage.load(DOCUMENT);
        let doc = world.storage.document(DOCUMENT);
        let early = doc.get_changes(&[])[10].hash();
        compact(DOCUMENT, &doc.fork_at(&[early]).unwrap(), &loaded)
    });
}

/// A snapshot that has the old one but not the whole tail is good; the rest of the tail stays.
#[test]
fn a_snapshot_replaces_only_what_it_contains() {
    let mut world = World::with(config());
    let ana = world.writer("ana");
    for n in 0..50 {
        world.edit(ana, "a", &n.to_string());
    }
    while world.jobs.iter().all(|job| !matches!(job, Job::Compact(..))) {
        world.step();
    }
    world.disk_stopped = true;
    world.run();
    let Some(Job::Compact(request, _)) = world.jobs.pop_front() else { panic!() };
    let loaded = world.storage.load(DOCUMENT);
    let stored = loaded.of_kind(ChunkKind::Incremental).count();
    let doc = world.storage.document(DOCUMENT);
    let early = doc.get_changes(&[])[29].hash();
    let result = compact(DOCUMENT, &doc.fork_at(&[early]).unwrap(), &loaded);
    world.event(Event::Compacted { request, result });
    world.disk_stopped = false;
    world.run();
    assert_eq!(world.storage.census(DOCUMENT), [1, stored - 30 + (50 - stored), 1]);
    world.assert_converged();
}

#[test]
fn changes_that_are_not_those_of_the_snapshot_are_no_index() {
    let mut world = World::new();
    let ana = world.writer("ana");
    for n in 0..10 {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    let (doc, limits) = (world.storage.document(DOCUMENT), guard::Limits::CLIENT);
    let changes = indexed(&doc);
    let make = |snapshot: Vec<u8>, changes: Vec<_>| Compacted::new(DOCUMENT, snapshot, changes, [], &limits);
    assert!(make(save(&doc), changes.clone()).is_ok());
    assert_eq!(make(save(&doc), changes[..9].to_vec()), Err(CompactionError::OtherHeads));
    let mut swapped = changes.clone();
    swapped.swap(3, 4);
    assert!(matches!(make(save(&doc), swapped), Err(CompactionError::Index(_))));
    assert!(matches!(make(b"nonsense".to_vec(), changes.clone()), Err(CompactionError::NotADocument(_))));
    let mut two = save(&doc);
    two.extend(save(&doc));
    assert!(matches!(make(two, changes), Err(CompactionError::NotADocument(_))));
}

#[test]
fn a_snapshot_that_cannot_be_written_changes_nothing() {
    for happened in [false, true] {
        let mut world = World::with(config());
        let ana = world.writer("ana");
        for n in 0..40 {
            world.edit(ana, "a", &n.to_string());
        }
        let job = until_compaction(&mut world);
        world.disk_stopped = true;
        world.run();
        world.do_job(job);
        world.fail_job(0, happened);
        assert!(matches!(world.reports.last(), Some(Report::NotCompacted { .. })));
        assert!(world.closed.is_empty());
        world.disk_stopped = false;
        world.edit(ana, "a", "more");
        world.run();
        let ben = world.writer("ben");
        assert_eq!(world.clients[ben].heads(), world.clients[ana].heads());
        world.restart(|| true);
        world.connect(ana, Access::Writer);
        world.connect(ben, Access::Writer);
        world.run();
        world.assert_converged();
    }
}
