//! What the panel shows of a record, by its kind. One registry: whoever gives a kind its own sheet writes one line here.

use super::{actions, direction, fields::Sheet, means, objectives, people, plain, register};
use leptos::prelude::*;
use workspace::Kind;

/// Fields, texts and links of the record.
pub(crate) fn content(sheet: Sheet) -> AnyView {
    match sheet.record.kind {
        Kind::Objective => objectives::sheet::sheet(sheet),
        Kind::Kpi => objectives::kpi::sheet(sheet),
        Kind::Register => register::sheet::sheet(sheet),
        Kind::Action => actions::sheet::sheet(sheet),
        Kind::Direction => direction::sheets::direction(sheet),
        Kind::Goal => direction::sheets::goal(sheet),
        Kind::Policy => direction::sheets::policy(sheet),
        Kind::Commitment => direction::sheets::promise(sheet),
        Kind::Issue => direction::sheets::issue(sheet),
        Kind::Party => direction::sheets::party(sheet),
        Kind::Requirement => direction::sheets::requirement(sheet),
        Kind::Need => means::sheets::need(sheet),
        Kind::Grant => means::sheets::grant(sheet),
        Kind::Seat => means::sheets::seat(sheet),
        Kind::Handover => means::sheets::handover(sheet),
        Kind::Member => people::sheets::member(sheet),
        _ => plain::sheet(sheet),
    }
}
