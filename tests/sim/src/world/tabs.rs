//! Tabs: their birth, what they are told, what they ask for, their death.

use super::{DOCUMENT, World};
use crate::{
    Promise, Sabotage,
    browser::{Fate, Pending},
    chance::Stream,
    happening::Happening,
    promise::Outcome,
    screen::Screen,
    tab::{Tab, TabId},
};
use client::{Cx, Disconnect, Effect, Event, Replica, RequestId, Settings};
use ids::{MemberId, RecordId};
use std::collections::BTreeSet;
use store::{Batch, Loaded, StoreError};
use sync::SyncError;
use workspace::Author;

/// Waiting longer than this for a disk is a matter of the disk.
const STORE_MS_MAX: u64 = 30;

impl World {
    pub(crate) fn open_tab(&mut self, browser: usize) -> Outcome {
        let id = self.new_tab_id();
        // Broken on purpose: chance that starts again gives the actor of the tab before.
        let label = match self.has(Sabotage::ActorKept) {
            true => format!("tab of browser {browser}"),
            false => format!("tab/{id}"),
        };
        let mut chance = Stream::new(self.seed, &label);
        let Some(settings) = settings(browser) else { return Promise::Heals.broken("no name for a device") };
        let mut effects = Vec::new();
        let now = self.now();
        let Some(home) = self.browsers.get(browser) else { return Ok(()) };
        let mut cx = Cx { now: home.clock.read(now), rng: &mut chance, effects: &mut effects };
        let replica = match Replica::new(settings, &mut cx) {
            Ok(replica) => replica,
            Err(error) => return Promise::Heals.broken(format!("still-born: {error}")),
        };
        self.note(format_args!("tab {id} opens in browser {browser}, actor {}", replica.actor()));
        if !self.actors.insert(replica.actor().clone()) {
            let actor = replica.actor();
            return Promise::FreshActor.broken(format!("tab {id} writes as {actor}, which was used before"));
        }
        let screen = Screen::read(replica.view());
        let promised = BTreeSet::new();
        let (dialling, socket, checked, looked) = (None, None, None, None);
        let tab =
            Tab { browser, replica, chance, screen, timer: 0, dialling, socket, promised, checked, looked };
        self.tabs.insert(id, tab);
        self.after_tab(id, effects)
    }

    /// The tab is gone at once. A transaction that has not ended is perhaps aborted; its socket ends.
    pub(crate) fn tab_dies(&mut self, id: TabId) {
        let Some(tab) = self.tabs.remove(&id) else { return };
        self.note(format_args!("tab {id} dies"));
        self.saw("tab died");
        if let Some(browser) = self.browsers.get_mut(tab.browser) {
            // One store, in order: after the first that is lost, nothing of this tab is committed.
            let mut lost = false;
            for pending in browser.pending.iter_mut().filter(|pending| pending.tab == id) {
                lost |= browser.chance.one_in(2);
                pending.is_awaited = false;
                if lost {
                    pending.fate = Fate::Lost;
                }
            }
        }
        if let Some(socket) = tab.socket {
            self.closed_there(socket);
        }
    }

    pub(crate) fn feed(&mut self, id: TabId, event: Event) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        let Some(browser) = self.browsers.get(tab.browser) else { return Ok(()) };
        let mut effects = Vec::new();
        let mut cx = Cx { now: browser.clock.read(now), rng: &mut tab.chance, effects: &mut effects };
        tab.replica.handle(&mut cx, event);
        self.after_tab(id, effects)
    }

    pub(crate) fn timer(&mut self, id: TabId, timer: u64) -> Outcome {
        if self.tabs.get(&id).is_some_and(|tab| tab.timer == timer) {
            return self.feed(id, Event::Woken);
        }
        Ok(())
    }

    /// Carries out what a tab asks for, in order, and then holds what it says against what is.
    pub(crate) fn after_tab(&mut self, id: TabId, effects: Vec<Effect>) -> Outcome {
        for effect in effects {
            self.tab_effect(id, effect)?;
        }
        self.check_tab(id)
    }

    fn tab_effect(&mut self, id: TabId, effect: Effect) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        let home = tab.browser;
        match effect {
            Effect::Load { .. } => self.load(id),
            Effect::Write { request, batch } => {
                self.write(id, request, batch);
                Ok(())
            }
            Effect::Connect { connection } => {
                self.dial(id, connection);
                Ok(())
            }
            Effect::Send { connection, frame } => {
                self.send_up(id, connection, frame);
                Ok(())
            }
            Effect::Disconnect { connection, why } => {
                let is_forged = tab
                    .socket
                    .and_then(|socket| self.links.get(&socket))
                    .is_some_and(|link| link.is_forged && link.connection == connection);
                self.note(format_args!("tab {id} hangs up {connection}: {why}"));
                self.hang_up(id, connection);
                if is_forged { Ok(()) } else { may_hang_up(id, &why) }
            }
            Effect::Broadcast(bytes) => {
                self.broadcast(id, home, &bytes);
                Ok(())
            }
            Effect::Wake { at } => {
                tab.timer += 1;
                let timer = tab.timer;
                if let Some(browser) = self.browsers.get(home) {
                    let wait = browser.clock.until(now, at);
                    self.agenda.after(wait, Happening::Timer { tab: id, timer });
                }
                Ok(())
            }
            Effect::Opened(report) => {
                tab.screen = Screen::read(tab.replica.view());
                self.note(format_args!("tab {id} is open: {report:?}"));
                self.check_opened(id, &report)
            }
            Effect::Changed(delta) => {
                self.changed(id, &delta);
                Ok(())
            }
            Effect::Status(status) => {
                self.note(format_args!("tab {id} says {status:?}"));
                Ok(())
            }
            Effect::Presence(_) => {
                self.saw("presence");
                Ok(())
            }
            Effect::Compacted { replaced } => {
                self.note(format_args!("tab {id} compacted {replaced} chunks"));
                Ok(())
            }
        }
    }

    /// A read sees the store as it was when it began, or as it is when it ends: both happen.
    fn load(&mut self, id: TabId) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get_mut(&id) else { return Ok(()) };
        let Some(browser) = self.browsers.get_mut(tab.browser) else { return Ok(()) };
        tab.promised = browser.promised.clone();
        let early = if browser.chance.one_in(2) { browser.load(DOCUMENT).ok().map(Box::new) } else { None };
        let wait = browser.chance.between(1, STORE_MS_MAX);
        self.agenda.at(now + wait, Happening::Read { tab: id, early });
        Ok(())
    }

    pub(crate) fn read(&mut self, id: TabId, early: Option<Box<Loaded>>) -> Outcome {
        let now = self.now();
        let Some(tab) = self.tabs.get(&id) else { return Ok(()) };
        let Some(browser) = self.browsers.get_mut(tab.browser) else { return Ok(()) };
        let fails = browser.failing_until > now && browser.chance.one_in(2);
        let result = match (fails, early) {
            (true, _) => Err(failing("reading")),
            (false, Some(early)) => Ok(*early),
            (false, None) => browser.load(DOCUMENT),
        };
        self.note(format_args!("tab {id} reads: {}", outcome(&result.as_ref().map(|it| it.chunks.len()))));
        self.feed(id, Event::Loaded(result))
    }

    fn write(&mut self, id: TabId, request: RequestId, batch: Batch) {
        let now = self.now();
        let early = self.has(Sabotage::SavedTooEarly);
        let Some(home) = self.tabs.get(&id).map(|tab| tab.browser) else { return };
        let Some(browser) = self.browsers.get_mut(home) else { return };
        let fate = match browser.failing_until > now {
            true if browser.chance.one_in(3) => Fate::Lies,
            true if browser.chance.one_in(2) => Fate::Fails,
            _ => Fate::Completes,
        };
        let wait = browser.chance.between(1, STORE_MS_MAX);
        browser.last_write = browser.last_write.max(now + wait);
        let ends = browser.last_write;
        browser.pending.push_back(Pending { tab: id, request, batch, fate, is_awaited: !early });
        self.agenda.at(ends, Happening::TransactionEnds { browser: home });
        if early {
            self.agenda.at(now, Happening::WriteAnswered { tab: id, request, result: Ok(()) });
        }
    }

    /// Broken on purpose: what arrives goes to the store of the browser as it came.
    pub(crate) fn keep_unguarded(&mut self, id: TabId, frame: &bytes::Bytes) {
        let puts = self.misfits_in(frame);
        let Some(home) = self.tabs.get(&id).map(|tab| tab.browser) else { return };
        let Some(browser) = self.browsers.get_mut(home) else { return };
        let (batch, fate) = (Batch::put(puts), Fate::Completes);
        browser.pending.push_back(Pending {
            tab: id,
            request: RequestId(u64::MAX),
            batch,
            fate,
            is_awaited: false,
        });
        self.agenda.at(browser.last_write, Happening::TransactionEnds { browser: home });
    }

    pub(crate) fn transaction_ends(&mut self, home: usize) -> Outcome {
        let Some(browser) = self.browsers.get_mut(home) else { return Ok(()) };
        let Some(Pending { tab, request, batch, fate, is_awaited }) = browser.pending.pop_front() else {
            return Ok(());
        };
        let puts = batch.puts.len();
        if matches!(fate, Fate::Completes | Fate::Lies) {
            browser.commit(DOCUMENT, batch)?;
        }
        let wait = browser.chance.below(5);
        if let Some(browser) = self.browsers.get(home) {
            self.has_none(|| format!("browser {home} has stored"), browser.stored.iter())?;
        }
        self.note(format_args!(
            "browser {home}: transaction {request} of tab {tab}, {puts} chunks: {fate:?}"
        ));
        if is_awaited {
            let result = match fate {
                Fate::Completes => Ok(()),
                Fate::Fails | Fate::Lies | Fate::Lost => Err(failing("writing")),
            };
            if fate == Fate::Lies {
                self.saw("store lied");
            }
            self.agenda.after(wait, Happening::WriteAnswered { tab, request, result });
        }
        Ok(())
    }

    /// Other tabs of the browser hear it, usually.
    fn broadcast(&mut self, from: TabId, home: usize, bytes: &bytes::Bytes) {
        let siblings: Vec<TabId> = self
            .tabs
            .iter()
            .filter(|(id, tab)| **id != from && tab.browser == home)
            .map(|(id, _)| *id)
            .collect();
        for tab in siblings {
            let lost = !self.is_healing && self.network.one_in(8);
            self.saw(if lost { "broadcast lost" } else { "broadcast" });
            if !lost {
                self.agenda.after(2, Happening::Broadcast { tab, bytes: bytes.clone() });
            }
        }
    }
}

/// A tab hangs up on a relay that is silent, far away or refuses it; never because of what a colleague has written.
fn may_hang_up(id: TabId, why: &Disconnect) -> Outcome {
    match why {
        Disconnect::NetworkDown | Disconnect::DialTimeout => Ok(()),
        Disconnect::Sync(SyncError::Silent { .. } | SyncError::Refused { .. }) => Ok(()),
        Disconnect::Sync(error) => Promise::SenderPays.broken(format!("tab {id} hangs up: {error}")),
    }
}

fn settings(browser: usize) -> Option<Settings> {
    Some(Settings {
        document: DOCUMENT,
        author: Author {
            member: MemberId(RecordId::from_bits(browser as u128 + 1)),
            device_label: format!("device {browser}"),
        },
        member_name: format!("Member {browser}"),
        device: format!("device-{browser}").parse().ok()?,
        storage: format!("browser-{browser}").parse().ok()?,
        relay_heads: None,
        online: true,
    })
}

fn failing(doing: &str) -> StoreError {
    StoreError::Io { doing: doing.to_owned(), cause: "UnknownError".to_owned() }
}

fn outcome<T: std::fmt::Debug, E: std::fmt::Display>(result: &Result<T, E>) -> String {
    match result {
        Ok(what) => format!("{what:?}"),
        Err(error) => format!("fails, {error}"),
    }
}
