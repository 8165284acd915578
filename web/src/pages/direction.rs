//! Direction.

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

pub(crate) fn direction() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Direction);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let shelves = div().class("page-width shelves").child((
        shelf(desk, address, Kind::Goal, "None yet."),
        shelf(desk, address, Kind::Policy, "None yet."),
        shelf(desk, address, Kind::Commitment, "None yet."),
        shelf(desk, address, Kind::Issue, "None yet."),
        shelf(desk, address, Kind::Party, "None yet."),
        shelf(desk, address, Kind::Requirement, "None yet."),
    ));
    page("Direction", (), shelves, scroller, None, panel(address))
}
