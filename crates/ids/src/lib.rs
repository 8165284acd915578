//! The nouns every other room speaks: identifiers, heads, time and text offsets.
//!
//! Floor 0. Nothing of ours is imported here, and nothing that a browser cannot compile: one derive of a
//! database or web framework at the bottom would shut the browser out of everything above.
//!
//! Chance and time are arguments: identifiers are made from bytes or an `RngCore` that the caller hands in.

mod actor_id;
mod bounded_text;
mod change_hash;
mod connection_id;
mod device_id;
mod document_id;
mod heads;
mod member_id;
mod offset;
mod peer_id;
mod record_id;
mod storage_id;
mod text_form;
mod timestamp;
mod workspace_id;

pub use actor_id::ActorId;
pub use change_hash::{ChangeHash, ParseChangeHashError};
pub use connection_id::ConnectionId;
pub use device_id::{DeviceId, ParseDeviceIdError};
pub use document_id::{DocumentId, ParseDocumentIdError};
pub use heads::Heads;
pub use member_id::MemberId;
pub use offset::Utf16Offset;
pub use peer_id::{ParsePeerIdError, PeerId};
pub use record_id::{ParseRecordIdError, RecordId};
pub use storage_id::{ParseStorageIdError, StorageId};
pub use timestamp::Timestamp;
pub use workspace_id::{ParseWorkspaceIdError, WorkspaceId};
