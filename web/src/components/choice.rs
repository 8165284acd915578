//! One of a few, as the browser's own `<select>`: it works by keyboard, by voice and on a phone without our help.

use super::icon::{Icon, icon};
use leptos::{
    ev,
    html::{div, option, select},
    prelude::*,
};

/// One thing to choose: what is stored, and what people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

pub(crate) struct ChoiceField {
    /// Accessible name.
    pub(crate) label: String,
    pub(crate) choices: Signal<Vec<Choice>>,
    /// The chosen value; empty for none.
    pub(crate) value: Signal<String>,
    pub(crate) set: Callback<String>,
    /// What is offered and shown where nothing is chosen; without it, something always is.
    pub(crate) none: Option<&'static str>,
    /// `inline` where it stands in a record, `input` where it stands in a form.
    pub(crate) class: &'static str,
    pub(crate) read_only: Signal<bool>,
}

pub(crate) fn choice(field: ChoiceField) -> AnyView {
    let ChoiceField { label, choices, value, set, none, class, read_only } = field;
    let element = NodeRef::<leptos::html::Select>::new();
    let options = move || {
        let mut offered = choices.get();
        let chosen = value.get_untracked();
        // A value that a newer version or another hand wrote is shown as it is, not hidden.
        if !chosen.is_empty() && !offered.iter().any(|choice| choice.value == chosen) {
            offered.push(Choice::new(chosen.clone(), chosen));
        }
        none.map(|none| Choice::new("", none))
            .into_iter()
            .chain(offered)
            .map(|choice| entry(choice, value))
            .collect_view()
    };
    let class =
        move || if value.with(String::is_empty) { format!("{class} unset") } else { class.to_owned() };
    div()
        .class("pick")
        .child((
            select()
                .node_ref(element)
                .class(class)
                .attr("aria-label", label)
                .prop("disabled", move || read_only.get())
                .on(ev::change, move |event| {
                    set.run(event_target_value(&event));
                    // A refused choice must not stay on the screen.
                    if let Some(element) = element.try_get_untracked().flatten() {
                        element.set_value(&value.try_get_untracked().unwrap_or_default());
                    }
                })
                .child(options),
            icon(Icon::Down),
        ))
        .into_any()
}

fn entry(choice: Choice, value: Signal<String>) -> impl IntoView {
    let own = choice.value.clone();
    option()
        .attr("value", choice.value)
        .prop("selected", move || value.with(|value| *value == own))
        .child(choice.label)
}
