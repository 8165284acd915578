//! One connection of a client to its relay, sans-IO: bytes in, bytes out.
//!
//! Floor 2. The protocol is automerge-repo's, version 1 (`wire`); the sync messages in it are Automerge's, and none
//! reaches Automerge that the guard (`guard`) has not passed: for its form when it is read, and for its place in the
//! document ([`GuardedDocument`]) before it is applied.
//!
//! The rules of the room:
//! - *Invariant:* a bad message costs the connection, never the document: what others wrote is tried on a copy
//!   ([`try_on_copy`]).
//! - *Invariant:* the sync state of a document lives as long as its connection. Nothing in flight is ever kept.
//! - *Invariant:* sync messages are pulled by [`Session::poll`] when the socket can take one, never queued.
//! - *Invariant:* nothing here knows what a document means, where it is kept, or what time it is.

mod backoff;
mod closed;
mod ephemeral;
mod error;
mod fence;
mod guarded;
mod hashes;
mod liveness;
mod peer_document;
mod session;
mod waiting;

pub use backoff::{BACKOFF_FIRST_MS, BACKOFF_MAX_MS, backoff};
pub use closed::Closed;
pub use ephemeral::EphemeralInbox;
pub use error::SyncError;
pub use fence::{Panicked, Unusable, fenced, try_on_copy};
pub use guarded::{GuardedDocument, NotTaken, Taken};
pub use hashes::{has_change, hash_from_automerge, hash_to_automerge, heads_of, heads_to_automerge};
pub use liveness::PROBE_AFTER_MS;
pub use peer_document::ACKNOWLEDGE_AFTER_MS;
pub use session::{
    ANSWER_WITHIN_MS, CheckedSync, FIRST_ANSWER_WITHIN_MS, Heard, Identity, Incoming, PROBE_DOCUMENT,
    Received, Relay, Session,
};
