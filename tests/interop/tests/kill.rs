//! `kill -9` at random moments, under load: of what the relay acknowledged or forwarded, nothing is missing afterwards.
//!
//! Only fresh clients look afterwards: a client that kept its copy would heal the relay and hide the loss.
//!
//! `KILL_ROUNDS` says how often (20 if it does not), `KILL_SEED` when. A failure names both.

use anyhow::{Context, Result};
use automerge::{Automerge, ChangeHash, ReadDoc};
use futures_util::future::try_join_all;
use ids::DocumentId;
use interop::{native_peer::NativePeer, relay_process::RelayProcess};
use rand_core::{RngCore, SeedableRng};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

const ROUNDS: u64 = 20;
/// Those who write at once, each so fast.
const WRITERS: u64 = 4;
const EDITS_PER_SECOND: u64 = 100;
/// A new document after so many rounds, so that a fresh client does not spend its time with the past.
const ROUNDS_PER_DOCUMENT: u64 = 10;
const PATIENCE: Duration = Duration::from_secs(60);

type Promised = BTreeSet<ChangeHash>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_or_forwarded_is_lost() -> Result<()> {
    let rounds = number("KILL_ROUNDS", ROUNDS);
    let seed = number("KILL_SEED", 0x0b1a_cc1e);
    println!("KILL_ROUNDS={rounds} KILL_SEED={seed}");
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut relay = RelayProcess::new()?;
    let workspace = relay.command_last_line(&["workspace", "create", "Kill"])?;
    let token = relay.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
    let mut promised: BTreeMap<DocumentId, Promised> = BTreeMap::new();
    let mut document = DocumentId::random(&mut rng);
    let mut reopened = Vec::new();

    for round in 0..rounds {
        if round % ROUNDS_PER_DOCUMENT == 0 {
            document = DocumentId::random(&mut rng);
        }
        relay.start()?;
        let url = relay.sync_url(&workspace, &token)?;
        let mut writers = Vec::new();
        for writer in 0..WRITERS {
            let peer = NativePeer::connect(&url, document, Automerge::new()).await?;
            writers.push(tokio::spawn(write_until_cut(peer, format!("r{round}-w{writer}"))));
        }
        let reader = NativePeer::connect(&url, document, Automerge::new()).await?;
        let reader = tokio::spawn(read_until_cut(reader));
        tokio::time::sleep(Duration::from_millis(300 + u64::from(rng.next_u32() % 900))).await;
        relay.kill()?;
        let ours = promised.entry(document).or_default();
        ours.extend(reader.await??);
        for writer in try_join_all(writers).await? {
            ours.extend(writer?);
        }

        let started = Instant::now();
        relay.start()?;
        reopened.push(started.elapsed());
        let url = relay.sync_url(&workspace, &token)?;
        let missing = missing(&url, document, ours).await?;
        assert!(
            missing.is_empty(),
            "round {round}: {} of {} promised changes are missing (KILL_SEED={seed} KILL_ROUNDS={rounds}): {missing:?}",
            missing.len(),
            ours.len()
        );
        relay.kill()?;
    }

    // And in the end everything at once, the documents of long ago as well.
    relay.start()?;
    let url = relay.sync_url(&workspace, &token)?;
    for (document, ours) in &promised {
        let missing = missing(&url, *document, ours).await?;
        assert!(
            missing.is_empty(),
            "{document} lacks {missing:?} in the end (KILL_SEED={seed} KILL_ROUNDS={rounds})"
        );
    }
    let most: usize = promised.values().map(BTreeSet::len).sum();
    reopened.sort();
    let (median, slowest) = (reopened.get(reopened.len() / 2), reopened.last());
    println!(
        "{rounds} kills, {most} promised changes, none missing; ready again after {median:?}, at most {slowest:?}"
    );
    assert!(
        most as u64 > rounds * EDITS_PER_SECOND / 5,
        "the relay promised too little for the test to mean anything: {most}"
    );
    Ok(())
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// What a client that has nothing does not get of what was promised.
async fn missing(url: &str, document: DocumentId, promised: &Promised) -> Result<Vec<ChangeHash>> {
    let lacks = |peer: &NativePeer| -> Vec<ChangeHash> {
        promised.iter().filter(|hash| peer.doc.get_change_by_hash(hash).is_none()).copied().collect()
    };
    let mut fresh = NativePeer::connect(url, document, Automerge::new()).await.context("a fresh client")?;
    // Not to get everything within the time is the finding, not an error.
    let _ = fresh.receive_until(PATIENCE, |peer| lacks(peer).is_empty()).await;
    Ok(lacks(&fresh))
}

async fn write_until_cut(mut peer: NativePeer, name: String) -> Result<Promised> {
    let mut ticks = tokio::time::interval(Duration::from_millis(1000 / EDITS_PER_SECOND));
    for edit in 0_u64.. {
        let key = format!("{name}-k{}", edit % 50);
        let cut = tokio::select! {
            _ = ticks.tick() => peer.put(&key, &edit.to_string()).await.is_err(),
            received = peer.receive_one() => received.is_err(),
        };
        if cut {
            break;
        }
    }
    Ok(peer.told_by_relay().clone())
}

async fn read_until_cut(mut peer: NativePeer) -> Result<Promised> {
    while peer.receive_one().await.is_ok() {}
    Ok(peer.told_by_relay().clone())
}
