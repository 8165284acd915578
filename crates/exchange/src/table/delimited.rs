//! CSV: the delimiter is found, quoted cells may span lines, rows keep the number that a spreadsheet shows.

use super::{Cell, Format, ReadError, Row, Table, TableLimits, assemble, encoding};
use std::collections::BTreeMap;

const DELIMITERS: [u8; 3] = *b";,\t";
/// How much of the file is looked at to find the delimiter.
const PROBE_CHARS: usize = 20_000;

pub(super) fn read(bytes: &[u8], limits: &TableLimits) -> Result<Table, ReadError> {
    let (text, encoding) = encoding::decode(bytes);
    // Excel writes and reads a first line that names the delimiter.
    let first = text.lines().next().unwrap_or_default().trim_end();
    let named = first.strip_prefix("sep=").and_then(|rest| match rest.as_bytes() {
        [only] => Some(*only),
        _ => None,
    });
    let (text, skipped) = match named {
        Some(_) => (text.split_once('\n').map_or("", |(_, rest)| rest), 1),
        None => (&*text, 0),
    };
    let delimiter = named.filter(|named| DELIMITERS.contains(named)).unwrap_or_else(|| find_delimiter(text));
    refuse_open_quote(text, delimiter, skipped)?;
    let format = Format::Csv { delimiter: char::from(delimiter), encoding };
    assemble(rows(text, delimiter, skipped, limits)?, format, limits)
}

fn rows(text: &str, delimiter: u8, skipped: u32, limits: &TableLimits) -> Result<Vec<Row>, ReadError> {
    let mut rows = Vec::new();
    let (mut filled, mut number, mut line) = (0_usize, skipped, 1_u64);
    for record in reader(text, delimiter).records() {
        // The reader takes any text; only bytes that are no text are an error to it.
        let Ok(record) = record else { continue };
        let starts = record.position().map_or(line, csv::Position::line);
        // Rows without any cell are passed over by the reader and still have a number.
        number =
            number.saturating_add(1).saturating_add(u32::try_from(starts.saturating_sub(line)).unwrap_or(0));
        let mut cells = Vec::with_capacity(record.len());
        let mut breaks = 0;
        for (column, cell) in record.iter().enumerate() {
            if cell.len() > limits.cell_bytes {
                return Err(ReadError::CellTooLarge {
                    row: number,
                    column: column + 1,
                    limit: limits.cell_bytes,
                });
            }
            breaks += cell.bytes().filter(|byte| *byte == b'\n').count() as u64;
            filled += usize::from(!cell.is_empty());
            cells.push(if cell.is_empty() { Cell::Empty } else { Cell::Text(cell.to_owned()) });
        }
        line = starts + breaks + 1;
        if cells.len() > limits.columns {
            return Err(ReadError::TooLarge { limit: limits.columns as u64, of: "columns" });
        }
        if filled > limits.cells {
            return Err(ReadError::TooLarge { limit: limits.cells as u64, of: "cells" });
        }
        if rows.len() >= limits.rows {
            return Err(ReadError::TooLarge { limit: limits.rows as u64, of: "rows" });
        }
        rows.push(Row { number, cells });
    }
    Ok(rows)
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The delimiter that gives most of the first rows the same number of cells, and more than one.
fn find_delimiter(text: &str) -> u8 {
    let probe = text.char_indices().nth(PROBE_CHARS).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    let score = |delimiter: u8| {
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        for record in reader(probe, delimiter).records().take(20).flatten() {
            *widths.entry(record.len()).or_default() += 1;
        }
        widths.into_iter().filter(|(width, _)| *width > 1).map(|(width, rows)| (rows, width)).max()
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter));
    best.filter(|best| score(*best).is_some()).unwrap_or(b',')
}

/// The reader would take the rest of the file as one cell without a word.
fn refuse_open_quote(text: &str, delimiter: u8, skipped: u32) -> Result<(), ReadError> {
    let mut row = skipped.saturating_add(1);
    let mut opened = None;
    let mut at_start = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (opened, byte) {
            (None, b'"') if at_start => opened = Some(row),
            (Some(_), b'"') => {
                // Two of them are one that is meant.
                if bytes.peek() == Some(&b'"') {
                    bytes.next();
                } else {
                    opened = None;
                }
            }
            (None, b'\n') => row = row.saturating_add(1),
            _ => {}
        }
        at_start = opened.is_none() && (byte == delimiter || byte == b'\n' || byte == b'\r');
    }
    opened.map_or(Ok(()), |row| Err(ReadError::OpenQuote { row }))
}
