//! Sync messages.

use crate::{Target, oracle};
use automerge::{
    Automerge,
    sync::{self, SyncDoc},
};
use bytes::Bytes;
use forge::{honest, mutate::mutated_message};
use guard::{Chunk, Limits, Reply};

pub(crate) const TARGET: Target = Target {
    name: "message",
    promise: "what the guard lets through is written as it was read, and Automerge reads it",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate: mutated_message,
};

/// What two honest peers say until they have the same document.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    for seed in 0..6 {
        let mut docs: Vec<Automerge> = honest::replicas(seed, 20).into_iter().take(2).collect();
        let mut states = [sync::State::new(), sync::State::new()];
        for turn in 0..12 {
            let (us, them) = (turn % 2, (turn + 1) % 2);
            let Some(message) = docs[us].generate_sync_message(&mut states[us]) else { continue };
            messages.push(message.clone().encode());
            docs[them].receive_sync_message(&mut states[them], message).unwrap();
        }
        let chunks = [docs[0].save()];
        messages.push(forge::message(&chunks));
    }
    messages
}

fn run(input: &[u8]) {
    let input = Bytes::copy_from_slice(input);
    for limits in [Limits::RELAY, Limits::CLIENT] {
        let Ok(read) = guard::read_sync_message(&input, &limits) else { continue };
        let chunks: Vec<Bytes> = read.chunks.iter().map(Chunk::bytes).cloned().collect();
        let (heads, need, have, flags) = (&read.heads, &*read.need, &*read.have, read.flags);
        let reply = Reply { version: read.version, heads, need, have, chunks: &chunks, flags };
        let written = guard::write_sync_message(&reply);
        assert_eq!(guard::read_sync_message(&written, &limits).as_ref(), Ok(&read));
        // Only what is not about its changes: those may come from elsewhere, and that is what a target of its own is for.
        let mut nobody = Automerge::new();
        if chunks.is_empty() && oracle::receive(&mut nobody, &input) {
            panic!("a message without changes has changed a document");
        }
        sync::Message::decode(&input).expect("Automerge reads what the guard lets through");
    }
}
