//! The web build: `cargo build` for wasm32, wasm-bindgen as a library, names that hold the hash of their content, a
//! service worker that knows exactly these files, and every file compressed once, here, instead of at each request.
//!
//! What comes out is a folder that any static file server can serve. Files under `/assets/` never change under their
//! name; everything else must be sent with `no-cache`.
//!
//! ```text
//! dist/index.html  rescue.html  sw.js  manifest.webmanifest  assets.json
//! dist/assets/web-HASH.wasm  web-HASH.js  app-HASH.css  boot-HASH.js  …      each also as .br and .gz
//! ```

mod dist;
mod style;
mod template;

use crate::step;
use anyhow::{Context, Result, bail};
use dist::Dist;
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

pub(crate) use dist::{AssetSize, Effort};

/// How much the compiler should try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Profile {
    /// Quick to build; Rust names in stack traces.
    Dev,
    /// Small and fast: what users get. Held to the transfer budget.
    Release,
}

/// A finished build.
#[derive(Debug)]
pub(crate) struct BuiltWeb {
    /// The folder to serve.
    pub(crate) folder: PathBuf,
    /// Hash over all files; the service worker's version.
    pub(crate) build: String,
    /// Every file, its size and its size when compressed.
    pub(crate) sizes: Vec<AssetSize>,
}

/// What a first visit may transfer: program, glue, style, shell and icons, brotli-compressed. It was 1.6 MB until seven
/// sections, the palette and what records add up to were in the program (1.69 MB); what is seldom used should be
/// loaded apart before it grows again.
const TRANSFER_BUDGET_BYTES: u64 = 1_750_000;

/// Builds the app into `out_dir`, replacing what was there only when everything has succeeded.
pub(crate) fn build(profile: Profile, out_dir: &Path) -> Result<BuiltWeb> {
    let wasm = compile(profile)?;
    let (glue, program) = bind(&wasm, profile)?;
    let fresh = out_dir.with_extension("new");
    let built = assemble(&fresh, &glue, &program, profile)?;
    if out_dir.exists() {
        fs::remove_dir_all(out_dir)
            .with_context(|| format!("removing the last build {}", out_dir.display()))?;
    }
    fs::rename(&fresh, out_dir).with_context(|| format!("moving the build to {}", out_dir.display()))?;
    let built = BuiltWeb { folder: out_dir.to_path_buf(), ..built };
    report(&built);
    hold_to_budget(&built, profile)?;
    Ok(built)
}

fn compile(profile: Profile) -> Result<PathBuf> {
    let name = match profile {
        Profile::Dev => "wasm-dev",
        Profile::Release => "wasm-release",
    };
    step::run(
        step::cargo()
            .args(["build", "-p", "web", "--lib", "--target", "wasm32-unknown-unknown"])
            .args(["--profile", name]),
    )?;
    Ok(step::target_dir().join("wasm32-unknown-unknown").join(name).join("web.wasm"))
}

/// The JavaScript glue and the program it expects.
fn bind(wasm: &Path, profile: Profile) -> Result<(String, Vec<u8>)> {
    let dev = profile == Profile::Dev;
    let mut output = Bindgen::new()
        .input_path(wasm)
        .out_name("web")
        .web(true)?
        .typescript(false)
        // boot.js says where the program is: its name holds a hash that the glue cannot know.
        .omit_default_module_path(true)
        .keep_debug(dev)
        .remove_name_section(!dev)
        .remove_producers_section(!dev)
        .generate_output()
        .with_context(|| format!("binding {}", wasm.display()))?;
    // Every crate is listed, most of them with nothing.
    let inline = output.snippets().iter().filter(|(_, scripts)| !scripts.is_empty()).map(|(name, _)| name);
    let foreign: Vec<&String> = inline.chain(output.local_modules().keys()).collect();
    if !foreign.is_empty() {
        bail!(
            "JavaScript beside the glue, which would need hashing and precaching like the rest: {foreign:?}"
        );
    }
    let glue = output.js().to_owned();
    if glue.contains("innerHTML") {
        bail!(
            "the app builds markup from strings (`innerHTML`), which its own security policy forbids: \
             `view!` does so for static elements, so elements are built with Leptos' builders"
        );
    }
    Ok((glue, output.wasm_mut().emit_wasm()))
}

fn assemble(folder: &Path, glue: &str, program: &[u8], profile: Profile) -> Result<BuiltWeb> {
    let sources = step::root().join("web/static");
    let read = |name: &str| {
        fs::read_to_string(sources.join(name)).with_context(|| format!("reading web/static/{name}"))
    };
    let effort = match profile {
        Profile::Dev => Effort::Quick,
        Profile::Release => Effort::Best,
    };
    let mut dist = Dist::create(folder, effort)?;
    for icon in ["icon.svg", "icon-180.png", "icon-192.png", "icon-512.png", "maskable-512.png"] {
        let bytes = fs::read(sources.join("icons").join(icon))
            .with_context(|| format!("reading web/static/icons/{icon}"))?;
        dist.add_hashed(&format!("icons/{icon}"), &bytes)?;
    }
    let web = step::root().join("web");
    for font in style::fonts(&web)? {
        let bytes =
            fs::read(web.join("style").join(&font)).with_context(|| format!("reading web/style/{font}"))?;
        dist.add_hashed(&font, &bytes)?;
    }
    dist.add_hashed(
        "app.css",
        style::with_assets(&style::gather(&web)?, |name| dist.path_of(name))?.as_bytes(),
    )?;
    dist.add_hashed("web.wasm", program)?;
    dist.add_hashed("web.js", glue.as_bytes())?;
    dist.add_hashed("boot.js", dist.render(&read("boot.js")?)?.as_bytes())?;
    dist.add_named("/manifest.webmanifest", dist.render(&read("manifest.webmanifest")?)?.as_bytes())?;
    dist.add_named("/", dist.render(&read("index.html")?)?.as_bytes())?;
    // From here on nothing is precached: the worker itself, and the page that must work when the worker does not.
    dist.seal();
    let worker = read("sw.js")?;
    let build = dist.build_hash(&worker);
    dist.add_hashed("rescue.js", read("rescue.js")?.as_bytes())?;
    dist.add_named("/rescue.html", dist.render(&read("rescue.html")?)?.as_bytes())?;
    let worker = dist.render_with(&worker, &[("build", &build), ("files", &dist.precache_json())])?;
    dist.add_named("/sw.js", worker.as_bytes())?;
    let sizes = dist.finish()?;
    Ok(BuiltWeb { folder: folder.to_path_buf(), build, sizes })
}

fn report(built: &BuiltWeb) {
    step::say(&format!("web build {} in {}", built.build, built.folder.display()));
    for size in &built.sizes {
        step::say(&format!("  {:>9} B {:>9} B br  {}", size.bytes, size.brotli, size.path));
    }
}

fn hold_to_budget(built: &BuiltWeb, profile: Profile) -> Result<()> {
    let transfer: u64 = built.sizes.iter().filter(|size| size.precached).map(|size| size.brotli).sum();
    step::say(&format!("  a first visit transfers {transfer} B of {TRANSFER_BUDGET_BYTES} B"));
    if profile == Profile::Release && transfer > TRANSFER_BUDGET_BYTES {
        bail!("the app is over its transfer budget: {transfer} B of {TRANSFER_BUDGET_BYTES} B");
    }
    Ok(())
}
