//! Actions by state. A card is moved from its own menu, which works with every pointer and every keyboard; what a move
//! needs to be told is asked in the panel.

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
        desk::Desk,
        fields::Sheet,
        moves::{go, needs_answer},
        rows::{badge, contested_in, is_open, opens, row_link, said_touch},
        words,
    },
};
use leptos::{
    ev,
    html::{article, div, h2, section, span},
    prelude::*,
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
    let columns = COLUMNS
        .into_iter()
        .map(|(heading, states)| column(desk, address, found, heading, states))
        .collect_view();
    let is_empty = Memo::new(move |_| found.with(Vec::is_empty));
    (
        move || is_empty.get().then(|| nothing(address, begin)),
        div().class("board page-width").prop("hidden", move || is_empty.get()).child(columns),
    )
        .into_any()
}

fn column(
    desk: Desk,
    address: Address,
    found: Memo<Vec<Todo>>,
    heading: &'static str,
    states: &'static [&'static str],
) -> AnyView {
    let here = Memo::new(move |_| {
        found.with(|found| {
            found.iter().filter(|todo| states.contains(&todo.status())).map(Todo::record).collect::<Vec<_>>()
        })
    });
    let cards = view! { <For each=move || here.get() key=|record| record.id children=move |record| card(desk, address, record)/> };
    let lead = states
        .first()
        .map(|state| span().class(words::status_tone(state).class()).child(shape(words::status_tone(state))));
    section()
        .class("board-column")
        .attr("aria-label", heading)
        .child((
            h2().child((lead, heading, span().class("quiet numbers").child(move || here.with(Vec::len)))),
            cards,
        ))
        .into_any()
}

fn card(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let sheet = Sheet::of(desk, record);
    let todo = Memo::new(move |_| sheet.now.with(|now| now.as_ref().map(|now| Todo::of(now))));
    let title = sheet.derive(|record| record.title().to_owned());
    let contested = sheet.derive(contested_in);
    let owner =
        move || todo.with(|todo| todo.as_ref().and_then(Todo::owner)).and_then(|owner| desk.face(owner));
    let touched = move || desk.lately(record);
    article()
        .class(move || if touched().is_some() { "card touched" } else { "card" })
        .attr("data-hue", move || touched().map(|face| face.hue.to_string()))
        .attr("data-id", record.id.to_string())
        .attr("aria-current", is_open(address, record))
        .on(ev::click, opens(address, record))
        .child((
            row_link(address, record, title),
            div().class("card-foot").child((
                move || person(owner(), "no owner"),
                badge(contested),
                span().class("push numbers").child(move || due(&todo, desk)),
            )),
            div().class("card-foot").child((
                source_chip(desk, record),
                span().class("push"),
                move_menu(sheet, address),
            )),
            said_touch(desk, record),
        ))
        .into_any()
}

/// "Move to…": moves that need no answer are made at once, the others open the panel where they ask.
fn move_menu(sheet: Sheet, address: Address) -> AnyView {
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
        if to.is_empty() {
            return;
        }
        if needs_answer(Kind::Action, &status.get_untracked(), &to) {
            address.show(sheet.record);
        } else {
            go(sheet, &to, "", None);
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
