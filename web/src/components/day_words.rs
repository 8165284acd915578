//! Days as people say them: "fri", "next mon", "in 2 weeks", "12 dec", "end of month". What is offered while somebody
//! types is what the words can mean; nothing is guessed silently.

use super::day;
use workspace::Date;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A day, and what it is called.
pub(crate) type Named = (String, Date);

/// What the words can mean, the likeliest first; without words the days people choose most.
pub(crate) fn meant(words: &str, today: Date) -> Vec<Named> {
    let words = words.trim().to_lowercase();
    if words.is_empty() {
        return usual(today);
    }
    let mut days: Vec<Named> = Vec::new();
    let mut add = |name: String, date: Option<Date>| {
        if let Some(date) = date.filter(|date| days.iter().all(|(_, known)| known != date)) {
            days.push((name, date));
        }
    };
    add(String::new(), words.parse().ok());
    add(String::new(), calendar_day(&words, today));
    add(String::new(), from_now(&words, today));
    for (name, date) in usual(today).into_iter().chain(ends(today)) {
        if begins(&words, &name) {
            add(name, Some(date));
        }
    }
    for (place, weekday) in (0u32..).zip(WEEKDAYS) {
        let asked = words.strip_prefix("next ").unwrap_or(&words);
        if asked.len() >= 2 && weekday.starts_with(asked) {
            let coming = coming(place, today);
            let name = capital(weekday);
            if asked.len() == words.len() {
                add(name.clone(), Some(coming));
            }
            add(format!("{name} next week"), Some(in_next_week(place, today)));
        }
    }
    days
}

fn usual(today: Date) -> Vec<Named> {
    vec![
        ("Today".to_owned(), today),
        ("Tomorrow".to_owned(), today.plus_days(1)),
        ("Friday".to_owned(), coming(4, today)),
        ("Monday next week".to_owned(), in_next_week(0, today)),
        ("In two weeks".to_owned(), today.plus_days(14)),
        ("In a month".to_owned(), months_later(today, 1)),
    ]
}

fn ends(today: Date) -> Vec<Named> {
    let (year, month, _) = today.civil();
    let quarter = month.div_ceil(3) * 3;
    [("End of the month", month), ("End of the quarter", quarter), ("End of the year", 12)]
        .into_iter()
        .filter_map(|(name, month)| Some((name.to_owned(), last_of(year, month)?)))
        .collect()
}

/// The next such weekday after today.
fn coming(weekday: u32, today: Date) -> Date {
    let ahead = (weekday + 7 - today.weekday()) % 7;
    today.plus_days(i32::try_from(if ahead == 0 { 7 } else { ahead }).unwrap_or(7))
}

/// Weeks begin on Monday.
fn in_next_week(weekday: u32, today: Date) -> Date {
    today.plus_days(i32::try_from(7 - today.weekday() + weekday).unwrap_or(7))
}

/// "3d", "+3", "in 2 weeks", "1 month"
fn from_now(words: &str, today: Date) -> Option<Date> {
    let words = words.strip_prefix("in ").or_else(|| words.strip_prefix('+')).unwrap_or(words);
    let is_bare = words.bytes().all(|byte| byte.is_ascii_digit());
    let digits = words.find(|char: char| !char.is_ascii_digit()).unwrap_or(words.len());
    let (count, unit) = words.split_at_checked(digits)?;
    let count: u16 = count.parse().ok()?;
    let count = i32::from(count);
    match unit.trim() {
        "" if is_bare => Some(today.plus_days(count)),
        unit if !unit.is_empty() && ["days", "d"].iter().any(|known| known.starts_with(unit)) => {
            Some(today.plus_days(count))
        }
        unit if !unit.is_empty() && "weeks".starts_with(unit) => Some(today.plus_days(count * 7)),
        unit if !unit.is_empty() && "months".starts_with(unit) => Some(months_later(today, count)),
        _ => None,
    }
}

/// "12 dec", "dec 12", "12.12.", "12.12.2026". Without a year the next such day is meant.
fn calendar_day(words: &str, today: Date) -> Option<Date> {
    let parts: Vec<&str> = words.split([' ', '.', '/']).filter(|part| !part.is_empty()).collect();
    let (first, second, year) = match parts.as_slice() {
        [first, second] => (*first, *second, None),
        [first, second, year] => (*first, *second, Some(*year)),
        _ => return None,
    };
    let (day, month) = match (first.parse::<u32>(), second.parse::<u32>()) {
        (Ok(day), Ok(month)) => (day, month),
        (Ok(day), Err(_)) => (day, month_named(second)?),
        (Err(_), Ok(day)) => (day, month_named(first)?),
        (Err(_), Err(_)) => return None,
    };
    let this_year = today.civil().0;
    match year {
        Some(year) => {
            let year: i32 = year.parse().ok()?;
            Date::new(if year < 100 { year + 2000 } else { year }, month, day)
        }
        None => Date::new(this_year, month, day)
            .filter(|date| *date >= today)
            .or_else(|| Date::new(this_year + 1, month, day)),
    }
}

fn month_named(word: &str) -> Option<u32> {
    let place = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word))?;
    u32::try_from(place + 1).ok()
}

/// The same day so many months later; the last of the month where it has no such day.
fn months_later(date: Date, months: i32) -> Date {
    let (year, month, day) = date.civil();
    let count = year * 12 + i32::try_from(month).unwrap_or(1) - 1 + months;
    let (year, month) = (count.div_euclid(12), u32::try_from(count.rem_euclid(12) + 1).unwrap_or(1));
    Date::new(year, month, day).or_else(|| last_of(year, month)).unwrap_or(date)
}

fn last_of(year: i32, month: u32) -> Option<Date> {
    (28..=31).rev().find_map(|day| Date::new(year, month, day))
}

fn begins(words: &str, name: &str) -> bool {
    let name = name.to_lowercase();
    words.split_whitespace().all(|word| name.split_whitespace().any(|part| part.starts_with(word)))
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// "Fri 27 Nov"
pub(crate) fn with_weekday(date: Date, today: Date) -> String {
    let place = usize::try_from(date.weekday()).unwrap_or(0);
    let short = WEEKDAYS.get(place).and_then(|name| name.get(..3)).map(capital).unwrap_or_default();
    format!("{short} {}", day::short(date, today))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Tuesday.
    fn today() -> Date {
        "2026-11-24".parse().unwrap()
    }

    fn first(words: &str) -> Option<String> {
        meant(words, today()).first().map(|(_, date)| date.to_string())
    }

    #[test]
    fn weekdays_are_the_coming_ones_and_next_is_in_the_next_week() {
        assert_eq!(first("fri").as_deref(), Some("2026-11-27"));
        assert_eq!(first("next fri").as_deref(), Some("2026-12-04"));
        assert_eq!(first("tue").as_deref(), Some("2026-12-01"), "today is said otherwise");
        assert_eq!(first("next mon").as_deref(), Some("2026-11-30"));
    }

    #[test]
    fn spans_and_days_of_the_calendar() {
        assert_eq!(first("3d").as_deref(), Some("2026-11-27"));
        assert_eq!(first("in 2 weeks").as_deref(), Some("2026-12-08"));
        assert_eq!(first("+10").as_deref(), Some("2026-12-04"));
        assert_eq!(first("3 months").as_deref(), Some("2027-02-24"));
        assert_eq!(first("12 dec").as_deref(), Some("2026-12-12"));
        assert_eq!(first("jan 5").as_deref(), Some("2027-01-05"), "the next one is meant");
        assert_eq!(first("5.1.").as_deref(), Some("2027-01-05"));
        assert_eq!(first("1.3.27").as_deref(), Some("2027-03-01"));
        assert_eq!(first("2026-12-24").as_deref(), Some("2026-12-24"));
        assert_eq!(first("end quarter").as_deref(), Some("2026-12-31"));
    }

    #[test]
    fn what_is_no_day_means_nothing() {
        for words in ["31.2.", "soon", "99999999 weeks", "0x1"] {
            assert_eq!(first(words), None, "{words}");
        }
        assert_eq!(meant("", today()).len(), 6);
        assert_eq!(months_later("2026-08-31".parse().unwrap(), 1).to_string(), "2026-09-30");
        assert_eq!(with_weekday(today(), today()), "Tue 24 Nov");
    }
}
