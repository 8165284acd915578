//! Where a figure is going.

use crate::lens::Better;

/// Where a figure is going, against its own noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    /// The wrong way, by more than its noise.
    Worsening,
    /// Not distinguishable from noise.
    Flat,
    /// The right way, by more than its noise.
    Improving,
}

/// Values needed for a trend.
const VALUES_MIN: usize = 12;
/// Values looked at.
const VALUES_MAX: usize = 24;
const LATEST: usize = 4;
const EARLIER: usize = 8;
/// Expected moving range of two values in units of their standard deviation.
const RANGE_PER_SIGMA: f64 = 1.128;

/// The trend of values, oldest first: the mean of the last 4 against the mean of the 8 before, in units of the noise
/// (mean moving range / 1.128). `None` with fewer than 12 values or when nobody said which way is better.
pub fn trend(values: &[f64], better: Option<Better>) -> Option<Trend> {
    let better = better?;
    if values.len() < VALUES_MIN {
        return None;
    }
    let values = tail(values, VALUES_MAX);
    let latest = tail(values, LATEST);
    let earlier = tail(values.get(..values.len() - LATEST)?, EARLIER);
    let (now, before) = (mean(latest)?, mean(earlier)?);
    let noise = mean_moving_range(values)? / RANGE_PER_SIGMA;
    let change = badness(before, better) - badness(now, better);
    if change == 0.0 || change.abs() < noise {
        return Some(Trend::Flat);
    }
    Some(if change > 0.0 { Trend::Improving } else { Trend::Worsening })
}

/// How far a value is from good.
fn badness(value: f64, better: Better) -> f64 {
    match better {
        Better::Up => -value,
        Better::Down => value,
        Better::Band { low, high } => (low.as_f64() - value).max(value - high.as_f64()).max(0.0),
    }
}

pub(super) fn tail(values: &[f64], len: usize) -> &[f64] {
    values.get(values.len().saturating_sub(len)..).unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen values")]
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

pub(super) fn mean_moving_range(values: &[f64]) -> Option<f64> {
    let ranges: Vec<f64> = values
        .windows(2)
        .filter_map(|pair| if let [a, b] = pair { Some((a - b).abs()) } else { None })
        .collect();
    mean(&ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_no_trend() {
        let noisy: Vec<f64> = (0..24).map(|i| if i % 2 == 0 { 10.0 } else { 12.0 }).collect();
        assert_eq!(trend(&noisy, Some(Better::Up)), Some(Trend::Flat));
        let still = vec![3.0; 24];
        assert_eq!(trend(&still, Some(Better::Up)), Some(Trend::Flat));
    }

    #[test]
    fn a_steady_climb_is_good_or_bad_by_direction() {
        let climb: Vec<f64> = (0..12).map(f64::from).collect();
        assert_eq!(trend(&climb, Some(Better::Up)), Some(Trend::Improving));
        assert_eq!(trend(&climb, Some(Better::Down)), Some(Trend::Worsening));
        let band = Better::Band { low: 0.into(), high: 5.into() };
        assert_eq!(trend(&climb, Some(band)), Some(Trend::Worsening), "out of the band");
        assert_eq!(trend(&climb, None), None);
        assert_eq!(trend(&climb[1..], Some(Better::Up)), None, "too few values");
    }
}
