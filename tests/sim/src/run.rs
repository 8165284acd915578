//! One run: a time in which anything may break, then healing, then silence.

use crate::{
    Promise, Sabotage,
    promise::{Broken, Outcome},
    trace::Trace,
    world::World,
};
use std::{
    collections::BTreeMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// How a run went.
#[derive(Debug)]
pub struct Run {
    /// What made it.
    pub seed: u64,
    /// The promise that did not hold, if any.
    pub broken: Option<Broken>,
    /// Equal for equal runs.
    pub digest: u64,
    /// The end of the story, or all of it.
    pub lines: Vec<String>,
    /// How long the whole story is.
    pub lines_total: usize,
    /// How often what happened.
    pub seen: BTreeMap<&'static str, u64>,
}

/// How much of the story to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Story {
    /// The last lines.
    Tail,
    /// Every line.
    Whole,
}

/// Runs a seed.
pub fn run(seed: u64, story: Story) -> Run {
    run_with(seed, None, story)
}

/// Runs a seed in a world with one rule broken on purpose.
pub fn run_with(seed: u64, sabotage: Option<Sabotage>, story: Story) -> Run {
    let mut world = match World::new(seed, sabotage, Trace::new(story == Story::Whole)) {
        Ok(world) => world,
        Err(broken) => return Run::without_a_world(seed, broken),
    };
    let broken = match catch_unwind(AssertUnwindSafe(|| live(&mut world))) {
        Ok(Ok(())) => None,
        Ok(Err(broken)) => Some(broken),
        Err(panic) => Some(Broken { promise: Promise::NoPanic, how: words(&*panic) }),
    };
    Run {
        seed,
        broken,
        digest: world.trace.digest(),
        lines_total: world.trace.count(),
        seen: std::mem::take(&mut world.seen),
        lines: world.trace.into_lines(),
    }
}

fn live(world: &mut World) -> Outcome {
    world.run_until(world.options.safety_ms)?;
    world.heal()?;
    world.converge()?;
    world.stay_quiet()?;
    world.nothing_is_lost()
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}

impl Run {
    fn without_a_world(seed: u64, broken: Broken) -> Self {
        let (lines, seen) = (Vec::new(), BTreeMap::new());
        Self { seed, broken: Some(broken), digest: 0, lines, lines_total: 0, seen }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        match &self.broken {
            Some(Broken { promise, how }) => write!(
                f,
                "seed {}: the promise \"{promise}\" does not hold: {how}\nreplay it with: cargo xtask sim replay {}",
                self.seed, self.seed
            ),
            None => write!(f, "seed {}: every promise held, {} lines", self.seed, self.lines_total),
        }
    }
}
