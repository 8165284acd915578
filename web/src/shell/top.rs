//! The bar above the page: where one is, who else is here, and where the work is.

use super::{keys::combo, routes::title_of, sync_chip::sync_chip};
use crate::{
    components::{
        avatar::disc,
        disclosure::{Look, disclosure},
        icon::{Icon, icon},
    },
    pages::desk::Desk,
    state::{Repo, Session},
};
use leptos::{
    ev,
    html::{button, div, h1, header, li, span, ul},
    prelude::*,
};
use leptos_router::hooks::use_location;

/// Discs shown before the rest becomes a number.
const DISCS: usize = 4;

/// `search` opens the palette.
pub(crate) fn top(repo: &Repo, session: &Session, desk: Desk, search: Callback<()>) -> AnyView {
    let path = use_location().pathname;
    let title = Memo::new(move |_| path.with(|path| title_of(path)).unwrap_or("Not found"));
    let workspace = session.workspace.name.clone();
    Effect::new({
        let workspace = workspace.clone();
        move |_| document().set_title(&format!("{} \u{b7} {workspace}", title.get()))
    });
    header()
        .class("top")
        .child((
            span().class("top-mark").child(icon(Icon::Compass)),
            span().class("top-name").child(workspace),
            h1().child(move || title.get()),
            div().class("top-right").child((search_button(search), people(desk), sync_chip(repo))),
        ))
        .into_any()
}

fn search_button(search: Callback<()>) -> AnyView {
    button()
        .attr("type", "button")
        .class("search-button")
        .attr("aria-label", "Search or do")
        .attr("aria-haspopup", "dialog")
        .on(ev::click, move |_| search.run(()))
        .child((icon(Icon::Search), span().child("Search or do"), combo("Mod+k")))
        .into_any()
}

fn people(desk: Desk) -> AnyView {
    let here = Memo::new(move |_| {
        let mut faces = desk.present();
        faces.sort_by(|one, other| one.name.cmp(&other.name));
        faces
    });
    let name = Signal::derive(move || {
        here.with(|here| {
            let names: Vec<&str> = here.iter().map(|face| face.name.as_str()).collect();
            format!("Here now: {}", names.join(", "))
        })
    });
    let face = move || {
        let here = here.get();
        let rest = here.len().saturating_sub(DISCS);
        let discs = here.iter().take(DISCS).map(|face| disc(face, "avatar")).collect_view();
        (
            span().class("avatars").child(discs),
            (rest > 0).then(|| span().class("quiet").child(format!("+{rest}"))),
        )
    };
    (move || {
        let is_empty = here.with(Vec::is_empty);
        (!is_empty).then(|| {
            disclosure(name, Look { button: "people", sheet: "wide" }, face, move |_| {
                let names = move || {
                    here.get()
                        .into_iter()
                        .map(|face| {
                            li().class("person").child((disc(&face, "avatar"), span().child(face.name)))
                        })
                        .collect_view()
                };
                ul().class("people-list").child(names).into_any()
            })
        })
    })
    .into_any()
}
