//! What the records of a workspace add up to.
//!
//! Everything here is computed from a [`View`](workspace::View) and a day, the same on every device; nothing is stored,
//! nothing is closed and nobody is ranked by it. It asks questions; people decide.
//!
//! - [`AsOf`] is a view on a day, with what the rules need at hand. Start here.
//! - [`findings`] are rules that are detected, not prevented: what is odd with a record, and what can be done about it.
//! - [`chain`] follows direction → objectives → uncertainty → action and names its gaps.
//! - [`mine`] is what a member owns, what waits for them, and how ownership is spread.
//! - [`changed`] tells in sentences what differs between two states.
//! - [`search`] finds records by their words, offline.
//! - [`links`] are the connections of records, with the shortest way between two.
//! - [`edition`] says which clauses of the standard a record may serve as evidence for.

mod as_of;
pub mod chain;
pub mod changed;
pub mod edition;
pub mod findings;
pub mod links;
pub mod mine;
pub mod search;
mod words;

pub use as_of::AsOf;
