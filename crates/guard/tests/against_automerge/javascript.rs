//! What the JavaScript package writes (`testdata/record.mjs` recorded it): the peers that most others run.

use bytes::Bytes;
use forge::Known;
use guard::{Chunk, Limits, Places, Reply};
use ids::{ActorId, ChangeHash};
use serde_json::Value;

fn recorded() -> Value {
    match std::env::var("GUARD_RECORDING") {
        Ok(path) => serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap(),
        Err(_) => serde_json::from_str(include_str!("../../testdata/js-automerge-3.5.0.json")).unwrap(),
    }
}

fn bytes(hex: &Value) -> Bytes {
    hex::decode(hex.as_str().unwrap()).unwrap().into()
}

fn hash(text: &Value) -> ChangeHash {
    text.as_str().unwrap().parse().unwrap()
}

#[test]
fn changes_are_read_as_javascript_reads_them() {
    let recorded = recorded();
    let mut known = Known::default();
    for change in recorded["changes"].as_array().unwrap() {
        let chunks = guard::read_chunks(&bytes(&change["hex"]), &Limits::RELAY).unwrap();
        let [Chunk::Change(checked)] = chunks.as_slice() else { panic!("{chunks:?}") };
        let header = &checked.header;
        assert_eq!(header.hash, hash(&change["hash"]));
        assert_eq!(header.actor, ActorId::new(hex::decode(change["actor"].as_str().unwrap()).unwrap()));
        assert_eq!(Some(header.sequence), change["seq"].as_u64());
        assert_eq!(Some(header.start_op), change["startOp"].as_u64());
        assert_eq!(Some(header.operations), change["ops"].as_u64());
        assert_eq!(Some(header.time_secs), change["time"].as_i64());
        assert_eq!(header.message.as_deref(), change["message"].as_str());
        let dependencies: Vec<ChangeHash> = change["deps"].as_array().unwrap().iter().map(hash).collect();
        assert_eq!(header.dependencies, dependencies);
        assert_eq!(known.follow_change(checked), Ok(()));
    }
}

#[test]
fn documents_and_incremental_saves_are_accepted() {
    let recorded = recorded();
    for kind in ["documents", "incrementals"] {
        let all = recorded[kind].as_array().unwrap();
        assert!(!all.is_empty());
        for saved in all {
            assert_eq!(guard::read_chunks(&bytes(saved), &Limits::RELAY).err(), None);
        }
    }
    let whole = recorded["documents"].as_array().unwrap().last().unwrap();
    let chunks = guard::read_chunks(&bytes(whole), &Limits::RELAY).unwrap();
    let [Chunk::Document(document)] = chunks.as_slice() else { panic!("{chunks:?}") };
    let heads: Vec<ChangeHash> = recorded["heads"].as_array().unwrap().iter().map(hash).collect();
    assert_eq!(document.heads, heads.into());
    assert_eq!(document.changes, recorded["changes"].as_array().unwrap().len() as u64);
    assert_eq!(Places::new().load(document, &Limits::RELAY), Ok(()));
}

#[test]
fn messages_are_read_and_written_the_same() {
    for message in recorded()["messages"].as_array().unwrap() {
        let message = bytes(message);
        let read = guard::read_sync_message(&message, &Limits::RELAY).unwrap();
        let chunks: Vec<Bytes> = read.chunks.iter().map(|chunk| chunk.bytes().clone()).collect();
        let (heads, need, have, flags) = (&read.heads, &*read.need, &*read.have, read.flags);
        let reply = Reply { version: read.version, heads, need, have, chunks: &chunks, flags };
        assert_eq!(guard::write_sync_message(&reply), message);
    }
}
