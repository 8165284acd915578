//! What the relay says over HTTP: caching, headers, who may come in.

use anyhow::{Context, Result};
use interop::{http, relay_process::RelayProcess};

struct Running {
    relay: RelayProcess,
    workspace: String,
}

fn running() -> Result<Running> {
    let mut relay = RelayProcess::new()?;
    let workspace = relay.command_last_line(&["workspace", "create", "Vantry Fluidics", "--sample"])?;
    relay.start()?;
    Ok(Running { relay, workspace })
}

impl Running {
    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<http::Answer> {
        http::request(self.relay.address()?, "GET", path, headers, "")
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &serde_json::Value) -> Result<http::Answer> {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        http::request(self.relay.address()?, "POST", path, &headers, &body.to_string())
    }
}

#[test]
fn the_app_is_precompressed_and_only_hashed_assets_are_cached() -> Result<()> {
    let running = running()?;
    let index = running.get("/", &[])?;
    assert_eq!(index.status, 200);
    assert_eq!(index.header("cache-control"), Some("no-cache"));
    assert_eq!(index.header("x-content-type-options"), Some("nosniff"));
    let policy = index.header("content-security-policy").context("no content security policy")?;
    assert!(policy.contains("default-src 'none'") && policy.contains("'wasm-unsafe-eval'"), "{policy}");
    let worker = running.get("/sw.js", &[])?;
    assert_eq!((worker.status, worker.header("cache-control")), (200, Some("no-cache")));

    let html = String::from_utf8(index.body)?;
    let assets: Vec<&str> = html.split('"').filter(|text| text.starts_with("/assets/")).collect();
    let wasm = assets.iter().find(|path| path.ends_with(".wasm")).context("index.html names no wasm")?;
    for path in &assets {
        let plain = running.get(path, &[])?;
        assert_eq!(plain.status, 200, "{path}");
        assert!(plain.header("cache-control").is_some_and(|value| value.contains("immutable")), "{path}");
    }
    let compressed = running.get(wasm, &[("accept-encoding", "gzip, br")])?;
    assert_eq!(compressed.header("content-encoding"), Some("br"));
    assert_eq!(compressed.header("content-type"), Some("application/wasm"));
    assert!(compressed.body.len() * 2 < running.get(wasm, &[])?.body.len());

    assert_eq!(
        running.get("/risks/01ARZ3NDEKTSV4RRFFQ69G5FAV", &[])?.status,
        200,
        "a deep link gets the app"
    );
    assert_eq!(running.get("/assets/nothing.js", &[])?.status, 404);
    Ok(())
}

#[test]
fn health_is_told_without_a_session() -> Result<()> {
    let running = running()?;
    assert_eq!(running.get("/healthz", &[])?.status, 200);
    let ready = running.get("/readyz", &[])?;
    assert_eq!((ready.status, ready.json()?["status"].as_str()), (200, Some("ready")));
    Ok(())
}

#[test]
fn a_browser_on_this_computer_chooses_a_name_and_gets_a_session() -> Result<()> {
    let running = running()?;
    assert_eq!(running.get("/api/session", &[])?.status, 204);
    let workspaces = running.get("/api/workspaces", &[])?.json()?;
    let workspace = workspaces.get(0).context("no workspace is listed")?;
    assert_eq!(workspace["id"], running.workspace.as_str());
    let members = workspace["members"].as_array().context("no members are listed")?;
    assert_eq!(members.len(), 8);
    let tom = members.iter().find(|member| member["name"] == "Tom Adeyemi").context("Tom is not listed")?;
    let answer = running.post(
        "/api/session",
        &[],
        &serde_json::json!({ "workspace": running.workspace, "member": tom["id"] }),
    )?;
    assert!(answer.status == 200 || answer.status == 201, "{}", answer.status);
    let cookie = answer.header("set-cookie").context("no cookie")?;
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().context("an empty cookie")?;
    let session = running.get("/api/session", &[("cookie", pair)])?.json()?;
    assert_eq!(session["member"]["name"], "Tom Adeyemi");
    assert_eq!(session["workspace"]["id"], running.workspace.as_str());
    Ok(())
}

#[test]
fn any_other_address_is_refused_with_a_sentence() -> Result<()> {
    let running = running()?;
    for headers in [
        [("host", "binnacle.example.org"), ("x", "y")],
        [("host", "localhost"), ("origin", "http://localhost:3000")],
    ] {
        let answer = running.get("/api/workspaces", &headers)?;
        assert_eq!(answer.status, 403, "{headers:?}");
        let problem = answer.json()?;
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 40), "{problem}");
    }
    Ok(())
}

#[test]
fn the_relay_ends_in_order_when_asked() -> Result<()> {
    let mut running = running()?;
    assert!(running.relay.terminate()?.success());
    Ok(())
}
