//! The operations of a change: what they refer to must be older than they are, and right if it is in the change.

use crate::{
    Rejection,
    budget::{Allowance, Budget},
    columns::{ACTOR, DELTA, GROUP, spec},
    operations::{
        ACTION, Action, COUNTER_MAX, EXPAND, INSERT, KEY_ACTOR, KEY_COUNTER, KEY_TEXT, Key, MARK_NAME,
        OBJECT_ACTOR, OBJECT_COUNTER, OpId, Row, Rows, VALUE_TYPES, VALUES,
    },
    runs::{Deltas, Runs},
};

const PREDECESSOR_COUNT: u32 = spec(7, GROUP);
const PREDECESSOR_ACTOR: u32 = spec(7, ACTOR);
const PREDECESSOR_COUNTER: u32 = spec(7, DELTA);

pub(super) const COLUMNS: [u32; 14] = [
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_TEXT,
    INSERT,
    ACTION,
    VALUE_TYPES,
    VALUES,
    PREDECESSOR_COUNT,
    PREDECESSOR_ACTOR,
    PREDECESSOR_COUNTER,
    EXPAND,
    MARK_NAME,
];

/// One operation of a change and the operations it replaces; actors are indexes of the change, the author first.
pub(crate) struct Operation<'r, 'a> {
    pub(crate) row: Row<'a>,
    pub(crate) predecessors: &'r [OpId],
}

/// The operations of a change, in the order of their counters.
pub(super) struct Operations<'a> {
    rows: Rows<'a>,
    predecessor_count: Runs<'a, u64>,
    predecessor_actor: Runs<'a, u32>,
    predecessor_counter: Deltas<'a>,
    start_op: u32,
    /// Where the author would be among the other actors.
    author_rank: u32,
    /// Whether an operation refers to the actor: Automerge writes no others, and the hash would change.
    referred: Vec<bool>,
    written: Vec<Written<'a>>,
    predecessors: Vec<OpId>,
}

/// What later operations of the same change may refer to.
struct Written<'a> {
    object: Option<OpId>,
    key: Key<'a>,
    /// Where it is: for an insertion, the element that it inserts.
    element: Key<'a>,
    insert: bool,
    action: Action,
}

const MARK_BY_HALVES: &str = "one end of a mark without the other, or before it";

/// Rows that get room at once; more are honest but rare.
const USUAL_ROWS: usize = 16;

impl<'a> Operations<'a> {
    pub(super) fn new(
        columns: &[Option<&'a [u8]>; COLUMNS.len()],
        start_op: u32,
        author: &[u8],
        others: &[&[u8]],
        budget: &Budget<'_>,
    ) -> Self {
        let column = |wanted: u32| {
            COLUMNS
                .iter()
                .zip(columns)
                .find_map(|(spec, bytes)| (*spec == wanted).then_some(*bytes))
                .flatten()
        };
        let rows_max = budget.change_operations.left();
        let references_max = budget.change_references.left();
        let mut referred = vec![false; others.len() + 1];
        referred.iter_mut().take(1).for_each(|author| *author = true);
        Self {
            rows: Rows::new(column, rows_max),
            predecessor_count: Runs::new(column(PREDECESSOR_COUNT), "predecessor count", rows_max),
            predecessor_actor: Runs::new(column(PREDECESSOR_ACTOR), "predecessor actor", references_max),
            predecessor_counter: Deltas::new(
                column(PREDECESSOR_COUNTER),
                "predecessor counter",
                references_max,
                COUNTER_MAX,
            ),
            start_op,
            author_rank: others.partition_point(|other| *other < author) as u32,
            referred,
            written: Vec::with_capacity(USUAL_ROWS),
            predecessors: Vec::new(),
        }
    }

    /// Checks every operation; how many there are.
    pub(super) fn check(
        &mut self,
        budget: &mut Budget<'_>,
        mut visit: impl FnMut(Operation<'_, 'a>) -> Result<(), Rejection>,
    ) -> Result<u64, Rejection> {
        let actors = self.referred.len() as u32;
        let mut counter = self.start_op;
        while let Some(row) = self.rows.next(actors, budget)? {
            budget.change_operations.spend(1)?;
            if counter > COUNTER_MAX {
                return Err(Rejection::StartOp(self.start_op.into()));
            }
            self.check_references(&row, counter)?;
            self.check_predecessors(&row, counter, &mut budget.change_references)?;
            self.check_mark(&row)?;
            visit(Operation { row, predecessors: &self.predecessors })?;
            let element = if row.insert { Key::Element(OpId { counter, actor: 0 }) } else { row.key };
            let Row { object, key, insert, action, .. } = row;
            self.written.push(Written { object, key, element, insert, action });
            counter += 1;
        }
        if self.written.last().is_some_and(|last| last.action == Action::MarkBegin) {
            return Err(Rejection::Operation(MARK_BY_HALVES));
        }
        self.rows.finish()?;
        self.predecessor_count.finish()?;
        self.predecessor_actor.finish()?;
        self.predecessor_counter.finish()?;
        if !self.referred.iter().all(|referred| *referred) {
            return Err(Rejection::Actor("an actor no operation refers to"));
        }
        Ok((counter - self.start_op).into())
    }

    /// The object and element of an operation are older than it, and right for it if they are of this change.
    fn check_references(&mut self, row: &Row<'_>, counter: u32) -> Result<(), Rejection> {
        if let Some(object) = row.object {
            self.refer(object, counter)?;
            if let Some(maker) = self.written(object) {
                let fits = match (row.key, row.action) {
                    (Key::Text(_), _) => maker.action == Action::MakeMap,
                    (_, Action::MarkBegin | Action::MarkEnd) => maker.action == Action::MakeText,
                    (Key::Head | Key::Element(_), _) => {
                        matches!(maker.action, Action::MakeList | Action::MakeText)
                    }
                };
                if !fits {
                    return Err(Rejection::Operation("an object that is not one, or not of this kind"));
                }
            }
        }
        if let Key::Element(element) = row.key {
            self.refer(element, counter)?;
            if self
                .written(element)
                .is_some_and(|insertion| !insertion.insert || insertion.object != row.object)
            {
                return Err(Rejection::Operation("an element that was not inserted into this list"));
            }
        }
        Ok(())
    }

    /// The operations that this one replaces are older, ascending, and in the same place.
    fn check_predecessors(
        &mut self,
        row: &Row<'_>,
        counter: u32,
        references: &mut Allowance,
    ) -> Result<(), Rejection> {
        let count = self.predecessor_count.required()?;
        references.spend(count)?;
        let mut last = None;
        self.predecessors.clear();
        for _ in 0..count {
            let actor = self.predecessor_actor.required()?;
            let predecessor = OpId { counter: self.predecessor_counter.required()?, actor };
            if actor as usize >= self.referred.len() {
                return Err(Rejection::Actor("an index of no actor"));
            }
            self.refer(predecessor, counter)?;
            let place = OpId { counter: predecessor.counter, actor: self.rank(actor) };
            if last.is_some_and(|last| last >= place) {
                return Err(Rejection::Operation("predecessors out of order"));
            }
            last = Some(place);
            self.predecessors.push(predecessor);
            let elsewhere = match self.written(predecessor) {
                Some(replaced) => replaced.object != row.object || replaced.element != row.key,
                None => row.is_older_than_its_place(predecessor),
            };
            if elsewhere {
                return Err(Rejection::Operation("a predecessor in another place"));
            }
        }
        let may_be_new = row.insert
            || (matches!(row.key, Key::Text(_)) && !matches!(row.action, Action::Delete | Action::Increment));
        match count {
            0 if !may_be_new => Err(Rejection::Operation("a change to nothing")),
            1.. if row.insert => Err(Rejection::Operation("an insertion that replaces something")),
            _ => Ok(()),
        }
    }

    /// Automerge writes the two ends of a mark one after the other, and loads no document in which one is alone.
    fn check_mark(&self, row: &Row<'_>) -> Result<(), Rejection> {
        let begun = self.written.last().filter(|last| last.action == Action::MarkBegin);
        let whole = match row.action {
            // After the same element, the later of two insertions comes first.
            Action::MarkEnd => {
                begun.is_some_and(|begun| begun.object == row.object && begun.key != row.key)
                    && row.key != Key::Head
            }
            _ => begun.is_none(),
        };
        if whole { Ok(()) } else { Err(Rejection::Operation(MARK_BY_HALVES)) }
    }

    /// Notes that the actor is referred to, and that the operation is older than the one at `counter`. Authors count
    /// on from everything they have, so one of another actor is older than the whole change.
    fn refer(&mut self, id: OpId, counter: u32) -> Result<(), Rejection> {
        let before = if id.actor == 0 { counter } else { self.start_op };
        if id.counter == 0 || id.counter >= before {
            return Err(Rejection::Operation("a reference to itself or to the future"));
        }
        let referred = self.referred.get_mut(id.actor as usize);
        *referred.ok_or(Rejection::Actor("an index of no actor"))? = true;
        Ok(())
    }

    /// The operation of this change with that name.
    fn written(&self, id: OpId) -> Option<&Written<'a>> {
        let index = id.counter.checked_sub(self.start_op).filter(|_| id.actor == 0)?;
        self.written.get(index as usize)
    }

    /// The actors of a change are the author and then the others ascending: the order among all of them.
    const fn rank(&self, actor: u32) -> u32 {
        match actor {
            0 => self.author_rank,
            other if other <= self.author_rank => other - 1,
            other => other,
        }
    }
}

impl Row<'_> {
    /// Nothing in a place can be older than the object, and nothing of an element older than the element.
    fn is_older_than_its_place(&self, id: OpId) -> bool {
        let object = self.object.is_some_and(|object| id.counter <= object.counter);
        object || self.key.element().is_some_and(|element| id.counter <= element.counter && id != element)
    }
}
