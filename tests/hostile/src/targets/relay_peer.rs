//! A relay with a hostile peer.

use crate::{
    Target,
    script::{self, script},
    stories::{self, Stage},
    targets::frame,
};
use bytes::Bytes;
use forge::Chance;
use ids::ActorId;

pub(crate) const TARGET: Target = Target {
    name: "relay_peer",
    promise: "whatever a peer sends, somebody honest stays connected and is served, and all that is stored can be loaded",
    bytes_max: 64 << 10,
    seeds,
    run,
    mutate: |input, chance| script::mutated(input, chance, mutate),
};

/// The number of a story, then frames.
fn seeds() -> Vec<Vec<u8>> {
    let seed = |number: usize| {
        let frames = stories::story(number).by_guest;
        script(&[vec![vec![number as u8]], frames].concat())
    };
    (0..stories::STORIES).map(seed).collect()
}

fn run(input: &[u8]) {
    let items = script::items(input);
    let Some((number, frames)) = items.split_first() else { return };
    let number = usize::from(number.first().copied().unwrap_or(0)) % stories::STORIES;
    let Stage { mut relayed, mut host, on } = Stage::of(number);
    let hostile = relayed.open("device-2");
    for frame in frames {
        relayed.frame(hostile, Bytes::copy_from_slice(frame));
        relayed.talk(on, &mut host);
    }
    relayed.pass(120_000);
    relayed.talk(on, &mut host);
    let stored = relayed.document();
    // Whoever writes in the name of an actor before the actor does takes its next number. Nothing but the word of the
    // device says whose actor it is.
    let ours = ActorId::new(host.replica.actor().as_bytes());
    let by_us = |document: &automerge::Automerge| {
        let changes = document.get_changes_meta(&[]);
        changes.iter().filter(|change| *change.actor.to_bytes() == *ours.as_bytes()).count()
    };
    if by_us(&stored) > by_us(host.replica.document()) {
        return;
    }
    assert!(!relayed.closed.contains_key(&on), "somebody honest is closed: {:?}", relayed.closed.get(&on));
    assert!(host.disconnects.is_empty(), "somebody honest leaves: {:?}", host.disconnects);
    assert!(host.write("unimpressed"));
    relayed.talk(on, &mut host);
    assert!(host.replica.status().on_relay, "somebody honest is not served: {:?}", host.replica.status());
    assert_eq!(crate::oracle::heads(&relayed.document()), host.replica.heads());
    host.check();
}

fn mutate(item: &[u8], chance: &mut Chance) -> Vec<u8> {
    if item.len() <= 1 { vec![chance.below(stories::STORIES) as u8] } else { frame::mutate(item, chance) }
}
