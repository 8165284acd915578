//! Parts that rows of every list share: the title cell with its link and marks, a person, a touched mark.

use super::{address::Address, change, chosen::choose_box, desk::Desk};
use crate::components::{
    avatar::person,
    values::{Contested, values_badge},
};
use ids::MemberId;
use leptos::{
    ev,
    html::{a, button, div, span, td, tr},
    prelude::*,
    wasm_bindgen::JsCast,
};
use web_sys::MouseEvent;
use workspace::{Record, RecordRef};

/// A row of a table.
pub(crate) fn entry_row(address: Address, record: RecordRef, cells: impl IntoView + 'static) -> AnyView {
    tr().class("entry-row")
        .attr("role", "row")
        .attr("data-row", "")
        .attr("data-id", record.id.to_string())
        .attr("aria-current", is_open(address, record))
        .on(ev::click, opens(address, record))
        .child(cells.into_any())
        .into_any()
}

/// A click anywhere on a row opens it, except on what does something itself.
pub(crate) fn opens(address: Address, record: RecordRef) -> impl Fn(MouseEvent) + Send + 'static {
    move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let own = target
            .and_then(|target| target.closest("a, button, select, input, textarea, label").ok().flatten());
        let selects = web_sys::window()
            .and_then(|window| window.get_selection().ok().flatten())
            .is_some_and(|selection| !selection.is_collapsed());
        if own.is_none() && !selects && !event.default_prevented() {
            address.show(record);
        }
    }
}

/// The first cell of a row: what leads, link to the record, number of open values, and who just changed it.
pub(crate) fn title_cell(
    desk: Desk,
    address: Address,
    record: RecordRef,
    lead: impl IntoView + 'static,
    title: Signal<String>,
    contested: Signal<Contested>,
) -> AnyView {
    let touched = move || desk.lately(record);
    td().class("cell-clip")
        .attr("role", "cell")
        .child(
            div()
                .class(move || if touched().is_some() { "cell-title touched" } else { "cell-title" })
                .attr("data-hue", move || touched().map(|face| face.hue.to_string()))
                .attr("title", move || touched().map(|face| format!("{} changed this just now", face.name)))
                .child((
                    choose_box(desk, record, title),
                    lead.into_any(),
                    row_link(address, record, title),
                    badge(contested),
                    said_touch(desk, record),
                )),
        )
        .into_any()
}

/// The link of a row: what `j`, `k` and Enter walk along.
pub(crate) fn row_link(address: Address, record: RecordRef, title: Signal<String>) -> AnyView {
    let words =
        move || title.with(|title| if title.is_empty() { "Untitled".to_owned() } else { title.clone() });
    a().class("row-link").href(move || address.href(record)).child(words).into_any()
}

pub(crate) fn badge(contested: Signal<Contested>) -> AnyView {
    (move || values_badge(contested.get())).into_any()
}

/// What is open between people in a record.
pub(crate) fn contested_in(record: &Record) -> Contested {
    let values = record.contested().next().map_or(0, |(_, _, register)| register.values().len());
    Contested { fields: record.contested().count(), values }
}

/// The same news for those who do not see the mark.
pub(crate) fn said_touch(desk: Desk, record: RecordRef) -> AnyView {
    (move || {
        desk.lately(record)
            .map(|face| span().class("said").child(format!("changed by {} just now", face.name)))
    })
    .into_any()
}

/// A cell that is changed where it stands: pressing it asks.
pub(crate) fn edit_cell(
    desk: Desk,
    record: RecordRef,
    class: &'static str,
    label: &'static str,
    ask: fn(Desk, Vec<RecordRef>),
    shown: impl IntoView + 'static,
) -> AnyView {
    let shown = shown.into_any();
    let content = if desk.is_read_only_untracked() {
        shown
    } else {
        button()
            .attr("type", "button")
            .class("cell-edit")
            .attr("title", label)
            .on(ev::click, move |_| ask(desk, vec![record]))
            .child((shown, span().class("said").child(label)))
            .into_any()
    };
    td().class(class).attr("role", "cell").child(content).into_any()
}

/// The owner of a record as a cell that is changed where it stands; nobody is a gap.
pub(crate) fn owner_cell(
    desk: Desk,
    record: RecordRef,
    member: Signal<Option<MemberId>>,
    class: &'static str,
    gap: &'static str,
) -> AnyView {
    let shown = move || person(member.get().and_then(|member| desk.face(member)), gap);
    edit_cell(desk, record, class, "Change the owner", change::ask_owner, shown)
}

/// Whether the record of a row is the one beside the list.
pub(crate) fn is_open(
    address: Address,
    record: RecordRef,
) -> impl Fn() -> Option<&'static str> + Clone + Send + 'static {
    let is_open = Memo::new(move |_| address.open.get() == Some(record));
    move || is_open.get().then_some("true")
}
