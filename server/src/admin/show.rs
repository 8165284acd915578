//! What commands print. Results go to standard output, complaints to standard error.

use crate::{
    admin::{
        json,
        perform::{Done, find_workspace},
    },
    materialise,
};
use anyhow::{Context, Result, bail};
use std::{io::Write, path::Path};
use store_redb::{FILE_NAME, Options, RelayReader};
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
    let workspace = find_workspace(&reader, wanted)?;
    let (doc, loaded) = materialise::read(&reader, workspace.document)?;
    for corrupt in &loaded.corrupt {
        tracing::error!("chunk {} is damaged and was left out: {}", corrupt.key, corrupt.why);
    }
    let shown = serde_json::json!({
        "workspace": { "id": workspace.id, "name": workspace.name, "document": workspace.document },
        "heads": materialise::heads(&doc),
        "damagedChunks": loaded.corrupt.len(),
        "content": json::of(&View::read(&doc)),
    });
    print(&serde_json::to_string_pretty(&shown)?)
}

/// Why a command failed.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut err = std::io::stderr().lock();
    // Nobody to tell is no second failure.
    let _ = writeln!(err, "binnacle: {error:#}");
}

fn open(folder: &Path) -> Result<RelayReader> {
    let path = folder.join(FILE_NAME);
    if !path.exists() {
        bail!("there is no relay in {}: `binnacle workspace create` makes one", folder.display());
    }
    RelayReader::open(&path, &Options::default()).with_context(|| format!("reading {}", path.display()))
}

fn print(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}") {
        // `binnacle workspace show … | head` has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed.context("printing"),
    }
}
