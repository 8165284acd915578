//! Choosing one of several values that were written apart. The choice is a change by a person, with a reason if they
//! give one: who decided which value holds is on record.

use super::way::step;
use crate::schema::{self, Mark};
use crate::{Act, Edit, Field, RecordRef, Scalar};
use ids::RecordId;
use serde_json::{Value as Json, json};

/// Why a value was chosen: the id for a comment on the record, and its words.
type Because<'a> = Option<(RecordId, &'a str)>;

/// Keeps one value of a field (one of the open ones, or a new one) and closes the question. For `status` see
/// [`keep_state`].
pub fn keep(record: RecordRef, field: Field, value: Scalar, because: Because<'_>) -> Act {
    let edit = Edit::Set { record, field, value: Some(value) };
    Act::new("record.choose", with_reason(record, edit, because))
}

/// As [`keep`], for one key of a keyed field: an appetite, a stance, an attendance.
pub fn keep_key(record: RecordRef, field: Field, key: &str, value: Json, because: Because<'_>) -> Act {
    let edit = Edit::SetKey { record, field, key: key.to_owned(), value: Some(value) };
    Act::new("record.choose", with_reason(record, edit, because))
}

/// Keeps one of the states a record was led to apart. The other stories stay in its log; the note says why.
pub fn keep_state(record: RecordRef, state: &str, note: &str) -> Act {
    Act::one("record.choose", step(record, state, note))
}

/// Confirms the state a record is in, where somebody led it there who may not.
pub fn confirm_state(record: RecordRef, state: &str, note: &str) -> Act {
    Act::one("record.confirm", step(record, state, note))
}

fn with_reason(record: RecordRef, edit: Edit, because: Because<'_>) -> Vec<Edit> {
    let can_say = schema::spec(record.kind, Field::Comments).is_some_and(|spec| spec.mark == Mark::Log);
    let mut edits = vec![edit];
    if let Some((entry, text)) = because.filter(|(_, text)| can_say && !text.trim().is_empty()) {
        let value = json!({ "text": text });
        edits.push(Edit::Append { record, field: Field::Comments, entry, value });
    }
    edits
}
