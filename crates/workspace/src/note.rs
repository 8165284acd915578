//! The message of a change: what was done, by whom, to which records. Compact JSON, self-asserted, for display.

use crate::{RecordRef, canonical};
use ids::MemberId;
use serde_json::{Map, Value as Json};

/// What a change says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeNote {
    /// What was done: `risk.rate`.
    pub act: String,
    /// The member who did it.
    pub member: Option<MemberId>,
    /// The records it was about, the primary one first. At most [`ChangeNote::RECORDS_MAX`].
    pub records: Vec<RecordRef>,
}

impl ChangeNote {
    /// Longest act name, in characters.
    pub const ACT_CHARS_MAX: usize = 60;
    /// Most records named by one change. Larger acts (an import) name the first ones.
    pub const RECORDS_MAX: usize = 8;

    /// The message text: `{"a":"risk.rate","m":"01J…","r":["register/01J…"]}`.
    pub fn to_message(&self) -> String {
        let mut members = Map::new();
        members.insert("a".into(), Json::String(self.act.chars().take(Self::ACT_CHARS_MAX).collect()));
        if let Some(member) = self.member {
            members.insert("m".into(), Json::String(member.to_string()));
        }
        let records: Vec<Json> = self
            .records
            .iter()
            .take(Self::RECORDS_MAX)
            .map(|record| Json::String(record.to_string()))
            .collect();
        if !records.is_empty() {
            members.insert("r".into(), Json::Array(records));
        }
        canonical::text(&Json::Object(members))
    }

    /// Reads a message; `None` when it is not one of ours. Unknown parts are skipped.
    pub fn parse(message: &str) -> Option<Self> {
        let Json::Object(members) = serde_json::from_str(message).ok()? else { return None };
        let act = members.get("a")?.as_str()?.chars().take(Self::ACT_CHARS_MAX).collect();
        let member = members.get("m").and_then(Json::as_str).and_then(|member| member.parse().ok());
        let records = members.get("r").and_then(Json::as_array).map_or_else(Vec::new, |records| {
            let texts = records.iter().take(Self::RECORDS_MAX).filter_map(Json::as_str);
            texts.filter_map(|record| record.parse().ok()).collect()
        });
        Some(Self { act, member, records })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use ids::RecordId;

    #[test]
    fn a_note_survives_its_message() {
        let note = ChangeNote {
            act: "risk.rate".into(),
            member: Some(MemberId(RecordId::from_bits(5))),
            records: vec![RecordRef::new(Kind::Register, RecordId::from_bits(9))],
        };
        assert_eq!(ChangeNote::parse(&note.to_message()), Some(note));
    }

    #[test]
    fn messages_of_others_are_no_notes() {
        for message in ["", "fix typo", "[]", "{}", r#"{"a":1}"#, r#"{"m":"x"}"#] {
            assert_eq!(ChangeNote::parse(message), None);
        }
        let odd = ChangeNote::parse(r#"{"a":"x","m":"nobody","r":[1,"goals"]}"#).unwrap();
        assert_eq!((odd.member, odd.records.len()), (None, 0));
    }
}
