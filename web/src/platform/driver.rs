//! The one place where a replica meets the browser: events go in, effects are carried out.
//!
//! A dull loop on purpose. What to do is decided by the replica (`client`), which knows no browser; what a change means
//! on the screen is decided by whoever listens ([`Screen`]).
//!
//! Promises:
//! - *Paint first.* [`Driver::edit`] has told the screen before anything is written or sent.
//! - *One at a time.* What happens while an event is being handled waits in a queue; the replica is never entered twice.
//! - *Nothing is waited for when the page goes.* A hidden or left page has its last write at the browser before the
//!   handler of that event returns.

use super::{
    api,
    chance::Chance,
    clock::{self, Timer},
    page::{self, Moment},
    socket::{NO_CODE, Socket},
    storage,
    tabs::{self, Tabs, Turn},
};
use bytes::Bytes;
use client::{
    ConnectionState, Cx, EditRefused, Effect, Event, OpenReport, People, Place, Replica, Settings, Status,
    Undone,
};
use ids::{ConnectionId, DocumentId, WorkspaceId};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};
use store_idb::IdbStore;
use wasm_bindgen_futures::spawn_local;
use workspace::{Act, View, ViewDelta};

/// A page that nobody sees gives up its line after this long, if everything has arrived, in milliseconds.
const HIDDEN_LINE_MS: i64 = 5 * 60 * 1000;

/// How long after the start it is first seen whether many stored chunks should become one, in milliseconds.
const COMPACT_AFTER_MS: i64 = 20_000;

/// How long until that is looked at again, in milliseconds.
const COMPACT_AGAIN_MS: i64 = 15 * 60 * 1000;

/// What a replica tells whoever shows it.
pub(crate) trait Screen {
    /// The document is here, or was built again: everything is to be read anew.
    fn opened(&self, view: &View, report: &OpenReport);
    /// These parts of the view are different now.
    fn changed(&self, view: &View, delta: &ViewDelta);
    /// Where the work is.
    fn status(&self, status: &Status, relay_heads: Option<&ids::Heads>);
    /// Who is here.
    fn people(&self, people: &People);
}

/// Drives one replica for as long as the page lives.
pub(crate) struct Driver {
    replica: RefCell<Replica>,
    document: DocumentId,
    workspace: WorkspaceId,
    store: IdbStore,
    screen: Box<dyn Screen>,
    /// Asked for and not carried out yet.
    effects: RefCell<VecDeque<Effect>>,
    /// Happened and not handed in yet.
    events: RefCell<VecDeque<Event>>,
    is_running: Cell<bool>,
    socket: RefCell<Option<Socket>>,
    tabs: RefCell<Option<Tabs>>,
    wake: RefCell<Option<Timer>>,
    hidden: RefCell<Option<Timer>>,
    compaction: RefCell<Option<Timer>>,
    turn: RefCell<Option<Turn>>,
    place: RefCell<Option<Place>>,
    /// The page was left and has said goodbye.
    has_left: Cell<bool>,
    /// Nobody looks at this page, and everything it had to say has arrived.
    is_resting: Cell<bool>,
    me: Weak<Driver>,
}

impl Driver {
    /// Starts a replica; what it has to say goes to `screen`.
    ///
    /// # Errors
    /// Only when this build of the app is broken, or the relay gave this browser a name that is none.
    pub(crate) fn start(
        settings: Settings,
        workspace: WorkspaceId,
        store: IdbStore,
        screen: impl Screen + 'static,
    ) -> Result<Rc<Self>, client::StillBorn> {
        let document = settings.document;
        let mut effects = Vec::new();
        let mut chance = Chance;
        let mut cx = Cx { now: clock::now(), rng: &mut chance, effects: &mut effects };
        let mut replica = Replica::new(settings, &mut cx)?;
        if !page::is_online() {
            replica.handle(
                &mut Cx { now: clock::now(), rng: &mut chance, effects: &mut effects },
                Event::NetworkDown,
            );
        }
        let driver = Rc::new_cyclic(|me| Self {
            replica: RefCell::new(replica),
            document,
            workspace,
            store,
            screen: Box::new(screen),
            effects: RefCell::default(),
            events: RefCell::default(),
            is_running: Cell::new(false),
            socket: RefCell::default(),
            tabs: RefCell::default(),
            wake: RefCell::default(),
            hidden: RefCell::default(),
            compaction: RefCell::default(),
            turn: RefCell::default(),
            place: RefCell::default(),
            has_left: Cell::new(false),
            is_resting: Cell::new(false),
            me: me.clone(),
        });
        let tell = driver.tell();
        *driver.tabs.borrow_mut() = Some(Tabs::join(document, move |bytes| tell(Event::Sibling(bytes))));
        let me = driver.me.clone();
        page::watch(move |moment| {
            if let Some(driver) = me.upgrade() {
                driver.moment(moment);
            }
        });
        driver.run(effects);
        Ok(driver)
    }

    /// Makes an edit. The screen has been told when this returns; disk and network follow.
    ///
    /// # Errors
    /// See [`Replica::edit`]. Nothing is written when any part of the act is refused.
    pub(crate) fn edit(&self, act: &Act) -> Result<ViewDelta, EditRefused> {
        // Only a screen that edits while it is being told of a change could find the replica busy.
        let Ok(mut replica) = self.replica.try_borrow_mut() else { return Err(EditRefused::NotOpen) };
        let (edited, effects) = with_cx(|cx| replica.edit(cx, act));
        drop(replica);
        if let Ok(delta) = &edited {
            self.screen.changed(self.replica.borrow().view(), delta);
        }
        self.run(effects);
        edited
    }

    /// Takes back what this tab did last, as far as nobody has changed it since; `None` when there is nothing.
    ///
    /// # Errors
    /// As for [`edit`](Self::edit).
    pub(crate) fn undo(&self) -> Result<Option<Undone>, EditRefused> {
        self.step(Replica::undo)
    }

    /// Does again what was taken back last.
    ///
    /// # Errors
    /// As for [`edit`](Self::edit).
    pub(crate) fn redo(&self) -> Result<Option<Undone>, EditRefused> {
        self.step(Replica::redo)
    }

    fn step(
        &self,
        go: fn(&mut Replica, &mut Cx<'_>) -> Result<Option<Undone>, EditRefused>,
    ) -> Result<Option<Undone>, EditRefused> {
        let Ok(mut replica) = self.replica.try_borrow_mut() else { return Err(EditRefused::NotOpen) };
        let (gone, effects) = with_cx(|cx| go(&mut replica, cx));
        drop(replica);
        if let Ok(Some(undone)) = &gone {
            self.screen.changed(self.replica.borrow().view(), &undone.delta);
        }
        self.run(effects);
        gone
    }

    /// This tab looks there now.
    pub(crate) fn show(&self, place: Place) {
        *self.place.borrow_mut() = Some(place.clone());
        let ((), effects) = with_cx(|cx| self.replica.borrow_mut().show(cx, place));
        self.run(effects);
    }

    /// Something happened.
    pub(crate) fn feed(&self, event: Event) {
        self.events.borrow_mut().push_back(event);
        self.run(Vec::new());
    }

    /// Reads the replica.
    pub(crate) fn read<R>(&self, read: impl FnOnce(&Replica) -> R) -> R {
        read(&self.replica.borrow())
    }

    /// Carries out `effects` in their order, then whatever they and waiting events lead to. Called from within itself
    /// (a socket that is writable at once, a screen that edits when told of a change) it only adds to the queues.
    fn run(&self, effects: Vec<Effect>) {
        self.effects.borrow_mut().extend(effects);
        if self.is_running.replace(true) {
            return;
        }
        loop {
            let effect = self.effects.borrow_mut().pop_front();
            if let Some(effect) = effect {
                self.carry_out(effect);
                continue;
            }
            let event = self.events.borrow_mut().pop_front();
            let Some(event) = event else { break };
            let ((), effects) = with_cx(|cx| self.replica.borrow_mut().handle(cx, event));
            self.effects.borrow_mut().extend(effects);
        }
        self.is_running.set(false);
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Load { document } => storage::load(&self.store, document, self.tell()),
            Effect::Write { request, batch } => storage::write(&self.store, request, batch, self.tell()),
            Effect::Connect { connection } => self.dial(connection),
            Effect::Send { connection, frame } => self.send(connection, &frame),
            Effect::Disconnect { connection, .. } => self.hang_up(connection),
            Effect::Broadcast(bytes) => self.broadcast(&bytes),
            Effect::Wake { at } => {
                let tell = self.tell();
                let wait = at.millis_since(clock::now());
                *self.wake.borrow_mut() = Some(Timer::after(wait, move || tell(Event::Woken)));
            }
            Effect::Opened(report) => {
                self.screen.opened(self.replica.borrow().view(), &report);
                self.compact_later(COMPACT_AFTER_MS);
            }
            Effect::Changed(delta) => self.screen.changed(self.replica.borrow().view(), &delta),
            Effect::Status(status) => {
                self.screen.status(&status, self.replica.borrow().relay_heads());
            }
            Effect::Presence(people) => self.screen.people(&people),
            Effect::Compacted { .. } => {
                drop(self.turn.borrow_mut().take());
                self.compact_later(COMPACT_AGAIN_MS);
            }
        }
    }

    fn dial(&self, connection: ConnectionId) {
        if self.is_resting.get() {
            self.feed(Event::Closed { connection, code: NO_CODE, reason: String::new() });
            return;
        }
        let me = self.me.clone();
        let tell = Rc::new(move |event: Event| {
            if let Some(driver) = me.upgrade() {
                driver.heard_from_socket(event);
            }
        });
        let dialled = Socket::dial(&api::sync_url(self.workspace), connection, tell);
        match dialled {
            Ok(socket) => *self.socket.borrow_mut() = Some(socket),
            Err(_) => self.feed(Event::Closed { connection, code: NO_CODE, reason: String::new() }),
        }
    }

    fn heard_from_socket(&self, event: Event) {
        match event {
            Event::Closed { connection, code: NO_CODE, reason } if self.never_opened(connection) => {
                self.diagnose(connection, reason);
            }
            event => self.feed(event),
        }
    }

    fn never_opened(&self, connection: ConnectionId) -> bool {
        let socket = self.socket.borrow();
        socket.as_ref().is_some_and(|socket| socket.connection() == connection && !socket.was_open())
    }

    /// A browser does not say why a socket was refused. The relay does, to a question it always answers.
    fn diagnose(&self, connection: ConnectionId, reason: String) {
        let (me, workspace) = (self.me.clone(), self.workspace);
        spawn_local(async move {
            let code = match api::session().await {
                Err(api::Refusal::NotSignedIn) => 4401,
                Ok(session) if session.workspace.id != workspace => 4403,
                Ok(_) | Err(_) => NO_CODE,
            };
            if let Some(driver) = me.upgrade() {
                driver.feed(Event::Closed { connection, code, reason });
            }
        });
    }

    fn send(&self, connection: ConnectionId, frame: &Bytes) {
        let socket = self.socket.borrow();
        if let Some(socket) = socket.as_ref().filter(|socket| socket.connection() == connection) {
            socket.send(frame);
        }
    }

    fn hang_up(&self, connection: ConnectionId) {
        let mut socket = self.socket.borrow_mut();
        if socket.as_ref().is_some_and(|socket| socket.connection() == connection) {
            *socket = None;
        }
    }

    fn broadcast(&self, bytes: &Bytes) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.say(bytes);
        }
    }

    fn moment(&self, moment: Moment) {
        match moment {
            Moment::Shown => {
                self.is_resting.set(false);
                drop(self.hidden.borrow_mut().take());
                self.feed(Event::NetworkUp);
                let place = self.place.borrow().clone();
                if self.has_left.replace(false)
                    && let Some(place) = place
                {
                    self.show(place);
                }
            }
            Moment::Hidden => {
                self.feed(Event::Flush);
                self.give_up_line_later();
            }
            Moment::Left => {
                self.has_left.set(true);
                self.feed(Event::Leave);
            }
            Moment::Online => self.feed(Event::NetworkUp),
            // A socket may look open for minutes without a network under it, and deliver hours later.
            Moment::Offline => self.feed(Event::NetworkDown),
        }
    }

    fn give_up_line_later(&self) {
        let me = self.me.clone();
        *self.hidden.borrow_mut() = Some(Timer::after(HIDDEN_LINE_MS, move || {
            let Some(driver) = me.upgrade() else { return };
            let is_done = driver.read(|replica| {
                replica.status().on_relay && replica.status().connection == ConnectionState::Online
            });
            if is_done && !page::is_visible() {
                driver.is_resting.set(true);
                driver.feed(Event::NetworkDown);
            }
        }));
    }

    /// Chunks are put together by one tab at a time.
    fn compact_later(&self, wait_ms: i64) {
        let me = self.me.clone();
        *self.compaction.borrow_mut() = Some(Timer::after(wait_ms, move || {
            let Some(driver) = me.upgrade() else { return };
            tabs::take_turn(&format!("compact:{}", driver.document), move |turn| {
                if let Some(driver) = me.upgrade() {
                    *driver.turn.borrow_mut() = Some(turn);
                    driver.feed(Event::Compact);
                }
            });
        }));
    }

    fn tell(&self) -> Rc<dyn Fn(Event)> {
        let me = self.me.clone();
        Rc::new(move |event| {
            if let Some(driver) = me.upgrade() {
                driver.feed(event);
            }
        })
    }
}

/// One call with the world as arguments, and what it asked for.
fn with_cx<R>(call: impl FnOnce(&mut Cx<'_>) -> R) -> (R, Vec<Effect>) {
    let mut effects = Vec::new();
    let mut chance = Chance;
    let result = call(&mut Cx { now: clock::now(), rng: &mut chance, effects: &mut effects });
    (result, effects)
}
