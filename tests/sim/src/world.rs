//! The world of one run: who is in it, and the loop that lets the next thing happen.
//!
//! The loop is dull on purpose. What each thing does is in the file of its place: `tabs`, `screens`, `network`, `hub`,
//! `people`, `troubles`, `strangers`, `misfits`, `healing`.

mod healing;
mod hub;
mod misfits;
mod network;
mod people;
mod screens;
mod strangers;
mod tabs;
mod troubles;

use crate::{
    Promise, Sabotage,
    agenda::{Agenda, Moment},
    browser::Browser,
    chance::Stream,
    clock::Clock,
    happening::Happening,
    link::{Link, SocketId},
    options::{Options, Trouble},
    promise::Outcome,
    server::Server,
    tab::{Tab, TabId},
    trace::Trace,
};
use bytes::Bytes;
use ids::{ActorId, ChangeHash, DocumentId, WorkspaceId};
use relay::Access;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

pub(crate) const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);
pub(crate) const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([1; 10]);
/// The workspace of the strangers, with a document of its own.
pub(crate) const ELSEWHERE: WorkspaceId = WorkspaceId::from_bytes([2; 10]);
const ELSEWHERE_DOCUMENT: DocumentId = DocumentId::from_bytes([8; 16]);

/// So much happens in no run that goes quiet.
const HAPPENINGS_MAX: u64 = 2_000_000;

pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) sabotage: Option<Sabotage>,
    pub(crate) options: Options,
    pub(crate) agenda: Agenda<Happening>,
    pub(crate) trace: Trace,
    pub(crate) browsers: Vec<Browser>,
    pub(crate) tabs: BTreeMap<TabId, Tab>,
    pub(crate) links: BTreeMap<SocketId, Link>,
    pub(crate) server: Server,
    pub(crate) network: Stream,
    pub(crate) people: Stream,
    pub(crate) troubles: BTreeMap<Trouble, Stream>,
    /// Every actor that was ever born.
    pub(crate) actors: BTreeSet<ActorId>,
    /// Sync messages of honest tabs, for a hostile colleague to imitate.
    pub(crate) overheard: VecDeque<Bytes>,
    /// Changes that fit no document: nobody may have one.
    pub(crate) misfits: BTreeSet<ChangeHash>,
    /// Nothing fails any more.
    pub(crate) is_healing: bool,
    /// Sync messages about the document since the beginning.
    pub(crate) sync_messages: u64,
    /// How often what happened: a run in which nothing happens proves nothing.
    pub(crate) seen: BTreeMap<&'static str, u64>,
    happenings: u64,
    next_tab: TabId,
    next_socket: SocketId,
}

impl World {
    pub(crate) fn new(seed: u64, sabotage: Option<Sabotage>, trace: Trace) -> Outcome<Self> {
        let options = Options::of(seed, sabotage);
        let mut clocks = Stream::new(seed, "clocks");
        let mut clock = || {
            let skew = i64::try_from(options.skew_ms).unwrap_or(0);
            let wrong = i64::try_from(clocks.below(2 * options.skew_ms + 1)).unwrap_or(0);
            Clock::wrong_by(wrong - skew)
        };
        let workspaces = [(WORKSPACE, DOCUMENT), (ELSEWHERE, ELSEWHERE_DOCUMENT)];
        let server = Server::new(clock(), Stream::new(seed, "disk"), &workspaces);
        let browsers = (0..options.browsers).map(|n| {
            let reads = options.has_reader && n + 1 == options.browsers;
            let grant = if reads { Access::Reader } else { Access::Writer };
            Browser::new(clock(), grant, Stream::new(seed, &format!("store/{n}")))
        });
        let browsers = browsers.collect();
        let server = match server {
            Ok(server) => server,
            Err(why) => return Promise::Survives.broken(format!("no relay to begin with: {why}")),
        };
        let mut world = Self {
            seed,
            sabotage,
            options,
            agenda: Agenda::new(),
            trace,
            browsers,
            tabs: BTreeMap::new(),
            links: BTreeMap::new(),
            server,
            network: Stream::new(seed, "network"),
            people: Stream::new(seed, "people"),
            troubles: BTreeMap::new(),
            actors: BTreeSet::new(),
            overheard: VecDeque::new(),
            misfits: BTreeSet::new(),
            is_healing: false,
            sync_messages: 0,
            seen: BTreeMap::new(),
            happenings: 0,
            next_tab: 0,
            next_socket: 0,
        };
        world.begin();
        Ok(world)
    }

    fn begin(&mut self) {
        if self.sabotage == Some(Sabotage::LyingDisk) {
            self.server.disk.lie_about_syncs();
        }
        let options = self.options.clone();
        self.note(format_args!("world {options:?}"));
        self.agenda.at(0, Happening::RelayStarts);
        for browser in 0..self.browsers.len() {
            self.agenda.after(10, Happening::TabOpens { browser });
            self.agenda.after(500, Happening::Person { browser });
        }
        for (trouble, every_ms) in options.troubles {
            let mut chance = Stream::new(self.seed, &format!("trouble/{trouble:?}"));
            self.agenda.after(chance.between(1, 2 * every_ms), Happening::Trouble { trouble });
            self.troubles.insert(trouble, chance);
        }
    }

    /// Lets everything happen up to a moment.
    pub(crate) fn run_until(&mut self, until: Moment) -> Outcome {
        while let Some(happening) = self.agenda.next(until) {
            self.happenings += 1;
            if self.happenings > HAPPENINGS_MAX {
                return Promise::QuietWhenDone.broken("it goes on and on");
            }
            self.happen(happening)?;
        }
        Ok(())
    }

    fn happen(&mut self, happening: Happening) -> Outcome {
        match happening {
            Happening::TabOpens { browser } => self.open_tab(browser),
            Happening::Timer { tab, timer } => self.timer(tab, timer),
            Happening::Read { tab, early } => self.read(tab, early),
            Happening::TransactionEnds { browser } => self.transaction_ends(browser),
            Happening::WriteAnswered { tab, request, result } => {
                self.feed(tab, client::Event::Written { request, result })
            }
            Happening::Broadcast { tab, bytes } => self.feed(tab, client::Event::Sibling(bytes)),
            Happening::Writable { tab, connection } => self.feed(tab, client::Event::Writable { connection }),
            Happening::Dialled { tab, connection } => self.dialled(tab, connection),
            Happening::ArrivesUp { socket, frame } => self.arrives_up(socket, frame),
            Happening::ArrivesDown { socket, frame } => self.arrives_down(socket, frame),
            Happening::EndHeardThere { socket, code } => self.end_heard_there(socket, code),
            Happening::EndHeardHere { socket } => self.end_heard_here(socket),
            Happening::Pump { socket } => self.pump(socket),
            Happening::Round { life } => self.round(life),
            Happening::Commit { life } => self.commit(life),
            Happening::Job { life, job } => self.job(life, *job),
            Happening::RelayTimer { life, timer } => self.relay_timer(life, timer),
            Happening::RelayStarts => self.relay_starts(),
            Happening::Person { browser } => self.person(browser),
            Happening::Trouble { trouble } => self.trouble(trouble),
            Happening::DiskHasRoom => {
                self.server.disk.fill_up(false);
                Ok(())
            }
            Happening::RightsReturn { browser } => self.rights_return(browser),
        }
    }

    pub(crate) fn note(&mut self, what: fmt::Arguments<'_>) {
        self.trace.note(self.agenda.now(), what);
    }

    pub(crate) fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    pub(crate) fn now(&self) -> Moment {
        self.agenda.now()
    }

    pub(crate) fn has(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }

    fn new_tab_id(&mut self) -> TabId {
        self.next_tab += 1;
        self.next_tab
    }

    fn new_socket_id(&mut self) -> SocketId {
        self.next_socket += 1;
        self.next_socket
    }
}
