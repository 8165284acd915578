//! Text that several people write at once, in an ordinary `<textarea>`: the browser keeps input methods, dictation,
//! spelling and selection; this file turns each new value into a splice and folds colleagues' changes in.
//!
//! Promises: nothing is sent and nothing is touched while an input method composes; a colleague's change moves neither
//! caret nor selection nor scroll position from the words they stand at; what the document refuses disappears again.

use super::splice::{Splice, difference, rebase};
use leptos::{ev, html::textarea, prelude::*, wasm_bindgen::JsCast};
use web_sys::HtmlTextAreaElement;

/// What an editor needs to know; every part is given by the screen that shows it.
pub(crate) struct TextField {
    /// Accessible name.
    pub(crate) label: String,
    /// The document's text, as it is now.
    pub(crate) text: Signal<String>,
    /// Called for each change, against the text as it is now. Must change `text` before it returns, or the change is
    /// taken to be refused.
    pub(crate) splice: Callback<Splice>,
    pub(crate) placeholder: &'static str,
    pub(crate) read_only: Signal<bool>,
    /// Two lines high when empty, rather than three.
    pub(crate) is_short: bool,
}

pub(crate) fn text_editor(field: TextField) -> AnyView {
    let TextField { label, text, splice, placeholder, read_only, is_short } = field;
    let area = NodeRef::new();
    let session = StoredValue::new(Session::default());

    let show = move || {
        let (Some(area), Some(now)) = (area.try_get_untracked().flatten(), text.try_get_untracked()) else {
            return;
        };
        session.update_value(|session| session.fold_in(&area, now));
    };
    Effect::new(move |_| {
        text.track();
        if area.get().is_some() && !session.with_value(|session| session.is_composing) {
            show();
        }
    });

    let take = move || {
        // A field that goes while it has the focus is told of its blur when nothing of it is left.
        let (Some(area), Some(now)) = (area.try_get_untracked().flatten(), text.try_get_untracked()) else {
            return;
        };
        let splices = session.try_update_value(|session| session.taken(&area, &now)).unwrap_or_default();
        for own in splices {
            splice.run(own);
        }
        show();
    };
    let finish = move || {
        session.update_value(|session| session.is_composing = false);
        take();
    };

    textarea()
        .node_ref(area)
        .class(if is_short { "inline writing short" } else { "inline writing" })
        .attr("aria-label", label)
        .attr("placeholder", placeholder)
        .attr("rows", if is_short { "1" } else { "2" })
        .prop("readOnly", move || read_only.get())
        .on(ev::compositionstart, move |_| session.update_value(|session| session.is_composing = true))
        .on(ev::compositionend, move |_| finish())
        .on(ev::input, move |event| {
            let composes =
                event.dyn_ref::<web_sys::InputEvent>().is_some_and(web_sys::InputEvent::is_composing);
            if !composes && !session.with_value(|session| session.is_composing) {
                take();
            }
        })
        .on(ev::blur, move |_| finish())
        .on(ev::keydown, move |event| {
            // Esc leaves the field; everything typed is in the document already.
            if event.key() == "Escape" && !event.is_composing() {
                event.stop_propagation();
                let _ = event_target::<web_sys::HtmlElement>(&event).blur();
            }
        })
        .into_any()
}

/// What the field shows, and of which text of the document that is a picture.
#[derive(Default)]
struct Session {
    /// The document's text when the field was last brought in line with it.
    base: String,
    is_composing: bool,
}

impl Session {
    /// The writer's changes since the field and the document last agreed, as splices against `now`.
    fn taken(&mut self, area: &HtmlTextAreaElement, now: &str) -> Vec<Splice> {
        let shown = as_shown(&self.base);
        let caret = area.selection_end().ok().flatten().and_then(|caret| usize::try_from(caret).ok());
        let Some(own) = difference(&shown, &area.value(), caret) else { return Vec::new() };
        let own = in_document(&own, &self.base);
        let since: Vec<Splice> = difference(&self.base, now, None).into_iter().collect();
        rebase(&own, &self.base, &since)
    }

    /// Brings the field in line with the document, keeping caret, selection and scroll position at their words.
    fn fold_in(&mut self, area: &HtmlTextAreaElement, now: String) {
        let shown = as_shown(&now);
        let before = area.value();
        if let Some(change) = difference(&before, &shown, None) {
            let carry = |position: Option<u32>| {
                let position = usize::try_from(position.unwrap_or(0)).unwrap_or(0);
                u32::try_from(change.carry(position)).unwrap_or(u32::MAX)
            };
            let start = carry(area.selection_start().ok().flatten());
            let end = carry(area.selection_end().ok().flatten());
            let direction = area.selection_direction().ok().flatten();
            let scroll = area.scroll_top();
            area.set_value(&shown);
            // Setting a range may move the focus's viewport in some browsers, so only where a caret is visible.
            let is_active = document().active_element().is_some_and(|active| active.is_same_node(Some(area)));
            if is_active {
                let direction = direction.as_deref().unwrap_or("none");
                let _ = area.set_selection_range_with_direction(start, end, direction);
            }
            area.set_scroll_top(scroll);
        }
        self.base = now;
    }
}

/// A text field knows one line end; a document may hold three.
fn as_shown(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// A splice in the field, as a splice in a document whose line ends may be two units long.
fn in_document(own: &Splice, base: &str) -> Splice {
    if !base.contains("\r\n") {
        return own.clone();
    }
    let at = in_document_at(base, own.at);
    let end = in_document_at(base, own.at + own.delete);
    Splice { at, delete: end - at, insert: own.insert.clone() }
}

fn in_document_at(base: &str, shown: usize) -> usize {
    let (mut position, mut seen) = (0, 0);
    let mut chars = base.chars().peekable();
    while seen < shown {
        let Some(char) = chars.next() else { break };
        position += char.len_utf16();
        if char == '\r' && chars.peek() == Some(&'\n') {
            chars.next();
            position += 1;
        }
        seen += char.len_utf16();
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_unit_line_ends_are_counted_where_the_document_counts_them() {
        let base = "a\r\nb\r\nc";
        assert_eq!(as_shown(base), "a\nb\nc");
        let typed = difference(&as_shown(base), "a\nb\nxc", None).unwrap();
        assert_eq!(in_document(&typed, base).apply(base).unwrap(), "a\r\nb\r\nxc");
        let joined = difference(&as_shown(base), "ab\nc", None).unwrap();
        assert_eq!(in_document(&joined, base).apply(base).unwrap(), "ab\r\nc");
    }
}
