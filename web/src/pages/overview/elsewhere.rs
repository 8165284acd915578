//! Records of kinds that no section shows: they are here, so that nothing of a workspace is out of reach.

use crate::{
    components::icon::{Icon, icon},
    pages::{address::Address, desk::Desk, shelf::rows, words},
    shell::routes::{Section, path_to},
};
use leptos::{
    html::{a, details, div, p, section, span, summary},
    prelude::*,
};
use workspace::{Kind, RecordRef};

pub(super) fn elsewhere(desk: Desk, address: Address) -> AnyView {
    let kinds = || {
        Kind::ALL
            .iter()
            .copied()
            .filter(|kind| Section::of_kind(*kind) == Section::Overview && kind.letter().is_some())
    };
    let parts = kinds().map(|kind| part(desk, address, kind)).collect_view();
    let settings = a()
        .class("link")
        .href(path_to(RecordRef::singleton(Kind::Settings)))
        .child("How this workspace judges: scales, appetite, thresholds");
    section()
        .class("elsewhere")
        .attr("aria-label", "Everything else")
        .child((div().child(parts), p().child(settings)))
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
