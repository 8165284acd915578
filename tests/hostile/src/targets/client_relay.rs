//! A tab with a hostile relay.

use crate::{
    Target,
    script::{self, script},
    stories::{self, HOST},
    tab::Tab,
    targets::frame,
};
use bytes::Bytes;
use client::Event;
use forge::Chance;

pub(crate) const TARGET: Target = Target {
    name: "client_relay",
    promise: "whatever a relay sends costs the connection at most: the document can be used and saved, and nothing is lost",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate: |input, chance| script::mutated(input, chance, mutate),
};

fn seeds() -> Vec<Vec<u8>> {
    (0..stories::STORIES).map(|number| script(&stories::story(number).to_host)).collect()
}

fn run(input: &[u8]) {
    let mut tab = Tab::new(HOST);
    assert!(tab.write("while nobody was there"));
    if let Some(connection) = tab.connection {
        tab.feed(Event::Opened { connection });
    }
    for frame in script::items(input) {
        tab.receive(Bytes::from(frame));
    }
    tab.check();
}

fn mutate(item: &[u8], chance: &mut Chance) -> Vec<u8> {
    frame::mutate(item, chance)
}
