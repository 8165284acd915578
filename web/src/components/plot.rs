//! Where values stand on paper. Pure geometry, so that a chart can be tested without a browser.

/// A stretch of numbers drawn on a stretch of paper. Reversed paper (`from > to`) draws upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Covers all `values`; a single value stands in the middle.
    pub(crate) fn covering(values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        } else if (high - low).abs() < f64::EPSILON {
            (low, high) = (low - 1.0, high + 1.0);
        }
        Self { low, high, from, to }
    }

    pub(crate) fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Two to five round numbers inside the stretch, for rules across a chart.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let span = self.high - self.low;
        let magnitude = 10f64.powf((span / 4.0).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * magnitude)
            .find(|step| span / step <= 4.0)
            .unwrap_or(10.0 * magnitude);
        let first = (self.low / step).ceil();
        (0..6)
            .map(|index| (first + f64::from(index)) * step)
            .filter(|tick| *tick <= self.high + step * 1e-9)
            .collect()
    }
}

/// The path of a series: where a value is missing the line has a gap, it never falls to zero. A value between two gaps
/// is no line; it comes back in the second list, to be drawn as a dot.
pub(crate) fn line(
    values: &[Option<f64>],
    x: impl Fn(usize) -> f64,
    y: impl Fn(f64) -> f64,
) -> (String, Vec<usize>) {
    let mut path = String::new();
    let mut alone = Vec::new();
    let present = |index: usize| values.get(index).copied().flatten();
    for (index, value) in values.iter().enumerate() {
        let Some(value) = *value else { continue };
        let joins_last = index > 0 && present(index - 1).is_some();
        let joins_next = present(index + 1).is_some();
        if !joins_last && !joins_next {
            alone.push(index);
            continue;
        }
        path.push_str(&format!("{}{:.1} {:.1}", if joins_last { 'L' } else { 'M' }, x(index), y(value)));
    }
    (path, alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_value_is_a_gap() {
        let values = [Some(1.0), Some(2.0), None, Some(3.0), None, Some(4.0), Some(5.0)];
        let (path, alone) = line(&values, |index| index as f64, |value| value);
        assert_eq!(path, "M0.0 1.0L1.0 2.0M5.0 4.0L6.0 5.0");
        assert_eq!(alone, [3]);
    }

    #[test]
    fn the_scale_meets_its_ends_and_survives_one_value() {
        let scale = Scale::covering([2.0, 6.0], 100.0, 0.0);
        assert_eq!((scale.at(2.0), scale.at(6.0), scale.at(4.0)), (100.0, 0.0, 50.0));
        assert_eq!(Scale::covering([3.0], 0.0, 10.0).at(3.0), 5.0);
        assert!(Scale::covering([], 0.0, 10.0).at(0.5).is_finite());
    }

    #[test]
    fn ticks_are_few_round_and_inside() {
        assert_eq!(Scale::covering([84.7, 95.0], 0.0, 1.0).ticks(), [85.0, 90.0, 95.0]);
        assert_eq!(Scale::covering([0.0, 12.0], 0.0, 1.0).ticks(), [0.0, 5.0, 10.0]);
        for (low, high) in [(1364.0, 600.0), (8.08, 8.8), (-3.0, 4.0), (0.64, 2.5)] {
            let ticks = Scale::covering([low, high], 0.0, 1.0).ticks();
            assert!((2..=5).contains(&ticks.len()), "{low} {high} {ticks:?}");
        }
    }
}
