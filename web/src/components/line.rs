//! One line of text that is edited where it stands: Enter and leaving keep it, Esc puts back what was there. A line is
//! one value, so nothing is written before it is finished.

use leptos::{
    ev,
    html::{input, textarea},
    prelude::*,
    wasm_bindgen::JsCast,
};

pub(crate) struct LineField {
    /// Accessible name.
    pub(crate) label: String,
    pub(crate) value: Signal<String>,
    /// Called with the finished line, when it differs. Never with an empty one unless `may_be_empty`.
    pub(crate) set: Callback<String>,
    pub(crate) placeholder: &'static str,
    pub(crate) class: &'static str,
    pub(crate) may_be_empty: bool,
    /// In characters, as the schema has it.
    pub(crate) longest: usize,
    pub(crate) read_only: Signal<bool>,
}

pub(crate) fn line(field: LineField) -> AnyView {
    let LineField { label, value, set, placeholder, class, may_be_empty, longest, read_only } = field;
    let element = NodeRef::<leptos::html::Input>::new();
    let (keep, put_back) = keeping(value, set, may_be_empty);
    show(value, move || element.get().map(|element| element.unchecked_into()));
    input()
        .node_ref(element)
        .attr("type", "text")
        .class(class)
        .attr("aria-label", label)
        .attr("placeholder", placeholder)
        .attr("maxlength", longest.to_string())
        .attr("autocomplete", "off")
        .prop("readOnly", move || read_only.get())
        .on(ev::blur, move |event| {
            // Also told when the field goes while it has the focus, and nothing of it is left.
            let _ = keep.try_run(field_of(&event));
        })
        .on(ev::keydown, move |event| on_key(&event, keep, put_back))
        .into_any()
}

/// A title: grows over several lines, but holds no line end.
pub(crate) fn title_line(field: LineField) -> AnyView {
    let LineField { label, value, set, placeholder, class, may_be_empty, longest, read_only } = field;
    let element = NodeRef::<leptos::html::Textarea>::new();
    let (keep, put_back) = keeping(value, set, may_be_empty);
    show(value, move || element.get().map(|element| element.unchecked_into()));
    textarea()
        .node_ref(element)
        .class(class)
        .attr("rows", "1")
        .attr("aria-label", label)
        .attr("placeholder", placeholder)
        .attr("maxlength", longest.to_string())
        .prop("readOnly", move || read_only.get())
        .on(ev::blur, move |event| {
            // Also told when the field goes while it has the focus, and nothing of it is left.
            let _ = keep.try_run(field_of(&event));
        })
        .on(ev::keydown, move |event| on_key(&event, keep, put_back))
        .into_any()
}

/// `<input>` and `<textarea>` behave alike here; both are reached through the properties they share.
type Field = web_sys::HtmlInputElement;

fn keeping(
    value: Signal<String>,
    set: Callback<String>,
    may_be_empty: bool,
) -> (Callback<Field>, Callback<Field>) {
    let keep = Callback::new(move |field: Field| {
        let typed = field.value().split_whitespace().collect::<Vec<_>>().join(" ");
        let before = value.get_untracked();
        if typed != before && (may_be_empty || !typed.is_empty()) {
            set.run(typed);
        }
        field.set_value(&value.get_untracked());
    });
    let put_back = Callback::new(move |field: Field| field.set_value(&value.get_untracked()));
    (keep, put_back)
}

/// Shows a value that changed elsewhere, unless somebody is typing here.
fn show(value: Signal<String>, element: impl Fn() -> Option<Field> + 'static) {
    Effect::new(move |_| {
        let now = value.get();
        let Some(field) = element() else { return };
        let is_active = document().active_element().is_some_and(|active| active.is_same_node(Some(&field)));
        if !is_active && field.value() != now {
            field.set_value(&now);
        }
    });
}

fn field_of(event: &web_sys::FocusEvent) -> Field {
    event_target::<Field>(event)
}

fn on_key(event: &web_sys::KeyboardEvent, keep: Callback<Field>, put_back: Callback<Field>) {
    let field: Field = event_target(event);
    match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            keep.run(field);
        }
        "Escape" => {
            event.stop_propagation();
            put_back.run(field.clone());
            let _ = field.blur();
        }
        _ => {}
    }
}
