//! The one task that owns the relay: events in, effects out, one at a time.
//!
//! Dull on purpose. What the relay decides is in `crates/relay`, where one seed can replay it; here its wishes are
//! carried out. Frames of peers wait in a bounded queue, so that a busy hub slows its sockets down instead of growing.
//! Answers of the disk come through a queue of their own: there are never more of them than the relay has questions.

use crate::{chance, clock, disk::on_disk, materialise, readiness::Writes};
use bytes::Bytes;
use ids::{ChangeHash, ConnectionId, MemberId, PeerId, StorageId, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::RngCore;
use relay::{Address, Effect, Event, Found, Principal, Relay, Report};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use store::StoreError;
use store_redb::{DocumentRegistration, RelayFile, Write, WriteError, WriterHandle};
use tokio::sync::{Semaphore, mpsc};

/// Frames of all sockets that may wait for the hub.
const FRAMES_WAITING_MAX: usize = 1_024;
/// Materialisations at once: each may need as much memory as its document.
const MATERIALISATIONS_MAX: usize = 1;
/// Events handled before anything is sent: a round of the loop costs more than an event, and what one round gathers
/// goes out together.
const EVENTS_PER_ROUND_MAX: usize = 256;

/// What a socket is to do next.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// Send this frame.
    Frame(Bytes),
    /// Say why, and close.
    Close(relay::CloseReason),
}

/// How sockets reach the hub.
#[derive(Clone, Debug)]
pub(crate) struct HubHandle {
    inputs: mpsc::Sender<Input>,
    next_connection: Arc<AtomicU64>,
    outbox_len: usize,
}

enum Input {
    Opened { connection: ConnectionId, principal: Principal, outbox: mpsc::Sender<Outgoing> },
    Event(Event),
    Stop,
}

/// The hub has ended: the process is shutting down.
#[derive(Debug, thiserror::Error)]
#[error("the relay is shutting down")]
pub(crate) struct HubGone;

impl HubHandle {
    /// Announces a socket; frames for it come out of the receiver.
    pub(crate) async fn open(
        &self,
        principal: Principal,
    ) -> Result<(ConnectionId, mpsc::Receiver<Outgoing>), HubGone> {
        let connection = ConnectionId(self.next_connection.fetch_add(1, Ordering::Relaxed));
        let (outbox, outgoing) = mpsc::channel(self.outbox_len);
        self.input(Input::Opened { connection, principal, outbox }).await?;
        Ok((connection, outgoing))
    }

    /// Reports what happened to a socket; waits while the hub is busy.
    pub(crate) async fn event(&self, event: Event) -> Result<(), HubGone> {
        self.input(Input::Event(event)).await
    }

    /// Closes every socket and ends the hub.
    pub(crate) async fn stop(&self) {
        // If it is gone already, it has stopped.
        let _ = self.input(Input::Stop).await;
    }

    async fn input(&self, input: Input) -> Result<(), HubGone> {
        self.inputs.send(input).await.map_err(|_| HubGone)
    }
}

/// The hub's task.
pub(crate) struct Hub {
    relay: Relay,
    rng: ChaCha20Rng,
    file: RelayFile,
    writer: WriterHandle,
    writes: Writes,
    inputs: mpsc::Receiver<Input>,
    answers: mpsc::UnboundedReceiver<Event>,
    answer: mpsc::UnboundedSender<Event>,
    outboxes: BTreeMap<ConnectionId, mpsc::Sender<Outgoing>>,
    materialisations: Arc<Semaphore>,
    /// What stored chunks may be.
    limits: guard::Limits,
    wake: Option<Timestamp>,
    /// Sockets that said in this round that everything had left.
    writable: BTreeSet<ConnectionId>,
}

impl Hub {
    /// A hub over an open file; run it with [`Hub::run`].
    pub(crate) fn new(
        file: RelayFile,
        writer: WriterHandle,
        storage: StorageId,
        writes: Writes,
    ) -> anyhow::Result<(Self, HubHandle)> {
        let mut rng = chance::generator()?;
        let config = relay::Config::default();
        let outbox_len = config.window_frames + 2;
        let limits = config.chunks.clone();
        let relay = Relay::new(config, storage, peer_id(&mut rng)?);
        let (input, inputs) = mpsc::channel(FRAMES_WAITING_MAX);
        let (answer, answers) = mpsc::unbounded_channel();
        let hub = Self {
            relay,
            rng,
            file,
            writer,
            writes,
            inputs,
            answers,
            answer,
            outboxes: BTreeMap::new(),
            materialisations: Arc::new(Semaphore::new(MATERIALISATIONS_MAX)),
            limits,
            wake: None,
            writable: BTreeSet::new(),
        };
        Ok((hub, HubHandle { inputs: input, next_connection: Arc::default(), outbox_len }))
    }

    /// Runs until it is stopped.
    pub(crate) async fn run(mut self) {
        let mut effects = Vec::new();
        loop {
            let wake = sleep_until(self.wake);
            tokio::select! {
                biased;
                Some(event) = self.answers.recv() => self.handle(event, &mut effects),
                input = self.inputs.recv() => match input {
                    Some(Input::Stop) | None => break,
                    Some(input) => self.take(input, &mut effects),
                },
                () = wake => {
                    self.wake = None;
                    self.handle(Event::Woken, &mut effects);
                }
            }
            if self.take_what_waits(&mut effects) {
                break;
            }
            self.perform_all(&mut effects);
            self.pass_writable_on(&mut effects);
        }
        for (_, outbox) in std::mem::take(&mut self.outboxes) {
            let _ = outbox.try_send(Outgoing::Close(relay::CloseReason::TryAgain(
                "available: the relay is restarting",
            )));
        }
    }

    /// Handles what has gathered meanwhile; `true` when it is time to stop.
    fn take_what_waits(&mut self, effects: &mut Vec<Effect>) -> bool {
        for _ in 0..EVENTS_PER_ROUND_MAX {
            if let Ok(event) = self.answers.try_recv() {
                self.handle(event, effects);
            } else {
                match self.inputs.try_recv() {
                    Ok(Input::Stop) => return true,
                    Ok(input) => self.take(input, effects),
                    Err(_) => break,
                }
            }
        }
        false
    }

    fn take(&mut self, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Opened { connection, principal, outbox } => {
                self.outboxes.insert(connection, outbox);
                self.handle(Event::Opened { connection, principal }, effects);
            }
            Input::Event(event) => {
                if let Event::Closed { connection } = event {
                    self.outboxes.remove(&connection);
                }
                if let Event::Writable { connection } = event {
                    self.writable.insert(connection);
                } else {
                    self.handle(event, effects);
                }
            }
            Input::Stop => {}
        }
    }

    /// Tells the relay which windows are free again. What a socket said waited in a queue behind the frames of others,
    /// and the relay may have sent more meanwhile: it holds only if the outbox is empty now that everything is in it.
    /// If it is not, the socket will say so again when it is. Otherwise two windows would meet in one outbox, which
    /// would run over and cost an honest peer its connection.
    fn pass_writable_on(&mut self, effects: &mut Vec<Effect>) {
        for connection in std::mem::take(&mut self.writable) {
            let outbox = self.outboxes.get(&connection);
            if outbox.is_some_and(|outbox| outbox.capacity() == outbox.max_capacity()) {
                self.handle(Event::Writable { connection }, effects);
            }
        }
        self.perform_all(effects);
    }

    fn perform_all(&mut self, effects: &mut Vec<Effect>) {
        for effect in effects.drain(..) {
            self.perform(effect);
        }
    }

    fn handle(&mut self, event: Event, effects: &mut Vec<Effect>) {
        let mut cx = relay::Cx { now: clock::now(), rng: &mut self.rng, effects };
        self.relay.handle(&mut cx, event);
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Send { connection, frame } => self.send(connection, Outgoing::Frame(frame)),
            Effect::Close { connection, reason } => {
                self.send(connection, Outgoing::Close(reason));
                self.outboxes.remove(&connection);
            }
            Effect::Load { request, address, member } => {
                let (file, answer, limits) = (self.file.clone(), self.answer.clone(), self.limits.clone());
                tokio::spawn(async move {
                    let result = on_disk(move || load(&file, address, member, &limits)).await;
                    let _ = answer.send(Event::Loaded { request, result });
                });
            }
            Effect::Write { request, write } => {
                let (answer, writes) = (self.answer.clone(), self.writes.clone());
                self.writer.submit(
                    stored(write),
                    Box::new(move |result| {
                        writes.note(&result);
                        let result = result.map_err(write_error);
                        let _ = answer.send(Event::Written { request, result });
                    }),
                );
            }
            Effect::Compact { request, document } => {
                let file = self.file.clone();
                self.materialise(move || Event::Compacted {
                    request,
                    result: materialise::compact(&file, document),
                });
            }
            Effect::Split { request, chunk } => {
                self.materialise(move || Event::Split { request, result: materialise::split(&chunk) });
            }
            Effect::Locate { request, content } => {
                let (answer, limits) = (self.answer.clone(), self.limits.clone());
                tokio::task::spawn_blocking(move || {
                    let result = relay::Located::read(&content, &limits);
                    let _ = answer.send(Event::Located { request, result });
                });
            }
            Effect::Wake { at } => self.wake = Some(at),
            Effect::Report(report) => log(&report),
        }
    }

    fn send(&mut self, connection: ConnectionId, outgoing: Outgoing) {
        let Some(outbox) = self.outboxes.get(&connection) else { return };
        if outbox.try_send(outgoing).is_err() {
            // Gone, or fuller than the relay's window allows: either way this socket has ended.
            self.outboxes.remove(&connection);
        }
    }

    fn materialise(&self, work: impl FnOnce() -> Event + Send + 'static) {
        let (answer, permits) = (self.answer.clone(), Arc::clone(&self.materialisations));
        tokio::spawn(async move {
            let Ok(_permit) = permits.acquire_owned().await else { return };
            match tokio::task::spawn_blocking(work).await {
                Ok(event) => drop(answer.send(event)),
                Err(error) => tracing::error!(%error, "materialising a document ended badly"),
            }
        });
    }
}

/// Looks the document up before reading a byte of it: a workspace never causes work on another one's documents.
fn load(
    file: &RelayFile,
    address: Address,
    member: Option<MemberId>,
    limits: &guard::Limits,
) -> Result<Found, StoreError> {
    let reader = file.reader();
    match reader.registration(address.document)? {
        Some(known) if known.workspace == address.workspace => match known.owner {
            Some(owner) if member != Some(owner) => Ok(Found::Private { owner }),
            owner => {
                let loaded = reader.load(address.document)?;
                // Without its receipts, what is stored is followed again.
                let vouched = |changes: &[ChangeHash]| {
                    reader.with_receipt(address.document, changes).unwrap_or_default()
                };
                let stored = relay::Stored::read(&loaded, vouched, limits);
                Ok(Found::Here { stored, owner })
            }
        },
        Some(_) => Ok(Found::Elsewhere),
        None => Ok(Found::Nowhere { documents: reader.document_count(address.workspace)? }),
    }
}

fn stored(write: relay::Write) -> Write {
    Write {
        batch: write.batch,
        receipts: write
            .receipts
            .into_iter()
            .map(|receipt| store_redb::Receipt {
                document: receipt.document,
                change: receipt.change,
                member: receipt.member,
                device: receipt.device,
                received: receipt.received,
            })
            .collect(),
        register: write.register.map(|new| DocumentRegistration {
            document: new.document,
            workspace: new.workspace,
            owner: None,
            registered: new.registered,
        }),
    }
}

fn write_error(error: WriteError) -> relay::WriteError {
    match error {
        WriteError::Store(error) => relay::WriteError::Store(error),
        rule => relay::WriteError::NotRegistered(rule.to_string()),
    }
}

fn log(report: &Report) {
    match report {
        Report::Compacted { .. } => tracing::info!(code = report.code(), "{report}"),
        Report::Corrupt(_)
        | Report::Unusable { .. }
        | Report::NotLoaded { .. }
        | Report::NotLocated { .. }
        | Report::NotWritten { .. }
        | Report::Stranded { .. } => tracing::error!(code = report.code(), "{report}"),
        Report::Refused { .. }
        | Report::ReaderWrote { .. }
        | Report::WorkspaceFull { .. }
        | Report::NotCompacted { .. } => tracing::warn!(code = report.code(), "{report}"),
    }
}

async fn sleep_until(at: Option<Timestamp>) {
    match at {
        Some(at) => {
            let millis = u64::try_from(at.millis_since(clock::now())).unwrap_or(0);
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        None => std::future::pending().await,
    }
}

/// A fresh name for this run of the relay.
fn peer_id(rng: &mut ChaCha20Rng) -> Result<PeerId, ids::ParsePeerIdError> {
    format!("relay-{:016x}", rng.next_u64()).parse()
}

#[cfg(test)]
mod tests;
