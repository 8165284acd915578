//! `sim [--seeds N] [--from SEED] [--once]` runs seeds, `sim replay SEED` tells the whole story of one. `cargo xtask sim`
//! is the usual door.
//!
//! Every seed is run twice, and both runs must tell the same story: a seed that cannot be replayed proves nothing.
//! `--once` spares the second run.

use anyhow::{Context, Result, anyhow, bail, ensure};
use sim::{Run, Story, run};
use std::{
    collections::BTreeMap,
    io::Write,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

const SEEDS: u64 = 3_000;
/// After so many failures the rest would tell nothing new.
const FAILURES_MAX: usize = 5;
/// Says how far it is after so many seeds: thousands take a while.
const PROGRESS: u64 = 100;
const USAGE: &str = "usage: sim [--seeds N] [--from SEED] [--once] | replay SEED";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["replay", seed] => replay(number(seed)?),
        options => many(&Many::read(options)?),
    }
}

/// Which seeds, and how often each.
struct Many {
    from: u64,
    count: u64,
    twice: bool,
}

impl Many {
    fn read(mut words: &[&str]) -> Result<Self> {
        let mut many = Self { from: 0, count: SEEDS, twice: true };
        loop {
            words = match words {
                [] => return Ok(many),
                ["--seeds", count, rest @ ..] => {
                    many.count = number(count)?;
                    rest
                }
                ["--from", from, rest @ ..] => {
                    many.from = number(from)?;
                    rest
                }
                ["--once", rest @ ..] => {
                    many.twice = false;
                    rest
                }
                unknown => bail!("{USAGE}, not {}", unknown.join(" ")),
            };
        }
    }
}

fn number(text: &str) -> Result<u64> {
    let parsed = match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.parse(),
    };
    parsed.with_context(|| format!("{text} is not a number"))
}

fn replay(seed: u64) -> Result<()> {
    let run = run(seed, Story::Whole);
    say(&run.to_string());
    if run.broken.is_some() { bail!("seed {seed} fails") } else { Ok(()) }
}

/// What one thread has run.
#[derive(Default)]
struct Tally {
    failed: Vec<u64>,
    seen: BTreeMap<&'static str, u64>,
    lines: usize,
    runs: u64,
}

impl Tally {
    /// Runs a seed; a failure is told at once, with the command that replays it.
    fn add(&mut self, seed: u64, twice: bool) {
        let first = run(seed, Story::Tail);
        self.lines += first.lines_total;
        self.runs += 1;
        for (what, times) in &first.seen {
            *self.seen.entry(what).or_default() += times;
        }
        if first.broken.is_some() {
            say(&first.to_string());
            self.failed.push(seed);
        } else if twice {
            let second = run(seed, Story::Tail);
            self.runs += 1;
            if facts(&first) != facts(&second) {
                say(&format!("first:\n{first}\nsecond:\n{second}"));
                say(&format!(
                    "seed {seed} tells two stories; run it with: cargo xtask sim --from {seed} --seeds 1"
                ));
                self.failed.push(seed);
            }
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.failed.extend(other.failed);
        other.seen.into_iter().for_each(|(what, times)| *self.seen.entry(what).or_default() += times);
        self.lines += other.lines;
        self.runs += other.runs;
        self
    }
}

/// What two runs of a seed must have in common.
fn facts(run: &Run) -> (u64, usize, &Option<sim::Broken>, &BTreeMap<&'static str, u64>) {
    (run.digest, run.lines_total, &run.broken, &run.seen)
}

fn many(asked: &Many) -> Result<()> {
    let started = Instant::now();
    let next = AtomicU64::new(asked.from);
    let end = asked.from.saturating_add(asked.count);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut tally = Tally::default();
        while tally.failed.len() < FAILURES_MAX {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break;
            }
            tally.add(seed, asked.twice);
            let done = seed - asked.from + 1;
            if done.is_multiple_of(PROGRESS) {
                say(&format!(
                    "seed {seed}: about {done} of {}, {:.0} s",
                    asked.count,
                    started.elapsed().as_secs_f64()
                ));
            }
        }
        tally
    };
    let total = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().try_fold(Tally::default(), |total, thread| {
            let tally =
                thread.join().map_err(|_| anyhow!("a thread of the simulation itself has panicked"))?;
            anyhow::Ok(total.join(tally))
        })
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let rate = total.runs as f64 / seconds.max(0.001);
    say(&format!("{:#?}", total.seen));
    say(&format!(
        "{} seeds, {} runs in {seconds:.0} s ({rate:.1} a second), {} lines; failed: {:?}",
        asked.count, total.runs, total.lines, total.failed
    ));
    ensure!(total.failed.is_empty(), "{} seeds failed", total.failed.len());
    Ok(())
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A closed terminal is no reason to fail.
    let _ = writeln!(out, "{line}");
}
