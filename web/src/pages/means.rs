//! Means and authority.

use super::{
    address::Address,
    desk::Desk,
    list::{page, walk_keys},
    panel::panel,
    shelf::shelf,
};
use crate::shell::routes::Section;
use leptos::{
    html::{Div, div},
    prelude::*,
};
use workspace::Kind;

pub(crate) fn means() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Means);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let shelves = div().class("page-width shelves").child((
        shelf(desk, address, Kind::Need, "None yet."),
        shelf(desk, address, Kind::Grant, "None yet."),
        shelf(desk, address, Kind::Seat, "None yet."),
    ));
    page("Means and authority", (), shelves, scroller, None, panel(address))
}
