//! Plain values -> scalars of the document.

use crate::{Author, Scalar, canonical};
use automerge::ScalarValue;
use ids::{MemberId, Timestamp};
use serde_json::{Map, Value as Json};

pub(super) fn scalar(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Flag(flag) => ScalarValue::Boolean(*flag),
        Scalar::Int(int) => ScalarValue::Int(*int),
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
        Scalar::Atom(json) => ScalarValue::Str(canonical::text(json).into()),
    }
}

/// The entry of `devices` for one actor.
pub(super) fn device(
    member: MemberId,
    label: &str,
    added: Timestamp,
    confirmed_by: Option<MemberId>,
) -> ScalarValue {
    let label: String = label.chars().take(80).collect();
    let mut entry = Map::new();
    entry.insert("member".into(), member.to_string().into());
    entry.insert("label".into(), label.into());
    entry.insert("addedAt".into(), added.as_millis().into());
    if let Some(by) = confirmed_by {
        entry.insert("confirmedBy".into(), by.to_string().into());
    }
    scalar(&Scalar::Atom(Json::Object(entry)))
}

/// Fills in who and when, where the entry does not say.
pub(super) fn signed(mut entry: Map<String, Json>, author: &Author, now: Timestamp) -> Map<String, Json> {
    entry.entry("by").or_insert_with(|| author.member.to_string().into());
    entry.entry("at").or_insert_with(|| now.as_millis().into());
    entry
}
