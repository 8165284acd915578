//! The client of the product without its screens: [`Session`] and [`GuardedDocument`], driven over a native WebSocket
//! as the browser's driver does it.
//!
//! What the session calls an error is kept as trouble and told at the next command: against our own relay, and with
//! honest peers behind it, there must be none.

use crate::{
    cbor, document, native_peer,
    peer::{Copied, Doing, Edit, Heard, Peer},
};
use anyhow::{Context, Result};
use automerge::{Automerge, TextEncoding};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use guard::Limits;
use ids::{DocumentId, Heads, StorageId, Timestamp};
use rand_core::{RngCore, SeedableRng};
use serde_json::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use sync::{Closed, GuardedDocument, Identity, Incoming, Session, backoff};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_tungstenite::tungstenite;
use wire::SessionId;

const PATIENCE: Duration = Duration::from_secs(10);

type Work = Box<dyn FnOnce(&mut Client) + Send>;

/// One replica in a task of its own.
pub struct OurPeer {
    work: mpsc::UnboundedSender<Work>,
    task: JoinHandle<()>,
}

impl OurPeer {
    /// Starts a client and waits until it is connected.
    pub async fn connect(url: &str, name: &str) -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
        let mut rng = rand_chacha::ChaCha8Rng::from_seed(seed);
        let identity = Identity {
            peer: name.parse()?,
            storage: format!("{name}-{:016x}", rng.next_u64()).parse::<StorageId>()?,
            session: SessionId::from_bits(rng.next_u64()),
        };
        let client = Client {
            url: url.to_owned(),
            identity,
            rng,
            wanted: true,
            attempt: 0,
            dial_at: tokio::time::Instant::now(),
            line: None,
            document: None,
            heard: Vec::new(),
            trouble: None,
        };
        let (work, works) = mpsc::unbounded_channel();
        let mut peer = Self { work, task: tokio::spawn(client.run(works)) };
        peer.go_online().await?;
        Ok(peer)
    }

    /// Does something with the client and returns the outcome, or what has gone wrong since the last time.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Client) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |client| {
            let done = match client.trouble.take() {
                Some(trouble) => Err(trouble),
                None => work(client),
            };
            // Who asked may have given up.
            let _ = tell.send(done);
        });
        self.work.send(work).ok().context("our client has ended")?;
        told.await.context("our client has ended")?
    }

    async fn until<T: Send + 'static>(
        &self,
        what: &str,
        check: impl Fn(&mut Client) -> Result<Option<T>> + Copy + Send + 'static,
    ) -> Result<T> {
        let waiting = async {
            loop {
                if let Some(found) = self.with(check).await? {
                    return Ok(found);
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .with_context(|| format!("our client waits for {what}"))?
    }
}

impl Drop for OurPeer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Peer for OurPeer {
    fn create(&mut self, value: Value) -> Doing<'_, String> {
        Box::pin(self.with(move |client| {
            let mut doc = empty();
            document::fill(&mut doc, &value)?;
            let id = DocumentId::random(&mut client.rng);
            client.open(id, doc, false);
            Ok(format!("automerge:{id}"))
        }))
    }

    fn find(&mut self, url: String) -> Doing<'_, bool> {
        Box::pin(async move {
            let id: DocumentId = url.strip_prefix("automerge:").context("not a document URL")?.parse()?;
            self.with(move |client| {
                if client.document.as_ref().is_none_or(|open| open.id != id) {
                    client.open(id, empty(), true);
                }
                Ok(())
            })
            .await?;
            self.until("a document", |client| {
                let open = client.document.as_ref().context("no document is open")?;
                let here = !open.guarded.heads().is_empty();
                Ok((here || open.unavailable).then_some(here))
            })
            .await
        })
    }

    fn edit(&mut self, edit: Edit) -> Doing<'_, ()> {
        Box::pin(self.with(move |client| {
            let open = client.document.as_mut().context("no document is open")?;
            open.guarded.edit(|doc| document::apply(doc, &edit))
        }))
    }

    fn copy(&mut self) -> Doing<'_, Copied> {
        Box::pin(self.with(|client| {
            let open = client.document.as_ref().context("no document is open")?;
            document::copy(open.guarded.get())
        }))
    }

    fn broadcast(&mut self, value: Value) -> Doing<'_, ()> {
        Box::pin(self.with(move |client| {
            let id = client.document.as_ref().context("no document is open")?.id;
            let data = cbor::encode(&value)?;
            let line = client.line.as_mut().context("an ephemeral message needs a connection")?;
            let frame = line.session.ephemeral(id, data.into()).context("the handshake is not done")?;
            line.pending.push(frame);
            Ok(())
        }))
    }

    fn heard(&mut self) -> Doing<'_, Vec<Heard>> {
        Box::pin(self.with(|client| Ok(std::mem::take(&mut client.heard))))
    }

    fn go_offline(&mut self) -> Doing<'_, ()> {
        Box::pin(self.with(|client| {
            client.wanted = false;
            client.line = None;
            Ok(())
        }))
    }

    fn go_online(&mut self) -> Doing<'_, ()> {
        Box::pin(async move {
            self.with(|client| {
                client.wanted = true;
                client.attempt = 0;
                client.dial_at = tokio::time::Instant::now();
                Ok(())
            })
            .await?;
            self.until("the relay", |client| {
                Ok(client.line.as_ref().is_some_and(|line| line.session.is_established()).then_some(()))
            })
            .await
        })
    }

    fn leave(self: Box<Self>) -> Doing<'static, ()> {
        Box::pin(async move { self.with(|_| Ok(())).await })
    }
}

/// As the product makes them: JavaScript counts text in UTF-16 code units.
fn empty() -> Automerge {
    Automerge::new_with_encoding(TextEncoding::Utf16CodeUnit)
}

struct Client {
    url: String,
    identity: Identity,
    rng: rand_chacha::ChaCha8Rng,
    wanted: bool,
    attempt: u32,
    dial_at: tokio::time::Instant,
    line: Option<Line>,
    document: Option<Open>,
    heard: Vec<Heard>,
    trouble: Option<anyhow::Error>,
}

struct Line {
    socket: native_peer::Socket,
    session: Session,
    /// Frames that do not come from the session's own [`Session::poll`].
    pending: Vec<Bytes>,
}

struct Open {
    id: DocumentId,
    guarded: GuardedDocument,
    asks: bool,
    unavailable: bool,
}

impl Client {
    async fn run(mut self, mut works: mpsc::UnboundedReceiver<Work>) {
        loop {
            if self.wanted && self.line.is_none() && tokio::time::Instant::now() >= self.dial_at {
                self.dial().await;
            }
            if let Err(error) = self.speak().await {
                self.fail(error);
            }
            let wake = self.wake_after();
            tokio::select! {
                work = works.recv() => match work {
                    Some(work) => work(&mut self),
                    None => return,
                },
                frame = next_frame(&mut self.line) => self.on_frame(frame),
                () = tokio::time::sleep(wake) => self.on_wake(),
            }
        }
    }

    fn open(&mut self, id: DocumentId, doc: Automerge, asks: bool) {
        let guarded = GuardedDocument::new(doc, Limits::CLIENT);
        self.document = Some(Open { id, guarded, asks, unavailable: false });
        if let Some(line) = &mut self.line {
            line.session.follow(id, &Heads::EMPTY, asks);
        }
    }

    async fn dial(&mut self) {
        let socket = match native_peer::dial(&self.url).await {
            Ok(socket) => socket,
            // A relay that is not there is no trouble: it is dialled again.
            Err(_) => return self.lost(),
        };
        let (mut session, join) = Session::open(self.identity.clone(), now(), 0);
        if let Some(open) = &mut self.document {
            open.asks = open.guarded.heads().is_empty();
            open.unavailable = false;
            session.follow(open.id, &Heads::EMPTY, open.asks);
        }
        self.line = Some(Line { socket, session, pending: vec![join] });
    }

    /// Sends everything that is due.
    async fn speak(&mut self) -> Result<()> {
        let Some(line) = &mut self.line else { return Ok(()) };
        loop {
            let frame = match (line.pending.is_empty(), &self.document) {
                (false, _) => Some(line.pending.remove(0)),
                (true, Some(open)) => line.session.poll(open.id, &open.guarded, now())?,
                (true, None) => None,
            };
            let Some(frame) = frame else { return Ok(()) };
            if line.socket.send(tungstenite::Message::Binary(frame)).await.is_err() {
                self.lost();
                return Ok(());
            }
        }
    }

    fn wake_after(&self) -> Duration {
        let Some(line) = &self.line else {
            return if self.wanted { self.dial_at - tokio::time::Instant::now() } else { PATIENCE };
        };
        let at = [line.session.wake_at(), line.session.poll_at()].into_iter().flatten().min();
        let millis = at.map_or(1_000, |at| at.millis_since(now()).clamp(1, 1_000));
        Duration::from_millis(millis.unsigned_abs())
    }

    fn on_wake(&mut self) {
        let Some(line) = &mut self.line else { return };
        match line.session.on_wake(now()) {
            Ok(probe) => line.pending.extend(probe),
            Err(error) => self.fail(error.into()),
        }
    }

    fn on_frame(&mut self, frame: Frame) {
        let understood = match frame {
            Frame::Data(data) => self.understand(&data),
            Frame::Other => Ok(()),
            Frame::Closed(code, reason) => match Closed::from_code(code) {
                Closed::Lost | Closed::Busy => {
                    self.lost();
                    Ok(())
                }
                closed => Err(anyhow::anyhow!("the relay closed ({closed:?}): {reason}")),
            },
        };
        if let Err(error) = understood {
            self.fail(error);
        }
    }

    fn understand(&mut self, data: &Bytes) -> Result<()> {
        let Some(line) = &mut self.line else { return Ok(()) };
        match line.session.on_frame(data, now())? {
            Incoming::Established(_) => self.attempt = 0,
            Incoming::Sync(checked) => {
                let Some(open) = self.document.as_mut().filter(|open| open.id == checked.document()) else {
                    return Ok(());
                };
                line.session.receive(&mut open.guarded, checked, now())?;
            }
            Incoming::Ephemeral(heard) => {
                let value = cbor::decode(&heard.data)?;
                self.heard.push(Heard { sender: Some(heard.sender.to_string()), value });
            }
            Incoming::Unavailable(id) => {
                if let Some(open) = self.document.as_mut().filter(|open| open.id == id) {
                    open.unavailable = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The connection is gone, for no fault of anybody's: later again.
    fn lost(&mut self) {
        self.line = None;
        let wait = Duration::from_millis(backoff(&mut self.rng, self.attempt));
        self.attempt = self.attempt.saturating_add(1);
        self.dial_at = tokio::time::Instant::now() + wait;
    }

    fn fail(&mut self, error: anyhow::Error) {
        self.trouble.get_or_insert(error);
        self.lost();
    }
}

enum Frame {
    Data(Bytes),
    Closed(u16, String),
    Other,
}

/// The next frame; never when there is no connection.
async fn next_frame(line: &mut Option<Line>) -> Frame {
    /// What a browser reports when a connection ends without a word (RFC 6455, 7.1.5).
    const WITHOUT_A_WORD: u16 = 1006;
    let Some(line) = line else { return std::future::pending().await };
    match line.socket.next().await {
        Some(Ok(tungstenite::Message::Binary(data))) => Frame::Data(data),
        Some(Ok(tungstenite::Message::Close(Some(close)))) => {
            Frame::Closed(close.code.into(), close.reason.to_string())
        }
        Some(Ok(tungstenite::Message::Close(None)) | Err(_)) | None => {
            Frame::Closed(WITHOUT_A_WORD, String::new())
        }
        Some(Ok(_)) => Frame::Other,
    }
}

fn now() -> Timestamp {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
