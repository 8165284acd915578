//! What the panel shows of a record, by its kind. One registry: whoever gives a kind its own sheet writes one line here.

use super::{actions, fields::Sheet, objectives, plain, register};
use leptos::prelude::*;
use workspace::Kind;

/// Fields, texts and links of the record.
pub(crate) fn content(sheet: Sheet) -> AnyView {
    match sheet.record.kind {
        Kind::Objective => objectives::sheet::sheet(sheet),
        Kind::Register => register::sheet::sheet(sheet),
        Kind::Action => actions::sheet::sheet(sheet),
        _ => plain::sheet(sheet),
    }
}
