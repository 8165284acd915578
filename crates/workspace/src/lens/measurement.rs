//! Values of a KPI over time. A value is never edited: a correction is a new measurement that names what it
//! supersedes, so two corrections made apart are two current values.

use super::{Better, parts};
use crate::{Decimal, Field, Kind, Period, Record, View};
use ids::{MemberId, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// One measured value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The measurement.
    pub id: RecordId,
    /// The value.
    pub value: Decimal,
    /// `final`, `provisional` or `estimate`.
    pub basis: Option<String>,
    /// Who entered it.
    pub by: Option<MemberId>,
    /// What was said about it.
    pub note: Option<String>,
}

/// The current values of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Values that nothing supersedes, by birth; equal ones collapse. More than one is a disagreement.
    pub current: Vec<Measured>,
    worst: usize,
}

impl Point {
    /// The value that counts: the worse one.
    pub fn value(&self) -> Option<Decimal> {
        self.current.get(self.worst).map(|measured| measured.value)
    }

    /// Whether two different values are current.
    pub fn is_contested(&self) -> bool {
        self.current.len() > 1
    }
}

/// The values of one KPI by period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Period -> current values. A period nobody measured is absent; it is never zero.
    pub points: BTreeMap<Period, Point>,
}

impl Series {
    /// The series of every KPI, in one pass over the measurements.
    pub fn all(view: &View) -> BTreeMap<RecordId, Self> {
        let mut measurements: BTreeMap<RecordId, Vec<&Record>> = BTreeMap::new();
        for record in view.live(Kind::Measurement) {
            if let Some(kpi) = record.id_of(Field::Kpi) {
                measurements.entry(kpi).or_default().push(record);
            }
        }
        let better = |kpi| view.get(Kind::Kpi, kpi).and_then(|record| super::Kpi::of(record).better);
        measurements.into_iter().map(|(kpi, records)| (kpi, Self::from(&records, better(kpi)))).collect()
    }

    /// The series of one KPI.
    pub fn of(view: &View, kpi: RecordId) -> Self {
        let records: Vec<&Record> = view
            .live(Kind::Measurement)
            .map(AsRef::as_ref)
            .filter(|record: &&Record| record.id_of(Field::Kpi) == Some(kpi))
            .collect();
        let better = view.get(Kind::Kpi, kpi).and_then(|record| super::Kpi::of(record).better);
        Self::from(&records, better)
    }

    /// The values that count, by period, oldest first.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = (Period, Decimal)> {
        self.points.iter().filter_map(|(period, point)| Some((*period, point.value()?)))
    }

    /// Which measurements a correction of this period supersedes.
    pub fn superseded_by_correction(&self, period: Period) -> Vec<RecordId> {
        let point = self.points.get(&period);
        point.map_or_else(Vec::new, |point| point.current.iter().map(|measured| measured.id).collect())
    }

    fn from(records: &[&Record], better: Option<Better>) -> Self {
        let gone: BTreeSet<RecordId> = records.iter().flat_map(|record| superseded(record)).collect();
        let mut points: BTreeMap<Period, Point> = BTreeMap::new();
        // A forged circle of corrections must not empty the chart.
        let circle = records.iter().all(|record| gone.contains(&record.id));
        for record in records.iter().filter(|record| circle || !gone.contains(&record.id)) {
            let Some((period, measured)) = measured(record) else { continue };
            let point = points.entry(period).or_insert_with(|| Point { current: Vec::new(), worst: 0 });
            if point.current.iter().all(|known| known.value != measured.value) {
                point.current.push(measured);
            }
        }
        for point in points.values_mut() {
            point.worst = worst(&point.current, better);
        }
        Self { points }
    }
}

fn superseded(record: &Record) -> Vec<RecordId> {
    let ids = record.atom(Field::Supersedes).and_then(|ids| ids.as_array());
    let ids = ids.into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok());
    ids.filter(|id| *id != record.id).collect()
}

fn measured(record: &Record) -> Option<(Period, Measured)> {
    let atom = record.atom(Field::Value)?;
    let measured = Measured {
        id: record.id,
        value: parts::decimal(atom, "value")?,
        basis: parts::text(atom, "basis").map(str::to_owned),
        by: record.id_of(Field::CreatedBy).map(MemberId),
        note: record.line(Field::Note).map(str::to_owned),
    };
    Some((record.line(Field::Period)?.parse().ok()?, measured))
}

fn worst(values: &[Measured], better: Option<Better>) -> usize {
    let badness = |value: Decimal| match better {
        Some(Better::Up) => -value.billionths(),
        Some(Better::Down) => value.billionths(),
        Some(Better::Band { low, high }) => {
            (low.billionths() - value.billionths()).max(value.billionths() - high.billionths())
        }
        // Nobody said which way is better: the later born.
        None => 0,
    };
    let places = values.iter().enumerate();
    places.max_by_key(|(_, measured)| badness(measured.value)).map_or(0, |(place, _)| place)
}
