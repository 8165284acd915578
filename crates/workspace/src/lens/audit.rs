//! Audits and what they found. Inputs to a review, no audit tool.

use super::{Span, Step, parts};
use crate::{Field, Kind, Record, RecordRef, View};
use ids::{MemberId, RecordId};

/// An audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// `internal`, `customer` or `external`.
    pub kind: Option<String>,
    /// Its days; of several open spans the one that begins first.
    pub range: Option<Span>,
    /// What it looks at.
    pub area: Option<String>,
    /// Who audits.
    pub auditor: Option<String>,
    /// What came of it.
    pub summary: String,
    /// The report.
    pub report: Option<RecordId>,
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFinding {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// The audit that found it.
    pub audit: Option<RecordId>,
    /// `major`, `minor`, `observation`, `opportunity` or `strength`; of several open ones the graver.
    pub grade: Option<String>,
    /// What was found.
    pub statement: String,
    /// The place in the standard, as the auditor wrote it.
    pub clause: Option<String>,
    /// Why it came to that.
    pub cause: String,
    /// Who deals with it: normally one member.
    pub owners: Vec<MemberId>,
    /// Its state, by the cautious order.
    pub status: String,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

impl Audit {
    /// Reads an audit.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            kind: parts::line(record, Field::Kind),
            range: record.atom(Field::Range).map(Span::of),
            area: parts::line(record, Field::Area),
            auditor: parts::line(record, Field::Auditor),
            summary: record.text(Field::Summary).to_owned(),
            report: record.id_of(Field::Report),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Audit, self.id)
    }

    /// What it found, by birth.
    pub fn findings(view: &View, audit: RecordId) -> Vec<AuditFinding> {
        let of_audit = view.live(Kind::Finding).filter(|record| record.id_of(Field::Audit) == Some(audit));
        of_audit.map(|record| AuditFinding::of(record)).collect()
    }
}

impl AuditFinding {
    /// Reads a finding.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            audit: record.id_of(Field::Audit),
            grade: parts::line(record, Field::Grade),
            statement: record.text(Field::Statement).to_owned(),
            clause: parts::line(record, Field::Clause),
            cause: record.text(Field::Cause).to_owned(),
            owners: parts::members(record, Field::Owner),
            status: record.status().unwrap_or("open").to_owned(),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Finding, self.id)
    }

    /// Whether there is still something to do.
    pub fn is_open(&self) -> bool {
        matches!(self.status.as_str(), "open" | "action-agreed" | "reopened")
    }
}
