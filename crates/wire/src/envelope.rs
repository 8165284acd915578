//! One payload for many peers.
//!
//! Peers in the same state get the same sync message, and listeners the same ephemeral one; the frames differ in
//! `targetId` alone. An envelope is encoded once, and each copy is one allocation and one run of copying.

use crate::{
    Ephemeral,
    encode::{ENVELOPE_BYTES, Writer},
};
use bytes::Bytes;
use ids::{DocumentId, PeerId};

/// A sync message that waits for its target.
#[derive(Debug, Clone)]
pub struct SyncEnvelope {
    frame: OpenFrame,
}

/// An ephemeral message that waits for its next target; author, session and count stay as they are.
#[derive(Debug, Clone)]
pub struct EphemeralEnvelope {
    frame: OpenFrame,
}

impl SyncEnvelope {
    /// Encodes everything but the target.
    pub fn new(sender: &PeerId, document: DocumentId, data: &[u8]) -> Self {
        let mut before = Writer::with_capacity(data.len() + ENVELOPE_BYTES);
        before.map(5).pair("type", "sync").pair("senderId", sender.as_str()).text("targetId");
        let frame = OpenFrame::close_around(before, |after| {
            after.pair("documentId", &document.to_string()).text("data").bytes(data);
        });
        Self { frame }
    }

    /// The frame for one peer: the same bytes as [`encode`](crate::encode) of the whole message.
    pub fn to(&self, target: &PeerId) -> Bytes {
        self.frame.to(target)
    }
}

impl EphemeralEnvelope {
    /// Encodes everything but the target; the one in `message` is not used.
    pub fn new(message: &Ephemeral) -> Self {
        let mut before = Writer::with_capacity(message.data.len() + ENVELOPE_BYTES);
        before.map(7).pair("type", "ephemeral").pair("senderId", message.sender.as_str()).text("targetId");
        let frame = OpenFrame::close_around(before, |after| {
            after.pair("documentId", &message.document.to_string());
            after.pair("sessionId", message.session.as_str()).text("count").number(message.count);
            after.text("data").bytes(&message.data);
        });
        Self { frame }
    }

    /// The frame for one peer: the same bytes as [`encode`](crate::encode) of the message with that target.
    pub fn to(&self, target: &PeerId) -> Bytes {
        self.frame.to(target)
    }
}

/// A frame with a gap where the value of `targetId` belongs.
#[derive(Debug, Clone)]
struct OpenFrame {
    bytes: Bytes,
    gap: usize,
}

impl OpenFrame {
    fn close_around(mut writer: Writer, write_rest: impl FnOnce(&mut Writer)) -> Self {
        let gap = writer.len();
        write_rest(&mut writer);
        Self { bytes: writer.finish(), gap }
    }

    fn to(&self, target: &PeerId) -> Bytes {
        let (before, after) = self.bytes.split_at_checked(self.gap).unwrap_or_default();
        let target = target.as_str();
        let mut writer = Writer::with_capacity(self.bytes.len() + TEXT_HEAD_BYTES_MAX + target.len());
        writer.raw(before).text(target).raw(after);
        writer.finish()
    }
}

/// Longest head of a CBOR text.
const TEXT_HEAD_BYTES_MAX: usize = 9;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, SessionId, SyncMessage, encode};

    fn peer(name: &str) -> PeerId {
        name.parse().unwrap()
    }

    #[test]
    fn an_addressed_envelope_is_the_encoded_message() {
        let document = DocumentId::from_bytes([7; 16]);
        for len in [1, 23, 24, 255, 256, 65_535, 65_536] {
            let data = Bytes::from(vec![0x42; len]);
            let envelope = SyncEnvelope::new(&peer("relay"), document, &data);
            let ephemeral = Ephemeral {
                sender: peer("author"),
                target: peer("the relay"),
                document,
                session: "k3x".parse::<SessionId>().unwrap(),
                count: 70_000,
                data: data.clone(),
            };
            let ephemeral_envelope = EphemeralEnvelope::new(&ephemeral);
            for target in ["a", &"b".repeat(24), &"c".repeat(256)] {
                let target = peer(target);
                let message = SyncMessage { sender: peer("relay"), target, document, data: data.clone() };
                let forwarded = Ephemeral { target: message.target.clone(), ..ephemeral.clone() };
                assert_eq!(ephemeral_envelope.to(&message.target), encode(&Message::Ephemeral(forwarded)));
                assert_eq!(envelope.to(&message.target.clone()), encode(&Message::Sync(message)));
            }
        }
    }
}
