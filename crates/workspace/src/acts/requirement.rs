//! Judging how far a requirement is met.

use crate::{Act, Edit, Field, RecordRef};
use ids::RecordId;
use serde_json::json;

/// Judges a requirement: `met`, `partly`, `not-met` or `unknown`, and what that rests on. The judgement takes the place
/// of every earlier one.
pub fn judge_requirement(requirement: RecordRef, entry: RecordId, status: &str, basis: &str) -> Act {
    let mut value = json!({ "status": status });
    if let Some(members) = value.as_object_mut().filter(|_| !basis.trim().is_empty()) {
        members.insert("basis".into(), basis.into());
    }
    let edit = Edit::Supersede { record: requirement, field: Field::Judgements, entry, value };
    Act::one("requirement.judge", edit)
}
