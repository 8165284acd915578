//! Actions: what was promised, by whom, until when. Mine, everybody's as a list, or a board by state.

mod board;
mod list;
mod mine;
pub(crate) mod sheet;
mod todo;

use super::{
    address::Address,
    capture::{ACTION, action_fields, create_action},
    create::creator,
    desk::Desk,
    list::{ViewLink, filter_choice, filters, new_button, page, tag_filter, views, walk_keys},
    panel::panel,
    row_acts::row_acts,
    words,
};
use crate::{
    components::{choice::Choice, rows::Window},
    shell::routes::Section,
};
use leptos::{
    html::{Div, div},
    prelude::*,
};
use todo::{STATES, Show, Todo, todos};
use workspace::Kind;

const VIEWS: &[ViewLink] = &[
    ViewLink { value: "", label: "Mine" },
    ViewLink { value: "list", label: "List" },
    ViewLink { value: "board", label: "Board" },
];

pub(crate) fn actions() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Actions);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let bar = row_acts(desk, address);
    let view = address.setting("view");
    let found = found(desk, address);
    let rows =
        Signal::derive(move || if view.with(|view| view == "list") { found.with(Vec::len) } else { 0 });
    let window = Window::over(rows, scroller);
    let (begin, creating) = creator(address, ACTION, action_fields, create_action);
    let people = Signal::derive(move || desk.member_choices());
    let is_mine = move || view.with(String::is_empty);
    let states = || {
        let states = STATES.map(|word| Choice::new(word, words::label(word)));
        Signal::stored([Choice::new("all", "All states")].into_iter().chain(states).collect::<Vec<_>>())
    };
    let choices = move || {
        (!is_mine()).then(|| {
            let is_list = view.with(|view| view == "list");
            (
                div().class("filter").child(filter_choice(address, "owner", "Owner", "Any owner", people)),
                is_list.then(|| {
                    div().class("filter").child(filter_choice(
                        address,
                        "state",
                        "State",
                        "Not finished",
                        states(),
                    ))
                }),
                tag_filter(desk, address, Kind::Action),
            )
        })
    };
    let tools = (
        views(address, VIEWS),
        filters(address, "Filter actions", choices),
        new_button("Action", "New action", begin),
    );
    let body = move || match view.get().as_str() {
        "list" => list::list(desk, address, found, window, begin),
        "board" => board::board(desk, address, found, begin),
        _ => mine::mine(desk, address, found, begin),
    };
    (page("Actions", tools, (body, bar), scroller, Some(window), panel(address)), creating).into_any()
}

/// The actions that the address asks for, in the order of urgency.
fn found(desk: Desk, address: Address) -> Memo<Vec<Todo>> {
    let (view, text) = (address.setting("view"), address.setting("q"));
    let (owner, state) = (address.setting("owner"), address.setting("state"));
    let tag = address.setting("tag");
    Memo::new(move |_| {
        let show = match view.get().as_str() {
            "list" => Show::List { owner: owner.get(), state: state.get() },
            "board" => Show::Board { owner: owner.get() },
            _ => Show::Mine,
        };
        todos(desk, &show, &text.get(), &tag.get())
    })
}
