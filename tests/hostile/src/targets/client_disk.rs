//! A tab on a disk that holds anything, and beside tabs that say anything.

use crate::{
    Target,
    script::{self, script},
    stories::{self, items_of, put, store_of},
    tab::Tab,
    targets::relay_disk,
};
use bytes::Bytes;
use client::Event;

pub(crate) const TARGET: Target = Target {
    name: "client_disk",
    promise: "whatever is stored on a device, its tab opens, works, and replaces only what is in the replacement",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate: |input, chance| script::mutated(input, chance, relay_disk::mutate),
};

fn seeds() -> Vec<Vec<u8>> {
    let stories = (0..stories::STORIES).map(stories::story);
    stories
        .flat_map(|story| [script(&items_of(&story.on_host)), script(&items_of(&story.on_relay))])
        .collect()
}

/// The first half is stored, the second is what another tab says.
fn run(input: &[u8]) {
    let items = script::items(input);
    let (stored, said) = items.split_at(items.len() / 2);
    let mut tab = Tab::on(store_of(stored), 50);
    // Who says so has stored it.
    put(&tab.disk, said);
    for bytes in said {
        tab.feed(Event::Sibling(Bytes::copy_from_slice(bytes.get(1..).unwrap_or_default())));
    }
    tab.feed(Event::Compact);
    for _ in 0..client::INCREMENTALS_MAX {
        assert!(tab.write("again"));
    }
    tab.feed(Event::Compact);
    assert!(tab.compacted > 0, "nothing was compacted");
    tab.check();
}
