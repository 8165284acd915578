//! What is seen when the app breaks: words in the shell of index.html, and a way on. What was stored stays stored; every
//! keystroke is on its way to the disk before the next one, so there is nothing else to save here.

use std::panic::PanicHookInfo;
use wasm_bindgen::prelude::*;
use web_sys::{Document, HtmlElement};

const WORDS: &str = "Something in the app broke. What you wrote is stored on this device. Reload to go on.";

/// The element that the app fills.
pub(crate) fn root() -> Option<HtmlElement> {
    element("app")
}

/// Hides what was seen before the app.
pub(crate) fn started() {
    hide("boot", true);
}

/// A panic ends the program; the page stays and says so.
pub(crate) fn on_panic() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
        hide("app", true);
        hide("boot", false);
        hide("boot-progress", true);
        hide("boot-recovery", false);
        if let Some(text) = element("boot-text") {
            text.set_text_content(Some(WORDS));
        }
    }));
}

fn hide(id: &str, is_hidden: bool) {
    if let Some(element) = element(id) {
        element.set_hidden(is_hidden);
    }
}

fn element(id: &str) -> Option<HtmlElement> {
    web_sys::window()
        .as_ref()
        .and_then(web_sys::Window::document)
        .as_ref()
        .and_then(|document: &Document| document.get_element_by_id(id)?.dyn_into().ok())
}
