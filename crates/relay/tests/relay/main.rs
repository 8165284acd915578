//! The relay with stock Automerge clients, a store in memory, and a network that can be told what to do.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests lean on may fail like a test"
)]

mod access;
mod admission;
mod client;
mod cold_join;
mod compaction;
mod converge;
mod durability;
mod flow;
mod loading;
mod locating;
mod presence;
mod references;
mod simulation;
mod storage;
mod world;
