//! Figures: two values for one period, values nobody entered, and objectives nobody can measure.

use super::{Finding, Level, Offer};
use crate::{AsOf, words};
use workspace::health::{Unmeasurable, objective_health_of};
use workspace::lens::{Kpi, Objective, Series};
use workspace::{Kind, Period, Record};

/// Due periods looked at for missing values.
const PERIODS: usize = 2;

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    match record.kind {
        Kind::Kpi => figure(as_of, record, findings),
        Kind::Objective => objective(as_of, record, findings),
        _ => {}
    }
}

fn figure(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let kpi = Kpi::of(record);
    let title = as_of.title(kpi.record());
    let nothing = Series::default();
    let series = as_of.series().get(&kpi.id).unwrap_or(&nothing);
    for (period, point) in series.points.iter().filter(|(_, point)| point.is_contested()) {
        let values = point.current.iter().map(|measured| {
            let who = measured.by.map_or("somebody", |by| as_of.name(by));
            format!("{} by {who}", measured.value)
        });
        let sentence = format!(
            "{title} has two values for {}: {}. The worse one counts until somebody enters the right one.",
            in_words(*period),
            words::list(values.collect())
        );
        findings.push(
            Finding::new("two-values", Level::Watch, kpi.record(), sentence)
                .about(period)
                .with(
                    point
                        .current
                        .iter()
                        .map(|measured| workspace::RecordRef::new(Kind::Measurement, measured.id)),
                )
                .offering([Offer::Correct]),
        );
    }
    let missing = missing(&kpi, series, as_of);
    if !missing.is_empty() {
        let periods = words::list(missing.iter().map(|period| in_words(*period)).collect());
        let sentence = format!("Nobody entered {title} for {periods}.");
        findings.push(
            Finding::new("value-missing", Level::Watch, kpi.record(), sentence).offering([Offer::EnterValue]),
        );
    }
}

/// The last due periods without a value, for a figure that was ever measured; oldest first.
pub(crate) fn missing(kpi: &Kpi, series: &Series, as_of: &AsOf<'_>) -> Vec<Period> {
    let Some(first) = series.points.keys().next().copied() else { return Vec::new() };
    let mut due = kpi.due_period(as_of.today);
    let mut missing = Vec::new();
    for _ in 0..PERIODS {
        if due >= first && !series.points.contains_key(&due) {
            missing.push(due);
        }
        let before = due.previous();
        due = kpi.due_period(before.next().first());
        if due >= before.next() {
            due = before;
        }
    }
    missing.reverse();
    missing
}

/// "Mar 2026", or the week as it is written.
fn in_words(period: Period) -> String {
    let text = period.to_string();
    if text.contains('W') {
        return text;
    }
    let day = words::day(period.first());
    day.split_once(' ').map_or(text, |(_, month)| month.to_owned())
}

fn objective(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let objective = Objective::of(record);
    if !objective.is_active() {
        return;
    }
    let kpi = objective.kpi.and_then(|kpi| as_of.view.get(Kind::Kpi, kpi)).map(|record| Kpi::of(record));
    let nothing = Series::default();
    let series = objective.kpi.and_then(|kpi| as_of.series().get(&kpi)).unwrap_or(&nothing);
    let told = objective_health_of(&objective, kpi.as_ref(), series, as_of.today);
    let title = as_of.title(objective.record());
    if let Err(why) = told.health {
        let because = match why {
            Unmeasurable::NoKpi => "it has no figure",
            Unmeasurable::NoStart => "nobody said where it started",
            Unmeasurable::NoTarget => "it has no target with a day that differs from its start",
            Unmeasurable::NoValues => "its figure has no values",
        };
        let sentence = format!("Nobody can tell how {title} is doing: {because}.");
        findings.push(
            Finding::new("objective-not-measurable", Level::Info, objective.record(), sentence)
                .offering([Offer::ChooseFigure]),
        );
    }
    if told.propose_missed {
        let sentence = format!(
            "The day of {title} is over and its target was not held: somebody should say what holds."
        );
        findings.push(
            Finding::new("objective-past-its-day", Level::Watch, objective.record(), sentence)
                .offering([Offer::ChooseState, Offer::Discuss]),
        );
    }
}
