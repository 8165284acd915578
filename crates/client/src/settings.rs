//! What a replica is told at its birth.

use ids::{DeviceId, DocumentId, Heads, MemberId, ParsePeerIdError, PeerId, StorageId};
use workspace::Author;

/// Whose replica this is, of what, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The workspace document.
    pub document: DocumentId,
    /// Who edits, and what this device is called.
    pub author: Author,
    /// The name others see beside the avatar.
    pub member_name: String,
    /// This device; part of the peer id, so that the relay can tell tabs of one device from devices.
    pub device: DeviceId,
    /// The store behind this replica; all tabs of a browser share it.
    pub storage: StorageId,
    /// The heads that the relay had announced when this device was last connected
    /// ([`Replica::relay_heads`](crate::Replica::relay_heads)), if the driver kept them: with them, "n to send" is right from the start.
    pub relay_heads: Option<Heads>,
    /// Whether to connect at all.
    pub online: bool,
}

impl Settings {
    /// The member of the author.
    pub fn member(&self) -> MemberId {
        self.author.member
    }

    /// The peer id of one tab: the device, so that a relay can tell tabs of one device from devices, and the tab.
    pub(crate) fn peer_id(&self, tab: &str) -> Result<PeerId, ParsePeerIdError> {
        format!("{}.{tab}", self.device).parse()
    }
}
