//! Somebody comes back with a long flight's work, and nine others are waiting.

use crate::{
    client::{Client, new_document},
    history::History,
    process::{Kind, Server},
    report::{Aim, Report},
    scenario::{block_on, until_idle},
};
use anyhow::Result;
use futures_util::future::try_join_all;
use std::time::Duration;
use tokio::time::Instant;

const SIZES: &[(u32, Option<Aim>)] = &[(100, None), (1_000, None), (10_000, Some(Aim::AtMost(2.5)))];
const OTHERS: u32 = 9;
const PATIENCE: Duration = Duration::from_secs(40);

pub(crate) fn run(kind: Kind, report: &mut Report) -> Result<()> {
    if kind == Kind::Plain {
        // Nothing waits for anybody there.
        return Ok(());
    }
    for (count, aim) in SIZES {
        let seconds = block_on(once(kind, *count))?;
        report.add("offline", format!("{count} changes to {OTHERS} others"), "s", *aim, kind, seconds);
    }
    Ok(())
}

async fn once(kind: Kind, count: u32) -> Result<f64> {
    let server = Server::start(kind)?;
    let mut history = History::new()?;
    let document = new_document()?;
    let mut traveller = Client::open(&server, document, 0).await?;
    let first = history.make_line(0, 1, None)?;
    traveller.take(&history, &first)?;
    traveller.say(&history).await?;
    traveller.until(&history, PATIENCE, |replica| replica.is_acknowledged(&history)).await?;
    let mut everybody = vec![traveller];
    for number in 1..=OTHERS {
        let mut client = Client::open(&server, document, number).await?;
        client.say(&history).await?;
        client.until(&history, PATIENCE, |replica| Ok(replica.len() == 1)).await?;
        everybody.push(client);
    }
    let made = history.make_line(100, count, first.first().copied())?;
    until_idle(&server).await?;

    let all = history.len();
    let started = Instant::now();
    if let Some(traveller) = everybody.first_mut() {
        traveller.take(&history, &made)?;
        traveller.say(&history).await?;
    }
    let history = &history;
    try_join_all(everybody.iter_mut().map(|client| {
        client.until(history, PATIENCE, move |replica| {
            Ok(replica.len() == all && replica.is_acknowledged(history)?)
        })
    }))
    .await?;
    Ok(started.elapsed().as_secs_f64())
}
