//! The relay as a process that can be started, stopped, killed and started again on the same data.

use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A relay of this repository on a data directory of its own.
pub struct RelayProcess {
    data: tempfile::TempDir,
    child: Option<Child>,
    address: Option<SocketAddr>,
    last_address: Option<SocketAddr>,
}

impl RelayProcess {
    /// An empty data directory; nothing runs yet.
    pub fn new() -> Result<Self> {
        Self::on(&std::env::temp_dir())
    }

    /// The same, in a folder of the caller's choosing: on a disk of its own, say.
    pub fn on(folder: &Path) -> Result<Self> {
        let data = tempfile::tempdir_in(folder).context("making a data directory")?;
        Ok(Self { data, child: None, address: None, last_address: None })
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Runs a command of the binary on the data directory and returns what it prints.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(binary()?)
            .args(arguments)
            .arg("--data")
            .arg(self.data.path())
            .output()
            .with_context(|| format!("starting `binnacle {}`", arguments.join(" ")))?;
        if !output.status.success() {
            bail!("`binnacle {}` failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The same, only its last line: the id, link or token that the command created.
    pub fn command_last_line(&self, arguments: &[&str]) -> Result<String> {
        let printed = self.command(arguments)?;
        printed.lines().last().map(str::to_owned).context("the command printed nothing")
    }

    /// Starts `binnacle serve` on a free port and waits for the address it prints.
    pub fn start(&mut self) -> Result<SocketAddr> {
        self.listen("127.0.0.1:0")
    }

    /// Starts it again where it listened before, for clients that come back by themselves.
    pub fn start_again(&mut self) -> Result<SocketAddr> {
        let last = self.last_address.context("the relay has never run")?;
        self.listen(&last.to_string())
    }

    fn listen(&mut self, listen: &str) -> Result<SocketAddr> {
        let mut child = Command::new(binary()?)
            .args(["serve", "--listen", listen, "--data"])
            .arg(self.data.path())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the relay")?;
        let stdout = child.stdout.take().context("the relay's output is piped")?;
        // From here on it is ours to end, whatever happens next.
        self.child = Some(child);
        let mut lines = BufReader::new(stdout).lines();
        let address = loop {
            let Some(line) = lines.next() else { bail!("the relay ended before it listened") };
            if let Some(rest) = line?.split("http://").nth(1) {
                let numeric = rest.trim_end_matches('/').replace("localhost", "127.0.0.1");
                break numeric.parse().context("reading the printed address")?;
            }
        };
        // Keep reading, so that the relay never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        self.address = Some(address);
        self.last_address = Some(address);
        Ok(address)
    }

    /// Where it listens.
    pub fn address(&self) -> Result<SocketAddr> {
        self.address.context("the relay is not running")
    }

    /// The address that a token holder connects to.
    pub fn sync_url(&self, workspace: &str, token: &str) -> Result<String> {
        Ok(format!("ws://{}/sync/{workspace}?token={token}", self.address()?))
    }

    /// SIGKILL, as a power cut would feel to the process.
    pub fn kill(&mut self) -> Result<()> {
        self.address = None;
        if let Some(mut child) = self.child.take() {
            child.kill().context("killing the relay")?;
            child.wait().context("waiting for the killed relay")?;
        }
        Ok(())
    }

    /// SIGTERM, and the exit code it ends with.
    pub fn terminate(&mut self) -> Result<std::process::ExitStatus> {
        let mut child = self.child.take().context("the relay is not running")?;
        let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        if !status.success() {
            bail!("kill -TERM failed");
        }
        self.address = None;
        child.wait().context("waiting for the relay to end")
    }

    /// The document of a workspace.
    pub fn document_of(&self, workspace: &str) -> Result<ids::DocumentId> {
        let list: serde_json::Value =
            serde_json::from_str(&self.command(&["workspace", "list", "--json"])?)?;
        let mut workspaces = list.as_array().context("a list of workspaces")?.iter();
        let is_it =
            |known: &&serde_json::Value| known.get("id").and_then(|id| id.as_str()) == Some(workspace);
        let document = workspaces.find(is_it).and_then(|found| found.get("document"));
        Ok(serde_json::from_value(document.context("the workspace is not listed")?.clone())?)
    }

    /// The process id of the running relay.
    pub fn id(&self) -> Result<u32> {
        Ok(self.child.as_ref().context("the relay is not running")?.id())
    }

    /// Resident memory of the running relay in KiB, from `/proc`.
    pub fn resident_kib(&self) -> Result<u64> {
        let id = self.id()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|value| value.split_whitespace().next())
            .context("no VmRSS in /proc")?
            .parse()
            .context("reading VmRSS")
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        // A test that fails leaves no process behind.
        let _ = self.kill();
    }
}

fn binary() -> Result<PathBuf> {
    std::env::var_os("BINNACLE_BIN")
        .map(PathBuf::from)
        .context("BINNACLE_BIN names no relay binary; run `cargo xtask test interop`")
}
