//! From a day until a day, either end open.

use super::parts;
use crate::Date;
use serde_json::Value as Json;

/// From a day until a day; an end that nobody named is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl Span {
    /// Whether the day lies in it.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && !self.is_over(day)
    }

    /// Whether its last day has passed.
    pub fn is_over(&self, day: Date) -> bool {
        self.until.is_some_and(|until| until < day)
    }

    pub(super) fn of(json: &Json) -> Self {
        Self { from: parts::date(json, "from"), until: parts::date(json, "until") }
    }
}
