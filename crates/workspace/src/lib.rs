//! What a workspace document means.
//!
//! A workspace is one Automerge document that many people edit at once, most of the time apart. This room knows its
//! records, what two concurrent writes to each field mean, and nothing of disks, sockets or screens:
//!
//! - [`new_document`] and [`load`] open a document; it always begins with the same frozen [`genesis`] change.
//! - [`schema`] says as data which fields a [`Kind`] of record has, how each is kept and which of several concurrent
//!   values counts until a person has chosen.
//! - [`apply`] turns an [`Act`] (one or more [`Edit`]s) into one change, or refuses it whole.
//! - [`acts`] are the acts that take more than one edit, or a rule to get right, ready to be applied.
//! - [`View`] is the document as plain values; a [`ViewDelta`] brings it up to date. Law: an updated view equals a
//!   view read afresh.
//! - [`lens`] reads typed records out of a view; [`health`] computes how objectives are doing.
//!
//! Rules are enforced when an edit is made and *re-checked by everyone on read*: any peer can write anything, so reading
//! tolerates everything and shows what is odd instead of repairing it silently.

pub mod acts;
mod apply;
pub mod canonical;
mod date;
mod decimal;
mod delta;
mod document;
mod edit;
mod field;
pub mod genesis;
pub mod health;
pub mod history;
mod kind;
pub mod lens;
mod note;
pub mod order;
mod period;
mod refusal;
mod scalar;
pub mod schema;
mod view;

pub use apply::{Applied, accepts, apply};
pub use date::{Date, ParseDateError};
pub use decimal::{Decimal, ParseDecimalError};
pub use delta::{Origin, TextSplice, ViewDelta, delta, delta_since};
pub use document::{LoadError, engine_hash, engine_heads, heads, load, new_document};
pub use edit::{Act, Author, Edge, Edit, Initial, ParseEdgeError, Relation, review_inputs};
pub use field::Field;
pub use kind::{Kind, ParseRecordRefError, RecordRef};
pub use note::ChangeNote;
pub use period::{ParsePeriodError, Period};
pub use refusal::{EditError, Refusal};
pub use scalar::Scalar;
pub use view::{Damage, Device, Edges, Record, Register, Value, View};
