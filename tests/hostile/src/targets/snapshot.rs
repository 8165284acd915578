//! Snapshots, as a relay reads them when it starts.

use crate::{Target, oracle};
use bytes::Bytes;
use forge::{honest, mutate::mutated_chunk};
use guard::{Limits, Places};
use ids::DocumentId;
use relay::Compacted;
use sim::materialise;
use store::{Chunk, ChunkKind};

pub(crate) const TARGET: Target = Target {
    name: "snapshot",
    promise: "a snapshot is read in one pass as in two; one that was loaded again makes a compaction",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate: |input, chance| mutated_chunk(input, &[], chance),
};

const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

fn seeds() -> Vec<Vec<u8>> {
    (40..48)
        .flat_map(|seed| {
            let doc = honest::merged(&honest::replicas(seed, 20));
            [doc.save(), doc.save_nocompress()]
        })
        .collect()
}

fn run(input: &[u8]) {
    let bytes = Bytes::copy_from_slice(input);
    let read = Places::read(&bytes, &Limits::CLIENT);
    match guard::read_chunks(&bytes, &Limits::CLIENT).as_deref() {
        Ok([guard::Chunk::Document(document)]) => {
            let (same, places) = read.expect("what is read in two passes is read in one");
            assert_eq!(same, *document);
            let mut again = Places::new();
            again.load(document, &Limits::CLIENT).expect("places that are read are loaded");
            assert_eq!(format!("{places:?}"), format!("{again:?}"));
        }
        _ => assert!(read.is_err()),
    }
    let chunk = Chunk::new(DOCUMENT, ChunkKind::Snapshot, bytes.clone());
    let loaded = store::Loaded { chunks: vec![chunk], corrupt: Vec::new() };
    if let Ok(document) = materialise::build(&loaded) {
        oracle::use_document(&document);
        let compacted: Result<Box<Compacted>, _> = materialise::compact(DOCUMENT, &loaded);
        compacted.expect("a document that was built can be compacted");
    }
}
