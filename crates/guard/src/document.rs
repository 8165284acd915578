//! A whole document: its changes and all their operations in two tables, without hashes.
//!
//! Automerge computes the hash of every change from these tables and compares the heads, so that a document that
//! says something else than it should is found out. What must be checked before is that it can be computed at
//! all: Automerge makes room for as many operations as the changes claim, and follows indexes unseen.

mod history;
mod operations;

use crate::{
    Rejection,
    budget::Budget,
    columns::Table,
    cursor::Cursor,
    operations::{OpId, Row},
};
use bytes::Bytes;
use history::History;
use ids::Heads;

/// A document chunk whose encoding Automerge reads without surprises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedDocument {
    /// The chunk as received.
    pub bytes: Bytes,
    /// Its heads, as it claims: the hashes of its changes are not computed here.
    pub heads: Heads,
    /// How many changes it has.
    pub changes: u64,
    /// How many operations its changes have.
    pub operations: u64,
}

/// One change of a document; actors are indexes, and so are changes, in the order of the document.
pub(crate) struct Entry<'d> {
    pub(crate) author: u32,
    /// Its number among those of its actor, from 1.
    pub(crate) sequence: u32,
    /// Its operations are among the counters `first..=last`.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Ascending, and before the change itself.
    pub(crate) dependencies: &'d [u32],
}

/// Is shown a document part by part, each once it is known to be well-formed; actors are indexes.
pub(crate) trait Visitor {
    fn actor(&mut self, _actor: &[u8]) {}

    /// The next change.
    fn change(&mut self, _change: &Entry<'_>) -> Result<(), Rejection> {
        Ok(())
    }

    fn operation(&mut self, _id: OpId, _row: &Row<'_>) -> Result<(), Rejection> {
        Ok(())
    }
}

/// Nobody looks.
impl Visitor for () {}

/// Reads the content of a document chunk; `whole` is the chunk with its container.
pub(crate) fn read_document(
    body: &[u8],
    whole: Bytes,
    budget: &mut Budget<'_>,
    visitor: &mut impl Visitor,
) -> Result<CheckedDocument, Rejection> {
    let limits = budget.limits;
    let mut cursor = Cursor::new(body);
    let actors = read_actors(&mut cursor, budget, visitor)?;
    let heads = cursor.ascending_hashes(limits.heads, "heads of a document")?;
    let change_table = Table::read(&mut cursor, &history::COLUMNS)?;
    let operation_table = Table::read(&mut cursor, &operations::COLUMNS)?;
    let change_columns = change_table.inflated(&mut cursor, budget)?;
    let operation_columns = operation_table.inflated(&mut cursor, budget)?;
    let history = History::read(&change_columns, actors, budget, visitor)?;
    history.check_heads(&mut cursor, heads.len())?;
    let operations = operations::check(&operation_columns, actors, &history, budget, visitor)?;
    Ok(CheckedDocument { bytes: whole, heads: heads.into(), changes: history.len(), operations })
}

/// How many actors there are: ascending, so that the order of indexes is the order of actors.
fn read_actors(
    cursor: &mut Cursor<'_>,
    budget: &Budget<'_>,
    visitor: &mut impl Visitor,
) -> Result<u32, Rejection> {
    let limits = budget.limits;
    let count = cursor.count(2, limits.actors, "actors")?;
    let mut last: &[u8] = &[];
    for _ in 0..count {
        let actor = cursor.actor(limits.actor_bytes)?;
        if actor <= last {
            return Err(Rejection::Actor("actors are not in ascending order without repetition"));
        }
        last = actor;
        visitor.actor(actor);
    }
    Ok(count as u32)
}
