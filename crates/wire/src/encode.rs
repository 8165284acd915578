//! A message becomes a frame.

use crate::{Ephemeral, Join, Message, Peer, PeerMetadata, SyncMessage};
use bytes::Bytes;
use minicbor::Encoder;

/// Writes one binary WebSocket message: one CBOR map with text keys, of known length, every length and integer in its
/// shortest form; absent fields are left out.
///
/// The content of gossip is not kept by [`Message`], so those two are written with nothing to say.
pub fn encode(message: &Message) -> Bytes {
    let mut writer = Writer::with_capacity(payload_len(message) + ENVELOPE_BYTES);
    match message {
        Message::Join(Join { sender, versions, metadata }) => {
            writer.map(4).pair("type", "join").pair("senderId", sender.as_str());
            writer.text("supportedProtocolVersions").array(versions.len());
            versions.iter().for_each(|version| {
                writer.text(version);
            });
            writer.metadata(metadata);
        }
        Message::Peer(Peer { sender, target, version, metadata }) => {
            writer.map(5).pair("type", "peer").pair("senderId", sender.as_str());
            writer.pair("selectedProtocolVersion", version).pair("targetId", target.as_str());
            writer.metadata(metadata);
        }
        Message::Sync(message) => writer.sync("sync", message),
        Message::Request(message) => writer.sync("request", message),
        Message::DocUnavailable { sender, target, document } => {
            writer.map(4).pair("type", "doc-unavailable").pair("senderId", sender.as_str());
            writer.pair("targetId", target.as_str()).pair("documentId", &document.to_string());
        }
        Message::Ephemeral(Ephemeral { sender, target, document, session, count, data }) => {
            writer.map(7).pair("type", "ephemeral").pair("senderId", sender.as_str());
            writer.pair("targetId", target.as_str()).pair("documentId", &document.to_string());
            writer.pair("sessionId", session.as_str()).text("count").number(*count);
            writer.text("data").bytes(data);
        }
        Message::RemoteHeadsChanged { sender, target, document } => {
            writer.map(5).pair("type", "remote-heads-changed").pair("senderId", sender.as_str());
            writer.pair("targetId", target.as_str()).pair("documentId", &document.to_string());
            writer.text("newHeads").map(0);
        }
        Message::RemoteSubscriptionChange { sender, target } => {
            writer.map(3).pair("type", "remote-subscription-change").pair("senderId", sender.as_str());
            writer.pair("targetId", target.as_str());
        }
        Message::Error { message } => {
            writer.map(2).pair("type", "error").pair("message", message);
        }
        Message::Leave { sender } => {
            writer.map(2).pair("type", "leave").pair("senderId", sender.as_str());
        }
        Message::Unknown { kind } => {
            writer.map(1).pair("type", kind);
        }
    }
    writer.finish()
}

/// Room for everything but the payload, so that a frame is usually allocated once.
pub(crate) const ENVELOPE_BYTES: usize = 256;

fn payload_len(message: &Message) -> usize {
    match message {
        Message::Sync(message) | Message::Request(message) => message.data.len(),
        Message::Ephemeral(message) => message.data.len(),
        _ => 0,
    }
}

/// CBOR into memory.
pub(crate) struct Writer {
    encoder: Encoder<Vec<u8>>,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { encoder: Encoder::new(Vec::with_capacity(bytes)) }
    }

    pub(crate) fn finish(self) -> Bytes {
        self.encoder.into_writer().into()
    }

    pub(crate) fn len(&self) -> usize {
        self.encoder.writer().len()
    }

    pub(crate) fn map(&mut self, entries: usize) -> &mut Self {
        self.wrote(|encoder| encoder.map(entries as u64).map(drop))
    }

    pub(crate) fn pair(&mut self, key: &str, value: &str) -> &mut Self {
        self.text(key).text(value)
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.wrote(|encoder| encoder.str(text).map(drop))
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.wrote(|encoder| encoder.bytes(bytes).map(drop))
    }

    /// A number as JavaScript writes it: beyond 32 bits as a float, exact up to
    /// [`Ephemeral::COUNT_MAX`]. cbor-x reads a longer integer as a `BigInt`, which is another type.
    pub(crate) fn number(&mut self, number: u64) -> &mut Self {
        match u32::try_from(number) {
            Ok(number) => self.wrote(|encoder| encoder.u32(number).map(drop)),
            Err(_) => self.wrote(|encoder| encoder.f64(number as f64).map(drop)),
        }
    }

    /// Bytes that are CBOR already.
    pub(crate) fn raw(&mut self, encoded: &[u8]) -> &mut Self {
        self.encoder.writer_mut().extend_from_slice(encoded);
        self
    }

    fn array(&mut self, entries: usize) -> &mut Self {
        self.wrote(|encoder| encoder.array(entries as u64).map(drop))
    }

    fn sync(&mut self, kind: &str, message: &SyncMessage) {
        let SyncMessage { sender, target, document, data } = message;
        self.map(5).pair("type", kind).pair("senderId", sender.as_str());
        self.pair("targetId", target.as_str()).pair("documentId", &document.to_string());
        self.text("data").bytes(data);
    }

    fn metadata(&mut self, metadata: &PeerMetadata) {
        let PeerMetadata { storage, ephemeral, extension } = metadata;
        let entries = 1 + usize::from(storage.is_some()) + usize::from(extension.is_some());
        self.text("peerMetadata").map(entries);
        if let Some(storage) = storage {
            self.pair("storageId", storage.as_str());
        }
        self.text("isEphemeral").wrote(|encoder| encoder.bool(*ephemeral).map(drop));
        if let Some(extension) = extension {
            self.text("x").map(1).text("binnacle").number(u64::from(extension.version));
        }
    }

    /// Writing to a `Vec` fails neither by IO nor, for these plain values, by encoding; minicbor's signatures are
    /// about writers and types that can.
    fn wrote<E>(&mut self, write: impl FnOnce(&mut Encoder<Vec<u8>>) -> Result<(), E>) -> &mut Self {
        let written = write(&mut self.encoder);
        debug_assert!(written.is_ok(), "a Vec takes every byte");
        self
    }
}
