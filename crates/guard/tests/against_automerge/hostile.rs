//! What a peer could send to hurt its receivers, built here byte by byte: each is refused, and for the right
//! reason. Where it does no harm to the machine, the test shows what Automerge makes of the same bytes.

use automerge::{
    Automerge, ObjType, ROOT, ReadDoc,
    marks::{ExpandMark, Mark},
    sync::{self, SyncDoc},
    transaction::Transactable,
};
use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};
use forge::{
    Chance, Change, DOCUMENT, Document, Known, chunk,
    honest::{merged, replicas},
    leb, message, message_with_bloom,
    panics::guarded,
    prefixed, uleb,
};
use guard::{Chunk, Limits, Past, Places, Rejection};
use proptest::prelude::*;

const OBJECT_ACTOR: u32 = 1;
const OBJECT_COUNTER: u32 = 2;
const KEY_ACTOR: u32 = 0x11;
const KEY_COUNTER: u32 = 0x13;
const KEY_TEXT: u32 = 0x15;
const INSERT: u32 = 0x34;
const ACTION: u32 = 0x42;
const VALUE_TYPES: u32 = 0x56;
const VALUES: u32 = 0x57;
const PREDECESSOR_COUNT: u32 = 0x70;
const PREDECESSOR_ACTOR: u32 = 0x71;
const PREDECESSOR_COUNTER: u32 = 0x73;
const EXPAND: u32 = 0x94;

fn read(message: &[u8]) -> Result<guard::SyncMessage, Rejection> {
    guard::read_sync_message(&Bytes::copy_from_slice(message), &Limits::RELAY)
}

#[track_caller]
fn assert_refused(message: &[u8], code: &str) {
    match read(message) {
        Err(refused) => assert_eq!(refused.code(), code, "{refused}"),
        Ok(_) => panic!("accepted instead of refused as {code}"),
    }
}

#[track_caller]
fn assert_change_refused(change: &Change, code: &str) {
    assert_refused(&change.message(), code);
    // The same when it comes deflated.
    assert_refused(&message(&[forge::deflated_chunk(&change.body())]), code);
}

/// A document with one key, and the change that made it: one operation, `title = "a"`.
fn one_change() -> (Automerge, Change) {
    let mut doc = Automerge::new().with_actor(vec![7; 16].into());
    let mut tx = doc.transaction();
    tx.put(ROOT, "title", "a").unwrap();
    tx.commit();
    let change = Change::parse(forge::body(doc.get_changes(&[])[0].raw_bytes()));
    assert!(read(&change.message()).is_ok());
    (doc, change)
}

/// What Automerge does with the message, and then with its own answer, its own save, and a local edit.
#[derive(Debug, PartialEq)]
enum Fate {
    Refuses,
    Panics,
    SavesWhatItCannotLoad,
    Survives,
}

fn fate(doc: &Automerge, message: &[u8]) -> Fate {
    let mut doc = doc.clone();
    let outcome = guarded(move || {
        let Ok(decoded) = sync::Message::decode(message) else { return Fate::Refuses };
        let mut state = sync::State::new();
        let before = doc.get_heads();
        let carries = !decoded.changes.is_empty();
        if doc.receive_sync_message(&mut state, decoded).is_err() || (carries && doc.get_heads() == before) {
            return Fate::Refuses;
        }
        doc.generate_sync_message(&mut state);
        let saved = doc.save();
        let loads = Automerge::load(&saved).is_ok_and(|again| again.get_heads() == doc.get_heads());
        let mut tx = doc.transaction();
        tx.put(ROOT, "title", "b").unwrap();
        tx.commit();
        if loads { Fate::Survives } else { Fate::SavesWhatItCannotLoad }
    });
    outcome.unwrap_or(Fate::Panics)
}

fn newcomer() -> Automerge {
    Automerge::new().with_actor(vec![9; 16].into())
}

#[test]
fn ten_bytes_that_divide_by_zero() {
    let ten = message_with_bloom(&[1, 0, 7]);
    assert_eq!(ten.len(), 10);
    assert_refused(&ten, "bloom");
    assert_eq!(fate(&one_change().0, &ten), Fate::Panics);
}

#[test]
fn fifteen_bytes_that_ask_for_17_gigabytes() {
    // Never given to Automerge: the allocation cannot be caught.
    let bloom = [&[1, 1][..], &uleb(u32::MAX.into()), &[0]].concat();
    let fifteen = message_with_bloom(&bloom);
    assert_eq!(fifteen.len(), 15);
    assert_refused(&fifteen, "bloom");
}

#[test]
fn bloom_filters_whose_numbers_do_not_fit_together() {
    for bloom in [
        [&[2, 10, 7][..], &[0; 2]].concat(),           // too few bits
        [&[2, 10, 7][..], &[0; 4]].concat(),           // too many
        [&[0, 10, 7][..], &[]].concat(),               // of nothing, but there
        [&[1, 10, 0][..], &[0; 2]].concat(),           // no probes
        [&[1, 65, 7][..], &[0; 9]].concat(),           // more bits than useful
        [&[1, 10, 45][..], &[0; 2]].concat(),          // more probes than useful
        [uleb(1 << 40), vec![10, 7, 0]].concat(),      // more entries than anything
        [uleb(1), uleb(1 << 60), vec![7, 0]].concat(), // more bits than anything
        [uleb((1 << 24) + 1), vec![1, 1, 0]].concat(), // more entries than changes
    ] {
        assert_refused(&message_with_bloom(&bloom), "bloom");
    }
    assert_refused(&message_with_bloom(&[1, 10]), "truncated");
}

/// A deflate stream of `count` mebibytes of zeros, as long as it takes to write one.
fn zeros(count: usize) -> Vec<u8> {
    let mut deflater = Compress::new(Compression::best(), false);
    let mut piece = Vec::with_capacity(1 << 16);
    deflater.compress_vec(&vec![0; 1 << 20], &mut piece, FlushCompress::Full).unwrap();
    let mut end = Vec::with_capacity(64);
    deflater.compress_vec(&[], &mut end, FlushCompress::Finish).unwrap();
    [piece.repeat(count), end].concat()
}

#[test]
fn one_megabyte_that_inflates_to_a_gigabyte() {
    let bomb = zeros(1024);
    assert!(bomb.len() < 1_100_000, "{}", bomb.len());
    let head = [0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, forge::DEFLATED_CHANGE];
    assert_refused(&message(&[[&head[..], &prefixed(&bomb)].concat()]), "inflate-budget");

    // The same in a column of a document.
    let mut document = Document::parse(forge::body(&one_change().0.save_nocompress()));
    let deflated = KEY_TEXT | 8;
    document.operations.retain(|(spec, _)| *spec != KEY_TEXT);
    document.operations.insert(0, (deflated, bomb));
    assert_refused(&message(&[document.chunk()]), "inflate-budget");
}

#[test]
fn forty_megabytes_in_forty_changes() {
    let (_, mut change) = one_change();
    change.extra = vec![0; 1 << 20];
    let small = forge::deflated_chunk(&change.body());
    assert!(small.len() < 2_000);
    assert!(read(&message(&vec![small.clone(); 31])).is_ok());
    assert_refused(&message(&vec![small.clone(); 32]), "inflate-budget");
    let generous = Limits { inflated_bytes: 64 << 20, ..Limits::RELAY };
    let forty = Bytes::from(message(&vec![small; 40]));
    assert_eq!(guard::read_sync_message(&forty, &generous).map(|read| read.chunks.len()), Ok(40));
}

/// A change that sets one key again and again.
fn repeated(operations: i64) -> Change {
    let mut change = one_change().1;
    *change.column(KEY_TEXT) = [leb(operations), prefixed(b"k")].concat();
    *change.column(INSERT) = uleb(operations as u64);
    *change.column(ACTION) = [leb(operations), uleb(1)].concat();
    *change.column(VALUE_TYPES) = [leb(operations), uleb(0)].concat();
    change.columns.retain(|(spec, _)| *spec != VALUES);
    *change.column(PREDECESSOR_COUNT) = [leb(operations), uleb(0)].concat();
    change
}

#[test]
fn five_million_operations_in_a_hundred_bytes() {
    let bomb = repeated(5_000_000);
    assert!(bomb.message().len() < 100);
    assert_change_refused(&bomb, "too-many-ops");
    assert!(read(&repeated(200_000).message()).is_ok());
    assert_change_refused(&repeated(200_001), "too-many-ops");
    // Nor many small ones.
    let many = vec![repeated(50_000).chunk(); 5];
    assert_refused(&message(&many), "too-many-ops");
    assert!(read(&message(&many[..4])).is_ok());
    assert_change_refused(&repeated(i64::MAX), "too-many-ops");
}

#[test]
fn keys_that_are_huge_when_written_out() {
    let mut change = repeated(50_000);
    *change.column(KEY_TEXT) = [leb(50_000), prefixed(&[b'k'; 30_000])].concat();
    assert_change_refused(&change, "too-large");
    *change.column(KEY_TEXT) = [leb(50_000), prefixed(&[b'k'; 70_000])].concat();
    assert_change_refused(&change, "too-large");
    // A length that would have to be believed to be allocated.
    *change.column(KEY_TEXT) = [leb(50_000), uleb(1_000_000_000), vec![b'k']].concat();
    assert_change_refused(&change, "truncated");
}

#[test]
fn predecessors_of_which_there_are_too_many() {
    let mut change = one_change().1;
    *change.column(PREDECESSOR_COUNT) = [leb(-1), uleb(1 << 40)].concat();
    *change.column(PREDECESSOR_ACTOR) = [leb(1 << 40), uleb(0)].concat();
    *change.column(PREDECESSOR_COUNTER) = [leb(1 << 40), leb(0)].concat();
    assert_change_refused(&change, "too-many-ops");
}

#[test]
fn runs_that_automerge_reads_and_does_not_write() {
    let (_, honest) = one_change();
    let variants: [(u32, Vec<u8>); 5] = [
        (ACTION, vec![1, 1]),                               // one row as a run
        (KEY_TEXT, [vec![1], prefixed(b"title")].concat()), // the same
        (INSERT, vec![1, 0]),                               // a count of nothing
        (PREDECESSOR_COUNT, vec![1, 0]),                    // one row as a run
        (EXPAND, vec![1]),                                  // a column that says nothing
    ];
    for (spec, bytes) in variants {
        let mut change = honest.clone();
        *change.column(spec) = bytes;
        let code = if spec == INSERT { "column-length" } else { "non-canonical" };
        assert_change_refused(&change, code);
        // They are all read, and the document is lost: on the next start, not now.
        assert_eq!(fate(&newcomer(), &change.message()), Fate::SavesWhatItCannotLoad, "{spec:#x}");
    }
    // Actors that nobody refers to, and columns nobody knows, are not written again either.
    let mut change = honest.clone();
    change.others = vec![vec![8; 16]];
    assert_change_refused(&change, "actor");
    let mut change = honest;
    change.columns.push((0xb4, vec![1]));
    assert_change_refused(&change, "columns");
    assert_eq!(fate(&newcomer(), &change.message()), Fate::SavesWhatItCannotLoad);
}

#[test]
fn counters_at_their_end() {
    let (_, honest) = one_change();
    for start_op in [u64::from(u32::MAX), 1 << 31, u64::MAX, 0] {
        assert_change_refused(&Change { start_op, ..honest.clone() }, "start-op");
    }
    let last = Change { start_op: u64::from(u32::MAX), ..honest.clone() };
    assert_eq!(fate(&newcomer(), &last.message()), Fate::Panics);
    // The first counter is within the range, the last is not.
    let start_op = i32::MAX as u64;
    assert_change_refused(&Change { start_op, ..repeated(2) }, "start-op");
    assert!(read(&Change { start_op, ..honest.clone() }.message()).is_ok());
    for sequence in [0, 1 << 31, u64::MAX] {
        assert_change_refused(&Change { sequence, ..honest.clone() }, "sequence");
    }
    for time in [i64::MAX, i64::MIN, (1 << 53) + 1] {
        assert_change_refused(&Change { time, ..honest.clone() }, "time");
    }
}

#[test]
fn columns_that_are_not_where_they_belong() {
    let (_, honest) = one_change();
    let mut change = honest.clone();
    change.columns.swap(0, 1);
    assert_change_refused(&change, "columns");
    let mut change = honest.clone();
    let twice = change.columns[0].clone();
    change.columns.insert(0, twice);
    assert_change_refused(&change, "columns");
    let mut change = honest.clone();
    change.columns[0] = (change.columns[0].0 | 8, forge::deflate(&change.columns[0].1));
    assert_change_refused(&change, "columns");
    let mut change = honest.clone();
    change.column(EXPAND);
    assert_change_refused(&change, "columns");
    for at in 0..honest.columns.len() {
        let mut change = honest.clone();
        change.columns.remove(at);
        assert!(read(&change.message()).is_err(), "without {:#x}", honest.columns[at].0);
    }
}

#[test]
fn values_that_are_not_what_they_say() {
    let (_, honest) = one_change();
    let with_value = |meta: u64, bytes: &[u8]| {
        let mut change = honest.clone();
        *change.column(VALUE_TYPES) = [leb(-1), uleb(meta)].concat();
        *change.column(VALUES) = bytes.to_vec();
        change
    };
    for (meta, bytes, code) in [
        (0x10, &[0][..], "value"),        // a null with a byte
        (0x11, &[0], "value"),            // a boolean with a byte
        (0x23, &[1, 1], "value"),         // an integer and a byte
        (0x23, &[0x80, 0x00], "integer"), // an overlong integer
        (0x75, &[0; 7], "truncated"),     // a short float
        (0x95, &[0; 9], "value"),         // a long one
        (0x26, &[0xc3, 0x28], "text"),    // not UTF-8
        (0xff6, b"short", "truncated"),   // longer than its bytes
        (0x16, b"ab", "value"),           // shorter than its bytes
        (u64::MAX, b"ab", "truncated"),   // longer than anything
    ] {
        assert_change_refused(&with_value(meta, bytes), code);
    }
    let counter = leb(i64::MAX);
    assert_change_refused(&with_value(((counter.len() as u64) << 4) | 8, &counter), "value");
    // Types of later versions pass through.
    assert!(read(&with_value(0x2c, b"ab").message()).is_ok());
}

#[test]
fn operations_nobody_writes() {
    let (_, honest) = one_change();
    let with = |columns: &[(u32, Vec<u8>)]| {
        let mut change = honest.clone();
        for (spec, bytes) in columns {
            *change.column(*spec) = bytes.clone();
        }
        change
    };
    let one = |value: u64| [leb(-1), uleb(value)].concat();
    for (columns, code) in [
        (vec![(ACTION, one(8))], "operation"),         // no such action
        (vec![(ACTION, one(3))], "operation"),         // a deletion with a value
        (vec![(ACTION, one(5))], "operation"),         // an increment by text
        (vec![(ACTION, one(0))], "operation"),         // a map with a value
        (vec![(ACTION, one(7))], "operation"),         // a mark in a map
        (vec![(INSERT, vec![0, 1])], "operation"),     // an insertion into a map
        (vec![(EXPAND, vec![0, 1])], "operation"),     // expands without a mark
        (vec![(KEY_COUNTER, one(0))], "operation"),    // two keys
        (vec![(OBJECT_COUNTER, one(1))], "operation"), // half an object
        (vec![(OBJECT_ACTOR, one(0)), (OBJECT_COUNTER, one(1))], "operation"), // inside of itself
        (vec![(OBJECT_ACTOR, one(1)), (OBJECT_COUNTER, one(1))], "actor"), // by nobody
    ] {
        assert_change_refused(&with(&columns), code);
    }
}

#[test]
fn actors_that_are_not_in_order() {
    let (_, honest) = one_change();
    for others in [
        vec![vec![9; 16], vec![8; 16]],
        vec![vec![8; 16], vec![8; 16]],
        vec![honest.actor.clone()],
        vec![vec![]],
        vec![vec![8; 65]],
    ] {
        assert_change_refused(&Change { others, ..honest.clone() }, "actor");
    }
    assert_change_refused(&Change { actor: vec![], ..honest.clone() }, "actor");
    assert_change_refused(&Change { dependencies: vec![[2; 32], [1; 32]], ..honest.clone() }, "hashes");
    assert_change_refused(&Change { dependencies: vec![[2; 32], [2; 32]], ..honest }, "hashes");
}

#[test]
fn containers_that_are_broken() {
    let (_, honest) = one_change();
    let good = honest.chunk();
    let broken = |at: usize, with: u8| {
        let mut chunk = good.clone();
        chunk[at] ^= with;
        message(&[chunk])
    };
    assert_refused(&broken(0, 1), "magic");
    assert_refused(&broken(4, 1), "checksum");
    assert_refused(&broken(good.len() - 1, 1), "checksum");
    assert_refused(&message(&[chunk(3, &honest.body())]), "chunk-type");
    assert_refused(&message(&[chunk(9, &honest.body())]), "chunk-type");
    assert_refused(&message(&[[good.clone(), vec![0]].concat()]), "truncated");
    let deflated = forge::deflated_chunk(&honest.body());
    let with_tail = [&deflated[..9], &prefixed(&[forge::body(&deflated), &[0]].concat())].concat();
    assert_refused(&message(&[with_tail]), "leftover");
    let garbage = [&deflated[..9], &prefixed(&[0xff; 40])].concat();
    assert_refused(&message(&[garbage]), "deflate");
}

#[test]
fn counts_that_would_have_to_be_believed() {
    for (bytes, code) in [
        (vec![0x42, 0xff, 0xff, 0xff, 0xff, 0x0f], "too-many"),
        ([vec![0x42], uleb(4096)].concat(), "truncated"),
        ([vec![0x42], uleb(4097)].concat(), "too-many"),
        ([vec![0x42, 0], uleb(65_537)].concat(), "too-many"),
        (vec![0x42, 0, 0, 17], "too-many"),
        ([vec![0x42, 0, 0, 0], uleb(100_001)].concat(), "too-many"),
        ([vec![0x42, 0, 0, 0, 1], uleb(u64::MAX)].concat(), "truncated"),
        (vec![0x42, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f], "truncated"),
        (vec![0x41, 0, 0, 0, 0], "message-type"),
        (vec![], "truncated"),
        ([vec![0x42, 2], vec![2; 32], vec![1; 32]].concat(), "hashes"),
    ] {
        assert_refused(&bytes, code);
    }
    let long = vec![0x42; (8 << 20) + 1];
    assert_refused(&long, "too-large");
    let (_, mut change) = one_change();
    change.message = vec![b'm'; 65_537];
    assert_change_refused(&change, "too-large");
    // A hundred thousand chunks fit into a frame, but not into a message.
    let tiny = Change { columns: vec![], ..one_change().1 };
    let concatenation = Bytes::from(tiny.chunk().repeat(100_001));
    let refused = guard::read_chunks(&concatenation, &Limits::RELAY).map_err(|refused| refused.code());
    assert_eq!(refused.map(|chunks| chunks.len()), Err("too-many"));
}

#[test]
fn documents_that_promise_more_than_they_have() {
    let honest = Document::parse(forge::body(&merged(&replicas(77, 12)).save_nocompress()));
    assert!(read(&message(&[honest.chunk()])).is_ok());
    let changes = honest.suffix.len();
    assert!(changes > 0);

    let with_changes = |spec: u32, bytes: Vec<u8>| {
        let mut document = honest.clone();
        let column = document.changes.iter_mut().find(|(known, _)| *known == spec);
        column.unwrap().1 = bytes;
        message(&[document.chunk()])
    };
    // Room for four billion operations in one change without any.
    assert_refused(&with_changes(0x13, [leb(-1), leb(u32::MAX.into())].concat()), "counter");
    assert_refused(&with_changes(0x13, [leb(-1), leb(i32::MAX.into())].concat()), "too-many-ops");
    // A billion changes in a few bytes.
    assert_refused(&with_changes(1, [leb(1_000_000_000), uleb(0)].concat()), "too-many-ops");
    assert_refused(&with_changes(1, [leb(1_000_000_000), uleb(1 << 40)].concat()), "integer");
    // Dependencies on what comes later, which Automerge looks up unseen.
    let depends = with_changes(0x43, [leb(-1), leb(2_000_000)].concat());
    assert_refused(&depends, "document");
    let deps = honest.changes.iter().find(|(spec, _)| *spec == 0x43).map(|(_, bytes)| bytes.clone());
    let mut forward = deps.unwrap();
    forward[1] ^= 0x20;
    let forward = with_changes(0x43, forward);
    assert_refused(&forward, "document");
    assert_eq!(fate(&newcomer(), &forward), Fate::Panics);

    let mut document = honest.clone();
    let operations: Vec<u32> = document.operations.iter().map(|(spec, _)| *spec).collect();
    for spec in operations {
        let bomb = [leb(1 << 40), uleb(0)].concat();
        let before = document.clone();
        document.operations.iter_mut().filter(|(known, _)| *known == spec).for_each(|(_, bytes)| {
            bytes.clone_from(&bomb);
        });
        assert!(read(&message(&[document.chunk()])).is_err(), "{spec:#x}");
        document = before;
    }
    let mut document = honest.clone();
    document.heads.push([0xff; 32]);
    assert_refused(&message(&[document.chunk()]), "document");
    let mut document = honest.clone();
    document.actors.reverse();
    assert_refused(&message(&[document.chunk()]), if honest.actors.len() > 1 { "actor" } else { "" });
    let mut document = honest.clone();
    document.suffix.push(0);
    assert_refused(&message(&[document.chunk()]), "leftover");
    assert_refused(&message(&[chunk(DOCUMENT, &[])]), "truncated");
}

/// A text of four letters among other things, a later change to it, and what is known before that change.
fn text_and_change(
    edit: impl FnOnce(&mut automerge::transaction::Transaction<'_>, &automerge::ObjId),
) -> (Automerge, Known, Change) {
    let mut doc = Automerge::new().with_actor(vec![7; 16].into());
    let mut tx = doc.transaction();
    tx.put(ROOT, "title", "a").unwrap(); // operation 1
    let text = tx.put_object(ROOT, "text", ObjType::Text).unwrap(); // 2
    tx.splice_text(&text, 0, 0, "abcd").unwrap(); // 3 to 6
    tx.put(ROOT, "title", "b").unwrap(); // 7
    tx.commit();
    let mut known = Known::default();
    let first = Change::parse(forge::body(doc.get_changes(&[])[0].raw_bytes()));
    assert_eq!(follow(&mut known, &first), Ok(()));
    let mut after = doc.clone().with_actor(vec![8; 16].into());
    let mut tx = after.transaction();
    edit(&mut tx, &text);
    tx.commit();
    let changes = after.get_changes(&doc.get_heads());
    let change = Change::parse(forge::body(changes[0].raw_bytes()));
    assert_eq!(follow(&mut known.clone(), &change), Ok(()));
    (doc, known, change)
}

fn follow(known: &mut Known, change: &Change) -> Result<(), &'static str> {
    let read = read(&change.message()).unwrap();
    match read.chunks.as_slice() {
        [Chunk::Change(change)] => known.follow_change(change).map_err(|refused| refused.code()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_insertion_after_what_is_no_element() {
    let (doc, mut known, mut change) = text_and_change(|tx, text| tx.splice_text(text, 4, 0, "e").unwrap());
    assert_eq!(*change.column(KEY_COUNTER), [leb(-1), leb(6)].concat());
    *change.column(KEY_COUNTER) = [leb(-1), leb(7)].concat();
    // Nothing is wrong with it but that operation 7 is a title.
    assert!(read(&change.message()).is_ok());
    assert_eq!(fate(&doc, &change.message()), Fate::Panics);
    assert_eq!(follow(&mut known, &change), Err("operation"));
}

/// What the change could have seen of other actors is older than all of it. So a relay that reads its changes again in
/// the order of their first operations finds everything they refer to.
#[test]
fn a_reference_to_another_actor_among_its_own_counters() {
    let (_, known, change) = text_and_change(|tx, text| {
        tx.splice_text(text, 4, 0, "ef").unwrap(); // operations 8 and 9
    });
    // As if the change had been written before the last letter, operation 6, and its second operation still followed it.
    let mut early = Change { start_op: 6, ..change };
    *early.column(KEY_COUNTER) = [leb(-2), leb(5), leb(1)].concat();
    *early.column(KEY_ACTOR) = [leb(2), uleb(1)].concat();
    assert_change_refused(&early, "operation");
    // Its counters are its own now, and begin before the end of what it depends on.
    early.start_op = 7;
    assert!(read(&early.message()).is_ok());
    assert_eq!(follow(&mut known.clone(), &early), Err("start-op"));
}

/// Automerge makes a document of both, and falls over when asked for it as it was before they met.
#[test]
fn a_reference_to_what_its_author_had_not_seen() {
    let (doc, mut known, change) = text_and_change(|tx, text| tx.splice_text(text, 4, 0, "e").unwrap());
    // Operation 8 is the "e" of somebody else; this "f" stands after it and does not depend on it.
    let mut after = doc.clone().with_actor(vec![9; 16].into());
    after.apply_changes([automerge::Change::from_bytes(change.chunk()).unwrap()]).unwrap();
    let mut tx = after.transaction();
    let (_, text) = tx.get(ROOT, "text").unwrap().unwrap();
    tx.splice_text(&text, 5, 0, "f").unwrap();
    tx.commit();
    let honest = Change::from(&after.get_last_local_change().unwrap());
    let unseeing = Change { dependencies: change.dependencies.clone(), ..honest.clone() };
    assert!(read(&unseeing.message()).is_ok());

    assert_eq!(follow(&mut known, &change), Ok(()));
    assert_eq!(follow(&mut known, &unseeing), Err("operation"));
    assert_eq!(follow(&mut known, &honest), Ok(()));

    let mut met = doc.clone();
    met.apply_changes([change, unseeing.clone()].map(|c| automerge::Change::from_bytes(c.chunk()).unwrap()))
        .unwrap();
    let unseeing = automerge::Change::from_bytes(unseeing.chunk()).unwrap().hash();
    assert!(guarded(|| met.fork_at(&[unseeing]).is_ok()).is_err());
}

#[test]
fn a_change_that_forgets_the_last_one_of_its_actor() {
    let (mut doc, mut known, _) = text_and_change(|tx, _| tx.put(ROOT, "title", "c").unwrap());
    let mut changes = Vec::new();
    for value in ["d", "e"] {
        let mut tx = doc.transaction();
        tx.put(ROOT, value, value).unwrap();
        tx.commit();
        changes.push(Change::from(&doc.get_last_local_change().unwrap()));
    }
    let forgetful = Change { dependencies: changes[0].dependencies.clone(), ..changes[1].clone() };
    assert_eq!(follow(&mut known, &changes[0]), Ok(()));
    assert_eq!(follow(&mut known, &forgetful), Err("actor"));
    assert_eq!(follow(&mut known, &changes[1]), Ok(()));
}

#[test]
fn what_was_forgotten_can_follow_again() {
    let (mut doc, mut known, change) = text_and_change(|tx, text| tx.splice_text(text, 4, 0, "e").unwrap());
    let before = format!("{:?}", known.places());
    let header = |change: &Change| match read(&change.message()).unwrap().chunks.pop() {
        Some(Chunk::Change(change)) => change.header,
        other => panic!("{other:?}"),
    };
    let heads = doc.get_heads();
    doc.apply_changes([automerge::Change::from_bytes(change.chunk()).unwrap()]).unwrap();
    let mut tx = doc.transaction();
    let (_, text) = tx.get(ROOT, "text").unwrap().unwrap();
    tx.splice_text(&text, 5, 0, "f").unwrap();
    tx.commit();
    let last = doc.get_changes(&heads).pop().unwrap();
    let last = Change::parse(forge::body(last.raw_bytes()));
    assert_eq!(follow(&mut known.clone(), &last), Err("actor"));
    for _ in 0..2 {
        assert_eq!(follow(&mut known, &change), Ok(()));
        assert_eq!(follow(&mut known, &last), Ok(()));
        known.forget(&header(&last));
        assert_eq!(follow(&mut known, &last), Ok(()), "it alone was forgotten");
        assert_eq!(follow(&mut known, &change), Err("sequence"));
        known.forget(&header(&last));
        known.forget(&header(&change));
        known.forget(&header(&change));
    }
    // Its actor has written nothing, and is still known.
    let forgotten = |text: &str| text.split("places:").last().map(str::to_owned);
    assert_eq!(forgotten(&format!("{:?}", known.places())), forgotten(&before));
    assert_eq!(follow(&mut known.clone(), &last), Err("dependency"));

    // Another change may have come meanwhile: the places of the one that is forgotten stay, and nothing finds them.
    assert_eq!(follow(&mut known, &change), Ok(()));
    let other = Change { actor: vec![9; 16], start_op: 9, ..change.clone() };
    assert_eq!(follow(&mut known, &other), Ok(()));
    known.forget(&header(&change));
    assert_eq!(follow(&mut known.clone(), &last), Err("dependency"));
    assert_eq!(follow(&mut known, &change), Ok(()));
    assert_eq!(follow(&mut known, &last), Ok(()));
}

#[test]
fn a_mark_that_ends_before_it_begins() {
    let mark = Mark::new("bold".to_owned(), true, 1, 3);
    let (doc, mut known, mut change) =
        text_and_change(|tx, text| tx.mark(text, mark, ExpandMark::After).unwrap());
    assert_eq!(*change.column(KEY_COUNTER), [leb(-2), leb(3), leb(2)].concat());
    *change.column(KEY_COUNTER) = [leb(-2), leb(5), leb(-2)].concat();
    assert!(read(&change.message()).is_ok());
    assert_eq!(fate(&doc, &change.message()), Fate::SavesWhatItCannotLoad);
    assert_eq!(follow(&mut known, &change), Err("operation"));
    // After the same element, the later insertion comes first: that is wrong in every text.
    *change.column(KEY_COUNTER) = [leb(-2), leb(3), leb(0)].concat();
    assert_change_refused(&change, "operation");
}

#[test]
fn changes_that_cannot_follow() {
    let (doc, known, honest) = text_and_change(|tx, _| tx.put(ROOT, "title", "c").unwrap());
    let header = |change: &Change| match read(&change.message()).unwrap().chunks.pop() {
        Some(Chunk::Change(change)) => change.header,
        other => panic!("{other:?}"),
    };
    let past = Past { sequence: 0, last_op: 7 };
    let check = |change: &Change| {
        let known = |actor: &ids::ActorId| *actor.as_bytes() == [7; 16];
        header(change).check_past(past, known).map_err(|refused| refused.code())
    };
    assert_eq!(check(&honest), Ok(()));
    let skips = Change { start_op: 20, ..honest.clone() };
    assert_eq!(check(&skips), Ok(()));
    assert_eq!(fate(&doc, &skips.message()), Fate::Survives);

    let later = Change { sequence: 2, ..honest.clone() };
    assert_eq!(check(&later), Err("sequence"));
    assert_eq!(follow(&mut known.clone(), &later), Err("sequence"));
    assert_eq!(fate(&doc, &later.message()), Fate::Panics);

    let far = Change { start_op: 1 << 24, ..honest.clone() };
    assert_eq!(check(&far), Err("start-op"));

    let mut stranger = honest.clone();
    stranger.others = vec![vec![9; 16]];
    assert_eq!(check(&stranger), Err("actor"));
    assert_eq!(follow(&mut known.clone(), &stranger), Err("actor"));
    assert_eq!(fate(&doc, &stranger.message()), Fate::Panics);

    let empty = Change { columns: vec![], others: vec![], ..honest };
    assert_eq!(check(&empty), Ok(()));
    let empty = Change { start_op: 9, ..empty };
    assert_eq!(check(&empty), Err("start-op"));
    assert_eq!(fate(&doc, &empty.message()), Fate::SavesWhatItCannotLoad);
}

#[test]
fn an_author_named_too_late() {
    let (doc, mut known, mut first) = text_and_change(|tx, _| tx.put(ROOT, "title", "c").unwrap());
    first.extra = vec![1, 2, 7, 7];
    assert!(read(&first.message()).is_ok());
    assert_eq!(follow(&mut known, &first), Ok(()));
    let mut doc = doc;
    let mut tx = doc.transaction();
    tx.put(ROOT, "title", "c").unwrap();
    tx.commit();
    let mut second = Change::parse(forge::body(doc.get_changes(&[])[1].raw_bytes()));
    let before = doc.fork_at(&[automerge::ChangeHash(second.dependencies[0])]).unwrap();
    assert_eq!(fate(&before, &second.message()), Fate::Survives);
    // The tag, and a length that is not longer than what follows, in any form.
    for extra in [vec![1, 0], vec![0x81, 0, 0x80, 0], vec![1, 2, 7, 7], vec![1, 2, 7, 7, 7]] {
        second.extra = extra;
        assert_change_refused(&second, "operation");
        assert_eq!(fate(&before, &second.message()), Fate::Panics);
    }
    for extra in [vec![], vec![2, 0], vec![1, 3, 7, 7], vec![1], vec![0x80]] {
        second.extra = extra;
        assert!(read(&second.message()).is_ok());
        assert_eq!(fate(&before, &second.message()), Fate::Survives);
    }

    // A document can bring it too: there it does no harm until somebody asks for the change.
    let mut document = Document::parse(forge::body(&doc.save_nocompress()));
    document.changes.retain(|(spec, _)| *spec != 0x56);
    document.changes.push((0x56, [leb(-2), uleb(7), uleb(0x27)].concat()));
    document.changes.push((0x57, vec![1, 0]));
    assert_refused(&message(&[document.chunk()]), "operation");
}

#[test]
fn actors_without_a_change() {
    let mut document = Document::parse(forge::body(&one_change().0.save_nocompress()));
    document.actors.extend((0..16).map(|n| vec![0xf0 + n; 16]));
    assert!(read(&message(&[document.chunk()])).is_ok());
    document.actors.push(vec![0xff; 17]);
    assert_refused(&message(&[document.chunk()]), "actor");
}

#[test]
fn a_thousand_maps_in_each_other() {
    let mut doc = newcomer();
    let mut known = Known::default();
    let mut inner = ROOT;
    for depth in 0..66 {
        let heads = doc.get_heads();
        let mut tx = doc.transaction();
        inner = tx.put_object(&inner, "in", ObjType::Map).unwrap();
        tx.commit();
        let change = Change::parse(forge::body(doc.get_changes(&heads)[0].raw_bytes()));
        let expected =
            if depth < 64 { Ok(()) } else { Err(if depth == 64 { "operation" } else { "sequence" }) };
        assert_eq!(follow(&mut known, &change), expected, "{depth}");
    }
    let saved = Bytes::from(doc.save());
    let document = guard::read_chunks(&saved, &Limits::CLIENT).unwrap().pop();
    let Some(Chunk::Document(document)) = document else { panic!("{document:?}") };
    let refused = Places::new().load(&document, &Limits::CLIENT).map_err(|refused| refused.code());
    assert_eq!(refused, Err("operation"));
}

#[test]
fn every_prefix_of_an_honest_message_is_refused_as_truncated() {
    let doc = merged(&replicas(5, 15));
    let mut state = sync::State::new();
    let mut peer = sync::State::new();
    let mut newcomer = newcomer();
    let hello = newcomer.generate_sync_message(&mut peer).unwrap();
    let mut sender = doc.clone();
    sender.receive_sync_message(&mut state, hello).unwrap();
    let whole = sender.generate_sync_message(&mut state).unwrap().encode();
    assert!(read(&whole).is_ok());
    for len in 0..whole.len() {
        match read(&whole[..len]) {
            // Without its trailer it is the message of an old version.
            Ok(short) => assert_eq!((short.flags, len), (None, whole.len() - 3)),
            Err(refused) => assert_eq!(refused.code(), "truncated", "{len}"),
        }
    }
    newcomer.receive_sync_message(&mut peer, sync::Message::decode(&whole).unwrap()).unwrap();
}

#[test]
fn what_follows_a_message_belongs_to_later_versions() {
    let honest = one_change().1.message();
    for trailer in [vec![1, 2], vec![2, 2, 0x80], vec![3, 2, 0xff, 0x55], vec![2, 2, 0x81, 9, 9, 9]] {
        let message = [honest.clone(), trailer].concat();
        assert!(read(&message).unwrap().flags.is_some());
        assert!(sync::Message::decode(&message).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
        let _ = read(&[&[0x42, 0, 0, 1, 0][..], &bytes].concat());
        let _ = guard::read_chunks(&Bytes::from(bytes.clone()), &Limits::CLIENT);
        for kind in 0..4 {
            let _ = read(&message(&[chunk(kind, &bytes)]));
        }
        let _ = read(&message(&[forge::deflated_chunk(&bytes)]));
    }

    #[test]
    fn any_columns_are_read_or_refused(seed: u64) {
        let mut chance = Chance::new(seed);
        let (_, mut change) = one_change();
        for (_, column) in &mut change.columns {
            *column = (0..1 + chance.below(12)).map(|_| chance.number() as u8).collect();
        }
        let _ = read(&change.message());
    }
}
