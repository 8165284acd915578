//! What I have promised: late, soon, later, and what was finished lately.

use super::{
    list::{due, source_chip},
    todo::Todo,
};
use crate::{
    components::mark::mark,
    pages::{
        address::Address,
        chosen::{Chosen, choose_box},
        desk::Desk,
        list::nothing,
        rows::{badge, is_open, opens, row_link, said_touch},
        words,
    },
};
use leptos::{
    ev,
    html::{div, h2, li, section, span, ul},
    prelude::*,
};
use workspace::{Date, RecordRef};

/// A stretch of time, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Late,
    Week,
    Later,
    Undated,
    Finished,
}

impl When {
    const ALL: [Self; 5] = [Self::Late, Self::Week, Self::Later, Self::Undated, Self::Finished];

    fn of(todo: &Todo, today: Date) -> Self {
        match todo.action.due {
            _ if !todo.is_unfinished() => Self::Finished,
            _ if todo.action.days_late(today).is_some() => Self::Late,
            None => Self::Undated,
            Some(due) if due.days_since(today) <= 7 => Self::Week,
            Some(_) => Self::Later,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Late => "Late",
            Self::Week => "Within a week",
            Self::Later => "Later",
            Self::Undated => "Without a date",
            Self::Finished => "Finished in the last two weeks",
        }
    }
}

pub(super) fn mine(desk: Desk, address: Address, found: Memo<Vec<Todo>>, begin: Callback<()>) -> AnyView {
    expect_context::<Chosen>().shows(Signal::derive(move || in_order(&found.get(), desk.today().get())));
    let parts = When::ALL.map(|when| part(desk, address, found, when));
    let is_empty = Memo::new(move |_| found.with(Vec::is_empty));
    (
        move || {
            is_empty.get().then(|| {
                let none = ("You have promised nothing that is still to be done.", "Add an action");
                nothing(address, &["q"], "None of your actions matches this filter.", none, begin)
            })
        },
        div().class("page-width mine").child(parts.to_vec()),
    )
        .into_any()
}

/// As they stand on the page, part by part.
fn in_order(found: &[Todo], today: Date) -> Vec<RecordRef> {
    let of = |when: When| found.iter().filter(move |todo| When::of(todo, today) == when);
    When::ALL.into_iter().flat_map(of).map(Todo::record).collect()
}

fn part(desk: Desk, address: Address, found: Memo<Vec<Todo>>, when: When) -> impl IntoView + Clone {
    let here = Memo::new(move |_| {
        let today = desk.today().get();
        found.with(|found| {
            found.iter().filter(|todo| When::of(todo, today) == when).map(Todo::record).collect::<Vec<_>>()
        })
    });
    move || {
        let is_empty = here.with(Vec::is_empty);
        (!is_empty).then(|| {
            let rows = view! { <For each=move || here.get() key=|record| record.id children=move |record| row(desk, address, record)/> };
            section().child((
                h2().class(if when == When::Late { "late" } else { "" }).child((when.words(), span().class("quiet numbers").child(move || here.with(Vec::len)))),
                ul().child(rows),
            ))
        })
    }
}

fn row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let todo = Memo::new(move |_| now.with(|now| now.as_ref().map(|now| Todo::of(now))));
    let title = Signal::derive(move || {
        todo.with(|todo| todo.as_ref().map(|todo| todo.action.title.clone()).unwrap_or_default())
    });
    let contested = Signal::derive(move || {
        todo.with(|todo| todo.as_ref().map(|todo| todo.contested).unwrap_or_default())
    });
    let status =
        move || todo.with(|todo| todo.as_ref().map(|todo| todo.status().to_owned()).unwrap_or_default());
    let touched = move || desk.lately(record);
    li().class(move || if touched().is_some() { "todo touched" } else { "todo" })
        .attr("data-hue", move || touched().map(|face| face.hue.to_string()))
        .attr("data-row", "")
        .attr("data-id", record.id.to_string())
        .attr("aria-current", is_open(address, record))
        .on(ev::click, opens(address, record))
        .child((
            div().class("cell-title").child((
                choose_box(desk, record, title),
                row_link(address, record, title),
                badge(contested),
                said_touch(desk, record),
            )),
            div().class("todo-state").child((source_chip(desk, record), move || {
                let status = status();
                mark(words::status_tone(&status), words::label(&status))
            })),
            div().class("todo-due numbers right").child(move || due(&todo, desk)),
        ))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::{super::todo::tests::todo, *};

    #[test]
    fn a_due_day_is_not_late_on_that_day() {
        let today = Date::from_days(100);
        let on = |due: i32| todo(1, "open", Some(due), None);
        assert_eq!(
            [99, 100, 107, 108].map(|due| When::of(&on(due), today)),
            [When::Late, When::Week, When::Week, When::Later]
        );
    }
}
