//! CSV: the delimiter is found, quoted cells may span lines, rows keep the number that a spreadsheet shows.

use super::{Cell, Format, ReadError, Row, Table, TableLimits, assemble, encoding};

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
    let numbers = numbers(text, delimiter, skipped)?;
    let format = Format::Csv { delimiter: char::from(delimiter), encoding };
    assemble(rows(text, delimiter, &numbers, limits)?, format, limits)
}

fn rows(text: &str, delimiter: u8, numbers: &[u32], limits: &TableLimits) -> Result<Vec<Row>, ReadError> {
    let mut rows = Vec::new();
    let mut filled = 0_usize;
    // The reader takes any text; only bytes that are no text are an error to it.
    for (record, number) in reader(text, delimiter).records().flatten().zip(numbers.iter().copied()) {
        let mut cells = Vec::with_capacity(record.len());
        for (column, cell) in record.iter().enumerate() {
            if cell.len() > limits.cell_bytes {
                return Err(ReadError::CellTooLarge {
                    row: number,
                    column: column + 1,
                    limit: limits.cell_bytes,
                });
            }
            filled += usize::from(!cell.is_empty());
            cells.push(if cell.is_empty() { Cell::Empty } else { Cell::Text(cell.to_owned()) });
        }
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

/// The delimiter that parts the header, and gives most of the first rows as many cells as the header has.
fn find_delimiter(text: &str) -> u8 {
    let end = text.char_indices().nth(PROBE_CHARS).map_or(text.len(), |(end, _)| end);
    let probe = text.get(..end).unwrap_or(text);
    let score = |delimiter: u8| {
        let widths: Vec<usize> =
            reader(probe, delimiter).records().flatten().take(20).map(|record| record.len()).collect();
        let width = widths.first().copied().filter(|width| *width > 1)?;
        let alike = widths.iter().filter(|other| **other == width).count();
        Some((alike * 1000 / widths.len(), width))
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter));
    best.filter(|best| score(*best).is_some()).unwrap_or(b',')
}

/// The rows that have something in them, by the numbers a spreadsheet shows: the reader passes over empty lines without
/// counting them. It would also take the rest of a file as one cell without a word when a quotation mark is not closed.
fn numbers(text: &str, delimiter: u8, skipped: u32) -> Result<Vec<u32>, ReadError> {
    let mut numbers = Vec::new();
    let mut row = skipped.saturating_add(1);
    let (mut opened, mut filled, mut cell_starts) = (None, false, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let ends_row = byte == b'\n' || (byte == b'\r' && bytes.peek() != Some(&b'\n'));
        match (opened, byte) {
            (None, b'"') if cell_starts => (opened, filled) = (Some(row), true),
            (Some(_), b'"') => {
                // Two of them are one that is meant.
                if bytes.next_if_eq(&b'"').is_none() {
                    opened = None;
                }
            }
            (None, b'\r') if !ends_row => {}
            (None, _) if ends_row => {
                if filled {
                    numbers.push(row);
                }
                row = row.saturating_add(1);
                filled = false;
            }
            _ => filled = true,
        }
        cell_starts = opened.is_none() && (byte == delimiter || ends_row || byte == b'\r');
    }
    if filled {
        numbers.push(row);
    }
    opened.map_or(Ok(numbers), |row| Err(ReadError::OpenQuote { row }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The numbers belong to the rows only if both see the same rows.
        #[test]
        fn the_reader_sees_as_many_rows(text in "[ab;\"\\r\\n]{0,30}") {
            if let Ok(numbers) = numbers(&text, b';', 0) {
                prop_assert_eq!(numbers.len(), reader(&text, b';').records().flatten().count(), "{:?}", text);
            }
        }
    }
}
