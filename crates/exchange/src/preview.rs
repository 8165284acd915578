//! Every row as the record it would become, with what is wrong with it, before anything is written.

mod draft;
mod import;
mod reading;
mod twins;
mod update;

pub use import::{Import, ImportError, Source};

use crate::{Column, Mapping, OnDuplicate, Table};
use draft::Draft;
use reading::Reading;
use workspace::{RecordRef, View};

/// A table as records.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The rows, in the order of the table.
    pub rows: Vec<PreviewRow>,
    mapping: Mapping,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRow {
    /// Its number as a spreadsheet shows it.
    pub number: u32,
    /// What the record would be called; empty when the row does not say.
    pub title: String,
    /// What the row is.
    pub verdict: Verdict,
    /// What the import would do with it.
    pub does: Does,
    /// The values as they were read: codes, ISO days, references. For the screen.
    pub cells: Vec<(Column, String)>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    draft: Draft,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A new record.
    New,
    /// It looks like one there is already.
    Twin(Twin),
    /// No record can be made of it; its problems say why.
    Unreadable,
}

/// What a row looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// A record of the workspace: the same id, the same reference or the same title.
    Record(RecordRef),
    /// An earlier row of the file, by its number.
    Row(u32),
}

/// What an import does with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Makes a record.
    Create,
    /// Brings this record up to date.
    Update(RecordRef),
    /// Nothing.
    Nothing,
}

/// Something wrong with a row: where, what, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Row of the file.
    pub row: u32,
    /// Header of the column; `None` when it is about the row.
    pub column: Option<String>,
    /// What is wrong and what happens, as a sentence.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}", self.row)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column:?}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// How many rows are what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows with something in them.
    pub rows: usize,
    /// New records.
    pub new: usize,
    /// Rows that look like a record of the workspace.
    pub existing: usize,
    /// Rows that look like an earlier row of the file.
    pub repeated: usize,
    /// Rows of which no record can be made.
    pub unreadable: usize,
    /// Rows that are read, with something left out.
    pub with_problems: usize,
    /// Records that the import makes.
    pub creates: usize,
    /// Records that the import brings up to date.
    pub updates: usize,
}

/// Reads a table with a mapping, beside what the workspace has.
pub fn preview(table: &Table, mapping: &Mapping, view: &View) -> Preview {
    let reading = Reading::new(table, mapping, view);
    let mut rows: Vec<PreviewRow> = table.rows.iter().map(|row| reading.row(row)).collect();
    twins::find(&mut rows, mapping, view, &reading);
    for row in &mut rows {
        let wish = mapping.rows.get(&row.number).copied().unwrap_or(mapping.duplicates);
        row.does = match (row.verdict, wish) {
            (Verdict::Unreadable, _) | (Verdict::Twin(_), OnDuplicate::Skip) => Does::Nothing,
            (Verdict::New, _) | (Verdict::Twin(_), OnDuplicate::Create) => Does::Create,
            (Verdict::Twin(Twin::Record(record)), OnDuplicate::Update) => Does::Update(record),
            (Verdict::Twin(Twin::Row(_)), OnDuplicate::Update) => Does::Nothing,
        };
        if let Does::Update(record) = row.does {
            update::note_what_stays(row, record, view);
        }
    }
    Preview { rows, mapping: mapping.clone() }
}

impl Preview {
    /// How many rows are what.
    pub fn counts(&self) -> Counts {
        let count = |wanted: &dyn Fn(&PreviewRow) -> bool| self.rows.iter().filter(|row| wanted(row)).count();
        Counts {
            rows: self.rows.len(),
            new: count(&|row| row.verdict == Verdict::New),
            existing: count(&|row| matches!(row.verdict, Verdict::Twin(Twin::Record(_)))),
            repeated: count(&|row| matches!(row.verdict, Verdict::Twin(Twin::Row(_)))),
            unreadable: count(&|row| row.verdict == Verdict::Unreadable),
            with_problems: count(&|row| row.verdict != Verdict::Unreadable && !row.problems.is_empty()),
            creates: count(&|row| row.does == Does::Create),
            updates: count(&|row| matches!(row.does, Does::Update(_))),
        }
    }

    /// Everything that is wrong, row by row.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.rows.iter().flat_map(|row| &row.problems)
    }
}
