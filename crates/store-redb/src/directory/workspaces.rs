//! Workspaces, their members and their documents.

use super::{DirectoryMember, DirectoryWorkspace, DocumentRegistration, NewWorkspace, decode, encode, get};
use crate::{
    RelayFile, RelayReader, WriteError, chunks,
    error::Failure,
    tables::{
        CHUNK_LENGTHS, CHUNKS, DOCUMENTS, INVITES, MEMBERS, SESSIONS, WORKSPACE_DOCUMENTS, WORKSPACES, join,
        starting_with,
    },
};
use ids::{DocumentId, MemberId, WorkspaceId};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use store::{Batch, StoreError};

impl RelayReader {
    /// Every workspace with its members, by id.
    pub fn workspaces(&self) -> Result<Vec<DirectoryWorkspace>, StoreError> {
        self.read(format_args!("listing the workspaces"), |transaction| {
            let mut workspaces = Vec::new();
            for entry in transaction.open_table(WORKSPACES)?.iter()? {
                workspaces.push(with_members(transaction, decode(entry?.1.value())?)?);
            }
            Ok(workspaces)
        })
    }

    /// One workspace with its members.
    pub fn workspace(&self, workspace: WorkspaceId) -> Result<Option<DirectoryWorkspace>, StoreError> {
        self.read(format_args!("looking up workspace {workspace}"), |transaction| {
            let found = get(&transaction.open_table(WORKSPACES)?, workspace.as_bytes())?;
            found.map(|found| with_members(transaction, found)).transpose()
        })
    }

    /// One member of a workspace.
    pub fn member(
        &self,
        workspace: WorkspaceId,
        member: MemberId,
    ) -> Result<Option<DirectoryMember>, StoreError> {
        self.read(format_args!("looking up member {member}"), |transaction| {
            get(&transaction.open_table(MEMBERS)?, &member_key(workspace, member))
        })
    }

    /// Where a document belongs; `None` for one that nobody has registered.
    pub fn registration(&self, document: DocumentId) -> Result<Option<DocumentRegistration>, StoreError> {
        self.read(format_args!("looking up document {document}"), |transaction| {
            get(&transaction.open_table(DOCUMENTS)?, document.as_bytes())
        })
    }

    /// The workspace a document belongs to.
    pub fn workspace_of(&self, document: DocumentId) -> Result<Option<WorkspaceId>, StoreError> {
        Ok(self.registration(document)?.map(|registration| registration.workspace))
    }

    /// The documents of a workspace, by id; the workspace's own document is one of them.
    pub fn documents_of(&self, workspace: WorkspaceId) -> Result<Vec<DocumentRegistration>, StoreError> {
        self.read(format_args!("listing the documents of workspace {workspace}"), |transaction| {
            let documents = transaction.open_table(DOCUMENTS)?;
            let (first, last) = starting_with::<10, 26>(workspace.as_bytes());
            let mut found = Vec::new();
            for entry in transaction.open_table(WORKSPACE_DOCUMENTS)?.range::<&[u8; 26]>(&first..=&last)? {
                let (key, _) = entry?;
                if let Some(document) = key.value().last_chunk::<16>() {
                    found.extend(get::<_, DocumentRegistration>(&documents, document)?);
                }
            }
            Ok(found)
        })
    }

    /// How many documents a workspace has registered. Reads their keys and no registration: it is asked for each time
    /// a document is born.
    pub fn document_count(&self, workspace: WorkspaceId) -> Result<usize, StoreError> {
        self.read(format_args!("counting the documents of workspace {workspace}"), |transaction| {
            let (first, last) = starting_with::<10, 26>(workspace.as_bytes());
            let mut count = 0;
            for entry in transaction.open_table(WORKSPACE_DOCUMENTS)?.range::<&[u8; 26]>(&first..=&last)? {
                entry?;
                count += 1;
            }
            Ok(count)
        })
    }
}

impl RelayFile {
    /// Makes a workspace: the entry, its members, the registration of its document and the document's first chunks, in
    /// one transaction.
    pub fn create_workspace(&self, new: &NewWorkspace) -> Result<(), WriteError> {
        if let Some(foreign) = new.chunks.iter().find(|chunk| chunk.key().document != new.document) {
            return Err(WriteError::ForeignChunk {
                document: foreign.key().document,
                expected: new.document,
            });
        }
        let batch = Batch::put(new.chunks.clone());
        self.write(format_args!("creating workspace {}", new.id), |transaction| {
            let mut workspaces = transaction.open_table(WORKSPACES)?;
            if workspaces.get(new.id.as_bytes())?.is_some() {
                return Err(WriteError::WorkspaceTaken { workspace: new.id }.into());
            }
            let entry = DirectoryWorkspace {
                id: new.id,
                name: new.name.clone(),
                document: new.document,
                created: new.created,
                members: Vec::new(),
            };
            workspaces.insert(new.id.as_bytes(), encode(&entry)?.as_slice())?;
            drop(workspaces);
            if transaction.open_table(DOCUMENTS)?.get(new.document.as_bytes())?.is_some() {
                return Err(WriteError::DocumentTaken { document: new.document }.into());
            }
            let registration = DocumentRegistration {
                document: new.document,
                workspace: new.id,
                owner: None,
                registered: new.created,
            };
            register(transaction, &registration, self.options.documents_per_workspace_max)?;
            for member in &new.members {
                put_member(transaction, new.id, member)?;
            }
            let mut stored = transaction.open_table(CHUNKS)?;
            chunks::apply(&mut stored, &mut transaction.open_table(CHUNK_LENGTHS)?, &batch)
        })
    }

    /// Changes the name of a workspace for people.
    pub fn rename_workspace(&self, workspace: WorkspaceId, name: &str) -> Result<(), WriteError> {
        self.write(format_args!("renaming workspace {workspace}"), |transaction| {
            let mut workspaces = transaction.open_table(WORKSPACES)?;
            let mut entry: DirectoryWorkspace =
                get(&workspaces, workspace.as_bytes())?.ok_or(WriteError::UnknownWorkspace { workspace })?;
            entry.name = name.to_owned();
            workspaces.insert(workspace.as_bytes(), encode(&entry)?.as_slice())?;
            Ok(())
        })
    }

    /// Registers a document, unless its workspace has all it may have. Registering it again as it is succeeds.
    pub fn register_document(&self, registration: &DocumentRegistration) -> Result<(), WriteError> {
        self.write(format_args!("registering document {}", registration.document), |transaction| {
            register(transaction, registration, self.options.documents_per_workspace_max)
        })
    }

    /// Adds a member, or replaces what is known of one (name, title, role).
    pub fn add_member(&self, workspace: WorkspaceId, member: &DirectoryMember) -> Result<(), WriteError> {
        self.write(format_args!("adding member {}", member.id), |transaction| {
            require_workspace(transaction, workspace)?;
            put_member(transaction, workspace, member)
        })
    }

    /// Removes a member, their sessions and the invites that would bring them back, in one transaction.
    pub fn remove_member(&self, workspace: WorkspaceId, member: MemberId) -> Result<(), WriteError> {
        self.write(format_args!("removing member {member}"), |transaction| {
            if transaction.open_table(MEMBERS)?.remove(&member_key(workspace, member))?.is_none() {
                return Err(WriteError::UnknownMember { workspace, member }.into());
            }
            let theirs =
                |session: &crate::Session| session.workspace == workspace && session.member == member;
            crate::access::remove_where(&mut transaction.open_table(SESSIONS)?, theirs)?;
            let theirs =
                |invite: &crate::Invite| invite.workspace == workspace && invite.member == Some(member);
            crate::access::remove_where(&mut transaction.open_table(INVITES)?, theirs)?;
            Ok(())
        })
    }
}

/// Registers a document within a write.
pub(crate) fn register(
    transaction: &WriteTransaction,
    registration: &DocumentRegistration,
    documents_max: u32,
) -> Result<(), Failure> {
    let DocumentRegistration { document, workspace, owner, .. } = *registration;
    let mut documents = transaction.open_table(DOCUMENTS)?;
    if let Some(known) = get::<_, DocumentRegistration>(&documents, document.as_bytes())? {
        return match known.workspace == workspace && known.owner == owner {
            true => Ok(()),
            false => Err(WriteError::DocumentTaken { document }.into()),
        };
    }
    require_workspace(transaction, workspace)?;
    let mut of_workspace = transaction.open_table(WORKSPACE_DOCUMENTS)?;
    let (first, last) = starting_with::<10, 26>(workspace.as_bytes());
    let has = of_workspace
        .range::<&[u8; 26]>(&first..=&last)?
        .try_fold(0_u32, |has, entry| entry.map(|_| has.saturating_add(1)))?;
    if has >= documents_max {
        return Err(WriteError::TooManyDocuments { workspace, max: documents_max }.into());
    }
    documents.insert(document.as_bytes(), encode(registration)?.as_slice())?;
    of_workspace.insert(&join(workspace.as_bytes(), document.as_bytes()), ())?;
    Ok(())
}

/// Refuses whatever is meant for a workspace that is not there.
pub(crate) fn require_workspace(
    transaction: &WriteTransaction,
    workspace: WorkspaceId,
) -> Result<(), Failure> {
    match transaction.open_table(WORKSPACES)?.get(workspace.as_bytes())? {
        Some(_) => Ok(()),
        None => Err(WriteError::UnknownWorkspace { workspace }.into()),
    }
}

pub(crate) fn put_member(
    transaction: &WriteTransaction,
    workspace: WorkspaceId,
    member: &DirectoryMember,
) -> Result<(), Failure> {
    let key = member_key(workspace, member.id);
    transaction.open_table(MEMBERS)?.insert(&key, encode(member)?.as_slice())?;
    Ok(())
}

pub(crate) fn member_key(workspace: WorkspaceId, member: MemberId) -> [u8; 26] {
    join(workspace.as_bytes(), &member.0.to_bits().to_be_bytes())
}

fn with_members(
    transaction: &ReadTransaction,
    mut workspace: DirectoryWorkspace,
) -> Result<DirectoryWorkspace, Failure> {
    let (first, last) = starting_with::<10, 26>(workspace.id.as_bytes());
    for entry in transaction.open_table(MEMBERS)?.range::<&[u8; 26]>(&first..=&last)? {
        workspace.members.push(decode(entry?.1.value())?);
    }
    Ok(workspace)
}
