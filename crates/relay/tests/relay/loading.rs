//! From the store into memory and out of it.

use crate::{
    storage::split,
    world::{DOCUMENT, Job, WORKSPACE, World},
};
use relay::{Access, CloseReason, Config, Report};
use store::{Batch, Chunk, ChunkKey, ChunkKind, ChunkStore};

/// A relay that has just started, and a document of `changes` changes on its disk.
fn stored(changes: usize, config: Config) -> World {
    let mut world = World::with(config);
    let ana = world.writer("ana");
    for n in 0..changes {
        world.edit(ana, "a", &n.to_string());
    }
    world.run();
    world.restart(|| true);
    world
}

fn keys(world: &World, kind: ChunkKind) -> Vec<ChunkKey> {
    world.storage.load(DOCUMENT).of_kind(kind).map(Chunk::key).collect()
}

#[test]
fn messages_wait_while_the_document_is_read() {
    let mut world = stored(5, Config::default());
    world.disk_stopped = true;
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.connect(0, Access::Writer);
    world.run();
    assert_eq!(world.jobs.iter().filter(|job| matches!(job, Job::Load(..))).count(), 1, "one for both");
    assert!(world.clients[ben].received.is_empty());
    world.disk_stopped = false;
    world.run();
    world.assert_converged();
}

#[test]
fn a_document_that_cannot_be_read_is_tried_again_by_who_wants_it() {
    let mut world = stored(5, Config::default());
    world.disk_stopped = true;
    let ben = world.client("ben");
    let connection = world.connect(ben, Access::Writer);
    world.run();
    world.fail_job(0, false);
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(1013));
    assert!(world.reports.iter().any(|report| matches!(report, Report::NotLoaded { .. })));
    world.disk_stopped = false;
    world.connect(ben, Access::Writer);
    world.connect(0, Access::Writer);
    world.run();
    world.assert_converged();
}

#[test]
fn a_document_that_nobody_wants_leaves_memory_and_comes_back() {
    let config = Config { idle_document_ms: 1_000, compact_changes_idle: 1_000, ..Config::default() };
    let mut world = stored(5, config);
    world.connect(0, Access::Writer);
    world.pass(5_000);
    assert_eq!(world.figures().documents, 1, "somebody is here");
    world.disconnect(0);
    world.pass(900);
    assert_eq!(world.figures().documents, 1);
    world.pass(200);
    assert_eq!(world.figures().documents, 0);
    assert_eq!(world.figures().connections, 0);
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.connect(0, Access::Writer);
    world.run();
    world.assert_converged();
}

#[test]
fn an_unknown_document_leaves_memory_too() {
    let mut world = World::with(Config { idle_document_ms: 1_000, ..Config::default() });
    let ben = world.writer("ben");
    assert_eq!(world.figures().documents, 1);
    world.disconnect(ben);
    world.pass(2_000);
    assert_eq!(world.figures().documents, 0);
}

#[test]
fn a_damaged_change_costs_itself_and_is_repaired_by_who_has_it() {
    let mut world = stored(5, Config::default());
    let incrementals = keys(&world, ChunkKind::Incremental);
    let (mut stranded, mut reported) = (0, 0);
    for key in incrementals {
        let sound = world.storage.load(DOCUMENT).chunks.into_iter().find(|chunk| chunk.key() == key).unwrap();
        world.storage.chunks.overwrite(key, &b"\0damaged"[..]);
        let ben = world.client("ben");
        world.connect(ben, Access::Writer);
        world.run();
        reported += world.reports.iter().filter(|report| matches!(report, Report::Corrupt(_))).count();
        stranded += world.reports.iter().filter(|report| matches!(report, Report::Stranded { .. })).count();
        let served = world.clients[ben].doc.get_changes(&[]).len();
        assert!(served < 5, "what is sound and complete is served");

        world.connect(0, Access::Writer);
        world.run();
        assert_eq!(world.clients[ben].doc.get_changes(&[]).len(), 5);
        assert_eq!(world.clients[ben].heads(), world.clients[0].heads());
        assert!(world.storage.load(DOCUMENT).chunks.contains(&sound), "healed");
        world.restart(|| true);
        world.reports.clear();
    }
    assert_eq!(reported, 5);
    assert_eq!(stranded, 4, "unless the last one is damaged");
}

/// A snapshot, and what happens when its index is not there.
#[test]
fn a_snapshot_without_an_index_gets_one() {
    let config = Config { compact_changes: 20, ..Config::default() };
    let mut world = stored(30, config);
    assert_eq!(world.storage.census(DOCUMENT)[0], 1);
    let [index] = keys(&world, ChunkKind::Index)[..] else { panic!("one index") };
    let loaded = world.storage.load(DOCUMENT);
    let chunk = loaded.chunks.iter().find(|chunk| chunk.key() == index).unwrap();
    pollster::block_on(world.storage.chunks.apply(Batch::replace([], [chunk.loaded_key()]))).unwrap();

    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.connect(0, Access::Writer);
    world.run();
    world.assert_converged();
    assert_eq!(keys(&world, ChunkKind::Index), [index], "the same as before");
}

#[test]
fn an_index_that_is_no_index_is_reported_and_replaced() {
    let mut world = stored(30, Config { compact_changes: 20, ..Config::default() });
    let loaded = world.storage.load(DOCUMENT);
    let index = loaded.of_kind(ChunkKind::Index).next().unwrap();
    let nonsense = Chunk::new(DOCUMENT, ChunkKind::Index, &b"\x01nonsense"[..]);
    let batch = Batch::replace([nonsense.clone()], [index.loaded_key()]);
    pollster::block_on(world.storage.chunks.apply(batch)).unwrap();
    let ben = world.client("ben");
    world.connect(ben, Access::Writer);
    world.connect(0, Access::Writer);
    world.run();
    world.assert_converged();
    assert!(world.reports.iter().any(|report| matches!(report, Report::Unusable { .. })));
    assert_eq!(keys(&world, ChunkKind::Index).len(), 2, "what cannot be read is not deleted");
}

/// An import, or a backup laid over a store: several snapshots, some of them not contained in each other.
#[test]
fn several_snapshots_become_one() {
    let mut world = World::new();
    let (ana, ben) = (world.client("ana"), world.client("ben"));
    for n in 0..20 {
        world.edit(ana, "a", &n.to_string());
        world.edit(ben, "b", &n.to_string());
    }
    let older = world.clients[ana].doc.fork_at(&world.clients[ana].doc.get_heads()).unwrap();
    world.edit(ana, "a", "newer");
    let snapshots = [&older, &world.clients[ana].doc, &world.clients[ben].doc]
        .map(|doc| Chunk::new(DOCUMENT, ChunkKind::Snapshot, crate::storage::save(doc)));
    pollster::block_on(world.storage.chunks.apply(Batch::put(snapshots))).unwrap();
    world.storage.directory.insert(DOCUMENT, (WORKSPACE, None));
    for change in world.storage.document(DOCUMENT).get_changes_meta(&[]) {
        world.storage.durable.insert(ids::ChangeHash(change.hash.0));
    }

    let cleo = world.client("cleo");
    for client in [cleo, ana, ben] {
        world.connect(client, Access::Writer);
    }
    world.run();
    world.assert_converged();
    assert_eq!(world.clients[cleo].doc.get_changes(&[]).len(), 41);
    assert_eq!(world.storage.census(DOCUMENT), [1, 0, 1]);
}

#[test]
fn a_snapshot_that_cannot_be_taken_apart_is_left_alone() {
    let mut world = stored(30, Config { compact_changes: 20, ..Config::default() });
    let loaded = world.storage.load(DOCUMENT);
    let index = loaded.of_kind(ChunkKind::Index).next().unwrap();
    pollster::block_on(world.storage.chunks.apply(Batch::replace([], [index.loaded_key()]))).unwrap();
    world.disk_stopped = true;
    world.connect(0, Access::Writer);
    world.run();
    world.do_job(0);
    assert!(matches!(world.jobs[0], Job::Split(..)));
    world.fail_job(0, false);
    world.disk_stopped = false;
    world.run();
    assert!(world.reports.iter().any(|report| matches!(report, Report::Unusable { .. })));
    // The client has it all and gives it again. A new snapshot has the same bytes; the old one was not deleted.
    world.assert_converged();
    let read = world.storage.load(DOCUMENT);
    for snapshot in read.of_kind(ChunkKind::Snapshot) {
        assert_eq!(split(snapshot.bytes()).unwrap().len(), 30);
    }
}
