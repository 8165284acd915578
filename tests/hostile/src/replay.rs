//! Runs a target over its seeds, mutants of them, and what once broke it, without libFuzzer.

use crate::{Target, memory::peak_of};
use forge::{Chance, mutate::disturb};
use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
};

/// What a replay did.
#[derive(Debug, Default, Clone, Copy)]
pub struct Replayed {
    /// Inputs.
    pub inputs: usize,
    /// Most bytes allocated at once for one of them.
    pub peak_bytes: usize,
}

/// Runs the target over its regressions, its seeds, and `mutants` mutants of those: half of them by the rules of the
/// target, half by any byte, each made of the one before as often as of a seed.
pub fn replay(target: &Target, seed: u64, mutants: usize) -> Replayed {
    let mut replayed = Replayed::default();
    let mut run = |input: &[u8]| {
        if input.len() <= target.bytes_max {
            let (done, peak) = peak_of(|| catch_unwind(AssertUnwindSafe(|| (target.run)(input))));
            if let Err(panic) = done {
                keep(target, input);
                resume_unwind(panic);
            }
            replayed.inputs += 1;
            replayed.peak_bytes = replayed.peak_bytes.max(peak);
        }
    };
    let pool = inputs(target);
    pool.iter().for_each(|input| run(input));
    let mut chance = Chance::new(seed);
    let mut last = chance.pick(&pool).clone();
    for _ in 0..mutants {
        if chance.one_in(2) {
            last.clone_from(chance.pick(&pool));
        }
        if chance.one_in(2) {
            last = (target.mutate)(&last, &mut chance);
        } else {
            disturb(&mut last, &mut chance);
        }
        run(&last);
    }
    replayed
}

/// Inputs that once broke the target, and its seeds.
pub fn inputs(target: &Target) -> Vec<Vec<u8>> {
    let mut inputs = regressions(target);
    inputs.extend((target.seeds)());
    inputs
}

/// Leaves an input that broke the target where somebody can try it again.
fn keep(target: &Target, input: &[u8]) {
    let file = std::env::temp_dir().join(format!("hostile-{}", target.name));
    if std::fs::write(&file, input).is_ok() {
        eprintln!("the input is in {0}: cargo run -p hostile -- try {1} {0}", file.display(), target.name);
    }
}

fn regressions(target: &Target) -> Vec<Vec<u8>> {
    let Ok(folder) = std::fs::read_dir(folder_of_regressions().join(target.name)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Where they are kept, in a folder for each target.
pub fn folder_of_regressions() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions")
}
