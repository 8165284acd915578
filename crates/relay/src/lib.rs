//! The relay, sans-IO: it keeps changes, not documents.
//!
//! Floor 3. A relay receives the changes of each member of a workspace, makes them durable, and passes them on to the
//! others. For that it needs their hashes, their dependencies and their bytes, and where each operation is, so that
//! none refers to what is not there ([`guard::Places`]); it never needs to know what they say, and Automerge is not
//! among what this crate may import. Two things need it all the same, compacting a document and
//! taking a whole-document chunk apart: they are asked for as [`Effect::Compact`] and [`Effect::Split`] and happen
//! outside, guarded. What takes long and needs no engine, reading where the operations of a document are, happens
//! outside as well ([`Effect::Locate`]), and only when somebody writes.
//!
//! The promises, each with a test of its own:
//! - *Durable before announced.* No peer hears of a change, and none is acknowledged, before the store has it.
//! - *An answer costs only its sender.* What a message costs does not depend on how many others listen.
//! - *Pull, not push.* Frames are made when a socket can take them; a slow peer costs a flag.
//! - *Quiet when done.* When everybody has everything, nobody says anything.
//! - *Whoever breaks a rule pays.* A bad frame, an impossible change or a limit passed costs its sender the
//!   connection, and nobody else notices.
//! - *Nobody gets what breaks a document.* Every change that is passed on comes after its past, and everything that it
//!   refers to is there. What is found on the disk and is not so is reported, and stays there.
//! - *Access comes first.* A document of another workspace and one that does not exist get the same answer.
//! - *Same events, same effects.* No clock, no chance, no iteration order: one seed replays everything.
//!
//! # Driving it
//! One task owns the [`Relay`] and feeds it [`Event`]s one after the other; after each it carries out the effects in
//! their order. Every effect with a [`RequestId`] is answered by one event with the same id.
//!
//! The outbox of a socket needs room for [`Config::window_frames`] frames and a few more (a closing error message
//! comes on top). The relay hands over at most that many, then waits. Whenever the outbox has become empty and
//! something was sent since the last time, the server says [`Event::Writable`], once: the whole window is free again.
//! If more was sent between the last frame that left and the moment the event is handled, it is not said: the outbox is
//! not empty any more.

mod bucket;
mod compaction;
mod config;
mod connection;
mod document;
mod effect;
mod event;
mod figures;
mod index;
mod presence;
mod principal;
mod relay;
mod report;
mod rooms;
mod schedule;
mod turn;
mod window;
mod workspaces;

pub use compaction::{Compacted, CompactionError};
pub use config::{Config, Rate};
pub use document::{Content, Located, Stored};
pub use effect::{CloseReason, Effect, Receipt, Registration, Write};
pub use event::{Event, Found, RequestId, SplitError, WriteError};
pub use figures::Figures;
pub use index::{Index, IndexError, IndexedChange};
pub use principal::{Access, Address, Principal};
pub use relay::{Cx, Relay};
pub use report::Report;
