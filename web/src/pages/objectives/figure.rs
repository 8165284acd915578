//! The figure of an objective: chart, table twin, and entering a value. A value is never edited: a correction is a new
//! one that names what it supersedes.

use super::{line::Line, prompts::prompts, table::periods};
use crate::{
    components::{
        chart::{Point, series_chart},
        choice::Choice,
        day,
        icon::{Icon, icon},
        mark::{Tone, shape},
        number::{NO_VALUE, plain, typed},
    },
    pages::{
        ask::form,
        create::{choice_field, text_field},
        desk::Desk,
        fields::Sheet,
        words,
    },
};
use ids::RecordId;
use leptos::{
    ev,
    html::{button, details, div, h3, p, section, span, summary, table, tbody, td, th, thead, tr},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Decimal, Edit, Field, Initial, Kind, Period, RecordRef,
    lens::{Kpi, Measured, Series},
};

/// Periods in the chart and the table.
const PERIODS: usize = 24;

/// Periods that can be chosen when a value is entered, the due one first.
const OFFERED: usize = 6;

/// The lines that a chart is drawn with: where it started, where it is to go.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Aims {
    pub(super) start: Option<f64>,
    /// Two while two people's targets are open.
    pub(super) targets: Vec<f64>,
}

/// The figure of an objective, with its start and targets.
pub(super) fn figure_of(sheet: Sheet, line: Memo<Option<Line>>) -> AnyView {
    let kpi = Memo::new(move |_| line.with(|line| line.as_ref().and_then(|line| line.kpi.clone())));
    let aims = Memo::new(move |_| {
        line.with(|line| {
            let objective = line.as_ref().map(|line| &line.objective)?;
            let targets = objective.targets.iter().map(|target| target.value.as_f64()).collect();
            Some(Aims { start: objective.start.and_then(|start| start.value).map(Decimal::as_f64), targets })
        })
        .unwrap_or_default()
    });
    figure(sheet, kpi, aims)
}

/// Chart, what is worth asking about, and entering a value.
pub(super) fn figure(sheet: Sheet, kpi: Memo<Option<Kpi>>, aims: Memo<Aims>) -> AnyView {
    let desk = sheet.desk;
    let series = Memo::new(move |_| {
        let id = kpi.with(|kpi| kpi.as_ref().map(|kpi| kpi.id));
        desk.series().with(|series| id.and_then(|id| series.get(&id).cloned()).unwrap_or_default())
    });
    let chart = move || {
        kpi.with(|kpi| {
            let kpi = kpi.as_ref()?;
            let points = series.with(|series| points(series, kpi, desk));
            Some(aims.with(|aims| series_chart(&kpi.title, &points, aims.start, &aims.targets)))
        })
    };
    let is_entering = RwSignal::new(false);
    (move || {
        let kpi_now = kpi;
        let kpi = kpi.get()?;
        let disputed = series.with(|series| series.points.values().filter(|point| point.is_contested()).count());
        let dispute = (disputed > 0).then(|| {
            p().class("notice watch").child((shape(Tone::Watch), "Two people entered different values for the same period; the worse one counts until somebody corrects it."))
        });
        let enter = (!sheet.read_only.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button framed push")
                .attr("aria-expanded", move || is_entering.get().to_string())
                .on(ev::click, move |_| is_entering.update(|entering| *entering = !*entering))
                .child((icon(Icon::Plus), "Value"))
        });
        let heading = (span().child((kpi.title.clone(), span().class("unit").child(kpi.unit.clone()))), enter);
        let form = { let kpi = kpi.clone(); move || is_entering.get().then(|| entry(desk, kpi.clone(), series, is_entering)) };
        Some(section().child((
            h3().child(heading),
            form,
            dispute,
            chart,
            prompts(sheet, kpi_now, series),
            details().class("more").child((
                summary().child((icon(Icon::Right), "All values")),
                div().class("series").attr("tabindex", "0").attr("role", "region").attr("aria-label", "Values by period").child(move || twin(desk, &kpi, &series.get())),
            )),
        )))
    })
    .into_any()
}

fn points(series: &Series, kpi: &Kpi, desk: Desk) -> Vec<Point> {
    let point = |period: Period| {
        let found = series.points.get(&period);
        let value = found.and_then(|point| point.value());
        let current = found.map(|point| point.current.as_slice()).unwrap_or_default();
        let other = current.iter().map(|measured| measured.value).find(|other| Some(*other) != value);
        Point {
            period: period.to_string(),
            value: value.map(Decimal::as_f64),
            other: other.map(Decimal::as_f64),
            is_provisional: current
                .iter()
                .any(|measured| measured.basis.as_deref().is_some_and(|basis| basis != "final")),
        }
    };
    periods(series, kpi, desk, PERIODS).into_iter().map(point).collect()
}

/// The same facts as a table, the latest first.
fn twin(desk: Desk, kpi: &Kpi, series: &Series) -> AnyView {
    let rows = periods(series, kpi, desk, PERIODS)
        .into_iter()
        .rev()
        .map(|period| {
            let current = series.points.get(&period).map(|point| point.current.clone()).unwrap_or_default();
            let who = |measured: &Measured| desk.first_name(measured.by);
            let values: Vec<String> = match current.as_slice() {
                [] => vec![NO_VALUE.to_owned()],
                [only] => vec![plain(only.value.as_f64())],
                several => several
                    .iter()
                    .map(|measured| format!("{} {}", plain(measured.value.as_f64()), who(measured)))
                    .collect(),
            };
            let basis = current
                .first()
                .and_then(|measured| measured.basis.as_deref())
                .map(words::label)
                .unwrap_or_default();
            let by = match current.as_slice() {
                [] => "no value".to_owned(),
                [only] => who(only),
                _ => String::new(),
            };
            tr().child((
                th().attr("scope", "row").child(day::period(&period.to_string())),
                td().class("right").child(values.join(" \u{b7} ")),
                td().class("quiet").child(basis),
                td().class("quiet").child(by),
            ))
        })
        .collect_view();
    let heads = [("Period", ""), ("Value", "right"), ("Basis", ""), ("Entered by", "")];
    let heads = heads
        .map(|(name, class)| th().attr("scope", "col").class(class).child(name))
        .into_iter()
        .collect_view();
    table().class("table").child((thead().child(tr().child(heads)), tbody().child(rows))).into_any()
}

fn entry(desk: Desk, kpi: Kpi, series: Memo<Series>, is_open: RwSignal<bool>) -> AnyView {
    let due = kpi.due_period(desk.today().get_untracked());
    let mut offered = vec![due.next(), due];
    while let Some(last) = offered.last().copied().filter(|_| offered.len() <= OFFERED) {
        offered.push(last.previous());
    }
    let has_value = |period: &Period| series.with_untracked(|series| series.points.contains_key(period));
    // The due period, or the first that is missing before it.
    let first = offered.iter().skip(1).find(|period| !has_value(period)).copied().unwrap_or(due);
    let period = RwSignal::new(first.to_string());
    let value = RwSignal::new(String::new());
    let basis = RwSignal::new("final".to_owned());
    let number = Memo::new(move |_| value.with(|value| typed(value)));
    let choices: Vec<Choice> = offered
        .iter()
        .map(|period| {
            let known =
                series.with_untracked(|series| series.points.get(period).and_then(|point| point.value()));
            let known = known.map(|known| format!(" (now {})", plain(known.as_f64()))).unwrap_or_default();
            Choice::new(period.to_string(), format!("{}{known}", day::period(&period.to_string())))
        })
        .collect();
    let bases =
        ["final", "provisional", "estimate"].map(|basis| Choice::new(basis, words::label(basis))).to_vec();
    let corrects = move || {
        let known = period
            .with(|period| period.parse::<Period>().ok())
            .is_some_and(|period| series.with(|series| series.points.contains_key(&period)));
        known.then(|| {
            p().class("quiet")
                .child("This corrects the value that is there. The old one stays in the history.")
        })
    };
    let kpi_id = kpi.id;
    let save = Callback::new(move |()| {
        let (Some(number), Ok(period)) = (number.get_untracked(), period.get_untracked().parse::<Period>())
        else {
            return;
        };
        let basis = basis.get_untracked();
        let measured =
            series.with_untracked(|series| value_edit(desk, kpi_id, series, period, &number, &basis));
        if desk.act("kpi.measure", vec![measured]) {
            is_open.set(false);
        }
    });
    form(
        (
            div().class("sheet-row").child((
                choice_field("Period", Signal::stored(choices), period, None),
                text_field("Value", value, ""),
            )),
            choice_field("Basis", Signal::stored(bases), basis, None),
            corrects,
        ),
        "Enter value",
        Signal::derive(move || number.with(Option::is_some)),
        save,
        is_open,
    )
}

/// Enters a value; where the period has some, it corrects them.
pub(super) fn value_edit(
    desk: Desk,
    kpi: RecordId,
    series: &Series,
    period: Period,
    number: &str,
    basis: &str,
) -> Edit {
    let superseded: Vec<String> =
        series.superseded_by_correction(period).iter().map(ToString::to_string).collect();
    let mut fields: Vec<(Field, Initial)> = vec![
        (Field::Kpi, kpi.to_string().into()),
        (Field::Period, period.to_string().into()),
        (Field::Value, json!({ "value": number, "basis": basis }).into()),
    ];
    if !superseded.is_empty() {
        fields.push((Field::Supersedes, json!(superseded).into()));
    }
    Edit::Create { record: RecordRef::new(Kind::Measurement, desk.fresh_id()), fields }
}
