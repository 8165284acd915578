//! Deciding: the wording is frozen, the day is noted, and the record moves, in one change.

use super::{Doer, way::lead};
use crate::{Act, Date, Edit, Field, Record};
use ids::MemberId;
use serde_json::json;

/// How a decision ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Decided,
    /// It was turned down.
    Rejected,
    /// It comes back on this day.
    Deferred(Date),
    /// It was taken back.
    Withdrawn,
}

/// Decides. Where something was decided or rejected, the wording as it stands is kept as the frozen copy; `decided_by`
/// are those who decided.
pub fn decide(decision: &Record, outcome: Outcome, decided_by: &[MemberId], note: &str, doer: &Doer) -> Act {
    let record = decision.reference();
    let mut edits = Vec::new();
    let word = match outcome {
        Outcome::Decided => "decided",
        Outcome::Rejected => "rejected",
        Outcome::Deferred(_) => "deferred",
        Outcome::Withdrawn => "withdrawn",
    };
    if let Outcome::Deferred(until) = outcome {
        edits.push(Edit::Set { record, field: Field::DeferredUntil, value: Some(until.into()) });
    }
    if matches!(outcome, Outcome::Decided | Outcome::Rejected) {
        let text = decision.text(Field::Wording);
        let text = if text.trim().is_empty() { decision.title() } else { text };
        let frozen = json!({ "text": text, "by": doer.member.to_string(), "at": doer.now.as_millis() });
        edits.push(Edit::Set { record, field: Field::Frozen, value: Some(frozen.into()) });
        edits.push(Edit::Set { record, field: Field::Date, value: Some(doer.today.into()) });
        let members = decided_by.iter().map(|member| Edit::Include {
            record,
            field: Field::DecidedBy,
            member: member.to_string(),
        });
        edits.extend(members);
    }
    edits.extend(lead(decision, word, note));
    Act::new("decision.decide", edits)
}
