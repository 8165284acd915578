//! The periods that KPIs are measured in.

use crate::Date;
use std::{fmt, str::FromStr};

/// A month (`2026-03`) or an ISO week (`2026-W14`). Sorts by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Date,
    length: Length,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Length {
    Month,
    Week,
}

/// A text that is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a month (2026-03) or week (2026-W14): {0:?}")]
pub struct ParsePeriodError(String);

impl Period {
    /// The month of a day.
    pub fn month_of(day: Date) -> Self {
        let (_, _, day_of_month) = day.civil();
        let back = i32::try_from(day_of_month).unwrap_or(1) - 1;
        Self { first: day.plus_days(-back), length: Length::Month }
    }

    /// The ISO week (Monday to Sunday) of a day.
    pub fn week_of(day: Date) -> Self {
        let back = i32::try_from(day.weekday()).unwrap_or(0);
        Self { first: day.plus_days(-back), length: Length::Week }
    }

    /// Its first day.
    pub const fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.next().first.plus_days(-1)
    }

    /// The period after it.
    pub fn next(self) -> Self {
        match self.length {
            Length::Month => Self::month_of(self.first.plus_days(31)),
            Length::Week => Self { first: self.first.plus_days(7), ..self },
        }
    }

    /// The period before it.
    pub fn previous(self) -> Self {
        match self.length {
            Length::Month => Self::month_of(self.first.plus_days(-1)),
            Length::Week => Self { first: self.first.plus_days(-7), ..self },
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Length::Month => {
                let (year, month, _) = self.first.civil();
                write!(f, "{year:04}-{month:02}")
            }
            Length::Week => {
                // The week belongs to the year of its Thursday.
                let (year, _, _) = self.first.plus_days(3).civil();
                let week = Date::new(year, 1, 4)
                    .map_or(1, |fourth| self.first.days_since(Self::week_of(fourth).first) / 7 + 1);
                write!(f, "{year:04}-W{week:02}")
            }
        }
    }
}

impl FromStr for Period {
    type Err = ParsePeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let period = parse(text).filter(|period| period.to_string() == text);
        period.ok_or_else(|| ParsePeriodError(text.chars().take(20).collect()))
    }
}

fn parse(text: &str) -> Option<Period> {
    let (year, rest) = text.split_once('-')?;
    let year: i32 = year.parse().ok()?;
    if let Some(week) = rest.strip_prefix('W') {
        let week: i32 = week.parse().ok().filter(|week| (1..=53).contains(week))?;
        let first = Period::week_of(Date::new(year, 1, 4)?).first.plus_days((week - 1) * 7);
        return Some(Period { first, length: Length::Week });
    }
    Some(Period { first: Date::new(year, rest.parse().ok()?, 1)?, length: Length::Month })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_periods() {
        let day: Date = "2026-01-01".parse().unwrap();
        assert_eq!(Period::month_of(day).to_string(), "2026-01");
        assert_eq!(Period::month_of(day).previous().to_string(), "2025-12");
        assert_eq!(Period::week_of(day).to_string(), "2026-W01");
        assert_eq!(Period::week_of("2021-01-03".parse().unwrap()).to_string(), "2020-W53");
        assert_eq!("2024-02".parse::<Period>().unwrap().last().to_string(), "2024-02-29");
        for text in ["2026-13", "2026-W54", "2025-W53", "2026-1", "2026", "26-01", "2026-W1", "-5-01"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn periods_tile_the_calendar(days in -100_000_i32..100_000) {
            let day = Date::from_days(days);
            for period in [Period::month_of(day), Period::week_of(day)] {
                prop_assert!(period.first() <= day && day <= period.last());
                prop_assert_eq!(period.next().previous(), period);
                prop_assert_eq!(period.to_string().parse(), Ok(period));
            }
        }
    }
}
