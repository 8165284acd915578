//! A scenario, as a JSON file tells it (`scenarios/`), and the player that lets two implementations act it out against
//! the real relay.
//!
//! A peer connects when it is first mentioned. In the end all that have not left must have the same heads and the same
//! content, and so must a client that comes only then: what it has, the relay kept.

use crate::{
    peer::{Ability, Copied, Edit, Heard, Key, Kind, Peer},
    relay_process::RelayProcess,
};
use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long peers may take to agree on anything: JavaScript on a busy machine takes seconds to start.
const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_millis(20);

/// A document that nobody has.
const UNKNOWN: &str = "automerge:2akvofn6L1o4RMUEMQi7qzwRjKWZ";

/// What one file holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in a sentence.
    pub about: String,
    peers: BTreeMap<String, Part>,
    steps: Vec<Step>,
    /// Why the peers do not agree in the end, if they do not.
    #[serde(default)]
    ends_apart: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    played_by: Side,
    #[serde(default)]
    role: Role,
}

/// Which implementation of the pair.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    First,
    Second,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    #[default]
    Editor,
    Viewer,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    /// The document of the scenario comes to be.
    Create {
        by: String,
        value: Value,
    },
    /// Somebody else opens it.
    Find {
        by: String,
    },
    /// What nobody has is unavailable.
    FindUnknown {
        by: String,
    },
    Edit {
        by: String,
        with: Edit,
    },
    /// As many changes of each, all at once, as fast as they can: each sets one key of the map at `path`.
    Rapid {
        by: Vec<String>,
        path: Vec<Key>,
        count: usize,
    },
    /// Has, or will have soon, this value there; null for nothing.
    Sees {
        by: String,
        path: Vec<Key>,
        value: Value,
    },
    Broadcast {
        by: String,
        value: Value,
    },
    /// Hears this next, and soon.
    Hears {
        by: String,
        from: String,
        value: Value,
    },
    /// Has heard nothing since.
    HeardNothing {
        by: String,
    },
    Offline {
        by: String,
    },
    Online {
        by: String,
    },
    /// Ends for good.
    Leave {
        by: String,
    },
    StopRelay {
        how: Ending,
    },
    /// At the same address; who is still there comes back by itself.
    StartRelay {},
    /// These come to the same heads and the same content.
    Agree {
        all: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ending {
    /// SIGTERM.
    Graceful,
    /// SIGKILL.
    Kill,
}

/// Where the files are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Reads `scenarios/NAME.json`.
pub fn read(name: &str) -> Result<Scenario> {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("understanding {}", path.display()))
}

/// Plays `scenarios/NAME.json` with these two implementations against a relay of its own. Returns what could not be
/// checked, and why.
pub async fn play(name: &str, first: Kind, second: Kind) -> Result<Vec<String>> {
    let scenario = read(name)?;
    let mut relay = RelayProcess::new()?;
    let workspace = relay.command_last_line(&["workspace", "create", "Scenario"])?;
    let editor = relay.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
    relay.start()?;
    // One token is made before the relay runs and one beside it: both roads of the command line.
    let viewer = relay.command_last_line(&["token", "create", &workspace, "--role", "viewer"])?;
    let editor = relay.sync_url(&workspace, &editor)?;
    let viewer = relay.sync_url(&workspace, &viewer)?;
    let mut stage = Stage {
        scenario: &scenario,
        first,
        second,
        relay,
        editor,
        viewer,
        url: None,
        peers: BTreeMap::new(),
        unchecked: Vec::new(),
    };
    for (number, step) in scenario.steps.iter().enumerate() {
        let context = || format!("{name}, {first} and {second}, step {} ({step:?})", number + 1);
        stage.play(step).await.with_context(context)?;
    }
    stage.end().await.with_context(|| format!("{name}, {first} and {second}, at the end"))
}

struct Stage<'a> {
    scenario: &'a Scenario,
    first: Kind,
    second: Kind,
    relay: RelayProcess,
    editor: String,
    viewer: String,
    url: Option<String>,
    peers: BTreeMap<String, Box<dyn Peer>>,
    unchecked: Vec<String>,
}

impl Stage<'_> {
    async fn play(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Create { by, value } => {
                self.url = Some(self.peer(by).await?.create(value.clone()).await?);
                Ok(())
            }
            Step::Find { by } => self.find(by).await,
            Step::FindUnknown { by } => {
                let found = self.peer(by).await?.find(UNKNOWN.to_owned()).await?;
                ensure!(!found, "{by} found what nobody has");
                Ok(())
            }
            Step::Edit { by, with } => self.peer(by).await?.edit(with.clone()).await,
            Step::Rapid { by, path, count } => self.rapid(by, path, *count).await,
            Step::Sees { by, path, value } => self.sees(by, path, value).await,
            Step::Broadcast { by, value } => self.peer(by).await?.broadcast(value.clone()).await,
            Step::Hears { by, from, value } => self.hears(by, from, value).await,
            Step::HeardNothing { by } => {
                let heard = self.peer(by).await?.heard().await?;
                ensure!(heard.is_empty(), "{by} heard {heard:?}");
                Ok(())
            }
            Step::Offline { by } => self.peer(by).await?.go_offline().await,
            Step::Online { by } => self.peer(by).await?.go_online().await,
            Step::Leave { by } => {
                self.peers.remove(by).with_context(|| format!("{by} is not there"))?.leave().await
            }
            Step::StopRelay { how } => self.stop_relay(*how),
            Step::StartRelay {} => self.relay.start_again().map(drop),
            Step::Agree { all } => self.agree(all).await.map(drop),
        }
    }

    fn stop_relay(&mut self, how: Ending) -> Result<()> {
        match how {
            Ending::Graceful => {
                let status = self.relay.terminate()?;
                ensure!(status.success(), "the relay ended with {status}");
            }
            Ending::Kill => self.relay.kill()?,
        }
        Ok(())
    }

    /// The peer of this name, which connects now if it has not before.
    async fn peer(&mut self, name: &str) -> Result<&mut Box<dyn Peer>> {
        if !self.peers.contains_key(name) {
            let part = self.scenario.peers.get(name).with_context(|| format!("nobody plays {name}"))?;
            let kind = match part.played_by {
                Side::First => self.first,
                Side::Second => self.second,
            };
            let url = match part.role {
                Role::Editor => &self.editor,
                Role::Viewer => &self.viewer,
            };
            let peer =
                kind.connect(url, name).await.with_context(|| format!("connecting {name} ({kind})"))?;
            self.peers.insert(name.to_owned(), peer);
        }
        self.peers.get_mut(name).with_context(|| format!("{name} is not there"))
    }

    /// What another peer has just created is on the relay when it is durable there, not before.
    async fn find(&mut self, by: &str) -> Result<()> {
        let url = self.url.clone().context("nobody has created the document")?;
        let peer = self.peer(by).await?;
        let deadline = Instant::now() + PATIENCE;
        while !peer.find(url.clone()).await? {
            ensure!(Instant::now() < deadline, "{url} did not become available");
            tokio::time::sleep(GLANCE).await;
        }
        Ok(())
    }

    async fn rapid(&mut self, by: &[String], path: &[Key], count: usize) -> Result<()> {
        for name in by {
            self.peer(name).await?;
        }
        let writers = self.peers.iter_mut().filter(|(name, _)| by.contains(name));
        let writing = writers.map(async |(name, peer)| -> Result<()> {
            for number in 0..count {
                let mut path = path.to_vec();
                path.push(Key::Name(format!("{name}-{number}")));
                peer.edit(Edit::Put { path, value: json!(number) }).await?;
            }
            Ok(())
        });
        try_join_all(writing).await.map(drop)
    }

    async fn sees(&mut self, by: &str, path: &[Key], value: &Value) -> Result<()> {
        let peer = self.peer(by).await?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let copied = peer.copy().await?;
            if value_at(&copied.value, path).unwrap_or(&Value::Null) == value {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{by} has {copied:?}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    async fn hears(&mut self, by: &str, from: &str, value: &Value) -> Result<()> {
        let peer = self.peer(by).await?;
        let names_senders = !peer.lacks().contains(&Ability::NamesSenders);
        let expected = Heard { sender: names_senders.then(|| from.to_owned()), value: value.clone() };
        let deadline = Instant::now() + PATIENCE;
        loop {
            match peer.heard().await?.as_slice() {
                [] => ensure!(Instant::now() < deadline, "{by} heard nothing"),
                [heard] if *heard == expected => break,
                heard => bail!("{by} heard {heard:?}"),
            }
            tokio::time::sleep(GLANCE).await;
        }
        if !names_senders {
            self.unchecked.push(format!("that {by} hears it from {from}: {by} does not say whom it hears"));
        }
        Ok(())
    }

    async fn agree(&mut self, all: &[String]) -> Result<Option<Copied>> {
        for name in all {
            self.peer(name).await?;
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut copies = Vec::new();
            for (name, peer) in self.peers.iter_mut().filter(|(name, _)| all.contains(name)) {
                copies.push((name, peer.copy().await.with_context(|| format!("reading {name}"))?));
            }
            if copies.windows(2).all(|two| matches!(two, [(_, a), (_, b)] if a == b)) {
                return Ok(copies.pop().map(|(_, copied)| copied));
            }
            ensure!(Instant::now() < deadline, "they do not agree: {copies:#?}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    async fn end(mut self) -> Result<Vec<String>> {
        let there: Vec<String> = self.peers.keys().cloned().collect();
        match (&self.scenario.ends_apart, self.url.clone()) {
            (None, Some(url)) => {
                let agreed = self.agree(&there).await?.context("nobody is left to have the document")?;
                let mut late = Kind::Ours.connect(&self.editor, "late").await?;
                ensure!(late.find(url).await?, "the relay does not have the document");
                self.peers.insert("late".to_owned(), late);
                self.sees("late", &[], &agreed.value).await.context("what the relay kept")?;
                self.agree(&self.peers.keys().cloned().collect::<Vec<_>>()).await?;
            }
            (Some(why), _) => self.unchecked.push(format!("that all agree in the end: {why}")),
            (None, None) => {}
        }
        for (name, peer) in self.peers {
            peer.leave().await.with_context(|| format!("{name} leaves"))?;
        }
        ensure!(self.relay.terminate()?.success(), "the relay did not end well");
        Ok(self.unchecked)
    }
}

fn value_at<'a>(value: &'a Value, path: &[Key]) -> Option<&'a Value> {
    path.iter().try_fold(value, |inner, key| match key {
        Key::Name(name) => inner.get(name),
        Key::Index(index) => inner.get(index),
    })
}
