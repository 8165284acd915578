//! A job in the system, filled or empty.

use super::parts;
use crate::{Field, Kind, Record, RecordRef};
use ids::{MemberId, RecordId};

/// A seat of the accountability chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: RecordId,
    /// What the job is called.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// Who holds it: none when it is empty, two when it was filled twice apart.
    pub holders: Vec<MemberId>,
    /// Who stands in.
    pub deputies: Vec<MemberId>,
    /// The seat it reports to: normally one.
    pub reports_to: Vec<RecordId>,
    /// Codes of the duties that go with it.
    pub duties: Vec<String>,
}

impl Seat {
    /// Reads a seat.
    pub fn of(record: &Record) -> Self {
        Self {
            id: record.id,
            title: record.title().to_owned(),
            purpose: record.text(Field::Purpose).to_owned(),
            holders: parts::members(record, Field::Holder),
            deputies: parts::members(record, Field::Deputy),
            reports_to: parts::open_ids(record, Field::ReportsTo),
            duties: record.members(Field::Duties).map(str::to_owned).collect(),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Seat, self.id)
    }

    /// Whether nobody holds it.
    pub fn is_empty(&self) -> bool {
        self.holders.is_empty()
    }

    /// Whether several people believe to hold it.
    pub fn is_contested(&self) -> bool {
        self.holders.len() > 1
    }
}
