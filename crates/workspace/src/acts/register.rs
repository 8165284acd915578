//! Rating, looking at and accepting risks and opportunities.

use super::{Doer, way::lead};
use crate::lens::{Phase, Score};
use crate::{Act, Date, Edit, Field, Record, RecordRef};
use ids::RecordId;
use serde_json::{Map, Value as Json, json};

/// Rates an entry in one phase; the rating takes the place of every earlier one of that phase, so it also settles two
/// views.
pub fn rate(
    entry: RecordRef,
    assessment: RecordId,
    phase: Phase,
    score: Score,
    basis: &str,
    review: Option<RecordId>,
) -> Act {
    let mut value = Map::new();
    value.insert("phase".into(), phase.key().into());
    value.insert("score".into(), score.to_string().into());
    if !basis.trim().is_empty() {
        value.insert("basis".into(), basis.into());
    }
    if let Some(review) = review {
        value.insert("review".into(), review.to_string().into());
    }
    let value = Json::Object(value);
    Act::one(
        "risk.rate",
        Edit::Supersede { record: entry, field: Field::Assessments, entry: assessment, value },
    )
}

/// Somebody looked at an entry; `next` is when to look again.
pub fn look_at_entry(
    entry: RecordRef,
    look: RecordId,
    changed: bool,
    note: &str,
    next: Date,
    doer: &Doer,
) -> Act {
    let value = json!({ "date": doer.today.to_string(), "changed": changed, "note": note });
    let edits = vec![
        Edit::Append { record: entry, field: Field::Reviewed, entry: look, value },
        Edit::Set { record: entry, field: Field::ReviewDue, value: Some(next.into()) },
    ];
    Act::new("risk.look", edits)
}

/// Accepts a risk until a day, under a condition if there is one.
pub fn accept_risk(
    risk: &Record,
    acceptance: RecordId,
    until: Date,
    condition: &str,
    decision: Option<RecordId>,
) -> Act {
    let mut value = Map::new();
    value.insert("until".into(), until.to_string().into());
    if !condition.trim().is_empty() {
        value.insert("condition".into(), condition.into());
    }
    if let Some(decision) = decision {
        value.insert("decision".into(), decision.to_string().into());
    }
    let (record, value) = (risk.reference(), Json::Object(value));
    let mut edits = vec![Edit::Supersede { record, field: Field::Acceptances, entry: acceptance, value }];
    edits.extend(lead(risk, "accepted", ""));
    Act::new("risk.accept", edits)
}
