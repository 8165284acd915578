//! The frame of every screen: rail, top bar, page, and the bar at the bottom of a phone.

use super::{
    keys::{Group, Keys},
    preferences::Preferences,
    rail::{person_button, rail, section_icon},
    routes::{Section, record_at},
    shortcuts::shortcuts,
    top::top,
};
use crate::{
    components::{
        avatar::Face,
        icon::{Icon, icon},
        toast::toast_region,
    },
    pages::{capture::capture, desk::Desk},
    state::{Repo, Session},
};
use leptos::{
    ev,
    html::{a, button, div, main, nav, span},
    prelude::*,
};
use leptos_router::hooks::use_location;

/// `outlet` is what the router shows.
pub(crate) fn frame(repo: &Repo, session: &Session, desk: Desk, outlet: impl IntoView + 'static) -> AnyView {
    let keys: Keys = expect_context();
    let preferences: Preferences = expect_context();
    let path = use_location().pathname;
    let me = {
        let fallback = Face { name: session.member.name.clone(), hue: 0 };
        Signal::derive(move || desk.face(desk.me()).unwrap_or_else(|| fallback.clone()))
    };
    let show_keys = RwSignal::new(false);
    let is_capturing = RwSignal::new(false);
    keys.bind("?", "This list", Group::Everywhere, move || show_keys.set(true));
    keys.bind("c", "Capture an action", Group::Everywhere, move || is_capturing.set(true));
    let has_panel = move || if path.with(|path| record_at(path).is_some()) { "open" } else { "closed" };
    let rail_width = move || if preferences.is_rail_narrow.get() { "narrow" } else { "wide" };
    (
        a().class("skip").href("#page").child("Skip to the page"),
        div().class("frame").attr("data-rail", rail_width).child((
            rail(repo, session, me, show_keys),
            top(repo, session, desk),
            main()
                .class("work")
                .id("page")
                .attr("tabindex", "-1")
                .attr("data-panel", has_panel)
                .child(outlet.into_any()),
            bottom(repo, me, is_capturing),
        )),
        capture(is_capturing),
        shortcuts(keys, show_keys, Callback::new(move |is_on| preferences.has_keys.set(is_on))),
        toast_region(desk.toasts),
    )
        .into_any()
}

fn bottom(repo: &Repo, me: Signal<Face>, is_capturing: RwSignal<bool>) -> AnyView {
    let path = use_location().pathname;
    let links = Section::ALL
        .into_iter()
        .map(|section| {
            let is_here = move || path.with(|path| Section::of_path(path) == Some(section)).then_some("page");
            a().class("bottom-link")
                .href(section.path())
                .attr("aria-current", is_here)
                .child((icon(section_icon(section)), span().child(section.short_title())))
        })
        .collect_view();
    let capture = button()
        .attr("type", "button")
        .class("bottom-link")
        .on(ev::click, move |_| is_capturing.set(true))
        .child((icon(Icon::Plus), span().child("Capture")));
    nav()
        .class("bottom")
        .attr("aria-label", "Sections")
        .child((links, capture, person_button(repo, me)))
        .into_any()
}
