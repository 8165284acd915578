//! Target and start of an objective. Value, unit, direction and date are one value of the document, so they are written
//! together: a form, not four fields.

use crate::{
    components::{
        choice::Choice,
        day,
        number::{plain, typed},
    },
    pages::{
        ask::form,
        create::{choice_field, day_field, text_field},
        fields::{Sheet, contested, row, shown},
    },
};
use leptos::{
    html::{div, span},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Date, Field,
    lens::{Objective, Start, Target},
};

/// Both rows, each with its form.
pub(super) fn target_rows(sheet: Sheet) -> AnyView {
    let target = sheet.derive(|record| Objective::of(record).target);
    let start = sheet.derive(|record| Objective::of(record).start);
    let edits_target = RwSignal::new(false);
    let edits_start = RwSignal::new(false);
    let target_words = move || match target.get() {
        Some(target) => span().class("numbers").child(words(&target)).into_any(),
        None => span().class("gap").child("no target").into_any(),
    };
    let start_words = move || match start.get() {
        Some(start) => span().class("numbers").child(start_words(&start)).into_any(),
        None => span().class("gap").child("no start").into_any(),
    };
    (
        row(
            "Target",
            (
                shown(sheet, "target", target_words, edits_target),
                contested(sheet, "Target", Field::Target),
                move || edits_target.get().then(|| target_form(sheet, target.get_untracked(), edits_target)),
            ),
        ),
        row(
            "Start",
            (
                shown(sheet, "start", start_words, edits_start),
                contested(sheet, "Start", Field::Start),
                move || edits_start.get().then(|| start_form(sheet, start.get_untracked(), edits_start)),
            ),
        ),
    )
        .into_any()
}

/// "at least 95 % by 14 Mar 2026"
fn words(target: &Target) -> String {
    let bound = match target.up {
        Some(true) => "at least ",
        Some(false) => "at most ",
        None => "",
    };
    let due = target.due.map(|due| format!(" by {}", day::in_full(due))).unwrap_or_default();
    let unit = if target.unit.is_empty() { String::new() } else { format!(" {}", target.unit) };
    format!("{bound}{}{unit}{due}", plain(target.value.as_f64()))
}

fn start_words(start: &Start) -> String {
    let value = start.value.map_or_else(|| "no value".to_owned(), |value| plain(value.as_f64()));
    format!("{value} on {}", day::in_full(start.date))
}

fn target_form(sheet: Sheet, target: Option<Target>, is_open: RwSignal<bool>) -> AnyView {
    let value = RwSignal::new(target.as_ref().map(|target| target.value.to_string()).unwrap_or_default());
    let unit = RwSignal::new(target.as_ref().map(|target| target.unit.clone()).unwrap_or_default());
    let is_down = target.as_ref().is_some_and(|target| target.up == Some(false));
    let direction = RwSignal::new(if is_down { "down" } else { "up" }.to_owned());
    let due = RwSignal::new(target.and_then(|target| target.due));
    let directions = vec![Choice::new("up", "At least"), Choice::new("down", "At most")];
    let number = Memo::new(move |_| value.with(|value| typed(value)));
    let save = Callback::new(move |()| {
        let Some(number) = number.get_untracked() else { return };
        let due = due.get_untracked().map(|due: Date| due.to_string());
        let atom = json!({ "value": number, "unit": unit.get_untracked().trim(), "direction": direction.get_untracked(), "due": due });
        sheet.set(Field::Target, Some(without_null(atom).into()));
        is_open.set(false);
    });
    form(
        (
            div().class("sheet-row").child((
                choice_field("Bound", Signal::stored(directions), direction, None),
                text_field("Value", value, "95"),
            )),
            div().class("sheet-row").child((text_field("Unit", unit, "%"), day_field("By", due))),
        ),
        "Save",
        Signal::derive(move || number.get().is_some()),
        save,
        is_open,
    )
}

fn start_form(sheet: Sheet, start: Option<Start>, is_open: RwSignal<bool>) -> AnyView {
    let value =
        RwSignal::new(start.and_then(|start| start.value).map(|value| value.to_string()).unwrap_or_default());
    let date =
        RwSignal::new(Some(start.map_or_else(|| sheet.desk.today().get_untracked(), |start| start.date)));
    let number = Memo::new(move |_| value.with(|value| typed(value)));
    let save = Callback::new(move |()| {
        let date = date.get_untracked().map(|date: Date| date.to_string());
        let atom = json!({ "date": date, "value": number.get_untracked() });
        sheet.set(Field::Start, Some(without_null(atom).into()));
        is_open.set(false);
    });
    form(
        div().class("sheet-row").child((text_field("Value", value, "86"), day_field("On", date))),
        "Save",
        Signal::derive(move || number.get().is_some() && date.get().is_some()),
        save,
        is_open,
    )
}

/// A member that is not known is absent: the document holds no empty values.
fn without_null(atom: serde_json::Value) -> serde_json::Value {
    match atom {
        serde_json::Value::Object(members) => {
            members.into_iter().filter(|(_, value)| !value.is_null()).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_reads_as_a_sentence() {
        let target = Target {
            value: 4.into(),
            unit: "per 1,000".to_owned(),
            up: Some(false),
            due: "2026-03-14".parse().ok(),
        };
        assert_eq!(words(&target), "at most 4 per 1,000 by 14 Mar 2026");
        assert_eq!(words(&Target { unit: String::new(), due: None, up: Some(true), ..target }), "at least 4");
    }

    #[test]
    fn what_is_not_known_is_absent() {
        assert_eq!(without_null(json!({ "a": 1, "b": null })), json!({ "a": 1 }));
    }
}
