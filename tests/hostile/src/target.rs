//! What a fuzz target is.

use crate::targets;
use forge::Chance;

/// A decoder, or something larger that takes bytes of others, and what it promises about any bytes.
pub struct Target {
    /// Its name, that of the binary in `tests/hostile/fuzz`.
    pub name: &'static str,
    /// What it reads, and what must hold.
    pub promise: &'static str,
    /// Longest input that is tried, in bytes.
    pub bytes_max: usize,
    /// Inputs from honest runs, the same each time.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Takes any bytes; panics when the promise does not hold.
    pub run: fn(&[u8]),
    /// An input like another, with lengths and checksums that are right as far as they are known.
    pub mutate: fn(&[u8], &mut Chance) -> Vec<u8>,
}

/// Every target there is.
pub const TARGETS: &[Target] = &[
    targets::frame::TARGET,
    targets::message::TARGET,
    targets::bloom::TARGET,
    targets::chunks::TARGET,
    targets::follow::TARGET,
    targets::snapshot::TARGET,
    targets::index::TARGET,
    targets::stored::TARGET,
    targets::directory::TARGET,
    targets::relay_peer::TARGET,
    targets::relay_disk::TARGET,
    targets::client_relay::TARGET,
    targets::client_disk::TARGET,
    targets::presence::TARGET,
    targets::view::TARGET,
    targets::texts::TARGET,
];

impl Target {
    /// The target of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }
}
