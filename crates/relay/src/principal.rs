//! Who is at the other end of a connection, as far as the relay has checked.

use ids::{DeviceId, DocumentId, MemberId, WorkspaceId};

/// What the server proved about a connection before it opened: never taken from what the peer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The workspace this connection belongs to: it can reach no document of another.
    pub workspace: WorkspaceId,
    /// The member who is signed in; nobody for a client with a token, which names itself by its device alone.
    pub member: Option<MemberId>,
    /// The device.
    pub device: DeviceId,
    /// What it may do with the documents of the workspace. A member may always write its own private documents.
    pub access: Access,
}

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Receive changes and share presence.
    Reader,
    /// Also bring changes, and new documents.
    Writer,
}

/// A document as one workspace asks for it. Two workspaces that name the same document never meet: only one of them
/// owns it, and for the other it does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// Who asks.
    pub workspace: WorkspaceId,
    /// For what.
    pub document: DocumentId,
}
