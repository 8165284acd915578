//! Embeds the built web app: `BINNACLE_WEB_DIST` names its folder. Without it the relay is built without an app
//! and says so at `/`, so that the server can be tested without a browser build.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=BINNACLE_WEB_DIST");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo gives OUT_DIR"))?);
    let mut table = fs::File::create(out.join("embedded.rs"))?;
    writeln!(table, "pub(super) static EMBEDDED: &[(&str, &[u8])] = &[")?;
    if let Some(folder) = env::var_os("BINNACLE_WEB_DIST").map(PathBuf::from) {
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        collect(&folder, &mut files)?;
        files.sort();
        for file in files {
            println!("cargo::rerun-if-changed={}", file.display());
            let name = file.strip_prefix(&folder).map_err(io::Error::other)?;
            let name = name.to_string_lossy().replace('\\', "/");
            let absolute = fs::canonicalize(&file)?;
            writeln!(table, "    ({name:?}, include_bytes!({:?})),", absolute.display().to_string())?;
        }
    }
    writeln!(table, "];")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
