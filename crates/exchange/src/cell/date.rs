//! Days as spreadsheets and people write them.

use crate::DateOrder;
use workspace::Date;

/// How a day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateForm {
    /// In one way only.
    Plain,
    /// As 31/12/2026: the first number cannot be a month.
    DayFirst,
    /// As 12/31/2026: the second number cannot be a month.
    MonthFirst,
    /// As 03/04/2026.
    Either,
}

/// How a text writes a day; `None` when it is none.
pub(crate) fn form(text: &str) -> Option<DateForm> {
    let (first, second) = match parts(text)? {
        Parts::Known(_) => return Some(DateForm::Plain),
        Parts::Slashed { first, second, .. } => (first, second),
    };
    Some(match (first > 12, second > 12) {
        (true, true) => return None,
        (true, false) => DateForm::DayFirst,
        (false, true) => DateForm::MonthFirst,
        (false, false) if first == second => DateForm::Plain,
        (false, false) => DateForm::Either,
    })
}

/// The day a text means. `order` is needed for [`DateForm::Either`] alone.
pub(crate) fn day(text: &str, order: Option<DateOrder>) -> Option<Date> {
    match parts(text)? {
        Parts::Known(day) => Some(day),
        Parts::Slashed { first, second, year } => {
            let day_first = match form(text)? {
                DateForm::DayFirst | DateForm::Plain => true,
                DateForm::MonthFirst => false,
                DateForm::Either => order? == DateOrder::DayFirst,
            };
            let (day, month) = if day_first { (first, second) } else { (second, first) };
            Date::new(year, month, day)
        }
    }
}

enum Parts {
    Known(Date),
    Slashed { first: u32, second: u32, year: i32 },
}

fn parts(text: &str) -> Option<Parts> {
    let text = text.trim();
    // `2026-12-31T08:00:00Z` and `31.12.2026 08:00` name the day all the same.
    let text = text.split(['T', ' ']).next()?;
    let numbers = |mark: char| -> Option<[&str; 3]> {
        let mut parts = text.split(mark);
        let three = [parts.next()?, parts.next()?, parts.next()?];
        parts.next().is_none().then_some(three)
    };
    if let Some([year, month, day]) =
        numbers('-').or_else(|| numbers('/')).filter(|parts| parts[0].len() == 4)
    {
        return Date::new(number(year)?.try_into().ok()?, number(month)?, number(day)?).map(Parts::Known);
    }
    if let Some([day, month, year]) = numbers('.') {
        return Date::new(full_year(year)?, number(month)?, number(day)?).map(Parts::Known);
    }
    let [first, second, year] = numbers('/').or_else(|| numbers('-'))?;
    Some(Parts::Slashed { first: number(first)?, second: number(second)?, year: full_year(year)? })
}

fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Two digits are a year of this century: a due date in 1926 is none.
fn full_year(text: &str) -> Option<i32> {
    let year = i32::try_from(number(text)?).ok()?;
    match text.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_usual_way() {
        let day_of = |text| day(text, None).map(|day| day.to_string());
        for text in [
            "2026-12-31",
            "31.12.2026",
            "31.12.26",
            "12/31/2026",
            "31/12/2026",
            "2026/12/31",
            "31-12-2026",
            "2026-12-31T08:00:00Z",
            "31.12.2026 08:00",
        ] {
            assert_eq!(day_of(text).as_deref(), Some("2026-12-31"), "{text}");
        }
        for text in ["", "31.13.2026", "30.02.2026", "32/13/2026", "soon", "31.12.", "1/2", "0/0/0000"] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_not_guessed() {
        assert_eq!(form("03/04/2026"), Some(DateForm::Either));
        assert_eq!(day("03/04/2026", None), None);
        let read = |order| day("03/04/2026", Some(order)).map(|day| day.to_string());
        assert_eq!(read(DateOrder::DayFirst).as_deref(), Some("2026-04-03"));
        assert_eq!(read(DateOrder::MonthFirst).as_deref(), Some("2026-03-04"));
        assert_eq!(day("05/05/2026", None).map(|day| day.to_string()).as_deref(), Some("2026-05-05"));
    }
}
