//! A person.

use super::parts;
use crate::{Date, Field, Record};
use ids::MemberId;

/// A member of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// What they do.
    pub role_title: String,
    /// What they may do; of several open values the least power.
    pub kind: Option<MemberKind>,
    /// Two or three letters.
    pub initials: String,
    /// A colour name or value.
    pub colour: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberKind {
    /// Invited for a while.
    Guest,
    /// Reads for an audit.
    Auditor,
    /// Keeps the concerns.
    Custodian,
    /// Prepares and runs meetings, takes no decisions.
    Facilitator,
    /// Leads a part.
    Lead,
    /// Top management.
    Top,
}

impl MemberKind {
    /// The kind of a word in the document.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "guest" => Self::Guest,
            "auditor" => Self::Auditor,
            "custodian" => Self::Custodian,
            "facilitator" => Self::Facilitator,
            "lead" => Self::Lead,
            "top" => Self::Top,
            _ => return None,
        })
    }
}

impl Member {
    /// Reads a member.
    pub fn of(record: &Record) -> Self {
        let name = record.title().to_owned();
        let active = record.atom(Field::Active);
        let line = |field| record.line(field).filter(|text| !text.is_empty()).map(str::to_owned);
        Self {
            id: MemberId(record.id),
            role_title: line(Field::RoleTitle).unwrap_or_default(),
            kind: record.line(Field::Kind).and_then(MemberKind::of),
            initials: line(Field::Initials).unwrap_or_else(|| initials(&name)),
            name,
            colour: line(Field::Colour),
            email: line(Field::Email),
            from: active.and_then(|active| parts::date(active, "from")),
            until: active.and_then(|active| parts::date(active, "until")),
        }
    }

    /// Whether the member belongs to the team on that day.
    pub fn is_active(&self, today: Date) -> bool {
        self.from.is_none_or(|from| from <= today) && self.until.is_none_or(|until| today <= until)
    }
}

/// First letters of the first and the last name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}
