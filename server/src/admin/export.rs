//! `workspace export`: everything that can be taken away.

use crate::{
    admin::{
        import::kind_of,
        perform::find_workspace,
        show::{self, Shown},
    },
    cli::{Export, ExportFormat},
};
use anyhow::{Context, Result, bail};
use exchange::CsvStyle;
use std::{
    fs,
    io::{IsTerminal, Write},
};

/// Does what `options` say, beside a running relay.
pub(crate) fn export(options: &Export) -> Result<()> {
    if options.kind.is_some() && options.format != ExportFormat::Csv {
        bail!("--kind is for CSV; the other formats have every kind of record");
    }
    let reader = show::open(&options.data.folder)?;
    let shown = Shown::read(&reader, find_workspace(&reader, &options.workspace)?)?;
    let (bytes, is_text) = match options.format {
        ExportFormat::Json => (shown.json()?.into_bytes(), true),
        ExportFormat::Csv => {
            let kind = kind_of(options.kind.as_deref().unwrap_or_default())?;
            (exchange::csv(&shown.view, kind, CsvStyle::Plain).into_bytes(), true)
        }
        ExportFormat::Automerge => (shown.doc.save(), false),
        ExportFormat::Bundle => (exchange::bundle::write(&shown.view, &shown.doc.save())?, false),
    };
    match &options.to {
        Some(path) => fs::write(path, bytes).with_context(|| format!("writing {}", path.display())),
        None if !is_text && std::io::stdout().is_terminal() => {
            bail!("this format is not for a terminal; say where --to")
        }
        None => std::io::stdout().lock().write_all(&bytes).context("writing to standard output"),
    }
}
