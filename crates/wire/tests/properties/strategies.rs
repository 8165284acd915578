//! Any message that a healthy peer could send.

use bytes::Bytes;
use ids::{DocumentId, PeerId, StorageId};
use proptest::{collection::vec, option, prelude::*};
use wire::{Ephemeral, Extension, Join, Message, Peer, PeerMetadata, SyncMessage};

pub(crate) fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        (peer(), vec("[0-9a-z.-]{0,32}", 0..=16), metadata())
            .prop_map(|(sender, versions, metadata)| Message::Join(Join { sender, versions, metadata })),
        (peer(), peer(), "[0-9]{1,32}", metadata()).prop_map(|(sender, target, version, metadata)| {
            Message::Peer(Peer { sender, target, version, metadata })
        }),
        sync().prop_map(Message::Sync),
        sync().prop_map(Message::Request),
        ephemeral().prop_map(Message::Ephemeral),
        (peer(), peer(), document()).prop_map(|(sender, target, document)| Message::DocUnavailable {
            sender,
            target,
            document
        }),
        (peer(), peer(), document()).prop_map(|(sender, target, document)| Message::RemoteHeadsChanged {
            sender,
            target,
            document
        }),
        (peer(), peer()).prop_map(|(sender, target)| Message::RemoteSubscriptionChange { sender, target }),
        ".{0,200}".prop_map(|message| Message::Error { message }),
        peer().prop_map(|sender| Message::Leave { sender }),
        "x-[a-z]{0,62}".prop_map(|kind| Message::Unknown { kind }),
    ]
}

pub(crate) fn sync() -> impl Strategy<Value = SyncMessage> {
    (peer(), peer(), document(), payload(4096)).prop_map(|(sender, target, document, data)| SyncMessage {
        sender,
        target,
        document,
        data,
    })
}

pub(crate) fn ephemeral() -> impl Strategy<Value = Ephemeral> {
    let count = prop_oneof![0..300_u64, 0..=Ephemeral::COUNT_MAX];
    (peer(), peer(), document(), "[0-9a-z]{0,64}", count, payload(512)).prop_map(
        |(sender, target, document, session, count, data)| Ephemeral {
            sender,
            target,
            document,
            session: session.parse().unwrap(),
            count,
            data,
        },
    )
}

fn peer() -> impl Strategy<Value = PeerId> {
    "\\PC{1,60}".prop_map(|name| name.parse().unwrap())
}

fn document() -> impl Strategy<Value = DocumentId> {
    any::<[u8; 16]>().prop_map(DocumentId::from_bytes)
}

fn metadata() -> impl Strategy<Value = PeerMetadata> {
    let storage = "[0-9a-f-]{1,64}".prop_map(|id| id.parse::<StorageId>().unwrap());
    let extension = any::<u32>().prop_map(|version| Extension { version });
    (option::of(storage), any::<bool>(), option::of(extension))
        .prop_map(|(storage, ephemeral, extension)| PeerMetadata { storage, ephemeral, extension })
}

fn payload(max: usize) -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 1..=max).prop_map(Bytes::from)
}
