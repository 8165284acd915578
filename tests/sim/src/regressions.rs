//! Seeds that once failed, each with its story. They are run for ever.

/// A seed that failed.
#[derive(Debug)]
pub struct Regression {
    /// The seed.
    pub seed: u64,
    /// What it found, and what was done about it.
    pub story: &'static str,
}

/// All of them. A change of the simulation may give a seed another fate; its story then lives in the minimal test that
/// it names.
pub const REGRESSIONS: &[Regression] = &[];
