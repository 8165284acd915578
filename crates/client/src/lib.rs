//! The replica of one workspace document on one device, sans-IO: what an app may ask of it, and nothing of how a
//! browser does it.
//!
//! Floor 3. The document (`workspace`), its session with the relay (`sync`), the bytes on this device (`store`) and
//! the honest words about all three ([`Status`]) meet in [`Replica`]. A driver owns the clock, chance, IndexedDB, the
//! socket and the channel between tabs; it feeds [`Event`]s and carries out [`Effect`]s.
//!
//! The rules of the room:
//! - *Paint first.* [`Replica::edit`] returns what changed on the screen in one synchronous call; disk and network
//!   follow as effects.
//! - *Saved means durable.* [`Status::saved_here`] is true only when every change is in a completed transaction, and
//!   [`Status::on_relay`] only when the relay's announced heads cover ours.
//! - *Opening never writes.* A replica that is only looked at leaves its store as it was.
//! - *An actor lives for one session of one tab.* It is drawn when the replica is made, and never stored.
//! - *A bad message costs the connection, never the document.*
//! - *Invariant:* no IO, no clock, no chance, no platform.

mod arrival;
mod compaction;
mod connection;
mod cx;
mod effect;
mod event;
mod opening;
mod presence;
mod reading;
mod replica;
mod settings;
mod status;
mod undo;
mod unsaved;
mod unsent;

pub use compaction::{INCREMENTALS_MAX, plan_compaction};
pub use cx::Cx;
pub use effect::{Disconnect, Effect};
pub use event::{Event, RequestId};
pub use opening::OpenReport;
pub use presence::{People, Person, Place, Tab};
pub use replica::{EditRefused, Replica, StillBorn};
pub use settings::Settings;
pub use status::{ConnectionState, Problem, Status};
pub use undo::{Left, Undone, WhyLeft};
