//! One change: who wrote it after what, and its operations.

mod operations;

pub(crate) use operations::Operation;

use crate::{
    Rejection,
    budget::Budget,
    columns::Table,
    cursor::Cursor,
    operations::{ACTION, COUNTER_MAX, INSERT},
};
use bytes::Bytes;
use ids::{ActorId, ChangeHash};
use operations::{COLUMNS, Operations};

/// A change whose encoding Automerge reads without surprises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedChange {
    /// What the change says about itself.
    pub header: ChangeHeader,
    /// The chunk as received, possibly deflated.
    pub bytes: Bytes,
}

/// What a change says about itself, without its operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeHeader {
    /// Names the change; computed here, over the inflated form.
    pub hash: ChangeHash,
    /// The heads its author saw, ascending.
    pub dependencies: Vec<ChangeHash>,
    /// Who wrote it.
    pub actor: ActorId,
    /// The other actors whose operations it refers to, ascending: each wrote something its author saw.
    pub others: Vec<ActorId>,
    /// Number of this change among those of its actor, from 1.
    pub sequence: u64,
    /// Counter of the first operation, from 1: one more than the highest its author knew of.
    pub start_op: u64,
    /// How many operations it has; their counters are consecutive.
    pub operations: u64,
    /// Seconds since the epoch, as its author claims.
    pub time_secs: i64,
    /// The message of its author.
    pub message: Option<String>,
}

/// What is known of the changes that a change comes after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The highest sequence number among the known changes of the same actor; 0 if there is none.
    pub sequence: u64,
    /// The highest operation counter among its dependencies ([`ChangeHeader::last_op`]); 0 if it has none.
    pub last_op: u64,
}

impl ChangeHeader {
    /// Counter of the last operation; of an empty change, that of the last one its author knew of.
    pub const fn last_op(&self) -> u64 {
        self.start_op.saturating_add(self.operations).saturating_sub(1)
    }

    /// Whether the change can follow what is known, once all its dependencies are: what Automerge takes for
    /// granted of a change without asking, and panics about.
    ///
    /// `known` tells whether any known change is by that actor.
    pub fn check_past(&self, past: Past, known: impl Fn(&ActorId) -> bool) -> Result<(), Rejection> {
        if self.sequence != past.sequence.saturating_add(1) {
            return Err(Rejection::Sequence(self.sequence));
        }
        // An author who writes on top of an old version counts on from everything he has: later than he must,
        // but not by more than a document can have. Automerge loses the place of a change that does so without
        // an operation.
        let next = past.last_op.saturating_add(1);
        let skipped = self.start_op.checked_sub(next).ok_or(Rejection::StartOp(self.start_op))?;
        if skipped > SKIPPED_MAX || (skipped > 0 && self.operations == 0) {
            return Err(Rejection::StartOp(self.start_op));
        }
        if !self.others.iter().all(known) {
            return Err(Rejection::Actor("operations of an actor who wrote nothing before"));
        }
        Ok(())
    }
}

/// As many counters as a document has operations at most. Whoever wants to use up all counters of a document
/// needs a thousand changes for it.
const SKIPPED_MAX: u64 = 2_000_000;

/// Times beyond what JavaScript can count overflow the differences in which a document stores them.
pub(crate) const TIME_MAX: u64 = 1 << 53;

/// Reads the content of a change chunk, inflated; `hash` is that of the content. Shows every operation to
/// `visit` once it is known to be well-formed.
pub(crate) fn read_change<'a>(
    body: &'a [u8],
    hash: ChangeHash,
    budget: &mut Budget<'_>,
    visit: impl FnMut(Operation<'_, 'a>) -> Result<(), Rejection>,
) -> Result<ChangeHeader, Rejection> {
    let limits = budget.limits;
    let mut cursor = Cursor::new(body);
    let dependencies = cursor.ascending_hashes(limits.heads, "dependencies")?;
    let actor = cursor.actor(limits.actor_bytes)?;
    let sequence = cursor.uleb("a sequence number")?;
    if sequence == 0 || sequence > u64::from(COUNTER_MAX) {
        return Err(Rejection::Sequence(sequence));
    }
    let start_op = cursor.uleb("the counter of the first operation")?;
    let first = u32::try_from(start_op).ok().filter(|first| (1..=COUNTER_MAX).contains(first));
    let first = first.ok_or(Rejection::StartOp(start_op))?;
    let time_secs = cursor.leb("a time")?;
    if time_secs.unsigned_abs() > TIME_MAX {
        return Err(Rejection::Time(time_secs));
    }
    let message = cursor.text("a change message")?;
    budget.spend_text(message, "a change message")?;
    let others = read_others(&mut cursor, actor, budget)?;
    let table = Table::read(&mut cursor, &COLUMNS)?;
    if table.has(&COLUMNS, ACTION) && !table.has(&COLUMNS, INSERT) {
        // Documents of old versions may be without it, changes never.
        return Err(Rejection::ColumnLength { column: "insert" });
    }
    let columns = table.plain(&COLUMNS, &mut cursor)?;
    // What follows the columns belongs to later versions, or names the author of the first change of an actor.
    if sequence > 1 && names_author(cursor.rest()) {
        return Err(Rejection::Operation(LATE_AUTHOR));
    }
    let operations = Operations::new(&columns, first, actor, &others, budget).check(budget, visit)?;
    if operations == 0 && dependencies.is_empty() && start_op > 1 {
        return Err(Rejection::StartOp(start_op));
    }
    Ok(ChangeHeader {
        hash,
        dependencies,
        actor: ActorId::new(actor),
        others: others.into_iter().map(ActorId::new).collect(),
        sequence,
        start_op,
        operations,
        time_secs,
        message: (!message.is_empty()).then(|| message.to_owned()),
    })
}

pub(crate) const LATE_AUTHOR: &str = "an author named by a change that is not the first of its actor";

/// Whether Automerge finds the author of an actor in the extra bytes of a change: it reads the tag and the length
/// in any form of LEB128, and takes for granted that only the first change of an actor has one.
pub(crate) fn names_author(extra: &[u8]) -> bool {
    const TAG: u64 = 1;
    let mut bytes = extra.iter();
    let mut number = || {
        let mut value = 0_u64;
        for shift in (0..).step_by(7) {
            let byte = *bytes.next()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    };
    let (tag, len) = (number(), number());
    tag == Some(TAG) && len.is_some_and(|len| len <= bytes.len() as u64)
}

/// The other actors that operations of the change refer to, ascending.
fn read_others<'a>(
    cursor: &mut Cursor<'a>,
    author: &[u8],
    budget: &Budget<'_>,
) -> Result<Vec<&'a [u8]>, Rejection> {
    let limits = budget.limits;
    let mut others: Vec<&[u8]> = Vec::new();
    for _ in 0..cursor.count(2, limits.actors, "actors")? {
        let actor = cursor.actor(limits.actor_bytes)?;
        if others.last().is_some_and(|last| *last >= actor) || actor == author {
            return Err(Rejection::Actor("actors are not in ascending order without repetition"));
        }
        others.push(actor);
    }
    Ok(others)
}
