//! What happens to the page itself: shown, hidden, left, with and without a network.

use wasm_bindgen::prelude::*;
use web_sys::{EventTarget, VisibilityState};

/// Something that happened to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// It can be seen again, or has the focus.
    Shown,
    /// It cannot be seen; it may be killed from now on without another word.
    Hidden,
    /// It is being left; it may come back from the browser's cache.
    Left,
    /// The device says that there is a network.
    Online,
    /// The device says that there is none.
    Offline,
}

/// Calls `tell` at every moment, for as long as the page lives.
pub(crate) fn watch(tell: impl Fn(Moment) + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    for (event, moment) in [
        ("online", Moment::Online),
        ("offline", Moment::Offline),
        ("focus", Moment::Shown),
        ("pageshow", Moment::Shown),
        ("pagehide", Moment::Left),
    ] {
        let tell = tell.clone();
        listen(&window, event, move || tell(moment));
    }
    if let Some(document) = window.document() {
        listen(&document, "visibilitychange", move || {
            tell(if is_visible() { Moment::Shown } else { Moment::Hidden });
        });
    }
}

/// Whether the page can be seen.
pub(crate) fn is_visible() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Whether the device says that there is a network. It may be wrong in both directions.
pub(crate) fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// `https://host` or `http://host`.
pub(crate) fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Loads the page anew.
pub(crate) fn reload() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// What the browser calls itself.
pub(crate) fn user_agent() -> String {
    web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default()
}

/// Calls `callback` at every `event`, for as long as the page lives.
pub(crate) fn listen(target: &EventTarget, event: &str, callback: impl Fn() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(callback);
    let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    callback.forget();
}
