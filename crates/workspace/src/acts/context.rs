//! Confirming the direction, looking at issues, dealing with what customers said, and saying that no means are needed.

use super::Doer;
use crate::{Act, Edit, Field, Kind, RecordRef};
use ids::RecordId;
use serde_json::{Map, Value as Json, json};

/// Somebody looked at the direction and lets it stand.
pub fn confirm_direction(entry: RecordId, review: Option<RecordId>) -> Act {
    let record = RecordRef::singleton(Kind::Direction);
    let value = with_review(Map::new(), review);
    Act::one("direction.confirm", Edit::Supersede { record, field: Field::LastConfirmed, entry, value })
}

/// Whether climate change bears on the direction: `yes`, `partly` or `no`, and why.
pub fn say_climate(entry: RecordId, relevant: &str, reason: &str, review: Option<RecordId>) -> Act {
    let record = RecordRef::singleton(Kind::Direction);
    let mut value = Map::new();
    value.insert("relevant".into(), relevant.into());
    if !reason.trim().is_empty() {
        value.insert("reason".into(), reason.into());
    }
    let value = with_review(value, review);
    Act::one("direction.climate", Edit::Supersede { record, field: Field::Climate, entry, value })
}

/// Somebody looked at an issue, and whether it had changed.
pub fn look_at_issue(issue: RecordRef, entry: RecordId, changed: bool, doer: &Doer) -> Act {
    let value = json!({ "date": doer.today.to_string(), "changed": changed });
    Act::one("issue.look", Edit::Append { record: issue, field: Field::LastLooked, entry, value })
}

/// What a customer said was dealt with.
pub fn handle_feedback(feedback: RecordRef, note: &str, doer: &Doer) -> Act {
    let value = signed(json!({ "note": note }), doer);
    let edit = Edit::Set { record: feedback, field: Field::Handled, value: Some(value.into()) };
    Act::one("feedback.handle", edit)
}

/// An objective needs no means of its own, and why.
pub fn say_no_means_needed(objective: RecordRef, reason: &str, doer: &Doer) -> Act {
    let value = signed(json!({ "reason": reason }), doer);
    let edit = Edit::Set { record: objective, field: Field::NoMeansNeeded, value: Some(value.into()) };
    Act::one("objective.no-means", edit)
}

fn with_review(mut value: Map<String, Json>, review: Option<RecordId>) -> Json {
    if let Some(review) = review {
        value.insert("review".into(), review.to_string().into());
    }
    Json::Object(value)
}

/// Atoms are written as they are: who and when has to be said.
fn signed(mut value: Json, doer: &Doer) -> Json {
    if let Some(members) = value.as_object_mut() {
        members.insert("by".into(), doer.member.to_string().into());
        members.insert("at".into(), doer.now.as_millis().into());
        members.insert("date".into(), doer.today.to_string().into());
    }
    value
}
