//! Frames recorded from the JavaScript package, read field by field.
//!
//! `tests/interop/js/record-vectors.mjs` makes them; each carries what JavaScript itself reads in the frame.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests are tests")]

use bytes::Bytes;
use serde_json::{Value, json};
use wire::{Ephemeral, Extension, Limits, Message, PeerMetadata, SyncMessage, decode, encode};

struct Vector {
    name: String,
    direction: String,
    frame: Bytes,
    fields: Value,
}

fn vectors() -> Vec<Vector> {
    let recording: Value = serde_json::from_str(include_str!("../testdata/js-vectors.json")).unwrap();
    let vectors = recording["vectors"].as_array().unwrap();
    vectors
        .iter()
        .map(|vector| Vector {
            name: vector["name"].as_str().unwrap().to_owned(),
            direction: vector["direction"].as_str().unwrap().to_owned(),
            frame: hex::decode(vector["hex"].as_str().unwrap()).unwrap().into(),
            fields: vector["fields"].clone(),
        })
        .collect()
}

fn vector(name: &str) -> Message {
    let vector = vectors().into_iter().find(|vector| vector.name == name).unwrap();
    decode(&vector.frame, &Limits::RELAY).unwrap()
}

/// The message in the shape of the recorded fields.
fn described(message: &Message) -> Value {
    let hex = |data: &Bytes| json!({ "hex": hex::encode(data) });
    let sync = |SyncMessage { sender, target, document, data }: &SyncMessage| json!({ "type": message.kind(), "senderId": sender, "targetId": target, "documentId": document, "data": hex(data) });
    match message {
        Message::Join(join) => json!({
            "type": "join", "senderId": join.sender, "supportedProtocolVersions": join.versions,
            "peerMetadata": metadata(&join.metadata),
        }),
        Message::Peer(peer) => json!({
            "type": "peer", "senderId": peer.sender, "targetId": peer.target, "selectedProtocolVersion": peer.version,
            "peerMetadata": metadata(&peer.metadata),
        }),
        Message::Sync(message) | Message::Request(message) => sync(message),
        Message::DocUnavailable { sender, target, document } => {
            json!({ "type": "doc-unavailable", "senderId": sender, "targetId": target, "documentId": document })
        }
        Message::Ephemeral(Ephemeral { sender, target, document, session, count, data }) => json!({
            "type": "ephemeral", "senderId": sender, "targetId": target, "documentId": document,
            "sessionId": session.as_str(), "count": count, "data": hex(data),
        }),
        Message::RemoteHeadsChanged { sender, target, document } => {
            json!({ "type": "remote-heads-changed", "senderId": sender, "targetId": target, "documentId": document })
        }
        Message::RemoteSubscriptionChange { sender, target } => {
            json!({ "type": "remote-subscription-change", "senderId": sender, "targetId": target })
        }
        Message::Error { message } => json!({ "type": "error", "message": message }),
        Message::Leave { sender } => json!({ "type": "leave", "senderId": sender }),
        Message::Unknown { kind } => json!({ "type": kind }),
    }
}

fn metadata(metadata: &PeerMetadata) -> Value {
    let mut fields = json!({ "isEphemeral": metadata.ephemeral });
    if let Some(storage) = &metadata.storage {
        fields["storageId"] = json!(storage);
    }
    if let Some(Extension { version }) = metadata.extension {
        fields["x"] = json!({ "binnacle": version });
    }
    fields
}

/// The recorded fields, less what we do not keep, plus what a missing field means.
fn expected(fields: &Value) -> Value {
    let mut fields = fields.clone();
    let kind = fields["type"].as_str().unwrap().to_owned();
    let map = fields.as_object_mut().unwrap();
    match kind.as_str() {
        "join" => {
            map.entry("supportedProtocolVersions").or_insert(json!(["1"]));
            let metadata = map.entry("peerMetadata").or_insert(json!({ "isEphemeral": false }));
            metadata.as_object_mut().unwrap().retain(|key, _| key != "more");
            if let Some(x) = metadata.get_mut("x") {
                x.as_object_mut().unwrap().retain(|key, _| key == "binnacle");
            }
        }
        "error" => map.retain(|key, _| ["type", "message"].contains(&key.as_str())),
        "remote-heads-changed" => map.retain(|key, _| key != "newHeads"),
        "remote-subscription-change" => map.retain(|key, _| !["add", "remove"].contains(&key.as_str())),
        "sedimentree" => map.retain(|key, _| key == "type"),
        _ => {}
    }
    fields
}

#[test]
fn every_recorded_frame_is_read_as_javascript_reads_it() {
    for Vector { name, direction, frame, fields } in vectors() {
        let limits = match direction.as_str() {
            "client-to-relay" => Limits::RELAY,
            "relay-to-client" => Limits::CLIENT,
            other => panic!("{name}: no such direction: {other}"),
        };
        let message = decode(&frame, &limits).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(described(&message), expected(&fields), "{name}");
    }
}

#[test]
fn the_recording_holds_every_message_of_the_protocol() {
    let kinds: std::collections::BTreeSet<String> =
        vectors().iter().map(|vector| vector.fields["type"].as_str().unwrap().to_owned()).collect();
    for kind in [
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
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
}

#[test]
fn payloads_are_slices_of_the_frame() {
    for Vector { name, frame, .. } in vectors() {
        let data = match decode(&frame, &Limits::RELAY).unwrap() {
            Message::Sync(message) | Message::Request(message) => message.data,
            Message::Ephemeral(message) => message.data,
            _ => continue,
        };
        assert!(frame.as_ptr_range().contains(&data.as_ptr()), "{name}: copied");
    }
}

#[test]
fn written_again_they_say_the_same_and_are_not_longer() {
    for Vector { name, frame, .. } in vectors() {
        let message = decode(&frame, &Limits::RELAY).unwrap();
        let again = encode(&message);
        assert_eq!(decode(&again, &Limits::RELAY).as_ref(), Ok(&message), "{name}");
        // A join without its optional fields is answered as if it had them, so we write them.
        if !name.ends_with("-old") && !name.ends_with("-future") {
            assert!(again.len() <= frame.len(), "{name}: {} > {}", again.len(), frame.len());
        }
    }
}

#[test]
fn an_echo_is_its_original_with_another_target() {
    let (Message::Ephemeral(sent), Message::Ephemeral(echo)) =
        (vector("ephemeral-forwarded"), vector("ephemeral-echo"))
    else {
        panic!("two ephemeral messages");
    };
    assert_eq!(Ephemeral { target: sent.target.clone(), ..echo }, sent);
    assert!(sent.is_well_formed());
}

#[test]
fn the_recorded_handshakes_succeed_and_fail_as_they_did() {
    use wire::handshake::{Acceptor, Initiator};
    let us: ids::PeerId = "js-relay".parse().unwrap();
    for (join, outcome) in [
        ("join-ephemeral", Ok(None)),
        ("join-with-storage", Ok(None)),
        ("join-unicode", Ok(None)),
        ("join-old", Ok(None)),
        ("join-extended", Ok(Some(Extension { version: 1 }))),
        ("join-future", Err("protocol-version")),
        ("request", Err("not-joined")),
    ] {
        let received = Acceptor::new(us.clone(), None).receive(&vector(join));
        let received = received.map(|accepted| accepted.extension).map_err(|refused| refused.code());
        assert_eq!(received, outcome, "{join}");
    }
    let ada = Initiator::new("ada".parse().unwrap(), None).receive(&vector("peer")).unwrap();
    assert_eq!((ada.peer, ada.extension), (us, None));
    let future = Initiator::new("future".parse().unwrap(), None).receive(&vector("error")).unwrap_err();
    assert_eq!(future.to_string(), "refused by the other side: unsupported protocol version");
}
