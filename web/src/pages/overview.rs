//! Overview.

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

pub(crate) fn overview() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Overview);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let shelves = div().class("page-width shelves").child((
        shelf(desk, address, Kind::Review, "None yet."),
        shelf(desk, address, Kind::Decision, "None yet."),
    ));
    page("Overview", (), shelves, scroller, None, panel(address))
}
