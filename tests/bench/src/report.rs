//! The table and the JSON.

use crate::process::Kind;
use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Write};

/// One thing that is measured, and everything measured of it.
struct Row {
    scenario: &'static str,
    measure: String,
    unit: &'static str,
    aim: Option<Aim>,
    values: BTreeMap<Kind, Vec<f64>>,
}

/// What a value should be.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

impl Aim {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit,
            Self::AtLeast(limit) => value >= limit,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtMost(limit) => format!("<= {limit}"),
            Self::AtLeast(limit) => format!(">= {limit}"),
        }
    }
}

/// All rows, in the order in which they were first measured.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Report {
    /// Adds one measurement; the same measure again is a repetition.
    pub(crate) fn add(
        &mut self,
        scenario: &'static str,
        measure: impl Into<String>,
        unit: &'static str,
        aim: Option<Aim>,
        kind: Kind,
        value: f64,
    ) {
        let measure = measure.into();
        let _ = writeln!(
            std::io::stderr(),
            "  {:5} {scenario}: {measure} = {} {unit}",
            kind.name(),
            short(value)
        );
        let known = self.rows.iter_mut().find(|row| row.scenario == scenario && row.measure == measure);
        if let Some(row) = known {
            row.values.entry(kind).or_default().push(value);
        } else {
            let values = BTreeMap::from([(kind, vec![value])]);
            self.rows.push(Row { scenario, measure, unit, aim, values });
        }
    }

    /// Something the reader of the table must know.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        let _ = writeln!(std::io::stderr(), "  note: {note}");
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// As Markdown, medians with the smallest and the largest value.
    pub(crate) fn table(&self) -> String {
        let mut out = "| scenario | measure | ours | floor | peer | aim | |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
        for row in &self.rows {
            let cell = |kind| row.values.get(&kind).map_or_else(|| "–".to_owned(), |values| spread(values));
            let verdict = match (row.aim, row.values.get(&Kind::Ours)) {
                (Some(aim), Some(values)) if aim.is_met(median(values)) => "met",
                (Some(_), Some(_)) => "MISSED",
                _ => "",
            };
            out.push_str(&format!(
                "| {} | {}, {} | {} | {} | {} | {} | {verdict} |\n",
                row.scenario,
                row.measure,
                row.unit,
                cell(Kind::Ours),
                cell(Kind::Plain),
                cell(Kind::Peer),
                row.aim.map_or_else(String::new, Aim::text),
            ));
        }
        for note in &self.notes {
            out.push_str(&format!("\n- {note}"));
        }
        out
    }

    /// Every value.
    pub(crate) fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let values: BTreeMap<&str, &Vec<f64>> =
                    row.values.iter().map(|(kind, values)| (kind.name(), values)).collect();
                json!({
                    "scenario": row.scenario,
                    "measure": row.measure,
                    "unit": row.unit,
                    "aim": row.aim.map(Aim::text),
                    "values": values,
                })
            })
            .collect();
        json!({ "rows": rows, "notes": self.notes })
    }
}

/// The middle of some values.
pub(crate) fn median(values: &[f64]) -> f64 {
    percentile(values, 0.5)
}

/// The value that this share of all does not exceed.
pub(crate) fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

fn spread(values: &[f64]) -> String {
    match values {
        [one] => short(*one),
        _ => format!(
            "{} ({}–{})",
            short(median(values)),
            short(percentile(values, 0.0)),
            short(percentile(values, 1.0))
        ),
    }
}

fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size < 0.1 => format!("{value:.4}"),
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 1_000.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_medians_and_says_what_was_missed() {
        let mut report = Report::default();
        for value in [3.0, 1.0, 2.0] {
            report.add("meeting", "p99", "ms", Some(Aim::AtMost(1.5)), Kind::Ours, value);
        }
        report.add("meeting", "p99", "ms", None, Kind::Plain, 0.05);
        assert!(
            report
                .table()
                .contains("| meeting | p99, ms | 2.00 (1.00–3.00) | 0.0500 | – | <= 1.5 | MISSED |")
        );
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!((median(&values), percentile(&values, 0.99)), (50.0, 99.0));
    }
}
