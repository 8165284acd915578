//! Chance for the whole process, seeded once from the operating system.

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

/// A secret of 32 random bytes as 43 characters (`a-zA-Z0-9_-`), to be shown once and kept only as a hash.
pub(crate) fn secret(rng: &mut dyn rand_core::RngCore) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    // 43 letters of 6 bits carry 258 bits.
    (0..43)
        .map(|_| {
            let letter = (rng.next_u32() & 63) as usize;
            char::from(ALPHABET.get(letter).copied().unwrap_or(b'A'))
        })
        .collect()
}
