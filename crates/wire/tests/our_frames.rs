//! Our frames, byte for byte, and what JavaScript must read in them.
//!
//! This test holds `testdata/our-frames.json` to the encoder; `tests/interop/js/check-our-frames.mjs` holds the
//! JavaScript package to the file. After a deliberate change of the encoding: `BLESS=1 cargo test -p wire`, then the
//! script.

use bytes::Bytes;
use ids::{DocumentId, PeerId};
use serde_json::{Value, json};
use wire::{Ephemeral, Extension, Join, Message, Peer, PeerMetadata, SyncMessage, encode};

#[test]
fn our_frames_are_those_that_javascript_was_shown() {
    let ours = json!({ "frames": frames() });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/our-frames.json");
    if std::env::var_os("BLESS").is_some() {
        let text = serde_json::to_string_pretty(&ours).unwrap();
        std::fs::write(path, text + "\n").unwrap();
    }
    let shown: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(ours, shown);
}

fn frames() -> Vec<Value> {
    let (relay, tab) = (peer("relay-7f"), peer("Žofie 🧭"));
    let document = DocumentId::from_bytes(std::array::from_fn(|i| i as u8 * 16));
    let data = Bytes::from_static(&[0x42, 0, 0, 1, 0, 0, 0, 2, 2, 0x84]);
    let long = Bytes::from(vec![0x43; 300]);
    let (id, hex) = (document.to_string(), |data: &Bytes| json!({ "hex": hex::encode(data) }));
    let ids = || (tab.clone(), relay.clone(), document);
    let sync = |data: &Bytes| {
        let (sender, target, document) = ids();
        SyncMessage { sender, target, document, data: data.clone() }
    };
    let ephemeral = |count| {
        let (sender, target, document) = ids();
        let session = "00c0ffee00c0ffee".parse().ok()?;
        Some(Ephemeral { sender, target, document, session, count, data: Bytes::from_static(&[0xa0]) })
    };
    let metadata = PeerMetadata {
        storage: "3760df37-a4c6-4f66-9ecd-732039a9385d".parse().ok(),
        ephemeral: false,
        extension: Some(Extension { version: 1 }),
    };
    let bare = PeerMetadata { storage: None, ephemeral: true, extension: None };
    let mut frames = vec![
        frame(
            "join",
            Message::Join(Join {
                sender: tab.clone(),
                versions: vec!["1".into()],
                metadata: metadata.clone(),
            }),
            json!({
                "type": "join", "senderId": "Žofie 🧭", "supportedProtocolVersions": ["1"],
                "peerMetadata": {
                    "storageId": "3760df37-a4c6-4f66-9ecd-732039a9385d", "isEphemeral": false, "x": { "binnacle": 1 },
                },
            }),
        ),
        frame(
            "peer",
            Message::Peer(Peer {
                sender: relay.clone(),
                target: tab.clone(),
                version: "1".into(),
                metadata: bare,
            }),
            json!({
                "type": "peer", "senderId": "relay-7f", "targetId": "Žofie 🧭", "selectedProtocolVersion": "1",
                "peerMetadata": { "isEphemeral": true },
            }),
        ),
        frame(
            "doc-unavailable",
            Message::DocUnavailable { sender: relay.clone(), target: tab.clone(), document },
            json!({ "type": "doc-unavailable", "senderId": "relay-7f", "targetId": "Žofie 🧭", "documentId": id }),
        ),
        frame(
            "remote-heads-changed",
            Message::RemoteHeadsChanged { sender: relay.clone(), target: tab.clone(), document },
            json!({
                "type": "remote-heads-changed", "senderId": "relay-7f", "targetId": "Žofie 🧭", "documentId": id,
                "newHeads": {},
            }),
        ),
        frame(
            "remote-subscription-change",
            Message::RemoteSubscriptionChange { sender: relay.clone(), target: tab.clone() },
            json!({ "type": "remote-subscription-change", "senderId": "relay-7f", "targetId": "Žofie 🧭" }),
        ),
        frame(
            "error",
            Message::Error { message: "this workspace is gone".into() },
            json!({ "type": "error", "message": "this workspace is gone" }),
        ),
        frame(
            "leave",
            Message::Leave { sender: tab.clone() },
            json!({ "type": "leave", "senderId": "Žofie 🧭" }),
        ),
    ];
    for (name, data) in [("sync", &data), ("sync", &long), ("request", &data)] {
        let message = if name == "sync" { Message::Sync(sync(data)) } else { Message::Request(sync(data)) };
        let fields = json!({
            "type": name, "senderId": "Žofie 🧭", "targetId": "relay-7f", "documentId": id, "data": hex(data),
        });
        frames.push(frame(name, message, fields));
    }
    for count in [1, 24, 256, 65_536, (1 << 32) - 1, 1 << 32, Ephemeral::COUNT_MAX] {
        let fields = json!({
            "type": "ephemeral", "senderId": "Žofie 🧭", "targetId": "relay-7f", "documentId": id,
            "sessionId": "00c0ffee00c0ffee", "count": count, "data": { "hex": "a0" },
        });
        frames
            .extend(ephemeral(count).map(|message| frame("ephemeral", Message::Ephemeral(message), fields)));
    }
    frames
}

#[allow(clippy::needless_pass_by_value, reason = "reads better in a list")]
fn frame(name: &str, message: Message, fields: Value) -> Value {
    json!({ "name": name, "hex": hex::encode(encode(&message)), "fields": fields })
}

#[allow(clippy::unwrap_used, reason = "helpers of tests are tests")]
fn peer(name: &str) -> PeerId {
    name.parse().unwrap()
}
