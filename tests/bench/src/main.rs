//! Benchmarks: the relay of this repository, a plain WebSocket fan-out as the floor, and the JavaScript
//! automerge-repo relay as the peer, each in a process of its own, under the same clients. `cargo xtask bench` runs it.
//!
//! - Only what the measured process used is counted (`/proc/PID/stat`), never the clients.
//! - Clients are cheap: they follow the sync protocol on positions of changes made by hand ([`history`], [`replica`]).
//! - Every delivery is checked: the bytes must be those that were made, and each client must have each change.
//! - Durability stays on, and the data is on the file system of the temporary directory, which is named.
//! - Nothing here fails because something is slow. What is slow is a number in the table.

mod client;
mod history;
mod machine;
mod plain;
mod process;
mod replica;
mod report;
mod scenario;

use anyhow::{Context, Result, bail};
use process::Kind;
use report::Report;
use scenario::{SCENARIOS, Scenario};
use std::{io::Write, path::PathBuf};

/// What was asked for.
struct Options {
    names: Vec<String>,
    repeat: usize,
    kinds: Vec<Kind>,
    json: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--plain-fan-out") {
        return plain::serve();
    }
    let options = options(&arguments)?;
    let before = machine::noise();
    let mut report = Report::default();
    let mut err = std::io::stderr();
    for scenario in chosen(&options.names)? {
        for kind in &options.kinds {
            for round in 1..=rounds(*kind, options.repeat) {
                writeln!(err, "{} · {} · round {round}", scenario.name, kind.name())?;
                if let Err(error) = (scenario.run)(*kind, &mut report) {
                    report.note(format!("{}, {}: did not finish: {error:#}", kind.name(), scenario.name));
                    break;
                }
            }
        }
    }
    let after = machine::noise();
    let mut out = std::io::stdout();
    writeln!(out, "{}", report.table())?;
    writeln!(
        out,
        "\n{}. Median (smallest–largest).\nLoad before {}, after {}; a fixed loop took {:.0} ms before, {:.0} ms after.",
        machine::description(),
        before.load,
        after.load,
        before.spin_ms,
        after.spin_ms
    )?;
    if let Some(path) = options.json {
        let mut json = report.json();
        if let Some(fields) = json.as_object_mut() {
            fields.insert("machine".to_owned(), machine::description().into());
            fields.insert("before".to_owned(), before.json());
            fields.insert("after".to_owned(), after.json());
        }
        std::fs::write(&path, serde_json::to_vec_pretty(&json)?)
            .with_context(|| format!("writing {}", path.display()))?;
        writeln!(out, "{}", path.display())?;
    }
    Ok(())
}

/// The peer is slow, and is here for comparison only.
fn rounds(kind: Kind, repeat: usize) -> usize {
    if kind == Kind::Peer { 1 } else { repeat }
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut options = Options { names: Vec::new(), repeat: 3, kinds: Kind::ALL.to_vec(), json: None };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--repeat" => options.repeat = value()?.parse().context("--repeat takes a number")?,
            "--json" => options.json = Some(PathBuf::from(value()?)),
            "--only" => {
                let only: Vec<&str> = value()?.split(',').collect();
                options.kinds.retain(|kind| only.contains(&kind.name()));
            }
            option if option.starts_with('-') => bail!("no such option: {option}"),
            name => options.names.push(name.to_owned()),
        }
    }
    Ok(options)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Scenario>> {
    for name in names {
        if !SCENARIOS.iter().any(|scenario| scenario.name == name) {
            let known: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
            bail!("no such scenario: {name} (there are: {})", known.join(" "));
        }
    }
    Ok(SCENARIOS.iter().filter(|one| names.is_empty() || names.iter().any(|name| name == one.name)).collect())
}
