//! The past of a document: earlier states, and how a change stands to a state that somebody signed.
//!
//! Order comes from causality, never from clocks; a clock is only asked where a person asks for a date.

mod passages;
mod traces;

pub use passages::{Passage, passages};
pub use traces::{ClockDoubt, DoubtfulTime, Traces, traces};

use crate::{ChangeNote, Field, RecordRef, View, delta, document, view::read};
use automerge::{Automerge, ChangeMetadata, ObjId, ObjType, ROOT, ReadDoc};
use ids::{ActorId, ChangeHash, Heads, MemberId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A state that this device does not have in full. Reading it anyway would show an *empty document* without an error
/// (F17), so nobody gets to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AtError {
    /// Changes are still on their way.
    #[error("waiting for {} changes of that state", .missing.len())]
    Missing {
        /// Those known to be missing; there may be more behind them.
        missing: Vec<ChangeHash>,
    },
    /// The engine cannot go back to that state.
    #[error("that state cannot be read: {0}")]
    Engine(String),
}

/// The document as it was at `heads`.
///
/// # Errors
/// [`AtError::Missing`] while the device waits for changes of that state.
pub fn at(doc: &Automerge, heads: &Heads) -> Result<Automerge, AtError> {
    complete(doc, heads)?;
    doc.fork_at(&document::engine_heads(heads)).map_err(|error| AtError::Engine(error.to_string()))
}

/// The view at `heads`.
///
/// # Errors
/// As [`at`].
pub fn view_at(doc: &Automerge, heads: &Heads) -> Result<View, AtError> {
    at(doc, heads).map(|past| View::read(&past))
}

/// The newest state all of whose changes claim to be made at `time` or before. A change with a fast clock hides what
/// was built on it until its claimed time.
pub fn heads_at(doc: &Automerge, time: Timestamp) -> Heads {
    let mut included = BTreeSet::new();
    let mut heads = BTreeSet::new();
    for change in doc.get_changes_meta(&[]) {
        let known = change.deps.iter().all(|dependency| included.contains(dependency));
        if known && Timestamp::from_secs(change.timestamp) <= time {
            included.insert(change.hash);
            for dependency in &change.deps {
                heads.remove(dependency);
            }
            heads.insert(change.hash);
        }
    }
    heads.into_iter().map(|hash: automerge::ChangeHash| ChangeHash(hash.0)).collect()
}

/// How a change stands to a signed state (F18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its author had seen the signed state.
    After,
    /// Its author had not seen all of it, and the signers had not seen the change: it was made apart, and arrived late.
    Concurrent,
}

/// One change, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The change.
    pub hash: ChangeHash,
    /// The session that made it.
    pub actor: ActorId,
    /// Who did it, as the change or its device claims.
    pub member: Option<MemberId>,
    /// When, by the author's clock.
    pub claimed: Timestamp,
    /// What was done; `None` for a change of another client.
    pub note: Option<ChangeNote>,
}

/// Every change of the document that is not part of the state `signed`, in causal order, with its standing.
///
/// # Errors
/// [`AtError::Missing`] while the device waits for changes of the signed state.
pub fn since(doc: &Automerge, signed: &Heads) -> Result<Vec<(Told, Standing)>, AtError> {
    complete(doc, signed)?;
    // For each later change: which of the signed heads its author had seen.
    let mut seen: BTreeMap<ChangeHash, BTreeSet<ChangeHash>> = BTreeMap::new();
    let mut told = Vec::new();
    for change in doc.get_changes_meta(&document::engine_heads(signed)) {
        let mut heads = BTreeSet::new();
        for dependency in change.deps.iter().map(|hash| ChangeHash(hash.0)) {
            if signed.contains(&dependency) {
                heads.insert(dependency);
            }
            heads.extend(seen.get(&dependency).into_iter().flatten().copied());
        }
        let standing = if heads.len() == signed.len() { Standing::After } else { Standing::Concurrent };
        seen.insert(ChangeHash(change.hash.0), heads);
        told.push((tell(doc, &change), standing));
    }
    Ok(told)
}

/// All changes, in causal order.
pub fn all(doc: &Automerge) -> Vec<Told> {
    doc.get_changes_meta(&[]).iter().map(|change| tell(doc, change)).collect()
}

/// Whether somebody edited a deleted record without having seen the deletion, or after it: such a record belongs in
/// the tray "deleted but edited", with both stories (F5).
pub fn edited_though_deleted(doc: &Automerge, record: RecordRef) -> bool {
    deletion(doc, record).is_some_and(|deletion| delta::touched_since(doc, &[deletion]).contains(&record))
}

/// The other story of a deleted record: the changes naming it whose authors had not seen its deletion, or went on after
/// it, in causal order.
pub fn edits_beside_deletion(doc: &Automerge, record: RecordRef) -> Vec<Told> {
    let Some(deletion) = deletion(doc, record) else { return Vec::new() };
    let heads: Heads = [ChangeHash(deletion.0)].into_iter().collect();
    let names = |told: &Told| told.note.as_ref().is_some_and(|note| note.records.contains(&record));
    let later = since(doc, &heads).unwrap_or_default();
    later.into_iter().map(|(told, _)| told).filter(names).collect()
}

/// When each of the values that stand side by side in a field was written, as its author claims, by the session that
/// wrote it.
pub fn written(doc: &Automerge, record: RecordRef, field: Field) -> BTreeMap<ActorId, Timestamp> {
    let values = object(doc, record).and_then(|map| doc.get_all(&map, field.key()).ok()).unwrap_or_default();
    let changes = values.iter().filter_map(|(_, id)| doc.get_change_meta_by_hash(&doc.hash_for_opid(id)?));
    changes
        .map(|change| (ActorId::new(change.actor.to_bytes()), Timestamp::from_secs(change.timestamp)))
        .collect()
}

/// The change that deleted a record.
fn deletion(doc: &Automerge, record: RecordRef) -> Option<automerge::ChangeHash> {
    let (_, deletion) = doc.get(object(doc, record)?, Field::Deleted.key()).ok()??;
    doc.hash_for_opid(&deletion)
}

/// The map that holds a record.
fn object(doc: &Automerge, record: RecordRef) -> Option<ObjId> {
    let (value, collection) = doc.get(ROOT, record.kind.collection()).ok()??;
    let (value, map) = if record.kind.is_singleton() {
        (value, collection)
    } else {
        doc.get(&collection, record.id.to_string()).ok()??
    };
    (value.as_objtype() == Some(ObjType::Map)).then_some(map)
}

fn complete(doc: &Automerge, heads: &Heads) -> Result<(), AtError> {
    let missing = doc.get_missing_deps(&document::engine_heads(heads));
    if missing.is_empty() {
        return Ok(());
    }
    Err(AtError::Missing { missing: missing.iter().map(|hash| ChangeHash(hash.0)).collect() })
}

fn tell(doc: &Automerge, change: &ChangeMetadata<'_>) -> Told {
    let note = change.message.as_deref().and_then(ChangeNote::parse);
    let member = note.as_ref().and_then(|note| note.member);
    Told {
        hash: ChangeHash(change.hash.0),
        actor: ActorId::new(change.actor.to_bytes()),
        member: member.or_else(|| read::member_of(doc, &change.actor.to_hex_string())),
        claimed: Timestamp::from_secs(change.timestamp),
        note,
    }
}
