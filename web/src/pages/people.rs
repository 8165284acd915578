//! People: who belongs to the team, what each carries, and what the top owns rather than signs.

mod carries;
mod duties;
mod roll;
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

const VIEWS: &[ViewLink] =
    &[ViewLink { value: "", label: "Team" }, ViewLink { value: "duties", label: "Own, not sign" }];

pub(crate) fn people() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::People);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let view = address.setting("view");
    let (begin, creating) = creator(address, roll::PERSON, roll::fields, roll::create);
    let new = move || view.with(String::is_empty).then(|| new_button("Person", "New person", begin));
    let body = move || {
        let shown = match view.get().as_str() {
            "duties" => duties::view(desk),
            _ => roll::view(desk, address, begin),
        };
        div().class("page-width shelves").child(shown)
    };
    (page("People", (views(address, VIEWS), new), body, scroller, None, panel(address)), creating).into_any()
}
