//! A line to type in over a list of what it could mean: arrows walk, Enter takes, the focus stays in the line. The list
//! is an ARIA listbox in named groups; what is marked is told to a screen reader through the line.

use super::{
    icon::{Icon, icon},
    ids::fresh_id,
};
use leptos::{
    ev,
    html::{Input, div, input, p, span},
    prelude::*,
};
use std::sync::Arc;
use web_sys::KeyboardEvent;

/// What happens when an offer is taken. Owned by the offer: the screen it comes from may be gone by then.
pub(crate) type Take = Arc<dyn Fn() + Send + Sync>;

/// One line of the list.
#[derive(Clone)]
pub(crate) struct Offer {
    pub(crate) icon: Option<Icon>,
    pub(crate) label: String,
    /// Stands in front of the label in small: a reference.
    pub(crate) reference: String,
    /// A second, quieter line: where the words were found.
    pub(crate) detail: String,
    /// At the end of the line: its key, what kind of thing it is.
    pub(crate) hint: Option<Hint>,
    pub(crate) take: Take,
}

/// What stands at the end of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    Words(String),
    /// The caps to press, first to last.
    Keys(Vec<String>),
    /// It is so now.
    Now,
}

impl Offer {
    pub(crate) fn new(label: impl Into<String>, take: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            icon: None,
            label: label.into(),
            reference: String::new(),
            detail: String::new(),
            hint: None,
            take: Arc::new(take),
        }
    }

    pub(crate) fn with_icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    pub(crate) fn with_hint(self, hint: Hint) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// Offers under one heading.
#[derive(Clone)]
pub(crate) struct Offers {
    /// May be empty.
    pub(crate) heading: &'static str,
    pub(crate) offers: Vec<Offer>,
}

pub(crate) struct Combobox {
    /// Accessible name of the line and of the list.
    pub(crate) label: String,
    pub(crate) placeholder: String,
    pub(crate) query: RwSignal<String>,
    pub(crate) groups: Signal<Vec<Offers>>,
    /// Said where nothing is offered.
    pub(crate) none: &'static str,
    /// What to do with a taken offer.
    pub(crate) taken: Callback<Offer>,
}

pub(crate) fn combobox(this: Combobox) -> AnyView {
    let Combobox { label, placeholder, query, groups, none, taken } = this;
    let id = StoredValue::new(fresh_id("offers"));
    let marked = RwSignal::new(0_usize);
    let field = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let count = Memo::new(move |_| {
        groups.with(|groups| groups.iter().map(|group| group.offers.len()).sum::<usize>())
    });
    let take = Callback::new(move |at: usize| {
        let offer =
            groups.with_untracked(|groups| groups.iter().flat_map(|group| &group.offers).nth(at).cloned());
        if let Some(offer) = offer {
            taken.run(offer);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let count = count.get_untracked();
        let at = marked.get_untracked().min(count.saturating_sub(1));
        let next = match event.key().as_str() {
            _ if event.is_composing() => return,
            "Enter" => {
                event.prevent_default();
                take.run(at);
                return;
            }
            "ArrowDown" => walked(at, count, true),
            "ArrowUp" => walked(at, count, false),
            "PageDown" => (at + PAGE).min(count.saturating_sub(1)),
            "PageUp" => at.saturating_sub(PAGE),
            _ => return,
        };
        event.prevent_default();
        marked.set(next);
        show(id.with_value(|id| format!("{id}-{next}")));
    };
    let current = move || {
        let at = marked.get().min(count.get().saturating_sub(1));
        (count.get() > 0).then(|| id.with_value(|id| format!("{id}-{at}")))
    };
    let list = move || {
        let mut at = 0;
        groups
            .get()
            .into_iter()
            .filter(|group| !group.offers.is_empty())
            .map(|group| {
                let first = at;
                at += group.offers.len();
                section(id, group, first, marked, count, take)
            })
            .collect_view()
    };
    let said = move || match count.get() {
        0 => none.to_owned(),
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    };
    let name = label.clone();
    div()
        .class("combobox")
        .child((
            div().class("combobox-line").child((
                icon(Icon::Search),
                input()
                    .node_ref(field)
                    .attr("type", "text")
                    .attr("role", "combobox")
                    .attr("aria-label", label)
                    .attr("aria-autocomplete", "list")
                    .attr("aria-expanded", "true")
                    .attr("aria-controls", id.get_value())
                    .attr("aria-activedescendant", current)
                    .attr("placeholder", placeholder)
                    .attr("autocomplete", "off")
                    .attr("autocapitalize", "off")
                    .attr("spellcheck", "false")
                    .attr("enterkeyhint", "go")
                    .on(ev::input, move |event| {
                        marked.set(0);
                        query.set(event_target_value(&event));
                    })
                    .on(ev::keydown, on_key),
            )),
            div()
                .id(id.get_value())
                .class("combobox-list")
                .attr("role", "listbox")
                .attr("aria-label", name)
                .child(list),
            move || (count.get() == 0).then(|| p().class("combobox-none").child(none)),
            div().class("said").attr("role", "status").child(said),
        ))
        .into_any()
}

/// Offers that Page Up and Page Down go past.
const PAGE: usize = 8;

/// Round from the last to the first, and back.
fn walked(at: usize, count: usize, is_down: bool) -> usize {
    match (count, is_down) {
        (0, _) => 0,
        (count, true) => (at + 1) % count,
        (count, false) => (at + count - 1) % count,
    }
}

fn section(
    id: StoredValue<String>,
    group: Offers,
    first: usize,
    marked: RwSignal<usize>,
    count: Memo<usize>,
    take: Callback<usize>,
) -> AnyView {
    let offers = group
        .offers
        .into_iter()
        .enumerate()
        .map(|(place, offer)| one(id, offer, first + place, marked, count, take))
        .collect_view();
    let heading = (!group.heading.is_empty())
        .then(|| div().class("combobox-head").attr("role", "presentation").child(group.heading));
    div()
        .attr("role", "group")
        .attr("aria-label", (!group.heading.is_empty()).then_some(group.heading))
        .child((heading, offers))
        .into_any()
}

fn one(
    id: StoredValue<String>,
    offer: Offer,
    at: usize,
    marked: RwSignal<usize>,
    count: Memo<usize>,
    take: Callback<usize>,
) -> AnyView {
    let is_marked = move || marked.get().min(count.get().saturating_sub(1)) == at;
    let hint = offer.hint.map(|hint| match hint {
        Hint::Words(words) => span().class("offer-hint").child(words).into_any(),
        Hint::Keys(caps) => {
            let caps = caps.into_iter().map(|cap| span().class("key").child(cap)).collect_view();
            span().class("combo").attr("aria-hidden", "true").child(caps).into_any()
        }
        Hint::Now => (icon(Icon::Check), span().class("said").child("as it is now")).into_any(),
    });
    div()
        .id(id.with_value(|id| format!("{id}-{at}")))
        .class("offer")
        .attr("role", "option")
        .attr("aria-selected", move || is_marked().to_string())
        // The focus stays in the line.
        .on(ev::mousedown, |event| event.prevent_default())
        .on(ev::mousemove, move |_| {
            if marked.get_untracked() != at {
                marked.set(at);
            }
        })
        .on(ev::click, move |_| take.run(at))
        .child((
            span().class("offer-icon").child(offer.icon.map(icon)),
            span().class("offer-words").child((
                span().class("offer-label").child(offer.label),
                (!offer.detail.is_empty()).then(|| span().class("offer-detail").child(offer.detail)),
            )),
            (!offer.reference.is_empty()).then(|| span().class("ref").child(offer.reference)),
            hint,
        ))
        .into_any()
}

/// Brings an offer into view.
fn show(id: String) {
    request_animation_frame(move || {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        if let Some(offer) = document().get_element_by_id(&id) {
            offer.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walking_goes_round_and_nowhere_in_an_empty_list() {
        assert_eq!((walked(0, 3, true), walked(2, 3, true), walked(0, 3, false)), (1, 0, 2));
        assert_eq!((walked(0, 0, true), walked(0, 0, false)), (0, 0));
    }
}
