//! Stock JavaScript automerge-repo 2.5.6 clients at doors of `binnacle serve` that are closed to them. What they do
//! behind the open ones is told by the scenarios.

use anyhow::{Context, Result};
use interop::{js_peer::JsPeer, relay_process::RelayProcess};
use serde_json::{Value, json};

struct Scene {
    relay: RelayProcess,
    workspace: String,
    editor: String,
}

impl Scene {
    fn new() -> Result<Self> {
        let mut relay = RelayProcess::new()?;
        let workspace = relay.command_last_line(&["workspace", "create", "Interop"])?;
        let editor = relay.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
        relay.start()?;
        Ok(Self { relay, workspace, editor })
    }

    async fn editor(&self, name: &str) -> Result<JsPeer> {
        JsPeer::connect(&self.relay.sync_url(&self.workspace, &self.editor)?, name).await
    }
}

async fn create(peer: &mut JsPeer, value: Value) -> Result<String> {
    let created = peer.ask(json!({ "create": value })).await?;
    created.get("documentUrl").and_then(Value::as_str).map(str::to_owned).context("no document url")
}

/// Finds a document that another peer has just created: it is on the relay when it is durable there, not before.
async fn find(peer: &mut JsPeer, url: &str) -> Result<Value> {
    for _ in 0..50 {
        let found = peer.ask(json!({ "find": url, "timeout_ms": 5000 })).await?;
        if found.get("value").is_some() {
            return Ok(found);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    anyhow::bail!("{url} did not become available")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_of_another_workspace_is_unavailable() -> Result<()> {
    let scene = Scene::new()?;
    let mut ada = scene.editor("ada").await?;
    let url = create(&mut ada, json!({ "secret": "plan" })).await?;
    find(&mut scene.editor("bob").await?, &url).await?;
    let other = scene.relay.command_last_line(&["workspace", "create", "Other"])?;
    let token = scene.relay.command_last_line(&["token", "create", &other, "--role", "editor"])?;
    let mut eve = JsPeer::connect(&scene.relay.sync_url(&other, &token)?, "eve").await?;
    let answer = eve.ask(json!({ "find": url, "timeout_ms": 10000 })).await?;
    assert_eq!(answer, json!({ "unavailable": true }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_token_is_refused_at_the_door() -> Result<()> {
    let scene = Scene::new()?;
    let mut eve = JsPeer::start()?;
    let url = scene.relay.sync_url(&scene.workspace, &"0".repeat(64))?;
    let answer = eve.ask_raw(&json!({ "connect": url, "peerId": "eve", "timeout_ms": 3000 })).await?;
    let error = answer["error"].as_str().context("a bad token was let in")?;
    assert!(error.contains("401"), "{error}");
    Ok(())
}
