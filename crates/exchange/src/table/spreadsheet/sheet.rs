//! The cells of one sheet.

use super::{
    broken,
    workbook::{Workbook, attribute, push, text_within},
};
use crate::table::{Cell, ReadError, Row, TableLimits};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::collections::BTreeMap;
use workspace::Date;

/// Rows of a sheet.
const ROWS_MAX: u32 = 1 << 20;

/// The rows with something in them. Cells that do not say where they are come after the one before.
pub(super) fn rows(part: &str, book: &Workbook, limits: &TableLimits) -> Result<Vec<Row>, ReadError> {
    let mut rows: BTreeMap<u32, BTreeMap<usize, Cell>> = BTreeMap::new();
    let (mut row, mut column, mut filled) = (0_u32, 0_usize, 0_usize);
    let mut reader = Reader::from_str(part);
    loop {
        let (tag, open) = match reader.read_event().map_err(broken)? {
            Event::Start(tag) => (tag, true),
            Event::Empty(tag) => (tag, false),
            Event::Eof => break,
            _ => continue,
        };
        match tag.local_name().as_ref() {
            "row" => {
                let said = attribute(&tag, "r").and_then(|number| number.parse().ok());
                row = said.filter(|number| (1..=ROWS_MAX).contains(number)).unwrap_or(row.saturating_add(1));
                column = 0;
            }
            "c" => {
                let place = attribute(&tag, "r").and_then(|name| place(&name));
                let (at_row, at) = place.unwrap_or((row.max(1), column));
                column = at.saturating_add(1);
                let cell = if open { value(&mut reader, &tag, book)? } else { Cell::Empty };
                if cell.is_empty() {
                    continue;
                }
                if let Cell::Text(text) = &cell
                    && text.len() > limits.cell_bytes
                {
                    return Err(ReadError::CellTooLarge {
                        row: at_row,
                        column: at.saturating_add(1),
                        limit: limits.cell_bytes,
                    });
                }
                if at >= limits.columns {
                    return Err(ReadError::TooLarge { limit: limits.columns as u64, of: "columns" });
                }
                filled += 1;
                if filled > limits.cells {
                    return Err(ReadError::TooLarge { limit: limits.cells as u64, of: "cells" });
                }
                rows.entry(at_row).or_default().insert(at, cell);
                if rows.len() > limits.rows {
                    return Err(ReadError::TooLarge { limit: limits.rows as u64, of: "rows" });
                }
            }
            _ => {}
        }
    }
    Ok(rows.into_iter().map(|(number, cells)| dense(number, cells)).collect())
}

fn dense(number: u32, mut cells: BTreeMap<usize, Cell>) -> Row {
    let width = cells.last_key_value().map_or(0, |(last, _)| last + 1);
    Row { number, cells: (0..width).map(|column| cells.remove(&column).unwrap_or(Cell::Empty)).collect() }
}

/// `B7` as row 7 and column 1.
fn place(name: &str) -> Option<(u32, usize)> {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase).count();
    let (letters, digits) = name.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0_usize, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    let row = digits.parse().ok().filter(|row| (1..=ROWS_MAX).contains(row))?;
    Some((row, column - 1))
}

/// What a cell that was just opened holds, to its end.
fn value(reader: &mut Reader<&[u8]>, tag: &BytesStart<'_>, book: &Workbook) -> Result<Cell, ReadError> {
    let ty = attribute(tag, "t");
    let style = attribute(tag, "s").and_then(|style| style.parse::<usize>().ok());
    let (mut text, mut in_value) = (String::new(), false);
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "v" => in_value = true,
                "is" => text = text_within(reader, "is")?,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" => in_value = false,
                "c" => break,
                _ => {}
            },
            Event::Eof => return Err(broken("a cell is cut off")),
            event if in_value => push(&mut text, &event)?,
            _ => {}
        }
    }
    if text.is_empty() {
        return Ok(Cell::Empty);
    }
    Ok(match ty.as_deref() {
        Some("s") => {
            let shared = text.trim().parse::<usize>().ok().and_then(|place| book.texts.get(place));
            Cell::Text(shared.ok_or_else(|| broken("a cell refers to a text that is not there"))?.clone())
        }
        // An error of a formula stays text: no field takes `#DIV/0!`.
        Some("str" | "inlineStr" | "e") => Cell::Text(text),
        Some("b") => Cell::Flag(matches!(text.trim(), "1" | "true")),
        Some("d") => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::Day(day),
            None => Cell::Text(text),
        },
        _ => {
            let shows_day = style.and_then(|style| book.shows_days.get(style)).copied().unwrap_or(false);
            match text.trim().parse::<f64>() {
                Ok(number) if shows_day => {
                    day(number, book.from_1904).map_or_else(|| plain(number), Cell::Day)
                }
                Ok(number) => plain(number),
                Err(_) => Cell::Text(text),
            }
        }
    })
}

/// Workbooks count days from 1900 and believe that that year had a 29th of February.
fn day(number: f64, from_1904: bool) -> Option<Date> {
    const LAST: f64 = 2_958_465.0;
    if !(0.0..=LAST).contains(&number) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the bounds above")]
    let days = number.floor() as i32;
    let (year, day) = if from_1904 { (1904, 1) } else { (1899, if days < 60 { 31 } else { 30 }) };
    Some(Date::new(year, if from_1904 { 1 } else { 12 }, day)?.plus_days(days))
}

/// Spreadsheets compute in binary: 0.1 + 0.2 is shown as 0.3, and that is what was meant.
fn plain(number: f64) -> Cell {
    if !number.is_finite() {
        return Cell::Text(number.to_string());
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return Cell::Number(format!("{:.0}", number + 0.0));
    }
    let rounded = format!("{number:.9}");
    let rounded = rounded.trim_end_matches('0').trim_end_matches('.');
    Cell::Number(if rounded == "-0" { "0".to_owned() } else { rounded.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        assert_eq!(place("A1"), Some((1, 0)));
        assert_eq!(place("XFD1048576"), Some((1_048_576, 16_383)));
        for name in ["", "1", "A", "A0", "AAAA1", "a1", "A1048577", "A-1"] {
            assert_eq!(place(name), None, "{name}");
        }
    }

    #[test]
    fn days_are_counted_as_workbooks_do() {
        let shown = |number, from_1904| day(number, from_1904).map(|day| day.to_string());
        assert_eq!(shown(1.0, false).as_deref(), Some("1900-01-01"));
        assert_eq!(shown(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(shown(46_112.75, false).as_deref(), Some("2026-03-31"));
        assert_eq!(shown(44_650.0, true).as_deref(), Some("2026-03-31"));
        assert_eq!(shown(-1.0, false), None);
        assert_eq!(shown(1e12, false), None);
    }

    #[test]
    fn numbers_are_as_they_are_shown() {
        for (number, text) in [(0.1 + 0.2, "0.3"), (1234.5, "1234.5"), (-0.0, "0"), (3.0, "3"), (1e-12, "0")]
        {
            assert_eq!(plain(number), Cell::Number(text.to_owned()));
        }
    }
}
