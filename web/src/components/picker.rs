//! One question at a time above the page, answered by typing or by walking through what is offered: the palette, and
//! every choice that a key or a menu asks for. It closes before the answer is acted upon, so that the focus is back where
//! it was.

use super::combobox::{Combobox, Offer, Offers, combobox};
use leptos::{
    ev,
    html::{Dialog, dialog, div, h2},
    prelude::*,
};
use std::sync::Arc;

/// What is offered for some words.
type Find = Arc<dyn Fn(&str) -> Vec<Offers> + Send + Sync>;

/// What is asked.
#[derive(Clone)]
pub(crate) struct Question {
    /// Stands above the line, and names it.
    pub(crate) title: String,
    pub(crate) placeholder: String,
    /// Said where nothing is offered.
    pub(crate) none: &'static str,
    /// What is offered for the words in the line.
    pub(crate) offers: Find,
    /// Whether the title is worth seeing; it is always said.
    pub(crate) is_titled: bool,
}

impl Question {
    pub(crate) fn new(
        title: impl Into<String>,
        placeholder: impl Into<String>,
        offers: impl Fn(&str) -> Vec<Offers> + Send + Sync + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            placeholder: placeholder.into(),
            none: "Nothing fits these words.",
            offers: Arc::new(offers),
            is_titled: true,
        }
    }
}

/// The door to the question; part of what every screen has.
#[derive(Clone, Copy)]
pub(crate) struct Picker {
    asked: RwSignal<Option<Question>>,
}

impl Picker {
    pub(crate) fn new() -> Self {
        Self { asked: RwSignal::new(None) }
    }

    /// Asks. Another question that is open gives way.
    pub(crate) fn ask(&self, question: Question) {
        self.asked.set(Some(question));
    }
}

pub(crate) fn picker_region(picker: Picker) -> AnyView {
    let asked = picker.asked;
    let element = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let is_asked = asked.with(Option::is_some);
        if is_asked && !element.open() {
            let _ = element.show_modal();
        } else if !is_asked && element.open() {
            element.close();
        }
    });
    let close = move || {
        if let Some(element) = element.get_untracked().filter(|element| element.open()) {
            element.close();
        }
        asked.set(None);
    };
    let taken = Callback::new(move |offer: Offer| {
        close();
        (offer.take)();
    });
    let name = move || asked.with(|asked| asked.as_ref().map(|question| question.title.clone()));
    dialog()
        .node_ref(element)
        .class("sheet picker")
        .attr("aria-label", name)
        .on(ev::close, move |_| {
            // A question asked by the answer to the one before is open by now.
            if element.get_untracked().is_none_or(|element| !element.open()) {
                asked.set(None);
            }
        })
        // Keys typed here are not the page's.
        .on(ev::keydown, |event| event.stop_propagation())
        .on(ev::click, move |event| {
            // The ground around the sheet belongs to the dialog itself.
            if event.target() == event.current_target() {
                close();
            }
        })
        .child(move || asked.get().map(|question| body(question, taken)))
        .into_any()
}

fn body(question: Question, taken: Callback<Offer>) -> AnyView {
    let Question { title, placeholder, none, offers, is_titled } = question;
    let query = RwSignal::new(String::new());
    let groups = Memo::new_with_compare(move |_| query.with(|query| offers(query)), |_, _| true);
    let heading = is_titled.then(|| h2().class("picker-title").child(title.clone()));
    let list =
        combobox(Combobox { label: title, placeholder, query, groups: Signal::from(groups), none, taken });
    div().child((heading, list)).into_any()
}
