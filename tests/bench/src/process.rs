//! The three programs that are compared, each in a process of its own: only what the process used is counted.

use anyhow::{Context, Result, bail};
use interop::relay_process::RelayProcess;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Ticks of `/proc/PID/stat` in a second. Linux shows 100 to programs, whatever the kernel uses itself.
const TICKS: f64 = 100.0;

/// Which program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// The relay of this repository.
    Ours,
    /// A plain WebSocket fan-out: no protocol, no storage. Nothing can cost less.
    Plain,
    /// The JavaScript automerge-repo relay, keeping everything in memory.
    Peer,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Ours, Self::Plain, Self::Peer];

    /// Its column.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Plain => "floor",
            Self::Peer => "peer",
        }
    }
}

/// A running program.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) address: SocketAddr,
    pub(crate) url: String,
    program: Program,
}

enum Program {
    Ours { process: Box<RelayProcess>, workspace: String, token: String },
    Other(Child),
}

impl Server {
    /// Starts it on empty data.
    pub(crate) fn start(kind: Kind) -> Result<Self> {
        match kind {
            Kind::Ours => Self::start_ours(),
            Kind::Plain => {
                let mut command = Command::new(std::env::current_exe().context("finding ourselves")?);
                Self::start_other(kind, command.arg("--plain-fan-out"))
            }
            Kind::Peer => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../interop/js");
                Self::start_other(kind, Command::new("node").current_dir(folder).arg("relay.mjs"))
            }
        }
    }

    fn start_ours() -> Result<Self> {
        let mut process = Box::new(RelayProcess::new()?);
        let workspace = process.command_last_line(&["workspace", "create", "Bench"])?;
        let token = process.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
        let address = process.start()?;
        let url = process.sync_url(&workspace, &token)?;
        Ok(Self { kind: Kind::Ours, address, url, program: Program::Ours { process, workspace, token } })
    }

    fn start_other(kind: Kind, command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().with_context(|| {
            format!("starting the {} (for node: `npm ci` in tests/interop/js)", kind.name())
        })?;
        let mut line = String::new();
        let stdout = child.stdout.take();
        let program = Program::Other(child);
        BufReader::new(stdout.context("the output is piped")?).read_line(&mut line)?;
        let said: serde_json::Value = serde_json::from_str(&line).context("reading the printed address")?;
        let url = said.get("listening").and_then(serde_json::Value::as_str).context("no address")?.to_owned();
        let address = url.trim_start_matches("ws://").parse().context("reading the printed address")?;
        Ok(Self { kind, address, url, program })
    }

    /// Kills it and starts it again on the same data. Only ours keeps any.
    pub(crate) fn restart(&mut self) -> Result<()> {
        let Program::Ours { process, workspace, token } = &mut self.program else {
            bail!("this one keeps nothing")
        };
        process.kill()?;
        self.address = process.start()?;
        self.url = process.sync_url(workspace, token)?;
        Ok(())
    }

    /// A further workspace of ours: the address that its token holders connect to. The others have one for everybody.
    pub(crate) fn another_workspace(&mut self, number: usize) -> Result<()> {
        if let Program::Ours { process, workspace, token } = &mut self.program {
            *workspace = process.command_last_line(&["workspace", "create", &format!("Bench {number}")])?;
            *token = process.command_last_line(&["token", "create", workspace, "--role", "editor"])?;
            self.url = process.sync_url(workspace, token)?;
        }
        Ok(())
    }

    /// CPU seconds used so far, by its code and by the kernel for it.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds(&self.id()?.to_string())
    }

    /// Resident memory in KiB.
    pub(crate) fn resident_kib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()?))?;
        let value = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(value.trim().trim_end_matches("kB").trim().parse()?)
    }

    fn id(&self) -> Result<u32> {
        match &self.program {
            Program::Ours { process, .. } => process.id(),
            Program::Other(child) => Ok(child.id()),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A measurement that fails leaves no process behind; ours is killed by its own drop.
        if let Self::Other(child) = self {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// CPU seconds of a process; `self` for ours.
pub(crate) fn cpu_seconds(id: &str) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The second field is a name in brackets, which may have spaces in it.
    let (_, fields) = stat.rsplit_once(')').context("no name in /proc/PID/stat")?;
    let mut ticks = 0.0;
    for field in fields.split_whitespace().skip(11).take(2) {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks / TICKS)
}
