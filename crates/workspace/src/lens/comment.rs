//! What people said about a record.

use super::parts;
use crate::{Field, Record};
use ids::{MemberId, RecordId, Timestamp};
use serde_json::Value as Json;

/// One comment; never changed after it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The entry.
    pub id: RecordId,
    /// Who wrote it.
    pub by: Option<MemberId>,
    /// When, by that person's clock.
    pub at: Option<Timestamp>,
    /// The words.
    pub text: String,
    /// Who is called in it.
    pub mentions: Vec<MemberId>,
    /// The comment it answers.
    pub reply_to: Option<RecordId>,
    /// That somebody considers it dealt with.
    pub resolved: Option<Resolved>,
}

/// A comment was dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Who said so.
    pub by: Option<MemberId>,
    /// When.
    pub at: Option<Timestamp>,
}

impl Comment {
    /// The comments of a record, by birth.
    pub fn all(record: &Record) -> Vec<Self> {
        let comments = record.entries(Field::Comments);
        comments.map(|(id, entry)| comment(record, id, entry)).collect()
    }

    /// The comments nobody resolved that call a member and that the member did not answer.
    pub fn waiting_for(record: &Record, member: MemberId) -> Vec<Self> {
        let all = Self::all(record);
        let answered = |comment: &Self| {
            all.iter().any(|reply| reply.reply_to == Some(comment.id) && reply.by == Some(member))
        };
        let waits = |comment: &&Self| {
            comment.resolved.is_none()
                && comment.by != Some(member)
                && comment.mentions.contains(&member)
                && !answered(comment)
        };
        all.iter().filter(waits).cloned().collect()
    }
}

fn comment(record: &Record, id: RecordId, entry: &Json) -> Comment {
    let mentions = entry.get("mentions").and_then(Json::as_array);
    let mentions = mentions.into_iter().flatten().filter_map(Json::as_str);
    let resolved = record.keyed_value(Field::CommentsResolved, &id.to_string());
    Comment {
        id,
        by: parts::member(entry, "by"),
        at: parts::moment(entry, "at"),
        text: parts::words(entry, "text"),
        mentions: mentions.filter_map(|member| member.parse().ok()).collect(),
        reply_to: parts::id(entry, "replyTo"),
        resolved: resolved
            .map(|json| Resolved { by: parts::member(json, "by"), at: parts::moment(json, "at") }),
    }
}
