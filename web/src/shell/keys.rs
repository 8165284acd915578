//! The keyboard of the whole page: who binds a key says what it does, and the list behind `?` is made of exactly that.
//!
//! Keys never fire while somebody types, never with Ctrl, Alt or the command key, and all except Esc can be switched
//! off (WCAG 2.1.4).

use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use std::time::Duration;

/// How long the first key of a pair waits for the second.
const PAIR: Duration = Duration::from_millis(1500);

/// The door to the keyboard; in the context of every screen.
#[derive(Clone, Copy)]
pub(crate) struct Keys {
    bound: RwSignal<Vec<Binding>>,
    next: StoredValue<u32>,
    first: StoredValue<Option<(String, u32)>>,
    /// Whether single keys do anything.
    pub(crate) is_on: RwSignal<bool>,
}

/// One line of the list behind `?`.
#[derive(Clone)]
pub(crate) struct Binding {
    serial: u32,
    /// `n`, or a pair `g b`.
    pub(crate) keys: &'static str,
    pub(crate) words: &'static str,
    pub(crate) group: Group,
    run: Callback<()>,
}

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Everywhere,
    Here,
}

impl Keys {
    pub(crate) fn new(is_on: bool) -> Self {
        let keys = Self {
            bound: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            first: StoredValue::new(None),
            is_on: RwSignal::new(is_on),
        };
        let listener = window_event_listener(ev::keydown, move |event| keys.pressed(&event));
        on_cleanup(move || listener.remove());
        keys
    }

    /// Binds a key for as long as the caller's screen lives. The latest binding of a key wins.
    pub(crate) fn bind(
        &self,
        keys: &'static str,
        words: &'static str,
        group: Group,
        run: impl Fn() + Send + Sync + 'static,
    ) {
        let serial = self.serial();
        let run = Callback::new(move |()| run());
        self.bound.update(|bound| bound.push(Binding { serial, keys, words, group, run }));
        let bound = self.bound;
        on_cleanup(move || {
            let _ = bound.try_update(|bound| bound.retain(|binding| binding.serial != serial));
        });
    }

    /// What is bound now, for the list.
    pub(crate) fn list(&self, group: Group) -> Vec<Binding> {
        let mut list: Vec<Binding> = Vec::new();
        for binding in self.bound.get().into_iter().filter(|binding| binding.group == group) {
            if !list.iter().any(|known| known.keys == binding.keys) {
                list.push(binding);
            }
        }
        list
    }

    fn pressed(&self, event: &web_sys::KeyboardEvent) {
        let key = event.key();
        let is_modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if event.default_prevented() || is_modified || event.is_composing() || types_text(event) {
            return;
        }
        if key != "Esc" && key != "Escape" && !self.is_on.get_untracked() {
            return;
        }
        let first = self.first.try_update_value(Option::take).flatten();
        let pair = first.map(|(first, _)| format!("{first} {key}"));
        let run = pair.and_then(|pair| self.find(&pair)).or_else(|| self.find(name_of(&key)));
        if let Some(run) = run {
            event.prevent_default();
            run.run(());
        } else if self.begins_a_pair(&key) {
            let serial = self.serial();
            self.first.set_value(Some((key, serial)));
            let first = self.first;
            let forget = move || {
                let _ = first.try_update_value(|first| {
                    if first.as_ref().is_some_and(|(_, waiting)| *waiting == serial) {
                        *first = None;
                    }
                });
            };
            set_timeout(forget, PAIR);
        }
    }

    fn find(&self, keys: &str) -> Option<Callback<()>> {
        self.bound.with_untracked(|bound| {
            bound.iter().rev().find(|binding| binding.keys == keys).map(|binding| binding.run)
        })
    }

    fn begins_a_pair(&self, key: &str) -> bool {
        let begins = |binding: &Binding| binding.keys.split_once(' ').is_some_and(|(first, _)| first == key);
        self.bound.with_untracked(|bound| bound.iter().any(begins))
    }

    fn serial(&self) -> u32 {
        let next = |serial: &mut u32| {
            *serial = serial.wrapping_add(1);
            *serial
        };
        self.next.try_update_value(next).unwrap_or_default()
    }
}

fn name_of(key: &str) -> &str {
    if key == "Escape" { "Esc" } else { key }
}

/// Whether the key goes into a field.
fn types_text(event: &web_sys::KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return false;
    };
    let field = match target.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(target.get_attribute("type").as_deref(), Some("checkbox" | "radio" | "button")),
        _ => target.is_content_editable(),
    };
    field && event.key() != "Escape"
}
