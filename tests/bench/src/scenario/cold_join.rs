//! A new device asks for everything.

use crate::{
    client::{Client, Link, new_document, sync_message_in},
    history::{History, read_sync_message, sync_message},
    process::{Kind, Server},
    report::{Aim, Report},
    scenario::{block_on, until_idle},
};
use anyhow::{Result, bail, ensure};
use automerge::{Automerge, ChangeHash};
use bytes::Bytes;
use ids::DocumentId;
use std::time::Duration;
use tokio::time::Instant;

/// Changes, and the aims for the last byte: warm, and after a restart.
const SIZES: &[(u32, Option<Aim>, Option<Aim>)] =
    &[(1_000, None, None), (10_000, None, None), (100_000, Some(Aim::AtMost(30.0)), Some(Aim::AtMost(60.0)))];
const PATIENCE: Duration = Duration::from_secs(60);
/// After everything has come, how long nothing more may come.
const SILENCE: Duration = Duration::from_millis(400);
const BATCH: u32 = 2_000;
const JOINS: u32 = 3;

pub(crate) fn run(kind: Kind, report: &mut Report) -> Result<()> {
    if kind == Kind::Plain {
        // It keeps nothing.
        return Ok(());
    }
    for (count, warm_aim, restarted_aim) in SIZES {
        if kind == Kind::Peer && *count > 10_000 {
            report
                .note("peer, cold join: 100,000 changes are left out, bringing them there takes it minutes");
            continue;
        }
        block_on(async {
            let mut server = Server::start(kind)?;
            let (document, head) = fill(&server, *count).await?;
            until_idle(&server).await?;
            let name = format!("{count} changes, last byte");
            for _ in 0..JOINS {
                let milliseconds = join(&server, document, *count, head).await?;
                report.add("cold-join", format!("{name}, warm"), "ms", *warm_aim, kind, milliseconds);
            }
            if kind == Kind::Peer {
                report.note("peer, cold join: it keeps everything in memory here, so there is no restart");
                return Ok(());
            }
            for _ in 0..JOINS {
                server.restart()?;
                tokio::time::sleep(Duration::from_millis(200)).await;
                let milliseconds = join(&server, document, *count, head).await?;
                report.add(
                    "cold-join",
                    format!("{name}, after a restart"),
                    "ms",
                    *restarted_aim,
                    kind,
                    milliseconds,
                );
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Brings a document of so many changes, by a number of authors, to the relay.
async fn fill(server: &Server, count: u32) -> Result<(DocumentId, ChangeHash)> {
    let mut history = History::new()?;
    let document = new_document()?;
    let mut client = Client::open(server, document, 0).await?;
    let mut last = None;
    for (actor, start) in (0..count).step_by(BATCH as usize).enumerate() {
        let made = history.make_line(u32::try_from(actor)? + 1, BATCH.min(count - start), last)?;
        client.take(&history, &made)?;
        client.say(&history).await?;
        client.until(&history, PATIENCE, |replica| replica.is_acknowledged(&history)).await?;
        last = made.last().copied();
    }
    match last {
        Some(last) => Ok((document, history.get(last)?.hash)),
        None => bail!("a document of no changes"),
    }
}

/// Joins with nothing; milliseconds from before the socket to the last byte of a change.
async fn join(server: &Server, document: DocumentId, count: u32, head: ChangeHash) -> Result<f64> {
    let started = Instant::now();
    let mut link = Link::open(server).await?;
    let empty: (&[ChangeHash], &[u8]) = (&[], &[]);
    let request = sync_message(&[], &[], empty, &[], true);
    let request = link.around(document, request, true)?;
    link.send(request).await?;
    let mut chunks: Vec<Bytes> = Vec::new();
    let mut last = None;
    loop {
        let silence = if last.is_some() { SILENCE } else { PATIENCE };
        let Ok(frame) = tokio::time::timeout(silence, link.next_frame()).await else { break };
        let Some((_, data)) = sync_message_in(&frame?)? else { continue };
        let message = read_sync_message(&data)?;
        if !message.chunks.is_empty() {
            last = Some(started.elapsed());
            chunks.extend(message.chunks);
        } else if last.is_none() && !message.heads.is_empty() {
            // It wants to be asked for what it has spoken of.
            let need = sync_message(&[], &message.heads, empty, &[], true);
            let need = link.around(document, need, false)?;
            link.send(need).await?;
        }
    }
    let Some(last) = last else { bail!("nothing came") };
    let all: Vec<u8> = chunks.iter().flat_map(|chunk| chunk.iter().copied()).collect();
    let doc = Automerge::load(&all)?;
    ensure!(doc.get_heads() == [head], "the document that came has other heads");
    ensure!(doc.get_changes_meta(&[]).len() == count as usize, "changes are missing in what came");
    Ok(last.as_secs_f64() * 1e3)
}
