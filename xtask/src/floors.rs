//! The walls of the house: who may import whom (normal dependencies; dev-dependencies may climb).
//!
//! Adding a line here is the design review.

use crate::step;
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};

/// A room and the rooms it may import. A room that is missing here may not exist.
const FLOORS: &[(&str, &[&str])] = &[
    // 0: the nouns
    ("ids", &[]),
    // 1: bytes, meaning, keeping
    ("wire", &["ids"]),
    ("guard", &["ids"]),
    ("store", &["ids"]),
    ("workspace", &["ids"]),
    // 2: a client's session, what records add up to, what comes in and goes out, what a workspace starts with
    ("sync", &["wire", "guard", "ids"]),
    ("sample", &["workspace", "ids"]),
    ("insight", &["workspace", "ids"]),
    ("exchange", &["workspace", "ids"]),
    ("templates", &["workspace", "ids"]),
    // 3: the two cores
    ("client", &["workspace", "sync", "guard", "store", "wire", "ids"]),
    ("relay", &["wire", "guard", "store", "ids"]),
    // 4: adapters
    ("store-redb", &["store", "ids"]),
    ("store-idb", &["store", "ids"]),
    // 5: programs
    (
        "binnacle",
        &[
            "relay",
            "sample",
            "insight",
            "exchange",
            "templates",
            "workspace",
            "wire",
            "guard",
            "store",
            "store-redb",
            "ids",
        ],
    ),
    (
        "web",
        &["client", "insight", "exchange", "templates", "workspace", "sync", "store", "store-idb", "ids"],
    ),
    ("xtask", &[]),
    ("interop", &["client", "sync", "workspace", "wire", "guard", "store", "ids"]),
    ("sim", &["client", "sync", "relay", "workspace", "wire", "guard", "store", "store-redb", "ids"]),
    ("bench", &["interop", "wire", "ids"]),
    ("forge", &["guard", "ids"]),
    (
        "hostile",
        &[
            "forge",
            "sim",
            "client",
            "sync",
            "relay",
            "insight",
            "workspace",
            "wire",
            "guard",
            "store",
            "store-redb",
            "ids",
        ],
    ),
    ("wasm-runner", &[]),
];

/// Doors to the outside that stay shut: (room, crate, because).
const SHUT: &[(&str, &str, &str)] = &[
    ("ids", "automerge", "one engine type at the bottom would bind every room to it"),
    ("wire", "automerge", "a sync payload is bytes here"),
    ("guard", "automerge", "it stands in front of automerge"),
    ("store", "automerge", "a store has no opinion on changes"),
    ("store-redb", "automerge", "a store has no opinion on changes"),
    ("relay", "automerge", "no document on the hot path"),
    ("relay", "redb", "the relay core runs in a simulator"),
    ("relay", "tokio", "the relay core runs in a simulator"),
    ("relay", "axum", "the relay core runs in a simulator"),
    ("sync", "tokio", "one seed must replay it"),
    ("client", "tokio", "one seed must replay it"),
    ("client", "leptos", "the replica knows no screen"),
    ("sim", "tokio", "one seed must replay it"),
    ("workspace", "leptos", "meaning knows no screen"),
    ("insight", "leptos", "what records add up to is the same without a screen"),
    ("exchange", "leptos", "a table knows no screen"),
    ("templates", "leptos", "a beginning knows no screen"),
    ("binnacle", "samod", "it is a peer to be tested against"),
    ("web", "samod", "it is a peer to be tested against"),
];

/// Checks both tables against the manifests.
pub(crate) fn check() -> Result<()> {
    let wrong = wrong_doors(&Manifests::read()?);
    if wrong.is_empty() {
        step::say("floors: every door is where it should be");
        return Ok(());
    }
    bail!("floors:\n  {}", wrong.join("\n  "))
}

/// Normal dependencies of every package, by package name.
struct Manifests {
    members: BTreeSet<String>,
    normal: BTreeMap<String, BTreeSet<String>>,
}

impl Manifests {
    fn read() -> Result<Self> {
        let output = step::cargo()
            .args(["metadata", "--format-version", "1"])
            .output()
            .context("asking cargo for the manifests")?;
        if !output.status.success() {
            bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let metadata: serde_json::Value =
            serde_json::from_slice(&output.stdout).context("reading what cargo metadata printed")?;
        Self::from_metadata(&metadata).context("cargo metadata has another shape than expected")
    }

    fn from_metadata(metadata: &serde_json::Value) -> Option<Self> {
        let packages = metadata.get("packages")?.as_array()?;
        let mut name_of = BTreeMap::new();
        for package in packages {
            name_of.insert(package.get("id")?.as_str()?, package.get("name")?.as_str()?);
        }
        let members = metadata
            .get("workspace_members")?
            .as_array()?
            .iter()
            .filter_map(|id| name_of.get(id.as_str()?).map(|name| (*name).to_owned()))
            .collect();
        let mut normal: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in metadata.get("resolve")?.get("nodes")?.as_array()? {
            let name = name_of.get(node.get("id")?.as_str()?)?;
            let entry = normal.entry((*name).to_owned()).or_default();
            for dependency in node.get("deps")?.as_array()? {
                let is_normal = dependency
                    .get("dep_kinds")?
                    .as_array()?
                    .iter()
                    .any(|kind| kind.get("kind").is_some_and(serde_json::Value::is_null));
                if is_normal {
                    entry.insert((*name_of.get(dependency.get("pkg")?.as_str()?)?).to_owned());
                }
            }
        }
        Some(Self { members, normal })
    }

    /// Everything `room` reaches through normal dependencies.
    fn reached_from(&self, room: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![room];
        while let Some(name) = open.pop() {
            for next in self.normal.get(name).into_iter().flatten() {
                if reached.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        reached
    }
}

fn wrong_doors(manifests: &Manifests) -> Vec<String> {
    let mut wrong = Vec::new();
    for room in &manifests.members {
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| name == room) else {
            wrong.push(format!("{room}: a room without a floor; give it a line in xtask/src/floors.rs"));
            continue;
        };
        for imported in manifests.normal.get(room).into_iter().flatten() {
            if manifests.members.contains(imported) && !allowed.contains(&imported.as_str()) {
                wrong.push(format!("{room} -> {imported}: no such door"));
            }
        }
    }
    for (room, outside, because) in SHUT {
        if manifests.reached_from(room).contains(outside) {
            wrong.push(format!("{room} reaches {outside}: this door is shut, {because}"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifests(doors: &[(&str, &[&str])]) -> Manifests {
        Manifests {
            members: doors
                .iter()
                .map(|(room, _)| (*room).to_owned())
                .filter(|name| name != "automerge")
                .collect(),
            normal: doors
                .iter()
                .map(|(room, to)| ((*room).to_owned(), to.iter().map(|name| (*name).to_owned()).collect()))
                .collect(),
        }
    }

    #[test]
    fn a_door_that_is_not_in_the_table_is_refused() {
        assert_eq!(wrong_doors(&manifests(&[("sync", &["wire"]), ("wire", &[])])), Vec::<String>::new());
        assert_eq!(
            wrong_doors(&manifests(&[("wire", &["sync"]), ("sync", &[])])),
            ["wire -> sync: no such door"]
        );
    }

    #[test]
    fn a_shut_door_is_found_behind_another_room() {
        let wrong = wrong_doors(&manifests(&[("relay", &["store"]), ("store", &["automerge"])]));
        assert!(wrong.iter().any(|line| line.starts_with("relay reaches automerge")), "{wrong:?}");
    }

    #[test]
    fn a_room_without_a_floor_is_refused() {
        assert_eq!(wrong_doors(&manifests(&[("cellar", &[])])).len(), 1);
    }
}
