//! A figure over time: line, targets, start, and months where two people entered different values. Its table twin holds
//! the same facts; the drawing has a summary for those who do not see it.

use super::{
    day,
    number::plain,
    plot::{Scale, line},
    sparkline::summary,
};
use leptos::{
    html::{div, span},
    prelude::*,
    svg::{circle, g, path, svg, text},
};

const WIDTH: f64 = 372.0;
const HEIGHT: f64 = 168.0;
const LEFT: f64 = 36.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 22.0;

/// One period of a series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    /// `2026-03` or `2026-W14`.
    pub(crate) period: String,
    /// The value that counts; `None` where nobody measured.
    pub(crate) value: Option<f64>,
    /// A second value that somebody entered for the same period, if they differ.
    pub(crate) other: Option<f64>,
    /// Not final yet.
    pub(crate) is_provisional: bool,
}

/// `targets` are two while two people's targets are open.
pub(crate) fn series_chart(name: &str, points: &[Point], start: Option<f64>, targets: &[f64]) -> AnyView {
    let values: Vec<Option<f64>> = points.iter().map(|point| point.value).collect();
    let all = values.iter().copied().flatten();
    let all =
        all.chain(points.iter().filter_map(|point| point.other)).chain(start).chain(targets.iter().copied());
    let y = Scale::covering(all, HEIGHT - BOTTOM, TOP);
    let steps = points.len().saturating_sub(1).max(1) as f64;
    let x = move |index: usize| LEFT + index as f64 / steps * (WIDTH - LEFT - RIGHT);
    let (drawn, alone) = line(&values, x, |value| y.at(value));
    let label = format!("{name}: {}", summary(&values, targets.first().copied()));
    let drawing = svg()
        .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
        .attr("role", "img")
        .attr("aria-label", label)
        .child((
            y.ticks().into_iter().map(|tick| rule(tick, y.at(tick))).collect_view(),
            months(points, x),
            start.map(|start| across("start", y.at(start))),
            targets.iter().map(|target| across("aim", y.at(*target))).collect_view(),
            path().attr("class", "line").attr("d", drawn),
            alone
                .into_iter()
                .filter_map(|index| Some((index, values.get(index).copied().flatten()?)))
                .map(|(index, value)| dot("dot", x(index), y.at(value)))
                .collect_view(),
            points.iter().enumerate().map(|(index, point)| pair(point, x(index), &y)).collect_view(),
            values
                .iter()
                .rposition(Option::is_some)
                .and_then(|last| Some((last, values.get(last).copied().flatten()?)))
                .map(|(last, value)| dot("dot last", x(last), y.at(value))),
        ));
    div().class("chart").child((drawing, key(start.is_some(), targets))).into_any()
}

fn rule(value: f64, y: f64) -> impl IntoView {
    g().child((
        path().attr("class", "rule").attr("d", format!("M{LEFT} {y:.1}H{}", WIDTH - RIGHT)),
        text()
            .attr("x", format!("{}", LEFT - 6.0))
            .attr("y", format!("{:.1}", y + 4.0))
            .attr("text-anchor", "end")
            .child(plain(value)),
    ))
}

fn across(class: &'static str, y: f64) -> impl IntoView {
    path().attr("class", class).attr("d", format!("M{LEFT} {y:.1}H{}", WIDTH - RIGHT))
}

fn dot(class: &'static str, x: f64, y: f64) -> impl IntoView {
    circle().attr("class", class).attr("r", "3").attr("cx", format!("{x:.1}")).attr("cy", format!("{y:.1}"))
}

/// Two values of one period, joined; a provisional one is hollow.
fn pair(point: &Point, x: f64, y: &Scale) -> AnyView {
    match (point.value, point.other) {
        (Some(value), Some(other)) => (
            path().attr("class", "pair").attr("d", format!("M{x:.1} {:.1}V{:.1}", y.at(value), y.at(other))),
            dot("dot pair-end", x, y.at(value)),
            dot("dot pair-end", x, y.at(other)),
        )
            .into_any(),
        (Some(value), None) if point.is_provisional => dot("dot soft", x, y.at(value)).into_any(),
        _ => ().into_any(),
    }
}

/// First, middle and last period, so that the words never touch.
fn months(points: &[Point], x: impl Fn(usize) -> f64) -> AnyView {
    let last = points.len().saturating_sub(1);
    let mut places = vec![(0, "start"), (last / 2, "middle"), (last, "end")];
    places.dedup_by_key(|(index, _)| *index);
    places
        .into_iter()
        .filter_map(|(index, anchor)| {
            let period = day::period(&points.get(index)?.period);
            Some(
                text()
                    .attr("x", format!("{:.1}", x(index)))
                    .attr("y", format!("{}", HEIGHT - 4.0))
                    .attr("text-anchor", anchor)
                    .child(period),
            )
        })
        .collect_view()
        .into_any()
}

fn key(has_start: bool, targets: &[f64]) -> AnyView {
    let sample = |class: &'static str| {
        svg()
            .attr("viewBox", "0 0 18 8")
            .attr("aria-hidden", "true")
            .child(path().attr("class", class).attr("d", "M0 4H18"))
    };
    let aim = match targets {
        [] => None,
        [target] => Some(format!("Target {}", plain(*target))),
        several => Some(format!(
            "Targets {}",
            several.iter().map(|target| plain(*target)).collect::<Vec<_>>().join(" and ")
        )),
    };
    div()
        .class("chart-key")
        .child((
            aim.map(|words| span().child((sample("aim"), words))),
            has_start.then(|| span().child((sample("start"), "Start"))),
        ))
        .into_any()
}
