//! Which passages of a text are new since a version, and who wrote them: several people may have worked on one
//! paragraph, and each should look at what became of it.

use super::{AtError, complete};
use crate::view::read;
use crate::{Field, RecordRef, document};
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValueRef, ValueRef};
use ids::{ActorId, Heads, MemberId, Utf16Offset};
use std::collections::BTreeMap;

/// A stretch of a text that one session wrote after a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it begins, in UTF-16 code units.
    pub at: Utf16Offset,
    /// How long it is, in UTF-16 code units.
    pub len: usize,
    /// The session that wrote it.
    pub actor: ActorId,
    /// Whose session that is, as far as is claimed.
    pub member: Option<MemberId>,
}

/// The passages of a text that were written after or beside `since`, from its beginning to its end. Words that were
/// taken out leave no passage.
///
/// # Errors
/// [`AtError::Missing`] while the device waits for changes of that version.
pub fn passages(
    doc: &Automerge,
    record: RecordRef,
    field: Field,
    since: &Heads,
) -> Result<Vec<Passage>, AtError> {
    complete(doc, since)?;
    let Some(text) = text_of(doc, record, field) else { return Ok(Vec::new()) };
    let fresh = Fresh::since(doc, since);
    let mut passages: Vec<Passage> = Vec::new();
    let mut at = 0;
    for item in doc.list_range(&text, ..) {
        let len = match &item.value {
            ValueRef::Scalar(ScalarValueRef::Str(piece)) => Utf16Offset::len_of(piece),
            // A block or mark of another client takes one place.
            _ => 1,
        };
        if let ObjId::Id(counter, actor, _) = item.id()
            && fresh.holds(&actor, counter)
        {
            let actor = ActorId::new(actor.to_bytes());
            match passages.last_mut() {
                Some(last) if last.actor == actor && last.at.0 + last.len == at => last.len += len,
                _ => {
                    let member = read::member_of(doc, &actor.to_string());
                    passages.push(Passage { at: Utf16Offset(at), len, actor, member });
                }
            }
        }
        at += len;
    }
    Ok(passages)
}

fn text_of(doc: &Automerge, record: RecordRef, field: Field) -> Option<ObjId> {
    let (_, collection) = doc.get(ROOT, record.kind.collection()).ok()??;
    let map = if record.kind.is_singleton() {
        collection
    } else {
        doc.get(&collection, record.id.to_string()).ok()??.1
    };
    let (value, text) = doc.get(&map, field.key()).ok()??;
    (value.as_objtype() == Some(ObjType::Text)).then_some(text)
}

/// The operations of the changes after a version: per session a run of numbers for each change.
struct Fresh(BTreeMap<automerge::ActorId, Vec<(u64, u64)>>);

impl Fresh {
    fn since(doc: &Automerge, since: &Heads) -> Self {
        let mut runs: BTreeMap<automerge::ActorId, Vec<(u64, u64)>> = BTreeMap::new();
        for change in doc.get_changes_meta(&document::engine_heads(since)) {
            runs.entry(change.actor.into_owned()).or_default().push((change.start_op, change.max_op));
        }
        for runs in runs.values_mut() {
            runs.sort_unstable();
        }
        Self(runs)
    }

    fn holds(&self, actor: &automerge::ActorId, counter: u64) -> bool {
        let Some(runs) = self.0.get(actor) else { return false };
        let place = runs.partition_point(|(_, last)| *last < counter);
        runs.get(place).is_some_and(|(first, _)| *first <= counter)
    }
}
