//! Chance for the process, from the operating system.

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// The operating system gave no random numbers: nothing secret may be made.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random numbers: {0}")]
pub(crate) struct NoChance(#[from] getrandom::Error);

/// A cryptographic generator with a fresh seed.
pub(crate) fn generator() -> Result<ChaCha20Rng, NoChance> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    Ok(ChaCha20Rng::from_seed(seed))
}
