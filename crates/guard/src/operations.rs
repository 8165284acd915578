//! The rows that a change and a document have in common: one operation each, in columns.
//!
//! Every row is checked for what holds of any operation Automerge writes, whatever the document is.

use crate::{
    Rejection,
    budget::Budget,
    columns::{ACTOR, BOOLEAN, DELTA, INTEGER, TEXT, VALUE, VALUE_TYPE, spec},
    runs::{Booleans, Deltas, Runs},
    values::{Value, Values},
};

/// Counters of operations end here. Automerge counts to `u32::MAX` and panics there; half of that leaves every
/// honest peer room to go on, and is more than a document that fits into any memory can have.
pub(crate) const COUNTER_MAX: u32 = i32::MAX as u32;

pub(crate) const OBJECT_ACTOR: u32 = spec(0, ACTOR);
pub(crate) const OBJECT_COUNTER: u32 = spec(0, INTEGER);
pub(crate) const KEY_ACTOR: u32 = spec(1, ACTOR);
pub(crate) const KEY_COUNTER: u32 = spec(1, DELTA);
pub(crate) const KEY_TEXT: u32 = spec(1, TEXT);
pub(crate) const INSERT: u32 = spec(3, BOOLEAN);
pub(crate) const ACTION: u32 = spec(4, INTEGER);
pub(crate) const VALUE_TYPES: u32 = spec(5, VALUE_TYPE);
pub(crate) const VALUES: u32 = spec(5, VALUE);
pub(crate) const EXPAND: u32 = spec(9, BOOLEAN);
pub(crate) const MARK_NAME: u32 = spec(10, TEXT);

/// The name of an operation: which of an actor's, by counter. Ordered as Automerge orders concurrent operations
/// if `actor` is a rank among the actors, which in a document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpId {
    pub(crate) counter: u32,
    pub(crate) actor: u32,
}

/// Where in an object an operation acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// A key of a map.
    Text(&'a str),
    /// The beginning of a list or text: only a place to insert after.
    Head,
    /// An element of a list or text, or the place after it.
    Element(OpId),
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    MakeMap,
    MakeList,
    MakeText,
    Set,
    Delete,
    Increment,
    MarkBegin,
    MarkEnd,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// `None` is the root map.
    pub(crate) object: Option<OpId>,
    pub(crate) key: Key<'a>,
    pub(crate) insert: bool,
    pub(crate) action: Action,
    pub(crate) value: Value<'a>,
}

/// The columns that changes and documents share, read side by side.
pub(crate) struct Rows<'a> {
    object_actor: Runs<'a, u32>,
    object_counter: Runs<'a, u32>,
    key_actor: Runs<'a, u32>,
    key_counter: Deltas<'a>,
    key_text: Runs<'a, &'a str>,
    insert: Booleans<'a>,
    action: Runs<'a, u32>,
    values: Values<'a>,
    expand: Booleans<'a>,
    mark_name: Runs<'a, &'a str>,
}

impl<'a> Rows<'a> {
    /// From the columns that `column` finds by specification, for at most `rows_max` rows.
    pub(crate) fn new(column: impl Fn(u32) -> Option<&'a [u8]>, rows_max: u64) -> Self {
        Self {
            object_actor: Runs::new(column(OBJECT_ACTOR), "object actor", rows_max),
            object_counter: Runs::new(column(OBJECT_COUNTER), "object counter", rows_max),
            key_actor: Runs::new(column(KEY_ACTOR), "key actor", rows_max),
            key_counter: Deltas::new(column(KEY_COUNTER), "key counter", rows_max, COUNTER_MAX),
            key_text: Runs::new(column(KEY_TEXT), "key text", rows_max),
            insert: Booleans::new(column(INSERT), "insert", rows_max),
            action: Runs::new(column(ACTION), "action", rows_max),
            values: Values::new(column(VALUE_TYPES), column(VALUES), "value type", rows_max),
            expand: Booleans::new(column(EXPAND), "expand", rows_max),
            mark_name: Runs::new(column(MARK_NAME), "mark name", rows_max),
        }
    }

    /// The next operation; actors are below `actors`.
    pub(crate) fn next(
        &mut self,
        actors: u32,
        budget: &mut Budget<'_>,
    ) -> Result<Option<Row<'a>>, Rejection> {
        let Some(action) = self.action.leading()? else { return Ok(None) };
        let action = match action {
            0 | 6 => Action::MakeMap,
            1 => Action::Set,
            2 => Action::MakeList,
            3 => Action::Delete,
            4 => Action::MakeText,
            5 => Action::Increment,
            // A mark with a name begins here, one without ends.
            7 => Action::MarkEnd,
            _ => return Err(Rejection::Operation("an unknown action")),
        };
        let object = match (self.object_actor.nullable()?, self.object_counter.nullable()?) {
            (None, None) => None,
            (Some(actor), Some(counter)) if counter > 0 => Some(OpId { counter, actor }),
            _ => return Err(Rejection::Operation("half an object")),
        };
        let key = match (self.key_text.nullable()?, self.key_actor.nullable()?, self.key_counter.nullable()?)
        {
            (Some(text), None, None) => Key::Text(text),
            (None, None, Some(0)) => Key::Head,
            (None, Some(actor), Some(counter)) if counter > 0 => Key::Element(OpId { counter, actor }),
            _ => return Err(Rejection::Operation("no key, half a key or two keys")),
        };
        let insert = self.insert.required()?;
        let value = self.values.required()?;
        let expand = self.expand.required()?;
        let mark_name = self.mark_name.nullable()?;
        for id in [object, key.element()].into_iter().flatten() {
            if id.actor >= actors {
                return Err(Rejection::Actor("an index of no actor"));
            }
        }
        if let Key::Text(text) = key {
            budget.spend_text(text, "a key")?;
        }
        if let Some(name) = mark_name {
            budget.spend_text(name, "a mark name")?;
        }
        let action = match (action, mark_name) {
            (Action::MarkEnd, Some(_)) => Action::MarkBegin,
            (Action::MarkEnd, None) => Action::MarkEnd,
            _ if expand || mark_name.is_some() => {
                return Err(Rejection::Operation("a mark without its action"));
            }
            _ => action,
        };
        let row = Row { object, key, insert, action, value };
        row.check()?;
        Ok(Some(row))
    }

    /// No more rows: every column must end here.
    pub(crate) fn finish(&self) -> Result<(), Rejection> {
        self.object_actor.finish()?;
        self.object_counter.finish()?;
        self.key_actor.finish()?;
        self.key_counter.finish()?;
        self.key_text.finish()?;
        self.insert.finish()?;
        self.values.finish()?;
        self.expand.finish_optional()?;
        self.mark_name.finish()
    }
}

impl<'a> Key<'a> {
    pub(crate) const fn element(self) -> Option<OpId> {
        match self {
            Self::Element(id) => Some(id),
            Self::Text(_) | Self::Head => None,
        }
    }
}

impl Row<'_> {
    fn check(&self) -> Result<(), Rejection> {
        let fault = match (self.key, self.insert) {
            (Key::Text(_), true) => Some("an insertion into a map"),
            (Key::Head, false) => Some("a change to the beginning of a list"),
            (Key::Head | Key::Element(_), _) if self.object.is_none() => Some("an element of the root map"),
            (Key::Element(element), _)
                if self.object.is_some_and(|object| object.counter >= element.counter) =>
            {
                Some("an element older than its list")
            }
            _ => None,
        };
        let fault = fault.or(match (self.action, self.value) {
            (Action::Set, _) => None,
            (Action::MarkBegin, _) | (Action::MarkEnd, Value::Null) => {
                (!self.insert).then_some("a mark that is not inserted")
            }
            (Action::Increment, Value::Integer) => self.insert.then_some("an increment that is inserted"),
            (Action::Increment, _) => Some("an increment by something else than a number"),
            (Action::Delete, Value::Null) => self.insert.then_some("a deletion that is inserted"),
            (Action::MakeMap | Action::MakeList | Action::MakeText, Value::Null) => None,
            (_, _) => Some("a value nobody reads"),
        });
        fault.map_or(Ok(()), |why| Err(Rejection::Operation(why)))
    }
}
