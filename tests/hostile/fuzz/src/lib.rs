//! Ties the targets of `hostile` to libFuzzer: each binary in `targets/` is the target of its name.
//!
//! libFuzzer asks the target for a mutant half of the time: its own know no checksum, and so get past none.

pub use libfuzzer_sys;

use forge::Chance;
use hostile::Target;
use std::sync::OnceLock;

/// The whole of a binary.
#[macro_export]
macro_rules! target {
    () => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::run(env!("CARGO_BIN_NAME"), data));
        $crate::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate(env!("CARGO_BIN_NAME"), data, size, max_size, seed)
        });
    };
}

fn target(name: &str) -> &'static Target {
    static TARGET: OnceLock<&'static Target> = OnceLock::new();
    TARGET.get_or_init(|| Target::named(name).expect("a binary for each target, and no others"))
}

/// One input.
pub fn run(name: &str, data: &[u8]) {
    let target = target(name);
    if data.len() <= target.bytes_max {
        (target.run)(data);
    }
}

/// Writes a mutant over an input; its length.
pub fn mutate(name: &str, data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut chance = Chance::new(seed.into());
    if size == 0 || chance.one_in(2) {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mutant = (target(name).mutate)(&data[..size], &mut chance);
    match data.get_mut(..mutant.len()).filter(|room| room.len() <= max_size) {
        Some(room) => {
            room.copy_from_slice(&mutant);
            mutant.len()
        }
        None => libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    }
}
