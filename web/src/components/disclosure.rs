//! A button and what it discloses: a sheet beside it that closes on Esc, on a choice, and when the focus leaves.

use super::ids::fresh_id;
use leptos::{
    ev,
    html::{button, div},
    prelude::*,
    wasm_bindgen::JsCast,
};

/// How a disclosure looks and where its sheet hangs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Look {
    /// Class of the button.
    pub(crate) button: &'static str,
    /// Extra class of the sheet: `start` hangs it from the other edge, `wide` gives it room for facts.
    pub(crate) sheet: &'static str,
}

/// `face` is what the button shows; `sheet` is built when it opens and may close it through the signal it is given.
pub(crate) fn disclosure(
    name: Signal<String>,
    look: Look,
    face: impl IntoView + 'static,
    sheet: impl Fn(RwSignal<bool>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let is_open = RwSignal::new(false);
    let id = fresh_id("sheet");
    let toggle = NodeRef::<leptos::html::Button>::new();
    let whole = NodeRef::<leptos::html::Div>::new();
    let close = move || {
        is_open.set(false);
        if let Some(toggle) = toggle.get_untracked() {
            let _ = toggle.focus();
        }
    };
    let controls = id.clone();
    let held = move || {
        is_open.get().then(|| {
            div()
                .id(id.clone())
                .class(format!("drop-sheet {}", look.sheet))
                .attr("role", "group")
                .attr("aria-label", move || name.get())
                // A click on plain text inside must keep the focus inside.
                .attr("tabindex", "-1")
                .child(sheet(is_open))
        })
    };
    div()
        .node_ref(whole)
        .class("drop")
        .on(ev::keydown, move |event| {
            if event.key() == "Escape" && is_open.get_untracked() {
                event.stop_propagation();
                close();
            }
        })
        .on(ev::focusout, move |event| {
            let goes_to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let stays = whole
                .try_get_untracked()
                .flatten()
                .is_some_and(|whole| whole.contains(goes_to.as_ref()) && goes_to.is_some());
            if !stays {
                is_open.set(false);
            }
        })
        .child((
            button()
                .node_ref(toggle)
                .attr("type", "button")
                .class(look.button)
                .attr("aria-label", move || name.get())
                .attr("aria-expanded", move || is_open.get().to_string())
                .attr("aria-controls", move || is_open.get().then(|| controls.clone()))
                .on(ev::click, move |_| is_open.update(|open| *open = !*open))
                .child(face),
            held,
        ))
        .into_any()
}
