//! A trend in the space of a word: the line, a dashed rule at the target, a dot at the last value.

use super::{
    number::plain,
    plot::{Scale, line},
};
use leptos::{
    prelude::*,
    svg::{circle, path, svg},
};

const WIDTH: f64 = 104.0;
const HEIGHT: f64 = 26.0;
const MARGIN: f64 = 3.0;

/// `values` oldest first; `None` is a period that nobody measured. The words of the label are the table twin's summary.
pub(crate) fn sparkline(values: &[Option<f64>], target: Option<f64>) -> AnyView {
    let y = Scale::covering(values.iter().copied().flatten().chain(target), HEIGHT - MARGIN, MARGIN);
    let steps = values.len().saturating_sub(1).max(1) as f64;
    let x = |index: usize| MARGIN + index as f64 / steps * (WIDTH - 2.0 * MARGIN);
    let (drawn, alone) = line(values, x, |value| y.at(value));
    let dot = |index: usize, class: &'static str, radius: &'static str| {
        values.get(index).copied().flatten().map(|value| {
            circle()
                .attr("class", class)
                .attr("r", radius)
                .attr("cx", format!("{:.1}", x(index)))
                .attr("cy", format!("{:.1}", y.at(value)))
        })
    };
    let last = values.iter().rposition(Option::is_some);
    let rule = target.map(|target| {
        let y = format!("{:.1}", y.at(target));
        path().attr("class", "aim").attr("d", format!("M{MARGIN} {y}H{}", WIDTH - MARGIN))
    });
    svg()
        .attr("class", "spark")
        .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
        .attr("role", "img")
        .attr("aria-label", summary(values, target))
        .child((
            rule,
            path().attr("class", "line").attr("d", drawn),
            alone.into_iter().map(|index| dot(index, "alone", "1.5")).collect_view(),
            last.map(|last| dot(last, "last", "2.2")),
        ))
        .into_any()
}

/// "24 values from 86.3 to 93.6, target 95, last value missing"
pub(crate) fn summary(values: &[Option<f64>], target: Option<f64>) -> String {
    let measured: Vec<f64> = values.iter().copied().flatten().collect();
    let mut words = match (measured.first(), measured.last()) {
        (Some(only), Some(_)) if measured.len() == 1 => format!("1 value, {}", plain(*only)),
        (Some(first), Some(last)) => {
            format!("{} values from {} to {}", measured.len(), plain(*first), plain(*last))
        }
        _ => "No values yet".to_owned(),
    };
    if let Some(target) = target {
        words.push_str(&format!(", target {}", plain(target)));
    }
    if !measured.is_empty() && values.last().is_some_and(Option::is_none) {
        words.push_str(", last value missing");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_what_the_line_shows() {
        assert_eq!(
            summary(&[Some(86.3), None, Some(93.6)], Some(95.0)),
            "2 values from 86.3 to 93.6, target 95"
        );
        assert_eq!(summary(&[Some(9.0), None], None), "1 value, 9, last value missing");
        assert_eq!(summary(&[], None), "No values yet");
    }
}
