//! Actions by state. A card is moved by dragging it, by the key `s`, and from its own menu, which works with every pointer
//! and every keyboard; all three ask the same and do the same.

use super::{
    list::{due, nothing, source_chip},
    todo::Todo,
};
use crate::{
    components::{
        avatar::person,
        choice::{Choice, ChoiceField, choice},
        mark::shape,
    },
    pages::{
        address::Address,
        change::move_to,
        chosen::{Chosen, choose_box},
        desk::Desk,
        fields::Sheet,
        moves::needs_answer,
        rows::{badge, contested_in, is_open, opens, row_link, said_touch},
        words,
    },
};
use leptos::{
    ev,
    html::{article, div, h2, section, span},
    prelude::*,
    wasm_bindgen::JsCast,
};
use workspace::{Kind, RecordRef};

/// Columns: heading, the states in it, and the state that leads its shape.
const COLUMNS: [(&str, &[&str]); 4] = [
    ("To do", &["open"]),
    ("In progress", &["in-progress"]),
    ("Blocked", &["blocked"]),
    ("Finished in two weeks", &["done", "verified", "effective", "ineffective", "cancelled"]),
];

pub(super) fn board(desk: Desk, address: Address, found: Memo<Vec<Todo>>, begin: Callback<()>) -> AnyView {
    expect_context::<Chosen>().shows(Signal::derive(move || in_order(&found.get())));
    let dragged = RwSignal::new(None::<RecordRef>);
    let columns = COLUMNS
        .into_iter()
        .map(|(heading, states)| column(desk, address, found, dragged, heading, states))
        .collect_view();
    let is_empty = Memo::new(move |_| found.with(Vec::is_empty));
    (
        move || is_empty.get().then(|| nothing(address, begin)),
        div().class("board page-width").prop("hidden", move || is_empty.get()).child(columns),
    )
        .into_any()
}

/// As they stand on the page, column by column.
fn in_order(found: &[Todo]) -> Vec<RecordRef> {
    let of = |states: &'static [&str]| found.iter().filter(move |todo| states.contains(&todo.status()));
    COLUMNS.into_iter().flat_map(|(_, states)| of(states)).map(Todo::record).collect()
}

fn column(
    desk: Desk,
    address: Address,
    found: Memo<Vec<Todo>>,
    dragged: RwSignal<Option<RecordRef>>,
    heading: &'static str,
    states: &'static [&'static str],
) -> AnyView {
    let here = Memo::new(move |_| {
        found.with(|found| {
            found.iter().filter(|todo| states.contains(&todo.status())).map(Todo::record).collect::<Vec<_>>()
        })
    });
    let cards = view! { <For each=move || here.get() key=|record| record.id children=move |record| card(desk, address, record, dragged)/> };
    let is_over = RwSignal::new(false);
    let allowed = move || dragged.get_untracked().and_then(|record| way_into(desk, record, states));
    let lead = states
        .first()
        .map(|state| span().class(words::status_tone(state).class()).child(shape(words::status_tone(state))));
    section()
        .class(move || if is_over.get() { "board-column over" } else { "board-column" })
        .attr("aria-label", heading)
        .on(ev::dragover, move |event| {
            // Only where the card may go is it let down.
            if allowed().is_some() {
                event.prevent_default();
                is_over.set(true);
            }
        })
        .on(ev::dragleave, move |event| {
            let goes_to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let column = event.current_target().and_then(|column| column.dyn_into::<web_sys::Node>().ok());
            if column.is_none_or(|column| !column.contains(goes_to.as_ref())) {
                is_over.set(false);
            }
        })
        .on(ev::drop, move |event| {
            event.prevent_default();
            is_over.set(false);
            if let (Some(record), Some(to)) = (dragged.get_untracked(), allowed()) {
                move_to(desk, vec![record], to);
            }
            dragged.set(None);
        })
        .child((
            h2().child((lead, heading, span().class("quiet numbers").child(move || here.with(Vec::len)))),
            cards,
        ))
        .into_any()
}

/// The state of a column that a card may go to; none when it is there already.
fn way_into(desk: Desk, record: RecordRef, states: &[&'static str]) -> Option<&'static str> {
    let record = desk.record_untracked(record)?;
    let from = record.status()?;
    let life = record.lifecycle()?;
    let is_here = states.contains(&from);
    states.iter().copied().find(|to| !is_here && life.allows(from, to))
}

fn card(desk: Desk, address: Address, record: RecordRef, dragged: RwSignal<Option<RecordRef>>) -> AnyView {
    let sheet = Sheet::of(desk, record);
    let todo = Memo::new(move |_| sheet.now.with(|now| now.as_ref().map(|now| Todo::of(now))));
    let title = sheet.derive(|record| record.title().to_owned());
    let contested = sheet.derive(contested_in);
    let owner =
        move || todo.with(|todo| todo.as_ref().and_then(Todo::owner)).and_then(|owner| desk.face(owner));
    let touched = move || desk.lately(record);
    let class = move || match (touched().is_some(), dragged.get() == Some(record)) {
        (true, _) => "card touched",
        (false, true) => "card dragged",
        (false, false) => "card",
    };
    article()
        .class(class)
        .attr("draggable", move || (!sheet.read_only.get()).to_string())
        .on(ev::dragstart, move |event| {
            if let Some(data) = event.data_transfer() {
                data.set_effect_allowed("move");
                // Some browsers drag nothing that carries nothing.
                let _ = data.set_data("text/plain", &untrack(|| title.get()));
            }
            dragged.set(Some(record));
        })
        .on(ev::dragend, move |_| dragged.set(None))
        .attr("data-hue", move || touched().map(|face| face.hue.to_string()))
        .attr("data-id", record.id.to_string())
        .attr("aria-current", is_open(address, record))
        .on(ev::click, opens(address, record))
        .child((
            choose_box(desk, record, title),
            row_link(address, record, title),
            div().class("card-foot").child((
                move || person(owner(), "no owner"),
                badge(contested),
                span().class("push numbers").child(move || due(&todo, desk)),
            )),
            div().class("card-foot").child((
                source_chip(desk, record),
                span().class("push"),
                move_menu(sheet),
            )),
            said_touch(desk, record),
        ))
        .into_any()
}

/// "Move to…": moves that need no answer are made at once, the others ask first.
fn move_menu(sheet: Sheet) -> AnyView {
    let status = sheet.derive(|record| record.status().unwrap_or_default().to_owned());
    let choices = Signal::derive(move || {
        let from = status.get();
        let next: Vec<String> = sheet.read(|record| {
            record.lifecycle().map(|life| life.next(&from).map(str::to_owned).collect()).unwrap_or_default()
        });
        next.into_iter()
            .map(|to| {
                let dots = if needs_answer(Kind::Action, &from, &to) { "\u{2026}" } else { "" };
                let words = words::verb(Kind::Action, &from, &to);
                Choice::new(to, format!("{words}{dots}"))
            })
            .collect()
    });
    let set = Callback::new(move |to: String| {
        if !to.is_empty() {
            move_to(sheet.desk, vec![sheet.record], &to);
        }
    });
    choice(ChoiceField {
        label: format!("Move {}", untrack(|| sheet.read(|record| record.title().to_owned()))),
        choices,
        value: Signal::stored(String::new()),
        set,
        none: Some("Move\u{2026}"),
        class: "inline small",
        read_only: sheet.read_only,
    })
}
