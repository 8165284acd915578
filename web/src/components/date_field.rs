//! A day, in the browser's own date field. While a year is typed digit by digit the field reports many valid days, and
//! each would become an entry in a record's story: a day counts when the field is left, on Enter, or when it has stood
//! for a moment.

use super::day;
use leptos::{
    ev,
    html::{div, input, span},
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
};
use std::time::Duration;
use workspace::Date;

/// How long a day stands before it counts: longer than the pause between two keys.
const SETTLED: Duration = Duration::from_millis(1200);

const NO_DATE: &str = "No date";

pub(crate) struct DateField {
    /// Accessible name.
    pub(crate) label: String,
    pub(crate) value: Signal<Option<Date>>,
    pub(crate) set: Callback<Option<Date>>,
    pub(crate) class: &'static str,
    pub(crate) read_only: Signal<bool>,
}

pub(crate) fn date_field(field: DateField) -> AnyView {
    let DateField { label, value, set, class, read_only } = field;
    let element = NodeRef::<leptos::html::Input>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop_waiting = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop_waiting);
    let text = move || value.get().map(|date| date.to_string()).unwrap_or_default();
    let keep = move || {
        stop_waiting();
        // Also told when the field goes while it has the focus, and nothing of it is left.
        let (Some(element), Some(now)) = (element.try_get_untracked().flatten(), value.try_get_untracked())
        else {
            return;
        };
        let typed = element.value();
        match typed.parse::<Date>() {
            Ok(date) if Some(date) != now && is_plausible(date) => set.run(Some(date)),
            Err(_) if typed.is_empty() && now.is_some() => set.run(None),
            _ => {}
        }
        let shown = value.get_untracked().map(|date| date.to_string()).unwrap_or_default();
        if element.value() != shown {
            element.set_value(&shown);
        }
    };
    Effect::new(move |_| {
        let now = text();
        let Some(element) = element.get() else { return };
        let is_active = document().active_element().is_some_and(|active| active.is_same_node(Some(&element)));
        if !is_active && element.value() != now {
            element.set_value(&now);
        }
    });
    let shown = move || value.get().map_or_else(|| NO_DATE.to_owned(), day::in_full);
    let field_class = move || if value.get().is_none() { format!("{class} unset") } else { class.to_owned() };
    let field = input()
        .node_ref(element)
        .attr("type", "date")
        .class(field_class)
        .attr("aria-label", label)
        .attr("min", "1990-01-01")
        .attr("max", "2199-12-31")
        .prop("readOnly", move || read_only.get())
        .on(ev::change, move |event| {
            stop_waiting();
            // Clearing is meant only when the field is left: a half-typed day reads as empty.
            if event_target_value(&event).parse::<Date>().is_ok_and(is_plausible) {
                let handle = set_timeout_with_handle(keep, SETTLED).ok();
                waiting.set_value(handle);
            }
        })
        .on(ev::blur, move |_| keep())
        .on(ev::keydown, move |event| match event.key().as_str() {
            "Enter" => keep(),
            "Escape" => {
                event.stop_propagation();
                stop_waiting();
                if let Some(element) = element.get_untracked() {
                    element
                        .set_value(&value.get_untracked().map(|date| date.to_string()).unwrap_or_default());
                    let _ = element.blur();
                }
            }
            _ => {}
        });
    // Every day reads the same everywhere; the browser's own way of writing days appears while one is edited.
    let words = span().class("day-words").attr("aria-hidden", "true").child(shown);
    div().class("day").child((field, words)).into_any()
}

/// A year that somebody means, not one that is being typed.
fn is_plausible(date: Date) -> bool {
    (1990..2200).contains(&date.civil().0)
}
