//! Answering needs: yes, no, or when.

use super::{Doer, way::lead};
use crate::{Act, Date, Edit, Field, Record};
use ids::RecordId;
use serde_json::{Map, Value as Json};

/// What is answered to a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NeedReply {
    /// Yes.
    Commit,
    /// No.
    Refuse,
    /// Not now: asked again on this day.
    Defer {
        /// Until when.
        until: Date,
    },
}

/// Answers a need. The answer takes the place of every earlier one, so it also settles two answers given apart.
pub fn answer_need(
    need: &Record,
    entry: RecordId,
    reply: &NeedReply,
    reason: &str,
    decision: Option<RecordId>,
) -> Act {
    let word = match reply {
        NeedReply::Commit => "committed",
        NeedReply::Refuse => "refused",
        NeedReply::Defer { .. } => "deferred",
    };
    let mut value = Map::new();
    value.insert("answer".into(), word.into());
    if !reason.trim().is_empty() {
        value.insert("reason".into(), reason.into());
    }
    if let NeedReply::Defer { until } = reply {
        value.insert("until".into(), until.to_string().into());
    }
    if let Some(decision) = decision {
        value.insert("decision".into(), decision.to_string().into());
    }
    let record = need.reference();
    let mut edits =
        vec![Edit::Supersede { record, field: Field::Answers, entry, value: Json::Object(value) }];
    edits.extend(lead(need, word, ""));
    Act::new("need.answer", edits)
}

/// The means are there.
pub fn deliver_need(need: &Record, doer: &Doer) -> Act {
    let record = need.reference();
    let mut edits = vec![Edit::Set { record, field: Field::DeliveredAt, value: Some(doer.today.into()) }];
    edits.extend(lead(need, "delivered", ""));
    Act::new("need.deliver", edits)
}
