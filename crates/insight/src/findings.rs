//! Rules that are detected, not prevented. Anybody can write anything; everybody's device looks at the same document
//! and finds the same. A finding says what is odd, with its numbers, and what can be done about it; it closes nothing
//! and accuses nobody.
//!
//! One theme a file. A rule is a function from one record to what is odd about it, so that a record's panel and the
//! list of everything use the same rules.

mod actions;
mod alignment;
mod authority;
mod contested;
mod decisions;
mod document;
pub(crate) mod figures;
mod means;
mod offer;
mod ownership;
mod policy;
mod register;
mod reviews;
mod similar;

pub use alignment::why_not_activate;
pub use offer::Offer;

pub(crate) use actions::is_effect_overdue;
pub(crate) use alignment::{hollow_promises, is_supported, serves_a_customer};
pub(crate) use decisions::has_work_missing;
pub(crate) use means::{ANSWER_DAYS, is_without_means};
pub(crate) use ownership::is_owned;
pub(crate) use similar::Titles;

use crate::AsOf;
use workspace::{Kind, Record, RecordRef};

/// Something odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule: a stable word like `owner-contested`.
    pub rule: &'static str,
    /// Tells this finding from every other one, and stays the same while it lasts: the rule, the record and, where one
    /// record can have several, what it is about.
    pub id: String,
    /// How pressing it is.
    pub level: Level,
    /// What it is about; the record it is shown on comes first. Empty when it is about the document as a whole.
    pub records: Vec<RecordRef>,
    /// What is odd, in one plain sentence.
    pub sentence: String,
    /// What can be done about it, the usual first.
    pub offers: Vec<Offer>,
}

/// How pressing a finding is. No verdict: it says who should look how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know.
    Info,
    /// Somebody should look.
    Watch,
    /// A person has to settle it.
    Alert,
}

impl Level {
    /// The word for it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Watch => "watch",
            Self::Alert => "alert",
        }
    }
}

/// A rule looks at one record and says what is odd about it.
type Rule = fn(&AsOf<'_>, &Record, &mut Vec<Finding>);

/// Rules for records that are not deleted.
const RULES: &[Rule] = &[
    alignment::find,
    ownership::find,
    authority::find,
    means::find,
    policy::find,
    actions::find,
    decisions::find,
    register::find,
    figures::find,
    reviews::find,
    contested::find,
    document::find,
];

/// What is odd about a record.
pub fn of(as_of: &AsOf<'_>, record: RecordRef) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(record) = as_of.record(record) {
        look(as_of, record, &mut findings);
    }
    sort(&mut findings);
    findings
}

/// What is odd about the document as a whole: what a newer version wrote, unknown devices, clocks.
pub fn of_document(as_of: &AsOf<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    document::find_in_whole(as_of, &mut findings);
    policy::find_in_whole(as_of, &mut findings);
    sort(&mut findings);
    findings
}

/// Everything that is odd, the pressing first.
pub fn all(as_of: &AsOf<'_>) -> Vec<Finding> {
    let mut findings = of_document(as_of);
    for kind in Kind::ALL {
        for record in as_of.view.all(*kind) {
            look(as_of, record, &mut findings);
        }
    }
    sort(&mut findings);
    findings
}

fn look(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    if record.is_deleted() {
        document::find_in_deleted(as_of, record, findings);
        return;
    }
    for rule in RULES {
        rule(as_of, record, findings);
    }
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|one, other| (other.level, &one.id).cmp(&(one.level, &other.id)));
}

impl Finding {
    fn new(rule: &'static str, level: Level, record: RecordRef, sentence: String) -> Self {
        Self {
            rule,
            id: format!("{rule}:{record}"),
            level,
            records: vec![record],
            sentence,
            offers: Vec::new(),
        }
    }

    fn of_document(rule: &'static str, level: Level, detail: &str, sentence: String) -> Self {
        let id = if detail.is_empty() { rule.to_owned() } else { format!("{rule}:{detail}") };
        Self { rule, id, level, records: Vec::new(), sentence, offers: Vec::new() }
    }

    /// Tells it from others of the same rule on the same record.
    fn about(mut self, detail: impl std::fmt::Display) -> Self {
        self.id = format!("{}:{detail}", self.id);
        self
    }

    fn with(mut self, records: impl IntoIterator<Item = RecordRef>) -> Self {
        for record in records {
            if !self.records.contains(&record) {
                self.records.push(record);
            }
        }
        self
    }

    fn offering(mut self, offers: impl IntoIterator<Item = Offer>) -> Self {
        self.offers.extend(offers);
        self
    }
}
