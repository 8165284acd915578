//! A file system of a few megabytes, to be filled up and emptied: what a process meets there is the kernel's own
//! "no space left on device", and not our imitation of it.

use anyhow::{Context, Result, ensure};
use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A mounted tmpfs of its own; unmounted when dropped.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// A disk of so many bytes; `None` where this process may not mount one.
    pub fn mount(bytes: u64) -> Result<Option<Self>> {
        let folder = tempfile::tempdir().context("making a place for a disk")?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes},mode=700"), "binnacle-small-disk"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        Ok(mounted.is_ok_and(|status| status.success()).then_some(Self { folder }))
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the room that is left.
    pub fn fill_up(&self) -> Result<()> {
        let mut ballast =
            File::options().create(true).append(true).open(self.ballast()).context("opening the ballast")?;
        // In large pieces first, then byte by byte: nothing at all may be left.
        for piece in [vec![1; 64 << 10], vec![1]] {
            loop {
                match ballast.write(&piece) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => return Err(error).context("filling up a disk"),
                }
            }
        }
        ensure!(ballast.metadata()?.len() > 0, "there was no room to take");
        Ok(())
    }

    /// Makes room again.
    pub fn make_room(&self) -> Result<()> {
        std::fs::remove_file(self.ballast()).context("removing the ballast")
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whoever still has a file open there keeps it to the end.
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).stderr(Stdio::null()).status();
    }
}
