//! Concatenations of chunks, as they are stored.

use crate::{Target, oracle};
use automerge::Automerge;
use bytes::Bytes;
use forge::{honest, mutate::mutated_chunks};
use guard::{Chunk, Limits};

pub(crate) const TARGET: Target = Target {
    name: "chunks",
    promise: "a concatenation is cut into its chunks; a document among them that Automerge loads can be used and saved",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate: mutated_chunks,
};

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for seed in 20..26 {
        let doc = honest::merged(&honest::replicas(seed, 15));
        seeds.push(doc.save());
        seeds.push(doc.save_nocompress());
        seeds.extend(doc.get_changes(&[]).iter().take(6).map(|change| change.raw_bytes().to_vec()));
        let mut early = Automerge::new();
        early.apply_changes(doc.get_changes(&[]).into_iter().take(5)).unwrap();
        let later = doc.get_changes(&early.get_heads());
        let later = later.iter().flat_map(|change| change.raw_bytes().to_vec()).collect();
        seeds.push([early.save(), later].concat());
    }
    seeds
}

fn run(input: &[u8]) {
    let input = Bytes::copy_from_slice(input);
    for limits in [Limits::RELAY, Limits::CLIENT] {
        let Ok(chunks) = guard::read_chunks(&input, &limits) else { continue };
        let together: Vec<u8> = chunks.iter().flat_map(|chunk| chunk.bytes().to_vec()).collect();
        assert!(input == together, "chunks are slices of what was read");
    }
    let chunks = guard::read_chunks(&input, &Limits::RELAY).unwrap_or_default();
    // A document needs no more than reading; changes have to fit what is there, which is for another target.
    for chunk in chunks {
        if let Chunk::Document(document) = chunk
            && let Ok(loaded) = oracle::load(&document.bytes)
        {
            assert_eq!(oracle::heads(&loaded), document.heads);
            assert_eq!(loaded.get_changes_meta(&[]).len() as u64, document.changes);
            oracle::use_document(&loaded);
        }
    }
}
