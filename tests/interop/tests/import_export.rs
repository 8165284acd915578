//! What `workspace import` and `export` do to a real data folder, beside a running relay and without one.

use anyhow::{Context, Result};
use automerge::{Automerge, ChangeHash, ReadDoc};
use ids::DocumentId;
use interop::{native_peer::NativePeer, relay_process::RelayProcess};
use serde_json::Value;
use std::{path::PathBuf, time::Duration};

const TABLE: &str =
    "Aufgabe;Wer;Fällig am\nVentile prüfen;Tom;31.12.2026\nZweite Quelle suchen;Britt;15.11.2026\n";

fn write(relay: &RelayProcess, name: &str, content: &[u8]) -> Result<String> {
    let path: PathBuf = relay.data().join(name);
    std::fs::write(&path, content)?;
    Ok(path.to_str().context("an odd folder")?.to_owned())
}

fn shown(relay: &RelayProcess, workspace: &str) -> Result<Value> {
    Ok(serde_json::from_str(&relay.command(&["workspace", "show", workspace, "--json"])?)?)
}

fn actions(relay: &RelayProcess, workspace: &str) -> Result<usize> {
    let content = shown(relay, workspace)?;
    Ok(content.pointer("/content/actions").and_then(Value::as_object).map_or(0, serde_json::Map::len))
}

/// Who is online has the rows as soon as the command has ended; who comes later has them too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_goes_through_the_running_relay_to_whoever_listens() -> Result<()> {
    let mut relay = RelayProcess::new()?;
    let workspace = relay.command_last_line(&["workspace", "create", "Team", "--sample"])?;
    let token = relay.command_last_line(&["token", "create", &workspace, "--role", "viewer"])?;
    let before = actions(&relay, &workspace)?;
    relay.start()?;
    let document: DocumentId = shown(&relay, &workspace)?["workspace"]["document"]
        .as_str()
        .context("show names the document")?
        .parse()?;
    let url = relay.sync_url(&workspace, &token)?;
    let mut listener = NativePeer::connect(&url, document, Automerge::new()).await?;
    listener.receive_until(Duration::from_secs(30), |peer| !peer.doc.get_heads().is_empty()).await?;

    let file = write(&relay, "actions.csv", TABLE.as_bytes())?;
    let import =
        ["workspace", "import", &file, "--into", &workspace, "--kind", "actions", "--as", "Tom Adeyemi"];
    let dry: Value = serde_json::from_str(&relay.command(&[&import[..], &["--dry-run"]].concat())?)?;
    assert_eq!((&dry["counts"]["new"], &dry["questions"]), (&2.into(), &Value::Array(Vec::new())));
    assert_eq!(actions(&relay, &workspace)?, before, "a dry run changes nothing");

    let change: ChangeHash = relay.command_last_line(&import)?.parse()?;
    listener
        .receive_until(Duration::from_secs(30), |peer| peer.doc.get_change_by_hash(&change).is_some())
        .await?;
    assert_eq!(actions(&relay, &workspace)?, before + 2);
    let again = relay.command(&import).err().context("the same rows twice make nothing")?;
    assert!(again.to_string().contains("no row of the file makes or changes a record"), "{again}");

    relay.terminate()?;
    assert_eq!(actions(&relay, &workspace)?, before + 2);
    // What the dry run printed is a mapping, and without a relay the command writes by itself.
    let more = write(&relay, "more.csv", TABLE.replace("Ventile", "Pumpen").as_bytes())?;
    let mapping = write(&relay, "mapping.json", dry.to_string().as_bytes())?;
    relay.command(&[
        "workspace",
        "import",
        &more,
        "--into",
        &workspace,
        "--kind",
        "actions",
        "--mapping",
        &mapping,
    ])?;
    relay.start()?;
    let url = relay.sync_url(&workspace, &token)?;
    let mut late = NativePeer::connect(&url, document, Automerge::new()).await?;
    late.receive_until(Duration::from_secs(30), |peer| peer.doc.get_change_by_hash(&change).is_some())
        .await?;
    assert_eq!(actions(&relay, &workspace)?, before + 3);
    Ok(())
}

/// Every whole-workspace format comes back as a workspace that says the same, and a relay serves it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_exported_is_a_workspace_again() -> Result<()> {
    let mut relay = RelayProcess::new()?;
    let workspace = relay.command_last_line(&["workspace", "create", "Team", "--sample"])?;
    let original = shown(&relay, &workspace)?;
    relay.start()?;
    for format in ["json", "automerge", "bundle"] {
        let file = write(&relay, &format!("out.{format}"), b"")?;
        relay.command(&["workspace", "export", &workspace, "--format", format, "--to", &file])?;
        let copy = relay.command_last_line(&["workspace", "import", &file, "--name", format])?;
        let copied = shown(&relay, &copy)?;
        for (collection, records) in original["content"].as_object().context("content")? {
            // A history that begins today was written on no device of the old one.
            if collection != "devices" {
                assert!(copied["content"][collection] == *records, "{format}: {collection}");
            }
        }
        assert_eq!(copied["heads"] == original["heads"], format != "json", "{format}");
        let token = relay.command_last_line(&["token", "create", &copy, "--role", "viewer"])?;
        let document: DocumentId = copied["workspace"]["document"].as_str().context("document")?.parse()?;
        let url = relay.sync_url(&copy, &token)?;
        let mut reader = NativePeer::connect(&url, document, Automerge::new()).await?;
        let heads: Vec<ChangeHash> = serde_json::from_value::<Vec<String>>(copied["heads"].clone())?
            .iter()
            .map(|hash| hash.parse())
            .collect::<Result<_, _>>()?;
        reader
            .receive_until(Duration::from_secs(30), |peer| {
                heads.iter().all(|hash| peer.doc.get_change_by_hash(hash).is_some())
            })
            .await
            .with_context(|| format!("a client gets the workspace imported from {format}"))?;
    }
    Ok(())
}

#[test]
fn what_is_no_workspace_is_refused_and_nothing_is_made() -> Result<()> {
    let relay = RelayProcess::new()?;
    relay.command(&["workspace", "create", "Team"])?;
    let mut foreign = Automerge::new();
    let mut tx = foreign.transaction();
    automerge::transaction::Transactable::put(&mut tx, automerge::ROOT, "recipe", "soup")?;
    tx.commit();
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("noise", vec![7; 3_000], "neither an Automerge document"),
        ("cut.automerge", foreign.save()[..20].to_vec(), "the guard refuses the document"),
        ("recipe.automerge", foreign.save(), "the document is no workspace"),
        ("other.json", b"{\"a\": 1}".to_vec(), "expected an object with collections"),
        ("book.zip", b"PK\x03\x04 and nothing".to_vec(), "--into a workspace"),
    ];
    for (name, bytes, why) in cases {
        let file = write(&relay, name, &bytes)?;
        let refused =
            relay.command(&["workspace", "import", &file]).err().with_context(|| name.to_owned())?;
        assert!(refused.to_string().contains(why), "{name}: {refused}");
    }
    let list: Value = serde_json::from_str(&relay.command(&["workspace", "list", "--json"])?)?;
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    Ok(())
}

#[test]
fn a_workspace_can_begin_with_a_template() -> Result<()> {
    let relay = RelayProcess::new()?;
    let workspace =
        relay.command_last_line(&["workspace", "create", "Team", "--template", "software-team"])?;
    let goals = relay.command(&["workspace", "export", &workspace, "--format", "csv", "--kind", "goals"])?;
    assert_eq!(goals.lines().count(), 1 + 3);
    let refused = relay
        .command(&["workspace", "create", "Other", "--template", "castle"])
        .err()
        .context("no castle")?;
    assert!(refused.to_string().contains("there are small-manufacturer"), "{refused}");
    Ok(())
}
