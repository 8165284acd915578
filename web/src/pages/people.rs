//! People.

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

pub(crate) fn people() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::People);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let shelves = div().class("page-width shelves").child((shelf(desk, address, Kind::Member, "None yet."),));
    page("People", (), shelves, scroller, None, panel(address))
}
