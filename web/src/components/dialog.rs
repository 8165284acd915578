//! A sheet above the page on the browser's own `<dialog>`: it keeps the focus inside, closes on Esc, makes the rest
//! inert and gives the focus back.

use super::{
    icon::{Icon, icon},
    ids::fresh_id,
};
use leptos::{
    ev,
    html::{Dialog, button, dialog, div, h2},
    prelude::*,
};

/// `content` is built each time it opens, so that a form never shows what an earlier visit left.
pub(crate) fn sheet(
    is_open: RwSignal<bool>,
    title: &'static str,
    content: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let element = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let is_open = is_open.get();
        if is_open && !element.open() {
            let _ = element.show_modal();
        } else if !is_open && element.open() {
            element.close();
        }
    });
    let id = fresh_id("dialog");
    let name = id.clone();
    dialog()
        .node_ref(element)
        .class("sheet")
        .attr("aria-labelledby", name)
        .on(ev::close, move |_| is_open.set(false))
        // Keys typed in a sheet are not the page's.
        .on(ev::keydown, |event| event.stop_propagation())
        .child(move || {
            is_open.get().then(|| {
                let close = button()
                    .attr("type", "button")
                    .class("button bare")
                    .attr("aria-label", "Close")
                    .on(ev::click, move |_| is_open.set(false))
                    .child(icon(Icon::Close));
                (div().class("sheet-head").child((h2().id(id.clone()).child(title), close)), content())
            })
        })
        .into_any()
}
