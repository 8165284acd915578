//! The folder that a build fills: content-hashed names, compressed siblings, and the list of what a device must have
//! before it can start offline.

use super::template;
use anyhow::{Context, Result, bail};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// A folder being filled.
pub(crate) struct Dist {
    folder: PathBuf,
    effort: Effort,
    /// Source name -> path in a URL, for templates.
    names: BTreeMap<String, String>,
    files: Vec<File>,
    sealed: bool,
}

/// How hard to compress.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// While developing.
    Quick,
    /// Once per release.
    Best,
}

/// One file of a build and what it costs to transfer.
#[derive(Debug, serde::Serialize)]
pub(crate) struct AssetSize {
    /// As in a URL.
    pub(crate) path: String,
    /// Uncompressed.
    pub(crate) bytes: u64,
    /// With brotli, or uncompressed where compressing does not help.
    pub(crate) brotli: u64,
    /// With gzip, likewise.
    pub(crate) gzip: u64,
    /// Part of what a device keeps to start offline.
    pub(crate) precached: bool,
}

struct File {
    size: AssetSize,
    hash: [u8; 32],
}

impl Dist {
    /// An empty folder; a leftover of a build that failed is removed.
    pub(crate) fn create(folder: &Path, effort: Effort) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("emptying {}", folder.display()))?;
        }
        fs::create_dir_all(folder.join("assets"))
            .with_context(|| format!("creating {}", folder.display()))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            effort,
            names: BTreeMap::new(),
            files: Vec::new(),
            sealed: false,
        })
    }

    /// A file that may be cached for ever, because its name holds its hash. `name` is what templates call it.
    pub(crate) fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let hash = hex::encode(Sha256::digest(content));
        let file = Path::new(name);
        let (Some(stem), Some(extension)) = (file.file_stem(), file.extension()) else {
            bail!("{name}: an asset needs a name and an extension");
        };
        let short: String = hash.chars().take(16).collect();
        let path = format!("/assets/{}-{short}.{}", stem.display(), extension.display());
        self.names.insert(name.to_owned(), path.clone());
        self.names.insert(format!("size:{name}"), content.len().to_string());
        self.write(path, content)
    }

    /// A file with a name of its own; `/` is `index.html`.
    pub(crate) fn add_named(&mut self, path: &str, content: &[u8]) -> Result<()> {
        self.write(path.to_owned(), content)
    }

    /// Where the asset that templates call `name` lies.
    pub(crate) fn path_of(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// What is added from now on is served, but is no part of the build that a device keeps.
    pub(crate) fn seal(&mut self) {
        self.sealed = true;
    }

    /// Names this build: 16 hex digits over the worker and every precached path and content.
    pub(crate) fn build_hash(&self, worker: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(Sha256::digest(worker));
        for file in self.precached() {
            hasher.update(file.size.path.as_bytes());
            hasher.update([0]);
            hasher.update(file.hash);
        }
        hex::encode(hasher.finalize()).chars().take(16).collect()
    }

    /// `[["/path","sha256-…"],…]`, the form in which a browser checks a file it fetches.
    pub(crate) fn precache_json(&self) -> String {
        let list: Vec<(String, String)> = self
            .precached()
            .map(|file| (file.size.path.clone(), format!("sha256-{}", BASE64_STANDARD.encode(file.hash))))
            .collect();
        serde_json::json!(list).to_string()
    }

    /// A template with the names of the assets added so far.
    pub(crate) fn render(&self, text: &str) -> Result<String> {
        self.render_with(text, &[])
    }

    /// Likewise, with some values more.
    pub(crate) fn render_with(&self, text: &str, more: &[(&str, &str)]) -> Result<String> {
        template::render(text, |name| {
            let more = more.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            more.or_else(|| self.names.get(name).cloned())
        })
    }

    /// Writes `assets.json`, the list for the size budget, and hands it back.
    pub(crate) fn finish(self) -> Result<Vec<AssetSize>> {
        let sizes: Vec<AssetSize> = self.files.into_iter().map(|file| file.size).collect();
        let path = self.folder.join("assets.json");
        fs::write(&path, serde_json::to_string_pretty(&sizes)?)
            .with_context(|| format!("writing {}", path.display()))?;
        Ok(sizes)
    }

    fn precached(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.size.precached)
    }

    fn write(&mut self, path: String, content: &[u8]) -> Result<()> {
        let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
        let target = self.folder.join(name);
        let put = |suffix: &str, bytes: &[u8]| {
            let mut target = target.clone().into_os_string();
            target.push(suffix);
            fs::write(&target, bytes).with_context(|| format!("writing {}", target.display()))
        };
        put("", content)?;
        let bytes = content.len() as u64;
        let (mut brotli, mut gzip) = (bytes, bytes);
        if !name.ends_with(".png") && !name.ends_with(".woff2") {
            let small = brotlied(content, self.effort)?;
            put(".br", &small)?;
            brotli = small.len() as u64;
            let small = gzipped(content, self.effort)?;
            put(".gz", &small)?;
            gzip = small.len() as u64;
        }
        let size = AssetSize { path, bytes, brotli, gzip, precached: !self.sealed };
        self.files.push(File { size, hash: Sha256::digest(content).into() });
        Ok(())
    }
}

fn brotlied(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let quality = match effort {
        Effort::Quick => 3,
        Effort::Best => 11,
    };
    let mut small = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut small, 1 << 16, quality, 24);
    writer.write_all(content).context("compressing with brotli")?;
    drop(writer);
    Ok(small)
}

fn gzipped(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = match effort {
        Effort::Quick => flate2::Compression::fast(),
        Effort::Best => flate2::Compression::best(),
    };
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
    writer.write_all(content).context("compressing with gzip")?;
    writer.finish().context("compressing with gzip")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn dist(folder: &Path) -> Dist {
        Dist::create(&folder.join("dist"), Effort::Quick).unwrap()
    }

    #[test]
    fn a_changed_file_changes_its_name_and_the_build() {
        let folder = tempfile::tempdir().unwrap();
        let mut one = dist(folder.path());
        one.add_hashed("app.css", b"a{}").unwrap();
        let (name, build) = (one.render("{{app.css}}").unwrap(), one.build_hash(""));
        let mut same = dist(folder.path());
        same.add_hashed("app.css", b"a{}").unwrap();
        assert_eq!((same.render("{{app.css}}").unwrap(), same.build_hash("")), (name.clone(), build.clone()));
        let mut other = dist(folder.path());
        other.add_hashed("app.css", b"b{}").unwrap();
        assert_ne!(other.render("{{app.css}}").unwrap(), name);
        assert_ne!(other.build_hash(""), build);
    }

    #[test]
    fn what_is_added_after_sealing_is_served_and_not_precached() {
        let folder = tempfile::tempdir().unwrap();
        let mut dist = dist(folder.path());
        dist.add_named("/", b"<!doctype html>").unwrap();
        dist.seal();
        let build = dist.build_hash("");
        dist.add_named("/sw.js", b"//").unwrap();
        assert_eq!(dist.build_hash(""), build);
        let list: Vec<(String, String)> = serde_json::from_str(&dist.precache_json()).unwrap();
        assert_eq!(list.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/"]);
        // What `printf '<!doctype html>' | openssl dgst -sha256 -binary | base64` prints.
        assert_eq!(list[0].1, "sha256-/ibFnpGsjeaUslMdw73Bt/r0cdPX5OAIcK9g9fIol8s=");
        let sizes = dist.finish().unwrap();
        assert_eq!(sizes.iter().map(|size| size.precached).collect::<Vec<_>>(), [true, false]);
        assert!(folder.path().join("dist/index.html").exists() && folder.path().join("dist/sw.js").exists());
    }

    #[test]
    fn compressed_siblings_hold_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let content = "binnacle ".repeat(1000).into_bytes();
        dist(folder.path()).add_named("/boot.txt", &content).unwrap();
        let path = folder.path().join("dist/boot.txt");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&fs::read(path.with_extension("txt.gz")).unwrap()[..])
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, content);
        plain.clear();
        brotli::Decompressor::new(&fs::read(path.with_extension("txt.br")).unwrap()[..], 4096)
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, content);
    }
}
