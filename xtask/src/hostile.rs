//! `cargo xtask fuzz` and `cargo xtask mutants`: what hostile peers and damaged disks send, for as long as one likes.

use crate::step;
use anyhow::{Context, Result, bail};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Most memory that a target may take, in MiB: what a run of libFuzzer takes by itself, and one input at its worst.
const RSS_LIMIT_MIB: u64 = 2_048;
/// Longest that one input may take, in seconds.
const TIMEOUT_SECS: u64 = 25;

/// A target as `hostile seeds` tells of it.
struct Target {
    name: String,
    bytes_max: u64,
}

/// What a run of a target came to.
struct Outcome {
    name: String,
    executions: u64,
    corpus: usize,
    peak_mib: u64,
    crashes: Vec<PathBuf>,
}

/// `cargo xtask mutants [--messages N] [--seeds N]`
pub(crate) fn mutants(arguments: &[&str]) -> Result<()> {
    step::run(
        step::cargo().args(["run", "-q", "--release", "-p", "hostile", "--", "mutants"]).args(arguments),
    )
}

/// `cargo xtask fuzz [TARGET…] [--minutes N] | list`
pub(crate) fn fuzz(arguments: &[&str]) -> Result<()> {
    if arguments == ["list"] {
        return step::run(hostile().arg("list"));
    }
    let (wanted, minutes) = read(arguments)?;
    let folder = step::target_dir().join("fuzz");
    let targets = seeds(&folder.join("seeds"))?;
    if let Some(unknown) = wanted.iter().find(|name| !targets.iter().any(|target| target.name == **name)) {
        let known: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        bail!("no such target: {unknown} (there are: {})", known.join(" "));
    }
    let chosen = |target: &&Target| wanted.is_empty() || wanted.contains(&target.name.as_str());
    let chosen: Vec<&Target> = targets.iter().filter(chosen).collect();
    build(&folder, &chosen)?;
    let outcomes: Vec<Outcome> =
        chosen.iter().map(|target| run(&folder, target, minutes)).collect::<Result<_>>()?;
    step::say(&format!(
        "\n{:<16}{:>12}{:>9}{:>10}{:>9}",
        "target", "executions", "corpus", "peak MiB", "crashes"
    ));
    for Outcome { name, executions, corpus, peak_mib, crashes } in &outcomes {
        step::say(&format!("{name:<16}{executions:>12}{corpus:>9}{peak_mib:>10}{:>9}", crashes.len()));
    }
    let crashes: Vec<&PathBuf> = outcomes.iter().flat_map(|outcome| &outcome.crashes).collect();
    for crash in &crashes {
        step::say(&format!("CRASH {}", crash.display()));
    }
    if crashes.is_empty() { Ok(()) } else { bail!("{} inputs broke a promise", crashes.len()) }
}

fn read<'a>(arguments: &[&'a str]) -> Result<(Vec<&'a str>, f64)> {
    let (mut wanted, mut minutes) = (Vec::new(), 1.0);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "--minutes" => {
                let value = words.next().context("--minutes takes a number")?;
                minutes = value.parse().with_context(|| format!("--minutes takes a number, not {value}"))?;
            }
            option if option.starts_with('-') => bail!("no such option: {option}"),
            name => wanted.push(name),
        }
    }
    Ok((wanted, minutes))
}

fn hostile() -> Command {
    let mut command = step::cargo();
    command.args(["run", "-q", "--profile", "sim", "-p", "hostile", "--"]);
    command
}

/// Inputs from honest runs, in a folder for each target.
fn seeds(folder: &Path) -> Result<Vec<Target>> {
    let (printed, succeeded) = step::run_and_read(hostile().arg("seeds").arg(folder))?;
    if !succeeded {
        bail!("the seeds could not be made");
    }
    let target = |line: &str| {
        let mut words = line.split_whitespace();
        Some(Target { name: words.next()?.to_owned(), bytes_max: words.next()?.parse().ok()? })
    };
    printed.lines().map(target).collect::<Option<_>>().context("`hostile seeds` printed something else")
}

/// Builds the targets with what libFuzzer needs. The compiler is the stable one, which is told to take the flags of an
/// unstable one.
fn build(folder: &Path, targets: &[&Target]) -> Result<()> {
    if !step::is_installed("cargo-fuzz") {
        step::run(step::cargo().args(["install", "cargo-fuzz", "--locked"]))?;
    }
    for target in targets {
        step::run(
            step::cargo()
                .args(["fuzz", "build", "--fuzz-dir", "tests/hostile/fuzz", "-O", "--sanitizer", "none"])
                .arg(&target.name)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_DIR", folder.join("build")),
        )?;
    }
    Ok(())
}

fn run(folder: &Path, target: &Target, minutes: f64) -> Result<Outcome> {
    let (name, bytes_max) = (&target.name, target.bytes_max);
    let (corpus, artifacts) = (folder.join("corpus").join(name), folder.join("crashes").join(name));
    for folder in [&corpus, &artifacts] {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let before = files(&artifacts)?;
    let mut fuzzer = Command::new(binary(folder, name)?);
    fuzzer.args([&corpus, &folder.join("seeds").join(name)]).args([
        format!("-max_total_time={:.0}", minutes * 60.0),
        format!("-rss_limit_mb={RSS_LIMIT_MIB}"),
        format!("-timeout={TIMEOUT_SECS}"),
        format!("-max_len={bytes_max}"),
        format!("-artifact_prefix={}/", artifacts.display()),
        "-print_final_stats=1".to_owned(),
    ]);
    let log = folder.join(format!("{name}.log"));
    step::say(&format!("fuzzing {name}, log in {}", log.display()));
    let file = std::fs::File::create(&log).with_context(|| format!("making {}", log.display()))?;
    // It ends with an error when it found something, which is told by what it left.
    let status = fuzzer.stderr(file).status().with_context(|| format!("starting the fuzzer of {name}"))?;
    let told = std::fs::read_to_string(&log).with_context(|| format!("reading {}", log.display()))?;
    let figure =
        |name: &str| told.lines().rev().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    let crashes: Vec<PathBuf> =
        files(&artifacts)?.into_iter().filter(|file| !before.contains(file)).collect();
    if !status.success() && crashes.is_empty() {
        bail!("the fuzzer of {name} ended with {status} and left nothing; see {}", log.display());
    }
    Ok(Outcome {
        name: name.clone(),
        executions: figure("stat::number_of_executed_units:").unwrap_or(0),
        corpus: files(&corpus)?.len(),
        peak_mib: figure("stat::peak_rss_mb:").unwrap_or(0),
        crashes,
    })
}

/// Where cargo-fuzz has built it: below the triple of this machine.
fn binary(folder: &Path, name: &str) -> Result<PathBuf> {
    let built = folder.join("build");
    let triples = std::fs::read_dir(&built).with_context(|| format!("looking into {}", built.display()))?;
    let binaries = triples.filter_map(|entry| Some(entry.ok()?.path().join("release").join(name)));
    binaries
        .into_iter()
        .find(|file| file.is_file())
        .with_context(|| format!("the target {name} was not built"))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("looking into {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}
