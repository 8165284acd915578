//! When to dial again.
//!
//! A relay that restarts is dialled by everybody at once; jitter spreads them, and the exponent keeps a relay that
//! is gone for a day from being hammered for a day.

use rand_core::RngCore;

/// Ceiling of the wait before the first new attempt, in milliseconds.
pub const BACKOFF_FIRST_MS: u64 = 100;

/// Ceiling of every wait, in milliseconds.
pub const BACKOFF_MAX_MS: u64 = 30_000;

/// How long to wait before attempt number `attempt` (0 is the first one after a loss), in milliseconds.
///
/// The ceiling doubles with each attempt from [`BACKOFF_FIRST_MS`] to [`BACKOFF_MAX_MS`]; the wait is drawn evenly
/// from its upper half, so that it never collapses to nothing.
pub fn backoff(rng: &mut dyn RngCore, attempt: u32) -> u64 {
    let doubled = 1_u64.checked_shl(attempt.min(32)).unwrap_or(u64::MAX);
    let ceiling = BACKOFF_FIRST_MS.saturating_mul(doubled).min(BACKOFF_MAX_MS);
    let half = ceiling / 2;
    half + u64::from(rng.next_u32()) % (ceiling - half + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    proptest! {
        #[test]
        fn stays_between_half_of_the_ceiling_and_the_ceiling(seed: u64, attempt: u32) {
            let wait = backoff(&mut ChaCha8Rng::seed_from_u64(seed), attempt);
            let ceiling = (100_u128 << attempt.min(60)).min(30_000) as u64;
            prop_assert!(wait >= ceiling / 2 && wait <= ceiling, "attempt {attempt}: {wait} of {ceiling}");
        }

        #[test]
        fn one_seed_gives_one_wait(seed: u64, attempt in 0..40_u32) {
            let wait = || backoff(&mut ChaCha8Rng::seed_from_u64(seed), attempt);
            prop_assert_eq!(wait(), wait());
        }
    }

    #[test]
    fn two_devices_do_not_dial_together() {
        let waits: std::collections::BTreeSet<u64> =
            (0..50).map(|seed| backoff(&mut ChaCha8Rng::seed_from_u64(seed), 8)).collect();
        assert!(waits.len() > 40, "{} different waits of 50", waits.len());
    }
}
