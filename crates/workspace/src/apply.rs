//! An act becomes one change of the document, or nothing.

mod accepts;
mod check;
mod records;
mod values;
mod write;

pub use accepts::accepts;

use crate::{
    Act, Author, ChangeNote, EditError, Field, Kind, Origin, RecordRef, Refusal, ViewDelta, genesis,
};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc};
use ids::{ChangeHash, Timestamp};
use rand_core::RngCore;
use std::collections::BTreeSet;

/// An act that was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The change; `None` when the act changed nothing (the same value again).
    pub change: Option<ChangeHash>,
    /// What it touched.
    pub delta: ViewDelta,
}

/// Does an act: one Automerge transaction whose message says what was done by whom. The first change of a session also
/// registers its actor in `devices`.
///
/// `now` is what this device believes the time is; it fills `at` and `createdAt`. `rng` gives ids to the entries that
/// the product writes by itself (`moves`, `dueMoves`).
///
/// # Errors
/// [`EditError`] says which edit of which record was refused and why; nothing was written then.
pub fn apply(
    doc: &mut Automerge,
    author: &Author,
    now: Timestamp,
    rng: &mut dyn RngCore,
    act: &Act,
) -> Result<Applied, EditError> {
    let note = ChangeNote { act: act.name.clone(), member: Some(author.member), records: named_records(act) };
    let options = |_: &()| CommitOptions::default().with_message(note.to_message()).with_time(now.as_secs());
    let actor = doc.get_actor().to_hex_string();
    let outcome = doc.transact_and_log_patches_with(options, |tx| {
        refuse_if_too_old(tx)?;
        let mut writer = Writer { tx, author, now, rng };
        for (edit, what) in act.edits.iter().enumerate() {
            writer.edit(what).map_err(|fail| fail.into_error(edit, what.record(), what.field()))?;
        }
        writer.register_device(actor).map_err(|fail| fail.into_error(act.edits.len(), None, None))
    });
    let mut success = outcome.map_err(|failure| failure.error)?;
    let patches = doc.make_patches(&mut success.patch_log);
    let mut delta = ViewDelta::nothing(Origin::Local);
    delta.add_patches(&patches);
    if success.hash.is_some() {
        // Choosing the value that already wins closes a conflict without a patch (automerge 0.12).
        delta
            .touched
            .extend(act.edits.iter().filter(|edit| edit.writes_record()).filter_map(crate::Edit::record));
        delta.members.insert(author.member);
        delta.authors =
            delta.touched.iter().map(|record| (*record, BTreeSet::from([author.member]))).collect();
    }
    Ok(Applied { change: success.hash.map(|hash| ChangeHash(hash.0)), delta })
}

fn named_records(act: &Act) -> Vec<RecordRef> {
    let mut named = Vec::new();
    for record in act.edits.iter().filter_map(crate::Edit::record) {
        if !named.contains(&record) && named.len() < ChangeNote::RECORDS_MAX {
            named.push(record);
        }
    }
    named
}

fn refuse_if_too_old(tx: &Transaction<'_>) -> Result<(), EditError> {
    let engine = |error: automerge::AutomergeError| EditError::Engine(error.to_string());
    let Some((_, meta)) = tx.get(ROOT, Kind::Meta.collection()).map_err(engine)? else { return Ok(()) };
    let needed = tx.get_all(&meta, Field::MinWriter.key()).unwrap_or_default();
    match needed.iter().filter_map(|(value, _)| value.as_i64()).max() {
        Some(needed) if needed > genesis::SCHEMA => {
            Err(EditError::NeedsNewerVersion { needed, ours: genesis::SCHEMA })
        }
        _ => Ok(()),
    }
}

/// One act on its way into the document.
struct Writer<'a, 'doc> {
    tx: &'a mut Transaction<'doc>,
    author: &'a Author,
    now: Timestamp,
    rng: &'a mut dyn RngCore,
}

/// Why an edit stopped.
enum Fail {
    Refused(Option<Field>, Refusal),
    NotAWorkspace(&'static str),
    Engine(String),
}

impl From<Refusal> for Fail {
    fn from(why: Refusal) -> Self {
        Self::Refused(None, why)
    }
}

impl From<automerge::AutomergeError> for Fail {
    fn from(error: automerge::AutomergeError) -> Self {
        Self::Engine(error.to_string())
    }
}

impl Fail {
    fn into_error(self, edit: usize, record: Option<RecordRef>, field: Option<Field>) -> EditError {
        match self {
            Self::Refused(own, why) => EditError::Refused { edit, record, field: own.or(field), why },
            Self::NotAWorkspace(key) => EditError::NotAWorkspace(key),
            Self::Engine(what) => EditError::Engine(what),
        }
    }
}

impl Writer<'_, '_> {
    /// A top-level map.
    fn top(&self, key: &'static str) -> Result<ObjId, Fail> {
        match self.tx.get(ROOT, key)? {
            Some((value, map)) if value.as_objtype() == Some(ObjType::Map) => Ok(map),
            _ => Err(Fail::NotAWorkspace(key)),
        }
    }

    /// The map of an existing record.
    fn object(&self, record: RecordRef) -> Result<ObjId, Fail> {
        let top = self.top(record.kind.collection())?;
        if record.kind.is_singleton() {
            return Ok(top);
        }
        match self.tx.get(&top, record.id.to_string())? {
            None => Err(Refusal::NoSuchRecord.into()),
            Some((value, map)) if value.as_objtype() == Some(ObjType::Map) => Ok(map),
            Some(_) => Err(Refusal::Damaged("not a record").into()),
        }
    }

    fn register_device(&mut self, actor: String) -> Result<(), Fail> {
        let devices = self.top(genesis::DEVICES)?;
        if self.tx.pending_ops() == 0 || self.tx.get(&devices, actor.as_str())?.is_some() {
            return Ok(());
        }
        let device = values::device(self.author.member, &self.author.device_label, self.now, None);
        self.tx.put(&devices, actor, device)?;
        Ok(())
    }
}
