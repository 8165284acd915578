//! The directory: which workspaces there are, who belongs to them, and which documents are theirs.
//!
//! Values are JSON, because there are few of them and they will grow fields. No title or text of a document is here.

mod json;
mod workspaces;

pub(crate) use json::{decode, encode, get};
pub(crate) use workspaces::{member_key, put_member, register, require_workspace};

use ids::{DocumentId, MemberId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::Chunk;

/// What a person may do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// May read.
    Viewer,
    /// May read and write.
    Editor,
    /// May read, write, invite and revoke.
    Owner,
}

/// What the holder of a token may do. A program is never an owner: who may invite is a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenRole {
    /// May read.
    Viewer,
    /// May read and write.
    Editor,
}

impl From<TokenRole> for Role {
    fn from(role: TokenRole) -> Self {
        match role {
            TokenRole::Viewer => Self::Viewer,
            TokenRole::Editor => Self::Editor,
        }
    }
}

/// A person as the relay knows them; the workspace document has the same member by the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryMember {
    /// The id of the member's record in the workspace document.
    pub id: MemberId,
    /// Name, as last told to the relay.
    pub name: String,
    /// Title or function, as last told to the relay; may be empty.
    #[serde(default)]
    pub title: String,
    /// What they may do.
    pub role: Role,
}

/// A workspace on this relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryWorkspace {
    /// Its name in addresses.
    pub id: WorkspaceId,
    /// Its name for people.
    pub name: String,
    /// The document that holds it.
    pub document: DocumentId,
    /// When it was made, by the relay's clock.
    pub created: Timestamp,
    /// Its members, by id.
    #[serde(skip)]
    pub members: Vec<DirectoryMember>,
}

/// Everything a new workspace starts with.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWorkspace {
    /// Its name in addresses.
    pub id: WorkspaceId,
    /// Its name for people.
    pub name: String,
    /// The document that holds it.
    pub document: DocumentId,
    /// Now, by the relay's clock.
    pub created: Timestamp,
    /// Its first members.
    pub members: Vec<DirectoryMember>,
    /// Its content: chunks of `document`.
    pub chunks: Vec<Chunk>,
}

/// Where a document belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRegistration {
    /// The document.
    pub document: DocumentId,
    /// The workspace whose members may have it.
    pub workspace: WorkspaceId,
    /// The one member who may have it, for a private notebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<MemberId>,
    /// When it was registered, by the relay's clock.
    pub registered: Timestamp,
}
