//! What commands print. Results go to standard output, complaints to standard error.

use crate::{
    admin::perform::{Done, find_workspace},
    materialise,
};
use anyhow::{Context, Result, bail};
use std::{io::Write, path::Path};
use store_redb::{DirectoryWorkspace, FILE_NAME, Options, RelayReader};
use workspace::View;

/// What a writing command did; the id or secret alone on the last line.
pub(crate) fn done(done: Done) -> Result<()> {
    for line in &done.said {
        print(line)?;
    }
    print(&done.created)
}

/// `workspace list`
pub(crate) fn list(folder: &Path, json: bool) -> Result<()> {
    if !folder.join(FILE_NAME).exists() {
        return if json { print("[]") } else { Ok(()) };
    }
    let workspaces = open(folder)?.workspaces()?;
    if json {
        let list: Vec<_> = workspaces
            .iter()
            .map(|workspace| {
                serde_json::json!({
                    "id": workspace.id,
                    "name": workspace.name,
                    "document": workspace.document,
                    "created": workspace.created,
                    "members": workspace.members.len(),
                })
            })
            .collect();
        return print(&serde_json::to_string_pretty(&list)?);
    }
    workspaces.iter().try_for_each(|workspace| print(&format!("{}  {}", workspace.id, workspace.name)))
}

/// `workspace show --json`
pub(crate) fn workspace(folder: &Path, wanted: &str) -> Result<()> {
    let reader = open(folder)?;
    let shown = Shown::read(&reader, find_workspace(&reader, wanted)?)?;
    print(shown.json()?.trim_end())
}

/// A workspace as it is stored, for whoever only reads.
pub(crate) struct Shown {
    workspace: DirectoryWorkspace,
    damaged: usize,
    /// The document.
    pub(crate) doc: automerge::Automerge,
    /// What it says.
    pub(crate) view: View,
}

impl Shown {
    /// Reads it; chunks that cannot be read are told and left out.
    pub(crate) fn read(reader: &RelayReader, workspace: DirectoryWorkspace) -> Result<Self> {
        let (doc, loaded) = materialise::read(reader, workspace.document)?;
        for corrupt in &loaded.corrupt {
            tracing::error!("chunk {} is damaged and was left out: {}", corrupt.key, corrupt.why);
        }
        let view = View::read(&doc);
        Ok(Self { workspace, damaged: loaded.corrupt.len(), doc, view })
    }

    /// Every record with every open value, as one text that `workspace import` reads.
    pub(crate) fn json(&self) -> Result<String> {
        let workspace = &self.workspace;
        let shown = serde_json::json!({
            "workspace": { "id": workspace.id, "name": workspace.name, "document": workspace.document },
            "heads": materialise::heads(&self.doc),
            "damagedChunks": self.damaged,
            "content": exchange::json::of(&self.view),
        });
        Ok(format!("{}\n", serde_json::to_string_pretty(&shown)?))
    }
}

/// Something that went less well than it should, on the way to a result.
pub(crate) fn warn(what: &str) {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "binnacle: {what}");
}

/// Why a command failed.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut err = std::io::stderr().lock();
    // Nobody to tell is no second failure.
    let _ = writeln!(err, "binnacle: {error:#}");
}

/// The file of the relay, to read beside it.
pub(crate) fn open(folder: &Path) -> Result<RelayReader> {
    let path = folder.join(FILE_NAME);
    if !path.exists() {
        bail!("there is no relay in {}: `binnacle workspace create` makes one", folder.display());
    }
    RelayReader::open(&path, &Options::default()).with_context(|| format!("reading {}", path.display()))
}

/// A line of result.
pub(crate) fn print(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}") {
        // `binnacle workspace show … | head` has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("printing"),
    }
}
