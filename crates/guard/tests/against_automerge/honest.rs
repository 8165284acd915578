//! Nothing an honest peer sends is refused, and what is read from it is what Automerge says.

use automerge::{
    Automerge, Change, ChangeHash as AutomergeHash,
    sync::{self, SyncDoc},
};
use bytes::Bytes;
use forge::{
    Chance, Known,
    honest::{merged, replicas, seeds},
};
use guard::{Bloom, Chunk, Flags, Have, Limits, Reply, Version};
use ids::{ChangeHash, Heads};

const LIMITS: Limits = Limits::RELAY;

fn hashes(of: &[AutomergeHash]) -> Vec<ChangeHash> {
    of.iter().map(|hash| ChangeHash(hash.0)).collect()
}

fn assert_same_change(checked: &guard::CheckedChange, change: &Change) {
    let header = &checked.header;
    assert_eq!(header.hash.0, change.hash().0);
    assert_eq!(header.dependencies, hashes(change.deps()));
    assert_eq!(header.actor.as_bytes(), change.actor_id().to_bytes());
    assert_eq!(header.sequence, change.seq());
    assert_eq!(header.start_op, change.start_op().get());
    assert_eq!(header.operations, change.len() as u64);
    assert_eq!(header.time_secs, change.timestamp());
    // The bytes do not tell an empty message from none.
    assert_eq!(header.message.as_deref(), change.message().filter(|message| !message.is_empty()));
}

fn one_change(bytes: &[u8]) -> guard::CheckedChange {
    let bytes = Bytes::copy_from_slice(bytes);
    match guard::read_chunks(&bytes, &LIMITS).as_deref() {
        Ok([Chunk::Change(change)]) => {
            assert_eq!(change.bytes, bytes);
            change.clone()
        }
        other => panic!("{other:?} from {}", hex::encode(&bytes)),
    }
}

#[test]
fn every_change_plain_and_deflated() {
    let (mut changes, mut deflated) = (0, 0);
    for seed in seeds(0, 16) {
        for mut change in merged(&replicas(seed, 120)).get_changes(&[]) {
            assert_same_change(&one_change(change.raw_bytes()), &change);
            let stored = change.bytes().into_owned();
            assert_same_change(&one_change(&stored), &change);
            deflated += usize::from(stored != change.raw_bytes());
            changes += 1;
        }
    }
    assert!(changes > 1000 && deflated > 30, "{changes} changes, {deflated} deflated");
}

#[test]
fn every_saved_document() {
    for seed in seeds(10_000, 15) {
        for doc in replicas(seed, 80) {
            let saved = Bytes::from(doc.save());
            let changes = doc.get_changes(&[]);
            let operations: usize = changes.iter().map(Change::len).sum();
            match guard::read_chunks(&saved, &LIMITS).as_deref() {
                Ok([Chunk::Document(document)]) => {
                    assert_eq!(document.bytes, saved);
                    assert_eq!(document.heads, Heads::from(hashes(&doc.get_heads())));
                    assert_eq!(document.changes, changes.len() as u64);
                    assert_eq!(document.operations, operations as u64);
                }
                other => panic!("seed {seed}: {other:?}"),
            }
            let plain = Bytes::from(doc.save_nocompress());
            assert!(guard::read_chunks(&plain, &LIMITS).is_ok());
        }
    }
}

#[test]
fn every_incremental_save_is_a_concatenation_of_its_changes() {
    for seed in seeds(20_000, 8) {
        let docs = replicas(seed, 60);
        let all = merged(&docs);
        for doc in &docs {
            let since = doc.get_heads();
            let tail = Bytes::from(all.save_after(&since));
            let expected = all.get_changes(&since);
            let chunks = guard::read_chunks(&tail, &LIMITS).unwrap();
            assert_eq!(chunks.len(), expected.len());
            for (chunk, change) in chunks.iter().zip(&expected) {
                match chunk {
                    Chunk::Change(checked) => assert_same_change(checked, change),
                    Chunk::Document(_) => panic!("a document in a tail"),
                }
            }
            assert_eq!(chunks.iter().flat_map(|chunk| chunk.bytes().to_vec()).collect::<Vec<_>>(), tail);
            // As a store hands it out: a snapshot and what came after.
            let stored = Bytes::from([doc.save(), tail.to_vec()].concat());
            assert_eq!(guard::read_chunks(&stored, &LIMITS).unwrap().len(), expected.len() + 1);
        }
    }
}

#[test]
fn everything_an_honest_change_refers_to_is_there() {
    for seed in seeds(25_000, 6) {
        let all = merged(&replicas(seed, 60));
        let changes: Vec<guard::CheckedChange> =
            all.get_changes(&[]).iter().map(|change| one_change(change.raw_bytes())).collect();
        let mut known = Known::default();
        for (at, change) in changes.iter().enumerate() {
            assert_eq!(known.follow_change(change), Ok(()), "seed {seed}, change {at}");
            // A change comes once.
            assert!(known.clone().follow_change(change).is_err());
        }
        // The same from a snapshot of each length, and the whole document on top of a part of it.
        let whole = Bytes::from(all.save());
        for at in [0, changes.len() / 2, changes.len()] {
            let mut part = Automerge::new();
            part.apply_changes(all.get_changes(&[])[..at].to_vec()).unwrap();
            let mut known = Known::of_changes(&changes[..at]);
            assert_eq!(known.follow(&Known::read(&part.save())[0]), Ok(()));
            assert_eq!(known.clone().follow(&Known::read(&whole)[0]), Ok(()));
            for change in &changes[at..] {
                assert_eq!(known.follow_change(change), Ok(()), "seed {seed}, after {at}");
            }
        }
    }
}

fn assert_same_message(encoded: &[u8], message: &sync::Message) -> usize {
    let read = guard::read_sync_message(&Bytes::copy_from_slice(encoded), &LIMITS)
        .unwrap_or_else(|refused| panic!("{refused}: {}", hex::encode(encoded)));
    assert_eq!(read.heads, Heads::from(hashes(&message.heads)));
    assert_eq!(read.need, hashes(&message.need));
    assert_eq!(read.have.len(), message.have.len());
    for (have, expected) in read.have.iter().zip(&message.have) {
        assert_eq!(have.last_sync, hashes(&expected.last_sync));
        assert_eq!(have.bloom.encode(), expected.bloom.to_bytes());
    }
    let version = match message.version {
        sync::MessageVersion::V1 => Version::V1,
        sync::MessageVersion::V2 => Version::V2,
    };
    assert_eq!(read.version, version);
    let flags = message.flags.map(|flags| Flags {
        sync_reset: flags.contains(sync::MessageFlags::SYNC_RESET),
        read_only: flags.contains(sync::MessageFlags::READ_ONLY),
        supports_sync_reset: flags.contains(sync::MessageFlags::SUPPORTS_SYNC_RESET),
    });
    assert_eq!(read.flags, flags);
    let chunks: Vec<Bytes> = read.chunks.iter().map(|chunk| chunk.bytes().clone()).collect();
    let reply = Reply {
        version,
        heads: &read.heads,
        need: &read.need,
        have: &read.have,
        chunks: &chunks,
        flags: read.flags,
    };
    assert_eq!(guard::write_sync_message(&reply), encoded);
    chunks.len()
}

/// Runs a session between two replicas through the guard; how many messages and chunks there were.
fn session(a: &mut Automerge, b: &mut Automerge, mut state: [sync::State; 2]) -> (usize, usize) {
    let (mut messages, mut chunks) = (0, 0);
    loop {
        let mut quiet = true;
        for turn in 0..2 {
            let (from, to) = if turn == 0 { (&mut *a, &mut *b) } else { (&mut *b, &mut *a) };
            if let Some(message) = from.generate_sync_message(&mut state[turn]) {
                let encoded = message.clone().encode();
                chunks += assert_same_message(&encoded, &message);
                messages += 1;
                to.receive_sync_message(&mut state[1 - turn], sync::Message::decode(&encoded).unwrap())
                    .unwrap();
                quiet = false;
            }
        }
        if quiet {
            return (messages, chunks);
        }
    }
}

#[test]
fn every_message_of_every_session() {
    let (mut messages, mut chunks) = (0, 0);
    for seed in seeds(30_000, 20) {
        let mut docs = replicas(seed, 60);
        let mut newcomer = Automerge::new();
        for at in 1..docs.len() {
            let (left, right) = docs.split_at_mut(at);
            // A peer that only reads, and one that reads V1 only because it has not seen our flags.
            let state = match at % 3 {
                0 => [sync::State::new_read_only(), sync::State::new()],
                _ => [sync::State::new(), sync::State::new()],
            };
            let (m, c) = session(&mut left[at - 1], &mut right[0], state);
            messages += m;
            chunks += c;
        }
        let (m, c) = session(&mut docs[0], &mut newcomer, [sync::State::new(), sync::State::new()]);
        messages += m;
        chunks += c;
        assert_eq!(docs[0].get_heads(), newcomer.get_heads());
    }
    assert!(messages > 150 && chunks > 150, "{messages} messages, {chunks} chunks");
}

#[test]
fn bloom_filters_are_those_of_automerge() {
    let mut chance = Chance::new(7);
    for len in (0..200).chain([1000, 5000]) {
        let mut hash = || AutomergeHash(std::array::from_fn(|_| chance.number() as u8));
        let inside: Vec<AutomergeHash> = (0..len).map(|_| hash()).collect();
        let outside: Vec<AutomergeHash> = (0..100).map(|_| hash()).collect();
        let theirs = sync::BloomFilter::from_hashes(inside.iter());
        let ours = Bloom::from_hashes(&hashes(&inside));
        assert_eq!(ours.encode(), theirs.to_bytes());
        assert_eq!(Bloom::decode(&theirs.to_bytes().into()), Ok(ours.clone()));
        assert_eq!(ours.len(), len);
        for hash in inside.iter().chain(&outside) {
            assert_eq!(ours.contains(&ChangeHash(hash.0)), theirs.contains_hash(hash));
        }
        assert!(hashes(&inside).iter().all(|hash| ours.contains(hash)));
    }
}

#[test]
fn written_messages_are_read_by_automerge() {
    let doc = merged(&replicas(9, 60));
    let changes: Vec<Bytes> =
        doc.get_changes(&[]).iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect();
    let heads = Heads::from(hashes(&doc.get_heads()));
    let all: Vec<ChangeHash> =
        doc.get_changes(&[]).iter().map(|change| ChangeHash(change.hash().0)).collect();
    let have = [Have { last_sync: heads.as_slice().to_vec(), bloom: Bloom::from_hashes(&all) }];
    let flags = Some(Flags { supports_sync_reset: true, ..Flags::default() });
    for version in [Version::V1, Version::V2] {
        let reply = Reply { version, heads: &heads, need: &[], have: &have, chunks: &changes, flags };
        let written = guard::write_sync_message(&reply);
        let mut copy = Automerge::new();
        copy.receive_sync_message(&mut sync::State::new(), sync::Message::decode(&written).unwrap()).unwrap();
        assert_eq!(copy.get_heads(), doc.get_heads());
    }
}
