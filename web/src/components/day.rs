//! Days in words. A due date has no zone and no clock; only the distance to today needs to be told.

use workspace::Date;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// "14 Mar 2026"
pub(crate) fn in_full(date: Date) -> String {
    let (year, month, day) = date.civil();
    format!("{day} {} {year}", month_name(month))
}

/// "14 Mar", with the year where it is not the current one.
pub(crate) fn short(date: Date, today: Date) -> String {
    let (year, month, day) = date.civil();
    if year == today.civil().0 { format!("{day} {}", month_name(month)) } else { in_full(date) }
}

/// How far away: "today", "in 3 d", "12 d ago". Only within `within` days; further away the date itself says enough.
pub(crate) fn distance(date: Date, today: Date, within: i32) -> Option<String> {
    let days = date.days_since(today);
    match days {
        0 => Some("today".to_owned()),
        1 => Some("tomorrow".to_owned()),
        -1 => Some("yesterday".to_owned()),
        _ if days.abs() > within => None,
        _ if days > 0 => Some(format!("in {days}\u{a0}d")),
        _ => Some(format!("{}\u{a0}d ago", days.abs())),
    }
}

/// "12 d late"
pub(crate) fn late(days: i32) -> String {
    format!("{days}\u{a0}d late")
}

/// "Mar 2026" for a month `2026-03`, the text itself for a week.
pub(crate) fn period(period: &str) -> String {
    let month = || {
        let (year, month) = period.split_once('-')?;
        let name = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
        Some(format!("{name} {year}"))
    };
    month().unwrap_or_else(|| period.to_owned())
}

fn month_name(month: u32) -> &'static str {
    let place = usize::try_from(month).unwrap_or(0).saturating_sub(1);
    MONTHS.get(place).copied().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_year_is_told_only_where_it_is_another() {
        assert_eq!(short(date("2026-03-14"), date("2026-11-01")), "14 Mar");
        assert_eq!(short(date("2027-03-14"), date("2026-11-01")), "14 Mar 2027");
    }

    #[test]
    fn distances_are_told_while_they_are_short() {
        let today = date("2026-11-24");
        assert_eq!(distance(today, today, 14).as_deref(), Some("today"));
        assert_eq!(distance(date("2026-11-27"), today, 14).as_deref(), Some("in 3\u{a0}d"));
        assert_eq!(distance(date("2026-10-27"), today, 14), None);
    }

    #[test]
    fn months_have_names_and_weeks_stay() {
        assert_eq!(period("2026-03"), "Mar 2026");
        assert_eq!(period("2026-W14"), "2026-W14");
    }
}
