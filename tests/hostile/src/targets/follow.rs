//! Changes that follow a document.

use crate::{
    Target, oracle,
    script::{self, script},
};
use automerge::{Automerge, Change};
use bytes::Bytes;
use forge::{
    Chance, Known, honest,
    mutate::{mutated_chunk, perverted_change},
};
use guard::{Chunk, Limits};
use std::sync::LazyLock;

pub(crate) const TARGET: Target = Target {
    name: "follow",
    promise: "changes that the guard lets follow a document leave it as sound as it was, also as it was before",
    bytes_max: 32 << 10,
    seeds,
    run,
    mutate,
};

/// A document as it was at some time, and what came after.
struct Base {
    document: Automerge,
    known: Known,
    later: Vec<Change>,
}

/// Two histories, each cut in three places.
static BASES: LazyLock<Vec<Base>> = LazyLock::new(|| {
    let mut bases = Vec::new();
    for seed in [31, 35] {
        let changes = honest::merged(&honest::replicas(seed, 24)).get_changes(&[]);
        for part in 1..4 {
            let (before, later) = changes.split_at(changes.len() * part / 4);
            let mut document = Automerge::new();
            document.apply_changes(before.to_vec()).unwrap();
            let mut known = Known::default();
            for change in before {
                known.follow(&Known::read(change.raw_bytes())[0]).unwrap();
            }
            bases.push(Base { document, known, later: later.to_vec() });
        }
    }
    bases
});

/// The number of a base, then changes.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (number, base) in (0_u8..).zip(BASES.iter()) {
        let mut items = vec![vec![number]];
        for change in base.later.iter().filter(|change| change.len() < 400).take(4) {
            items.push(change.raw_bytes().to_vec());
            seeds.push(script(&items));
        }
        let mut whole = base.document.clone();
        whole.apply_changes(base.later.clone()).unwrap();
        seeds.push(script(&[vec![number], whole.save()]));
    }
    seeds
}

fn run(input: &[u8]) {
    let items = script::items(input);
    let Some((number, items)) = items.split_first() else { return };
    let base = &BASES[usize::from(number.first().copied().unwrap_or(0)) % BASES.len()];
    let (mut document, mut known) = (base.document.clone(), base.known.clone());
    for item in items {
        let item = Bytes::copy_from_slice(item);
        let Ok(chunks) = guard::read_chunks(&item, &Limits::RELAY) else { continue };
        for chunk in &chunks {
            if known.check(chunk).is_err() {
                continue;
            }
            // A document is taken apart first; its changes are followed one by one.
            let Chunk::Change(change) = chunk else { continue };
            if known.follow_change(change).is_ok() {
                let change = Change::from_bytes(change.bytes.to_vec()).expect("Automerge reads the change");
                document.apply_changes([change]).expect("Automerge takes the change");
            }
        }
    }
    oracle::use_document(&document);
}

fn mutate(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let items = script::items(input);
    let number = items.first().and_then(|number| number.first()).copied().unwrap_or(0);
    let base = &BASES[usize::from(number) % BASES.len()];
    script::mutated(input, chance, |item, chance| {
        if item.len() <= 1 {
            return vec![chance.below(BASES.len()) as u8];
        }
        let honest = Change::from_bytes(item.to_vec()).ok();
        let perverted = honest.filter(|_| chance.one_in(2)).and_then(|change| {
            let others: Vec<Change> =
                base.document.get_changes(&[]).into_iter().chain(base.later.clone()).collect();
            perverted_change(&change, &others, chance)
        });
        perverted.unwrap_or_else(|| mutated_chunk(item, &items, chance))
    })
}
