//! Where JavaScript is loose, so are we: each looseness by name.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use bytes::Bytes;
use ids::DocumentId;
use minicbor::{Encoder, data::Tag};
use wire::{Extension, Join, Limits, Message, Peer, PeerMetadata, decode};

fn frame(write: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Bytes {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder);
    encoder.into_writer().into()
}

fn join(entries: u64, write: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Result<Join, &'static str> {
    let frame = frame(|cbor| {
        cbor.map(2 + entries).unwrap().str("type").unwrap().str("join").unwrap();
        cbor.str("senderId").unwrap().str("tab").unwrap();
        write(cbor);
    });
    match decode(&frame, &Limits::RELAY) {
        Ok(Message::Join(join)) => Ok(join),
        Ok(_) => Err("another message"),
        Err(error) => Err(error.code()),
    }
}

fn sync(write_data: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Result<Bytes, &'static str> {
    let frame = frame(|cbor| {
        cbor.map(5).unwrap().str("data").unwrap();
        write_data(cbor);
        cbor.str("documentId").unwrap().str(&DocumentId::from_bytes([9; 16]).to_string()).unwrap();
        cbor.str("targetId").unwrap().str("b").unwrap().str("senderId").unwrap().str("a").unwrap();
        cbor.str("type").unwrap().str("sync").unwrap();
    });
    match decode(&frame, &Limits::RELAY) {
        Ok(Message::Sync(message)) => Ok(message.data),
        Ok(_) => Err("another message"),
        Err(error) => Err(error.code()),
    }
}

#[test]
fn keys_come_in_any_order_with_the_type_last() {
    assert_eq!(sync(|cbor| done(cbor.bytes(&[1, 2]).unwrap())), Ok(Bytes::from_static(&[1, 2])));
}

#[test]
fn a_byte_string_may_be_marked_as_a_uint8_array_and_as_nothing_else() {
    assert_eq!(
        sync(|cbor| done(cbor.tag(Tag::new(64)).unwrap().bytes(&[1]).unwrap())),
        Ok(Bytes::from_static(&[1]))
    );
    assert_eq!(sync(|cbor| done(cbor.tag(Tag::new(65)).unwrap().bytes(&[1]).unwrap())), Err("wrong-type"));
    assert_eq!(
        sync(|cbor| done(cbor.begin_bytes().unwrap().bytes(&[1]).unwrap().end().unwrap())),
        Err("wrong-type")
    );
    assert_eq!(sync(|cbor| done(cbor.str("text").unwrap())), Err("wrong-type"));
}

#[test]
fn maps_and_arrays_may_be_of_unknown_length() {
    let frame = frame(|cbor| {
        cbor.begin_map().unwrap().str("type").unwrap().str("join").unwrap();
        cbor.str("senderId").unwrap().str("tab").unwrap();
        cbor.str("supportedProtocolVersions")
            .unwrap()
            .begin_array()
            .unwrap()
            .str("1")
            .unwrap()
            .end()
            .unwrap();
        cbor.str("peerMetadata")
            .unwrap()
            .begin_map()
            .unwrap()
            .str("isEphemeral")
            .unwrap()
            .bool(true)
            .unwrap();
        cbor.end().unwrap().end().unwrap();
    });
    let metadata = PeerMetadata { ephemeral: true, ..PeerMetadata::default() };
    let expected = Join { sender: "tab".parse().unwrap(), versions: vec!["1".into()], metadata };
    assert_eq!(decode(&frame, &Limits::RELAY), Ok(Message::Join(expected)));
}

#[test]
fn lengths_need_not_be_the_shortest() {
    // {"type": "leave", "senderId": "tab"} with an eight-byte map length and a four-byte text length.
    let mut bytes = vec![0xbb, 0, 0, 0, 0, 0, 0, 0, 2, 0x64];
    bytes.extend(b"type\x7a\0\0\0\x05leave\x68senderId\x63tab");
    let leave = Message::Leave { sender: "tab".parse().unwrap() };
    assert_eq!(decode(&bytes.into(), &Limits::RELAY), Ok(leave));
}

#[test]
fn a_missing_list_of_versions_means_version_1_and_an_empty_one_does_not() {
    assert_eq!(join(0, |_| ()).unwrap().versions, ["1"]);
    let versions = |write: fn(&mut Encoder<Vec<u8>>)| {
        join(1, |cbor| {
            cbor.str("supportedProtocolVersions").unwrap();
            write(cbor);
        })
        .map(|join| join.versions)
    };
    assert_eq!(versions(|cbor| done(cbor.null().unwrap())).unwrap(), ["1"]);
    assert_eq!(versions(|cbor| done(cbor.undefined().unwrap())).unwrap(), ["1"]);
    assert!(versions(|cbor| done(cbor.array(0).unwrap())).unwrap().is_empty());
    assert_eq!(
        versions(|cbor| done(cbor.array(2).unwrap().u8(1).unwrap().str("1").unwrap())).unwrap(),
        ["1"]
    );
    assert_eq!(versions(|cbor| done(cbor.str("1").unwrap())), Err("wrong-type"));
}

#[test]
fn metadata_goes_by_two_names_and_may_be_missing_or_half_undefined() {
    assert_eq!(join(0, |_| ()).unwrap().metadata, PeerMetadata::default());
    for name in ["peerMetadata", "metadata"] {
        let metadata = join(1, |cbor| {
            cbor.str(name).unwrap().map(2).unwrap().str("storageId").unwrap().undefined().unwrap();
            cbor.str("isEphemeral").unwrap().bool(true).unwrap();
        });
        assert!(metadata.unwrap().metadata.ephemeral);
    }
    let both = join(2, |cbor| {
        cbor.str("metadata").unwrap().map(1).unwrap().str("storageId").unwrap().str("wrong").unwrap();
        cbor.str("peerMetadata").unwrap().map(1).unwrap().str("storageId").unwrap().str("right").unwrap();
    });
    assert_eq!(both.unwrap().metadata.storage, Some("right".parse().unwrap()));
    let wrong = join(1, |cbor| done(cbor.str("peerMetadata").unwrap().str("none").unwrap()));
    assert_eq!(wrong, Err("wrong-type"));
}

#[test]
fn somebody_elses_extension_is_none_of_our_business() {
    let extension = |write: fn(&mut Encoder<Vec<u8>>)| {
        join(1, |cbor| {
            cbor.str("peerMetadata").unwrap().map(1).unwrap().str("x").unwrap();
            write(cbor);
        })
        .map(|join| join.metadata.extension)
    };
    assert_eq!(extension(|cbor| done(cbor.str("theirs").unwrap())), Ok(None));
    assert_eq!(
        extension(|cbor| done(cbor.map(1).unwrap().str("theirs").unwrap().array(0).unwrap())),
        Ok(None)
    );
    assert_eq!(extension(|cbor| done(cbor.map(0).unwrap())), Ok(None));
    assert_eq!(
        extension(|cbor| done(cbor.map(1).unwrap().str("binnacle").unwrap().f64(2.0).unwrap())),
        Ok(Some(Extension { version: 2 }))
    );
    assert_eq!(
        extension(|cbor| done(cbor.map(1).unwrap().str("binnacle").unwrap().bool(true).unwrap())),
        Err("wrong-type")
    );
}

#[test]
fn a_peer_message_without_a_version_means_version_1() {
    let frame = frame(|cbor| {
        cbor.map(3).unwrap().str("type").unwrap().str("peer").unwrap();
        cbor.str("senderId").unwrap().str("relay").unwrap().str("targetId").unwrap().str("tab").unwrap();
    });
    let expected = Peer {
        sender: "relay".parse().unwrap(),
        target: "tab".parse().unwrap(),
        version: "1".into(),
        metadata: PeerMetadata::default(),
    };
    assert_eq!(decode(&frame, &Limits::RELAY), Ok(Message::Peer(expected)));
}

#[test]
fn a_field_that_the_type_does_not_ask_for_is_not_judged() {
    let frame = frame(|cbor| {
        cbor.map(5).unwrap().str("type").unwrap().str("leave").unwrap();
        cbor.str("senderId").unwrap().str("tab").unwrap();
        cbor.str("count").unwrap().str("many").unwrap();
        cbor.str("documentId")
            .unwrap()
            .begin_str()
            .unwrap()
            .str("in ")
            .unwrap()
            .str("pieces")
            .unwrap()
            .end()
            .unwrap();
        cbor.str("unheard of")
            .unwrap()
            .begin_array()
            .unwrap()
            .f32(0.5)
            .unwrap()
            .simple(99)
            .unwrap()
            .end()
            .unwrap();
    });
    assert_eq!(decode(&frame, &Limits::RELAY), Ok(Message::Leave { sender: "tab".parse().unwrap() }));
}

/// Ends a chain of writes.
fn done(_: &mut Encoder<Vec<u8>>) {}
