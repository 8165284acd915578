//! XLSX: a zip archive of XML, unpacked once to count and once to read.
//!
//! Sizes that an archive declares are not believed: every part is unpacked against the budget before the reader of
//! workbooks sees it. Cells are taken one by one; asking for a sheet as a whole would give room to every cell between
//! the first and the last, and two cells can be 17 billion apart.

use super::{Cell, Format, ReadError, Row, Table, TableLimits, assemble};
use calamine::{DataRef, Reader, Xlsx};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};
use workspace::Date;

/// Parts of an archive. A workbook has a dozen.
const PARTS_MAX: usize = 2_000;

pub(super) fn read(bytes: &[u8], sheet: Option<&str>, limits: &TableLimits) -> Result<Table, ReadError> {
    bound(bytes, limits)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| workbook(&error))?;
    let sheets = book.sheet_names();
    let sheet = match sheet {
        Some(wanted) if sheets.iter().any(|known| known == wanted) => wanted.to_owned(),
        Some(wanted) => return Err(ReadError::NoSuchSheet { wanted: wanted.to_owned(), there: sheets }),
        None => sheets.first().cloned().ok_or(ReadError::Empty)?,
    };
    let rows = rows(&mut book, &sheet, limits)?;
    assemble(rows, Format::Xlsx { sheet, sheets }, limits)
}

fn workbook(error: &impl std::fmt::Display) -> ReadError {
    ReadError::Workbook { why: error.to_string().chars().take(200).collect() }
}

/// Unpacks every part into nothing, as far as the budget goes.
fn bound(bytes: &[u8], limits: &TableLimits) -> Result<(), ReadError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| workbook(&error))?;
    if archive.len() > PARTS_MAX {
        return Err(ReadError::TooLarge { limit: PARTS_MAX as u64, of: "parts" });
    }
    let mut left = limits.unpacked_bytes;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|error| workbook(&error))?;
        let taken = std::io::copy(&mut part.take(left + 1), &mut std::io::sink())
            .map_err(|error| workbook(&error))?;
        left = left
            .checked_sub(taken)
            .ok_or(ReadError::TooLarge { limit: limits.unpacked_bytes, of: "bytes when unpacked" })?;
    }
    Ok(())
}

fn rows(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, limits: &TableLimits) -> Result<Vec<Row>, ReadError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| workbook(&error))?;
    let mut rows: BTreeMap<u32, BTreeMap<usize, Cell>> = BTreeMap::new();
    let mut filled = 0_usize;
    while let Some(cell) = cells.next_cell().map_err(|error| workbook(&error))? {
        let (row, column) = cell.get_position();
        let (number, column) = (row.saturating_add(1), column as usize);
        let value = value(cell.get_value());
        if value.is_empty() {
            continue;
        }
        if let Cell::Text(text) = &value
            && text.len() > limits.cell_bytes
        {
            return Err(ReadError::CellTooLarge {
                row: number,
                column: column + 1,
                limit: limits.cell_bytes,
            });
        }
        if column >= limits.columns {
            return Err(ReadError::TooLarge { limit: limits.columns as u64, of: "columns" });
        }
        filled += 1;
        if filled > limits.cells {
            return Err(ReadError::TooLarge { limit: limits.cells as u64, of: "cells" });
        }
        rows.entry(number).or_default().insert(column, value);
        if rows.len() > limits.rows {
            return Err(ReadError::TooLarge { limit: limits.rows as u64, of: "rows" });
        }
    }
    Ok(rows.into_iter().map(|(number, cells)| dense(number, cells)).collect())
}

fn dense(number: u32, mut cells: BTreeMap<usize, Cell>) -> Row {
    let width = cells.last_key_value().map_or(0, |(last, _)| last + 1);
    Row { number, cells: (0..width).map(|column| cells.remove(&column).unwrap_or(Cell::Empty)).collect() }
}

fn value(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Int(int) => Cell::Number(int.to_string()),
        DataRef::Float(float) => number(*float),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            match Date::new(i32::from(year), u32::from(month), u32::from(day)) {
                Some(day) => Cell::Day(day),
                None => number(moment.as_f64()),
            }
        }
        DataRef::DateTime(duration) => number(duration.as_f64()),
        DataRef::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::Day(day),
            None => text_cell(text),
        },
        DataRef::DurationIso(text) => text_cell(text),
        // A formula that went wrong: shown as the spreadsheet shows it, and no field takes it.
        DataRef::Error(error) => text_cell(&error.to_string()),
        DataRef::Empty => Cell::Empty,
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// Spreadsheets compute in binary: 0.1 + 0.2 is shown as 0.3, and that is what was meant.
fn number(float: f64) -> Cell {
    if !float.is_finite() {
        return Cell::Text(float.to_string());
    }
    if float.fract() == 0.0 && float.abs() < 1e15 {
        return Cell::Number(format!("{float:.0}"));
    }
    let rounded = format!("{float:.9}");
    let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
    Cell::Number(if rounded == "-0" { "0".to_owned() } else { rounded.to_owned() })
}
