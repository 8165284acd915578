//! The index of a snapshot.

use crate::{Target, stories};
use forge::{Chance, mutate::disturb};
use relay::Index;
use store::ChunkKind;

pub(crate) const TARGET: Target = Target {
    name: "index",
    promise: "an index is read and written the same, or is an error",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate,
};

fn seeds() -> Vec<Vec<u8>> {
    let chunks = (0..stories::STORIES).flat_map(|number| stories::story(number).on_relay);
    let indexes = chunks.filter(|chunk| chunk.key().kind == ChunkKind::Index);
    let seeds: Vec<Vec<u8>> = indexes.map(|chunk| chunk.bytes().to_vec()).collect();
    assert!(!seeds.is_empty(), "no story has a compaction");
    seeds
}

fn run(input: &[u8]) {
    match Index::decode(input) {
        Ok(index) => {
            let encoded = index.encode();
            assert_eq!(Index::decode(&encoded).as_ref(), Ok(&index));
            assert_eq!(index.hashes().len(), index.changes());
            let _ = (index.heads(), index.snapshot());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn mutate(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut disturbed = input.to_vec();
    disturb(&mut disturbed, chance);
    disturbed
}
