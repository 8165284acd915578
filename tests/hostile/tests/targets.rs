//! Every target on its seeds and on some thousand mutants of them. `cargo xtask fuzz` does it for longer, and better.

#![expect(clippy::unwrap_used, reason = "a target that is not there fails its test")]

use hostile::{Target, replay::replay};
use std::sync::Mutex;

/// What is allocated is counted for the whole process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// More than any honest input takes, and much less than a hostile one would like to.
const BYTES_MAX: usize = 256 << 20;

fn holds(name: &str, mutants: usize) {
    let _alone = ONE_AT_A_TIME.lock();
    let target = Target::named(name).unwrap();
    let replayed = replay(target, 1, mutants);
    assert!(replayed.inputs > mutants / 2, "{replayed:?}");
    assert!(replayed.peak_bytes < BYTES_MAX, "{replayed:?}");
}

macro_rules! targets {
    ($($name:ident: $mutants:literal,)*) => {
        $(#[test] fn $name() { holds(stringify!($name), $mutants); })*

        #[test]
        fn none_is_missing() {
            let here = [$(stringify!($name)),*];
            assert!(hostile::TARGETS.iter().all(|target| here.contains(&target.name)));
        }
    };
}

targets! {
    frame: 4_000,
    message: 3_000,
    bloom: 4_000,
    chunks: 1_500,
    follow: 1_000,
    snapshot: 600,
    index: 4_000,
    stored: 4_000,
    directory: 300,
    relay_peer: 150,
    relay_disk: 150,
    client_relay: 300,
    client_disk: 60,
    presence: 1_000,
    view: 200,
    texts: 4_000,
}
