//! Talking about records, tagging them, and throwing them away without losing anything.

use super::Doer;
use crate::{Act, Edit, Field, RecordRef};
use ids::{MemberId, RecordId};
use serde_json::{Map, json};

/// Says something about a record. `mentions` are called; `reply_to` is the comment that is answered.
pub fn comment(
    record: RecordRef,
    entry: RecordId,
    text: &str,
    mentions: &[MemberId],
    reply_to: Option<RecordId>,
) -> Act {
    let mut value = Map::new();
    value.insert("text".into(), text.into());
    if !mentions.is_empty() {
        let mentions: Vec<String> = mentions.iter().map(ToString::to_string).collect();
        value.insert("mentions".into(), json!(mentions));
    }
    if let Some(reply_to) = reply_to {
        value.insert("replyTo".into(), reply_to.to_string().into());
    }
    Act::one("comment.add", Edit::Append { record, field: Field::Comments, entry, value: value.into() })
}

/// Considers a comment dealt with.
pub fn resolve_comment(record: RecordRef, comment: RecordId, doer: &Doer) -> Act {
    let value = json!({ "by": doer.member.to_string(), "at": doer.now.as_millis() });
    let key = comment.to_string();
    let edit = Edit::SetKey { record, field: Field::CommentsResolved, key, value: Some(value) };
    Act::one("comment.resolve", edit)
}

/// Takes that back.
pub fn reopen_comment(record: RecordRef, comment: RecordId) -> Act {
    let key = comment.to_string();
    Act::one("comment.reopen", Edit::SetKey { record, field: Field::CommentsResolved, key, value: None })
}

/// Puts a tag on a record.
pub fn tag(record: RecordRef, tag: &str) -> Act {
    Act::one("record.tag", Edit::Include { record, field: Field::Tags, member: tag.trim().to_owned() })
}

/// Takes a tag off a record.
pub fn untag(record: RecordRef, tag: &str) -> Act {
    Act::one("record.untag", Edit::Exclude { record, field: Field::Tags, member: tag.to_owned() })
}

/// Deletes a record softly: it stays, marked, and can be restored.
pub fn delete(record: RecordRef, reason: &str) -> Act {
    Act::one("record.delete", Edit::Delete { record, reason: reason.to_owned() })
}

/// Takes a deletion back.
pub fn restore(record: RecordRef) -> Act {
    Act::one("record.restore", Edit::Restore { record })
}
