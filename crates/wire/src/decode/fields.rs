//! Where the fields of a frame are.
//!
//! Keys come in any order and `type` may be the last, so one pass notes the position of every key we know and steps
//! over its value; what the type asks for is then read from there. A field that the type does not ask for is never
//! looked at, as in JavaScript.

use super::reader::Reader;
use crate::{
    Limits,
    decode_error::{DecodeError, Problem},
};

/// The positions of the values of one frame. `None` when the key is missing, or `null`, or `undefined`.
pub(super) struct Fields<'f> {
    reader: Reader<'f>,
    kind: Option<usize>,
    sender: Option<usize>,
    target: Option<usize>,
    document: Option<usize>,
    data: Option<usize>,
    count: Option<usize>,
    session: Option<usize>,
    versions: Option<usize>,
    version: Option<usize>,
    peer_metadata: Option<usize>,
    metadata: Option<usize>,
    message: Option<usize>,
    new_heads: Option<usize>,
    add: Option<usize>,
    remove: Option<usize>,
}

/// A key of the protocol, as it is spelled on the wire.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Kind,
    Sender,
    Target,
    Document,
    Data,
    Count,
    Session,
    Versions,
    Version,
    PeerMetadata,
    Metadata,
    Message,
    NewHeads,
    Add,
    Remove,
}

/// Longest key of any map, in bytes: ours have at most 25.
pub(super) const KEY_BYTES_MAX: usize = 256;

impl<'f> Fields<'f> {
    pub(super) fn read(frame: &'f [u8], limits: &Limits) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(frame);
        let mut fields = Self::none(reader.clone());
        let mut entries = reader.map("frame", limits.map_entries_max)?;
        while reader.next(&mut entries)? {
            let offset = reader.position();
            let key = Key::from_wire(reader.text("frame", KEY_BYTES_MAX)?);
            let name = key.map_or("an unknown field", Key::name);
            if let Some(key) = key
                && !reader.is_absent()
                && fields.slot(key).replace(reader.position()).is_some()
            {
                return Err(DecodeError { field: name, offset, problem: Problem::Duplicate });
            }
            reader.skip(name, limits.depth_max)?;
        }
        match reader.remaining() {
            0 => Ok(fields),
            len => Err(DecodeError {
                field: "frame",
                offset: reader.position(),
                problem: Problem::Trailing { len },
            }),
        }
    }

    /// A reader at the value of `key`, when it is there.
    pub(super) fn find(&mut self, key: Key) -> Option<Reader<'f>> {
        let position = *self.slot(key);
        position.map(|position| self.reader.at(position))
    }

    /// A reader at the value of `key`, which a message of type `kind` must have.
    pub(super) fn get(&mut self, key: Key, kind: &'static str) -> Result<Reader<'f>, DecodeError> {
        self.find(key).ok_or(DecodeError {
            field: key.name(),
            offset: self.reader.remaining(),
            problem: Problem::Missing { kind },
        })
    }

    fn slot(&mut self, key: Key) -> &mut Option<usize> {
        match key {
            Key::Kind => &mut self.kind,
            Key::Sender => &mut self.sender,
            Key::Target => &mut self.target,
            Key::Document => &mut self.document,
            Key::Data => &mut self.data,
            Key::Count => &mut self.count,
            Key::Session => &mut self.session,
            Key::Versions => &mut self.versions,
            Key::Version => &mut self.version,
            Key::PeerMetadata => &mut self.peer_metadata,
            Key::Metadata => &mut self.metadata,
            Key::Message => &mut self.message,
            Key::NewHeads => &mut self.new_heads,
            Key::Add => &mut self.add,
            Key::Remove => &mut self.remove,
        }
    }

    fn none(reader: Reader<'f>) -> Self {
        Self {
            reader,
            kind: None,
            sender: None,
            target: None,
            document: None,
            data: None,
            count: None,
            session: None,
            versions: None,
            version: None,
            peer_metadata: None,
            metadata: None,
            message: None,
            new_heads: None,
            add: None,
            remove: None,
        }
    }
}

impl Key {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Kind => "type",
            Self::Sender => "senderId",
            Self::Target => "targetId",
            Self::Document => "documentId",
            Self::Data => "data",
            Self::Count => "count",
            Self::Session => "sessionId",
            Self::Versions => "supportedProtocolVersions",
            Self::Version => "selectedProtocolVersion",
            Self::PeerMetadata => "peerMetadata",
            Self::Metadata => "metadata",
            Self::Message => "message",
            Self::NewHeads => "newHeads",
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }

    fn from_wire(name: &str) -> Option<Self> {
        Some(match name {
            "type" => Self::Kind,
            "senderId" => Self::Sender,
            "targetId" => Self::Target,
            "documentId" => Self::Document,
            "data" => Self::Data,
            "count" => Self::Count,
            "sessionId" => Self::Session,
            "supportedProtocolVersions" => Self::Versions,
            "selectedProtocolVersion" => Self::Version,
            "peerMetadata" => Self::PeerMetadata,
            "metadata" => Self::Metadata,
            "message" => Self::Message,
            "newHeads" => Self::NewHeads,
            "add" => Self::Add,
            "remove" => Self::Remove,
            _ => return None,
        })
    }
}
