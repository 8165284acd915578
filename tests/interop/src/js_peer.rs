//! A stock JavaScript automerge-repo client as a child process (`js/peer.mjs`), one JSON line per question.

use crate::peer::{Copied, Doing, Edit, Heard, Peer};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// The package waits five seconds before it dials again; a test that restarts the relay need not.
const RETRY_MS: u64 = 250;
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
        peer.ask(json!({ "connect": url, "peerId": peer_id, "retry_ms": RETRY_MS })).await?;
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

impl Peer for JsPeer {
    fn create(&mut self, value: Value) -> Doing<'_, String> {
        Box::pin(async move {
            let created = self.ask(json!({ "create": value })).await?;
            let url = created.get("documentUrl").and_then(Value::as_str);
            url.map(str::to_owned).context("the JavaScript peer names no document URL")
        })
    }

    fn find(&mut self, url: String) -> Doing<'_, bool> {
        Box::pin(async move {
            let found = self.ask(json!({ "find": url, "timeout_ms": 10_000 })).await?;
            if found.get("timeout").is_some() {
                bail!("the JavaScript peer heard nothing about {url}");
            }
            Ok(found.get("unavailable").is_none())
        })
    }

    fn edit(&mut self, edit: Edit) -> Doing<'_, ()> {
        Box::pin(async move {
            self.ask(match edit {
                Edit::Put { path, value } => json!({ "change": { "path": path, "value": value } }),
                Edit::Delete { path } => json!({ "change": { "path": path, "delete": true } }),
                Edit::Insert { path, index, value } => {
                    json!({ "insert": { "path": path, "index": index, "value": value } })
                }
                Edit::Splice { path, index, delete, insert } => {
                    json!({ "splice": { "path": path, "index": index, "del": delete, "insert": insert } })
                }
            })
            .await?;
            Ok(())
        })
    }

    fn copy(&mut self) -> Doing<'_, Copied> {
        Box::pin(async move {
            let mut read = self.ask(json!({ "read": true })).await?;
            let heads = read.get_mut("heads").map(Value::take).context("no heads")?;
            let value = read.get_mut("value").map(Value::take).context("no value")?;
            Ok(Copied { heads: serde_json::from_value(heads).context("reading heads")?, value })
        })
    }

    fn broadcast(&mut self, value: Value) -> Doing<'_, ()> {
        Box::pin(async move { self.ask(json!({ "broadcast": value })).await.map(drop) })
    }

    fn heard(&mut self) -> Doing<'_, Vec<Heard>> {
        Box::pin(async move {
            let mut answer = self.ask(json!({ "ephemeral": true })).await?;
            let received = answer.get_mut("received").and_then(Value::as_array_mut).context("no list")?;
            received
                .iter_mut()
                .map(|message| {
                    let value = message.get_mut("value").map(Value::take).context("no value")?;
                    let sender = message.get("sender").and_then(Value::as_str).map(str::to_owned);
                    Ok(Heard { sender, value })
                })
                .collect()
        })
    }

    fn go_offline(&mut self) -> Doing<'_, ()> {
        Box::pin(async move { self.ask(json!({ "offline": true })).await.map(drop) })
    }

    fn go_online(&mut self) -> Doing<'_, ()> {
        Box::pin(async move { self.ask(json!({ "online": true })).await.map(drop) })
    }

    fn leave(mut self: Box<Self>) -> Doing<'static, ()> {
        Box::pin(async move { self.ask(json!({ "close": true })).await.map(drop) })
    }
}
