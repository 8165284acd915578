//! The replica: one document, its view, its unsaved and unsent changes, its line.
//!
//! Everything goes through one loop: an event or an edit changes something, and at the end of every call the replica
//! looks once at what is due now: a read, a write, a frame, a word of presence, a new status, a later wake. What is due
//! is computed from what is, never remembered from what happened.

use crate::{
    Cx, Effect, Event, People, Place, Problem, RequestId, Settings, Status,
    arrival::{self, Arrival},
    connection::Connection,
    opening, plan_compaction,
    presence::{Announcer, Said, Seen},
    reading::Reading,
    undo::{History, Planned, Undone},
    unsaved::Unsaved,
    unsent::Unsent,
};
use automerge::Automerge;
use bytes::Bytes;
use ids::{ActorId, ConnectionId, Heads, ParsePeerIdError, Timestamp};
use store::{Loaded, StoreError};
use sync::{GuardedDocument, Identity, Incoming, backoff};
use workspace::{Act, EditError, LoadError, Origin, View, ViewDelta};

/// Reads of the store that may fail before the replica opens without it.
const READS_BEFORE_OPENING: u32 = 4;

/// The replica of one workspace document.
pub struct Replica {
    settings: Settings,
    actor: ActorId,
    phase: Phase,
    document: GuardedDocument,
    view: View,
    reading: Reading,
    unsaved: Unsaved,
    write_problem: Option<Problem>,
    unsent: Unsent,
    connection: Connection,
    heard: HeardOnLine,
    announcer: Announcer,
    people: People,
    compaction: Compaction,
    corrupt: usize,
    history: History,
    status: Status,
    wake: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Waiting for what is stored.
    Opening,
    /// The document is here.
    Open,
}

/// What the current connection has said about the document.
#[derive(Default)]
struct HeardOnLine {
    /// Which connection has been told that we follow the document.
    following: Option<ConnectionId>,
    announced: bool,
    unavailable: bool,
    read_only: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Compaction {
    Idle,
    Wanted,
    Writing { request: RequestId, replaced: usize },
}

/// Why an edit was not made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EditRefused {
    /// The document is not here yet. Nothing is lost by waiting a moment.
    #[error("the document is being opened; try again in a moment")]
    NotOpen,
    /// The document does not take this edit.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// Why there is no replica.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StillBorn {
    /// The build itself is broken.
    #[error(transparent)]
    Genesis(#[from] LoadError),
    /// The device id makes no peer id.
    #[error(transparent)]
    PeerId(#[from] ParsePeerIdError),
}

impl Replica {
    /// A replica at its birth: asks for what is stored and, unless told otherwise, for a connection.
    ///
    /// # Errors
    /// Only when the build is broken or the device id is unusable.
    pub fn new(settings: Settings, cx: &mut Cx<'_>) -> Result<Self, StillBorn> {
        let actor = ActorId::random(cx.rng);
        let document = workspace::new_document(&actor)?;
        let tab = format!("{:016x}", cx.rng.next_u64());
        let identity = Identity {
            peer: settings.peer_id(&tab)?,
            storage: settings.storage.clone(),
            session: wire::SessionId::from_bits(cx.rng.next_u64()),
        };
        let mut replica = Self {
            actor,
            phase: Phase::Opening,
            view: View::read(&document),
            reading: Reading::default(),
            unsaved: Unsaved::default(),
            write_problem: None,
            unsent: Unsent::new(&document, settings.relay_heads.as_ref()),
            document: GuardedDocument::new(document, guard::Limits::CLIENT),
            connection: Connection::new(identity, settings.online, cx.now),
            heard: HeardOnLine::default(),
            announcer: Announcer::new(tab),
            people: People::default(),
            compaction: Compaction::Idle,
            corrupt: 0,
            history: History::default(),
            status: Status::UNKNOWN,
            wake: None,
            settings,
        };
        replica.reading.want(cx.now);
        replica.settle(cx);
        Ok(replica)
    }

    /// Takes in what has happened.
    pub fn handle(&mut self, cx: &mut Cx<'_>, event: Event) {
        match event {
            Event::Loaded(Ok(loaded)) => self.loaded(cx, &loaded),
            Event::Loaded(Err(error)) => self.load_failed(cx, &error),
            Event::Written { request, result } => self.written(cx, request, result),
            Event::Opened { connection } => self.connection.opened(cx, connection),
            Event::Frame { connection, frame } => self.frame(cx, connection, &frame),
            Event::Writable { connection } => {
                if let Some(line) = self.connection.line_of(connection) {
                    line.became_writable();
                }
            }
            Event::Closed { connection, code, reason } => {
                self.connection.closed(cx, connection, code, reason)
            }
            Event::Sibling(bytes) => self.sibling(cx, &bytes),
            Event::Woken => self.wake = None,
            Event::NetworkUp => self.connection.network_up(cx),
            Event::NetworkDown => self.connection.network_down(cx),
            Event::Flush => self.flush(cx),
            Event::Leave => {
                self.flush(cx);
                self.goodbye(cx);
            }
            Event::Compact => self.want_compaction(cx),
        }
        self.settle(cx);
    }

    /// Makes an edit. What it changed is in the view already, and returned so that the screen can follow.
    ///
    /// # Errors
    /// Nothing is written when any part of the act is refused.
    pub fn edit(&mut self, cx: &mut Cx<'_>, act: &Act) -> Result<ViewDelta, EditRefused> {
        if !self.is_open() {
            return Err(EditRefused::NotOpen);
        }
        let planned = History::plan(&self.view, act);
        let delta = self.apply(cx, act)?;
        self.history.made(planned);
        self.settle(cx);
        Ok(delta)
    }

    /// Takes back the last act of this session that can be taken back, as far as nobody has changed it since; `None`
    /// when there is none. See [`Undone`] for what was left.
    ///
    /// # Errors
    /// As for [`edit`](Self::edit).
    pub fn undo(&mut self, cx: &mut Cx<'_>) -> Result<Option<Undone>, EditRefused> {
        if !self.is_open() {
            return Err(EditRefused::NotOpen);
        }
        let Some(planned) = self.history.take_done() else { return Ok(None) };
        let (undone, forward) = self.go(cx, &planned)?;
        self.history.undid(forward);
        Ok(Some(undone))
    }

    /// Does again what was taken back last, if nothing was done since.
    ///
    /// # Errors
    /// As for [`edit`](Self::edit).
    pub fn redo(&mut self, cx: &mut Cx<'_>) -> Result<Option<Undone>, EditRefused> {
        if !self.is_open() {
            return Err(EditRefused::NotOpen);
        }
        let Some(planned) = self.history.take_undone() else { return Ok(None) };
        let (redone, back) = self.go(cx, &planned)?;
        self.history.redid(back);
        Ok(Some(redone))
    }

    /// Whether [`undo`](Self::undo) has something to take back.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether [`redo`](Self::redo) has something to do again.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// This tab is looking there now; others will see it.
    pub fn show(&mut self, cx: &mut Cx<'_>, place: Place) {
        self.announcer.show(place);
        self.settle(cx);
    }

    /// What a page reads.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The document itself, for history, export and comparison. It is never written but through [`edit`](Self::edit).
    pub fn document(&self) -> &Automerge {
        self.document.get()
    }

    /// Where the work is.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Who else is here.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// The heads of the document.
    pub fn heads(&self) -> Heads {
        self.document.heads()
    }

    /// What the relay announced last, as far as the changes are known here; `None` before it ever did. Worth keeping
    /// for the next session ([`Settings::relay_heads`]).
    pub fn relay_heads(&self) -> Option<&Heads> {
        self.unsent.announced()
    }

    /// The actor of this session.
    pub fn actor(&self) -> &ActorId {
        &self.actor
    }

    fn apply(&mut self, cx: &mut Cx<'_>, act: &Act) -> Result<ViewDelta, EditRefused> {
        let author = &self.settings.author;
        let write = |document: &mut Automerge| workspace::apply(document, author, cx.now, cx.rng, act);
        let mut applied = self.document.edit(write)?;
        if let Some(hash) = applied.change {
            let document = self.document.get();
            self.unsaved.push(vec![hash], arrival::change_bytes(document, &hash));
            self.unsent.add([hash]);
            applied.delta.touched.extend(self.view.update(document, &applied.delta));
        }
        Ok(applied.delta)
    }

    fn go(&mut self, cx: &mut Cx<'_>, planned: &Planned) -> Result<(Undone, Planned), EditRefused> {
        let (act, left) = planned.act(&self.view);
        let opposite = History::plan(&self.view, &act);
        let delta =
            if act.edits.is_empty() { ViewDelta::nothing(Origin::Local) } else { self.apply(cx, &act)? };
        self.settle(cx);
        Ok((Undone { name: planned.name().to_owned(), delta, left }, opposite))
    }

    /// Whether edits are taken.
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }
}

/// The store.
impl Replica {
    fn loaded(&mut self, cx: &mut Cx<'_>, loaded: &Loaded) {
        self.reading.succeeded(cx.now);
        match self.phase {
            Phase::Open => self.merge_stored(cx, loaded),
            Phase::Opening => self.open(cx, loaded),
        }
        if self.compaction == Compaction::Wanted {
            self.compact(cx, loaded);
        }
    }

    fn load_failed(&mut self, cx: &mut Cx<'_>, error: &StoreError) {
        let failures = self.reading.failed(error, cx.now, cx.rng);
        if self.compaction == Compaction::Wanted {
            self.compaction = Compaction::Idle;
            cx.ask(Effect::Compacted { replaced: 0 });
        }
        // Work can go on without the store: whatever turns out to be stored is merged when it can be read, and what is
        // done meanwhile is kept in memory and sent.
        if failures >= READS_BEFORE_OPENING && self.phase == Phase::Opening {
            self.open(cx, &Loaded::default());
        }
    }

    /// The first look at what is stored.
    fn open(&mut self, cx: &mut Cx<'_>, loaded: &Loaded) {
        let opened = match opening::open(loaded, &self.actor) {
            Ok(opened) => opened,
            Err(error) => {
                // Only a broken build comes here, and it does not come past the birth of a replica.
                self.write_problem = Some(Problem::StoreFailing { why: error.to_string() });
                return;
            }
        };
        self.document = opened.document;
        self.view = View::read(self.document.get());
        self.unsent = Unsent::new(self.document.get(), self.settings.relay_heads.as_ref());
        self.corrupt = opened.report.corrupt;
        self.phase = Phase::Open;
        cx.ask(Effect::Opened(opened.report));
    }

    fn written(&mut self, cx: &mut Cx<'_>, request: RequestId, result: Result<(), StoreError>) {
        if let Compaction::Writing { request: ours, replaced } = self.compaction
            && ours == request
        {
            self.compaction = Compaction::Idle;
            cx.ask(Effect::Compacted { replaced: if result.is_ok() { replaced } else { 0 } });
            return;
        }
        match result {
            Ok(()) => {
                self.write_problem = None;
                for bytes in self.unsaved.written(request) {
                    cx.ask(Effect::Broadcast(bytes));
                }
            }
            Err(error) => {
                if self.unsaved.failed(request, cx.now, |failures| backoff(cx.rng, failures)) {
                    self.write_problem = Some(Problem::of_store(&error));
                }
            }
        }
    }

    fn flush(&mut self, cx: &mut Cx<'_>) {
        if let Some((request, batch)) = self.unsaved.flush(self.settings.document) {
            cx.ask(Effect::Write { request, batch });
        }
    }

    /// Another tab has written these bytes.
    fn sibling(&mut self, cx: &mut Cx<'_>, bytes: &Bytes) {
        if !self.is_open() {
            // What is being read may be older.
            self.reading.want(cx.now);
            return;
        }
        if let Ok(arrival) = arrival::apply_stored(&mut self.document, std::slice::from_ref(bytes)) {
            if arrival.incomplete {
                self.reading.want(cx.now);
            }
            self.arrived(cx, arrival);
        }
    }

    /// Stored chunks were read once more: other tabs may have written some we did not hear of.
    fn merge_stored(&mut self, cx: &mut Cx<'_>, loaded: &Loaded) {
        let new = arrival::unknown_chunks(self.document.get(), loaded);
        if new.is_empty() {
            return;
        }
        if let Ok(arrival) = arrival::apply_stored(&mut self.document, &new) {
            self.arrived(cx, arrival);
            return;
        }
        // One of them is bad: it costs only itself.
        for chunk in new {
            if let Ok(arrival) = arrival::apply_stored(&mut self.document, &[chunk]) {
                self.arrived(cx, arrival);
            }
        }
    }

    /// Durable changes have become part of the document.
    fn arrived(&mut self, cx: &mut Cx<'_>, arrival: Arrival) {
        self.unsaved.forget(&arrival.carried);
        self.unsent.add(arrival.taken.changes.iter().copied());
        self.changed(cx, &arrival.taken.before);
    }

    fn want_compaction(&mut self, cx: &mut Cx<'_>) {
        if self.compaction == Compaction::Idle && self.is_open() {
            self.compaction = Compaction::Wanted;
            self.reading.want(cx.now);
        } else {
            cx.ask(Effect::Compacted { replaced: 0 });
        }
    }

    fn compact(&mut self, cx: &mut Cx<'_>, loaded: &Loaded) {
        self.compaction = Compaction::Idle;
        let Some(batch) = plan_compaction(self.settings.document, loaded) else {
            cx.ask(Effect::Compacted { replaced: 0 });
            return;
        };
        let request = self.unsaved.request();
        self.compaction = Compaction::Writing { request, replaced: batch.deletes.len() };
        cx.ask(Effect::Write { request, batch });
    }
}

/// The line.
impl Replica {
    fn frame(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, frame: &Bytes) {
        let Some(line) = self.connection.line_of(connection) else { return };
        match line.session.on_frame(frame, cx.now) {
            Ok(Incoming::Sync(sync)) if sync.document() == self.settings.document => self.sync(cx, sync),
            Ok(Incoming::Established(_)) => self.announcer.introduce(),
            Ok(Incoming::Unavailable(document)) if document == self.settings.document => {
                self.heard.unavailable = true;
            }
            Ok(Incoming::Ephemeral(heard)) if heard.document == self.settings.document => {
                if let Some(said) = Said::decode(&heard.data) {
                    self.hear(cx, said);
                }
            }
            Ok(_) => {}
            Err(error) => self.connection.session_failed(cx, error),
        }
    }

    fn sync(&mut self, cx: &mut Cx<'_>, sync: sync::CheckedSync) {
        if !self.is_open() {
            return;
        }
        let Some(line) = self.connection.line() else { return };
        match line.session.receive(&mut self.document, sync, cx.now) {
            Ok(received) => {
                for (hashes, bytes) in arrival::entries_of(&received) {
                    self.unsaved.push(hashes, bytes);
                }
                let first = !std::mem::replace(&mut self.heard.announced, true);
                self.heard.unavailable = false;
                self.heard.read_only = received.read_only;
                self.unsent.announce(self.document.get(), &received.relay_heads, first);
                self.connection.in_step(self.unsent.is_empty() || received.read_only);
                self.changed(cx, &received.before);
            }
            Err(error) => self.connection.session_failed(cx, error),
        }
    }

    /// The document has changed by something that is not an edit of ours.
    fn changed(&mut self, cx: &mut Cx<'_>, before: &Heads) {
        let document = self.document.get();
        let mut delta = workspace::delta_since(document, before, Origin::Remote);
        if !delta.is_empty() {
            delta.touched.extend(self.view.update(document, &delta));
            cx.ask(Effect::Changed(delta));
        }
    }

    fn hear(&mut self, cx: &mut Cx<'_>, said: Said) {
        match self.people.hear(said, cx.now) {
            Seen::Nothing => return,
            Seen::Arrived => self.announcer.introduce(),
            Seen::Moved => {}
        }
        cx.ask(Effect::Presence(self.people.clone()));
    }

    fn goodbye(&mut self, cx: &mut Cx<'_>) {
        if let Some(said) = self.announcer.goodbye(&self.settings, cx.now) {
            self.say(cx, &said);
        }
    }

    fn say(&mut self, cx: &mut Cx<'_>, said: &Said) {
        let Some(payload) = said.encode() else { return };
        if let Some(line) = self.connection.line()
            && let Some(frame) = line.session.ephemeral(self.settings.document, payload.into())
        {
            line.send(cx, frame);
        }
    }
}

/// What is due.
impl Replica {
    fn settle(&mut self, cx: &mut Cx<'_>) {
        self.connection.tick(cx);
        if self.reading.start(cx.now) {
            cx.ask(Effect::Load { document: self.settings.document });
        }
        if let Some((request, batch)) = self.unsaved.write_due(self.settings.document, cx.now) {
            cx.ask(Effect::Write { request, batch });
        }
        self.send_sync(cx);
        if self.people.expire(cx.now) {
            cx.ask(Effect::Presence(self.people.clone()));
        }
        self.announce(cx);
        self.report_status(cx);
        self.ask_wake(cx);
    }

    /// At most one frame, when the socket can take one.
    fn send_sync(&mut self, cx: &mut Cx<'_>) {
        let open = self.is_open();
        let Some(line) = self.connection.line() else { return };
        if !open || !line.takes_frame() {
            return;
        }
        let document = self.settings.document;
        if self.heard.following != Some(line.connection) {
            self.heard = HeardOnLine { following: Some(line.connection), ..HeardOnLine::default() };
            let bare = self.document.heads().as_slice() == [workspace::genesis::HASH];
            line.session.follow(document, &Heads::EMPTY, bare);
        }
        match line.session.poll(document, &self.document, cx.now) {
            Ok(None) => {}
            Ok(Some(frame)) => line.send(cx, frame),
            Err(error) => self.connection.session_failed(cx, error),
        }
    }

    fn announce(&mut self, cx: &mut Cx<'_>) {
        if !self.can_announce() {
            return;
        }
        let company = !self.people.is_empty();
        if let Some(said) = self.announcer.due(&self.settings, company, cx.now) {
            self.say(cx, &said);
        }
    }

    /// Presence is the first thing to wait when the socket is busy. And it waits until the relay has spoken of the
    /// document: it passes words on only from those it serves, and whoever greets too early is heard by nobody, is
    /// greeted by nobody, and believes to be alone.
    fn can_announce(&mut self) -> bool {
        let heard = &self.heard;
        self.connection.line().is_some_and(|line| {
            line.takes_frame() && heard.announced && heard.following == Some(line.connection)
        })
    }

    fn report_status(&mut self, cx: &mut Cx<'_>) {
        let open = self.is_open();
        let status = Status {
            open,
            saved_here: open && self.unsaved.is_empty(),
            on_relay: open && self.unsent.is_empty(),
            unsaved: self.unsaved.changes(),
            unsent: self.unsent.len(&workspace::genesis::HASH),
            connection: self.connection.state(),
            problem: self.problem(),
        };
        if status != self.status {
            self.status = status.clone();
            cx.ask(Effect::Status(status));
        }
    }

    fn problem(&self) -> Option<Problem> {
        let heard = &self.heard;
        let on_line = [
            heard.unavailable.then_some(Problem::Unavailable),
            heard.read_only.then_some(Problem::ReadOnly),
            (self.corrupt > 0).then_some(Problem::Corrupt { chunks: self.corrupt }),
        ];
        let lasting = [self.write_problem.as_ref(), self.reading.problem(), self.connection.problem()];
        lasting.into_iter().flatten().cloned().chain(on_line.into_iter().flatten()).min()
    }

    fn ask_wake(&mut self, cx: &mut Cx<'_>) {
        // Only what time alone brings about: a wake for something that waits for the socket would come at once, and
        // again, and again.
        let presence =
            if self.can_announce() { self.announcer.due_at(!self.people.is_empty()) } else { None };
        let next = [
            self.connection.wake_at(),
            self.reading.wake_at(),
            self.unsaved.wake_at(),
            self.people.expires_at(),
            presence,
        ];
        let next = next.into_iter().flatten().min();
        if next != self.wake {
            self.wake = next;
            if let Some(at) = next {
                cx.ask(Effect::Wake { at });
            }
        }
    }
}
