//! What comes into a workspace and what goes out of it.
//!
//! Coming in, a file goes through four values, each of which a screen can show and a person can change:
//!
//! 1. [`Table`] ([`read_table`]): the cells of a CSV or XLSX file, nothing understood yet.
//! 2. [`Mapping`] ([`Mapping::propose`]): which column is which field, what the words in it mean, how dates and numbers
//!    are written, who is who. [`Mapping::questions`] lists what the file alone does not say.
//! 3. [`Preview`] ([`preview`]): every row as the record it would become, with its problems and its duplicates.
//! 4. [`Import`] ([`Preview::import`]): one [`Act`](workspace::Act), so that it is one change and one undo.
//!
//! Going out: [`csv`](fn@csv) is one table per kind of record with stable headers and codes, which come in again
//! without loss; [`json::of`] is everything a workspace says; [`bundle::files`] is all of it and the document itself.
//! [`json::restore`] makes a document of that JSON.
//!
//! Files are written by strangers: they are bounded before they are read, and whatever is wrong with one is a sentence
//! that says where and who can mend it.

pub mod bundle;
mod cell;
mod column;
mod export;
pub mod json;
mod mapping;
mod preview;
mod restore;
mod table;
mod vocabulary;

pub use column::{Column, ParseColumnError, columns};
pub use export::{CsvStyle, csv};
pub use mapping::{DateOrder, DecimalMark, Mapping, OnDuplicate, Person, Question, Scale, WordRow, words};
pub use preview::{
    Counts, Does, Import, ImportError, Preview, PreviewRow, Problem, Source, Twin, Verdict, preview,
};
pub use restore::RestoreError;
pub use table::{Cell, Encoding, Format, ReadError, Row, Table, TableLimits, read_table};
