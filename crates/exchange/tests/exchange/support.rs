//! One sample for all tests, and short ways to ask it.

use client::{Cx, Event, Replica, Settings};
use exchange::{Mapping, Table, TableLimits, read_table};
use ids::{ActorId, DocumentId, MemberId, Timestamp};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use sample::Sample;
use std::sync::LazyLock;
use store::{Chunk, ChunkKind, Loaded};
use workspace::{Act, Author, Date, Kind, RecordRef, View};

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_772_409_600);

pub(crate) fn anchor() -> Date {
    "2026-03-02".parse().unwrap()
}

pub(crate) fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

pub(crate) fn sample() -> &'static Sample {
    static SAMPLE: LazyLock<Sample> = LazyLock::new(|| sample::vantry_fluidics(anchor(), 7).unwrap());
    &SAMPLE
}

pub(crate) fn view() -> &'static View {
    static VIEW: LazyLock<View> = LazyLock::new(|| View::read(&sample().doc));
    &VIEW
}

/// What a code of the story means.
pub(crate) fn of(code: &str) -> RecordRef {
    sample().codes[code]
}

pub(crate) fn table(bytes: &[u8]) -> Table {
    read_table(bytes, None, &TableLimits::default()).unwrap()
}

pub(crate) fn proposed(kind: Kind, bytes: &[u8]) -> (Table, Mapping) {
    let table = table(bytes);
    let mapping = Mapping::propose(kind, &table);
    (table, mapping)
}

/// Does an act on a copy of a document, as somebody.
pub(crate) fn after(doc: &automerge::Automerge, act: &Act, seed: u64) -> View {
    let mut rng = rng(seed);
    let mut doc = doc.clone();
    doc.set_actor(automerge::ActorId::from(ActorId::random(&mut rng).as_bytes()));
    workspace::apply(&mut doc, &author(), NOW, &mut rng, act).unwrap();
    View::read(&doc)
}

pub(crate) fn author() -> Author {
    Author { member: MemberId(of("m-ceo").id), device_label: "a laptop".to_owned() }
}

/// The replica of a browser tab on the sample, which has undo.
pub(crate) struct Tab {
    replica: Replica,
    rng: ChaCha8Rng,
}

impl Tab {
    pub(crate) fn open() -> Self {
        let mut rng = rng(11);
        let document = DocumentId::random(&mut rng);
        let settings = Settings {
            document,
            author: author(),
            member_name: "Ines".to_owned(),
            device: "01KK0000000000000000000000".parse().unwrap(),
            storage: "test-store".parse().unwrap(),
            relay_heads: None,
            online: false,
        };
        let mut effects = Vec::new();
        let mut cx = Cx { now: NOW, rng: &mut rng, effects: &mut effects };
        let mut replica = Replica::new(settings, &mut cx).unwrap();
        let chunk = Chunk::new(document, ChunkKind::Snapshot, sample().doc.save());
        let loaded = Loaded { chunks: vec![chunk], corrupt: Vec::new() };
        replica.handle(&mut cx, Event::Loaded(Ok(loaded)));
        assert!(replica.is_open());
        Self { replica, rng }
    }

    pub(crate) fn edit(&mut self, act: &Act) {
        let mut effects = Vec::new();
        let mut cx = Cx { now: NOW, rng: &mut self.rng, effects: &mut effects };
        self.replica.edit(&mut cx, act).unwrap();
    }

    /// What was left as it is.
    pub(crate) fn undo(&mut self) -> usize {
        let mut effects = Vec::new();
        let mut cx = Cx { now: NOW, rng: &mut self.rng, effects: &mut effects };
        self.replica.undo(&mut cx).unwrap().unwrap().left.len()
    }

    pub(crate) fn view(&self) -> &View {
        self.replica.view()
    }
}

/// Every live record of a view as JSON, and the links between live records: what a person sees.
pub(crate) fn seen(view: &View) -> Vec<String> {
    let live = |record: &RecordRef| view.record(*record).is_some_and(|record| !record.is_deleted());
    let mut seen = Vec::new();
    for kind in Kind::ALL {
        for record in view.live(*kind) {
            let mut json = exchange::json::of_record(record);
            // An undo of a restoring edit leaves nothing; a singleton has no such key.
            if let Some(members) = json.as_object_mut() {
                members.remove("deleted");
            }
            seen.push(format!("{}: {json}", record.reference()));
        }
    }
    for edge in view.edges().iter().filter(|edge| live(&edge.from) && live(&edge.to)) {
        seen.push(edge.to_string());
    }
    seen
}
