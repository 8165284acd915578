//! The process behaviour chart: lines that say how much a figure varies by itself, and three things worth asking about.
//! The software draws; people judge, and may mark a point as having a known cause.

use super::trend::{mean, mean_moving_range};

/// The lines of an XmR chart and what is worth asking about.
#[derive(Clone, Debug, PartialEq)]
pub struct Xmr {
    /// The middle line.
    pub mean: f64,
    /// The lower natural limit.
    pub lower: f64,
    /// The upper natural limit.
    pub upper: f64,
    /// Places in the values, oldest first.
    pub prompts: Vec<(usize, Prompt)>,
}

/// Something worth asking about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prompt {
    /// A point outside the natural limits.
    Outside,
    /// The eighth of eight in a row on one side of the mean.
    EightOnOneSide,
    /// Three of the last four are nearer a limit than the mean.
    NearALimit,
}

/// Natural limits lie this many mean moving ranges from the mean (3 / 1.128).
const LIMIT: f64 = 2.66;

/// The chart of values, oldest first; `None` with fewer than two.
pub fn xmr(values: &[f64]) -> Option<Xmr> {
    let (mean, range) = (mean(values)?, mean_moving_range(values)?);
    let (lower, upper) = (mean - LIMIT * range, mean + LIMIT * range);
    let mut prompts = Vec::new();
    for (place, value) in values.iter().enumerate() {
        if *value < lower || *value > upper {
            prompts.push((place, Prompt::Outside));
        }
        let last = |count: usize| (place + 1).checked_sub(count).and_then(|from| values.get(from..=place));
        let one_side =
            |run: &[f64]| run.iter().all(|value| *value > mean) || run.iter().all(|value| *value < mean);
        if last(8).is_some_and(one_side) {
            prompts.push((place, Prompt::EightOnOneSide));
        }
        let halfway = LIMIT * range / 2.0;
        let near = |run: &[f64]| {
            let above = run.iter().filter(|value| **value > mean + halfway).count();
            let below = run.iter().filter(|value| **value < mean - halfway).count();
            above >= 3 || below >= 3
        };
        if last(4).is_some_and(near) {
            prompts.push((place, Prompt::NearALimit));
        }
    }
    Some(Xmr { mean, lower, upper, prompts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_known_chart() {
        // Mean 10, moving ranges 1, 1, 1: limits at 10 ± 2.66.
        let chart = xmr(&[9.5, 10.5, 9.5, 10.5]).unwrap();
        assert!((chart.mean - 10.0).abs() < 1e-9);
        assert!((chart.upper - 12.66).abs() < 1e-9 && (chart.lower - 7.34).abs() < 1e-9);
        assert!(chart.prompts.is_empty());
        assert_eq!(xmr(&[1.0]), None);
    }

    #[test]
    fn what_is_worth_asking_about() {
        let mut values = vec![10.0, 10.4, 9.6, 10.2, 9.8, 10.1, 9.9, 10.0, 10.3, 9.7];
        values.push(20.0);
        assert!(xmr(&values).unwrap().prompts.contains(&(10, Prompt::Outside)));

        let shift: Vec<f64> = (0..16).map(|i| if i < 8 { 10.0 } else { 11.0 }).collect();
        let prompts = xmr(&shift).unwrap().prompts;
        assert!(
            prompts.contains(&(7, Prompt::EightOnOneSide)) && prompts.contains(&(15, Prompt::EightOnOneSide))
        );
        assert!(prompts.iter().any(|(_, prompt)| *prompt == Prompt::NearALimit));
        let flat = xmr(&[5.0; 12]).unwrap();
        assert!(flat.prompts.is_empty(), "no side at all");
    }
}
