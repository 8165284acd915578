//! The replica in a small world: a relay that is a stock Automerge peer, disks that fail and lose power, lines that
//! are cut, tabs that share a disk. Time and chance are the test's.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests are tests"
)]

mod compaction;
mod connection;
mod disk;
mod honesty;
mod opening;
mod our_relay;
mod presence;
mod relay;
mod story;
mod tabs;
mod undo;
mod world;
