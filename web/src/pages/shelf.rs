//! The records of one kind as a plain list, where a page shows several kinds: each row leads to the record's panel.

use super::{
    address::Address,
    desk::Desk,
    rows::{badge, contested_in, is_open, opens, row_link, said_touch},
    words,
};
use leptos::{
    ev,
    html::{div, li, span, ul},
    prelude::*,
};
use workspace::{Kind, RecordRef};

/// By birth, the latest first.
pub(crate) fn rows(desk: Desk, address: Address, kind: Kind) -> AnyView {
    let ids = Memo::new(move |_| {
        let mut ids = desk.ids(kind);
        ids.reverse();
        ids
    });
    let rows = view! { <For each=move || ids.get() key=|id| *id children=move |id| row(desk, address, RecordRef::new(kind, id))/> };
    ul().class("shelf").child(rows).into_any()
}

fn row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let state = move || now.with(|now| now.as_ref().and_then(|now| now.status()).map(words::label));
    line(desk, address, record, span().class("quiet").child(state))
}

/// One record with its title as the link, and what stands beside it.
pub(crate) fn line(
    desk: Desk,
    address: Address,
    record: RecordRef,
    beside: impl IntoView + 'static,
) -> AnyView {
    let now = desk.signal(record);
    let title = Signal::derive(move || {
        now.with(|now| now.as_ref().map(|now| now.title().to_owned()).unwrap_or_default())
    });
    titled(desk, address, record, title, beside)
}

/// As [`line`], for a record that is known by the title of another one.
pub(crate) fn titled(
    desk: Desk,
    address: Address,
    record: RecordRef,
    title: Signal<String>,
    beside: impl IntoView + 'static,
) -> AnyView {
    let now = desk.signal(record);
    let contested =
        Signal::derive(move || now.with(|now| now.as_ref().map(|now| contested_in(now)).unwrap_or_default()));
    li().class("shelf-row")
        .attr("data-row", "")
        .attr("data-id", record.id.to_string())
        .attr("aria-current", is_open(address, record))
        .on(ev::click, opens(address, record))
        .child((
            div().class("cell-title").child((
                span().class("ref").child(desk.reference(record)),
                row_link(address, record, title),
                badge(contested),
                said_touch(desk, record),
            )),
            div().class("shelf-beside").child(beside.into_any()),
        ))
        .into_any()
}
