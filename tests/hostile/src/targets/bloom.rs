//! Bloom filters.

use crate::{Target, targets::message};
use automerge::{
    Automerge,
    sync::{self, SyncDoc},
};
use bytes::Bytes;
use forge::{Chance, honest, message_with_bloom, mutate::disturb};
use guard::Bloom;
use ids::ChangeHash;
use std::sync::LazyLock;

pub(crate) const TARGET: Target = Target {
    name: "bloom",
    promise: "a filter is asked without fail, says what Automerge's says, and Automerge can use it",
    bytes_max: 4 << 10,
    seeds,
    run,
    mutate,
};

static DOCUMENT: LazyLock<Automerge> = LazyLock::new(|| honest::merged(&honest::replicas(1, 15)));

fn seeds() -> Vec<Vec<u8>> {
    let messages = message::seeds().into_iter();
    let blooms = messages.filter_map(|message| forge::Message::read(&message));
    blooms.flat_map(|message| message.have.into_iter().map(|(_, bloom)| bloom)).collect()
}

fn run(input: &[u8]) {
    let Ok(bloom) = Bloom::decode(&Bytes::copy_from_slice(input)) else { return };
    let hashes: Vec<ChangeHash> =
        DOCUMENT.get_changes_meta(&[]).iter().map(|change| ChangeHash(change.hash.0)).collect();
    let held = hashes.iter().filter(|hash| bloom.contains(hash)).count();
    assert!(held == 0 || !bloom.is_empty());
    let ours = Bloom::from_hashes(&hashes);
    assert!(hashes.iter().all(|hash| ours.contains(hash)));
    // Automerge asks the filter when it answers.
    let message = sync::Message::decode(&message_with_bloom(input)).expect("Automerge reads the filter");
    let (mut document, mut state) = (DOCUMENT.clone(), sync::State::new());
    document.receive_sync_message(&mut state, message).expect("Automerge takes the filter");
    document.generate_sync_message(&mut state);
}

fn mutate(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut disturbed = input.to_vec();
    disturb(&mut disturbed, chance);
    disturbed
}
