//! Who is here, and where.
//!
//! Presence is said and forgotten: it travels in ephemeral messages, never enters a document or a store, and is the
//! first thing dropped when a line is slow. It is keyed by member with the tabs inside, because a person with two tabs
//! and a phone is one person.
//!
//! When it is said: once after every handshake; again when somebody new is heard, so that two who arrive one after the
//! other know of each other; on every move, ten times a second at most; and as a heartbeat. A tab that knows of nobody
//! else is silent.

mod announcer;
mod message;
mod people;

pub(crate) use announcer::Announcer;
pub(crate) use message::{Kind, Said};
pub(crate) use people::Seen;
pub use people::{People, Person, Tab};

use workspace::RecordRef;

/// Where somebody is looking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The address within the app.
    pub route: String,
    /// The record that has the focus.
    pub record: Option<RecordRef>,
    /// The key of the field that has the focus.
    pub field: Option<String>,
    /// Where in the text of the field, in UTF-16 code units.
    pub caret: Option<u64>,
}
