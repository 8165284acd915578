//! What cargo runs a wasm test binary with (`.cargo/config.toml`): wasm-bindgen's own test runner as a library, so
//! that nothing needs installing but Chromium and its driver, and so that its version cannot differ from the lock file.
//!
//! The runner is configured through the environment. This program starts itself a second time with that environment
//! set, because changing one's own is unsafe.

use anyhow::{Context, Result};
use std::{
    path::Path,
    process::{Command, ExitCode},
};

/// Set for the second start.
const CONFIGURED: &str = "WASM_RUNNER_CONFIGURED";

/// Headless, and without the sandbox that a container cannot give. Tests load no page but their own.
const WEBDRIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/webdriver.json");

/// Seconds: a loaded machine is slow to start a browser, and a hung test is still told from a slow one.
const TIMEOUT_SECONDS: &str = "120";

fn main() -> Result<ExitCode> {
    if std::env::var_os(CONFIGURED).is_some() {
        wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())?;
        return Ok(ExitCode::SUCCESS);
    }
    let program = std::env::current_exe().context("finding this program's own path")?;
    let mut second = Command::new(program);
    second.args(std::env::args_os().skip(1)).env(CONFIGURED, "1");
    for (name, value) in
        [("WASM_BINDGEN_TEST_WEBDRIVER_JSON", WEBDRIVER), ("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT_SECONDS)]
    {
        if std::env::var_os(name).is_none() {
            second.env(name, value);
        }
    }
    // The library prefers a Firefox driver that happens to be installed; these tests are written for Chromium.
    const DRIVER: &str = "/usr/bin/chromedriver";
    if std::env::var_os("CHROMEDRIVER").is_none() && Path::new(DRIVER).exists() {
        second.env("CHROMEDRIVER", DRIVER);
    }
    let status = second.status().context("starting the wasm test runner")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
