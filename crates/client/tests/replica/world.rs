//! Tabs, disks, one relay and a clock; everything that a browser would do by itself happens when the test says so.

use crate::{
    disk::Disk,
    relay::{Mail, Relay, Socket},
};
use bytes::Bytes;
use client::{Cx, Effect, Event, OpenReport, Place, Replica, RequestId, Settings};
use ids::{ConnectionId, DocumentId, Heads, MemberId, RecordId, Timestamp, Utf16Offset};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use store::{Batch, StoreError};
use workspace::{Act, Author, Edit, Field, Kind, RecordRef, View, ViewDelta};

pub(crate) const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

/// The world starts on a day in 2026.
pub(crate) const BIRTH: Timestamp = Timestamp::from_millis(1_770_000_000_000);

pub(crate) struct World<R = Relay> {
    pub(crate) now: Timestamp,
    pub(crate) rng: ChaCha8Rng,
    pub(crate) relay: R,
    /// Whether dialling succeeds.
    pub(crate) relay_up: bool,
    pub(crate) disks: Vec<Disk>,
    pub(crate) tabs: Vec<Tab>,
    next_socket: Socket,
}

/// One tab: a replica and everything between it and the world that has not happened yet.
pub(crate) struct Tab {
    pub(crate) replica: Replica,
    pub(crate) browser: usize,
    pub(crate) loads: usize,
    pub(crate) writes: VecDeque<(RequestId, Batch)>,
    pub(crate) dialling: Option<ConnectionId>,
    pub(crate) socket: Option<(ConnectionId, Socket)>,
    pub(crate) to_relay: VecDeque<Bytes>,
    pub(crate) to_tab: VecDeque<Bytes>,
    /// What sibling tabs have broadcast.
    pub(crate) mail: VecDeque<Bytes>,
    pub(crate) wake: Option<Timestamp>,
    pub(crate) opened: Option<OpenReport>,
    pub(crate) changed: Vec<ViewDelta>,
    pub(crate) presences: usize,
    pub(crate) disconnects: Vec<String>,
    pub(crate) compacted: Vec<usize>,
    pub(crate) frames_sent: usize,
    pub(crate) writes_asked: usize,
    /// Every status that was shown.
    pub(crate) statuses: Vec<client::Status>,
}

/// The other end of the sockets. What it has announced is durable there.
pub(crate) trait Counterpart {
    fn open(&mut self, now: Timestamp, socket: Socket) -> Mail;
    fn take(&mut self, now: Timestamp, socket: Socket, frame: &Bytes) -> Mail;
    fn hang_up(&mut self, now: Timestamp, socket: Socket) -> Mail;
    fn wake(&mut self, now: Timestamp) -> Mail;
    /// The changes it has.
    fn hashes(&self) -> BTreeSet<[u8; 32]>;
}

impl World {
    pub(crate) fn new(seed: u64, browsers: usize) -> Self {
        Self::with(seed, browsers, Relay::new(DOCUMENT))
    }

    /// A world of one tab for each browser, open and in step with the relay.
    pub(crate) fn settled(seed: u64, browsers: usize) -> Self {
        let mut world = Self::new(seed, browsers);
        for browser in 0..browsers {
            world.open_tab(browser);
        }
        world.run();
        world
    }

    pub(crate) fn settings(browser: usize) -> Settings {
        settings(browser)
    }
}

impl<R: Counterpart> World<R> {
    pub(crate) fn with(seed: u64, browsers: usize, relay: R) -> Self {
        Self {
            now: BIRTH,
            rng: ChaCha8Rng::seed_from_u64(seed),
            relay,
            relay_up: true,
            disks: (0..browsers).map(|_| Disk::default()).collect(),
            tabs: Vec::new(),
            next_socket: 0,
        }
    }

    pub(crate) fn open_tab(&mut self, browser: usize) -> usize {
        self.open_tab_with(browser, settings(browser))
    }

    pub(crate) fn open_tab_with(&mut self, browser: usize, settings: Settings) -> usize {
        let mut effects = Vec::new();
        let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
        let replica = Replica::new(settings, &mut cx).unwrap();
        self.tabs.push(Tab {
            replica,
            browser,
            loads: 0,
            writes: VecDeque::new(),
            dialling: None,
            socket: None,
            to_relay: VecDeque::new(),
            to_tab: VecDeque::new(),
            mail: VecDeque::new(),
            wake: None,
            opened: None,
            changed: Vec::new(),
            presences: 0,
            disconnects: Vec::new(),
            compacted: Vec::new(),
            frames_sent: 0,
            writes_asked: 0,
            statuses: Vec::new(),
        });
        let tab = self.tabs.len() - 1;
        self.carry_out(tab, effects);
        tab
    }

    /// The tab is gone: nothing it had in memory or in flight exists any more. A write in flight may have happened.
    pub(crate) fn crash(&mut self, tab: usize, writes_happened: bool) {
        let gone = &mut self.tabs[tab];
        let browser = gone.browser;
        let writes = std::mem::take(&mut gone.writes);
        if let Some((_, socket)) = gone.socket.take() {
            let mail = self.relay.hang_up(self.now, socket);
            self.deliver(mail);
        }
        if writes_happened {
            writes.iter().for_each(|(_, batch)| self.disks[browser].commit(batch));
        }
        let fresh = self.open_tab(browser);
        let fresh_tab = self.tabs.remove(fresh);
        self.tabs[tab] = fresh_tab;
    }

    pub(crate) fn feed(&mut self, tab: usize, event: Event) {
        let mut effects = Vec::new();
        let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
        self.tabs[tab].replica.handle(&mut cx, event);
        self.carry_out(tab, effects);
    }

    pub(crate) fn edit(&mut self, tab: usize, act: &Act) -> ViewDelta {
        self.try_edit(tab, act).unwrap()
    }

    pub(crate) fn try_edit(&mut self, tab: usize, act: &Act) -> Result<ViewDelta, client::EditRefused> {
        let mut effects = Vec::new();
        let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
        let delta = self.tabs[tab].replica.edit(&mut cx, act);
        self.carry_out(tab, effects);
        delta
    }

    pub(crate) fn undo(&mut self, tab: usize) -> Result<Option<client::Undone>, client::EditRefused> {
        let mut effects = Vec::new();
        let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
        let undone = self.tabs[tab].replica.undo(&mut cx);
        self.carry_out(tab, effects);
        undone
    }

    pub(crate) fn redo(&mut self, tab: usize) -> Result<Option<client::Undone>, client::EditRefused> {
        let mut effects = Vec::new();
        let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
        let redone = self.tabs[tab].replica.redo(&mut cx);
        self.carry_out(tab, effects);
        redone
    }

    pub(crate) fn show(&mut self, tab: usize, route: &str) {
        let mut effects = Vec::new();
        let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
        self.tabs[tab].replica.show(&mut cx, Place { route: route.into(), ..Place::default() });
        self.carry_out(tab, effects);
    }

    /// An issue with this title.
    pub(crate) fn create(&mut self, tab: usize, title: &str) -> RecordRef {
        let record = RecordRef::new(Kind::Issue, RecordId::new(self.now, &mut self.rng));
        let fields = vec![(Field::Title, title.to_owned().into())];
        self.edit(tab, &Act::one("issue.create", Edit::Create { record, fields }));
        record
    }

    pub(crate) fn rename(&mut self, tab: usize, record: RecordRef, title: &str) {
        let value = Some(title.to_owned().into());
        self.edit(tab, &Act::one("issue.rename", Edit::Set { record, field: Field::Title, value }));
    }

    pub(crate) fn type_at(&mut self, tab: usize, record: RecordRef, at: usize, words: &str) {
        let splice = Edit::Splice {
            record,
            field: Field::Body,
            at: Utf16Offset(at),
            delete: 0,
            insert: words.to_owned(),
        };
        self.edit(tab, &Act::one("issue.write", splice));
    }

    fn carry_out(&mut self, tab: usize, effects: Vec<Effect>) {
        for effect in effects {
            let this = &mut self.tabs[tab];
            match effect {
                Effect::Load { document } => {
                    assert_eq!(document, DOCUMENT);
                    this.loads += 1;
                    assert_eq!(this.loads, 1, "one read at a time");
                }
                Effect::Write { request, batch } => {
                    this.writes_asked += 1;
                    this.writes.push_back((request, batch));
                }
                Effect::Connect { connection } => {
                    if let Some((_, socket)) = this.socket.take() {
                        let mail = self.relay.hang_up(self.now, socket);
                        self.deliver(mail);
                    }
                    let this = &mut self.tabs[tab];
                    this.to_relay.clear();
                    this.to_tab.clear();
                    this.dialling = Some(connection);
                }
                Effect::Send { connection, frame } => {
                    if this.socket.is_some_and(|(open, _)| open == connection) {
                        this.frames_sent += 1;
                        this.to_relay.push_back(frame);
                    }
                }
                Effect::Disconnect { connection, why } => {
                    this.disconnects.push(why.to_string());
                    if this.dialling == Some(connection) {
                        this.dialling = None;
                    }
                    if this.socket.is_some_and(|(open, _)| open == connection) {
                        self.cut(tab);
                    }
                }
                Effect::Broadcast(bytes) => {
                    let browser = this.browser;
                    for (other, sibling) in self.tabs.iter_mut().enumerate() {
                        if other != tab && sibling.browser == browser {
                            sibling.mail.push_back(bytes.clone());
                        }
                    }
                }
                Effect::Wake { at } => this.wake = Some(at),
                Effect::Opened(report) => this.opened = Some(report),
                Effect::Changed(delta) => this.changed.push(delta),
                Effect::Status(status) => this.statuses.push(status),
                Effect::Presence(_) => this.presences += 1,
                Effect::Compacted { replaced } => this.compacted.push(replaced),
            }
        }
    }

    /// The socket of a tab is gone, with everything in flight; the tab hears of it when told.
    pub(crate) fn cut(&mut self, tab: usize) -> Option<ConnectionId> {
        let this = &mut self.tabs[tab];
        this.to_relay.clear();
        this.to_tab.clear();
        let (connection, socket) = this.socket.take()?;
        let mail = self.relay.hang_up(self.now, socket);
        self.deliver(mail);
        Some(connection)
    }

    pub(crate) fn close(&mut self, tab: usize, code: u16) {
        if let Some(connection) = self.cut(tab) {
            self.feed(tab, Event::Closed { connection, code, reason: "closed by the test".into() });
        }
    }

    pub(crate) fn deliver(&mut self, mail: Mail) {
        for (socket, frame) in mail {
            if let Some(tab) =
                self.tabs.iter_mut().find(|tab| tab.socket.is_some_and(|(_, open)| open == socket))
            {
                tab.to_tab.push_back(frame);
            }
        }
    }

    pub(crate) fn finish_load(&mut self, tab: usize) -> bool {
        let this = &mut self.tabs[tab];
        if this.loads == 0 {
            return false;
        }
        this.loads = 0;
        let loaded = self.disks[this.browser].load();
        self.feed(tab, Event::Loaded(Ok(loaded)));
        true
    }

    pub(crate) fn fail_load(&mut self, tab: usize, error: StoreError) -> bool {
        if self.tabs[tab].loads == 0 {
            return false;
        }
        self.tabs[tab].loads = 0;
        self.feed(tab, Event::Loaded(Err(error)));
        true
    }

    pub(crate) fn finish_write(&mut self, tab: usize) -> bool {
        let this = &mut self.tabs[tab];
        let Some((request, batch)) = this.writes.pop_front() else { return false };
        self.disks[this.browser].commit(&batch);
        self.feed(tab, Event::Written { request, result: Ok(()) });
        true
    }

    /// The write is answered with an error. An error does not say that nothing happened.
    pub(crate) fn fail_write(&mut self, tab: usize, error: StoreError, happened: bool) -> bool {
        let this = &mut self.tabs[tab];
        let Some((request, batch)) = this.writes.pop_front() else { return false };
        if happened {
            self.disks[this.browser].commit(&batch);
        }
        self.feed(tab, Event::Written { request, result: Err(error) });
        true
    }

    pub(crate) fn dial(&mut self, tab: usize) -> bool {
        let Some(connection) = self.tabs[tab].dialling.take() else { return false };
        if !self.relay_up {
            self.feed(tab, Event::Closed { connection, code: 1006, reason: String::new() });
            return true;
        }
        self.next_socket += 1;
        self.tabs[tab].socket = Some((connection, self.next_socket));
        let mail = self.relay.open(self.now, self.next_socket);
        self.deliver(mail);
        self.feed(tab, Event::Opened { connection });
        true
    }

    pub(crate) fn carry_to_relay(&mut self, tab: usize) -> bool {
        let this = &mut self.tabs[tab];
        let Some((connection, socket)) = this.socket else { return false };
        let Some(frame) = this.to_relay.pop_front() else { return false };
        let mail = self.relay.take(self.now, socket, &frame);
        self.deliver(mail);
        self.feed(tab, Event::Writable { connection });
        true
    }

    pub(crate) fn carry_to_tab(&mut self, tab: usize) -> bool {
        let this = &mut self.tabs[tab];
        let Some((connection, _)) = this.socket else { return false };
        let Some(frame) = this.to_tab.pop_front() else { return false };
        self.feed(tab, Event::Frame { connection, frame });
        true
    }

    pub(crate) fn carry_broadcast(&mut self, tab: usize) -> bool {
        let Some(bytes) = self.tabs[tab].mail.pop_front() else { return false };
        self.feed(tab, Event::Sibling(bytes));
        true
    }

    pub(crate) fn pass_time(&mut self, millis: i64) {
        let until = self.now.plus_millis(millis);
        while let Some(at) = self.next_wake().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.wake_due();
            self.carry_all();
        }
        self.now = until;
        self.wake_due();
    }

    fn next_wake(&self) -> Option<Timestamp> {
        self.tabs.iter().filter_map(|tab| tab.wake).min()
    }

    fn wake_due(&mut self) {
        let mail = self.relay.wake(self.now);
        self.deliver(mail);
        for tab in 0..self.tabs.len() {
            let mut times = 0;
            while self.tabs[tab].wake.is_some_and(|at| at <= self.now) {
                self.tabs[tab].wake = None;
                self.feed(tab, Event::Woken);
                times += 1;
                assert!(times < 5, "a wake that comes at once, again and again");
            }
        }
    }

    /// Everything that is on its way arrives, without time passing.
    pub(crate) fn carry_all(&mut self) {
        for _ in 0..10_000 {
            let mut busy = false;
            for tab in 0..self.tabs.len() {
                busy |= self.finish_load(tab);
                busy |= self.finish_write(tab);
                busy |= self.dial(tab);
                busy |= self.carry_to_relay(tab);
                busy |= self.carry_to_tab(tab);
                busy |= self.carry_broadcast(tab);
            }
            if !busy {
                return;
            }
        }
        panic!("the world does not come to rest");
    }

    /// Everything arrives, and what waits for a little company gets its time.
    pub(crate) fn run(&mut self) {
        self.carry_all();
        for _ in 0..3 {
            self.pass_time(100);
            self.carry_all();
        }
    }

    pub(crate) fn heads(&self, tab: usize) -> Heads {
        self.tabs[tab].replica.heads()
    }

    pub(crate) fn titles(&self, tab: usize) -> BTreeSet<String> {
        titles(self.tabs[tab].replica.view())
    }

    /// What a new tab of the same browser would find.
    pub(crate) fn stored(&self, browser: usize) -> BTreeSet<[u8; 32]> {
        let loaded = self.disks[browser].load();
        let chunks: Vec<&[u8]> = loaded.chunks.iter().map(|chunk| chunk.bytes().as_ref()).collect();
        let document = workspace::load(chunks, &ids::ActorId::new([9; 16])).unwrap();
        document.get_changes_meta(&[]).iter().map(|change| change.hash.0).collect()
    }

    pub(crate) fn hashes(&self, tab: usize) -> BTreeSet<[u8; 32]> {
        let changes = self.tabs[tab].replica.document().get_changes_meta(&[]);
        changes.iter().map(|change| change.hash.0).collect()
    }

    /// Every promise of the status, against what is really where.
    pub(crate) fn check(&self) {
        let on_relay = self.relay.hashes();
        let mut stored: BTreeMap<usize, BTreeSet<[u8; 32]>> = BTreeMap::new();
        for (n, tab) in self.tabs.iter().enumerate() {
            let status = tab.replica.status();
            if !status.open {
                assert!(!status.saved_here && !status.on_relay, "nothing is known before the store was read");
                continue;
            }
            let ours = self.hashes(n);
            let here = stored.entry(tab.browser).or_insert_with(|| self.stored(tab.browser));
            let genesis = workspace::genesis::HASH.0;
            let unsaved = ours.iter().filter(|hash| **hash != genesis && !here.contains(*hash)).count();
            let unsent = ours.iter().filter(|hash| **hash != genesis && !on_relay.contains(*hash)).count();
            assert!(status.unsaved >= unsaved, "tab {n}: {} said, {unsaved} really unsaved", status.unsaved);
            assert!(status.unsent >= unsent, "tab {n}: {} said, {unsent} really unsent", status.unsent);
            assert!(!status.saved_here || unsaved == 0, "tab {n} claims to be saved");
            assert!(!status.on_relay || ours.is_subset(&on_relay), "tab {n} claims to be on the relay");
        }
    }

    /// Every view is what its document says.
    pub(crate) fn check_views(&self) {
        for tab in &self.tabs {
            assert_eq!(*tab.replica.view(), View::read(tab.replica.document()));
        }
    }

    /// Everybody has everything, everywhere, and knows it.
    pub(crate) fn check_converged(&self) {
        for tab in 0..self.tabs.len() {
            assert_eq!(self.hashes(tab), self.relay.hashes(), "tab {tab}");
            assert_eq!(self.stored(self.tabs[tab].browser), self.relay.hashes(), "tab {tab}");
            let status = self.tabs[tab].replica.status();
            assert!(status.saved_here && status.on_relay, "tab {tab}: {status:?}");
            assert_eq!((status.unsaved, status.unsent), (0, 0));
            assert_eq!(status.connection, client::ConnectionState::Online);
        }
        self.check_views();
    }
}

pub(crate) fn settings(browser: usize) -> Settings {
    Settings {
        document: DOCUMENT,
        author: Author {
            member: MemberId(RecordId::from_bits(browser as u128 + 1)),
            device_label: format!("device {browser}"),
        },
        member_name: format!("Member {browser}"),
        device: format!("device-{browser}").parse().unwrap(),
        storage: format!("browser-{browser}").parse().unwrap(),
        relay_heads: None,
        online: true,
    }
}

pub(crate) fn titles(view: &View) -> BTreeSet<String> {
    view.live(Kind::Issue).map(|record| record.title().to_owned()).collect()
}
