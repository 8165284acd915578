//! What the operations of a change refer to must be there: a change of which that is not true never gets to anybody.

use crate::{
    client::{Client, changes},
    storage::save,
    world::{DOCUMENT, Job, WORKSPACE, World},
};
use automerge::{
    Automerge, AutomergeError, Change, ExpandedChange, ObjType, ROOT, ReadDoc,
    legacy::{ElementId, Key, OpId},
    transaction::Transactable,
};
use bytes::Bytes;
use ids::{ChangeHash, Heads};
use relay::{Access, CloseReason, Config, Report};
use store::{Batch, Chunk, ChunkKind, ChunkStore};

/// A change of somebody else on top of a document.
#[derive(Clone)]
struct Crafted {
    hash: ChangeHash,
    bytes: Bytes,
}

impl Crafted {
    fn heads(&self) -> Heads {
        Heads::from(vec![self.hash])
    }
}

impl From<Change> for Crafted {
    fn from(change: Change) -> Self {
        Self { hash: ChangeHash(change.hash().0), bytes: Bytes::copy_from_slice(change.raw_bytes()) }
    }
}

/// Types into the text that everybody shares.
fn type_into(client: &mut Client, typed: &str) {
    client
        .doc
        .transact::<_, _, AutomergeError>(|tx| {
            let text = match tx.get(ROOT, "text")? {
                Some((_, text)) => text,
                None => tx.put_object(ROOT, "text", ObjType::Text)?,
            };
            tx.splice_text(&text, tx.length(&text), 0, typed)
        })
        .unwrap();
    client.speak();
}

fn text(client: &Client) -> String {
    let (_, text) = client.doc.get(ROOT, "text").unwrap().unwrap();
    client.doc.text(&text).unwrap()
}

/// What an honest stranger would type next.
pub(crate) fn stranger(doc: &Automerge, name: &str) -> Change {
    let mut client = Client::new(name, DOCUMENT);
    client.doc.merge(&mut doc.clone()).unwrap();
    type_into(&mut client, "x");
    client.doc.get_last_local_change().unwrap().clone()
}

/// The same, typed after an operation that is not a letter, or not there at all.
fn astray(doc: &Automerge, name: &str, counter: u64) -> Crafted {
    astray_change(doc, name, counter).into()
}

pub(crate) fn astray_change(doc: &Automerge, name: &str, counter: u64) -> Change {
    let mut change: ExpandedChange = stranger(doc, name).decode();
    let Key::Seq(ElementId::Id(OpId(_, actor))) = change.operations[0].key.clone() else { panic!() };
    change.operations[0].key = Key::Seq(ElementId::Id(OpId(counter, actor)));
    change.hash = None;
    Change::from(change)
}

/// Letters, then a value: the operation with the last counter is no letter.
fn write_text_and_title(world: &mut World, client: usize) {
    type_into(&mut world.clients[client], "abcd");
    world.edit(client, "title", "t");
    world.run();
}

fn last_op(doc: &Automerge) -> u64 {
    doc.get_changes(&[]).iter().map(Change::max_op).max().unwrap()
}

/// A stranger brings a change, and is closed for it.
fn assert_refused(world: &mut World, name: &str, crafted: &Crafted) {
    let eve = world.client(name);
    world.clients[eve].mute = true;
    let connection = world.connect(eve, Access::Writer);
    world.run();
    world.clients[eve].push(std::slice::from_ref(&crafted.bytes), &crafted.heads());
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400), "{name}");
    let refused = |report: &Report| matches!(report, Report::Refused { connection: c, code, .. } if (*c, *code) == (connection, "operation"));
    assert!(world.reports.iter().any(refused), "{name}: {:?}", world.reports);
    assert!(!world.storage.durable.contains(&crafted.hash), "{name}");
    // She comes back as somebody honest, so that she counts in what everybody must have.
    world.clients[eve].mute = false;
    world.connect(eve, Access::Writer);
    world.run();
}

/// A stranger brings a change, and everybody gets it.
fn assert_accepted(world: &mut World, name: &str, change: Change) {
    let closed = world.closed.len();
    let zoe = world.client(name);
    world.clients[zoe]
        .doc
        .merge(&mut Automerge::load(&save(&world.storage.document(DOCUMENT))).unwrap())
        .unwrap();
    world.clients[zoe].doc.apply_changes([change]).unwrap();
    world.connect(zoe, Access::Writer);
    world.run();
    assert_eq!(world.closed.len(), closed, "{name}");
    world.assert_converged();
}

fn unusable(world: &World) -> usize {
    world.reports.iter().filter(|report| matches!(report, Report::Unusable { .. })).count()
}

fn put(world: &World, chunks: impl IntoIterator<Item = Chunk>) {
    pollster::block_on(world.storage.chunks.apply(Batch::put(chunks))).unwrap();
}

/// A disk with these chunks that everybody in the workspace may read.
fn disk(chunks: impl IntoIterator<Item = (ChunkKind, Bytes)>) -> World {
    let mut world = World::new();
    put(&world, chunks.into_iter().map(|(kind, bytes)| Chunk::new(DOCUMENT, kind, bytes)));
    world.storage.directory.insert(DOCUMENT, (WORKSPACE, None));
    let loaded = world.storage.load(DOCUMENT);
    for chunk in &loaded.chunks {
        for read in guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT).unwrap() {
            match read {
                guard::Chunk::Change(change) => drop(world.storage.durable.insert(change.header.hash)),
                guard::Chunk::Document(document) => {
                    let doc = Automerge::load(&document.bytes).unwrap();
                    let hashes = doc.get_changes(&[]).into_iter().map(|change| ChangeHash(change.hash().0));
                    world.storage.durable.extend(hashes);
                }
            }
        }
    }
    world
}

#[test]
fn an_insertion_after_what_is_not_there_costs_its_sender_only() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    write_text_and_title(&mut world, ana);
    let doc = world.clients[ana].doc.clone();
    let last = last_op(&doc);
    let no_letter = astray(&doc, "eve", last);
    assert_refused(&mut world, "eve", &no_letter);
    // Far above everything, there is nothing.
    let mut far: ExpandedChange = Change::from_bytes(no_letter.bytes.to_vec()).unwrap().decode();
    far.start_op = far.start_op.checked_add(1_000).unwrap();
    let Key::Seq(ElementId::Id(OpId(counter, _))) = &mut far.operations[0].key else { panic!() };
    *counter += 500;
    far.hash = None;
    assert_refused(&mut world, "mallory", &Change::from(far).into());

    type_into(&mut world.clients[ana], "e");
    type_into(&mut world.clients[ben], "f");
    world.run();
    world.assert_converged();
    assert_eq!(text(&world.clients[ana]).len(), 6);
    assert_eq!(text(&world.clients[ana]), text(&world.clients[ben]));
}

#[test]
fn objects_in_too_many_objects_cost_their_sender_only() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    write_text_and_title(&mut world, ana);
    let nested = |world: &World, name: &str, depth: usize| {
        let mut client = Client::new(name, DOCUMENT);
        client.doc.merge(&mut world.clients[ana].doc.clone()).unwrap();
        let mut inner = ROOT;
        let nest = |tx: &mut automerge::transaction::Transaction<'_>| {
            for _ in 0..depth {
                inner = tx.put_object(&inner, "in", ObjType::Map)?;
            }
            Ok(())
        };
        client.doc.transact::<_, _, AutomergeError>(nest).unwrap();
        client.doc.get_last_local_change().unwrap().clone()
    };
    let deep = nested(&world, "eve", 100);
    assert_refused(&mut world, "eve", &deep.into());
    world.edit(ben, "a", "1");
    world.run();
    world.assert_converged();
    let less = nested(&world, "zoe", 64);
    assert_accepted(&mut world, "zoe", less);
}

/// Automerge takes such a history in one order, panics in another, and saves what it cannot load.
#[test]
fn a_change_that_forgets_the_last_one_of_its_actor_costs_its_sender_only() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    write_text_and_title(&mut world, ana);
    let before = world.clients[ana].doc.get_heads();
    let mut eve = Client::new("eve", DOCUMENT);
    eve.doc.merge(&mut world.clients[ana].doc.clone()).unwrap();
    let mut put = |value: &str| {
        eve.doc.transact::<_, _, AutomergeError>(|tx| tx.put(ROOT, value, value)).unwrap();
        eve.doc.get_last_local_change().unwrap()
    };
    let (first, second) = (put("one"), put("two"));
    let mut forgetful = second.decode();
    forgetful.deps = before;
    forgetful.hash = None;
    let forgetful: Crafted = Change::from(forgetful).into();
    // In one delivery with the change it forgets, and again when that is durable.
    let together = vec![Crafted::from(first).bytes, forgetful.bytes.clone()];
    for (name, bytes) in [("mallory", together), ("trudy", vec![forgetful.bytes.clone()])] {
        let sender = world.client(name);
        world.clients[sender].mute = true;
        let connection = world.connect(sender, Access::Writer);
        world.run();
        world.clients[sender].push(&bytes, &forgetful.heads());
        world.run();
        assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
        assert!(!world.storage.durable.contains(&forgetful.hash));
        world.clients[sender].mute = false;
        world.connect(sender, Access::Writer);
        world.run();
    }
    assert!(world.clients[ben].doc.get(ROOT, "one").unwrap().is_some(), "what came before it stays");
    world.edit(ben, "a", "1");
    world.run();
    world.assert_converged();
}

/// Automerge makes a document of such a history, and panics when asked for an older version of it.
#[test]
fn a_reference_to_what_its_author_had_not_seen_costs_its_sender_only() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    write_text_and_title(&mut world, ana);
    let before = world.clients[ana].doc.get_heads();
    type_into(&mut world.clients[ana], "e");
    world.run();
    // Typed after ana's last letter, and on top of a version that does not have it.
    let mut unseeing = stranger(&world.clients[ana].doc, "eve").decode();
    unseeing.deps = before;
    unseeing.hash = None;
    let unseeing: Crafted = Change::from(unseeing).into();
    assert_refused(&mut world, "eve", &unseeing);
    // And when ana's letter is on its way to the disk.
    world.disk_stopped = true;
    let before = world.clients[ana].doc.get_heads();
    type_into(&mut world.clients[ana], "f");
    world.run();
    let mut unseeing = stranger(&world.clients[ana].doc, "trudy").decode();
    unseeing.deps = before;
    unseeing.hash = None;
    let unseeing: Crafted = Change::from(unseeing).into();
    let trudy = world.client("trudy");
    world.clients[trudy].mute = true;
    let connection = world.connect(trudy, Access::Writer);
    world.run();
    world.clients[trudy].push(std::slice::from_ref(&unseeing.bytes), &unseeing.heads());
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
    world.disk_stopped = false;
    world.run();
    world.clients[trudy].mute = false;
    world.connect(trudy, Access::Writer);
    type_into(&mut world.clients[ben], "g");
    world.run();
    world.assert_converged();
    assert_eq!(text(&world.clients[ana]), "abcdefg");
}

/// What came before it in the same message stays, what comes after it does not get in.
#[test]
fn a_message_gets_in_up_to_what_does_not_fit() {
    let mut world = World::new();
    let ana = world.writer("ana");
    write_text_and_title(&mut world, ana);
    let mut eve = Client::new("eve", DOCUMENT);
    eve.doc.merge(&mut world.clients[ana].doc.clone()).unwrap();
    type_into(&mut eve, "e");
    let mut all = changes(&eve.doc);
    let bad = astray(&eve.doc, "mallory", last_op(&world.clients[ana].doc));
    type_into(&mut eve, "f");
    all.push(bad.bytes.clone());
    all.extend(changes(&eve.doc).last().cloned());
    let sender = world.client("sender");
    world.clients[sender].mute = true;
    let connection = world.connect(sender, Access::Writer);
    world.run();
    world.clients[sender].push(&all, &eve.heads());
    world.run();
    assert_eq!(world.closed.get(&connection).map(CloseReason::code), Some(4400));
    assert_eq!(text(&world.clients[ana]), "abcde");
    world.clients[sender].mute = false;
    world.connect(sender, Access::Writer);
    world.run();
    world.assert_converged();
}

/// A document of a peer is let in change by change.
#[test]
fn a_whole_document_is_followed_like_its_changes() {
    let mut world = World::new();
    let ana = world.writer("ana");
    let mut source = Client::new("source", DOCUMENT);
    for _ in 0..10 {
        type_into(&mut source, "ab");
    }
    world.clients[ana].push(&[save(&source.doc).into()], &source.heads());
    world.run();
    world.assert_converged();
    assert_eq!(world.storage.heads(DOCUMENT), source.heads());
    let doc = world.storage.document(DOCUMENT);
    assert_accepted(&mut world, "zoe", stranger(&doc, "another"));
    let eve = astray(&doc, "eve", 1 + last_op(&doc));
    assert!(guard::read_chunks(&eve.bytes, &guard::Limits::CLIENT).is_err(), "a reference to the future");
    // Operation 1 is the text itself, 2 its first letter.
    assert_accepted(&mut world, "zed", Change::from_bytes(astray(&doc, "first", 2).bytes.to_vec()).unwrap());
}

/// Places are noted when a change is staged. When the write fails it is as if it had never come.
#[test]
fn after_a_write_that_failed_the_same_changes_fit_again() {
    for happened in [false, true] {
        for writes in 0..3 {
            let mut world = World::new();
            let (ana, ben) = (world.writer("ana"), world.writer("ben"));
            if writes > 0 {
                write_text_and_title(&mut world, ana);
            }
            world.disk_stopped = true;
            for n in 0..4 {
                type_into(&mut world.clients[ana], "x");
                world.edit(ben, "b", &n.to_string());
                if writes < 2 || n % 2 == 0 {
                    world.run();
                }
            }
            world.run();
            let write = world.jobs.iter().position(|job| matches!(job, Job::Write(..))).unwrap();
            world.fail_job(write, happened);
            world.disk_stopped = false;
            world.run();
            for client in [ana, ben] {
                if world.clients[client].socket.is_none() {
                    world.connect(client, Access::Writer);
                }
            }
            world.run();
            assert!(world.closed.values().all(|reason| reason.code() == 1013), "{:?}", world.closed);
            world.assert_converged();
            world.edit(ana, "title", "afterwards");
            world.run();
            let doc = world.clients[ana].doc.clone();
            assert_refused(&mut world, "eve", &astray(&doc, "eve", last_op(&doc)));
            assert_accepted(&mut world, "zoe", stranger(&doc, "another"));
        }
    }
}

/// A document that was lost and has come again is followed from its disk: from changes, from a snapshot with some,
/// from a snapshot alone, and from one that has to be taken apart because its index is missing.
#[test]
fn after_a_restart_what_fits_is_what_fitted_before() {
    for (edits, compact_changes, census, keeps_index) in [
        (10, 1_000, [0, 12, 0], true),
        (23, 20, [1, 5, 1], true),
        (18, 20, [1, 0, 1], true),
        (23, 20, [1, 5, 0], false),
    ] {
        let mut world =
            World::with(Config { compact_changes, compact_changes_idle: 1_000, ..Config::default() });
        let ana = world.writer("ana");
        for _ in 0..edits {
            type_into(&mut world.clients[ana], "abcd");
            world.run();
        }
        write_text_and_title(&mut world, ana);
        if !keeps_index {
            let loaded = world.storage.load(DOCUMENT);
            let index = loaded.of_kind(ChunkKind::Index).next().unwrap().loaded_key();
            pollster::block_on(world.storage.chunks.apply(Batch::replace([], [index]))).unwrap();
        }
        assert_eq!(world.storage.census(DOCUMENT), census);
        world.restart(|| true);
        let doc = world.clients[ana].doc.clone();
        let bad = astray(&doc, "eve", last_op(&doc));
        assert_refused(&mut world, "eve", &bad);
        world.connect(ana, Access::Writer);
        world.run();
        // After the first letter of all, which is in the snapshot if there is one.
        let first = Change::from_bytes(astray(&doc, "first", 2).bytes.to_vec()).unwrap();
        assert_accepted(&mut world, "zoe", first);
        type_into(&mut world.clients[ana], "e");
        world.run();
        world.assert_converged();
        assert_eq!(unusable(&world), 0);
    }
}

/// The same without a restart: nothing that is known is forgotten with the changes that a snapshot replaces.
#[test]
fn a_compaction_changes_nothing() {
    let mut world = World::with(Config { compact_changes: 20, spare_bytes: 0, ..Config::default() });
    let ana = world.writer("ana");
    for _ in 0..18 {
        type_into(&mut world.clients[ana], "abcd");
    }
    write_text_and_title(&mut world, ana);
    assert_eq!(world.storage.census(DOCUMENT), [1, 0, 1]);
    let doc = world.clients[ana].doc.clone();
    assert_refused(&mut world, "eve", &astray(&doc, "eve", last_op(&doc)));
    assert_accepted(&mut world, "zoe", stranger(&doc, "another"));
}

/// Two wrote at the same time: the one that is read first after a restart may be the one that was let in last.
#[test]
fn changes_are_read_again_in_an_order_in_which_they_fit() {
    let mut world = World::new();
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    write_text_and_title(&mut world, ana);
    for round in 0..6 {
        world.disconnect(ben);
        for _ in 0..=round {
            type_into(&mut world.clients[ana], "a");
            type_into(&mut world.clients[ben], "b");
        }
        world.run();
        world.connect(ben, Access::Writer);
        world.run();
        type_into(&mut world.clients[[ana, ben][round % 2]], "c");
        world.run();
        world.assert_converged();
        world.restart(|| true);
        world.connect(ana, Access::Writer);
        world.connect(ben, Access::Writer);
        world.run();
        world.assert_converged();
    }
    assert_eq!(unusable(&world), 0);
    assert!(world.closed.is_empty());
}

/// What was stored before there was a door that knew of it is not served, and costs only itself.
#[test]
fn a_stored_change_that_does_not_fit_is_reported() {
    let mut source = Client::new("source", DOCUMENT);
    for _ in 0..5 {
        type_into(&mut source, "ab");
    }
    source.edit_quietly("title", "t");
    let bad = astray(&source.doc, "eve", last_op(&source.doc));
    let stored = changes(&source.doc).into_iter().chain([bad.bytes.clone()]);
    let mut world = disk(stored.map(|bytes| (ChunkKind::Incremental, bytes)));
    let (ana, ben) = (world.writer("ana"), world.writer("ben"));
    assert_eq!(unusable(&world), 1);
    assert_eq!(world.clients[ana].heads(), source.heads());
    type_into(&mut world.clients[ana], "c");
    world.run();
    assert_eq!(world.clients[ben].heads(), world.clients[ana].heads());
    assert_eq!(world.storage.load(DOCUMENT).of_kind(ChunkKind::Incremental).count(), 8, "nothing is deleted");
}

/// A snapshot that somebody has imported may have more objects in each other than anybody may write.
#[test]
fn a_stored_snapshot_that_does_not_fit_is_taken_apart() {
    let mut source = Client::new("source", DOCUMENT);
    let mut inner = ROOT;
    for _ in 0..70 {
        let nest =
            |tx: &mut automerge::transaction::Transaction<'_>| tx.put_object(&inner, "in", ObjType::Map);
        inner = source.doc.transact::<_, _, AutomergeError>(nest).unwrap().result;
    }
    let mut world = disk([(ChunkKind::Snapshot, save(&source.doc).into())]);
    let ana = world.writer("ana");
    assert!(unusable(&world) > 0);
    assert_eq!(world.clients[ana].doc.get_changes(&[]).len(), 64);
    let ben = world.writer("ben");
    world.edit(ben, "a", "1");
    world.run();
    assert_eq!(world.clients[ana].heads(), world.clients[ben].heads());
}

/// A stored change waits for its past, and is followed when that has come.
#[test]
fn a_stranded_change_that_does_not_fit_is_reported_when_its_past_has_come() {
    let mut source = Client::new("source", DOCUMENT);
    type_into(&mut source, "abcd");
    let first = changes(&source.doc);
    source.edit_quietly("title", "t");
    let (bad, good) =
        (astray(&source.doc, "eve", last_op(&source.doc)), Crafted::from(stranger(&source.doc, "zoe")));
    let stored = first.into_iter().chain([bad.bytes.clone(), good.bytes.clone()]);
    let mut world = disk(stored.map(|bytes| (ChunkKind::Incremental, bytes)));
    let ana = world.writer("ana");
    assert!(world.reports.iter().any(|report| matches!(report, Report::Stranded { changes: 2, .. })));
    assert_eq!((unusable(&world), text(&world.clients[ana]).as_str()), (0, "abcd"));

    world.clients[ana].push(&changes(&source.doc)[1..], &source.heads());
    world.run();
    assert_eq!(unusable(&world), 1);
    assert_eq!(world.clients[ana].heads(), good.heads(), "the good one is here");
    assert_eq!(text(&world.clients[ana]), "abcdx");
    let ben = world.writer("ben");
    type_into(&mut world.clients[ben], "y");
    world.run();
    assert_eq!(world.clients[ana].heads(), world.clients[ben].heads());
    assert!(world.closed.is_empty());
}

/// A change waits on the disk for its past, and a peer brings both: it is let in once.
#[test]
fn a_stranded_change_that_a_peer_brings_too_is_let_in_once() {
    for apart in [false, true] {
        let mut source = Client::new("source", DOCUMENT);
        for _ in 0..5 {
            type_into(&mut source, "ab");
        }
        let all = changes(&source.doc);
        let stored = [0, 1, 3, 4].map(|n| (ChunkKind::Incremental, all[n].clone()));
        let mut world = disk(stored);
        let ana = world.writer("ana");
        assert_eq!(world.clients[ana].doc.get_changes(&[]).len(), 2);
        world.disk_stopped = true;
        if apart {
            // The past is on its way to the disk already when the change comes.
            world.clients[ana].push(&all[2..3], &source.heads());
            world.run();
            world.clients[ana].push(&all[3..], &source.heads());
        } else {
            world.clients[ana].push(&all[2..], &source.heads());
        }
        world.run();
        world.disk_stopped = false;
        world.run();
        assert_eq!(unusable(&world), 0, "{:?}", world.reports);
        world.assert_converged();
        let next = stranger(&world.clients[ana].doc, "zoe");
        assert_accepted(&mut world, "zoe", next);
        assert_eq!(world.storage.heads(DOCUMENT).len(), 1);
    }
}
