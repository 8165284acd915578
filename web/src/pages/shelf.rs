//! Records of a few kinds as plain lists under headings, for a page that shows several kinds: each row leads to the
//! record's panel.

use super::{
    address::Address,
    desk::Desk,
    rows::{badge, contested_in, is_open, opens, row_link, said_touch},
    words,
};
use leptos::{
    ev,
    html::{div, h2, li, section, span, ul},
    prelude::*,
};
use workspace::{Kind, RecordRef};

/// The records of one kind, by birth.
pub(crate) fn shelf(desk: Desk, address: Address, kind: Kind, none: &'static str) -> AnyView {
    let ids = Memo::new(move |_| desk.ids(kind));
    let rows = view! { <For each=move || ids.get() key=|id| *id children=move |id| row(desk, address, RecordRef::new(kind, id))/> };
    let empty = move || ids.with(Vec::is_empty).then(|| div().class("quiet shelf-none").child(none));
    section()
        .class("shelf")
        .child((
            h2().child((words::nouns(kind), span().class("quiet numbers").child(move || ids.with(Vec::len)))),
            empty,
            ul().child(rows),
        ))
        .into_any()
}

fn row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let title = Signal::derive(move || {
        now.with(|now| now.as_ref().map(|now| now.title().to_owned()).unwrap_or_default())
    });
    let contested =
        Signal::derive(move || now.with(|now| now.as_ref().map(|now| contested_in(now)).unwrap_or_default()));
    let state = move || now.with(|now| now.as_ref().and_then(|now| now.status()).map(words::label));
    li().class("shelf-row")
        .attr("data-row", "")
        .attr("data-id", record.id.to_string())
        .attr("aria-current", is_open(address, record))
        .on(ev::click, opens(address, record))
        .child((
            div().class("cell-title").child((
                row_link(address, record, title),
                badge(contested),
                said_touch(desk, record),
            )),
            span().class("quiet").child(state),
        ))
        .into_any()
}
