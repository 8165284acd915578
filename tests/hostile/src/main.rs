//! `hostile`: seeds for the fuzzer, one input again, and mutants by the ten thousand.

use anyhow::{Context, Result, bail};
use hostile::{TARGETS, Target, mutants, replay};
use std::{io::Write, path::Path, time::Instant};

const HELP: &str = "\
hostile list                              the targets, and what each promises
hostile seeds FOLDER                      inputs from honest runs and what once broke something, a folder for each target;
                                          prints its name, the most bytes of an input, and how many there are
hostile try TARGET FILE…                  runs a target on these inputs
hostile mutants [--messages N] [--seeds N]   so many mutated messages from each seed, through relay and browser";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["list"] => {
            TARGETS.iter().try_for_each(|target| say(&format!("{:<14}{}", target.name, target.promise)))
        }
        ["seeds", folder] => seeds(Path::new(folder)),
        ["try", name, files @ ..] => {
            let target = Target::named(name).with_context(|| format!("there is no target {name}"))?;
            files.iter().try_for_each(|file| {
                let input = std::fs::read(file).with_context(|| format!("reading {file}"))?;
                (target.run)(&input);
                say(&format!("{file}: sound"))
            })
        }
        ["mutants", rest @ ..] => count_mutants(rest),
        [] | ["help" | "--help" | "-h"] => say(HELP),
        unknown => bail!("no such command: {}\n{HELP}", unknown.join(" ")),
    }
}

fn seeds(folder: &Path) -> Result<()> {
    for target in TARGETS {
        let folder = folder.join(target.name);
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let seeds = replay::inputs(target);
        for (number, seed) in seeds.iter().enumerate() {
            let file = folder.join(format!("seed-{number:04}"));
            std::fs::write(&file, seed).with_context(|| format!("writing {}", file.display()))?;
        }
        say(&format!("{} {} {}", target.name, target.bytes_max, seeds.len()))?;
    }
    Ok(())
}

fn count_mutants(mut words: &[&str]) -> Result<()> {
    let (mut messages, mut seeds) = (60_000, 3);
    while let [option, value, rest @ ..] = words {
        let value: usize = value.parse().with_context(|| format!("{option} takes a number, not {value}"))?;
        match *option {
            "--messages" => messages = value,
            "--seeds" => seeds = value as u64,
            unknown => bail!("no such option: {unknown}"),
        }
        words = rest;
    }
    if let [left] = words {
        bail!("{left} stands alone");
    }
    let mut all = mutants::Tally::default();
    for seed in 1..=seeds {
        let started = Instant::now();
        let tally = mutants::run(seed, messages);
        say(&format!("seed {seed}, {:.0} s\n{tally}", started.elapsed().as_secs_f64()))?;
        all.extend(tally);
    }
    say(&format!("all seeds\n{all}"))?;
    say(&format!("{:#?}", all.refused))?;
    say(&format!("panics of Automerge without the last two questions: {:#?}", all.accepted.panics))?;
    if !all.broken().is_empty() {
        say("a promise is broken")?;
        std::process::exit(1);
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{line}").context("writing to the terminal")
}
