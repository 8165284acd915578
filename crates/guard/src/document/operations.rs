//! The operations of a document: by object, in the order in which the object shows them, without deletions.

use super::{Visitor, history::History};
use crate::{
    Rejection,
    budget::Budget,
    columns::{ACTOR, DELTA, GROUP, spec},
    numbers::Numbers,
    operations::{
        ACTION, Action, COUNTER_MAX, EXPAND, INSERT, KEY_ACTOR, KEY_COUNTER, KEY_TEXT, Key, MARK_NAME,
        OBJECT_ACTOR, OBJECT_COUNTER, OpId, Row, Rows, VALUE_TYPES, VALUES,
    },
    runs::{Deltas, Runs},
};
use std::borrow::Cow;

const ID_ACTOR: u32 = spec(2, ACTOR);
const ID_COUNTER: u32 = spec(2, DELTA);
const SUCCESSOR_COUNT: u32 = spec(8, GROUP);
const SUCCESSOR_ACTOR: u32 = spec(8, ACTOR);
const SUCCESSOR_COUNTER: u32 = spec(8, DELTA);

pub(super) const COLUMNS: [u32; 16] = [
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_TEXT,
    ID_ACTOR,
    ID_COUNTER,
    INSERT,
    ACTION,
    VALUE_TYPES,
    VALUES,
    SUCCESSOR_COUNT,
    SUCCESSOR_ACTOR,
    SUCCESSOR_COUNTER,
    EXPAND,
    MARK_NAME,
];

/// What is known of an operation, by its number.
type Known = u8;
const WRITTEN: Known = 1;
const MAKES_MAP: Known = 2;
const MAKES_LIST: Known = 4;
const MAKES_TEXT: Known = 8;
const INSERTED: Known = 16;
const UPDATES: Known = 32;
const REPLACES: Known = 64;
const BEGINS_MARK: Known = 128;

const OBJECT: Known = MAKES_MAP | MAKES_LIST | MAKES_TEXT;

/// Checks every operation; how many there are, with the deletions that only show as successors.
pub(super) fn check(
    columns: &[Option<Cow<'_, [u8]>>; COLUMNS.len()],
    actors: u32,
    history: &History,
    budget: &mut Budget<'_>,
    visitor: &mut impl Visitor,
) -> Result<u64, Rejection> {
    let column = |wanted: u32| {
        COLUMNS
            .iter()
            .zip(columns)
            .find_map(|(spec, bytes)| (*spec == wanted).then_some(bytes.as_deref()))
            .flatten()
    };
    let rows_max = budget.document_operations.left();
    let references_max = budget.document_references.left();
    let mut rows = Rows::new(column, rows_max);
    let mut id_actor = Runs::<u32>::new(column(ID_ACTOR), "id actor", rows_max);
    let mut id_counter = Deltas::new(column(ID_COUNTER), "id counter", rows_max, COUNTER_MAX);
    let mut successor_count = Runs::<u64>::new(column(SUCCESSOR_COUNT), "successor count", rows_max);
    let mut successor_actor = Runs::<u32>::new(column(SUCCESSOR_ACTOR), "successor actor", references_max);
    let mut successor_counter =
        Deltas::new(column(SUCCESSOR_COUNTER), "successor counter", references_max, COUNTER_MAX);

    let numbers = usize::try_from(history.numbers().next()).unwrap_or(0);
    let mut order = Order {
        numbers: history.numbers(),
        known: vec![0; numbers],
        groups: vec![0; numbers],
        group: 0,
        place: None,
    };
    while let Some(row) = rows.next(actors, budget)? {
        budget.document_operations.spend(1)?;
        let id = OpId { actor: id_actor.required()?, counter: id_counter.required()? };
        order.append(id, &row)?;
        visitor.operation(id, &row)?;
        let count = successor_count.required()?;
        budget.document_references.spend(count)?;
        let mut last = id;
        for _ in 0..count {
            let successor =
                OpId { actor: successor_actor.required()?, counter: successor_counter.required()? };
            if successor <= last {
                return Err(Rejection::Operation("successors out of order"));
            }
            last = successor;
            order.replace(successor)?;
        }
    }
    rows.finish()?;
    id_actor.finish()?;
    id_counter.finish()?;
    successor_count.finish()?;
    successor_actor.finish()?;
    successor_counter.finish()?;
    order.count()
}

/// The order of a document, followed row by row.
struct Order<'a, 'h> {
    numbers: &'h Numbers,
    known: Vec<Known>,
    /// The key or element that the operation is about, counted as they come; 0 is none yet.
    groups: Vec<u32>,
    group: u32,
    place: Option<Place<'a>>,
}

/// Where the last row was.
#[derive(Clone, Copy)]
struct Place<'a> {
    object: Option<OpId>,
    object_kind: Known,
    element: Key<'a>,
    id: OpId,
}

impl<'a> Order<'a, '_> {
    fn known(&mut self, id: OpId) -> Result<&mut Known, Rejection> {
        let number = self.numbers.number(id);
        let known = number.and_then(|number| self.known.get_mut(number));
        known.ok_or(Rejection::Document("an operation of no change"))
    }

    fn append(&mut self, id: OpId, row: &Row<'a>) -> Result<(), Rejection> {
        let object_kind = self.enter(row.object)?;
        let within = self.place.filter(|place| place.object == row.object);
        let fault = match (row.key, object_kind) {
            (Key::Text(key), MAKES_MAP) => match within.map(|place| (place.element, place.id)) {
                Some((Key::Text(last), last_id)) => (last, last_id) >= (key, id),
                _ => false,
            },
            (Key::Head, MAKES_LIST | MAKES_TEXT) => false,
            (Key::Element(element), MAKES_LIST | MAKES_TEXT) if row.insert => {
                element >= id || *self.known(element)? & INSERTED == 0
            }
            (Key::Element(_), MAKES_LIST | MAKES_TEXT) => {
                within.is_none_or(|place| place.element != row.key || place.id >= id)
            }
            _ => return Err(Rejection::Operation("an object that is not one, or not of this kind")),
        };
        if fault {
            return Err(Rejection::Document("operations out of order"));
        }
        if row.action == Action::Delete {
            return Err(Rejection::Operation("a deletion that is a row"));
        }
        if row.object.is_some_and(|object| object >= id) {
            return Err(Rejection::Operation("an operation older than its object"));
        }
        self.check_mark(id, row, object_kind)?;
        let known = self.known(id)?;
        if *known & WRITTEN != 0 {
            return Err(Rejection::Document("an operation is there twice"));
        }
        *known |= WRITTEN
            | match (row.key, row.insert) {
                (_, true) => INSERTED,
                (Key::Text(_), false) => 0,
                (Key::Head | Key::Element(_), false) => UPDATES,
            }
            | match row.action {
                Action::MakeMap => MAKES_MAP,
                Action::MakeList => MAKES_LIST,
                Action::MakeText => MAKES_TEXT,
                Action::MarkBegin => BEGINS_MARK,
                Action::Set | Action::Delete | Action::Increment | Action::MarkEnd => 0,
            };
        let element = if row.insert { Key::Element(id) } else { row.key };
        if within.is_none_or(|place| place.element != element) {
            self.group += 1;
        }
        self.belong(id)?;
        self.place = Some(Place { object: row.object, object_kind, element, id });
        Ok(())
    }

    /// Notes an operation that replaces the one of the last row.
    fn replace(&mut self, id: OpId) -> Result<(), Rejection> {
        *self.known(id)? |= REPLACES;
        self.belong(id)
    }

    /// Automerge makes a deletion of what replaces something and has no row; it makes one for each key or element,
    /// and none must have the name of another operation.
    fn belong(&mut self, id: OpId) -> Result<(), Rejection> {
        let number = self.numbers.number(id);
        let group = number.and_then(|number| self.groups.get_mut(number));
        let group = group.ok_or(Rejection::Document("an operation of no change"))?;
        if *group != 0 && *group != self.group {
            return Err(Rejection::Document("an operation in two places"));
        }
        *group = self.group;
        Ok(())
    }

    /// Marks are in texts, and end after they begin, with the operation that follows.
    fn check_mark(&mut self, id: OpId, row: &Row<'a>, object_kind: Known) -> Result<(), Rejection> {
        let fault = match row.action {
            Action::MarkBegin => object_kind != MAKES_TEXT,
            Action::MarkEnd => {
                let begin = OpId { counter: id.counter.saturating_sub(1), ..id };
                let begun = self.known(begin)?;
                let whole = *begun & BEGINS_MARK != 0;
                // One mark has one end.
                *begun &= !BEGINS_MARK;
                object_kind != MAKES_TEXT || !whole
            }
            _ => false,
        };
        if fault { Err(Rejection::Operation("one end of a mark without the other")) } else { Ok(()) }
    }

    /// The kind of the object of the next row. Objects ascend, and each was made by an earlier row.
    fn enter(&mut self, object: Option<OpId>) -> Result<Known, Rejection> {
        match (self.place, object) {
            (Some(place), _) if place.object == object => Ok(place.object_kind),
            (Some(place), _) if place.object > object => Err(Rejection::Document("objects out of order")),
            (_, None) => Ok(MAKES_MAP),
            (_, Some(object)) => Ok(*self.known(object)? & OBJECT),
        }
    }

    /// How many operations there are. A change may begin later than it could have, but then it has no gaps.
    fn count(&self) -> Result<u64, Rejection> {
        if self.known.iter().any(|known| known & BEGINS_MARK != 0) {
            return Err(Rejection::Operation("one end of a mark without the other"));
        }
        if self.known.iter().any(|known| known & (UPDATES | REPLACES) == UPDATES) {
            return Err(Rejection::Operation("a change to nothing"));
        }
        let mut operations = 0;
        for span in self.numbers.changes() {
            let known = self.known.get(span).unwrap_or_default();
            let used = known.iter().skip_while(|known| **known == 0);
            let (mut found, mut missing) = (0, 0);
            used.for_each(|known| if *known == 0 { missing += 1 } else { found += 1 });
            if missing > 0 || (found == 0 && !known.is_empty()) {
                return Err(Rejection::Document("operations are missing"));
            }
            operations += found;
        }
        Ok(operations)
    }
}
