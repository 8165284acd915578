//! What holds for every message and for every heap of bytes.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[path = "properties/strategies.rs"]
mod strategies;

use bytes::Bytes;
use proptest::{collection::vec, prelude::*};
use wire::{Ephemeral, EphemeralEnvelope, Limits, Message, SyncEnvelope, SyncMessage, decode, encode};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_written_is_read(message in strategies::message()) {
        prop_assert_eq!(decode(&encode(&message), &Limits::RELAY), Ok(message));
    }

    #[test]
    fn an_envelope_is_the_frame(sync in strategies::sync(), ephemeral in strategies::ephemeral()) {
        let SyncMessage { sender, target, document, data } = &sync;
        prop_assert_eq!(SyncEnvelope::new(sender, *document, data).to(target), encode(&Message::Sync(sync.clone())));
        let forwarded = Ephemeral { target: target.clone(), ..ephemeral.clone() };
        prop_assert_eq!(EphemeralEnvelope::new(&ephemeral).to(target), encode(&Message::Ephemeral(forwarded)));
    }

    /// A frame cut short is refused as such, wherever it is cut.
    #[test]
    fn a_cut_is_noticed(message in strategies::message(), at in any::<prop::sample::Index>()) {
        let frame = encode(&message);
        let cut = frame.slice(..at.index(frame.len()));
        prop_assert_eq!(decode(&cut, &Limits::RELAY).map_err(|error| error.code()), Err("truncated"));
    }

    #[test]
    fn any_bytes_are_a_message_or_an_error(bytes in vec(any::<u8>(), 0..512)) {
        survives(bytes.into());
    }

    /// Bytes that look like the protocol: a map with our keys and any values.
    #[test]
    fn any_values_under_our_keys_are_a_message_or_an_error(
        open in prop_oneof![Just(0xbf_u8), 0xa0..0xb8_u8],
        kind in prop::sample::select(KINDS),
        entries in vec((prop::sample::select(KEYS), value()), 0..8),
        rest in vec(any::<u8>(), 0..4),
    ) {
        let mut bytes = vec![open];
        bytes.extend(text("type"));
        bytes.extend(text(kind));
        for (key, value) in entries {
            bytes.extend(text(key));
            bytes.extend(value);
        }
        bytes.extend(rest);
        survives(bytes.into());
    }
}

/// Every recorded frame, cut at every byte and with every bit flipped.
#[test]
fn damaged_recordings_are_messages_or_errors() {
    let recording: serde_json::Value =
        serde_json::from_str(include_str!("../testdata/js-vectors.json")).unwrap();
    let mut damaged = 0;
    for vector in recording["vectors"].as_array().unwrap() {
        let frame = hex::decode(vector["hex"].as_str().unwrap()).unwrap();
        for at in 0..frame.len() {
            let error = decode(&Bytes::copy_from_slice(&frame[..at]), &Limits::RELAY).unwrap_err();
            assert_eq!(error.code(), "truncated", "{} cut at {at}", vector["name"]);
            for bit in 0..8 {
                let mut flipped = frame.clone();
                flipped[at] ^= 1 << bit;
                survives(flipped.into());
                damaged += 1;
            }
        }
    }
    assert!(damaged > 10_000, "{damaged}");
}

/// No panic; and what is read can be written and read again.
fn survives(frame: Bytes) {
    match decode(&frame, &Limits::RELAY) {
        Ok(message) => {
            let again = decode(&encode(&message), &Limits::RELAY);
            assert_eq!(again.as_ref(), Ok(&message));
            if let Message::Ephemeral(ephemeral) = &message {
                let _ = ephemeral.is_well_formed();
            }
        }
        Err(error) => {
            assert!(error.offset <= frame.len(), "{error} in a frame of {}", frame.len());
            assert!(error.to_string().len() < 400, "{error}");
        }
    }
}

const KINDS: &[&str] = &[
    "join",
    "peer",
    "sync",
    "request",
    "doc-unavailable",
    "ephemeral",
    "remote-heads-changed",
    "remote-subscription-change",
    "error",
    "leave",
];

const KEYS: &[&str] = &[
    "senderId",
    "targetId",
    "documentId",
    "data",
    "count",
    "sessionId",
    "supportedProtocolVersions",
    "selectedProtocolVersion",
    "peerMetadata",
    "metadata",
    "message",
    "newHeads",
    "add",
    "remove",
    "novelty",
];

/// One value in CBOR: fitting, unfitting, nested, or no CBOR at all.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let leaf = prop_oneof![
        Just(text("peer")),
        Just(text("1")),
        Just(text("4NMNnkMhL8jXrdJ9jamS58PAVdXu")),
        Just(text("storageId")),
        Just(text("isEphemeral")),
        Just(text("x")),
        Just(text("heads")),
        Just(vec![0x42, 1, 2]),
        Just(vec![0x07]),
        Just(vec![0xf5]),
        Just(vec![0xf6]),
        Just(vec![0xf7]),
        any::<u64>().prop_map(|n| [vec![0x1b], n.to_be_bytes().to_vec()].concat()),
        any::<f64>().prop_map(|n| [vec![0xfb], n.to_be_bytes().to_vec()].concat()),
        vec(any::<u8>(), 1..10),
    ];
    leaf.prop_recursive(6, 24, 4, |inner| {
        (prop::sample::select(&[0x80_u8, 0xa0, 0x9f, 0xbf, 0xd8][..]), vec(inner, 0..5)).prop_map(
            |(open, inner)| match open {
                0x80 => [vec![0x80 | inner.len() as u8], inner.concat()].concat(),
                0xa0 => [vec![0xa0 | (inner.len() / 2) as u8], inner.concat()].concat(),
                0xd8 => [vec![0xd8, 0x40], inner.concat()].concat(),
                _ => [vec![open], inner.concat(), vec![0xff]].concat(),
            },
        )
    })
}

fn text(text: &str) -> Vec<u8> {
    let mut encoder = minicbor::Encoder::new(Vec::new());
    encoder.str(text).unwrap();
    encoder.into_writer()
}
