//! A relay, its disk, its sockets and its clients under one hand. Nothing moves unless it is moved.

use crate::{
    client::Client,
    storage::{self, Storage},
};
use bytes::Bytes;
use ids::{ChangeHash, ConnectionId, DeviceId, DocumentId, MemberId, RecordId, Timestamp, WorkspaceId};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use relay::{
    Access, Address, CloseReason, Config, Content, Cx, Effect, Event, Figures, Located, Principal, Relay,
    Report, RequestId, Write, WriteError,
};
use std::{
    collections::{BTreeMap, VecDeque},
    hash::{Hash, Hasher},
};
use store::StoreError;

pub(crate) const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([1; 10]);
pub(crate) const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

/// Work for the disk that the relay waits for.
#[derive(Debug, Clone)]
pub(crate) enum Job {
    Load(RequestId, Address, Option<MemberId>),
    Write(RequestId, Write),
    Compact(RequestId, DocumentId),
    Split(RequestId, Bytes),
    Locate(RequestId, Content),
}

/// What lies between the relay and one client.
#[derive(Default)]
pub(crate) struct Link {
    /// Frames in the outbox of the server.
    pub(crate) outbox: VecDeque<Bytes>,
    /// Frames that have left the server.
    pub(crate) network: VecDeque<Bytes>,
    /// Whether something was sent since the relay heard last that everything had left.
    unreported: bool,
    /// The socket takes nothing.
    pub(crate) clogged: bool,
}

pub(crate) struct World {
    pub(crate) config: Config,
    pub(crate) relay: Relay,
    pub(crate) now: Timestamp,
    pub(crate) rng: ChaCha8Rng,
    pub(crate) storage: Storage,
    pub(crate) jobs: VecDeque<Job>,
    /// Jobs stay where they are until somebody does them.
    pub(crate) disk_stopped: bool,
    pub(crate) links: BTreeMap<ConnectionId, Link>,
    pub(crate) clients: Vec<Client>,
    pub(crate) closed: BTreeMap<ConnectionId, CloseReason>,
    pub(crate) reports: Vec<Report>,
    pub(crate) wake: Option<Timestamp>,
    /// Frames sent by the relay and by the clients.
    pub(crate) frames: usize,
    /// How often what has happened, by name.
    pub(crate) seen: BTreeMap<&'static str, usize>,
    /// A digest of every effect so far.
    pub(crate) trace: u64,
    next_connection: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        Self {
            relay: fresh_relay(&config),
            config,
            now: Timestamp::from_secs(1_700_000_000),
            rng: ChaCha8Rng::seed_from_u64(1),
            storage: Storage::default(),
            jobs: VecDeque::new(),
            disk_stopped: false,
            links: BTreeMap::new(),
            clients: Vec::new(),
            closed: BTreeMap::new(),
            reports: Vec::new(),
            wake: None,
            frames: 0,
            seen: BTreeMap::new(),
            trace: 0,
            next_connection: 0,
        }
    }

    // ---- clients --------------------------------------------------------------------------------------------------

    /// A client that is not connected.
    pub(crate) fn client(&mut self, name: &str) -> usize {
        self.clients.push(Client::new(name, DOCUMENT));
        self.clients.len() - 1
    }

    /// A writer that is connected, with everything it said so far dealt with.
    pub(crate) fn writer(&mut self, name: &str) -> usize {
        let client = self.client(name);
        self.connect(client, Access::Writer);
        self.run();
        client
    }

    pub(crate) fn connect(&mut self, client: usize, access: Access) -> ConnectionId {
        let principal = principal(self.clients[client].peer.as_str(), access);
        self.connect_as(client, principal)
    }

    pub(crate) fn connect_as(&mut self, client: usize, principal: Principal) -> ConnectionId {
        self.next_connection += 1;
        let id = ConnectionId(self.next_connection);
        self.links.insert(id, Link::default());
        self.event(Event::Opened { connection: id, principal });
        self.clients[client].open(id);
        id
    }

    /// The connection breaks: what is on its way is lost.
    pub(crate) fn disconnect(&mut self, client: usize) {
        if let Some(socket) = self.clients[client].socket.take()
            && self.links.remove(&socket.id).is_some()
        {
            self.event(Event::Closed { connection: socket.id });
        }
    }

    pub(crate) fn id(&self, client: usize) -> ConnectionId {
        self.clients[client].socket.as_ref().unwrap().id
    }

    pub(crate) fn edit(&mut self, client: usize, key: &str, value: &str) -> ChangeHash {
        self.clients[client].edit(key, value)
    }

    pub(crate) fn clog(&mut self, client: usize, clogged: bool) {
        let id = self.id(client);
        self.links.get_mut(&id).unwrap().clogged = clogged;
    }

    // ---- the relay ------------------------------------------------------------------------------------------------

    /// Loses the relay and everything in its memory. Writes on their way happen or not, as `survive` says.
    pub(crate) fn restart(&mut self, mut survive: impl FnMut() -> bool) {
        // One writer: what it has not reached yet does not happen either.
        for job in std::mem::take(&mut self.jobs) {
            if let Job::Write(_, write) = job {
                if !survive() {
                    break;
                }
                let _ = self.storage.write(&write);
            }
        }
        self.relay = fresh_relay(&self.config);
        self.links.clear();
        self.wake = None;
        for client in &mut self.clients {
            client.socket = None;
        }
    }

    pub(crate) fn event(&mut self, event: Event) {
        let mut effects = Vec::new();
        self.relay.handle(&mut Cx { now: self.now, rng: &mut self.rng, effects: &mut effects }, event);
        for effect in effects {
            let mut hasher = std::hash::DefaultHasher::new();
            (self.trace, format!("{effect:?}")).hash(&mut hasher);
            self.trace = hasher.finish();
            self.effect(effect);
        }
    }

    fn note(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// Notes what a message of either side is about.
    fn note_message(&mut self, frame: &Bytes, names: [&'static str; 4]) {
        let Ok(wire::Message::Sync(sync)) = wire::decode(frame, &wire::Limits::CLIENT) else { return };
        let Ok(message) = guard::read_sync_message(&sync.data, &guard::Limits::CLIENT) else { return };
        let is_document = |chunk: &guard::Chunk| matches!(chunk, guard::Chunk::Document(_));
        let reset =
            message.have.first().is_some_and(|have| have.last_sync.is_empty() && have.bloom.is_empty());
        let filter = message.have.iter().any(|have| !have.bloom.is_empty());
        let facts = [
            !message.need.is_empty(),
            message.chunks.iter().any(is_document),
            reset && !message.heads.is_empty(),
            filter,
        ];
        for (name, fact) in names.into_iter().zip(facts) {
            if fact {
                self.note(name);
            }
        }
    }

    fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Send { connection, frame } => {
                self.frames += 1;
                self.check_announced(&frame);
                self.note_message(
                    &frame,
                    ["relay needs", "relay sends snapshot", "relay resets", "relay sends filter"],
                );
                let link = self.links.get_mut(&connection).expect("frames go to open sockets only");
                link.outbox.push_back(frame);
                link.unreported = true;
                // The closing error message comes on top of the window.
                assert!(link.outbox.len() <= self.config.window_frames + 1, "the window was overrun");
            }
            Effect::Close { connection, reason } => {
                let mut link = self.links.remove(&connection).expect("closed once");
                link.network.append(&mut link.outbox);
                let client = self
                    .clients
                    .iter_mut()
                    .find(|client| client.socket.as_ref().is_some_and(|socket| socket.id == connection));
                if let Some(client) = client {
                    for frame in link.network {
                        client.receive(&frame);
                    }
                    client.socket = None;
                }
                self.note(match reason {
                    CloseReason::Left => "close left",
                    CloseReason::Protocol(_) => "close protocol",
                    CloseReason::Refused(_) => "close refused",
                    CloseReason::Replaced => "close replaced",
                    CloseReason::PeerIdTaken => "close taken",
                    CloseReason::AccessEnded => "close ended",
                    CloseReason::AccessChanged => "close access",
                    CloseReason::TooMuch(_) => "close too much",
                    CloseReason::TryAgain(_) => "close try again",
                });
                self.closed.insert(connection, reason);
            }
            Effect::Load { request, address, member } => {
                self.jobs.push_back(Job::Load(request, address, member));
            }
            Effect::Write { request, write } => self.jobs.push_back(Job::Write(request, write)),
            Effect::Compact { request, document } => self.jobs.push_back(Job::Compact(request, document)),
            Effect::Split { request, chunk } => {
                self.note("split");
                self.jobs.push_back(Job::Split(request, chunk));
            }
            Effect::Locate { request, content } => {
                self.note("locate");
                self.jobs.push_back(Job::Locate(request, content));
            }
            Effect::Wake { at } => self.wake = Some(at),
            Effect::Report(report) => {
                self.note(report.code());
                self.reports.push(report);
            }
        }
    }

    /// Promise: what the relay says it has is durable.
    fn check_announced(&self, frame: &Bytes) {
        if let Ok(wire::Message::Sync(sync)) = wire::decode(frame, &wire::Limits::CLIENT) {
            let message = guard::read_sync_message(&sync.data, &guard::Limits::CLIENT).unwrap();
            for head in &message.heads {
                assert!(self.storage.durable.contains(head), "{head} was announced before it was durable");
            }
        }
    }

    pub(crate) fn figures(&self) -> Figures {
        self.relay.figures()
    }

    // ---- the disk -------------------------------------------------------------------------------------------------

    /// Does one job, in the order of the list among writes.
    pub(crate) fn do_job(&mut self, index: usize) {
        let Some(job) = self.jobs.remove(index) else { return };
        let event = match job {
            Job::Load(request, address, member) => {
                Event::Loaded { request, result: Ok(self.storage.find(address, member)) }
            }
            Job::Write(request, write) => Event::Written { request, result: self.storage.write(&write) },
            Job::Compact(request, document) => {
                Event::Compacted { request, result: self.storage.compact(document) }
            }
            Job::Split(request, chunk) => Event::Split { request, result: storage::split(&chunk) },
            Job::Locate(request, content) => {
                Event::Located { request, result: Located::read(&content, &guard::Limits::CLIENT) }
            }
        };
        self.event(event);
    }

    /// A job fails. A write may have happened all the same.
    pub(crate) fn fail_job(&mut self, index: usize, happened: bool) {
        let Some(job) = self.jobs.remove(index) else { return };
        let error = || StoreError::Io { doing: "a test".to_owned(), cause: "it says so".to_owned() };
        let event = match job {
            Job::Load(request, ..) => Event::Loaded { request, result: Err(error()) },
            Job::Write(request, write) => {
                if happened {
                    let _ = self.storage.write(&write);
                }
                Event::Written { request, result: Err(WriteError::Store(error())) }
            }
            Job::Compact(request, _) => Event::Compacted { request, result: Err(error().into()) },
            Job::Split(request, _) => {
                Event::Split { request, result: Err(relay::SplitError("it says so".to_owned())) }
            }
            Job::Locate(request, _) => Event::Located { request, result: Err("it says so".to_owned()) },
        };
        self.event(event);
    }

    // ---- the network ----------------------------------------------------------------------------------------------

    /// The socket takes what is in the outbox, and the server says so.
    pub(crate) fn drain(&mut self, id: ConnectionId) -> bool {
        let Some(link) = self.links.get_mut(&id).filter(|link| !link.clogged && link.unreported) else {
            return false;
        };
        link.network.append(&mut link.outbox);
        link.unreported = false;
        self.event(Event::Writable { connection: id });
        true
    }

    /// One frame arrives at a client.
    pub(crate) fn deliver_down(&mut self, client: usize) -> bool {
        let Some(socket) = &self.clients[client].socket else { return false };
        let Some(frame) = self.links.get_mut(&socket.id).and_then(|link| link.network.pop_front()) else {
            return false;
        };
        self.clients[client].receive(&frame);
        true
    }

    /// One frame arrives at the relay.
    pub(crate) fn deliver_up(&mut self, client: usize) -> bool {
        let Some(socket) = &mut self.clients[client].socket else { return false };
        let Some(bytes) = socket.outbox.pop_front() else { return false };
        let connection = socket.id;
        self.frames += 1;
        let names = ["client needs", "client sends document", "client resets", "client sends filter"];
        self.note_message(&bytes, names);
        self.event(Event::Frame { connection, bytes });
        true
    }

    /// Moves everything one step, in a fixed order; `false` if nothing moved.
    pub(crate) fn step(&mut self) -> bool {
        let mut moved = false;
        for client in 0..self.clients.len() {
            moved |= self.deliver_up(client);
        }
        if !self.disk_stopped && !self.jobs.is_empty() {
            self.do_job(0);
            moved = true;
        }
        for id in self.links.keys().copied().collect::<Vec<_>>() {
            moved |= self.drain(id);
        }
        for client in 0..self.clients.len() {
            moved |= self.deliver_down(client);
        }
        moved
    }

    /// Until nothing moves any more. Promise: that comes soon.
    pub(crate) fn run(&mut self) {
        for _ in 0..10_000 {
            if !self.step() {
                return;
            }
        }
        panic!("the traffic does not stop");
    }

    /// Lets time pass, and does what falls due.
    pub(crate) fn pass(&mut self, millis: i64) {
        let end = self.now.plus_millis(millis);
        self.run();
        while let Some(at) = self.wake.take_if(|at| *at <= end) {
            self.now = self.now.max(at);
            self.event(Event::Woken);
            self.run();
        }
        self.now = end;
    }

    /// Every client and the disk have the same document.
    pub(crate) fn assert_converged(&self) {
        let heads = self.storage.heads(DOCUMENT);
        for client in &self.clients {
            assert_eq!(client.heads(), heads, "{}", client.peer);
            assert_eq!(client.acknowledged(), heads, "what {} knows to be on the relay", client.peer);
        }
    }
}

fn fresh_relay(config: &Config) -> Relay {
    Relay::new(config.clone(), "the-disk".parse().unwrap(), "relay".parse().unwrap())
}

pub(crate) fn member(n: u128) -> MemberId {
    MemberId(RecordId::from_bits(n))
}

pub(crate) fn principal(device: &str, access: Access) -> Principal {
    let device: DeviceId = device.parse().unwrap();
    Principal { workspace: WORKSPACE, member: Some(member(1)), device, access }
}
