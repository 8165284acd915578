//! Means and authority: what was asked for and answered, who may decide what, who sits where, and what should change
//! hands.

mod grants;
mod handovers;
mod needs;
mod seats;
pub(crate) mod sheets;

use super::{
    address::Address,
    create::creator,
    desk::Desk,
    list::{ViewLink, new_button, page, views, walk_keys},
    panel::panel,
};
use crate::shell::routes::Section;
use leptos::{
    html::{Div, div},
    prelude::*,
};

const VIEWS: &[ViewLink] = &[
    ViewLink { value: "", label: "Needs" },
    ViewLink { value: "authority", label: "Authority" },
    ViewLink { value: "seats", label: "Seats" },
    ViewLink { value: "hands", label: "Hand over" },
];

pub(crate) fn means() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Means);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let view = address.setting("view");
    let (need, creating_need) = creator(address, needs::NEED, needs::fields, needs::create);
    let (grant, creating_grant) = creator(address, grants::GRANT, grants::fields, grants::create);
    let (seat, creating_seat) = creator(address, seats::SEAT, seats::fields, seats::create);
    let new = move || {
        view.with(|view| match view.as_str() {
            "authority" => Some(new_button("Authority", "Give authority", grant)),
            "seats" => Some(new_button("Seat", "New seat", seat)),
            "hands" => None,
            _ => Some(new_button("Need", "Ask for means", need)),
        })
    };
    let body = move || {
        let shown = match view.get().as_str() {
            "authority" => grants::view(desk, address, grant),
            "seats" => seats::view(desk, address, seat),
            "hands" => handovers::view(desk, address),
            _ => needs::view(desk, address, need),
        };
        div().class("page-width shelves").child(shown)
    };
    (
        page("Means and authority", (views(address, VIEWS), new), body, scroller, None, panel(address)),
        (creating_need, creating_grant, creating_seat),
    )
        .into_any()
}
