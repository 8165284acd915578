//! A frame becomes a message, or an error that says why not.

mod fields;
mod gossip;
mod reader;

use crate::{
    Ephemeral, Extension, Join, Limits, Message, PROTOCOL_VERSION, Peer, PeerMetadata, SessionId,
    SyncMessage,
    decode_error::{DecodeError, Problem},
};
use bytes::Bytes;
use fields::{Fields, KEY_BYTES_MAX, Key};
use ids::{DocumentId, PeerId, StorageId};
use reader::{Reader, at_most};
use std::str::FromStr;

/// Longest `type` that is read, in bytes: ours have at most 26.
const KIND_BYTES_MAX: usize = 64;
/// Longest name of a protocol version, in bytes.
const VERSION_BYTES_MAX: usize = 32;
/// A UUID in text has this many bytes; longer than any document id we accept.
const UUID_TEXT_LEN: usize = 36;

/// Reads one binary WebSocket message.
///
/// Tolerant exactly where JavaScript is loose: numbers may be floats, absent fields may be `null` or `undefined`,
/// unknown keys are passed over, `metadata` stands for `peerMetadata`, maps may announce their length in any way, byte
/// strings may carry the `Uint8Array` tag, and an unknown type is [`Message::Unknown`].
///
/// # Errors
/// For everything else. The peer that sent such a frame should lose its connection, and nobody should notice but it.
pub fn decode(frame: &Bytes, limits: &Limits) -> Result<Message, DecodeError> {
    at_most("frame", 0, frame.len() as u64, limits.frame_bytes_max as u64, "bytes")?;
    let mut fields = Fields::read(frame, limits)?;
    match fields.get(Key::Kind, "protocol")?.text("type", KIND_BYTES_MAX)? {
        "join" => join(&mut fields, limits).map(Message::Join),
        "peer" => peer(&mut fields, limits).map(Message::Peer),
        "sync" => sync(&mut fields, "sync", frame).map(Message::Sync),
        "request" => sync(&mut fields, "request", frame).map(Message::Request),
        "doc-unavailable" => Ok(Message::DocUnavailable {
            sender: sender(&mut fields, "doc-unavailable")?,
            target: target(&mut fields, "doc-unavailable")?,
            document: document(&mut fields, "doc-unavailable")?,
        }),
        "ephemeral" => ephemeral(&mut fields, limits, frame).map(Message::Ephemeral),
        "remote-heads-changed" => {
            let message = Message::RemoteHeadsChanged {
                sender: sender(&mut fields, "remote-heads-changed")?,
                target: target(&mut fields, "remote-heads-changed")?,
                document: document(&mut fields, "remote-heads-changed")?,
            };
            gossip::check_new_heads(&mut fields, limits)?;
            Ok(message)
        }
        "remote-subscription-change" => {
            let message = Message::RemoteSubscriptionChange {
                sender: sender(&mut fields, "remote-subscription-change")?,
                target: target(&mut fields, "remote-subscription-change")?,
            };
            gossip::check_subscriptions(&mut fields, limits)?;
            Ok(message)
        }
        "error" => {
            let mut reader = fields.get(Key::Message, "error")?;
            let message = reader.text_start("message", limits.error_bytes_max)?;
            Ok(Message::Error { message: message.to_owned() })
        }
        "leave" => Ok(Message::Leave { sender: sender(&mut fields, "leave")? }),
        unknown => Ok(Message::Unknown { kind: unknown.to_owned() }),
    }
}

/// Whether `value` is exactly one well-formed CBOR value, nested at most `depth_max` deep.
pub(crate) fn is_well_formed(value: &[u8], depth_max: usize) -> bool {
    let mut reader = Reader::new(value);
    reader.skip("data", depth_max).is_ok() && reader.remaining() == 0
}

fn join(fields: &mut Fields<'_>, limits: &Limits) -> Result<Join, DecodeError> {
    let versions = match fields.find(Key::Versions) {
        Some(reader) => versions(reader, limits)?,
        None => vec![PROTOCOL_VERSION.to_owned()],
    };
    Ok(Join { sender: sender(fields, "join")?, versions, metadata: metadata(fields, limits)? })
}

/// JavaScript asks whether the list includes `"1"`, and so passes over what is not text.
fn versions(mut reader: Reader<'_>, limits: &Limits) -> Result<Vec<String>, DecodeError> {
    const FIELD: &str = "supportedProtocolVersions";
    let mut versions = Vec::new();
    let mut entries = reader.array(FIELD, limits.versions_max)?;
    while reader.next(&mut entries)? {
        if reader.is_text(FIELD)? {
            versions.push(reader.text(FIELD, VERSION_BYTES_MAX)?.to_owned());
        } else {
            reader.skip(FIELD, limits.depth_max)?;
        }
    }
    Ok(versions)
}

fn peer(fields: &mut Fields<'_>, limits: &Limits) -> Result<Peer, DecodeError> {
    let version = match fields.find(Key::Version) {
        Some(mut reader) => reader.text("selectedProtocolVersion", VERSION_BYTES_MAX)?,
        None => PROTOCOL_VERSION,
    };
    Ok(Peer {
        sender: sender(fields, "peer")?,
        target: target(fields, "peer")?,
        version: version.to_owned(),
        metadata: metadata(fields, limits)?,
    })
}

fn sync(fields: &mut Fields<'_>, kind: &'static str, frame: &Bytes) -> Result<SyncMessage, DecodeError> {
    Ok(SyncMessage {
        sender: sender(fields, kind)?,
        target: target(fields, kind)?,
        document: document(fields, kind)?,
        data: data(fields, kind, frame.len(), frame)?,
    })
}

fn ephemeral(fields: &mut Fields<'_>, limits: &Limits, frame: &Bytes) -> Result<Ephemeral, DecodeError> {
    const KIND: &str = "ephemeral";
    Ok(Ephemeral {
        sender: sender(fields, KIND)?,
        target: target(fields, KIND)?,
        document: document(fields, KIND)?,
        session: id::<SessionId>(fields.get(Key::Session, KIND)?, "sessionId", SessionId::LEN_MAX)?,
        count: fields.get(Key::Count, KIND)?.number("count", Ephemeral::COUNT_MAX, "messages")?,
        data: data(fields, KIND, limits.ephemeral_bytes_max, frame)?,
    })
}

/// `peerMetadata`, or `metadata` as the README of the JavaScript package has it. Either may be missing.
fn metadata(fields: &mut Fields<'_>, limits: &Limits) -> Result<PeerMetadata, DecodeError> {
    const FIELD: &str = "peerMetadata";
    let mut metadata = PeerMetadata::default();
    let Some(mut reader) = fields.find(Key::PeerMetadata).or_else(|| fields.find(Key::Metadata)) else {
        return Ok(metadata);
    };
    let mut entries = reader.map(FIELD, limits.map_entries_max)?;
    while reader.next(&mut entries)? {
        let key = reader.text(FIELD, KEY_BYTES_MAX)?;
        match key {
            "storageId" | "isEphemeral" | "x" if reader.is_absent() => reader.skip(FIELD, 0)?,
            "storageId" => {
                metadata.storage = Some(id(reader.clone(), "storageId", StorageId::LEN_MAX)?);
                reader.skip(FIELD, 0)?;
            }
            "isEphemeral" => metadata.ephemeral = reader.boolean("isEphemeral")?,
            "x" if reader.is_map(FIELD)? => metadata.extension = extension(&mut reader, limits)?,
            _ => reader.skip(FIELD, limits.depth_max)?,
        }
    }
    Ok(metadata)
}

/// `x: { binnacle: number }`. The key may belong to somebody else's extension, which is then none of our business.
fn extension(reader: &mut Reader<'_>, limits: &Limits) -> Result<Option<Extension>, DecodeError> {
    const FIELD: &str = "peerMetadata.x";
    let mut extension = None;
    let mut entries = reader.map(FIELD, limits.map_entries_max)?;
    while reader.next(&mut entries)? {
        if reader.text(FIELD, KEY_BYTES_MAX)? == "binnacle" {
            let version = reader.number(FIELD, u64::from(u32::MAX), "as the version of an extension")?;
            extension = u32::try_from(version).ok().map(|version| Extension { version });
        } else {
            reader.skip(FIELD, limits.depth_max)?;
        }
    }
    Ok(extension)
}

fn sender(fields: &mut Fields<'_>, kind: &'static str) -> Result<PeerId, DecodeError> {
    id(fields.get(Key::Sender, kind)?, "senderId", PeerId::LEN_MAX)
}

fn target(fields: &mut Fields<'_>, kind: &'static str) -> Result<PeerId, DecodeError> {
    id(fields.get(Key::Target, kind)?, "targetId", PeerId::LEN_MAX)
}

/// JavaScript turns the UUIDs of its early days into base58check before they reach the wire; so must others.
fn document(fields: &mut Fields<'_>, kind: &'static str) -> Result<DocumentId, DecodeError> {
    const FIELD: &str = "documentId";
    let mut reader = fields.get(Key::Document, kind)?;
    let offset = reader.position();
    let text = reader.text(FIELD, UUID_TEXT_LEN)?;
    text.parse().map_err(|error: ids::ParseDocumentIdError| {
        let why = if text.len() == UUID_TEXT_LEN && text.bytes().filter(|byte| *byte == b'-').count() == 4 {
            "a document id is base58check text; a bare UUID, as in early automerge-repo, is not accepted"
                .to_owned()
        } else {
            error.to_string()
        };
        DecodeError { field: FIELD, offset, problem: Problem::InvalidId { why } }
    })
}

fn id<T>(mut reader: Reader<'_>, field: &'static str, bytes_max: usize) -> Result<T, DecodeError>
where
    T: FromStr<Err: std::fmt::Display>,
{
    let offset = reader.position();
    let text = reader.text(field, bytes_max)?;
    text.parse().map_err(|error: T::Err| DecodeError {
        field,
        offset,
        problem: Problem::InvalidId { why: error.to_string() },
    })
}

/// The payload, as a slice of the frame.
fn data(
    fields: &mut Fields<'_>,
    kind: &'static str,
    bytes_max: usize,
    frame: &Bytes,
) -> Result<Bytes, DecodeError> {
    let mut reader = fields.get(Key::Data, kind)?;
    let offset = reader.position();
    let data = reader.bytes("data", bytes_max)?;
    if data.is_empty() {
        return Err(DecodeError { field: "data", offset, problem: Problem::Empty });
    }
    Ok(frame.slice_ref(data))
}
