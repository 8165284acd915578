//! What is refused, with which code, and that it is refused by its announced size rather than by its bytes.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use bytes::Bytes;
use ids::DocumentId;
use minicbor::Encoder;
use wire::{DecodeError, Limits, Message, decode};

/// A frame, written value by value.
fn frame(write: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Bytes {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder);
    encoder.into_writer().into()
}

/// A sync message whose `documentId` and further fields are up to the caller.
fn sync_frame(fields: u64, document: &str, write: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Bytes {
    frame(|cbor| {
        cbor.map(4 + fields).unwrap().str("type").unwrap().str("sync").unwrap();
        cbor.str("senderId").unwrap().str("a").unwrap().str("targetId").unwrap().str("b").unwrap();
        cbor.str("documentId").unwrap().str(document).unwrap();
        write(cbor);
    })
}

fn document() -> String {
    DocumentId::from_bytes([9; 16]).to_string()
}

fn error(frame: Bytes) -> DecodeError {
    decode(&frame, &Limits::RELAY).unwrap_err()
}

fn refusal(frame: Bytes) -> (&'static str, &'static str) {
    let error = error(frame);
    (error.field, error.code())
}

#[test]
fn a_frame_beyond_the_limit_is_not_looked_at() {
    let limits = Limits { frame_bytes_max: 10, ..Limits::RELAY };
    let error = decode(&vec![0xff; 11].into(), &limits).unwrap_err();
    assert_eq!((error.field, error.code(), error.offset), ("frame", "too-large", 0));
    assert_eq!(error.to_string(), "frame at byte 0: expected at most 10 bytes, found 11");
}

#[test]
fn announced_sizes_are_judged_before_the_bytes_behind_them() {
    let huge_map = Bytes::from_static(&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(refusal(huge_map), ("frame", "too-large"));
    let many_keys = frame(|cbor| {
        cbor.map(65).unwrap();
        (0..65).for_each(|i| done(cbor.str(&i.to_string()).unwrap().null().unwrap()));
    });
    assert_eq!(refusal(many_keys), ("frame", "too-large"));
    let many_keys_of_unknown_number = frame(|cbor| {
        cbor.begin_map().unwrap();
        (0..65).for_each(|i| done(cbor.str(&i.to_string()).unwrap().null().unwrap()));
        cbor.end().unwrap();
    });
    assert_eq!(refusal(many_keys_of_unknown_number), ("frame", "too-large"));
    // A text of 2^63 bytes as peer id, in a frame of 20.
    let mut long_id = frame(|cbor| {
        cbor.map(1).unwrap().str("senderId").unwrap();
    })
    .to_vec();
    long_id.extend([0x7b, 0x80, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(refusal(long_id.into()), ("senderId", "truncated"));
    let long_array = frame(|cbor| {
        cbor.map(1).unwrap().str("novelty").unwrap().array(1 << 60).unwrap();
    });
    assert_eq!(refusal(long_array), ("an unknown field", "truncated"));
}

#[test]
fn identifiers_are_bounded() {
    let data = |cbor: &mut Encoder<Vec<u8>>| done(cbor.str("data").unwrap().bytes(&[1]).unwrap());
    assert_eq!(refusal(sync_frame(1, &"2".repeat(1 << 20), data)), ("documentId", "too-large"));
    assert_eq!(refusal(sync_frame(1, &"2".repeat(28), data)), ("documentId", "invalid-id"));
    assert_eq!(refusal(sync_frame(1, "", data)), ("documentId", "invalid-id"));
    let uuid = error(sync_frame(1, "3760df37-a4c6-4f66-9ecd-732039a9385d", data));
    assert!(uuid.to_string().contains("a bare UUID, as in early automerge-repo, is not accepted"), "{uuid}");
    for (sender, expected) in
        [("", "invalid-id"), (&*"x".repeat(256), "missing-field"), (&*"x".repeat(257), "too-large")]
    {
        let sent = frame(|cbor| {
            cbor.map(2).unwrap().str("type").unwrap().str("sync").unwrap();
            cbor.str("senderId").unwrap().str(sender).unwrap();
        });
        assert_eq!(error(sent).code(), expected);
    }
}

#[test]
fn payloads_are_bounded_and_never_empty() {
    let empty = sync_frame(1, &document(), |cbor| done(cbor.str("data").unwrap().bytes(&[]).unwrap()));
    assert_eq!(refusal(empty), ("data", "empty"));
    let ephemeral = |len: usize| {
        frame(|cbor| {
            cbor.map(7).unwrap().str("type").unwrap().str("ephemeral").unwrap();
            cbor.str("senderId").unwrap().str("a").unwrap().str("targetId").unwrap().str("b").unwrap();
            cbor.str("documentId").unwrap().str(&document()).unwrap();
            cbor.str("sessionId").unwrap().str("").unwrap().str("count").unwrap().u8(1).unwrap();
            cbor.str("data").unwrap().bytes(&vec![0; len]).unwrap();
        })
    };
    let max = Limits::RELAY.ephemeral_bytes_max;
    assert!(decode(&ephemeral(max), &Limits::RELAY).is_ok());
    assert_eq!(refusal(ephemeral(max + 1)), ("data", "too-large"));
    let sync = sync_frame(1, &document(), |cbor| {
        cbor.str("data").unwrap().bytes(&vec![0; max + 1]).unwrap();
    });
    assert!(decode(&sync, &Limits::RELAY).is_ok());
}

#[test]
fn nesting_is_bounded_in_every_direction() {
    for opener in [0x81_u8, 0x9f, 0xa1, 0xbf, 0xc1] {
        let mut bytes = frame(|cbor| {
            cbor.map(1).unwrap().str("novelty").unwrap();
        })
        .to_vec();
        bytes.extend(std::iter::repeat_n(opener, 1 << 20));
        assert_eq!(refusal(bytes.into()), ("an unknown field", "too-deep"), "{opener:x}");
    }
    let nested = |depth: usize| {
        frame(|cbor| {
            cbor.map(2).unwrap().str("type").unwrap().str("novelty").unwrap().str("deep").unwrap();
            (0..depth).for_each(|_| done(cbor.array(1).unwrap()));
            cbor.null().unwrap();
        })
    };
    let max = Limits::RELAY.depth_max;
    assert_eq!(decode(&nested(max), &Limits::RELAY), Ok(Message::Unknown { kind: "novelty".into() }));
    assert_eq!(refusal(nested(max + 1)), ("an unknown field", "too-deep"));
}

#[test]
fn lists_are_bounded() {
    let join = |versions: usize, len: usize| {
        frame(|cbor| {
            cbor.map(3).unwrap().str("type").unwrap().str("join").unwrap();
            cbor.str("senderId").unwrap().str("a").unwrap();
            cbor.str("supportedProtocolVersions").unwrap().array(versions as u64).unwrap();
            (0..versions).for_each(|_| done(cbor.str(&"1".repeat(len)).unwrap()));
        })
    };
    assert!(decode(&join(16, 32), &Limits::RELAY).is_ok());
    assert_eq!(refusal(join(17, 1)), ("supportedProtocolVersions", "too-large"));
    assert_eq!(refusal(join(1, 33)), ("supportedProtocolVersions", "too-large"));

    let gossip = |storages: usize, heads: usize| {
        frame(|cbor| {
            cbor.map(5).unwrap().str("type").unwrap().str("remote-heads-changed").unwrap();
            cbor.str("senderId").unwrap().str("a").unwrap().str("targetId").unwrap().str("b").unwrap();
            cbor.str("documentId").unwrap().str(&document()).unwrap();
            cbor.str("newHeads").unwrap().map(storages as u64).unwrap();
            for storage in 0..storages {
                cbor.str(&storage.to_string()).unwrap().map(2).unwrap();
                cbor.str("heads").unwrap().array(heads as u64).unwrap();
                (0..heads).for_each(|_| done(cbor.str("h").unwrap()));
                cbor.str("timestamp").unwrap().f64(1.7e12).unwrap();
            }
        })
    };
    assert!(decode(&gossip(1, 4096), &Limits::RELAY).is_ok());
    assert!(decode(&gossip(1024, 1), &Limits::RELAY).is_ok());
    assert_eq!(refusal(gossip(1, 4097)), ("heads", "too-large"));
    assert_eq!(refusal(gossip(1025, 0)), ("newHeads", "too-large"));

    let wish = frame(|cbor| {
        cbor.map(4).unwrap().str("type").unwrap().str("remote-subscription-change").unwrap();
        cbor.str("senderId").unwrap().str("a").unwrap().str("targetId").unwrap().str("b").unwrap();
        cbor.str("add").unwrap().array(1025).unwrap();
        (0..1025).for_each(|_| done(cbor.str("s").unwrap()));
    });
    assert_eq!(refusal(wish), ("add", "too-large"));
}

#[test]
fn counts_are_whole_and_within_what_javascript_can_count() {
    let counted = |write: &dyn Fn(&mut Encoder<Vec<u8>>)| {
        frame(|cbor| {
            cbor.map(7).unwrap().str("type").unwrap().str("ephemeral").unwrap();
            cbor.str("senderId").unwrap().str("a").unwrap().str("targetId").unwrap().str("b").unwrap();
            cbor.str("documentId").unwrap().str(&document()).unwrap();
            cbor.str("sessionId").unwrap().str("s").unwrap().str("data").unwrap().bytes(&[0xf6]).unwrap();
            cbor.str("count").unwrap();
            write(cbor);
        })
    };
    let count = |write: &dyn Fn(&mut Encoder<Vec<u8>>)| match decode(&counted(write), &Limits::RELAY) {
        Ok(Message::Ephemeral(message)) => Ok(message.count),
        Ok(_) => Err("another message"),
        Err(error) => Err(error.code()),
    };
    assert_eq!(count(&|cbor| done(cbor.u64(7).unwrap())), Ok(7));
    assert_eq!(count(&|cbor| done(cbor.u64(1 << 40).unwrap())), Ok(1 << 40));
    assert_eq!(count(&|cbor| done(cbor.f32(7.0).unwrap())), Ok(7));
    assert_eq!(count(&|cbor| done(cbor.f64(1.0e12).unwrap())), Ok(1_000_000_000_000));
    for float in [7.5, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(count(&|cbor| done(cbor.f64(float).unwrap())), Err("wrong-type"), "{float}");
    }
    assert_eq!(count(&|cbor| done(cbor.f64(1.0e30).unwrap())), Err("too-large"));
    assert_eq!(count(&|cbor| done(cbor.u64(1 << 53).unwrap())), Err("too-large"));
    assert_eq!(count(&|cbor| done(cbor.i8(-1).unwrap())), Err("wrong-type"));
    assert_eq!(count(&|cbor| done(cbor.str("7").unwrap())), Err("wrong-type"));
    assert_eq!(count(&|cbor| done(cbor.null().unwrap())), Err("missing-field"));
}

#[test]
fn a_long_error_message_is_cut_between_characters() {
    let error_frame = |text: &str| {
        frame(|cbor| {
            cbor.map(2).unwrap().str("type").unwrap().str("error").unwrap();
            cbor.str("message").unwrap().str(text).unwrap();
        })
    };
    let limits = Limits { error_bytes_max: 5, ..Limits::RELAY };
    for (text, kept) in
        [("", ""), ("short", "short"), ("longer", "longe"), ("abcž", "abcž"), ("abcdž", "abcd")]
    {
        assert_eq!(decode(&error_frame(text), &limits), Ok(Message::Error { message: kept.into() }));
    }
    let mut not_text = error_frame("abcž").to_vec();
    not_text.pop();
    not_text.push(b'!');
    assert_eq!(decode(&not_text.into(), &limits).unwrap_err().code(), "malformed");
}

#[test]
fn ambiguity_is_refused() {
    let twice = sync_frame(2, &document(), |cbor| {
        cbor.str("data").unwrap().bytes(&[1]).unwrap().str("data").unwrap().bytes(&[2]).unwrap();
    });
    assert_eq!(refusal(twice), ("data", "duplicate-field"));
    let mut trailing = sync_frame(1, &document(), |cbor| {
        cbor.str("data").unwrap().bytes(&[1]).unwrap();
    })
    .to_vec();
    trailing.push(0xf6);
    assert_eq!(refusal(trailing.into()), ("frame", "trailing-bytes"));
    assert_eq!(refusal(Bytes::new()), ("frame", "truncated"));
    assert_eq!(refusal(Bytes::from_static(&[0x83, 1, 2, 3])), ("frame", "wrong-type"));
    assert_eq!(refusal(Bytes::from_static(&[0xa0])), ("type", "missing-field"));
    assert_eq!(refusal(Bytes::from_static(&[0xa1, 0x01, 0x02])), ("frame", "wrong-type"));
    assert_eq!(refusal(Bytes::from_static(&[0xff])), ("frame", "malformed"));
}

/// Ends a chain of writes.
fn done(_: &mut Encoder<Vec<u8>>) {}
