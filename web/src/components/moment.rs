//! Moments in words, where this device is. Whoever wrote something claims when; the day and the minute are enough.

use super::day;
use ids::Timestamp;
use leptos::wasm_bindgen::JsValue;
use workspace::Date;

/// "today 14:05", "12 Mar 14:05", "12 Mar 2025 14:05".
pub(crate) fn short(time: Timestamp, today: Date) -> String {
    let here = js_sys::Date::new(&JsValue::from_f64(time.as_millis() as f64));
    let clock = format!("{:02}:{:02}", here.get_hours(), here.get_minutes());
    let year = i32::try_from(here.get_full_year()).unwrap_or(1970);
    let Some(date) = Date::new(year, here.get_month() + 1, here.get_date()) else { return clock };
    let day = day::distance(date, today, 1).unwrap_or_else(|| day::short(date, today));
    format!("{day} {clock}")
}
