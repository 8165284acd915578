//! The palette behind `Ctrl K`: go somewhere, find a record by its words or its reference, do what can be done here.
//! What can be done is what has a key here, and more: see [`Keys`]. All of it works without a network.

use super::{
    keys::{Binding, Group, Keys, caps},
    rail::section_icon,
    recent::Recent,
    routes::{Section, path_to, record_at},
};
use crate::{
    components::{
        combobox::{Hint, Offer, Offers},
        icon::Icon,
        picker::Question,
    },
    pages::{
        desk::{Arrival, Desk},
        words,
    },
    state::Found,
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use std::sync::Arc;
use workspace::{Field, Record, RecordRef};

/// Records shown for a query: more are no help to anybody who can type another letter.
const RECORDS: usize = 30;

/// The way to open the palette, from a key and from a button. To be asked while the frame is built.
pub(super) fn palette(desk: Desk, recent: Recent) -> Callback<()> {
    let keys: Keys = expect_context();
    let path = use_location().pathname;
    let navigate = use_navigate();
    let go = Callback::new(move |path: String| navigate(&path, NavigateOptions::default()));
    // Whoever types before the document has been read finds as soon as it is. Later changes do not move the list under
    // somebody's hands.
    let is_here = Memo::new(move |_| desk.arrival() == Arrival::Here);
    let open = Callback::new(move |()| {
        let here = path.with_untracked(|path| record_at(path));
        let acts = acts(keys, here.is_some() || is_on_a_row());
        let before = recent.before(here);
        let question =
            Question::new("Search or do", "Search records, go somewhere, do something", move |query| {
                is_here.track();
                untrack(|| offers(desk, go, &acts, &before, query))
            });
        desk.picker.ask(Question { is_titled: false, none: "Nothing has all of these words.", ..question });
    });
    keys.bind("Mod+k", "Search or do", Group::Everywhere, move || open.run(()));
    open
}

/// Whether a row of a list has the focus: what acts on rows is offered then.
fn is_on_a_row() -> bool {
    let active = document().active_element();
    let row = active.and_then(|active| active.closest("[data-id]").ok().flatten());
    row.is_some() || document().query_selector("[data-chosen]").ok().flatten().is_some()
}

/// What can be done here, with its keys: first what belongs to the row, then to the screen, then everywhere.
fn acts(keys: Keys, has_row: bool) -> Vec<Binding> {
    untrack(|| {
        let groups = [(Group::Row, has_row), (Group::Here, true), (Group::Everywhere, true)];
        let lists =
            groups.into_iter().filter(|(_, is_shown)| *is_shown).flat_map(|(group, _)| keys.list(group));
        // The way here, and the ways to sections: those stand under their own heading.
        lists.filter(|binding| binding.keys != "Mod+k" && !binding.keys.starts_with("g ")).collect()
    })
}

fn offers(
    desk: Desk,
    go: Callback<String>,
    acts: &[Binding],
    before: &[RecordRef],
    query: &str,
) -> Vec<Offers> {
    let query = query.trim();
    let sections = Section::ALL
        .into_iter()
        .filter(|section| begins(query, section.title()))
        .map(|section| {
            let path = section.path();
            Offer::new(section.title(), move || go.run(path.clone()))
                .with_icon(section_icon(section))
                .with_hint(Hint::Keys(caps(section.key())))
        })
        .collect();
    let sections = Offers { heading: "Go to", offers: sections };
    let doable = acts
        .iter()
        .filter(|act| begins(query, act.words))
        .map(|act| {
            let run = act.run;
            // The screen that bound it may be gone by the time it is taken.
            let offer = Offer::new(act.words, move || {
                let _ = run.try_run(());
            });
            let offer = offer.with_icon(Icon::Right);
            if act.keys.is_empty() { offer } else { offer.with_hint(Hint::Keys(caps(act.keys))) }
        })
        .collect();
    let doable = Offers { heading: "Do", offers: doable };
    if query.is_empty() {
        let recent = before.iter().filter_map(|record| known(desk, go, *record)).collect();
        return vec![Offers { heading: "Opened lately", offers: recent }, sections, doable];
    }
    let found = desk
        .find(query, RECORDS)
        .into_iter()
        .filter_map(|hit| {
            let record = desk.record_untracked(hit.record)?;
            let detail = if hit.place == Found::Text { desk.excerpt(hit.record, query) } else { None };
            Some(Offer { detail: detail.unwrap_or_default(), ..entry(desk, go, &record) })
        })
        .collect();
    vec![sections, doable, Offers { heading: "Records", offers: found }]
}

fn known(desk: Desk, go: Callback<String>, record: RecordRef) -> Option<Offer> {
    let record = desk.record_untracked(record).filter(|record| !record.is_deleted())?;
    Some(entry(desk, go, &record))
}

/// A record as a line.
fn entry(desk: Desk, go: Callback<String>, record: &Record) -> Offer {
    let reference = record.reference();
    let path = path_to(reference);
    let noun = words::label(words::noun(record.kind, record.line(Field::Kind)));
    let title = record.title();
    let label = if title.is_empty() { noun.clone() } else { title.to_owned() };
    let hint = if record.is_deleted() { format!("{noun}, deleted") } else { noun };
    Offer {
        reference: untrack(|| desk.reference(reference)),
        take: Arc::new(move || go.run(path.clone())),
        ..Offer::new(label, || ())
            .with_icon(section_icon(Section::of_kind(record.kind)))
            .with_hint(Hint::Words(hint))
    }
}

/// Whether every word of the query begins a word of `text`.
fn begins(query: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|char: char| !char.is_alphanumeric()).collect();
    query
        .to_lowercase()
        .split(|char: char| !char.is_alphanumeric())
        .filter(|asked| !asked.is_empty())
        .all(|asked| words.iter().any(|word| word.starts_with(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_from_their_beginning_in_any_order() {
        assert!(begins("ris", "Risks & opportunities"));
        assert!(begins("obj new", "New objective"));
        assert!(begins("", "Anything"));
        assert!(!begins("isks", "Risks & opportunities"));
        assert!(!begins("new goal", "New objective"));
    }
}
