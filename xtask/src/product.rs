//! The product: the web app inside the relay binary.

use crate::{step, web};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// How much the compiler should try.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build, for work on the product.
    Dev,
    /// What users get.
    Release,
}

/// What a build leaves behind.
pub(crate) struct Built {
    /// The relay with the app embedded.
    pub(crate) binary: PathBuf,
}

/// Builds the web app, then the relay around it.
pub(crate) fn build(profile: Profile) -> Result<Built> {
    let app = build_web(profile)?;
    let mut cargo = step::cargo();
    cargo.args(["build", "-p", "binnacle", "--bin", "binnacle"]).env("BINNACLE_WEB_DIST", &app);
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    step::run(&mut cargo)?;
    Ok(Built {
        binary: step::target_dir().join(folder).join(format!("binnacle{}", std::env::consts::EXE_SUFFIX)),
    })
}

/// `cargo xtask web [--release]`
pub(crate) fn web(options: &[&str]) -> Result<()> {
    let profile = match options {
        [] => Profile::Dev,
        ["--release"] => Profile::Release,
        unknown => bail!("`cargo xtask web` takes --release, not {}", unknown.join(" ")),
    };
    build_web(profile).map(|folder| step::say(&folder.display().to_string()))
}

/// `cargo xtask run [--dev] [-- SERVE OPTIONS]`: the product with the sample workspace, on loopback.
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let (profile, serve_options) = match options {
        ["--dev", rest @ ..] => (Profile::Dev, rest),
        rest => (Profile::Release, rest),
    };
    let serve_options = serve_options.strip_prefix(&["--"]).unwrap_or(serve_options);
    ensure_wasm_target()?;
    let built = build(profile)?;
    let data = step::target_dir().join("run-data");
    ensure_sample(&built.binary, &data)?;
    let mut serve = std::process::Command::new(&built.binary);
    serve.arg("serve").arg("--data").arg(&data);
    if !serve_options.contains(&"--listen") {
        serve.args(["--listen", "127.0.0.1:8484"]);
    }
    serve.args(serve_options);
    step::run(&mut serve)
}

/// Adds the browser target to the toolchain where rustup manages it.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    if !step::is_installed("rustup") {
        step::say("no rustup here: taking it that the toolchain has the target wasm32-unknown-unknown");
        return Ok(());
    }
    step::run(std::process::Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
}

fn ensure_sample(binary: &Path, data: &Path) -> Result<()> {
    let listed = std::process::Command::new(binary)
        .args(["workspace", "list", "--data"])
        .arg(data)
        .output()
        .context("listing the workspaces of the data directory")?;
    if listed.status.success() && !listed.stdout.is_empty() {
        return Ok(());
    }
    let mut create = std::process::Command::new(binary);
    create.args(["workspace", "create", "Vantry Fluidics", "--sample", "--data"]).arg(data);
    step::run(&mut create)
}

fn build_web(profile: Profile) -> Result<PathBuf> {
    let (web_profile, folder) = match profile {
        Profile::Dev => (web::Profile::Dev, "dev"),
        Profile::Release => (web::Profile::Release, "release"),
    };
    let out = step::target_dir().join("web").join(folder);
    web::build(web_profile, &out)?;
    Ok(out)
}
