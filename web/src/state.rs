//! What screens know and what they may ask: the only door to the replica.
//!
//! [`Repo`] is the handle. It is given to the app as a context; screens read signals and call [`Repo::act`]. Nothing
//! of Automerge, IndexedDB or sockets comes through here.
//!
//! How a change reaches the screen: the replica hands over which records were touched ([`workspace::ViewDelta`]); the
//! [`Registry`](registry) sets the signals of exactly those. A record has one signal, holding the whole record behind
//! an `Arc`; a component that wants one field makes a memo of it.
//!
//! What many records add up to is a memo on [`Repo::pulse`], which waits for the paint and for pauses in writing.
//!
//! **Keystrokes.** Each input event becomes one change at once, with no waiting to gather more. The editor relies on
//! the document holding what was typed when [`Repo::act`] returns; colleagues' words then never meet words that exist
//! only in a text field; and the first keystroke is on its way to the disk in the task that handled it. Gathering
//! happens where it costs nothing: while one transaction is under way the next keystrokes share the next one.

mod device;
mod finder;
mod memory;
mod other_story;
mod past;
mod pulse;
mod registry;
mod repo;
mod session;
mod signals;
mod touches;

pub(crate) use {
    crate::platform::api::{Refusal, Session, Who, WorkspaceChoice},
    client::{ConnectionState, Person, Place, Problem, Status, Undone, WhyLeft},
    client::{EditRefused, Left},
    insight::search::{Hit, Place as Found},
    other_story::OtherStory,
    repo::Repo,
    session::SessionState,
};
