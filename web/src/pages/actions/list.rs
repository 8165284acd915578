//! Actions as a table. Late ones first until somebody sorts by a column.

use super::todo::{STATES, Todo, sources};
use crate::{
    components::{
        mark::mark,
        rows::Window,
        sort::{Sort, head, sort_head},
    },
    pages::{
        address::Address,
        change::{ask_date, ask_state},
        chosen::Chosen,
        desk::Desk,
        list::{self, Table, table},
        rows::{edit_cell, entry_row, owner_cell, title_cell},
        words,
    },
    shell::routes::path_to,
};
use leptos::{
    html::{a, span, td},
    prelude::*,
};
use workspace::{Field, RecordRef};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Urgency,
    Title,
    Owner,
    Due,
    State,
}

pub(super) fn list(
    desk: Desk,
    address: Address,
    found: Memo<Vec<Todo>>,
    window: Window,
    begin: Callback<()>,
) -> AnyView {
    let sort = RwSignal::new(Sort { by: Column::Urgency, is_descending: false });
    let sorted = Memo::new(move |_| sorted(desk, found.get(), sort.get()));
    expect_context::<Chosen>()
        .shows(Signal::derive(move || sorted.with(|sorted| sorted.iter().map(Todo::record).collect())));
    let drawn = move || sorted.with(|sorted| window.of(sorted));
    let rows =
        view! { <For each=drawn key=Todo::id children=move |todo| row(desk, address, todo.record())/> };
    let heads = (
        sort_head("Action", "", Column::Title, sort),
        sort_head("Owner", "", Column::Owner, sort),
        sort_head("State", "", Column::State, sort),
        head("From", "drop-2"),
        sort_head("Due", "right", Column::Due, sort),
    );
    let this = Table { name: "Actions", class: "table stack three", columns: "5", window };
    table(this, heads, rows, move || nothing(address, begin))
}

/// Nothing to show.
pub(super) fn nothing(address: Address, begin: Callback<()>) -> AnyView {
    let none = ("Nothing is promised yet. An action is one thing, one owner, one date.", "Add an action");
    list::nothing(address, &["q", "owner", "state", "tag"], "No action matches this filter.", none, begin)
}

fn row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let todo = Memo::new(move |_| now.with(|now| now.as_ref().map(|now| Todo::of(now))));
    let read = move |read: fn(&Todo) -> String| {
        Signal::derive(move || todo.with(|todo| todo.as_ref().map(read).unwrap_or_default()))
    };
    let title = read(|todo| todo.action.title.clone());
    let status = read(|todo| todo.status().to_owned());
    let contested = Signal::derive(move || {
        todo.with(|todo| todo.as_ref().map(|todo| todo.contested).unwrap_or_default())
    });
    let owner = Signal::derive(move || todo.with(|todo| todo.as_ref().and_then(Todo::owner)));
    entry_row(
        address,
        record,
        (
            title_cell(desk, address, record, (), title, contested),
            owner_cell(desk, record, owner, "nowrap", "no owner"),
            edit_cell(desk, record, "nowrap", "Change the state", ask_state, move || {
                let status = status.get();
                mark(words::status_tone(&status), words::label(&status))
            }),
            td().class("drop-2 nowrap").attr("role", "cell").child(source_chip(desk, record)),
            edit_cell(desk, record, "right nowrap numbers", "Change the due day", ask_date, move || {
                due(&todo, desk)
            }),
        ),
    )
}

/// The due date as it presses.
pub(super) fn due(todo: &Memo<Option<Todo>>, desk: Desk) -> AnyView {
    let today = desk.today().get();
    todo.with(|todo| {
        let Some(todo) = todo else { return ().into_any() };
        match todo.due_words(today) {
            Some(words) if todo.action.days_late(today).is_some() => span()
                .class("late")
                .attr("title", todo.action.due.map(crate::components::day::in_full))
                .child(words)
                .into_any(),
            Some(words) => span()
                .class(if todo.is_unfinished() { "" } else { "quiet" })
                .attr("title", todo.action.due.map(crate::components::day::in_full))
                .child(words)
                .into_any(),
            None if todo.is_unfinished() => span().class("gap").child("no date").into_any(),
            None => ().into_any(),
        }
    })
}

/// Where the action comes from.
pub(super) fn source_chip(desk: Desk, action: RecordRef) -> AnyView {
    (move || {
        let source = sources(desk, action).into_iter().next()?;
        let record = desk.record(source)?;
        let words = format!(
            "{} {}",
            words::label(words::noun(source.kind, record.line(Field::Kind))),
            desk.reference(source)
        );
        let title = record.title().to_owned();
        Some(a().class("tag").href(path_to(source)).attr("title", title).child(words))
    })
    .into_any()
}

fn sorted(desk: Desk, mut list: Vec<Todo>, sort: Sort<Column>) -> Vec<Todo> {
    let name = |todo: &Todo| desk.first_named(&todo.action.owners);
    match sort.by {
        // They come in the order of urgency.
        Column::Urgency => {}
        Column::Title => list.sort_by(|one, other| {
            sort.order(one.action.title.to_lowercase().cmp(&other.action.title.to_lowercase()))
        }),
        Column::Owner => list.sort_by_cached_key(name),
        Column::Due => list.sort_by(|one, other| {
            one.action
                .due
                .is_none()
                .cmp(&other.action.due.is_none())
                .then_with(|| sort.order(one.action.due.cmp(&other.action.due)))
        }),
        Column::State => {
            list.sort_by(|one, other| sort.order(place(one.status()).cmp(&place(other.status()))))
        }
    }
    if sort.by == Column::Owner && sort.is_descending {
        list.reverse();
    }
    list
}

/// The place of a state in its life, not in the alphabet.
fn place(status: &str) -> usize {
    STATES.iter().position(|known| *known == status).unwrap_or(usize::MAX)
}
