//! samod: automerge-repo in Rust, by another author than ours and JavaScript's. It shares Automerge with the relay's
//! neighbours and nothing else; what it says on the wire is its own reading of the protocol.

use crate::{
    cbor, document, native_peer,
    peer::{Ability, Copied, Doing, Edit, Heard, Peer},
};
use anyhow::{Context, Result};
use automerge::Automerge;
use futures_util::{SinkExt, StreamExt, future};
use samod::{BackoffConfig, DialError, Dialer, DialerHandle, DocHandle, Repo, Transport, Url};
use serde_json::Value;
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio_tungstenite::tungstenite;

const PATIENCE: Duration = Duration::from_secs(10);

/// One repo without storage of its own.
pub struct SamodPeer {
    repo: Repo,
    url: Url,
    line: DialerHandle<io::Error>,
    document: Option<DocHandle>,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl SamodPeer {
    /// Starts a repo and waits until it is connected.
    pub async fn connect(url: &str, name: &str) -> Result<Self> {
        let url: Url = url.parse().context("reading the address of the relay")?;
        let repo = Repo::build_tokio().with_peer_id(name.into()).load().await;
        let line = dial(&repo, &url).await?;
        Ok(Self { repo, url, line, document: None, heard: Arc::default() })
    }

    fn opened(&mut self, handle: DocHandle) {
        let heard = Arc::clone(&self.heard);
        let messages = handle.ephemera();
        tokio::spawn(messages.for_each(move |message| {
            heard.lock().unwrap_or_else(PoisonError::into_inner).push(message);
            future::ready(())
        }));
        self.document = Some(handle);
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Automerge) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let handle = self.document.as_ref().context("no document is open")?;
        handle.with_document_async(work).await.context("samod has stopped")?
    }
}

impl Peer for SamodPeer {
    fn lacks(&self) -> &'static [Ability] {
        // `DocHandle::ephemera` gives the bytes of a message and nothing about where they come from.
        &[Ability::NamesSenders]
    }

    fn create(&mut self, value: Value) -> Doing<'_, String> {
        Box::pin(async move {
            let mut doc = Automerge::new();
            document::fill(&mut doc, &value)?;
            let handle = self.repo.create(doc).await.context("samod has stopped")?;
            let url = handle.url().to_string();
            self.opened(handle);
            Ok(url)
        })
    }

    fn find(&mut self, url: String) -> Doing<'_, bool> {
        Box::pin(async move {
            let id = url.strip_prefix("automerge:").context("not a document URL")?.parse()?;
            let found = tokio::time::timeout(PATIENCE, self.repo.find(id))
                .await
                .with_context(|| format!("samod heard nothing about {url}"))?
                .context("samod has stopped")?;
            let here = found.is_some();
            if let Some(handle) = found {
                self.opened(handle);
            }
            Ok(here)
        })
    }

    fn edit(&mut self, edit: Edit) -> Doing<'_, ()> {
        Box::pin(self.with(move |doc| document::apply(doc, &edit)))
    }

    fn copy(&mut self) -> Doing<'_, Copied> {
        Box::pin(self.with(|doc| document::copy(doc)))
    }

    fn broadcast(&mut self, value: Value) -> Doing<'_, ()> {
        Box::pin(async move {
            let data = cbor::encode(&value)?;
            self.document.as_ref().context("no document is open")?.broadcast(data);
            Ok(())
        })
    }

    fn heard(&mut self) -> Doing<'_, Vec<Heard>> {
        Box::pin(async move {
            let messages = std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner));
            messages
                .iter()
                .map(|message| {
                    let value = cbor::decode(message)?;
                    Ok(Heard { sender: None, value })
                })
                .collect()
        })
    }

    fn go_offline(&mut self) -> Doing<'_, ()> {
        Box::pin(async move {
            self.line.close();
            Ok(())
        })
    }

    fn go_online(&mut self) -> Doing<'_, ()> {
        Box::pin(async move {
            self.line = dial(&self.repo, &self.url).await?;
            Ok(())
        })
    }

    fn leave(self: Box<Self>) -> Doing<'static, ()> {
        Box::pin(async move {
            tokio::time::timeout(PATIENCE, self.repo.stop()).await.context("samod does not stop")
        })
    }
}

async fn dial(repo: &Repo, url: &Url) -> Result<DialerHandle<io::Error>> {
    let again = BackoffConfig { max_delay: Duration::from_millis(500), ..BackoffConfig::default() };
    let line =
        repo.dial(again, Arc::new(WebSocketDialer { url: url.clone() })).context("samod has stopped")?;
    let established = tokio::time::timeout(PATIENCE, line.established());
    established
        .await
        .context("samod does not reach the relay")?
        .map_err(|failed| anyhow::anyhow!("samod does not reach the relay: {failed:?}"))?;
    Ok(line)
}

/// samod's own dialer wants another tungstenite than ours, and OpenSSL; a dozen lines spare both.
struct WebSocketDialer {
    url: Url,
}

impl Dialer for WebSocketDialer {
    type Error = io::Error;

    fn url(&self) -> Url {
        self.url.clone()
    }

    fn connect(
        &self,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Transport, DialError<Self::Error>>> + Send>> {
        let url = self.url.to_string();
        Box::pin(async move {
            let socket = native_peer::dial(&url)
                .await
                .map_err(|error| DialError::transient(io::Error::other(error.to_string())))?;
            let (sink, stream) = socket.split();
            let frames = stream.filter_map(|message| {
                future::ready(match message {
                    Ok(tungstenite::Message::Binary(frame)) => Some(Ok(frame.to_vec())),
                    Ok(_) => None,
                    Err(error) => Some(Err(error)),
                })
            });
            let sink = sink.with(|frame: Vec<u8>| {
                future::ready(Ok::<_, tungstenite::Error>(tungstenite::Message::Binary(frame.into())))
            });
            Ok(Transport::new(frames, sink))
        })
    }
}
