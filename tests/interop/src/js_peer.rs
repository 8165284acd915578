//! A stock JavaScript automerge-repo client as a child process (`js/peer.mjs`), one JSON line per question.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

const PATIENCE: Duration = Duration::from_secs(40);

/// One JavaScript process with one `Repo` and no storage of its own.
pub struct JsPeer {
    _child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl JsPeer {
    /// Starts a process that is not connected to anything.
    pub fn start() -> Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
        let mut child = Command::new("node")
            .current_dir(&folder)
            .arg("peer.mjs")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("starting node (are the packages of tests/interop/js installed?)")?;
        let stdin = child.stdin.take().context("stdin is piped")?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        Ok(Self { _child: child, stdin, lines: BufReader::new(stdout).lines() })
    }

    /// Starts a process and connects it.
    pub async fn connect(url: &str, peer_id: &str) -> Result<Self> {
        let mut peer = Self::start()?;
        peer.ask(json!({ "connect": url, "peerId": peer_id })).await?;
        Ok(peer)
    }

    /// Sends a command; an answer with `error` is an error.
    pub async fn ask(&mut self, command: Value) -> Result<Value> {
        let answer = self.ask_raw(&command).await?;
        if let Some(error) = answer.get("error") {
            bail!("{command} failed: {error}");
        }
        Ok(answer)
    }

    /// Sends a command and returns whatever it answers.
    pub async fn ask_raw(&mut self, command: &Value) -> Result<Value> {
        self.stdin
            .write_all(format!("{command}\n").as_bytes())
            .await
            .context("writing to the JavaScript peer")?;
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line())
            .await
            .with_context(|| format!("the JavaScript peer did not answer {command}"))?
            .context("reading from the JavaScript peer")?
            .with_context(|| format!("the JavaScript peer ended at {command}"))?;
        serde_json::from_str(&line).context("the JavaScript peer answers in JSON")
    }
}
