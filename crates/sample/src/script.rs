//! Scenes: who did what on which day.

use crate::{
    data::{Data, DataError},
    names::Names,
};
use ids::RecordId;
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;
use serde_json::Value as Json;
use workspace::{Act, Date, Edge, Edit, Field, Initial, Kind, RecordRef, Relation, Scalar};

/// Who speaks in a scene.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Voice {
    /// A member, by code.
    Member(String),
    /// The monthly transfer of figures and what was carried over from before the workspace. No member: it counts as
    /// nobody's work.
    Import,
}

/// One change to come.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    /// Days from the anchor, negative.
    pub(crate) day: i32,
    pub(crate) voice: Voice,
    pub(crate) act: Act,
    /// Written on a device that was offline: it joins the others' work on this day.
    pub(crate) lands: Option<i32>,
    /// Written by the product's sample only: signatures and comments are not counted as work on the content.
    pub(crate) counts: bool,
}

/// Everything that happens, in the order in which it was told.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) anchor: Date,
    pub(crate) names: Names,
    pub(crate) scenes: Vec<Scene>,
    rng: ChaCha8Rng,
}

impl Script {
    pub(crate) fn new(anchor: Date, data: &Data, rng: &mut ChaCha8Rng) -> Result<Self, DataError> {
        let mut script = Self { anchor, names: Names::default(), scenes: Vec::new(), rng: rng.clone() };
        // Members come first, because everybody is named before they act.
        for member in &data.members {
            script.define(&member.0, Kind::Member, -720);
        }
        // The script draws from its own copy; the caller's generator moves on.
        rng.next_u64();
        Ok(script)
    }

    /// The date of a day.
    pub(crate) fn date(&self, day: i32) -> Date {
        self.anchor.plus_days(day)
    }

    /// Gives a code a record that is born on `day`.
    pub(crate) fn define(&mut self, code: &str, kind: Kind, day: i32) -> RecordRef {
        let record = RecordRef::new(kind, RecordId::new(self.date(day).start(), &mut self.rng));
        self.names.add(code, record);
        record
    }

    /// A record without a code.
    pub(crate) fn fresh(&mut self, kind: Kind, day: i32) -> RecordRef {
        RecordRef::new(kind, RecordId::new(self.date(day).start(), &mut self.rng))
    }

    /// An id for an entry of a log.
    pub(crate) fn entry(&mut self, day: i32) -> RecordId {
        RecordId::new(self.date(day).start(), &mut self.rng)
    }

    pub(crate) fn id(&self, code: &str) -> Result<Scalar, DataError> {
        Ok(self.names.of(code)?.id.into())
    }

    pub(crate) fn id_text(&self, code: &str) -> Result<String, DataError> {
        Ok(self.names.of(code)?.id.to_string())
    }

    /// Somebody does something.
    pub(crate) fn scene(&mut self, day: i32, who: &str, act: &str, edits: Vec<Edit>) {
        self.push(day, Voice::Member(who.to_owned()), act, edits, true);
    }

    /// Something is carried over, or comes from another system.
    pub(crate) fn import(&mut self, day: i32, act: &str, edits: Vec<Edit>) {
        self.push(day, Voice::Import, act, edits, false);
    }

    /// Somebody does something that is no work on the content.
    pub(crate) fn aside(&mut self, day: i32, who: &str, act: &str, edits: Vec<Edit>) {
        self.push(day, Voice::Member(who.to_owned()), act, edits, false);
    }

    /// Somebody does something offline on `day`; the others see it on `lands`.
    pub(crate) fn offline(&mut self, day: i32, lands: i32, who: &str, act: &str, edits: Vec<Edit>) {
        self.push(day, Voice::Member(who.to_owned()), act, edits, true);
        if let Some(scene) = self.scenes.last_mut() {
            scene.lands = Some(lands);
        }
    }

    fn push(&mut self, day: i32, voice: Voice, act: &str, edits: Vec<Edit>, counts: bool) {
        // The story ends on the day before the anchor.
        self.scenes.push(Scene { day: day.min(-1), voice, act: Act::new(act, edits), lands: None, counts });
    }
}

/// `Edit::Create` in fewer words.
pub(crate) fn create(record: RecordRef, fields: Vec<(Field, Initial)>) -> Edit {
    Edit::Create { record, fields }
}

pub(crate) fn set(record: RecordRef, field: Field, value: impl Into<Scalar>) -> Edit {
    Edit::Set { record, field, value: Some(value.into()) }
}

pub(crate) fn step(record: RecordRef, to: &str, note: &str) -> Edit {
    Edit::Move { record, to: to.to_owned(), note: note.to_owned() }
}

pub(crate) fn link(relation: Relation, from: RecordRef, to: RecordRef) -> Edit {
    Edit::Link(Edge::new(relation, from, to))
}

pub(crate) fn atom(value: Json) -> Initial {
    Initial::Scalar(Scalar::Atom(value))
}

pub(crate) fn words(text: &str) -> Initial {
    Initial::Scalar(Scalar::Text(text.to_owned()))
}

/// A number as the document keeps it: without noise of binary fractions, without trailing zeros.
pub(crate) fn decimal(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
