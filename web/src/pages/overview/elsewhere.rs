//! Records of kinds that no section shows: they are here, so that nothing of a workspace is out of reach.

use crate::{
    components::icon::{Icon, icon},
    pages::{address::Address, desk::Desk, shelf::rows, words},
    shell::routes::Section,
};
use leptos::{
    html::{details, div, section, span, summary},
    prelude::*,
};
use workspace::Kind;

pub(super) fn elsewhere(desk: Desk, address: Address) -> AnyView {
    let kinds = || {
        Kind::ALL
            .iter()
            .copied()
            .filter(|kind| Section::of_kind(*kind) == Section::Overview && kind.letter().is_some())
    };
    let parts = kinds().map(|kind| part(desk, address, kind)).collect_view();
    let is_empty = Memo::new(move |_| kinds().all(|kind| desk.ids(kind).is_empty()));
    section()
        .class("elsewhere")
        .attr("aria-label", "Everything else")
        .prop("hidden", move || is_empty.get())
        .child(div().child(parts))
        .into_any()
}

fn part(desk: Desk, address: Address, kind: Kind) -> AnyView {
    let count = Memo::new(move |_| desk.ids(kind).len());
    (move || {
        let is_empty = count.with(|count| *count == 0);
        (!is_empty).then(|| {
            details().class("more").child((
                summary().child((
                    icon(Icon::Right),
                    words::nouns(kind),
                    span().class("quiet numbers").child(move || count.get()),
                )),
                rows(desk, address, kind),
            ))
        })
    })
    .into_any()
}
