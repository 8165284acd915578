//! One connected view: what waits for me, what changed, and the chain from direction to action with the places where it
//! breaks.

mod chain;
mod changed;
mod elsewhere;
mod needs;

use super::{
    address::Address,
    desk::{Arrival, Desk},
    list::{page, walk_keys},
    panel::panel,
};
use crate::{
    components::{day, empty::empty},
    shell::routes::Section,
};
use leptos::{
    html::{Div, div, span},
    prelude::*,
};

pub(crate) fn overview() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Overview);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let as_of = span()
        .class("quiet")
        .child(move || format!("As of {}, on this device", day::in_full(desk.today().get())));
    let arrival = Memo::new(move |_| desk.arrival());
    let body = move || match arrival.get() {
        Arrival::Reading => empty("Reading what is on this device.", None),
        Arrival::Awaited => empty(
            "Nothing of this workspace is on this device yet. It comes when the relay is reached.",
            None,
        ),
        Arrival::Here => div()
            .class("page-width overview")
            .child((
                div().class("overview-news").child((needs::needs(desk), changed::changed(desk, address))),
                chain::chain(desk),
                elsewhere::elsewhere(desk, address),
            ))
            .into_any(),
    };
    page("Overview", as_of, body, scroller, None, panel(address))
}
