//! What can be done by keyboard: who binds a key says what it does; the list behind `?` and the palette are made of
//! exactly that. An act without a key is offered to the palette alone.
//!
//! Single keys never fire while somebody types, and all except Esc can be switched off (WCAG 2.1.4). Combinations with
//! Ctrl, or the command key on a Mac, always work; those that a text field has a meaning of its own for are left to it.

use leptos::{ev, html::span, prelude::*, wasm_bindgen::JsCast};
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
    /// `n`, a pair `g b`, a combination `Mod+z`, `Shift+x`; empty for an act that has no key.
    pub(crate) keys: &'static str,
    pub(crate) words: &'static str,
    pub(crate) group: Group,
    pub(crate) run: Callback<()>,
}

/// Where a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Everywhere,
    Here,
    /// On the chosen rows, the row that has the focus, or the record that is open.
    Row,
    /// Only moves the focus or the choice: of no use to the palette.
    Walk,
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

    /// Offers an act that has no key, for as long as the caller's screen lives.
    pub(crate) fn offer(&self, words: &'static str, group: Group, run: impl Fn() + Send + Sync + 'static) {
        self.bind("", words, group, run);
    }

    /// What is bound now, for the list and the palette.
    pub(crate) fn list(&self, group: Group) -> Vec<Binding> {
        let mut list: Vec<Binding> = Vec::new();
        for binding in self.bound.get().into_iter().filter(|binding| binding.group == group) {
            let is_known = |known: &Binding| match binding.keys {
                "" => known.words == binding.words,
                keys => known.keys == keys,
            };
            // The latest binding of a key is the one that works.
            match list.iter().position(is_known).and_then(|place| list.get_mut(place)) {
                Some(known) => *known = binding,
                None => list.push(binding),
            }
        }
        list
    }

    fn pressed(&self, event: &web_sys::KeyboardEvent) {
        if event.default_prevented() || event.is_composing() || event.alt_key() {
            return;
        }
        let key = name_of(event);
        if event.ctrl_key() || event.meta_key() {
            let is_ours = is_combined(event) && (is_of_the_page(&key) || !types_text(event));
            if let Some(run) = self.find(&key).filter(|_| is_ours) {
                event.prevent_default();
                run.run(());
            }
            return;
        }
        if types_text(event) || (key != "Esc" && !self.is_on.get_untracked()) {
            return;
        }
        let first = self.first.try_update_value(Option::take).flatten();
        let pair = first.map(|(first, _)| format!("{first} {key}"));
        let run = pair.and_then(|pair| self.find(&pair)).or_else(|| self.find(&key));
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

/// As bindings spell it: `x`, `Shift+x`, `Mod+Shift+z`, `Esc`.
fn name_of(event: &web_sys::KeyboardEvent) -> String {
    let key = event.key();
    let mut letters = key.chars();
    let name = match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_alphabetic() && event.shift_key() => {
            format!("Shift+{}", letter.to_lowercase())
        }
        _ if key == "Escape" => "Esc".to_owned(),
        _ => key,
    };
    if is_combined(event) { format!("Mod+{name}") } else { name }
}

/// Whether the key for commands is held. On a Mac, Ctrl edits text.
fn is_combined(event: &web_sys::KeyboardEvent) -> bool {
    if is_mac() { event.meta_key() && !event.ctrl_key() } else { event.ctrl_key() && !event.meta_key() }
}

/// A combination that no text field has a meaning for.
fn is_of_the_page(key: &str) -> bool {
    key == "Mod+k"
}

fn is_mac() -> bool {
    window().navigator().user_agent().is_ok_and(|agent| agent.contains("Mac OS X"))
}

/// The caps of a binding in the order they are pressed: `Mod+Shift+z` is three of them.
pub(crate) fn caps(keys: &str) -> Vec<String> {
    keys.split([' ', '+']).filter(|cap| !cap.is_empty()).map(|cap| cap_of(cap, is_mac)).collect()
}

/// The caps beside the words of a binding.
pub(crate) fn combo(keys: &str) -> AnyView {
    let caps = caps(keys).into_iter().map(|cap| span().class("key").child(cap)).collect_view();
    span().class("combo").child(caps).into_any()
}

fn cap_of(cap: &str, is_mac: impl Fn() -> bool) -> String {
    match cap {
        "Mod" if is_mac() => "\u{2318}".to_owned(),
        "Mod" => "Ctrl".to_owned(),
        "Shift" => "\u{21e7}".to_owned(),
        other => other.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_are_named_as_they_stand_on_the_keyboard() {
        let named = |cap, is_mac: bool| cap_of(cap, || is_mac);
        assert_eq!(named("Mod", true), "\u{2318}");
        assert_eq!(named("Mod", false), "Ctrl");
        assert_eq!(named("Shift", false), "\u{21e7}");
        assert_eq!(named("k", false), "k");
    }
}
