//! Numbers written as the difference from the number before.

use super::Runs;
use crate::Rejection;

/// A column of ascending or descending numbers, all of them in `0..=max`.
#[derive(Clone, Debug)]
pub(crate) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    last: u32,
    max: u32,
}

impl<'a> Deltas<'a> {
    pub(crate) fn new(bytes: Option<&'a [u8]>, column: &'static str, rows_max: u64, max: u32) -> Self {
        Self { runs: Runs::new(bytes, column, rows_max), last: 0, max }
    }

    #[inline]
    fn add(&mut self, delta: i64) -> Result<u32, Rejection> {
        let value = i64::from(self.last).checked_add(delta).and_then(|value| u32::try_from(value).ok());
        let value = value.filter(|value| *value <= self.max);
        self.last = value.ok_or(Rejection::Counter { column: self.runs.column })?;
        Ok(self.last)
    }

    #[inline]
    pub(crate) fn nullable(&mut self) -> Result<Option<u32>, Rejection> {
        let delta = self.runs.nullable()?;
        delta.map(|delta| self.add(delta)).transpose()
    }

    #[inline]
    pub(crate) fn required(&mut self) -> Result<u32, Rejection> {
        let delta = self.runs.required()?;
        self.add(delta)
    }

    pub(crate) fn finish(&self) -> Result<(), Rejection> {
        self.runs.finish()
    }
}
