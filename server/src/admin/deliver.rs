//! A change of the command line on its way into a running relay.
//!
//! It goes the way of every change: a join, a sync message, the relay's checks, its disk, and then everybody who
//! listens. Writing it into the file beside the relay would leave browsers that are online without it until they
//! connect again.

use crate::{
    clock,
    disk::on_disk,
    ws::hub::{HubHandle, Outgoing},
};
use anyhow::{Context, Result, bail};
use guard::CheckedChange;
use ids::{DocumentId, Heads, PeerId, WorkspaceId};
use relay::{Access, Event, Principal};
use std::time::Duration;
use store::StoreError;
use store_redb::RelayFile;
use tokio::time::{Instant, sleep, timeout_at};
use wire::{Join, Message, PeerMetadata, SyncMessage};

/// How long the relay may take to answer and to make the change durable.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the disk is asked whether it has the change.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// What receipts name where a person would be.
const DEVICE: &str = "command-line";

/// Hands a change to the relay as a writer of the workspace; returns when it is durable.
pub(crate) async fn deliver(
    hub: &HubHandle,
    file: &RelayFile,
    workspace: WorkspaceId,
    document: DocumentId,
    change: CheckedChange,
) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    let principal = Principal { workspace, member: None, device: DEVICE.parse()?, access: Access::Writer };
    let (connection, mut outgoing) = hub.open(principal).await?;
    let us: PeerId = format!("{DEVICE}-{}", clock::now().as_millis()).parse()?;
    let join = Message::Join(Join {
        sender: us.clone(),
        versions: vec!["1".to_owned()],
        metadata: PeerMetadata { ephemeral: true, ..PeerMetadata::default() },
    });
    let done = async {
        hub.event(Event::Frame { connection, bytes: wire::encode(&join) }).await?;
        let relay = loop {
            let next =
                timeout_at(until, outgoing.recv()).await.context("the relay did not answer in time")?;
            hub.event(Event::Writable { connection }).await?;
            if let Message::Peer(peer) = understood(next)? {
                break peer.sender;
            }
        };
        let heads: Heads = [change.header.hash].into_iter().collect();
        let data = guard::write_sync_message(&guard::Reply {
            version: guard::Version::V1,
            heads: &heads,
            need: &[],
            have: &[],
            chunks: std::slice::from_ref(&change.bytes),
            flags: None,
        });
        let message = Message::Sync(SyncMessage { sender: us, target: relay, document, data });
        hub.event(Event::Frame { connection, bytes: wire::encode(&message) }).await?;
        let hash = change.header.hash;
        loop {
            let file = file.clone();
            if on_disk::<_, StoreError>(move || file.reader().receipt(document, hash)).await?.is_some() {
                return Ok(());
            }
            while let Ok(next) = outgoing.try_recv() {
                hub.event(Event::Writable { connection }).await?;
                understood(Some(next))?;
            }
            if Instant::now() > until {
                bail!("the relay has not made the change durable in {} s", PATIENCE.as_secs());
            }
            sleep(LOOK_EVERY).await;
        }
    };
    let done = done.await;
    let _ = hub.event(Event::Closed { connection }).await;
    done
}

/// What the relay says to us; its refusal is an error.
fn understood(outgoing: Option<Outgoing>) -> Result<Message> {
    match outgoing {
        Some(Outgoing::Frame(frame)) => {
            let message =
                wire::decode(&frame, &wire::Limits::CLIENT).context("reading the relay's answer")?;
            if let Message::Error { message } = &message {
                bail!("the relay refused the change: {message}");
            }
            Ok(message)
        }
        Some(Outgoing::Close(reason)) => bail!("the relay refused the change: {reason}"),
        None => bail!("the relay is shutting down"),
    }
}
