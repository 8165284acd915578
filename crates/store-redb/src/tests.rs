//! Tests that reach behind the file's back: into its tables, and at its bytes.

mod conformance;
mod format_version;
mod golden;
mod inspection;
