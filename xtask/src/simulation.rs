//! `cargo xtask sim`: the simulation, with a profile that is fast enough for thousands of seeds.

use crate::step;
use anyhow::Result;

/// `cargo xtask sim [--seeds N [--from SEED]] | replay SEED`
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    step::run(step::cargo().args(["run", "-q", "--profile", "sim", "-p", "sim", "--"]).args(arguments))
}
