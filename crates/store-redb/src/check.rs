//! Looking a file over: is everything readable, and does it fit together?

use crate::{
    DirectoryMember, DirectoryWorkspace, DocumentRegistration, Invite, RelayReader, Session, Token,
    directory::{decode, get},
    error::Failure,
    tables::{DOCUMENTS, INVITES, MEMBERS, SESSIONS, TOKENS, WORKSPACE_DOCUMENTS, WORKSPACES, join},
};
use ids::{DocumentId, WorkspaceId};
use redb::{ReadTransaction, ReadableTable};
use serde::de::DeserializeOwned;
use std::{collections::BTreeMap, ops::ControlFlow};
use store::{CorruptChunk, StoreError};

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Documents that have chunks.
    pub documents: u64,
    /// Chunks read, sound ones only.
    pub chunks: u64,
    /// Their length in bytes.
    pub bytes: u64,
    /// Receipts read.
    pub receipts: u64,
    /// Chunks that cannot be used.
    pub corrupt: Vec<CorruptChunk>,
    /// Everything else that is wrong, in sentences.
    pub problems: Vec<String>,
}

impl CheckReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.corrupt.is_empty() && self.problems.is_empty()
    }
}

/// What a workspace occupies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Registered documents.
    pub documents: u64,
    /// Stored chunks.
    pub chunks: u64,
    /// Their length in bytes.
    pub bytes: u64,
}

impl RelayReader {
    /// Reads everything, one document at a time, so that it can run beside a busy relay.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        let mut report = CheckReport::default();
        for document in self.documents()? {
            self.check_document(document, &mut report)?;
        }
        let problems = self.read(format_args!("checking the directory"), check_directory)?;
        report.problems.extend(problems);
        Ok(report)
    }

    /// What the documents of a workspace occupy. No chunk is read.
    pub fn usage(&self, workspace: WorkspaceId) -> Result<Usage, StoreError> {
        let mut usage = Usage::default();
        for registration in self.documents_of(workspace)? {
            usage.documents += 1;
            for (_, bytes) in self.list(registration.document)? {
                usage.chunks += 1;
                usage.bytes += bytes;
            }
        }
        Ok(usage)
    }

    fn check_document(&self, document: DocumentId, report: &mut CheckReport) -> Result<(), StoreError> {
        let mut lengths = BTreeMap::new();
        self.visit(document, &mut |key, bytes| {
            match bytes {
                Ok(bytes) => {
                    report.chunks += 1;
                    report.bytes += bytes.len() as u64;
                    lengths.insert(*key, Some(bytes.len() as u64));
                }
                Err(why) => {
                    report.corrupt.push(CorruptChunk { key: *key, why });
                    lengths.insert(*key, None);
                }
            }
            ControlFlow::Continue(())
        })?;
        report.documents += 1;
        // A relay may write between the two reads, so a difference counts only if it is there a second time.
        for (key, listed) in self.list(document)? {
            if lengths.get(&key).is_none_or(|length| length.is_some_and(|length| length != listed))
                && self
                    .chunk(&key)
                    .is_ok_and(|chunk| chunk.is_none_or(|chunk| chunk.bytes().len() as u64 != listed))
                && self.list(document)?.contains(&(key, listed))
            {
                report
                    .problems
                    .push(format!("{key} is listed with {listed} bytes and is not stored with them"));
            }
        }
        for receipt in self.receipts(document) {
            match receipt {
                Ok(_) => report.receipts += 1,
                Err(StoreError::Corrupt { cause, .. }) => report.problems.push(cause),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn check_directory(transaction: &ReadTransaction) -> Result<Vec<String>, Failure> {
    let mut problems = Vec::new();
    let workspaces = transaction.open_table(WORKSPACES)?;
    let documents = transaction.open_table(DOCUMENTS)?;
    let of_workspace = transaction.open_table(WORKSPACE_DOCUMENTS)?;
    for entry in workspaces.iter()? {
        if let Some(workspace) = readable::<DirectoryWorkspace>(entry?.1.value(), &mut problems) {
            let home = get::<_, DocumentRegistration>(&documents, workspace.document.as_bytes())
                .ok()
                .flatten()
                .map(|registration| registration.workspace);
            if home != Some(workspace.id) {
                problems.push(format!(
                    "workspace {} does not own its document {}",
                    workspace.id, workspace.document
                ));
            }
        }
    }
    for entry in documents.iter()? {
        if let Some(registration) = readable::<DocumentRegistration>(entry?.1.value(), &mut problems) {
            let DocumentRegistration { document, workspace, .. } = registration;
            if workspaces.get(workspace.as_bytes())?.is_none() {
                problems.push(format!(
                    "document {document} belongs to workspace {workspace}, which is not there"
                ));
            }
            if of_workspace.get(&join(workspace.as_bytes(), document.as_bytes()))?.is_none() {
                problems.push(format!("document {document} is missing in the list of workspace {workspace}"));
            }
        }
    }
    for entry in transaction.open_table(MEMBERS)?.iter()? {
        readable::<DirectoryMember>(entry?.1.value(), &mut problems);
    }
    for entry in transaction.open_table(TOKENS)?.iter()? {
        readable::<Token>(entry?.1.value(), &mut problems);
    }
    for entry in transaction.open_table(SESSIONS)?.iter()? {
        readable::<Session>(entry?.1.value(), &mut problems);
    }
    for entry in transaction.open_table(INVITES)?.iter()? {
        readable::<Invite>(entry?.1.value(), &mut problems);
    }
    Ok(problems)
}

fn readable<T: DeserializeOwned>(stored: &[u8], problems: &mut Vec<String>) -> Option<T> {
    match decode(stored) {
        Ok(value) => Some(value),
        Err(Failure::Corrupt(cause)) => {
            problems.push(cause);
            None
        }
        Err(_) => None,
    }
}
