//! Questions that open where their answer will stand: Esc and "Not now" give up, one button answers.

use leptos::{
    ev,
    html::{button, div},
    prelude::*,
};
use web_sys::KeyboardEvent;

/// The two ways out of a question.
pub(crate) fn foot(
    words: impl Into<String>,
    is_ready: Signal<bool>,
    make: Callback<()>,
    give_up: Callback<()>,
) -> AnyView {
    div()
        .class("ask-foot")
        .child((
            button()
                .attr("type", "button")
                .class("button")
                .on(ev::click, move |_| give_up.run(()))
                .child("Not now"),
            button()
                .attr("type", "button")
                .class("button main")
                .prop("disabled", move || !is_ready.get())
                .on(ev::click, move |_| make.run(()))
                .child(words.into()),
        ))
        .into_any()
}

/// Esc is the question's own: the panel stays open.
pub(crate) fn on_escape(give_up: Callback<()>) -> impl Fn(KeyboardEvent) + Send + 'static {
    move |event| {
        if event.key() == "Escape" {
            event.stop_propagation();
            give_up.run(());
        }
    }
}

/// Short fields that are written together; Enter is the button.
pub(crate) fn form(
    fields: impl IntoView + 'static,
    words: &'static str,
    is_ready: Signal<bool>,
    save: Callback<()>,
    is_open: RwSignal<bool>,
) -> AnyView {
    let give_up = Callback::new(move |()| is_open.set(false));
    let escape = on_escape(give_up);
    div()
        .class("ask")
        .on(ev::keydown, move |event| {
            if event.key() == "Enter" && is_ready.get_untracked() {
                event.prevent_default();
                save.run(());
            } else {
                escape(event);
            }
        })
        .child((fields.into_any(), foot(words, is_ready, save, give_up)))
        .into_any()
}
