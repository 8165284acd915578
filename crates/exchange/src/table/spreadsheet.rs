//! XLSX: a zip archive of XML.
//!
//! Only what a table needs is read: cells, shared texts, which cells are days. There are crates that read workbooks
//! whole; the one that is well kept brought 290 KB of compressed wasm into the app, most of it tables of encodings that
//! no workbook uses, and allocates by what a file claims.
//!
//! Sizes that an archive declares are not believed: parts are unpacked against one budget. Cells are taken one by one;
//! two of them can be 17 billion apart.

mod archive;
mod sheet;
mod workbook;

use super::{Format, ReadError, Table, TableLimits, assemble};
use archive::Archive;
use workbook::Workbook;

pub(super) fn read(bytes: &[u8], sheet: Option<&str>, limits: &TableLimits) -> Result<Table, ReadError> {
    let mut archive = Archive::open(bytes, limits)?;
    let book = Workbook::read(&mut archive)?;
    let names: Vec<String> = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let found = match sheet {
        None => book.sheets.first().ok_or(ReadError::Empty)?,
        Some(wanted) => book
            .sheets
            .iter()
            .find(|sheet| sheet.name == wanted)
            .ok_or_else(|| ReadError::NoSuchSheet { wanted: wanted.to_owned(), there: names.clone() })?,
    };
    let part = archive.part(&found.part)?.ok_or_else(|| broken("a sheet is missing"))?;
    let rows = sheet::rows(&part, &book, limits)?;
    assemble(rows, Format::Xlsx { sheet: found.name.clone(), sheets: names }, limits)
}

fn broken(why: impl std::fmt::Display) -> ReadError {
    ReadError::Workbook { why: why.to_string().chars().take(200).collect() }
}
