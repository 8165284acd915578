//! A relay on a store in memory, and tabs that are connected to it. Everything happens at once.

use crate::{
    oracle,
    tab::{DOCUMENT, NOW, Tab},
};
use bytes::Bytes;
use client::Event as TabEvent;
use forge::panics::guarded;
use ids::{ChangeHash, ConnectionId, Timestamp, WorkspaceId};
use pollster::block_on;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use relay::{
    Access, CloseReason, CompactionError, Config, Cx, Effect, Event, Found, Located, Principal, Relay,
    Report, SplitError, Stored,
};
use sim::materialise;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::{ChunkStore, Loaded, MemoryStore};

const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([1; 10]);

/// Events after which the traffic must have ended.
const EVENTS_MAX: usize = 100_000;

pub(crate) struct Relayed {
    relay: Relay,
    pub(crate) store: MemoryStore,
    is_registered: bool,
    /// Changes with a receipt: the relay has let them in itself.
    receipts: BTreeSet<ChangeHash>,
    now: Timestamp,
    wake: Option<Timestamp>,
    rng: ChaCha8Rng,
    events: VecDeque<Event>,
    /// Frames of the relay that have left it.
    pub(crate) sent: BTreeMap<ConnectionId, VecDeque<Bytes>>,
    pub(crate) closed: BTreeMap<ConnectionId, CloseReason>,
    pub(crate) reports: Vec<Report>,
    /// Every frame so far: of a peer to the relay, and of the relay to a peer.
    pub(crate) heard: Vec<(ConnectionId, Bytes)>,
    pub(crate) said: Vec<(ConnectionId, Bytes)>,
    next: u64,
}

impl Relayed {
    /// A relay on this store.
    pub(crate) fn on(store: MemoryStore) -> Self {
        // Compactions come early, so that short stories have some.
        let config = Config { compact_changes: 6, compact_changes_idle: 2, ..Config::default() };
        Self {
            relay: Relay::new(config, "the-disk".parse().unwrap(), "relay".parse().unwrap()),
            is_registered: !stored(&store).chunks.is_empty(),
            store,
            receipts: BTreeSet::new(),
            now: NOW,
            wake: None,
            rng: ChaCha8Rng::seed_from_u64(1),
            events: VecDeque::new(),
            sent: BTreeMap::new(),
            closed: BTreeMap::new(),
            reports: Vec::new(),
            heard: Vec::new(),
            said: Vec::new(),
            next: 0,
        }
    }

    /// Somebody with every right.
    pub(crate) fn open(&mut self, device: &str) -> ConnectionId {
        self.next += 1;
        let connection = ConnectionId(self.next);
        let device = device.parse().unwrap();
        let principal = Principal { workspace: WORKSPACE, member: None, device, access: Access::Writer };
        self.sent.insert(connection, VecDeque::new());
        self.happen(Event::Opened { connection, principal });
        connection
    }

    /// A frame of a peer, and everything it brings about.
    pub(crate) fn frame(&mut self, connection: ConnectionId, bytes: Bytes) {
        if !self.closed.contains_key(&connection) {
            self.heard.push((connection, bytes.clone()));
            self.happen(Event::Frame { connection, bytes });
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, millis: i64) {
        let end = self.now.plus_millis(millis);
        while let Some(at) = self.wake.take_if(|at| *at <= end) {
            self.now = self.now.max(at);
            self.happen(Event::Woken);
        }
        self.now = end;
    }

    fn happen(&mut self, event: Event) {
        self.events.push_back(event);
        for _ in 0..EVENTS_MAX {
            let Some(event) = self.events.pop_front() else { return };
            let mut effects = Vec::new();
            self.relay.handle(&mut Cx { now: self.now, rng: &mut self.rng, effects: &mut effects }, event);
            effects.into_iter().for_each(|effect| self.carry_out(effect));
        }
        panic!("the traffic does not end");
    }

    fn carry_out(&mut self, effect: Effect) {
        let event = match effect {
            Effect::Send { connection, frame } => {
                let Some(sent) = self.sent.get_mut(&connection) else { return };
                sent.push_back(frame.clone());
                self.said.push((connection, frame));
                let said =
                    |event: &Event| matches!(event, Event::Writable { connection: c } if *c == connection);
                if self.events.iter().any(said) {
                    return;
                }
                Event::Writable { connection }
            }
            Effect::Close { connection, reason } => {
                self.closed.insert(connection, reason);
                Event::Closed { connection }
            }
            Effect::Load { request, .. } => {
                let found = if self.is_registered {
                    let vouched = |changes: &[ChangeHash]| {
                        changes.iter().filter(|change| self.receipts.contains(change)).copied().collect()
                    };
                    let stored = Stored::read(&stored(&self.store), vouched, &guard::Limits::CLIENT);
                    Found::Here { stored, owner: None }
                } else {
                    Found::Nowhere { documents: 0 }
                };
                Event::Loaded { request, result: Ok(found) }
            }
            Effect::Write { request, write } => {
                self.is_registered |= write.register.is_some();
                self.receipts.extend(write.receipts.iter().map(|receipt| receipt.change));
                block_on(self.store.apply(write.batch)).unwrap();
                Event::Written { request, result: Ok(()) }
            }
            Effect::Compact { request, document } => {
                let loaded = stored(&self.store);
                let compacted = guarded(|| materialise::compact(document, &loaded));
                let result = compacted.unwrap_or_else(|place| Err(CompactionError::Failed(place)));
                Event::Compacted { request, result }
            }
            Effect::Split { request, chunk } => {
                let split = guarded(|| materialise::split(&chunk));
                Event::Split { request, result: split.unwrap_or_else(|place| Err(SplitError(place))) }
            }
            Effect::Locate { request, content } => {
                Event::Located { request, result: Located::read(&content, &guard::Limits::CLIENT) }
            }
            Effect::Wake { at } => {
                self.wake = Some(at);
                return;
            }
            Effect::Report(report) => return self.reports.push(report),
        };
        self.events.push_back(event);
    }

    /// Carries frames between the relay and a tab until neither has anything to say. `on` is their connection.
    pub(crate) fn talk(&mut self, on: ConnectionId, tab: &mut Tab) {
        for _ in 0..EVENTS_MAX {
            if let Some(frame) = tab.outbox.pop_front() {
                self.frame(on, frame);
            } else if let Some(frame) = self.sent.get_mut(&on).and_then(VecDeque::pop_front) {
                tab.receive(frame);
            } else {
                if let Some(reason) = self.closed.get(&on) {
                    tab.closed(reason.code());
                }
                return;
            }
        }
        panic!("the traffic does not end");
    }

    /// Connects a tab that wants to be.
    pub(crate) fn connect(&mut self, tab: &mut Tab, device: &str) -> ConnectionId {
        let on = self.open(device);
        if let Some(connection) = tab.connection {
            tab.feed(TabEvent::Opened { connection });
        }
        self.talk(on, tab);
        on
    }

    /// The document of everything that is stored, which can be saved and loaded.
    pub(crate) fn document(&self) -> automerge::Automerge {
        let document = materialise::build(&stored(&self.store)).expect("what is stored can be read");
        oracle::reload(&document);
        document
    }
}

pub(crate) fn stored(store: &MemoryStore) -> Loaded {
    block_on(store.load(DOCUMENT)).unwrap()
}
