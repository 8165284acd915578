//! Values of a store and their keys.

use crate::{Target, stories};
use bytes::Bytes;
use forge::{Chance, mutate::disturb};
use store::{ChunkKey, Corruption, codec};

pub(crate) const TARGET: Target = Target {
    name: "stored",
    promise: "a stored value is the chunk that its key names, or is reported as damaged",
    bytes_max: 16 << 10,
    seeds,
    run,
    mutate,
};

fn seeds() -> Vec<Vec<u8>> {
    let chunks = stories::story(1).on_relay;
    chunks.iter().map(|chunk| [&chunk.key().to_bytes()[..], &codec::encode(chunk.bytes())].concat()).collect()
}

/// A key, then the value.
fn run(input: &[u8]) {
    let (key, value) = input.split_at(ChunkKey::LEN.min(input.len()));
    let Some(key) = ChunkKey::from_bytes(key) else { return };
    assert_eq!(key.to_bytes(), input[..ChunkKey::LEN]);
    let value = Bytes::copy_from_slice(value);
    match codec::decode(key, &value) {
        Ok(chunk) => assert!(key.names(chunk.bytes()) && value == codec::encode(chunk.bytes())),
        Err(Corruption::Empty) => assert!(value.is_empty()),
        Err(Corruption::Format(format)) => assert_ne!(format, codec::FORMAT_PLAIN),
        Err(Corruption::Hash) => assert!(!key.names(&value[1..])),
    }
}

fn mutate(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut disturbed = input.to_vec();
    disturb(&mut disturbed, chance);
    disturbed
}
