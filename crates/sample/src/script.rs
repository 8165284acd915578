//! Scenes: who did what on which day.

use crate::{
    budget::Phase,
    data::{Data, DataError},
    names::Names,
};
use ids::{RecordId, Utf16Offset};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
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

/// When in its day a scene happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hour {
    /// In working hours, in the order told.
    Told,
    /// In working hours, whenever: it stands by itself.
    Any,
    /// At this minute of the day. Scenes told for the day come after a morning's meeting.
    Minute(u32),
}

/// One change to come.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    /// Days from the anchor, negative.
    pub(crate) day: i32,
    pub(crate) hour: Hour,
    pub(crate) voice: Voice,
    pub(crate) act: Act,
    /// Written on a device that was offline: it joins the others' work on this day.
    pub(crate) lands: Option<i32>,
    /// The heads after this scene are remembered under this name.
    pub(crate) mark: Option<String>,
    /// Whether it is work on the content; a signature or an acknowledgement is not.
    pub(crate) counts: bool,
}

/// A record that people write short working notes into while it is alive.
#[derive(Debug, Clone)]
pub(crate) struct Notebook {
    pub(crate) record: RecordRef,
    pub(crate) bank: Bank,
    pub(crate) owner: String,
    /// Born on this day; notes come later.
    pub(crate) born: i32,
    /// The last day.
    pub(crate) until: i32,
}

/// Which kind of sentences fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bank {
    Action,
    Risk,
    Opportunity,
    Objective,
    Kpi,
}

/// Everything that happens, in the order in which it was told.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) anchor: Date,
    pub(crate) names: Names,
    pub(crate) scenes: Vec<Scene>,
    pub(crate) notebooks: Vec<Notebook>,
    last_position: Option<String>,
    rng: ChaCha8Rng,
}

impl Script {
    pub(crate) fn new(anchor: Date, data: &Data, rng: &mut ChaCha8Rng) -> Self {
        // The script draws from a generator of its own; the caller's moves on.
        let own = ChaCha8Rng::seed_from_u64(rng.next_u64());
        let mut script = Self {
            anchor,
            names: Names::default(),
            scenes: Vec::new(),
            notebooks: Vec::new(),
            last_position: None,
            rng: own,
        };
        // Members come first, because everybody is named before they act.
        for member in &data.members {
            script.define(&member.0, Kind::Member, -720);
        }
        script
    }

    /// The date of a day.
    pub(crate) fn date(&self, day: i32) -> Date {
        self.anchor.plus_days(day)
    }

    /// Gives a code a record that is born on `day`.
    pub(crate) fn define(&mut self, code: &str, kind: Kind, day: i32) -> RecordRef {
        let record = self.fresh(kind, day);
        self.names.add(code, record);
        record
    }

    /// A record without a code.
    pub(crate) fn fresh(&mut self, kind: Kind, day: i32) -> RecordRef {
        RecordRef::new(kind, self.entry(day))
    }

    /// An id for an entry of a log.
    pub(crate) fn entry(&mut self, day: i32) -> RecordId {
        RecordId::new(self.date(day).start(), &mut self.rng)
    }

    /// The next position of a list; lists are told from their first row to their last.
    pub(crate) fn position(&mut self) -> Initial {
        let next = workspace::order::between(self.last_position.as_deref(), None, &mut self.rng);
        self.last_position = Some(next.clone());
        next.into()
    }

    pub(crate) fn id(&self, code: &str) -> Result<Scalar, DataError> {
        Ok(self.names.of(code)?.id.into())
    }

    pub(crate) fn id_text(&self, code: &str) -> Result<String, DataError> {
        Ok(self.names.of(code)?.id.to_string())
    }

    /// Somebody does something, on a working day near `day`.
    pub(crate) fn scene(&mut self, day: i32, who: &str, act: &str, edits: Vec<Edit>) {
        let day = self.workday(day);
        self.push(day, Hour::Told, Voice::Member(who.to_owned()), act, edits);
    }

    /// Somebody does something on exactly this day, at this minute of it.
    pub(crate) fn at(&mut self, day: i32, minute: u32, who: &str, act: &str, edits: Vec<Edit>) {
        self.push(day, Hour::Minute(minute), Voice::Member(who.to_owned()), act, edits);
    }

    /// Something is carried over, or comes from another system.
    pub(crate) fn import(&mut self, day: i32, act: &str, edits: Vec<Edit>) {
        self.push(day, Hour::Told, Voice::Import, act, edits);
    }

    /// Somebody signs or acknowledges: no work on the content.
    pub(crate) fn sign(&mut self, day: i32, minute: u32, who: &str, act: &str, edits: Vec<Edit>) {
        self.at(day, minute, who, act, edits);
        self.last(|scene| scene.counts = false);
    }

    /// Somebody does something offline; the others see it on the day `lands`.
    pub(crate) fn offline(
        &mut self,
        day: i32,
        minute: u32,
        lands: i32,
        who: &str,
        act: &str,
        edits: Vec<Edit>,
    ) {
        self.at(day, minute, who, act, edits);
        self.last(|scene| scene.lands = Some(lands));
    }

    /// Somebody leads a record through several states on one day, one change each.
    pub(crate) fn steps(&mut self, day: i32, who: &str, act: &str, record: RecordRef, states: &[&str]) {
        for state in states {
            self.scene(day, who, act, vec![step(record, state, "")]);
        }
    }

    /// The heads after the last scene told are remembered under this name.
    pub(crate) fn mark(&mut self, name: &str) {
        self.last(|scene| scene.mark = Some(name.to_owned()));
    }

    /// People write notes into this record from the day after `born` to `until`.
    pub(crate) fn notebook(&mut self, record: RecordRef, bank: Bank, owner: &str, born: i32, until: i32) {
        // A birth on a weekend moves by up to two days.
        let born = born + 2;
        self.notebooks.push(Notebook { record, bank, owner: owner.to_owned(), born, until });
    }

    /// The working day nearest to `day` in the same phase of the story. Two days never change their order.
    pub(crate) fn workday(&self, day: i32) -> i32 {
        let (near, far) = match self.date(day).weekday() {
            SATURDAY => (day - 1, day + 2),
            SUNDAY => (day + 1, day - 2),
            _ => return day,
        };
        if Phase::of(near) == Phase::of(day) { near } else { far }
    }

    fn last(&mut self, change: impl FnOnce(&mut Scene)) {
        if let Some(scene) = self.scenes.last_mut() {
            change(scene);
        }
    }

    fn push(&mut self, day: i32, hour: Hour, voice: Voice, act: &str, edits: Vec<Edit>) {
        let act = Act::new(act, edits);
        self.scenes.push(Scene { day, hour, voice, act, lands: None, mark: None, counts: true });
    }
}

const SATURDAY: u32 = 5;
const SUNDAY: u32 = 6;

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

/// Words at the end of a text, on a line of their own when there are words before. Where the end is, is known when the
/// scene is played.
pub(crate) fn write(record: RecordRef, field: Field, text: &str) -> Edit {
    Edit::Splice { record, field, at: END, delete: 0, insert: text.to_owned() }
}

/// Stands for the end of a text, wherever that is when the scene is played.
pub(crate) const END: Utf16Offset = Utf16Offset(usize::MAX);

/// In a value: stands for the heads of the document when the scene is played.
pub(crate) const HEADS: &str = "@heads";

/// In a value: stands for the time, in milliseconds, when the scene is played.
pub(crate) const NOW: &str = "@now";

/// In a value: stands for the heads that were remembered under a name.
pub(crate) fn heads_of(mark: &str) -> String {
    format!("{HEADS} {mark}")
}

pub(crate) fn include(record: RecordRef, field: Field, member: impl ToString) -> Edit {
    Edit::Include { record, field, member: member.to_string() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_keep_their_order_and_their_phase() {
        let data = crate::data::read().unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for weekday in 0..7 {
            let anchor = Date::new(2026, 3, 2).unwrap().plus_days(weekday);
            let script = Script::new(anchor, &data, &mut rng);
            let mut earlier = i32::MIN;
            for day in -720..0 {
                let moved = script.workday(day);
                assert!(script.date(moved).weekday() < 5 && (day - moved).abs() <= 2);
                assert_eq!(Phase::of(moved), Phase::of(day));
                assert!(earlier <= moved, "{day}");
                earlier = moved;
            }
        }
    }

    #[test]
    fn numbers_have_no_noise() {
        for (number, text) in [(95.0, "95"), (8.08, "8.08"), (0.64, "0.64"), (215.5, "215.5"), (0.0, "0")] {
            assert_eq!(decimal(number), text);
        }
    }
}
