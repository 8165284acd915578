//! Ten thousand documents, each of one change, and everybody leaves.

use crate::{
    client::{Link, new_document, sync_message_in},
    history::{History, read_sync_message, sync_message},
    process::{Kind, Server},
    report::{Aim, Report},
    scenario::{block_on, until_idle},
};
use anyhow::{Context, Result};
use automerge::sync::BloomFilter;
use std::{collections::BTreeSet, time::Duration};
use tokio::time::Instant;

/// Documents of one connection: as many as a relay of ours allows.
const PER_CONNECTION: usize = 1_000;
/// Connections after which a second workspace is needed: one may have 10,000 documents, and its first it has already.
const HALF: usize = 5;
/// Documents that one connection has sent and not yet heard of.
const IN_FLIGHT: usize = 64;
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run(kind: Kind, report: &mut Report) -> Result<()> {
    let documents = match kind {
        Kind::Ours => 10_000,
        Kind::Peer => 1_000,
        // It has none.
        Kind::Plain => return Ok(()),
    };
    if kind == Kind::Peer {
        report.note("peer, documents: 1,000 instead of 10,000, all kept in memory");
    }
    block_on(async {
        let mut server = Server::start(kind)?;
        if kind == Kind::Ours {
            server.restart()?;
        }
        drop(Link::open(&server).await?);
        until_idle(&server).await?;
        let empty = server.resident_kib()?;
        let started = Instant::now();
        for number in 0..documents / PER_CONNECTION {
            if number == HALF {
                server.another_workspace(number)?;
            }
            create(&server).await?;
        }
        let per_ten_thousand = started.elapsed().as_secs_f64() * 10_000.0 / documents as f64;
        let aim = Some(Aim::AtMost(60.0));
        report.add("documents", "create 10,000, all leave", "s", aim, kind, per_ten_thousand);
        until_idle(&server).await?;
        let each = |resident: f64| (resident - empty) / documents as f64;
        let left = each(server.resident_kib()?);
        report.add("documents", "memory per document, just left", "KiB", None, kind, left);
        if kind == Kind::Ours {
            server.restart()?;
            drop(Link::open(&server).await?);
            until_idle(&server).await?;
            let aim = Some(Aim::AtMost(0.2));
            let unopened = each(server.resident_kib()?);
            report.add("documents", "memory per document that nobody has open", "KiB", aim, kind, unopened);
        }
        Ok(())
    })
}

/// One connection brings its documents, waits until the relay has each of them, and goes.
async fn create(server: &Server) -> Result<()> {
    let mut history = History::new()?;
    let made = history.make_line(0, 1, None)?;
    let change = history.get(made.first().copied().context("one change")?)?;
    let bloom = BloomFilter::from_hashes([change.hash].iter()).to_bytes();
    let hello = sync_message(&[change.hash], &[], (&[], &bloom), &[&change.bytes], false);
    let mut link = Link::open(server).await?;
    let mut waiting = BTreeSet::new();
    let mut created = 0;
    while created < PER_CONNECTION {
        while waiting.len() < IN_FLIGHT && created + waiting.len() < PER_CONNECTION {
            let document = new_document()?;
            let frame = link.around(document, hello.clone(), false)?;
            link.send(frame).await?;
            waiting.insert(document);
        }
        let frame = tokio::time::timeout(PATIENCE, link.next_frame()).await.context("waited in vain")??;
        if let Some((document, data)) = sync_message_in(&frame)?
            && read_sync_message(&data)?.heads == [change.hash]
            && waiting.remove(&document)
        {
            created += 1;
        }
    }
    Ok(())
}
