//! What was just done, and its way back. One live region for the whole page; a toast stays while somebody reads or
//! reaches for it.

use super::icon::{Icon, icon};
use leptos::{
    ev,
    html::{button, div, span},
    prelude::*,
};
use std::{sync::Arc, time::Duration};

/// Long enough to read twice and reach the button.
const STAYS: Duration = Duration::from_secs(12);

/// The door to the toasts; in the context of every screen.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Option<Toast>>,
    serial: StoredValue<u32>,
}

#[derive(Clone)]
struct Toast {
    serial: u32,
    words: String,
    way_back: Option<(&'static str, WayBack)>,
}

/// Owned by the toast: the screen that offered it may be gone when it is taken.
type WayBack = Arc<dyn Fn() + Send + Sync>;

impl Toasts {
    pub(crate) fn new() -> Self {
        Self { shown: RwSignal::new(None), serial: StoredValue::new(0) }
    }

    /// Says what was done.
    pub(crate) fn say(&self, words: impl Into<String>) {
        self.show(words.into(), None);
    }

    /// Says what was done and offers the way back.
    pub(crate) fn offer(
        &self,
        words: impl Into<String>,
        label: &'static str,
        way_back: impl Fn() + Send + Sync + 'static,
    ) {
        self.show(words.into(), Some((label, Arc::new(way_back))));
    }

    fn show(&self, words: String, way_back: Option<(&'static str, WayBack)>) {
        let this = *self;
        let serial = this
            .serial
            .try_update_value(|serial| {
                *serial = serial.wrapping_add(1);
                *serial
            })
            .unwrap_or_default();
        this.shown.set(Some(Toast { serial, words, way_back }));
        this.go_later(serial);
    }

    fn go_later(&self, serial: u32) {
        let this = *self;
        set_timeout(
            move || {
                let is_shown = this
                    .shown
                    .with_untracked(|toast| toast.as_ref().is_some_and(|toast| toast.serial == serial));
                if !is_shown {
                    return;
                }
                // Somebody is on it: look again later.
                let is_held =
                    document().query_selector(".toast:hover, .toast:focus-within").ok().flatten().is_some();
                if is_held { this.go_later(serial) } else { this.shown.set(None) }
            },
            STAYS,
        );
    }
}

pub(crate) fn toast_region(toasts: Toasts) -> AnyView {
    let toast = move || {
        toasts.shown.get().map(|toast| {
            let way_back = toast.way_back.map(|(label, run)| {
                button()
                    .attr("type", "button")
                    .class("button")
                    .on(ev::click, move |_| {
                        toasts.shown.set(None);
                        run();
                    })
                    .child(label)
            });
            let close = button()
                .attr("type", "button")
                .class("button bare")
                .attr("aria-label", "Close message")
                .on(ev::click, move |_| toasts.shown.set(None))
                .child(icon(Icon::Close));
            div().class("toast").child((span().child(toast.words), way_back, close))
        })
    };
    div().class("toasts").attr("role", "status").attr("aria-live", "polite").child(toast).into_any()
}
