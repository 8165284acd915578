//! What it costs to be there and do nothing.

use crate::{
    client::{Client, Link, new_document},
    history::History,
    process::{Kind, Server},
    report::{Aim, Report},
    scenario::{block_on, until_idle},
};
use anyhow::Result;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);
/// Before anything is counted: what the first connections need is needed once.
const WARM_UP: u32 = 20;

pub(crate) fn run(kind: Kind, report: &mut Report) -> Result<()> {
    let connections = if kind == Kind::Peer { 500 } else { 1_000 };
    block_on(async {
        let server = Server::start(kind)?;
        let mut links = Vec::new();
        for _ in 0..WARM_UP {
            links.push(Link::open(&server).await?);
        }
        until_idle(&server).await?;
        let before = server.resident_kib()?;
        for _ in 0..connections {
            links.push(Link::open(&server).await?);
        }
        until_idle(&server).await?;
        let each = (server.resident_kib()? - before) / f64::from(connections);
        let aim = Some(Aim::AtMost(12.0));
        report.add("idle", "memory per connection that has joined", "KiB", aim, kind, each);
        anyhow::Ok(())
    })?;
    if kind == Kind::Plain {
        return Ok(());
    }
    block_on(async {
        let server = Server::start(kind)?;
        let mut history = History::new()?;
        let document = new_document()?;
        let mut author = Client::open(&server, document, 0).await?;
        let made = history.make_line(0, 1, None)?;
        author.take(&history, &made)?;
        author.say(&history).await?;
        author.until(&history, PATIENCE, |replica| replica.is_acknowledged(&history)).await?;
        let mut clients = vec![author];
        let mut before = 0.0;
        for number in 1..=WARM_UP + connections {
            if number == WARM_UP + 1 {
                until_idle(&server).await?;
                before = server.resident_kib()?;
            }
            let mut client = Client::open(&server, document, number).await?;
            client.say(&history).await?;
            client.until(&history, PATIENCE, |replica| Ok(replica.len() == 1)).await?;
            clients.push(client);
        }
        until_idle(&server).await?;
        let each = (server.resident_kib()? - before) / f64::from(connections);
        report.add("idle", "memory per connection that follows a document", "KiB", None, kind, each);
        Ok(())
    })
}
