//! One style sheet out of `web/static/shell.css` and `web/style/**/*.css`.
//!
//! The order is that of the paths, folders after files of the same level; `layers.css` comes first if it exists, so that
//! the order of the cascade layers is said in one place and never depends on file names.

use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The text of all style sheets of `web`, each under a line that names its file.
pub(crate) fn gather(web: &Path) -> Result<String> {
    let style = web.join("style");
    let mut files = Vec::new();
    collect(&style, &mut files)?;
    files.sort_by_key(|file| (file != &style.join("layers.css"), file.components().count(), file.clone()));
    files.insert(0, web.join("static/shell.css"));
    let mut sheet = String::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let name = file.strip_prefix(web).unwrap_or(&file);
        sheet.push_str(&format!("/* {} */\n{}\n", name.display(), text.trim()));
    }
    Ok(sheet)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "css") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_come_first_and_folders_after_files() {
        let web = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("static/shell.css", "shell"),
            ("style/pages/a.css", "page"),
            ("style/z.css", "z"),
            ("style/layers.css", "layers"),
            ("style/base.css", "base"),
            ("style/readme.md", "no style"),
        ] {
            let path = web.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let sheet = gather(web.path()).unwrap();
        let told: Vec<&str> = sheet.lines().filter(|line| !line.starts_with("/*")).collect();
        assert_eq!(told, ["shell", "layers", "base", "z", "page"]);
    }
}
