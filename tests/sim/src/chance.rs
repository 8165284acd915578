//! Chance, split by label: a draw more in one stream leaves every other stream as it was, so that a new fault does not
//! reshuffle what the people do.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// One stream of chance.
#[derive(Debug, Clone)]
pub(crate) struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of this name under this seed.
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        let mut key = [0_u8; 32];
        let (front, back) = key.split_at_mut(8);
        front.copy_from_slice(&seed.to_le_bytes());
        // FNV-1a over the label, once for each word of the key, so that labels of any length fill it.
        for (n, word) in (0_u64..).zip(back.chunks_mut(8)) {
            let start = 0xcbf2_9ce4_8422_2325_u64 ^ n;
            let hash = label
                .bytes()
                .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
            word.copy_from_slice(&hash.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// From 0 to `end`, which is not included.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end.max(1)
    }

    /// Both ends included.
    pub(crate) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True once in `n` times; never for 0.
    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        n > 0 && self.below(n) == 0
    }

    /// One of several.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        of.get(index)
    }
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }
}

/// Chance without a choice: always the same number.
pub(crate) struct Always(pub(crate) u32);

impl RngCore for Always {
    fn next_u32(&mut self) -> u32 {
        self.0
    }

    fn next_u64(&mut self) -> u64 {
        u64::from(self.0)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        out.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_do_not_disturb_each_other() {
        let draw = |stream: &mut Stream| (0..10).map(|_| stream.next_u64()).collect::<Vec<_>>();
        let alone = draw(&mut Stream::new(7, "people"));
        let mut other = Stream::new(7, "network");
        assert_ne!(draw(&mut other), alone);
        assert_eq!(draw(&mut Stream::new(7, "people")), alone);
        assert_ne!(draw(&mut Stream::new(8, "people")), alone);
    }
}
