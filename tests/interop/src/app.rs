//! The whole client of the product without its screens: a [`Replica`] with a store in memory, driven over a native
//! WebSocket as the browser's driver does it. What it says of itself is what the app would show.

use crate::native_peer;
use anyhow::{Context, Result};
use client::{Cx, Effect, Event, Replica, Settings, Status};
use futures_util::{SinkExt, StreamExt};
use ids::{ConnectionId, DocumentId, MemberId, RecordId, Timestamp};
use rand_core::{RngCore, SeedableRng};
use std::{
    collections::VecDeque,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use store::{ChunkStore, MemoryStore};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_tungstenite::tungstenite;
use workspace::{Act, Author, Edit, Field, Kind, RecordRef};

/// What a browser reports when a connection ends without a word (RFC 6455, 7.1.5).
const WITHOUT_A_WORD: u16 = 1006;
const GLANCE: Duration = Duration::from_millis(10);

type Work = Box<dyn FnOnce(&mut Tab) + Send>;

/// One tab in a task of its own.
pub struct App {
    work: mpsc::UnboundedSender<Work>,
    task: JoinHandle<()>,
}

impl App {
    /// Opens a tab on the document of a workspace.
    pub fn open(url: &str, document: DocumentId, name: &str) -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
        let mut rng = rand_chacha::ChaCha8Rng::from_seed(seed);
        let author = Author {
            member: MemberId(RecordId::from_bits(u128::from(rng.next_u64()))),
            device_label: name.to_owned(),
        };
        let settings = Settings {
            document,
            author,
            member_name: name.to_owned(),
            device: name.parse()?,
            storage: format!("{name}-{:016x}", rng.next_u64()).parse()?,
            relay_heads: None,
            online: true,
        };
        let mut effects = Vec::new();
        let replica = Replica::new(settings, &mut Cx { now: now(), rng: &mut rng, effects: &mut effects })?;
        let (events, happening) = mpsc::unbounded_channel();
        let tab = Tab {
            url: url.to_owned(),
            replica,
            rng,
            store: MemoryStore::new(),
            effects: effects.into(),
            events,
            socket: None,
            wake: None,
        };
        let (work, works) = mpsc::unbounded_channel();
        Ok(Self { work, task: tokio::spawn(tab.run(works, happening)) })
    }

    async fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Tab) -> T + Send + 'static) -> Result<T> {
        let (tell, told) = oneshot::channel();
        // Who asked may have given up.
        let work: Work = Box::new(move |tab| drop(tell.send(work(tab))));
        self.work.send(work).ok().context("the app has ended")?;
        told.await.context("the app has ended")
    }

    /// Where it says that the work is.
    pub async fn status(&self) -> Result<Status> {
        self.with(|tab| tab.replica.status().clone()).await
    }

    /// Writes an issue down.
    pub async fn write_down(&self, title: &str, body: &str) -> Result<RecordRef> {
        let (title, body) = (title.to_owned(), body.to_owned());
        self.with(move |tab| {
            let record = RecordRef::new(Kind::Issue, RecordId::new(now(), &mut tab.rng));
            let fields = vec![(Field::Title, title.into()), (Field::Body, body.into())];
            let act = Act::one("issue.create", Edit::Create { record, fields });
            let mut effects = Vec::new();
            let mut cx = Cx { now: now(), rng: &mut tab.rng, effects: &mut effects };
            let edited = tab.replica.edit(&mut cx, &act);
            tab.effects.extend(effects);
            edited.map(|_| record)
        })
        .await?
        .context("writing an issue down")
    }

    /// "Try now".
    pub async fn try_now(&self) -> Result<()> {
        self.with(|tab| tab.happens(Event::NetworkUp)).await
    }

    /// Waits until it says something; an error has what it said last.
    pub async fn until(
        &self,
        what: &str,
        patience: Duration,
        holds: impl Fn(&Status) -> bool,
    ) -> Result<Status> {
        let waiting = async {
            loop {
                let status = self.status().await?;
                if holds(&status) {
                    return anyhow::Ok(status);
                }
                tokio::time::sleep(GLANCE).await;
            }
        };
        match tokio::time::timeout(patience, waiting).await {
            Ok(status) => status,
            Err(_) => anyhow::bail!("the app does not say {what}, but {:?}", self.status().await?),
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Tab {
    url: String,
    replica: Replica,
    rng: rand_chacha::ChaCha8Rng,
    store: MemoryStore,
    /// Asked for and not carried out yet.
    effects: VecDeque<Effect>,
    events: mpsc::UnboundedSender<Event>,
    socket: Option<(ConnectionId, native_peer::Socket)>,
    wake: Option<Timestamp>,
}

impl Tab {
    async fn run(
        mut self,
        mut works: mpsc::UnboundedReceiver<Work>,
        mut happening: mpsc::UnboundedReceiver<Event>,
    ) {
        loop {
            while let Some(effect) = self.effects.pop_front() {
                self.carry_out(effect).await;
            }
            let wake = self.wake.map_or(Duration::from_secs(60), |at| {
                Duration::from_millis(at.millis_since(now()).clamp(1, 60_000).unsigned_abs())
            });
            tokio::select! {
                work = works.recv() => match work {
                    Some(work) => work(&mut self),
                    None => return,
                },
                Some(event) = happening.recv() => self.happens(event),
                event = heard(&mut self.socket) => self.happens(event),
                () = tokio::time::sleep(wake) => {
                    self.wake = None;
                    self.happens(Event::Woken);
                }
            }
        }
    }

    fn happens(&mut self, event: Event) {
        let mut effects = Vec::new();
        let mut cx = Cx { now: now(), rng: &mut self.rng, effects: &mut effects };
        self.replica.handle(&mut cx, event);
        self.effects.extend(effects);
    }

    async fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Load { document } => {
                let loaded = self.store.load(document).await;
                self.happens(Event::Loaded(loaded));
            }
            Effect::Write { request, batch } => {
                let result = self.store.apply(batch).await;
                self.happens(Event::Written { request, result });
            }
            Effect::Connect { connection } => {
                self.socket = None;
                match native_peer::dial(&self.url).await {
                    Ok(socket) => {
                        self.socket = Some((connection, socket));
                        self.happens(Event::Opened { connection });
                    }
                    Err(error) => self.happens(closed(connection, WITHOUT_A_WORD, error.to_string())),
                }
            }
            Effect::Send { connection, frame } => {
                let Some((_, socket)) = self.socket.as_mut().filter(|(open, _)| *open == connection) else {
                    return;
                };
                // A socket that cannot send says at the next read that it has ended, and how.
                let _ = socket.send(tungstenite::Message::Binary(frame)).await;
                // Whoever asked for the frame is told after it has asked for everything.
                let _ = self.events.send(Event::Writable { connection });
            }
            Effect::Disconnect { connection, .. } => {
                self.socket.take_if(|(open, _)| *open == connection);
            }
            Effect::Wake { at } => self.wake = Some(at),
            Effect::Broadcast(_)
            | Effect::Opened(_)
            | Effect::Changed(_)
            | Effect::Status(_)
            | Effect::Presence(_)
            | Effect::Compacted { .. } => {}
        }
    }
}

/// What the socket says next; never when there is none.
async fn heard(socket: &mut Option<(ConnectionId, native_peer::Socket)>) -> Event {
    let Some((connection, open)) = socket else { return std::future::pending().await };
    let connection = *connection;
    loop {
        let ended = match open.next().await {
            Some(Ok(tungstenite::Message::Binary(frame))) => return Event::Frame { connection, frame },
            Some(Ok(tungstenite::Message::Close(Some(close)))) => {
                closed(connection, close.code.into(), close.reason.to_string())
            }
            Some(Ok(tungstenite::Message::Close(None)) | Err(_)) | None => {
                closed(connection, WITHOUT_A_WORD, String::new())
            }
            Some(Ok(_)) => continue,
        };
        *socket = None;
        return ended;
    }
}

fn closed(connection: ConnectionId, code: u16, reason: String) -> Event {
    Event::Closed { connection, code, reason }
}

fn now() -> Timestamp {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
