//! A file as a table: cells with the row and column that a spreadsheet shows, nothing understood yet.

mod delimited;
mod encoding;
mod spreadsheet;

pub use encoding::Encoding;

use std::fmt;
use workspace::Date;

/// How much of a file is read. A leadership team's register has hundreds of rows; these bounds keep a hostile file
/// (an XLSX of 1 KB can unpack to a gigabyte) from taking the tab or the relay with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLimits {
    /// Bytes of the file.
    pub file_bytes: usize,
    /// Bytes that the parts of an XLSX file may unpack to, together.
    pub unpacked_bytes: u64,
    /// Rows, the header included.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Cells with something in them.
    pub cells: usize,
    /// Bytes of one cell.
    pub cell_bytes: usize,
}

impl Default for TableLimits {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 20,
            unpacked_bytes: 64 << 20,
            rows: 10_000,
            columns: 256,
            cells: 500_000,
            cell_bytes: 100_000,
        }
    }
}

/// A file as a table. The first row with something in it is the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the columns are called in the file.
    pub header: Vec<String>,
    /// The rows below, without the empty ones.
    pub rows: Vec<Row>,
    /// How the file was read.
    pub format: Format,
}

impl Table {
    /// Rows that are no wider than the header. In a wider one a delimiter stands in a text, and everything after it is
    /// in the wrong column.
    pub fn sound(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.width() <= self.header.len())
    }
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as a spreadsheet shows it, from 1; the header usually is 1.
    pub number: u32,
    /// Its cells. In a CSV file there may be fewer or more than the header has.
    pub cells: Vec<Cell>,
}

impl Row {
    /// How many cells it has up to the last with something in it.
    pub fn width(&self) -> usize {
        self.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
    }
}

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, not understood yet; everything in a CSV file is.
    Text(String),
    /// A number that a spreadsheet keeps as one, as plain decimal text.
    Number(String),
    /// A day that a spreadsheet keeps as one.
    Day(Date),
    /// A yes or no that a spreadsheet keeps as one.
    Flag(bool),
}

impl Cell {
    /// Whether nothing stands there, white space aside.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Day(_) | Self::Flag(_) => false,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) | Self::Number(text) => f.write_str(text.trim()),
            Self::Day(day) => day.fmt(f),
            Self::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
        }
    }
}

/// How a file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Text with a delimiter between cells.
    Csv {
        /// `,`, `;` or a tab.
        delimiter: char,
        /// What the bytes are.
        encoding: Encoding,
    },
    /// A sheet of an XLSX workbook.
    Xlsx {
        /// The sheet that was read.
        sheet: String,
        /// All sheets of the workbook.
        sheets: Vec<String>,
    },
}

/// A file that is not a table. Whoever chose the file can mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Larger than what is read.
    #[error("the file has more than {limit} {of}; split it and import the parts")]
    TooLarge {
        /// The limit.
        limit: u64,
        /// Of what.
        of: &'static str,
    },
    /// A cell holds more than a cell can.
    #[error("row {row}, column {column}: the cell has more than {limit} bytes; shorten it")]
    CellTooLarge {
        /// Row of the file.
        row: u32,
        /// Column, from 1.
        column: usize,
        /// The limit.
        limit: usize,
    },
    /// No header.
    #[error("the file is empty: the first row has to name the columns")]
    Empty,
    /// A quotation mark is opened and never closed.
    #[error("row {row}: a quotation mark is opened and never closed; close it or remove it")]
    OpenQuote {
        /// Row of the file.
        row: u32,
    },
    /// Not an XLSX workbook, although it begins like one.
    #[error(
        "the workbook cannot be read ({why}); open it in a spreadsheet program and save it again as XLSX or CSV"
    )]
    Workbook {
        /// What was found.
        why: String,
    },
    /// The workbook has no such sheet.
    #[error("the workbook has no sheet {wanted:?}; it has {}", .there.join(", "))]
    NoSuchSheet {
        /// The sheet asked for.
        wanted: String,
        /// Those there are.
        there: Vec<String>,
    },
    /// A kind of file that is not read.
    #[error("this is {what}, which is not read; save it as XLSX or CSV")]
    Unsupported {
        /// What it is.
        what: &'static str,
    },
}

/// Reads a CSV or XLSX file; which of the two is seen from its first bytes. `sheet` chooses one of a workbook, the
/// first one otherwise.
///
/// # Errors
/// [`ReadError`] says what is wrong and where.
pub fn read_table(bytes: &[u8], sheet: Option<&str>, limits: &TableLimits) -> Result<Table, ReadError> {
    if bytes.len() > limits.file_bytes {
        return Err(ReadError::TooLarge { limit: limits.file_bytes as u64, of: "bytes" });
    }
    let table = if bytes.starts_with(b"PK\x03\x04") {
        spreadsheet::read(bytes, sheet, limits)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(ReadError::Unsupported { what: "an old Excel workbook or one with a password" });
    } else if bytes.starts_with(b"%PDF") {
        return Err(ReadError::Unsupported { what: "a PDF" });
    } else {
        delimited::read(bytes, limits)?
    };
    Ok(table)
}

/// The table of numbered rows: the first is the header. Rows without content are left out.
fn assemble(
    rows: impl IntoIterator<Item = Row>,
    format: Format,
    limits: &TableLimits,
) -> Result<Table, ReadError> {
    let mut rows = rows.into_iter().filter(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    let header = rows.next().ok_or(ReadError::Empty)?;
    let rows: Vec<Row> = rows.collect();
    if rows.len() >= limits.rows {
        return Err(ReadError::TooLarge { limit: limits.rows as u64, of: "rows" });
    }
    let mut header: Vec<String> = header.cells.iter().map(Cell::to_string).collect();
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    if header.len() > limits.columns {
        return Err(ReadError::TooLarge { limit: limits.columns as u64, of: "columns" });
    }
    Ok(Table { header, rows, format })
}
