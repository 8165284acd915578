//! The automerge-repo network protocol v1: frames to messages and back.
//!
//! Floor 1. What stands here was written against the code of the JavaScript package, not against its README, and is
//! held to it by frames recorded from that package (`testdata/js-vectors.json`). `docs/wire-protocol.md` tells the
//! protocol in prose.
//!
//! The rules of the room:
//! - [`decode`] is total: any bytes give a [`Message`] or a [`DecodeError`], never a panic, and every limit is checked
//!   before anything is allocated or decoded. It is tolerant exactly where JavaScript is loose, and strict elsewhere.
//! - Payloads are not copied on the way in: `data` is a slice of the frame.
//! - *Invariant:* nothing here knows Automerge. A sync payload is bytes; reading it is the business of `guard`.
//! - *Invariant:* no IO, no clock, no chance. Text frames, pings and closing codes belong to whoever owns the socket.

mod decode;
mod decode_error;
mod encode;
mod envelope;
pub mod handshake;
mod limits;
mod message;
mod session_id;

pub use decode::decode;
pub use decode_error::{DecodeError, Problem};
pub use encode::encode;
pub use envelope::{EphemeralEnvelope, SyncEnvelope};
pub use limits::Limits;
pub use message::{Ephemeral, Extension, Join, Message, Peer, PeerMetadata, SyncMessage};
pub use session_id::{ParseSessionIdError, SessionId};

/// The only protocol version there is (`ProtocolV1` in JavaScript).
pub const PROTOCOL_VERSION: &str = "1";
