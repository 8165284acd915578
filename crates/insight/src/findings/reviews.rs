//! Two copies of one review: two people began the same occurrence apart.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use workspace::{Field, Kind, Record, RecordRef};

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    if record.kind != Kind::Review {
        return;
    }
    let (Some(cadence), Some(occurrence)) = (record.id_of(Field::Cadence), record.date(Field::Occurrence))
    else {
        return;
    };
    let twins: Vec<RecordRef> = as_of
        .all(Kind::Review)
        .filter(|other| other.id != record.id && other.status() != Some("cancelled"))
        .filter(|other| other.id_of(Field::Cadence) == Some(cadence))
        .filter(|other| other.date(Field::Occurrence) == Some(occurrence))
        .map(Record::reference)
        .collect();
    if twins.is_empty() || record.status() == Some("cancelled") {
        return;
    }
    let (year, month) = words::day(occurrence)
        .split_once(' ')
        .map(|(_, month)| month.to_owned())
        .and_then(|month| month.split_once(' ').map(|(month, year)| (year.to_owned(), month.to_owned())))
        .unwrap_or_default();
    let sentence = format!(
        "{} copies of the {month} {year} review: two people began it apart.",
        if twins.len() == 1 { "Two".to_owned() } else { (twins.len() + 1).to_string() }
    );
    let offers: Vec<Offer> = twins.iter().map(|twin| Offer::Merge(*twin)).collect();
    findings.push(
        Finding::new("review-twice", Level::Alert, record.reference(), sentence).with(twins).offering(offers),
    );
}
