//! The simulation: everything that is not the operating system, in one process, from one seed.
//!
//! Real: the replicas (`client`) on the real workspace document, the relay (`relay`), its file (`store-redb` on a disk
//! in memory that can lose power). Simulated, in virtual time: browsers and their stores, links, clocks, people, and
//! the loop of the server, which is mirrored from `server/src/ws/hub.rs`.
//!
//! A run has two phases. In the first anything may break, and the promises that must hold at every moment are held
//! against what is really where, after every single event. In the second nothing fails any more: within bounds everybody
//! has everything, knows it, and is silent.
//!
//! A seed is split into labelled streams of chance. A failure prints its seed and the command that replays it. Every
//! seed that ever failed is kept in [`REGRESSIONS`], with its story.

mod agenda;
mod browser;
mod chance;
mod clock;
mod diagnosis;
mod happening;
mod link;
pub mod materialise;
mod options;
mod promise;
mod regressions;
mod run;
mod sabotage;
mod screen;
mod server;
mod tab;
mod trace;
mod world;

pub use promise::{Broken, Promise};
pub use regressions::{REGRESSIONS, Regression};
pub use run::{Run, Story, run, run_with};
pub use sabotage::Sabotage;
