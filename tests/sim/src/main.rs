//! `sim [--seeds N] [--from SEED]` runs seeds, `sim replay SEED` tells the whole story of one. `cargo xtask sim` is the
//! usual door.

use anyhow::{Context, Result, bail};
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

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => many(0, SEEDS),
        ["--seeds", count] => many(0, number(count)?),
        ["--seeds", count, "--from", from] => many(number(from)?, number(count)?),
        ["replay", seed] => replay(number(seed)?),
        unknown => bail!("usage: sim [--seeds N [--from SEED]] | replay SEED, not {}", unknown.join(" ")),
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

fn many(from: u64, count: u64) -> Result<()> {
    let started = Instant::now();
    let next = AtomicU64::new(from);
    let end = from.saturating_add(count);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let (mut failures, mut seen, mut lines) = (Vec::<Run>::new(), BTreeMap::<&str, u64>::new(), 0);
        while failures.len() < FAILURES_MAX {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break;
            }
            let run = run(seed, Story::Tail);
            lines += run.lines_total;
            for (what, times) in &run.seen {
                *seen.entry(what).or_default() += times;
            }
            if run.broken.is_some() {
                say(&run.to_string());
                failures.push(run);
            }
        }
        (failures, seen, lines)
    };
    let results: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let mut seen = BTreeMap::<&str, u64>::new();
    let (mut failed, mut lines) = (Vec::new(), 0);
    for (failures, saw, told) in results {
        failed.extend(failures.iter().map(|run| run.seed));
        saw.into_iter().for_each(|(what, times)| *seen.entry(what).or_default() += times);
        lines += told;
    }
    let seconds = started.elapsed().as_secs_f64();
    let rate = count as f64 / seconds.max(0.001);
    say(&format!("{seen:#?}"));
    say(&format!("{count} seeds in {seconds:.0} s ({rate:.1} a second), {lines} lines; failed: {failed:?}"));
    if failed.is_empty() { Ok(()) } else { bail!("{} seeds failed", failed.len()) }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A closed terminal is no reason to fail.
    let _ = writeln!(out, "{line}");
}
