//! What happened, line by line: the tail for a failure, all of it on replay, and a digest to compare two runs.

use crate::agenda::Moment;
use std::{collections::VecDeque, fmt};

const TAIL: usize = 60;

/// The story of one run.
#[derive(Debug)]
pub(crate) struct Trace {
    lines: VecDeque<String>,
    whole: bool,
    count: usize,
    digest: u64,
}

impl Trace {
    /// `whole` keeps every line.
    pub(crate) fn new(whole: bool) -> Self {
        Self { lines: VecDeque::new(), whole, count: 0, digest: 0xcbf2_9ce4_8422_2325 }
    }

    pub(crate) fn note(&mut self, now: Moment, what: fmt::Arguments<'_>) {
        let line = format!("{:>4}.{:03} {what}", now / 1000, now % 1000);
        self.digest = line
            .bytes()
            .fold(self.digest, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        self.count += 1;
        if !self.whole && self.lines.len() == TAIL {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    /// Equal for equal stories.
    pub(crate) fn digest(&self) -> u64 {
        self.digest
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines.into()
    }
}
