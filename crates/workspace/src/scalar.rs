//! One value of a register.

use crate::canonical;
use serde_json::Value as Json;
use std::fmt;

/// A scalar of a register, order, reference or atom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// Yes or no.
    Flag(bool),
    /// A whole number; times are milliseconds since the epoch.
    Int(i64),
    /// Text: a title, an enum value, a date, a decimal, the id of a record.
    Text(String),
    /// An atom: several values that belong together and are written as one (canonical JSON in the document).
    Atom(Json),
}

impl Scalar {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(int) = self { Some(*int) } else { None }
    }

    /// The flag, if it is one.
    pub fn as_flag(&self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(*flag) } else { None }
    }

    /// The atom, if it is one.
    pub fn as_atom(&self) -> Option<&Json> {
        if let Self::Atom(json) = self { Some(json) } else { None }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => flag.fmt(f),
            Self::Int(int) => int.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Atom(json) => f.write_str(&canonical::text(json)),
        }
    }
}

impl From<bool> for Scalar {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Scalar {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Json> for Scalar {
    fn from(json: Json) -> Self {
        Self::Atom(json)
    }
}

impl From<ids::RecordId> for Scalar {
    fn from(id: ids::RecordId) -> Self {
        Self::Text(id.to_string())
    }
}

impl From<ids::MemberId> for Scalar {
    fn from(id: ids::MemberId) -> Self {
        Self::Text(id.to_string())
    }
}

impl From<crate::Date> for Scalar {
    fn from(date: crate::Date) -> Self {
        Self::Text(date.to_string())
    }
}

impl From<ids::Timestamp> for Scalar {
    fn from(time: ids::Timestamp) -> Self {
        Self::Int(time.as_millis())
    }
}
