//! The changes of a document, every one after those it depends on.

use crate::{
    Rejection,
    budget::Budget,
    change::{LATE_AUTHOR, TIME_MAX, names_author},
    columns::{ACTOR, DELTA, GROUP, TEXT, VALUE, VALUE_TYPE, spec},
    cursor::Cursor,
    document::{Entry as Change, Visitor},
    numbers::Numbers,
    operations::COUNTER_MAX,
    runs::{Deltas, Runs},
    values::{Value, Values},
};
use std::borrow::Cow;

const AUTHOR: u32 = spec(0, ACTOR);
const SEQUENCE: u32 = spec(0, DELTA);
const MAX_OP: u32 = spec(1, DELTA);
const TIME: u32 = spec(2, DELTA);
const MESSAGE: u32 = spec(3, TEXT);
const DEPENDENCY_COUNT: u32 = spec(4, GROUP);
const DEPENDENCY: u32 = spec(4, DELTA);
const EXTRA_TYPE: u32 = spec(5, VALUE_TYPE);
const EXTRA: u32 = spec(5, VALUE);

pub(super) const COLUMNS: [u32; 9] =
    [AUTHOR, SEQUENCE, MAX_OP, TIME, MESSAGE, DEPENDENCY_COUNT, DEPENDENCY, EXTRA_TYPE, EXTRA];

/// Which operations belong to a change.
///
/// A change whose author knew more than it depends on begins later than it could have, and nothing in the document
/// says how much later: some numbers belong to no operation.
pub(super) struct History {
    changes: Vec<Entry>,
    numbers: Numbers,
}

struct Entry {
    max_op: u32,
    is_head: bool,
}

/// Old versions left some behind. Automerge takes them out one by one, and writes the document anew for each.
const IDLE_ACTORS_MAX: usize = 16;

/// Numbers that may remain unused, for each operation a document may have.
const UNUSED_PER_OPERATION: u64 = 4;

impl History {
    pub(super) fn read(
        columns: &[Option<Cow<'_, [u8]>>; COLUMNS.len()],
        actors: u32,
        budget: &mut Budget<'_>,
        visitor: &mut impl Visitor,
    ) -> Result<Self, Rejection> {
        let column = |wanted: u32| {
            COLUMNS
                .iter()
                .zip(columns)
                .find_map(|(spec, bytes)| (*spec == wanted).then_some(bytes.as_deref()))
                .flatten()
        };
        let rows_max = budget.document_changes_left();
        let references_max = budget.document_references.left();
        let mut authors = Runs::<u32>::new(column(AUTHOR), "author", rows_max);
        let mut sequences = Deltas::new(column(SEQUENCE), "sequence", rows_max, COUNTER_MAX);
        let mut max_ops = Deltas::new(column(MAX_OP), "highest counter", rows_max, COUNTER_MAX);
        let mut times = Runs::<i64>::new(column(TIME), "time", rows_max);
        let mut messages = Runs::<&str>::new(column(MESSAGE), "message", rows_max);
        let mut dependency_counts = Runs::<u64>::new(column(DEPENDENCY_COUNT), "dependency count", rows_max);
        let mut dependencies = Deltas::new(column(DEPENDENCY), "dependency", references_max, COUNTER_MAX);
        let mut extras = Values::new(column(EXTRA_TYPE), column(EXTRA), "extra type", rows_max);

        let mut history = Self { changes: Vec::new(), numbers: Numbers::with_actors(actors) };
        let numbers_max = budget.limits.operations_in_documents.saturating_mul(UNUSED_PER_OPERATION);
        let mut time = 0_i64;
        let mut seen = Vec::new();
        while let Some(author) = authors.leading()? {
            budget.spend_document_change()?;
            let sequence = sequences.required()?;
            let max_op = max_ops.required()?;
            if let Some(delta) = times.nullable()? {
                let next = time.checked_add(delta).filter(|time| time.unsigned_abs() <= TIME_MAX);
                time = next.ok_or(Rejection::Time(delta))?;
            }
            budget.spend_text(messages.nullable()?.unwrap_or_default(), "a change message")?;
            let count = dependency_counts.required()?;
            budget.document_references.spend(count)?;
            seen.clear();
            for _ in 0..count {
                seen.push(dependencies.required()?);
            }
            let latest = history.follow(&mut seen)?;
            let Value::Bytes(extra) = extras.required()? else {
                return Err(Rejection::Value("the extra bytes of a change are something else"));
            };
            if sequence > 1 && names_author(extra) {
                return Err(Rejection::Operation(LATE_AUTHOR));
            }
            history.append(author, sequence, latest, max_op)?;
            let (first, last) = (latest + 1, max_op);
            visitor.change(&Change { author, sequence, first, last, dependencies: &seen })?;
            if history.numbers.next() > numbers_max {
                return Err(Rejection::TooManyOps { limit: numbers_max });
            }
        }
        sequences.finish()?;
        max_ops.finish()?;
        times.finish()?;
        messages.finish()?;
        dependency_counts.finish()?;
        dependencies.finish()?;
        extras.finish()?;
        let idle =
            (0..actors).filter(|actor| history.numbers.last(*actor).is_none_or(|(changes, _)| changes == 0));
        if idle.count() > IDLE_ACTORS_MAX {
            return Err(Rejection::Actor("too many actors without a change"));
        }
        Ok(history)
    }

    /// The highest counter among the changes at these indexes, which are no heads any more.
    fn follow(&mut self, dependencies: &mut [u32]) -> Result<u32, Rejection> {
        dependencies.sort_unstable();
        let mut latest = 0;
        let mut last = None;
        for index in dependencies.iter().copied() {
            if last == Some(index) {
                return Err(Rejection::Document("a change depends twice on another"));
            }
            last = Some(index);
            let entry = self.changes.get_mut(index as usize);
            let entry = entry.ok_or(Rejection::Document("a change depends on a later one"))?;
            entry.is_head = false;
            latest = latest.max(entry.max_op);
        }
        Ok(latest)
    }

    fn append(&mut self, author: u32, sequence: u32, latest: u32, max_op: u32) -> Result<(), Rejection> {
        let last = self.numbers.last(author);
        let (changes, last_op) = last.ok_or(Rejection::Actor("an index of no actor"))?;
        if sequence as usize != changes + 1 {
            return Err(Rejection::Document("the changes of an actor are not numbered from one"));
        }
        if max_op < latest || last_op > latest {
            return Err(Rejection::Document("a change counts from before what it depends on"));
        }
        self.numbers.append(author, latest + 1, max_op);
        self.changes.push(Entry { max_op, is_head: true });
        Ok(())
    }

    /// The heads by index: absent in documents of old JavaScript versions.
    pub(super) fn check_heads(&self, cursor: &mut Cursor<'_>, heads: usize) -> Result<(), Rejection> {
        if self.changes.iter().filter(|entry| entry.is_head).count() != heads {
            return Err(Rejection::Document("the heads are not the changes nothing depends on"));
        }
        if cursor.is_empty() {
            return Ok(());
        }
        let mut indexes = Vec::with_capacity(heads);
        for _ in 0..heads {
            let index = cursor.uleb("the index of a head")?;
            let entry = usize::try_from(index).ok().and_then(|index| self.changes.get(index));
            if !entry.is_some_and(|entry| entry.is_head) {
                return Err(Rejection::Document("the heads are not the changes nothing depends on"));
            }
            indexes.push(index);
        }
        indexes.sort_unstable();
        if !indexes.is_sorted_by(|a, b| a < b) {
            return Err(Rejection::Document("a head is there twice"));
        }
        cursor.finish("a document")
    }

    pub(super) fn len(&self) -> u64 {
        self.changes.len() as u64
    }

    /// The numbers of its operations.
    pub(super) const fn numbers(&self) -> &Numbers {
        &self.numbers
    }
}
