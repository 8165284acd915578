//! A token bucket over the time that is handed in.

use crate::config::Rate;
use ids::Timestamp;

/// Allows bursts, and so many over time.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    rate: Rate,
    tokens: u32,
    /// When the tokens were counted last.
    counted: Timestamp,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn new(rate: Rate, now: Timestamp) -> Self {
        Self { rate, tokens: rate.burst, counted: now }
    }

    /// Takes one token if there is one. A clock that steps back neither gives nor takes any.
    pub(crate) fn take(&mut self, now: Timestamp) -> bool {
        let every = self.rate.every_ms.max(1);
        let gained = now.millis_since(self.counted) / every;
        if gained > 0 {
            self.counted = self.counted.plus_millis(gained.saturating_mul(every));
            let gained = u32::try_from(gained).unwrap_or(u32::MAX);
            self.tokens = self.tokens.saturating_add(gained).min(self.rate.burst);
        } else if gained < 0 {
            self.counted = now;
        }
        let taken = self.tokens.checked_sub(1);
        self.tokens = taken.unwrap_or(0);
        taken.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_one_at_a_time() {
        let at = Timestamp::from_millis;
        let mut bucket = Bucket::new(Rate { burst: 3, every_ms: 100 }, at(0));
        let allowed = |bucket: &mut Bucket, now| (0..10).filter(|_| bucket.take(at(now))).count();
        assert_eq!(allowed(&mut bucket, 0), 3);
        assert_eq!(allowed(&mut bucket, 99), 0);
        assert_eq!(allowed(&mut bucket, 250), 2);
        assert_eq!(allowed(&mut bucket, 300), 1, "the half token of before is not lost");
        assert_eq!(allowed(&mut bucket, 100), 0, "a clock that steps back gives nothing");
        assert_eq!(allowed(&mut bucket, 200), 1, "and does not stop giving");
        assert_eq!(allowed(&mut bucket, 1_000_000), 3);
    }
}
