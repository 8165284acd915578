//! Who speaks first, and what may be said after.
//!
//! The side that opened the socket sends `join`, the other answers `peer`, once. Each side of the handshake is a value
//! that the first frame consumes, so that a handshake cannot happen twice; what is left is a [`Joined`], which knows
//! the rules for every frame that follows.
//!
//! ```text
//! Initiator ── join ──▶ Acceptor
//!     ▲                    │ Accepted: peer · or Refused: error, close
//!     └──────── peer ──────┘
//! Established { joined }   Accepted { joined }
//! ```

mod acceptor;
mod initiator;
mod joined;
mod refused;

pub use acceptor::{Accepted, Acceptor};
pub use initiator::{Established, Initiator};
pub use joined::{Admission, Joined};
pub use refused::Refused;

use crate::Extension;

/// What both sides speak when one offers `theirs`: a set of extensions contains those before it.
fn common(theirs: Option<Extension>) -> Option<Extension> {
    theirs.map(|theirs| theirs.min(Extension::CURRENT)).filter(|extension| extension.version > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ephemeral, Join, Message, Peer, PeerMetadata, SyncMessage};
    use bytes::Bytes;
    use ids::{DocumentId, PeerId};

    fn peer(name: &str) -> PeerId {
        name.parse().unwrap()
    }

    fn join(sender: &str, versions: &[&str], extension: Option<Extension>) -> Message {
        Message::Join(Join {
            sender: peer(sender),
            versions: versions.iter().map(ToString::to_string).collect(),
            metadata: PeerMetadata { storage: None, ephemeral: true, extension },
        })
    }

    fn sync(sender: &str) -> SyncMessage {
        SyncMessage {
            sender: peer(sender),
            target: peer("relay"),
            document: DocumentId::from_bytes([1; 16]),
            data: Bytes::from_static(&[0x42]),
        }
    }

    fn ephemeral(sender: &str, data: &'static [u8]) -> Message {
        Message::Ephemeral(Ephemeral {
            sender: peer(sender),
            target: peer("relay"),
            document: DocumentId::from_bytes([1; 16]),
            session: "s".parse().unwrap(),
            count: 1,
            data: Bytes::from_static(data),
        })
    }

    fn acceptor() -> Acceptor {
        Acceptor::new(peer("relay"), Some("the-disk".parse().unwrap()))
    }

    #[test]
    fn both_sides_shake_hands_and_agree_on_extensions() {
        let initiator = Initiator::new(peer("tab"), None);
        let accepted = acceptor().receive(&initiator.join()).unwrap();
        assert_eq!((accepted.peer.as_str(), accepted.extension), ("tab", Some(Extension::CURRENT)));
        assert!(accepted.metadata.ephemeral);
        let established = initiator.receive(&accepted.reply).unwrap();
        assert_eq!((established.peer.as_str(), established.extension), ("relay", Some(Extension::CURRENT)));
        assert_eq!(established.metadata.storage, Some("the-disk".parse().unwrap()));
        assert!(!established.metadata.ephemeral);
    }

    #[test]
    fn extensions_are_offered_only_to_who_offered_them() {
        for (theirs, common) in [
            (None, None),
            (Some(Extension { version: 0 }), None),
            (Some(Extension { version: 1 }), Some(Extension { version: 1 })),
            (Some(Extension { version: 900 }), Some(Extension::CURRENT)),
        ] {
            let accepted = acceptor().receive(&join("tab", &["1"], theirs)).unwrap();
            assert_eq!(accepted.extension, common);
            let Message::Peer(Peer { metadata, .. }) = accepted.reply else { panic!("a peer message") };
            assert_eq!(metadata.extension, common);
        }
    }

    #[test]
    fn the_first_frame_must_be_a_fitting_join() {
        for (first, code) in [
            (Message::Sync(sync("tab")), "not-joined"),
            (Message::Unknown { kind: "hello".into() }, "not-joined"),
            (join("tab", &[], None), "protocol-version"),
            (join("tab", &["2", "0"], None), "protocol-version"),
            (join("relay", &["1"], None), "same-peer-id"),
        ] {
            let refused = acceptor().receive(&first).unwrap_err();
            assert_eq!(refused.code(), code);
            assert_eq!(refused.reply(), Some(Message::Error { message: refused.to_string() }));
        }
        assert!(acceptor().receive(&join("tab", &["2", "1"], None)).is_ok());
        let given_up = acceptor().receive(&Message::Error { message: "no".into() }).unwrap_err();
        assert_eq!((given_up.code(), given_up.reply()), ("refused-by-peer", None));
    }

    #[test]
    fn the_answer_must_be_a_fitting_peer() {
        let answer = |sender: &str, target: &str, version: &str| {
            Message::Peer(Peer {
                sender: peer(sender),
                target: peer(target),
                version: version.into(),
                metadata: PeerMetadata::default(),
            })
        };
        for (answer, code) in [
            (answer("relay", "tab", "2"), "protocol-version"),
            (answer("relay", "other tab", "1"), "other-target"),
            (answer("tab", "tab", "1"), "same-peer-id"),
            (Message::Request(sync("relay")), "not-joined"),
            (Message::Error { message: "no".into() }, "refused-by-peer"),
        ] {
            assert_eq!(Initiator::new(peer("tab"), None).receive(&answer).unwrap_err().code(), code);
        }
        let established = Initiator::new(peer("tab"), None).receive(&answer("relay", "tab", "1")).unwrap();
        assert_eq!(established.extension, None);
    }

    #[test]
    fn a_second_handshake_and_a_borrowed_name_end_the_connection() {
        let joined = acceptor().receive(&join("tab", &["1"], None)).unwrap().joined;
        let code = |message: &Message| match joined.admit(message) {
            Admission::Refuse(refused) => refused.code(),
            Admission::Process => "process",
            Admission::Ignore => "ignore",
        };
        assert_eq!(code(&join("tab", &["1"], None)), "already-joined");
        assert_eq!(code(&Message::Sync(sync("tab"))), "process");
        assert_eq!(code(&Message::Sync(sync("other"))), "other-sender");
        assert_eq!(code(&Message::Request(sync("other"))), "other-sender");
        assert_eq!(code(&Message::Leave { sender: peer("other") }), "ignore");
        assert_eq!(code(&Message::Leave { sender: peer("tab") }), "process");
        assert_eq!(code(&Message::Unknown { kind: "novelty".into() }), "ignore");
    }

    #[test]
    fn an_echo_of_an_ephemeral_message_harms_nobody() {
        let accepted = acceptor().receive(&Initiator::new(peer("tab"), None).join()).unwrap();
        let client = Initiator::new(peer("tab"), None).receive(&accepted.reply).unwrap().joined;
        let relay = accepted.joined;
        assert_eq!(relay.admit(&ephemeral("tab", &[0xf6])), Admission::Process);
        assert_eq!(relay.admit(&ephemeral("other tab", &[0xf6])), Admission::Ignore);
        assert_eq!(client.admit(&ephemeral("other tab", &[0xf6])), Admission::Process);
        assert_eq!(client.admit(&ephemeral("tab", &[0xf6])), Admission::Ignore);
        // Not well-formed: an array that announces more than follows, and bytes after the value.
        assert_eq!(relay.admit(&ephemeral("tab", &[0x9a, 0xff, 0xff, 0xff, 0xff])), Admission::Ignore);
        assert_eq!(client.admit(&ephemeral("other tab", &[0xf6, 0xf6])), Admission::Ignore);
    }
}
