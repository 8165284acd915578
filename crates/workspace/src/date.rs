//! Civil days. No zone, no clock: a due date is the same day on the plane and at home.

use ids::Timestamp;
use std::{fmt, str::FromStr};

/// A day of the proleptic Gregorian calendar. Text form: `2026-03-31`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i32,
}

/// A text that is not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a day (like 2026-03-31): {0:?}")]
pub struct ParseDateError(String);

impl Date {
    /// So many days after 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Self { days }
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.days
    }

    /// From year, month 1..12 and day 1..31; `None` when there is no such day or the year is not 0..9999.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let valid = (0..=9999).contains(&year) && (1..=12).contains(&month);
        (valid && (1..=days_in_month(year, month)).contains(&day))
            .then(|| Self { days: days_from_civil(year, month, day) })
    }

    /// The day of a moment, in UTC.
    pub fn of(time: Timestamp) -> Self {
        let days = time.as_secs().div_euclid(86_400);
        Self { days: i32::try_from(days).unwrap_or(if days < 0 { i32::MIN / 2 } else { i32::MAX / 2 }) }
    }

    /// Midnight in UTC, when the day begins.
    pub const fn start(self) -> Timestamp {
        Timestamp::from_secs(self.days as i64 * 86_400)
    }

    /// So many days later (earlier when negative).
    pub const fn plus_days(self, days: i32) -> Self {
        Self { days: self.days.saturating_add(days) }
    }

    /// Days from `earlier` to here; negative when `earlier` is later.
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.days.saturating_sub(earlier.days)
    }

    /// Year, month 1..12, day 1..31.
    pub fn civil(self) -> (i32, u32, u32) {
        civil_from_days(self.days)
    }

    /// 0 is Monday, 6 is Sunday.
    pub fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        self.days.saturating_add(3).rem_euclid(7).unsigned_abs()
    }
}

/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let shifted_month = ((month + 9) % 12).cast_signed();
    let day_of_year = (153 * shifted_month + 2) / 5 + day.cast_signed() - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let shifted = i64::from(days) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |number: i64| u32::try_from(number).unwrap_or(1);
    (i32::try_from(year).unwrap_or(0), small(month), small(day))
}

pub(crate) fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParseDateError(text.chars().take(20).collect()))
    }
}

fn parse(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let mut number = |len: usize| {
        parts.next().filter(|part| part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_days() {
        assert_eq!(Date::from_days(0).to_string(), "1970-01-01");
        assert_eq!("2000-03-01".parse::<Date>().unwrap().days(), 11_017);
        assert_eq!("2026-03-31".parse::<Date>().unwrap().weekday(), 1);
        assert_eq!(Date::of(Timestamp::from_secs(-1)).to_string(), "1969-12-31");
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-01x", "", "a-b-c"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert!("2024-02-29".parse::<Date>().is_ok());
    }

    proptest! {
        #[test]
        fn text_form_round_trips(days in -700_000_i32..2_900_000) {
            let date = Date::from_days(days);
            prop_assert_eq!(date.to_string().parse::<Date>(), Ok(date));
            prop_assert_eq!(date.plus_days(1).days_since(date), 1);
        }

        #[test]
        fn no_day_breaks_the_arithmetic(days: i32) {
            let _ = Date::from_days(days).plus_days(days).civil();
            let _ = Date::from_days(days).weekday();
        }
    }
}
