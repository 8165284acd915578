//! One tab of the app: the real replica, a store in memory, and frames to and from wherever the target says.

use bytes::Bytes;
use client::{Cx, Disconnect, Effect, Event, Place, Replica, Settings};
use ids::{ConnectionId, DocumentId, MemberId, RecordId, Timestamp, Utf16Offset};
use pollster::block_on;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use std::collections::VecDeque;
use store::{Chunk, ChunkStore, Loaded, MemoryStore};
use workspace::{Act, Author, Edit, Field, Kind, RecordRef};

pub(crate) const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

/// Everything happens on a day in 2026.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_770_000_000_000);

/// Events after which a replica must have come to rest.
const EVENTS_MAX: usize = 10_000;

pub(crate) struct Tab {
    pub(crate) replica: Replica,
    pub(crate) disk: MemoryStore,
    /// The connection that is open or is being opened.
    pub(crate) connection: Option<ConnectionId>,
    /// Frames on their way to the relay.
    pub(crate) outbox: VecDeque<Bytes>,
    /// Why it ended connections.
    pub(crate) disconnects: Vec<Disconnect>,
    /// Effects of compaction.
    pub(crate) compacted: usize,
    now: Timestamp,
    rng: ChaCha8Rng,
}

impl Tab {
    /// A tab on an empty disk; `person` is who uses it, and all the chance it has.
    pub(crate) fn new(person: u64) -> Self {
        Self::on(MemoryStore::new(), person)
    }

    /// A tab on this disk.
    pub(crate) fn on(disk: MemoryStore, person: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(person);
        let mut effects = Vec::new();
        let mut cx = Cx { now: NOW, rng: &mut rng, effects: &mut effects };
        let replica = Replica::new(settings(person), &mut cx).unwrap();
        let mut tab = Self {
            replica,
            disk,
            connection: None,
            outbox: VecDeque::new(),
            disconnects: Vec::new(),
            compacted: 0,
            now: NOW,
            rng,
        };
        tab.carry_out(effects);
        tab
    }

    pub(crate) fn feed(&mut self, event: Event) {
        self.step(|replica, cx| replica.handle(cx, event));
    }

    /// A frame of the relay.
    pub(crate) fn receive(&mut self, frame: Bytes) {
        if let Some(connection) = self.connection {
            self.feed(Event::Frame { connection, frame });
        }
    }

    /// The relay has ended the connection.
    pub(crate) fn closed(&mut self, code: u16) {
        if let Some(connection) = self.connection.take() {
            self.outbox.clear();
            self.feed(Event::Closed { connection, code, reason: String::new() });
        }
    }

    /// Lets time pass, and does what is due then.
    pub(crate) fn pass(&mut self, millis: i64) {
        self.now = self.now.plus_millis(millis);
        self.feed(Event::Woken);
    }

    /// Makes a record with some text; whether the replica took it.
    pub(crate) fn write(&mut self, title: &str) -> bool {
        let record = RecordRef::new(Kind::Issue, RecordId::new(self.now, &mut self.rng));
        let fields = vec![(Field::Title, title.to_owned().into())];
        let made = self.edit(&Act::one("issue.create", Edit::Create { record, fields }));
        let at = Utf16Offset(0);
        let (insert, delete) = (format!("{title}, in words"), 0);
        let typed = Edit::Splice { record, field: Field::Body, at, delete, insert };
        made && self.edit(&Act::one("issue.write", typed))
    }

    /// Types into the first record there is.
    pub(crate) fn type_on(&mut self, words: &str) -> bool {
        let first =
            self.replica.view().live(Kind::Issue).next().map(|record| RecordRef::new(Kind::Issue, record.id));
        let Some(record) = first else { return false };
        let (at, insert) = (Utf16Offset(0), words.to_owned());
        let typed = Edit::Splice { record, field: Field::Body, at, delete: 0, insert };
        self.edit(&Act::one("issue.write", typed))
    }

    fn edit(&mut self, act: &Act) -> bool {
        let mut taken = false;
        self.step(|replica, cx| taken = replica.edit(cx, act).is_ok());
        taken
    }

    pub(crate) fn show(&mut self, route: &str) {
        self.step(|replica, cx| replica.show(cx, Place { route: route.into(), ..Place::default() }));
    }

    /// What is stored.
    pub(crate) fn stored(&self) -> Loaded {
        block_on(self.disk.load(DOCUMENT)).unwrap()
    }

    fn step(&mut self, work: impl FnOnce(&mut Replica, &mut Cx<'_>)) {
        let mut effects = Vec::new();
        let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
        work(&mut self.replica, &mut cx);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut events: VecDeque<Event> =
            effects.into_iter().filter_map(|effect| self.answer(effect)).collect();
        for _ in 0..EVENTS_MAX {
            let Some(event) = events.pop_front() else { return };
            let mut effects = Vec::new();
            let mut cx = Cx { now: self.now, rng: &mut self.rng, effects: &mut effects };
            self.replica.handle(&mut cx, event);
            events.extend(effects.into_iter().filter_map(|effect| self.answer(effect)));
        }
        panic!("a replica that has no end of wishes: {:?} after {:?}", events, self.outbox.back());
    }

    /// What a browser answers to a wish, at once.
    fn answer(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Load { .. } => Some(Event::Loaded(Ok(self.stored()))),
            Effect::Write { request, batch } => {
                self.check_deletes(&batch);
                block_on(self.disk.apply(batch)).unwrap();
                Some(Event::Written { request, result: Ok(()) })
            }
            Effect::Connect { connection } => {
                self.connection = Some(connection);
                self.outbox.clear();
                None
            }
            Effect::Send { connection, frame } => {
                if self.connection != Some(connection) {
                    return None;
                }
                self.outbox.push_back(frame);
                Some(Event::Writable { connection })
            }
            Effect::Disconnect { connection, why } => {
                if self.connection == Some(connection) {
                    self.connection = None;
                    self.outbox.clear();
                }
                self.disconnects.push(why);
                None
            }
            Effect::Compacted { replaced } => {
                self.compacted += replaced;
                None
            }
            Effect::Broadcast(_)
            | Effect::Wake { .. }
            | Effect::Opened(_)
            | Effect::Changed(_)
            | Effect::Status(_)
            | Effect::Presence(_) => None,
        }
    }

    /// What is deleted is in what is written in its place.
    fn check_deletes(&self, batch: &store::Batch) {
        let deleted: Vec<store::ChunkKey> = batch.effective_deletes().map(|key| key.key()).collect();
        if deleted.is_empty() {
            return;
        }
        let stored = self.stored();
        let gone = stored.chunks.iter().filter(|chunk| deleted.contains(&chunk.key()));
        let [snapshot] = batch.puts.as_slice() else { panic!("deleted without one snapshot in its place") };
        let snapshot = crate::oracle::load(snapshot.bytes()).expect("a snapshot that can be loaded");
        for hash in gone.flat_map(hashes_in) {
            let hash = automerge::ChangeHash(hash.0);
            assert!(snapshot.get_change_meta_by_hash(&hash).is_some(), "{hash} was deleted and is nowhere");
        }
    }

    /// What must be true of a replica whatever it was fed with.
    pub(crate) fn check(&mut self) {
        for why in &self.disconnects {
            if let Disconnect::Sync(error) = why {
                assert_ne!(
                    error.code(),
                    "panicked",
                    "Automerge fell over what the guard let through: {error}"
                );
            }
        }
        let document = self.replica.document();
        assert!(
            *self.replica.view() == workspace::View::read(document),
            "the view is not that of the document"
        );
        crate::oracle::use_document(document);
        assert!(self.replica.is_open());
        // It is of use, and nothing that was saved is lost.
        assert!(self.write("afterwards"), "an edit is refused");
        let saved = self.replica.status().saved_here;
        assert!(saved, "the disk takes everything, and something is not saved");
        let again = Tab::on(self.disk.clone(), 99);
        assert_eq!(again.replica.heads(), self.replica.heads(), "what was saved is not what opens");
    }
}

/// The changes of a change chunk, the heads of a document chunk.
fn hashes_in(chunk: &Chunk) -> Vec<ids::ChangeHash> {
    let chunks = guard::read_chunks(chunk.bytes(), &guard::Limits::CLIENT).unwrap_or_default();
    let hashes = |chunk: guard::Chunk| match chunk {
        guard::Chunk::Change(change) => vec![change.header.hash],
        guard::Chunk::Document(document) => document.heads.iter().copied().collect(),
    };
    chunks.into_iter().flat_map(hashes).collect()
}

fn settings(person: u64) -> Settings {
    Settings {
        document: DOCUMENT,
        author: Author {
            member: MemberId(RecordId::from_bits(u128::from(person) + 1)),
            device_label: format!("device {person}"),
        },
        member_name: format!("Member {person}"),
        device: format!("device-{person}").parse().unwrap(),
        storage: format!("browser-{person}").parse().unwrap(),
        relay_heads: None,
        online: true,
    }
}
