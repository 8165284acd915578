//! One style sheet out of `web/static/shell.css` and `web/style/**/*.css`.
//!
//! The order is that of the paths, folders after files of the same level; `layers.css` comes first if it exists, so that
//! the order of the cascade layers is said in one place and never depends on file names.

use anyhow::{Context, Result, bail};
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

/// The fonts beside the style sheets, by their path under `web/style`, in order.
pub(crate) fn fonts(web: &Path) -> Result<Vec<String>> {
    let folder = web.join("style/fonts");
    let mut fonts = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))? {
            let name = entry?.file_name();
            if let Some(name) = name.to_str().filter(|name| name.ends_with(".woff2")) {
                fonts.push(format!("fonts/{name}"));
            }
        }
    }
    fonts.sort();
    Ok(fonts)
}

/// The sheet with every `url("name")` leading to the asset of that name.
pub(crate) fn with_assets<'a>(sheet: &str, path_of: impl Fn(&str) -> Option<&'a str>) -> Result<String> {
    const OPENS: &str = "url(\"";
    let mut done = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, from)) = rest.split_once(OPENS) {
        let Some((name, after)) = from.split_once('"') else { bail!("a url in a style sheet never ends") };
        let inline = name.starts_with("data:") || name.starts_with('#');
        let Some(path) = (if inline { Some(name) } else { path_of(name) }) else {
            bail!("a style sheet asks for {name:?}, which this build does not have");
        };
        done.extend([before, OPENS, path, "\""]);
        rest = after;
    }
    done.push_str(rest);
    Ok(done)
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
    fn urls_lead_to_assets_or_end_the_build() {
        let path_of = |name: &str| (name == "fonts/a.woff2").then_some("/assets/a-1.woff2");
        let sheet = r#"a{src:url("fonts/a.woff2") format("woff2")} b{background:url("data:x")}"#;
        assert_eq!(with_assets(sheet, path_of).unwrap(), sheet.replace("fonts/a.woff2", "/assets/a-1.woff2"));
        assert!(with_assets(r#"url("fonts/b.woff2")"#, path_of).is_err());
    }

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
