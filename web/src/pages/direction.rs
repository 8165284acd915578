//! Direction: what the organisation is for, where it goes, what it promises, what bears on it and who has a stake.

mod context;
mod goals;
mod parties;
mod policy;
mod purpose;
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
    ViewLink { value: "", label: "Purpose & goals" },
    ViewLink { value: "policy", label: "Policy" },
    ViewLink { value: "context", label: "Context" },
    ViewLink { value: "parties", label: "Parties & requirements" },
];

pub(crate) fn direction() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Direction);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let view = address.setting("view");
    let (goal, creating_goal) = creator(address, goals::GOAL, goals::fields, goals::create);
    let (version, creating_version) =
        creator(address, policy::VERSION, policy::version_fields, policy::create_version);
    let (promise, creating_promise) =
        creator(address, policy::PROMISE, policy::promise_fields, policy::create_promise);
    let (issue, creating_issue) = creator(address, context::ISSUE, context::fields, context::create);
    let (party, creating_party) =
        creator(address, parties::PARTY, parties::party_fields, parties::create_party);
    let (requirement, creating_requirement) =
        creator(address, parties::REQUIREMENT, parties::requirement_fields, parties::create_requirement);
    let new = move || {
        view.with(|view| match view.as_str() {
            "policy" => new_button("Version", "New version of the policy", version),
            "context" => new_button("Issue", "New issue", issue),
            "parties" => new_button("Requirement", "New requirement", requirement),
            _ => new_button("Goal", "New goal", goal),
        })
    };
    let body = move || {
        let shown = match view.get().as_str() {
            "policy" => policy::view(desk, address, version, promise),
            "context" => context::view(desk, address, issue),
            "parties" => parties::view(desk, address, party, requirement),
            _ => (purpose::view(desk), goals::view(desk, address, goal)).into_any(),
        };
        div().class("page-width shelves").child(shown)
    };
    (
        page("Direction", (views(address, VIEWS), new), body, scroller, None, panel(address)),
        (
            creating_goal,
            creating_version,
            creating_promise,
            creating_issue,
            creating_party,
            creating_requirement,
        ),
    )
        .into_any()
}
