//! `kill -9` at random moments: of what the relay acknowledged or forwarded, nothing is missing afterwards.
//!
//! Only fresh clients look afterwards: a client that kept its copy would heal the relay and hide the loss.

use anyhow::{Context, Result};
use automerge::{Automerge, ChangeHash, ReadDoc};
use ids::DocumentId;
use interop::{native_peer::NativePeer, relay_process::RelayProcess};
use rand_core::{RngCore, SeedableRng};
use std::{collections::BTreeSet, time::Duration};

const ROUNDS: u64 = 20;
const EDITS_PER_SECOND: u64 = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_or_forwarded_is_lost() -> Result<()> {
    let seed = std::env::var("KILL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x0b1a_cc1e);
    println!("KILL_SEED={seed}");
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let mut relay = RelayProcess::new()?;
    let workspace = relay.command_last_line(&["workspace", "create", "Kill"])?;
    let token = relay.command_last_line(&["token", "create", &workspace, "--role", "editor"])?;
    let document = DocumentId::random(&mut rng);
    let mut promised: BTreeSet<ChangeHash> = BTreeSet::new();
    let mut kept_counts = Vec::new();

    for round in 0..ROUNDS {
        relay.start()?;
        let url = relay.sync_url(&workspace, &token)?;
        let writer = NativePeer::connect(&url, document, Automerge::new()).await?;
        let reader = NativePeer::connect(&url, document, Automerge::new()).await?;
        let writing = tokio::spawn(write_until_cut(writer, round));
        let reading = tokio::spawn(read_until_cut(reader));
        tokio::time::sleep(Duration::from_millis(300 + u64::from(rng.next_u32() % 900))).await;
        relay.kill()?;
        promised.extend(writing.await??);
        promised.extend(reading.await??);

        relay.start()?;
        let url = relay.sync_url(&workspace, &token)?;
        let mut fresh = NativePeer::connect(&url, document, Automerge::new()).await?;
        fresh
            .receive_until(Duration::from_secs(20), |peer| {
                promised.iter().all(|hash| peer.doc.get_change_by_hash(hash).is_some())
            })
            .await
            .with_context(|| {
                format!(
                    "round {round}: a fresh client misses some of {} promised changes (seed {seed})",
                    promised.len()
                )
            })?;
        kept_counts.push(promised.len());
        relay.kill()?;
    }
    let most = kept_counts.last().copied().unwrap_or(0);
    println!("{most} promised changes over {ROUNDS} rounds, none missing");
    assert!(
        most as u64 > ROUNDS * EDITS_PER_SECOND / 5,
        "the relay promised too little for the test to mean anything: {most}"
    );
    Ok(())
}

async fn write_until_cut(mut peer: NativePeer, round: u64) -> Result<BTreeSet<ChangeHash>> {
    let mut ticks = tokio::time::interval(Duration::from_millis(1000 / EDITS_PER_SECOND));
    for edit in 0_u64.. {
        let cut = tokio::select! {
            _ = ticks.tick() => peer.put(&format!("r{round}-k{}", edit % 50), &edit.to_string()).await.is_err(),
            received = peer.receive_one() => received.is_err(),
        };
        if cut {
            break;
        }
    }
    Ok(peer.told_by_relay().clone())
}

async fn read_until_cut(mut peer: NativePeer) -> Result<BTreeSet<ChangeHash>> {
    while peer.receive_one().await.is_ok() {}
    Ok(peer.told_by_relay().clone())
}
