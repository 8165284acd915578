//! The browser of the tests.

use crate::step;
use anyhow::{Result, bail};
use std::process::Command;

/// Where Debian's package puts it. `CHROMIUM` overrides.
pub(crate) fn path() -> String {
    std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned())
}

/// Installs Chromium and its driver from the system's packages when they are missing.
pub(crate) fn ensure() -> Result<()> {
    if step::is_installed(&path()) && step::is_installed("chromedriver") {
        return Ok(());
    }
    if !step::is_installed("apt-get") {
        bail!(
            "the browser tests need Chromium and chromedriver, and this system has no apt-get: install both \
             and set CHROMIUM to the browser's path"
        );
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        step::run(&mut command)
    };
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver"])
}
