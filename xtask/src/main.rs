//! `cargo xtask …`: everything this repository can do to itself. `cargo xtask help` lists it.

mod chromium;
mod floors;
mod hostile;
mod product;
mod simulation;
mod step;
mod suite;
mod web;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask run               build the web app and the relay, start it on loopback with the sample workspace
cargo xtask build             release binary with the app embedded
cargo xtask test [STEP…]      run all tests (or the named steps); installs what they need
cargo xtask sim [--seeds N]   simulate the whole system, thousands of times; `sim replay SEED` tells one story
cargo xtask fuzz [TARGET…]    every decoder against any bytes, one minute each (--minutes N); `fuzz list` names the targets
cargo xtask mutants           60,000 mutated messages from each of three seeds through relay and browser (--messages N, --seeds N)
cargo xtask screenshots DIR   pictures of every screen, desktop and phone, light and dark
cargo xtask bench [NAME…]     what the relay costs, beside a plain fan-out and the JavaScript relay (--repeat N, --only ours,floor,peer)
cargo xtask measure           edit to visible, offline start, bytes of the app (figures, not tests)
cargo xtask floors            who imports whom, checked
cargo xtask web [--release]   the web app alone";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run", rest @ ..] => product::run(rest),
        ["build"] => product::build(product::Profile::Release)
            .map(|built| step::say(&built.binary.display().to_string())),
        ["test", steps @ ..] => suite::run(steps),
        ["sim", rest @ ..] => simulation::run(rest),
        ["fuzz", rest @ ..] => hostile::fuzz(rest),
        ["mutants", rest @ ..] => hostile::mutants(rest),
        ["screenshots", folder] => suite::screenshots(folder),
        ["bench", rest @ ..] => suite::bench(rest),
        ["measure"] => suite::measure(),
        ["floors"] => floors::check(),
        ["web", rest @ ..] => product::web(rest),
        [] | ["help" | "--help" | "-h"] => {
            step::say(HELP);
            Ok(())
        }
        unknown => bail!("no such command: {}\n{HELP}", unknown.join(" ")),
    }
}
