//! Stock JavaScript automerge-repo 2.5.6 clients against `binnacle serve`.

use anyhow::{Context, Result};
use interop::{js_peer::JsPeer, relay_process::RelayProcess};
use serde_json::{Value, json};

struct Scene {
    relay: RelayProcess,
    workspace: String,
    editor: String,
    viewer: String,
}

impl Scene {
    fn new() -> Result<Self> {
        let mut relay = RelayProcess::new()?;
        let workspace = relay.command_last_line(&["workspace", "create", "Interop"])?;
        // One token is made before the relay runs and one beside it: both roads of the command line.
        let editor = relay.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
        relay.start()?;
        let viewer = relay.command_last_line(&["token", "create", &workspace, "--role", "viewer"])?;
        Ok(Self { relay, workspace, editor, viewer })
    }

    async fn editor(&self, name: &str) -> Result<JsPeer> {
        JsPeer::connect(&self.relay.sync_url(&self.workspace, &self.editor)?, name).await
    }

    async fn viewer(&self, name: &str) -> Result<JsPeer> {
        JsPeer::connect(&self.relay.sync_url(&self.workspace, &self.viewer)?, name).await
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

async fn becomes(peer: &mut JsPeer, path: Value, equals: Value) -> Result<()> {
    let answer =
        peer.ask(json!({ "wait_until": { "path": path, "equals": equals, "timeout_ms": 15000 } })).await?;
    anyhow::ensure!(answer.get("timeout").is_none(), "{path} did not become {equals}: {answer}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn create_find_and_edit_both_ways() -> Result<()> {
    let scene = Scene::new()?;
    let mut ada = scene.editor("ada").await?;
    let mut bob = scene.editor("bob").await?;
    let url = create(&mut ada, json!({ "title": "Direction", "list": [1] })).await?;
    assert_eq!(find(&mut bob, &url).await?["value"], json!({ "title": "Direction", "list": [1] }));
    bob.ask(json!({ "splice": { "path": ["title"], "index": 9, "del": 0, "insert": " 2027 🧭" } })).await?;
    becomes(&mut ada, json!(["title"]), json!("Direction 2027 🧭")).await?;
    ada.ask(json!({ "change": { "path": ["owner"], "value": "Ines" } })).await?;
    becomes(&mut bob, json!(["owner"]), json!("Ines")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_rapid_edits_of_two_peers_converge() -> Result<()> {
    let scene = Scene::new()?;
    let mut ada = scene.editor("ada").await?;
    let mut bob = scene.editor("bob").await?;
    let url = create(&mut ada, json!({ "rapid": {} })).await?;
    find(&mut bob, &url).await?;
    let (a, b) = tokio::join!(
        ada.ask(json!({ "rapid": { "count": 20 } })),
        bob.ask(json!({ "rapid": { "count": 20 } }))
    );
    a?;
    b?;
    becomes(&mut ada, json!(["rapid", "bob-19"]), json!(19)).await?;
    becomes(&mut bob, json!(["rapid", "ada-19"]), json!(19)).await?;
    let heads = ada.ask(json!({ "read": true })).await?["heads"].clone();
    let same = bob.ask(json!({ "wait_heads": heads, "timeout_ms": 15000 })).await?;
    assert!(same.get("timeout").is_none(), "{same}");
    let value = bob.ask(json!({ "read": true })).await?;
    assert_eq!(value["value"]["rapid"].as_object().map(serde_json::Map::len), Some(40));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ephemeral_messages_go_both_ways_and_come_once() -> Result<()> {
    let scene = Scene::new()?;
    let mut ada = scene.editor("ada").await?;
    let mut bob = scene.editor("bob").await?;
    let url = create(&mut ada, json!({ "here": true })).await?;
    find(&mut bob, &url).await?;
    ada.ask(json!({ "broadcast": { "cursor": 7 } })).await?;
    let heard = bob.ask(json!({ "wait_ephemeral": { "count": 1, "timeout_ms": 10000 } })).await?;
    assert_eq!(heard["received"], json!([{ "sender": "ada", "documentUrl": url, "value": { "cursor": 7 } }]));
    bob.ask(json!({ "broadcast": { "cursor": 9 } })).await?;
    let heard = ada.ask(json!({ "wait_ephemeral": { "count": 1, "timeout_ms": 10000 } })).await?;
    assert_eq!(heard["received"][0]["value"], json!({ "cursor": 9 }));
    // Peers gossip what they hear back to the relay; nobody hears it twice, and nobody is cut off for it.
    ada.ask(json!({ "change": { "path": ["still"], "value": "connected" } })).await?;
    becomes(&mut bob, json!(["still"]), json!("connected")).await?;
    assert_eq!(bob.ask(json!({ "ephemeral": true })).await?["received"], json!([]));
    assert_eq!(ada.ask(json!({ "ephemeral": true })).await?["received"], json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_document_is_unavailable() -> Result<()> {
    let scene = Scene::new()?;
    let mut ada = scene.editor("ada").await?;
    let answer =
        ada.ask(json!({ "find": "automerge:2akvofn6L1o4RMUEMQi7qzwRjKWZ", "timeout_ms": 10000 })).await?;
    assert_eq!(answer, json!({ "unavailable": true }));
    Ok(())
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
async fn a_reader_reads_and_cannot_write() -> Result<()> {
    let scene = Scene::new()?;
    let mut ada = scene.editor("ada").await?;
    let url = create(&mut ada, json!({ "title": "Direction" })).await?;
    let mut rita = scene.viewer("rita").await?;
    assert_eq!(find(&mut rita, &url).await?["value"]["title"], "Direction");
    rita.ask(json!({ "change": { "path": ["title"], "value": "Mine" } })).await?;
    ada.ask(json!({ "change": { "path": ["later"], "value": 1 } })).await?;
    becomes(&mut rita, json!(["later"]), json!(1)).await?;
    // A fresh client sees what the relay has: nothing of the reader's.
    let mut fresh = scene.editor("fresh").await?;
    assert_eq!(find(&mut fresh, &url).await?["value"], json!({ "title": "Direction", "later": 1 }));
    assert_eq!(ada.ask(json!({ "read": true })).await?["value"]["title"], "Direction");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_relay_serves_from_disk() -> Result<()> {
    let mut scene = Scene::new()?;
    let mut ada = scene.editor("ada").await?;
    let url = create(&mut ada, json!({ "title": "Kept", "rapid": {} })).await?;
    ada.ask(json!({ "rapid": { "count": 30 } })).await?;
    let mut bob = scene.editor("bob").await?;
    find(&mut bob, &url).await?;
    becomes(&mut bob, json!(["rapid", "ada-29"]), json!(29)).await?;
    // Both clients are gone before the relay ends: nobody can heal it.
    ada.ask(json!({ "close": true })).await?;
    bob.ask(json!({ "close": true })).await?;
    drop((ada, bob));
    assert!(scene.relay.terminate()?.success());
    scene.relay.start()?;
    let mut fresh = scene.editor("fresh").await?;
    let found = find(&mut fresh, &url).await?;
    assert_eq!(found["value"]["title"], "Kept");
    assert_eq!(found["value"]["rapid"].as_object().map(serde_json::Map::len), Some(30));
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
