//! What others say of themselves.

use crate::{
    Target, stories,
    tab::{DOCUMENT, Tab},
};
use bytes::Bytes;
use client::Event;
use forge::{Chance, mutate::disturb};
use std::sync::LazyLock;
use wire::{Ephemeral, Limits, Message};

pub(crate) const TARGET: Target = Target {
    name: "presence",
    promise: "what somebody says of himself is shown or passed over, and never ends a connection",
    bytes_max: 4 << 10,
    seeds,
    run,
    mutate,
};

/// Frames of a relay up to where it has spoken of the document.
static BEGINNING: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let frames = stories::story(0).to_host;
    let is_sync = |frame: &Vec<u8>| matches!(read(frame), Some(Message::Sync(_)));
    let first = frames.iter().position(is_sync).unwrap();
    frames.into_iter().take(first + 1).collect()
});

fn read(frame: &[u8]) -> Option<Message> {
    wire::decode(&Bytes::copy_from_slice(frame), &Limits::CLIENT).ok()
}

fn seeds() -> Vec<Vec<u8>> {
    let frames = (0..stories::STORIES).flat_map(|number| stories::story(number).to_host);
    let payloads = frames.filter_map(|frame| match read(&frame)? {
        Message::Ephemeral(ephemeral) => Some(ephemeral.data.to_vec()),
        _ => None,
    });
    let seeds: Vec<Vec<u8>> = payloads.collect();
    assert!(!seeds.is_empty(), "nobody says anything of himself");
    seeds
}

fn run(input: &[u8]) {
    let mut tab = Tab::new(stories::HOST);
    if let Some(connection) = tab.connection {
        tab.feed(Event::Opened { connection });
    }
    for frame in BEGINNING.iter() {
        tab.receive(Bytes::copy_from_slice(frame));
    }
    let before = tab.disconnects.len();
    let Some(Message::Peer(peer)) = read(&BEGINNING[0]) else { panic!("a relay that does not greet") };
    for count in [1, 2] {
        let ephemeral = Ephemeral {
            sender: "device-9.x".parse().unwrap(),
            target: peer.target.clone(),
            document: DOCUMENT,
            session: "s".parse().unwrap(),
            count,
            data: Bytes::copy_from_slice(input),
        };
        tab.receive(wire::encode(&Message::Ephemeral(ephemeral)));
    }
    if !input.is_empty() {
        assert_eq!(tab.disconnects.len(), before, "{:?}", tab.disconnects);
    }
    let _ = format!("{:?}", tab.replica.people());
    tab.pass(60_000);
}

/// The JSON in the CBOR text, with the length of the text.
fn mutate(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let text = if chance.one_in(4) { None } else { minicbor::decode::<&str>(input).ok() };
    let mut bytes = text.map_or(input, str::as_bytes).to_vec();
    disturb(&mut bytes, chance);
    match (text, String::from_utf8(bytes)) {
        (Some(_), Ok(text)) => minicbor::to_vec(text).unwrap_or_default(),
        (_, Ok(text)) => text.into_bytes(),
        (_, Err(error)) => error.into_bytes(),
    }
}
