//! Why an edit was refused.

use crate::{Field, RecordRef, schema::Mark};

/// An act that was not done. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// One edit of the act cannot be done; the person (or the screen) can change it.
    #[error("edit {edit} of {}{}: {why}", subject(.record.as_ref()), of_field(.field.as_ref()))]
    Refused {
        /// Which edit of the act, counted from 0.
        edit: usize,
        /// The record it was about.
        record: Option<RecordRef>,
        /// The field it was about.
        field: Option<Field>,
        /// Why.
        why: Refusal,
    },
    /// The document needs a newer version of the product to be written to.
    #[error("this workspace needs schema {needed}, this version writes schema {ours}: please update")]
    NeedsNewerVersion {
        /// `meta.minWriter` of the document.
        needed: i64,
        /// What this build writes.
        ours: i64,
    },
    /// The document has none of the containers every workspace starts with.
    #[error("this document did not grow from a workspace: {0:?} is missing or not a map")]
    NotAWorkspace(&'static str),
    /// The engine refused; a defect of ours.
    #[error("the document engine refused the change: {0}")]
    Engine(String),
}

/// Why one edit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such record in the document.
    #[error("there is no such record")]
    NoSuchRecord,
    /// A record of this id exists already; ids are fresh.
    #[error("there is a record of this id already")]
    Exists,
    /// Singletons are part of every document: never created or deleted.
    #[error("this record is part of every workspace")]
    Singleton,
    /// The kind has no such field.
    #[error("records of this kind have no such field")]
    NoSuchField,
    /// The field is kept in another way than this edit writes.
    #[error("the field is a {mark:?}, which this edit does not write")]
    WrongMark {
        /// How it is kept.
        mark: Mark,
    },
    /// Not a value this field can hold.
    #[error("expected {expected}, got {got}")]
    WrongValue {
        /// What the field holds, in words.
        expected: String,
        /// The value, shortened.
        got: String,
    },
    /// Longer than the field allows.
    #[error("at most {max} {unit}, this has {len}")]
    TooLong {
        /// Length found.
        len: usize,
        /// Length allowed.
        max: usize,
        /// Of what.
        unit: &'static str,
    },
    /// The field is written when the record is created and never again.
    #[error("the field is written once, when the record is created")]
    WrittenOnce,
    /// The product writes this field by itself.
    #[error("the field is written by {0}")]
    WrittenBy(&'static str),
    /// The range lies outside the text or splits a character.
    #[error("no such range in a text of {len} UTF-16 code units")]
    NoSuchRange {
        /// Length of the text.
        len: usize,
    },
    /// The life cycle does not lead from here to there.
    #[error("cannot go from {from} to {to}")]
    NoSuchMove {
        /// The state shown.
        from: String,
        /// The state asked for.
        to: String,
    },
    /// The kind has no life cycle.
    #[error("records of this kind have no life cycle")]
    NoLifecycle,
    /// The record is not deleted (restore), or deleted already (delete).
    #[error("the record is {0}")]
    Deletion(&'static str),
    /// An entry of this id exists already.
    #[error("there is an entry of this id already")]
    EntryExists,
    /// What the document holds there is not what the schema says; a person has to look at it.
    #[error("the document holds something else there: {0}")]
    Damaged(&'static str),
    /// A link from a record to itself.
    #[error("a record is not linked to itself")]
    SelfLink,
}

fn subject(record: Option<&RecordRef>) -> String {
    record.map_or_else(|| "the workspace".to_owned(), ToString::to_string)
}

fn of_field(field: Option<&Field>) -> String {
    field.map_or_else(String::new, |field| format!(".{field}"))
}
