//! Decimal numbers as people write them.
//!
//! Measured values are decimal strings in the document: two languages read the same digits, equal numbers have one
//! canonical text, and signatures see no float noise.

use std::{fmt, str::FromStr};

/// A decimal number with up to 9 digits after the point and 18 before it, compared exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    billionths: i128,
}

/// A text that is not a decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number (like -12.5): {0:?}")]
pub struct ParseDecimalError(String);

const SCALE: i128 = 1_000_000_000;
const WHOLE_DIGITS_MAX: usize = 18;
const FRACTION_DIGITS_MAX: usize = 9;

impl Decimal {
    /// For statistics; exact for everything a person types.
    #[expect(clippy::cast_precision_loss, reason = "means and ratios do not need more than 53 bits")]
    pub fn as_f64(self) -> f64 {
        self.billionths as f64 / SCALE as f64
    }

    pub(crate) const fn billionths(self) -> i128 {
        self.billionths
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self { billionths: i128::from(whole) * SCALE }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.billionths.unsigned_abs();
        let scale = SCALE.unsigned_abs();
        let sign = if self.billionths < 0 { "-" } else { "" };
        write!(f, "{sign}{}", magnitude / scale)?;
        if magnitude.is_multiple_of(scale) {
            return Ok(());
        }
        let fraction = format!("{:09}", magnitude % scale);
        write!(f, ".{}", fraction.trim_end_matches('0'))
    }
}

impl FromStr for Decimal {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParseDecimalError(text.chars().take(40).collect()))
    }
}

fn parse(text: &str) -> Option<Decimal> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let all_digits = |part: &str, max: usize| {
        !part.is_empty() && part.len() <= max && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !all_digits(whole, WHOLE_DIGITS_MAX)
        || fraction.is_some_and(|part| !all_digits(part, FRACTION_DIGITS_MAX))
    {
        return None;
    }
    let mut billionths = whole.parse::<i128>().ok()? * SCALE;
    if let Some(part) = fraction {
        billionths += format!("{part:0<9}").parse::<i128>().ok()?;
    }
    Some(Decimal { billionths: if negative { -billionths } else { billionths } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_numbers_have_one_text() {
        for (text, canonical) in
            [("1.50", "1.5"), ("-0.0", "0"), ("007", "7"), ("0.000000001", "0.000000001")]
        {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), canonical);
        }
        for text in
            ["", "-", ".", "1.", ".5", "1e3", "1,5", "+1", "0x1", "1.0000000001", "1234567890123456789"]
        {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_form_round_trips(billionths in -10_i128.pow(26)..10_i128.pow(26)) {
            let decimal = Decimal { billionths };
            prop_assert_eq!(decimal.to_string().parse(), Ok(decimal));
        }
    }
}
