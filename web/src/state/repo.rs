//! [`Repo`]: the handle that screens have.

use super::{
    device,
    memory::Memory,
    other_story::OtherStory,
    past::Past,
    session::{self, SessionState},
    signals::{SignalScreen, Signals},
    touches::Touch,
};
use crate::platform::{
    api::{self, Refusal, Session, Who},
    chance::Chance,
    clock::{self, Timer},
    driver::Driver,
    page, service_worker, storage,
};
use client::{EditRefused, Event, People, Place, Settings, Status, Undone};
use ids::{ActorId, Heads, RecordId, Timestamp, WorkspaceId};
use insight::{changed::Change, search::Hit};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};
use store_idb::quota::{self, Room};
use wasm_bindgen_futures::spawn_local;
use workspace::{
    Act, Author, Date, Edges, Edit, Field, Kind, Record, RecordRef, View, ViewDelta,
    history::{self, AtError, Told},
};

/// How often the room on this device is looked at, in milliseconds.
const LOOK_AT_ROOM_MS: i64 = 5 * 60 * 1000;

/// How long a page that is about to be replaced by a newer build waits for its last write, in milliseconds.
const SAVE_BEFORE_UPDATE_MS: f64 = 3_000.0;

/// How often it looks whether that write is done, in milliseconds.
const SAVE_POLL_MS: i32 = 50;

/// The replica of the open workspace, as screens see it. Cheap to clone; one per page.
#[derive(Clone)]
pub(crate) struct Repo {
    inner: SendWrapper<Rc<Inner>>,
}

struct Inner {
    signals: Rc<Signals>,
    memory: Memory,
    driver: RefCell<Option<Rc<Driver>>>,
    past: Past,
    has_asked_to_persist: Cell<bool>,
    room_timer: RefCell<Option<Timer>>,
}

// --- At the start ---------------------------------------------------------------------------------------------------

impl Repo {
    /// Begins to find out who is here, and opens their workspace. The shell can be shown at once.
    pub(crate) fn start() -> Self {
        let inner = Inner {
            signals: Rc::default(),
            memory: Memory::of(storage::database()),
            driver: RefCell::default(),
            past: Past::default(),
            has_asked_to_persist: Cell::new(false),
            room_timer: RefCell::default(),
        };
        let repo = Self { inner: SendWrapper::new(Rc::new(inner)) };
        let ready = repo.inner.signals.is_update_ready.clone();
        service_worker::watch(move || ready.set(true));
        repo.retry();
        repo
    }

    /// Finds out once more who is here. For [`SessionState::Failed`].
    pub(crate) fn retry(&self) {
        let repo = self.clone();
        self.inner.signals.session.set(SessionState::Starting);
        spawn_local(async move {
            let found = session::find(&repo.inner.memory).await;
            repo.enter(found).await;
        });
    }

    async fn enter(&self, state: SessionState) {
        if let SessionState::Open(session) = &state {
            self.open(session).await;
        }
        self.inner.signals.session.set(state);
        self.look_at_room();
    }

    async fn open(&self, session: &Arc<Session>) {
        let memory = &self.inner.memory;
        let document = session.workspace.document;
        let relay_heads = memory.relay_heads(document).await;
        let settings = Settings {
            document,
            author: Author { member: session.member.id, device_label: device::label(&page::user_agent()) },
            member_name: session.member.name.clone(),
            device: session.device.clone(),
            storage: memory.storage().await,
            relay_heads: relay_heads.clone(),
            online: true,
        };
        let keep = {
            let memory = memory.clone();
            move |heads: Heads| {
                let memory = memory.clone();
                spawn_local(async move { memory.keep_relay_heads(document, &heads).await });
            }
        };
        let is_joining = Cell::new(memory.is_joining(session.workspace.id).await);
        let in_step = {
            let (repo, workspace) = (self.clone(), session.workspace.id);
            move || {
                if is_joining.replace(false) {
                    let repo = repo.clone();
                    spawn_local(async move {
                        repo.join();
                        repo.inner.memory.set_joining(workspace, false).await;
                    });
                }
            }
        };
        let screen = SignalScreen::new(self.inner.signals.clone(), relay_heads, keep, in_step);
        match Driver::start(settings, session.workspace.id, storage::database(), screen) {
            Ok(driver) => *self.inner.driver.borrow_mut() = Some(driver),
            // Only a broken build can fail here; the panic hook's page says what to do.
            Err(error) => wasm_bindgen::throw_str(&error.to_string()),
        }
        self.renew(session.clone());
    }

    /// Names may have changed at the relay since they were remembered.
    fn renew(&self, session: Arc<Session>) {
        let repo = self.clone();
        spawn_local(async move {
            if let Some(renewed) = session::renewed(&session).await {
                repo.inner.memory.begin(&renewed).await;
                repo.inner.signals.session.set(SessionState::Open(Arc::new(renewed)));
            }
        });
    }
}

// --- Who is here ----------------------------------------------------------------------------------------------------

impl Repo {
    /// Whether a workspace is open, and whose.
    pub(crate) fn session(&self) -> ArcReadSignal<SessionState> {
        self.inner.signals.session.read_only()
    }

    /// Signs in as `who` and opens the workspace.
    pub(crate) async fn choose(&self, workspace: WorkspaceId, who: Who) -> Result<(), Refusal> {
        let session = api::begin(workspace, &who).await?;
        self.inner.memory.begin(&session).await;
        if let Who::Named(_) = who {
            self.inner.memory.set_joining(workspace, true).await;
        }
        if self.inner.driver.borrow().is_some() {
            // A page holds one workspace in its life: nothing of one can show in another.
            page::reload();
        } else {
            self.enter(SessionState::Open(Arc::new(session))).await;
        }
        Ok(())
    }

    /// Signs in again as the person who works here, after the relay forgot them.
    pub(crate) async fn sign_in_again(&self) -> Result<(), Refusal> {
        let state = self.inner.signals.session.get_untracked();
        let SessionState::Open(session) = state else { return Err(Refusal::NotSignedIn) };
        let session = api::begin(session.workspace.id, &Who::Member(session.member.id)).await?;
        self.inner.memory.begin(&session).await;
        self.try_now();
        Ok(())
    }

    /// Nobody is signed in on this browser any more. What is on its disk stays. Works without a network too.
    pub(crate) async fn leave(&self) {
        self.flush();
        if let Err(refusal) = api::end().await {
            leptos::logging::warn!("signing out at the relay: {refusal}");
        }
        self.inner.memory.end().await;
        page::reload();
    }

    /// Whoever works here is a member of the document. The relay's directory may know somebody whom the document does
    /// not: who chose a new name is added when the document is here, everybody else with their first act. Only while the
    /// document is known to be as the relay has it, so that nobody is added twice.
    fn join(&self) {
        let SessionState::Open(session) = self.inner.signals.session.get_untracked() else { return };
        let Some(driver) = self.inner.driver.borrow().clone() else { return };
        let record = RecordRef::new(Kind::Member, session.member.id.0);
        let is_missing = driver.read(|replica| {
            let status = replica.status();
            status.open && status.on_relay && replica.view().record(record).is_none()
        });
        if !is_missing {
            return;
        }
        let fields = vec![(Field::Title, session.member.name.as_str().into())];
        if let Err(refused) = driver.edit(&Act::one("member.join", Edit::Create { record, fields })) {
            leptos::logging::warn!("joining: {refused}");
        }
    }
}

// --- The document ---------------------------------------------------------------------------------------------------

impl Repo {
    /// A record, now and after every change; `None` while there is none.
    pub(crate) fn record(&self, record: RecordRef) -> ArcReadSignal<Option<Arc<Record>>> {
        self.inner.signals.registry.record(record, || self.peek(|view| view.record(record).cloned()))
    }

    /// The ids of the records of a kind that are not deleted, by birth.
    pub(crate) fn ids(&self, kind: Kind) -> ArcReadSignal<Arc<BTreeSet<RecordId>>> {
        self.inner.signals.registry.live(kind)
    }

    /// The ids of the deleted records of a kind.
    pub(crate) fn deleted(&self, kind: Kind) -> ArcReadSignal<Arc<BTreeSet<RecordId>>> {
        self.inner.signals.registry.deleted(kind)
    }

    /// All links, in both directions.
    pub(crate) fn edges(&self) -> ArcReadSignal<Arc<Edges>> {
        self.inner.signals.registry.edges()
    }

    /// Changes whenever it is time to look across the whole document again: a moment after a change, and while somebody
    /// writes in the next pause.
    pub(crate) fn pulse(&self) -> ArcReadSignal<u64> {
        self.inner.signals.pulse.beats()
    }

    /// What differs between the state at `since` and now. The first answer costs a copy of the document.
    ///
    /// # Errors
    /// While this device waits for changes of that state.
    pub(crate) fn changes_since(&self, since: Timestamp, today: Date) -> Result<Vec<Change>, AtError> {
        let driver = self.inner.driver.borrow().clone();
        driver.map_or_else(|| Ok(Vec::new()), |driver| self.inner.past.changes(&driver, since, today))
    }

    /// Every change of the document that names a record, oldest first. Reads the whole history: ask when somebody wants
    /// to see it.
    pub(crate) fn told_of(&self, record: RecordRef) -> Vec<Told> {
        let names = |told: &Told| told.note.as_ref().is_some_and(|note| note.records.contains(&record));
        match self.inner.driver.borrow().as_ref() {
            Some(driver) => {
                driver.read(|replica| history::all(replica.document()).into_iter().filter(names).collect())
            }
            None => Vec::new(),
        }
    }

    /// The state of the document now.
    pub(crate) fn heads(&self) -> Heads {
        match self.inner.driver.borrow().as_ref() {
            Some(driver) => driver.read(|replica| replica.heads()),
            None => Heads::default(),
        }
    }

    /// Reads the whole document once.
    pub(crate) fn peek<R>(&self, read: impl FnOnce(&View) -> R) -> R {
        match self.inner.driver.borrow().as_ref() {
            Some(driver) => driver.read(|replica| read(replica.view())),
            None => read(&View::default()),
        }
    }

    /// Does something. When this returns the document has it and the signals are set; disk and relay follow.
    ///
    /// # Errors
    /// Nothing is written when any edit of the act is refused, or while the document is not open.
    pub(crate) fn act(&self, act: &Act) -> Result<ViewDelta, EditRefused> {
        let driver = self.inner.driver.borrow().clone().ok_or(EditRefused::NotOpen)?;
        self.join();
        let delta = driver.edit(act)?;
        self.ask_to_persist_once();
        Ok(delta)
    }

    /// Takes back what this tab did last, as far as nobody has changed it since; `None` when there is nothing.
    ///
    /// # Errors
    /// As for [`act`](Self::act).
    pub(crate) fn undo(&self) -> Result<Option<Undone>, EditRefused> {
        self.inner.driver.borrow().clone().ok_or(EditRefused::NotOpen)?.undo()
    }

    /// Does again what was taken back last.
    ///
    /// # Errors
    /// As for [`act`](Self::act).
    pub(crate) fn redo(&self) -> Result<Option<Undone>, EditRefused> {
        self.inner.driver.borrow().clone().ok_or(EditRefused::NotOpen)?.redo()
    }

    /// The records that have all words of the query, the best first, at most `limit`.
    pub(crate) fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        self.peek(|view| self.inner.signals.finder.find(view, query, limit))
    }

    /// A piece of a record's text around the words of the query.
    pub(crate) fn excerpt(&self, record: RecordRef, query: &str) -> Option<String> {
        self.peek(|view| insight::search::excerpt(view, record, query))
    }

    /// What others did with these deleted records without having seen that they were deleted. Reads the history.
    pub(crate) fn other_stories(&self, records: &[RecordRef]) -> BTreeMap<RecordRef, OtherStory> {
        let Some(driver) = self.inner.driver.borrow().clone() else { return BTreeMap::new() };
        driver.read(|replica| {
            let document = replica.document();
            let edited = records.iter().filter(|record| history::edited_though_deleted(document, **record));
            edited
                .map(|record| (*record, OtherStory::of(&history::edits_beside_deletion(document, *record))))
                .collect()
        })
    }

    /// When each of the values that stand side by side in a field was written, by the session that wrote it.
    pub(crate) fn written(&self, record: RecordRef, field: Field) -> BTreeMap<ActorId, Timestamp> {
        match self.inner.driver.borrow().as_ref() {
            Some(driver) => driver.read(|replica| history::written(replica.document(), record, field)),
            None => BTreeMap::new(),
        }
    }

    /// Makes the first search as quick as the others.
    pub(crate) fn prepare_search(&self) {
        self.peek(|view| self.inner.signals.finder.prepare(view));
    }

    /// A fresh id for a record or an entry.
    pub(crate) fn fresh_id(&self) -> RecordId {
        RecordId::new(clock::now(), &mut Chance)
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        clock::now()
    }

    /// Who touched the record from elsewhere in the last seconds.
    pub(crate) fn touch(&self, record: RecordRef) -> ArcReadSignal<Option<Arc<Touch>>> {
        self.inner.signals.registry.touch(record)
    }
}

// --- Where the work is, who is here ---------------------------------------------------------------------------------

impl Repo {
    /// Saved here, on the relay, the line, the most serious problem. Never claims more than is confirmed.
    pub(crate) fn status(&self) -> ArcReadSignal<Status> {
        self.inner.signals.status.read_only()
    }

    /// Everybody else who is here.
    pub(crate) fn people(&self) -> ArcReadSignal<Arc<People>> {
        self.inner.signals.people.read_only()
    }

    /// This tab looks there now; others will see it.
    pub(crate) fn show(&self, place: Place) {
        if let Some(driver) = self.inner.driver.borrow().clone() {
            driver.show(place);
        }
    }

    /// Dials now.
    pub(crate) fn try_now(&self) {
        self.feed(Event::NetworkUp);
    }

    /// Writes now what is not durable yet.
    pub(crate) fn flush(&self) {
        self.feed(Event::Flush);
    }

    fn feed(&self, event: Event) {
        if let Some(driver) = self.inner.driver.borrow().clone() {
            driver.feed(event);
        }
    }
}

// --- This device ----------------------------------------------------------------------------------------------------

impl Repo {
    /// Whether a newer build of the app waits to take over.
    pub(crate) fn is_update_ready(&self) -> ArcReadSignal<bool> {
        self.inner.signals.is_update_ready.read_only()
    }

    /// Lets the newer build take over: saves, then loads the page anew.
    pub(crate) fn apply_update(&self) {
        self.flush();
        let status = self.inner.signals.status.clone();
        take_over_when_saved(
            move || status.with_untracked(|status| status.unsaved == 0),
            clock::measured_ms(),
        );
    }

    /// How much room this device has for us.
    pub(crate) fn room(&self) -> ArcReadSignal<Option<Room>> {
        self.inner.signals.room.read_only()
    }

    /// Whether the browser has promised not to clear our storage on its own.
    pub(crate) fn is_persisted(&self) -> ArcReadSignal<bool> {
        self.inner.signals.is_persisted.read_only()
    }

    /// Asks the browser for that promise.
    pub(crate) async fn ask_to_persist(&self) -> bool {
        let granted = quota::ask_to_persist().await;
        self.inner.signals.is_persisted.set(granted);
        granted
    }

    /// After the first edit there is something to lose.
    fn ask_to_persist_once(&self) {
        if self.inner.has_asked_to_persist.replace(true) {
            return;
        }
        let repo = self.clone();
        spawn_local(async move {
            if !quota::is_persisted().await {
                repo.ask_to_persist().await;
            }
        });
    }

    fn look_at_room(&self) {
        let repo = self.clone();
        spawn_local(async move {
            repo.inner.signals.room.set(quota::room().await);
            repo.inner.signals.is_persisted.set(quota::is_persisted().await);
            let again = repo.clone();
            *repo.inner.room_timer.borrow_mut() =
                Some(Timer::after(LOOK_AT_ROOM_MS, move || again.look_at_room()));
        });
    }
}

fn take_over_when_saved(is_saved: impl Fn() -> bool + 'static, since_ms: f64) {
    if is_saved() || clock::measured_ms() - since_ms > SAVE_BEFORE_UPDATE_MS {
        service_worker::take_over();
        return;
    }
    spawn_local(async move {
        clock::sleep(SAVE_POLL_MS).await;
        take_over_when_saved(is_saved, since_ms);
    });
}
