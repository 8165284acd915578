//! Everything of a workspace in one file that opens without us: a zip archive.
//!
//! ```text
//! README.txt             what is in it
//! workspace.automerge    the document with its whole history
//! workspace.json         every record with every open value, readable
//! csv/<collection>.csv   one table per kind of record
//! ```
//! Equal workspaces give equal bundles: names are sorted, times are not kept.

use crate::{CsvStyle, csv, json};
use std::io::{Cursor, Read, Write};
use workspace::{Kind, View};
use zip::{CompressionMethod, ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// The document's name in a bundle.
const DOCUMENT: &str = "workspace.automerge";

const README: &str = "This is a Binnacle workspace.

workspace.automerge   the document with its whole history; Binnacle and other Automerge programs open it
workspace.json        every record with every open value, as text
csv/                  one table per kind of record, for spreadsheet programs; codes instead of words

Its records may serve as evidence. Binnacle makes no statement about what they show.
";

/// A bundle that could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Not a zip archive, or a damaged one.
    #[error("the bundle cannot be read or written: {0}")]
    Zip(#[from] ZipError),
    /// A part could not be read or written.
    #[error("the bundle cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// No document in it.
    #[error("there is no {DOCUMENT} in the archive: it is not a bundle of a workspace")]
    NoDocument,
    /// The document is larger than what is read.
    #[error("the document in the bundle is larger than {0} bytes")]
    TooLarge(u64),
}

/// The names and contents of a bundle; `document` is the saved document that `view` was read from.
pub fn files(view: &View, document: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("README.txt".to_owned(), README.as_bytes().to_vec()),
        (DOCUMENT.to_owned(), document.to_vec()),
        ("workspace.json".to_owned(), json::text(view).into_bytes()),
    ];
    for kind in Kind::ALL.iter().copied().filter(|kind| !kind.is_singleton()) {
        if view.live(kind).next().is_some() {
            let name = format!("csv/{}.csv", kind.collection());
            files.push((name, csv(view, kind, CsvStyle::Plain).into_bytes()));
        }
    }
    files
}

/// The bundle as a zip archive.
///
/// # Errors
/// Only when the archive would be larger than an archive can be.
pub fn write(view: &View, document: &[u8]) -> Result<Vec<u8>, BundleError> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files(view, document) {
        archive.start_file(name, options)?;
        archive.write_all(&content)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The document of a bundle, at most `bytes_max` of it. Its bytes are as they were given to us: whoever loads them
/// has to guard them.
///
/// # Errors
/// Not a bundle, or a larger one.
pub fn document(archive: &[u8], bytes_max: u64) -> Result<Vec<u8>, BundleError> {
    let mut archive = ZipArchive::new(Cursor::new(archive))?;
    let part = match archive.by_name(DOCUMENT) {
        Err(ZipError::FileNotFound) => return Err(BundleError::NoDocument),
        part => part?,
    };
    let mut document = Vec::new();
    part.take(bytes_max + 1).read_to_end(&mut document)?;
    if document.len() as u64 > bytes_max { Err(BundleError::TooLarge(bytes_max)) } else { Ok(document) }
}
