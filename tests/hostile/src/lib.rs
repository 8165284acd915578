//! What hostile peers, and disks that err, send to whatever reads bytes.
//!
//! - [`TARGETS`]: one for every decoder, and for the relay and the replica as a whole. A target takes any bytes, and
//!   panics when a promise is broken. `tests/hostile/fuzz` gives them to libFuzzer (`cargo xtask fuzz`); a quick replay
//!   of seeds and mutants of them is an ordinary test, so that no target can rot.
//! - [`mutants`]: honest messages by the ten thousand, one thing in each something else, through everything a message
//!   has to pass (`cargo xtask mutants`).
//!
//! Seeds are not kept: they are made anew from honest runs, always the same. What is kept are inputs that once broke
//! something (`regressions/`, by target).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a broken promise is told here"
)]

pub mod memory;
pub mod mutants;
mod oracle;
mod relayed;
pub mod replay;
mod script;
mod stories;
mod tab;
mod target;
mod targets;

pub use target::{TARGETS, Target};
