//! redb's errors, by what the caller can do about them.

use ids::{DocumentId, WorkspaceId};
use std::{fmt, io};
use store::StoreError;

/// Why a write was not made. Every variant but [`Self::Store`] is a rule of the directory and says nothing about the
/// disk: the same write will be refused again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The file could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such workspace on this relay.
    #[error("this relay has no workspace {workspace}")]
    UnknownWorkspace {
        /// The workspace asked for.
        workspace: WorkspaceId,
    },
    /// The document belongs to another workspace or member; it is never moved.
    #[error("document {document} is registered already, to another workspace or member")]
    DocumentTaken {
        /// The document asked for.
        document: DocumentId,
    },
    /// The workspace exists already.
    #[error("workspace {workspace} exists already")]
    WorkspaceTaken {
        /// The workspace asked for.
        workspace: WorkspaceId,
    },
    /// The workspace has all the documents it may have.
    #[error("workspace {workspace} has its {max} documents; the operator of the relay can raise the limit")]
    TooManyDocuments {
        /// The workspace asked for.
        workspace: WorkspaceId,
        /// How many it may have.
        max: u32,
    },
    /// A new workspace came with chunks of a document that is not its own.
    #[error("a chunk of document {document} does not belong into a workspace of document {expected}")]
    ForeignChunk {
        /// The document of the chunk.
        document: DocumentId,
        /// The document of the workspace.
        expected: DocumentId,
    },
    /// No member with this id in the workspace.
    #[error("workspace {workspace} has no member {member}")]
    UnknownMember {
        /// The workspace asked for.
        workspace: WorkspaceId,
        /// The member asked for.
        member: ids::MemberId,
    },
    /// Somebody is a member by this id already.
    #[error("workspace {workspace} has a member {member} already")]
    MemberTaken {
        /// The workspace asked for.
        workspace: WorkspaceId,
        /// The id asked for.
        member: ids::MemberId,
    },
    /// The secret names nothing that is valid now: never issued, used up, revoked or expired. Which, is not told.
    #[error("this link or token is not valid (any more); ask whoever gave it for a new one")]
    Expired,
}

/// What goes wrong inside a transaction, before it is known what was being done.
#[derive(Debug)]
pub(crate) enum Failure {
    Redb(Box<redb::Error>),
    Corrupt(String),
    Refused(WriteError),
}

impl Failure {
    /// Whether the database refuses all work until it is opened again.
    pub(crate) fn is_latched(&self) -> bool {
        matches!(self, Self::Redb(error) if matches!(**error, redb::Error::PreviousIo | redb::Error::DatabaseClosed))
    }

    /// The error of a write.
    pub(crate) fn into_write_error(self, doing: fmt::Arguments<'_>) -> WriteError {
        match self {
            Self::Refused(refusal) => refusal,
            other => WriteError::Store(other.into_store_error(doing)),
        }
    }

    /// The error of a read, or of a write that no rule of the directory can refuse.
    pub(crate) fn into_store_error(self, doing: fmt::Arguments<'_>) -> StoreError {
        let doing = doing.to_string();
        match self {
            Self::Refused(WriteError::Store(error)) => error,
            Self::Refused(refusal) => StoreError::Io { doing, cause: refusal.to_string() },
            Self::Corrupt(cause) => StoreError::Corrupt { doing, key: None, cause },
            Self::Redb(error) => from_redb(*error, doing),
        }
    }
}

fn from_redb(error: redb::Error, doing: String) -> StoreError {
    use redb::Error as E;
    let cause = error.to_string();
    match error {
        E::DatabaseAlreadyOpen | E::LockProtocolMismatch => StoreError::Busy {
            doing,
            cause: format!("another process has the file open for writing, or holds it alone ({cause})"),
        },
        E::WouldBlock | E::TransactionInProgress | E::ReadTransactionStillInUse(_) => {
            StoreError::Busy { doing, cause }
        }
        E::Io(io) if is_full(io.kind()) => StoreError::Full { doing, cause },
        // redb's words for "this is not a redb file".
        E::Io(io) if io.kind() == io::ErrorKind::InvalidData => {
            StoreError::Corrupt { doing, key: None, cause }
        }
        E::ValueTooLarge(_) => StoreError::Full { doing, cause },
        E::Corrupted(_)
        | E::UpgradeRequired(_)
        | E::TableTypeMismatch { .. }
        | E::TableIsMultimap(_)
        | E::TypeDefinitionChanged { .. } => StoreError::Corrupt { doing, key: None, cause },
        _ => StoreError::Io { doing, cause },
    }
}

fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

impl From<WriteError> for Failure {
    fn from(refusal: WriteError) -> Self {
        Self::Refused(refusal)
    }
}

macro_rules! from_redb_errors {
    ($($error:ident),*) => {$(
        impl From<redb::$error> for Failure {
            fn from(error: redb::$error) -> Self {
                Self::Redb(Box::new(error.into()))
            }
        }
    )*};
}

from_redb_errors!(
    CommitError,
    CompactionError,
    DatabaseError,
    SetDurabilityError,
    StorageError,
    TableError,
    TransactionError
);
