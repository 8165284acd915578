//! The sample, and replicas that people work on apart.

use automerge::Automerge;
use ids::{ActorId, MemberId, RecordId, Timestamp};
use insight::AsOf;
use insight::findings::{self, Finding};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use sample::Sample;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use workspace::history::{Traces, traces};
use workspace::{
    Act, Author, Date, Edit, Field, Initial, Kind, Origin, Record, RecordRef, Scalar, View, acts::Doer,
    apply, delta_since, heads, new_document,
};

/// A Monday.
pub(crate) fn anchor() -> Date {
    "2026-03-02".parse().unwrap()
}

pub(crate) fn sample() -> &'static Sample {
    static SAMPLE: LazyLock<Sample> = LazyLock::new(|| sample::vantry_fluidics(anchor(), 7).unwrap());
    &SAMPLE
}

pub(crate) fn view() -> &'static View {
    static VIEW: LazyLock<View> = LazyLock::new(|| View::read(&sample().doc));
    &VIEW
}

/// The sample on the day it ends.
pub(crate) fn today() -> AsOf<'static> {
    AsOf::new(view(), anchor())
}

/// What a code of the story means.
pub(crate) fn of(code: &str) -> RecordRef {
    *sample().codes.get(code).unwrap_or_else(|| panic!("{code} is not defined"))
}

pub(crate) fn member(code: &str) -> MemberId {
    MemberId(of(code).id)
}

/// The code of a record.
pub(crate) fn code_of(record: RecordRef) -> String {
    let found = sample().codes.iter().find(|(_, known)| **known == record);
    found.map_or_else(|| record.to_string(), |(code, _)| code.clone())
}

/// Codes in the order in which the story lists them.
pub(crate) fn codes(records: impl IntoIterator<Item = RecordRef>) -> String {
    let mut codes: Vec<String> = records.into_iter().map(code_of).collect();
    codes.sort_by_key(|code| {
        let (letter, number) = code.split_at(1);
        (letter != "R", letter.to_owned(), number.parse::<u32>().unwrap_or(0), code.clone())
    });
    codes.join(" ")
}

/// The records on which a rule finds something.
pub(crate) fn found(as_of: &AsOf<'_>, rule: &str) -> String {
    let all = findings::all(as_of).into_iter().filter(|finding| finding.rule == rule);
    codes(all.map(|finding| finding.records[0]).collect::<BTreeSet<_>>())
}

pub(crate) const NOON: Timestamp = Timestamp::from_secs(1_772_452_800);

/// The id of a made-up record.
pub(crate) fn id(number: u128) -> RecordId {
    RecordId::from_bits(number)
}

pub(crate) fn rec(kind: Kind, number: u128) -> RecordRef {
    RecordRef::new(kind, id(number))
}

/// A session of a member.
pub(crate) struct Replica {
    pub(crate) doc: Automerge,
    pub(crate) view: View,
    pub(crate) author: Author,
    pub(crate) now: Timestamp,
    rng: ChaCha8Rng,
}

impl Replica {
    /// A session on a document of its own.
    pub(crate) fn new(number: u8) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(number));
        let doc = new_document(&ActorId::random(&mut rng)).unwrap();
        let view = View::read(&doc);
        Self { doc, view, author: author(id(u128::from(number))), now: NOON, rng }
    }

    /// A session of a member of the sample.
    pub(crate) fn on_sample(code: &str) -> Self {
        let mut replica = Self::new(99);
        replica.doc = sample().doc.fork();
        replica.doc.set_actor(automerge::ActorId::random());
        replica.author = author(of(code).id);
        replica.now = anchor().start();
        replica.view = View::read(&replica.doc);
        replica
    }

    /// A session of another member that has seen everything this one has.
    pub(crate) fn colleague(&self, number: u8) -> Self {
        let mut other = Self::new(number);
        other.merge(self);
        other
    }

    pub(crate) fn doer(&self) -> Doer {
        Doer { member: self.author.member, now: self.now, today: Date::of(self.now) }
    }

    /// From now on somebody else works here.
    pub(crate) fn act_as(&mut self, member: u128) {
        self.author = author(id(member));
    }

    pub(crate) fn act(&mut self, act: &Act) {
        let before = heads(&self.doc);
        apply(&mut self.doc, &self.author, self.now, &mut self.rng, act)
            .unwrap_or_else(|error| panic!("{error}"));
        self.bring_up_to_date(&before);
    }

    pub(crate) fn edit(&mut self, edits: Vec<Edit>) {
        self.act(&Act::new("test.act", edits));
    }

    pub(crate) fn create(&mut self, record: RecordRef, fields: Vec<(Field, Initial)>) {
        self.edit(vec![Edit::Create { record, fields }]);
    }

    pub(crate) fn set(&mut self, record: RecordRef, field: Field, value: impl Into<Scalar>) {
        self.edit(vec![Edit::Set { record, field, value: Some(value.into()) }]);
    }

    pub(crate) fn go(&mut self, record: RecordRef, to: &str, note: &str) {
        self.edit(vec![Edit::Move { record, to: to.into(), note: note.into() }]);
    }

    /// Everything `other` has.
    pub(crate) fn merge(&mut self, other: &Self) {
        let before = heads(&self.doc);
        let changes = other.doc.get_changes(&self.doc.get_heads());
        self.doc.apply_changes(changes).unwrap();
        self.bring_up_to_date(&before);
    }

    /// The document as somebody else would write it, past all our rules.
    pub(crate) fn raw(&mut self, write: impl FnOnce(&mut automerge::transaction::Transaction<'_>)) {
        let before = heads(&self.doc);
        let mut tx = self.doc.transaction();
        write(&mut tx);
        tx.commit();
        self.bring_up_to_date(&before);
    }

    fn bring_up_to_date(&mut self, before: &ids::Heads) {
        let delta = delta_since(&self.doc, before, Origin::Remote);
        self.view.update(&self.doc, &delta);
        assert!(self.view == View::read(&self.doc), "a view that is updated equals one read afresh");
    }

    pub(crate) fn record(&self, record: RecordRef) -> &Arc<Record> {
        self.view.record(record).unwrap_or_else(|| panic!("{record} is not there"))
    }

    pub(crate) fn today(&self) -> Date {
        Date::of(self.now)
    }

    pub(crate) fn as_of(&self) -> AsOf<'_> {
        AsOf::new(&self.view, self.today())
    }

    pub(crate) fn traces(&self) -> Traces {
        traces(&self.doc, &self.view, NOON)
    }

    /// Everything that is odd, the history included.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let traces = self.traces();
        findings::all(&self.as_of().with_traces(&traces))
    }
}

fn author(member: RecordId) -> Author {
    Author { member: MemberId(member), device_label: "laptop".to_owned() }
}
