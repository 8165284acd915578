//! A new record in a sheet: a title, what cannot wait, and Enter. Everything else is written where it then stands.

use super::{address::Address, desk::Desk};
use crate::components::{
    choice::{Choice, ChoiceField, choice},
    date_field::{DateField, date_field},
    dialog::sheet,
    ids::fresh_id,
};
use leptos::{
    ev,
    html::{button, div, form, input, label},
    prelude::*,
};
use workspace::{Date, Field, Initial, RecordRef, schema::TITLE_CHARS_MAX};

/// The state of one form.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    pub(crate) title: RwSignal<String>,
    pub(crate) owner: RwSignal<String>,
    pub(crate) due: RwSignal<Option<Date>>,
    /// The third choice of the form, where it has one.
    pub(crate) choice: RwSignal<String>,
}

impl Draft {
    fn new(owner: String, choice: &str) -> Self {
        Self {
            title: RwSignal::new(String::new()),
            owner: RwSignal::new(owner),
            due: RwSignal::new(None),
            choice: RwSignal::new(choice.to_owned()),
        }
    }

    /// The title without spare space.
    pub(crate) fn title(&self) -> String {
        self.title.get_untracked().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The owner as `field` of the new record, where one was chosen.
    pub(crate) fn owner_as(&self, field: Field) -> Option<(Field, Initial)> {
        let owner = self.owner.get_untracked();
        (!owner.is_empty()).then(|| (field, owner.into()))
    }
}

/// What one kind of form has.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) heading: &'static str,
    pub(crate) title_label: &'static str,
    pub(crate) placeholder: &'static str,
    pub(crate) button: &'static str,
    /// What stands in the third field at first; see [`Draft::choice`].
    pub(crate) choice: &'static str,
}

/// The form of a list page, and the way to begin it. What it made is opened beside the list.
pub(crate) fn creator(
    address: Address,
    form_words: Form,
    more: fn(Draft) -> AnyView,
    create: fn(Desk, Draft) -> Option<RecordRef>,
) -> (Callback<()>, AnyView) {
    let desk = Desk::here();
    let is_open = RwSignal::new(false);
    let make = Callback::new(move |draft: Draft| {
        let made = create(desk, draft);
        if let Some(record) = made {
            address.show(record);
        }
        made.is_some()
    });
    (Callback::new(move |()| is_open.set(true)), create_sheet(is_open, form_words, more, make))
}

/// `more` builds the fields after the title; `make` does it and says whether it was done. Who works here is offered as
/// the owner.
pub(crate) fn create_sheet(
    is_open: RwSignal<bool>,
    form_words: Form,
    more: fn(Draft) -> AnyView,
    make: Callback<Draft, bool>,
) -> AnyView {
    let me = Desk::here().me();
    sheet(is_open, form_words.heading, move || {
        let draft = Draft::new(me.to_string(), form_words.choice);
        let id = fresh_id("title");
        let field = NodeRef::<leptos::html::Input>::new();
        Effect::new(move |_| {
            if let Some(field) = field.get() {
                let _ = field.focus();
            }
        });
        let submit = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            if !draft.title().is_empty() && make.run(draft) {
                is_open.set(false);
            }
        };
        form()
            .class("sheet-form")
            .on(ev::submit, submit)
            .child((
                div().class("field").child((
                    label().attr("for", id.clone()).child(form_words.title_label),
                    input()
                        .node_ref(field)
                        .id(id)
                        .class("input")
                        .attr("type", "text")
                        .attr("placeholder", form_words.placeholder)
                        .attr("autocomplete", "off")
                        .attr("maxlength", TITLE_CHARS_MAX.to_string())
                        .on(ev::input, move |event| draft.title.set(event_target_value(&event))),
                )),
                more(draft),
                div().class("sheet-foot").child((
                    button()
                        .attr("type", "button")
                        .class("button")
                        .on(ev::click, move |_| is_open.set(false))
                        .child("Not now"),
                    button()
                        .attr("type", "submit")
                        .class("button main")
                        .prop("disabled", move || draft.title.with(|title| title.trim().is_empty()))
                        .child(form_words.button),
                )),
            ))
            .into_any()
    })
}

/// A labelled line in a form.
pub(crate) fn text_field(name: &'static str, value: RwSignal<String>, placeholder: &'static str) -> AnyView {
    let id = fresh_id("field");
    div()
        .class("field")
        .child((
            label().attr("for", id.clone()).child(name),
            input()
                .id(id)
                .class("input")
                .attr("type", "text")
                .attr("autocomplete", "off")
                .attr("placeholder", placeholder)
                .prop("value", move || value.get())
                .on(ev::input, move |event| value.set(event_target_value(&event))),
        ))
        .into_any()
}

/// A labelled choice in a form.
pub(crate) fn choice_field(
    label: &'static str,
    choices: Signal<Vec<Choice>>,
    value: RwSignal<String>,
    none: Option<&'static str>,
) -> AnyView {
    div()
        .class("field")
        .child((
            div().class("label").attr("aria-hidden", "true").child(label),
            choice(ChoiceField {
                label: label.to_owned(),
                choices,
                value: value.into(),
                set: Callback::new(move |chosen: String| value.set(chosen)),
                none,
                class: "input",
                read_only: Signal::stored(false),
            }),
        ))
        .into_any()
}

/// A labelled day in a form.
pub(crate) fn day_field(label: &'static str, value: RwSignal<Option<Date>>) -> AnyView {
    div()
        .class("field")
        .child((
            div().class("label").attr("aria-hidden", "true").child(label),
            date_field(DateField {
                label: label.to_owned(),
                value: value.into(),
                set: Callback::new(move |day| value.set(day)),
                class: "input",
                read_only: Signal::stored(false),
            }),
        ))
        .into_any()
}
