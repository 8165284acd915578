//! Giving authority, and giving records into other hands. Ownership changes only together with the receiver's own
//! acceptance.

use super::{
    Doer,
    way::{lead, step},
};
use crate::lens::{Handover, owner_field};
use crate::{Act, Edit, Field, Initial, Kind, Record, RecordRef};
use ids::{MemberId, RecordId};
use serde_json::{Map, json};

/// What the receiver says to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Takes it over.
    Accept,
    /// Leaves it where it is.
    Decline,
}

/// Offers a record to another member. Nothing changes hands yet.
pub fn hand_over(
    handover: RecordId,
    subject: RecordRef,
    from: Option<MemberId>,
    to: MemberId,
    reason: &str,
    doer: &Doer,
) -> Act {
    let mut fields: Vec<(Field, Initial)> = vec![
        (Field::Record, subject.to_string().into()),
        (Field::To, to.into()),
        (Field::OfferedAt, doer.now.into()),
    ];
    if let Some(from) = from {
        fields.push((Field::From, from.into()));
    }
    if !reason.trim().is_empty() {
        fields.push((Field::Reason, reason.into()));
    }
    let record = RecordRef::new(Kind::Handover, handover);
    Act::one("handover.offer", Edit::Create { record, fields })
}

/// Answers an offer. Accepting writes the answer, the state and the new owner in one change; declining leaves the owner.
pub fn accept_or_decline(handover: &Record, answered: Answered, note: &str, doer: &Doer) -> Act {
    let (word, name) = match answered {
        Answered::Accept => ("accepted", "handover.accept"),
        Answered::Decline => ("declined", "handover.decline"),
    };
    let record = handover.reference();
    let mut answer = Map::new();
    answer.insert("answer".into(), word.into());
    answer.insert("by".into(), doer.member.to_string().into());
    answer.insert("at".into(), doer.now.as_millis().into());
    if !note.trim().is_empty() {
        answer.insert("note".into(), note.into());
    }
    let value = Some(serde_json::Value::Object(answer).into());
    let mut edits = vec![Edit::Set { record, field: Field::Answer, value }];
    edits.extend(lead(handover, word, ""));
    let lens = Handover::of(handover);
    if let (Answered::Accept, Some(subject), Some(to)) = (answered, lens.subject, lens.to)
        && let Some(field) = owner_field(subject.kind)
    {
        edits.push(Edit::Set { record: subject, field, value: Some(to.into()) });
    }
    Act::new(name, edits)
}

/// Gives authority: a new grant, at once in effect. `fields` say to whom, for what, up to which limit and until when.
pub fn give_authority(grant: RecordId, fields: Vec<(Field, Initial)>, doer: &Doer) -> Act {
    let record = RecordRef::new(Kind::Grant, grant);
    let mut fields = fields;
    if fields.iter().all(|(field, _)| *field != Field::GrantedBy) {
        fields.push((Field::GrantedBy, doer.member.into()));
    }
    if fields.iter().all(|(field, _)| *field != Field::Valid) {
        let valid = json!({ "from": doer.today.to_string() });
        fields.push((Field::Valid, crate::Scalar::Atom(valid).into()));
    }
    Act::new("grant.give", vec![Edit::Create { record, fields }, step(record, "active", "")])
}

/// Takes authority back.
pub fn revoke_grant(grant: &Record, note: &str) -> Act {
    Act::new("grant.revoke", lead(grant, "revoked", note))
}

/// Says that authority has run out.
pub fn expire_grant(grant: &Record, note: &str) -> Act {
    Act::new("grant.expire", lead(grant, "expired", note))
}
