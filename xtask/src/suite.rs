//! `cargo xtask test`: every test there is, cheapest first. What a step needs it installs itself.

use crate::{chromium, floors, product, step};
use anyhow::{Context, Result, bail};
use std::{ffi::OsStr, path::Path, process::Command, time::Instant};

/// Rooms that must compile for a browser although most of their tests run on the host.
const PURE: &[&str] = &[
    "ids",
    "wire",
    "guard",
    "store",
    "workspace",
    "insight",
    "sample",
    "exchange",
    "templates",
    "sync",
    "client",
    "relay",
];
/// Rooms that exist only in a browser.
const BROWSER: &[&str] = &["web", "store-idb"];

/// One named part of the suite.
struct Step {
    name: &'static str,
    run: fn() -> Result<Counted>,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", run: fmt },
    Step { name: "floors", run: || floors::check().map(|()| Counted::default()) },
    Step { name: "clippy", run: clippy },
    Step { name: "unit", run: unit },
    Step { name: "wasm", run: wasm },
    Step { name: "idb", run: idb },
    Step { name: "product", run: build_product },
    Step { name: "interop", run: interop },
    Step { name: "e2e", run: e2e },
];

/// Tests that a step ran.
#[derive(Default, Clone, Copy)]
struct Counted {
    passed: u64,
    failed: u64,
}

impl std::ops::Add for Counted {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// Runs all steps, or those named. Ends with one line `N passed, N failed`.
pub(crate) fn run(names: &[&str]) -> Result<()> {
    for name in names {
        if !STEPS.iter().any(|step| step.name == *name) {
            let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            bail!("no such test step: {name} (there are: {})", known.join(" "));
        }
    }
    product::ensure_wasm_target()?;
    let mut total = Counted::default();
    let mut broken = Vec::new();
    for part in STEPS.iter().filter(|part| names.is_empty() || names.contains(&part.name)) {
        step::say(&format!("\n== {}", part.name));
        let started = Instant::now();
        match (part.run)() {
            Ok(counted) => {
                total.passed += counted.passed;
                total.failed += counted.failed;
                if counted.failed > 0 {
                    broken.push(format!("{}: {} failed", part.name, counted.failed));
                }
            }
            Err(error) => broken.push(format!("{}: {error:#}", part.name)),
        }
        step::say(&format!("== {} took {:.0} s", part.name, started.elapsed().as_secs_f64()));
    }
    for line in &broken {
        step::say(&format!("FAILED {line}"));
    }
    step::say(&format!("\n{} passed, {} failed", total.passed, total.failed.max(broken.len() as u64)));
    if broken.is_empty() { Ok(()) } else { bail!("{} of the steps failed", broken.len()) }
}

/// `cargo xtask screenshots DIR`
pub(crate) fn screenshots(folder: &str) -> Result<()> {
    let folder = std::path::absolute(folder).context("finding the folder for the pictures")?;
    browse("screenshots.mjs", &[folder.as_os_str()])
}

/// `cargo xtask measure`
pub(crate) fn measure() -> Result<()> {
    browse("measure.mjs", &[])
}

/// `cargo xtask bench [NAME…] [--repeat N] [--only ours,floor,peer]`: the table on standard output, all values in
/// `bench.json` of the target directory.
pub(crate) fn bench(arguments: &[&str]) -> Result<()> {
    let built = product::build(product::Profile::Release)?;
    npm_ci(&step::root().join("tests/interop/js"))?;
    step::run(
        step::cargo()
            .args(["run", "--release", "-p", "bench", "--", "--json"])
            .arg(step::target_dir().join("bench.json"))
            .args(arguments)
            .env("BINNACLE_BIN", &built.binary),
    )
}

/// Runs a script of the browser tests on a release build.
fn browse(script: &str, arguments: &[&OsStr]) -> Result<()> {
    chromium::ensure()?;
    let built = product::build(product::Profile::Release)?;
    let e2e = step::root().join("tests/e2e");
    npm_ci(&e2e)?;
    step::run(
        Command::new("node")
            .current_dir(&e2e)
            .arg(script)
            .args(arguments)
            .env("BINNACLE_BIN", &built.binary)
            .env("CHROMIUM", chromium::path()),
    )
}

fn fmt() -> Result<Counted> {
    step::run(step::cargo().args(["fmt", "--all", "--check"]))?;
    // A workspace of its own.
    let fuzz = ["fmt", "--manifest-path", "tests/hostile/fuzz/Cargo.toml", "--", "--check"];
    step::run(step::cargo().args(fuzz))?;
    Ok(Counted::default())
}

fn clippy() -> Result<Counted> {
    let mut host = step::cargo();
    host.args(["clippy", "--workspace", "--all-targets"]);
    for room in BROWSER {
        host.args(["--exclude", room]);
    }
    step::run(host.args(["--", "-D", "warnings"]))?;
    let mut browser = step::cargo();
    browser.args(["clippy", "--target", "wasm32-unknown-unknown", "--profile", "wasm-dev", "--all-targets"]);
    for room in BROWSER {
        browser.args(["-p", room]);
    }
    step::run(browser.args(["--", "-D", "warnings"]))?;
    Ok(Counted::default())
}

fn unit() -> Result<Counted> {
    let mut tests = step::cargo();
    tests.args(["test", "--workspace", "--exclude", "interop", "--exclude", "wasm-runner", "--no-fail-fast"]);
    // The simulation and the hostile peers have a profile of their own: unoptimised, they would take longer than
    // everything else.
    tests.args(["--exclude", "sim", "--exclude", "hostile"]);
    let simulated = counted(step::cargo().args([
        "test",
        "--profile",
        "sim",
        "-p",
        "sim",
        "-p",
        "hostile",
        "--no-fail-fast",
    ]))?;
    for room in BROWSER {
        tests.args(["--exclude", room]);
    }
    // What the screens compute is computed on the host as well; in the crate's own run, for its dependencies choose a
    // browser's source of chance.
    let screens = counted(step::cargo().args(["test", "-p", "web", "--lib"]))?;
    Ok(counted(&mut tests)? + screens + simulated)
}

fn wasm() -> Result<Counted> {
    let mut check = step::cargo();
    check.args(["check", "--target", "wasm32-unknown-unknown", "--profile", "wasm-dev"]);
    // Together with the browser's own rooms, which choose where random numbers come from.
    for room in PURE.iter().chain(BROWSER) {
        check.args(["-p", room]);
    }
    step::run(&mut check)?;
    Ok(Counted::default())
}

fn idb() -> Result<Counted> {
    chromium::ensure()?;
    counted(
        step::cargo()
            .args(["test", "--target", "wasm32-unknown-unknown", "--profile", "wasm-dev"])
            .args(["-p", "store-idb", "-p", "web", "--lib", "--tests"])
            .env("CHROMEDRIVER", "/usr/bin/chromedriver"),
    )
}

fn build_product() -> Result<Counted> {
    product::build(product::Profile::Release)?;
    Ok(Counted::default())
}

fn interop() -> Result<Counted> {
    let built = product::build(product::Profile::Release)?;
    let javascript = step::root().join("tests/interop/js");
    npm_ci(&javascript)?;
    // First the JavaScript side by itself, so that a failure below is laid at the right door.
    for script in ["check-our-frames", "self-test"] {
        step::run(Command::new("npm").current_dir(&javascript).args(["run", "--silent", script]))?;
    }
    counted(
        step::cargo()
            .args(["test", "-p", "interop", "--no-fail-fast", "--", "--test-threads=2"])
            .env("BINNACLE_BIN", &built.binary),
    )
}

fn e2e() -> Result<Counted> {
    chromium::ensure()?;
    let built = product::build(product::Profile::Release)?;
    let folder = step::root().join("tests/e2e");
    npm_ci(&folder)?;
    counted(
        Command::new("node")
            .current_dir(&folder)
            .args(["--test", "--test-concurrency=1", "--test-reporter=tap", "specs/"])
            .env("BINNACLE_BIN", &built.binary)
            .env("CHROMIUM", chromium::path()),
    )
}

fn npm_ci(folder: &Path) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    // The peers and the browser driver are plain JavaScript; nothing may fetch a browser of its own.
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    step::run(&mut npm)
}

/// Runs a test program and reads its closing lines.
fn counted(command: &mut Command) -> Result<Counted> {
    let (printed, succeeded) = step::run_and_read(command)?;
    let counted = read_counts(&printed);
    if !succeeded && counted.failed == 0 {
        bail!("the test program failed without a failed test");
    }
    if succeeded && counted.passed == 0 {
        bail!("no test ran");
    }
    Ok(counted)
}

/// Adds up `test result: ok. 3 passed; 0 failed; …` of cargo and `# pass 3` of node.
fn read_counts(printed: &str) -> Counted {
    let mut total = Counted::default();
    for line in printed.lines() {
        if let Some(result) = line.trim().strip_prefix("test result: ") {
            for part in result.split([';', '.']) {
                match part.split_whitespace().collect::<Vec<_>>().as_slice() {
                    [count, "passed"] => total.passed += count.parse::<u64>().unwrap_or(0),
                    [count, "failed"] => total.failed += count.parse::<u64>().unwrap_or(0),
                    _ => {}
                }
            }
        } else if let Some(count) = line.strip_prefix("# pass ") {
            total.passed += count.trim().parse::<u64>().unwrap_or(0);
        } else if let Some(count) = line.strip_prefix("# fail ") {
            total.failed += count.trim().parse::<u64>().unwrap_or(0);
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_both_runners_are_added_up() {
        let printed = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                       test result: FAILED. 1 passed; 2 failed; 0 ignored\n# pass 4\n# fail 1\n";
        let counted = read_counts(printed);
        assert_eq!((counted.passed, counted.failed), (8, 3));
    }
}
