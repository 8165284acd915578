//! The frame of every screen: rail, top bar, page, and the bar at the bottom of a phone.

use super::{
    keys::{Group, Keys},
    palette::palette,
    preferences::Preferences,
    rail::{rail, section_icon, sign_out},
    recent::Recent,
    routes::{BIN, Section, record_at},
    shortcuts::shortcuts,
    top::top,
};
use crate::{
    components::{
        avatar::Face,
        disclosure::{Look, disclosure},
        icon::{Icon, icon},
        picker::picker_region,
        toast::toast_region,
    },
    pages::{
        capture::{Capture, capture},
        desk::Desk,
        undo::undo_keys,
    },
    state::{Repo, Session},
};
use leptos::{
    ev,
    html::{a, button, div, main, nav, p, span},
    prelude::*,
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use std::time::Duration;

/// How long after the start the page is taken to be quiet.
const QUIET: Duration = Duration::from_secs(2);

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
    let captured: Capture = expect_context();
    let search = palette(desk, Recent::following(&session.workspace.id.to_string()));
    keys.bind("c", "Capture something", Group::Everywhere, move || captured.begin());
    undo_keys(desk);
    keys.bind("?", "Show all keys", Group::Everywhere, move || show_keys.set(true));
    let navigate = use_navigate();
    let go_to_bin = Callback::new(move |()| navigate(BIN, NavigateOptions::default()));
    keys.offer("Deleted items", Group::Everywhere, move || go_to_bin.run(()));
    keys.offer("Change the theme", Group::Everywhere, move || {
        preferences.theme.update(|theme| *theme = theme.next())
    });
    let narrow = preferences.is_rail_narrow;
    keys.offer("Narrow or widen the rail", Group::Everywhere, move || {
        narrow.update(|narrow| *narrow = !*narrow)
    });
    // A search is as quick the first time as later.
    let repo_later = StoredValue::new(repo.clone());
    set_timeout(
        move || {
            let _ = repo_later.try_with_value(Repo::prepare_search);
        },
        QUIET,
    );
    let has_panel = move || if path.with(|path| record_at(path).is_some()) { "open" } else { "closed" };
    let rail_width = move || if preferences.is_rail_narrow.get() { "narrow" } else { "wide" };
    (
        a().class("skip").href("#page").child("Skip to the page"),
        div().class("frame").attr("data-rail", rail_width).child((
            rail(repo, session, me, show_keys),
            top(repo, session, desk, search),
            main()
                .class("work")
                .id("page")
                .attr("tabindex", "-1")
                .attr("data-panel", has_panel)
                .child(outlet.into_any()),
            bottom(repo, me, captured),
        )),
        capture(captured),
        shortcuts(keys, show_keys, Callback::new(move |is_on| preferences.has_keys.set(is_on))),
        picker_region(desk.picker),
        toast_region(desk.toasts),
    )
        .into_any()
}

/// The sections in reach of a thumb; the others are behind "More".
const NEAR: [Section; 3] = [Section::Overview, Section::Actions, Section::Register];

fn bottom(repo: &Repo, me: Signal<Face>, captured: Capture) -> AnyView {
    let link = |section| section_link(section, "bottom-link", || ());
    let capture = button()
        .attr("type", "button")
        .class("bottom-link")
        .on(ev::click, move |_| captured.begin())
        .child((icon(Icon::Plus), span().child("Capture")));
    nav()
        .class("bottom")
        .attr("aria-label", "Sections")
        .child((
            link(Section::Overview),
            link(Section::Actions),
            capture,
            link(Section::Register),
            more(repo, me),
        ))
        .into_any()
}

fn section_link(section: Section, class: &'static str, chosen: impl Fn() + 'static) -> AnyView {
    let path = use_location().pathname;
    let is_here = move || path.with(|path| Section::of_path(path) == Some(section)).then_some("page");
    a().class(class)
        .href(section.path())
        .attr("aria-current", is_here)
        .on(ev::click, move |_| chosen())
        .child((icon(section_icon(section)), span().child(section.short_title())))
        .into_any()
}

/// Every other section, the theme, and who one is.
fn more(repo: &Repo, me: Signal<Face>) -> AnyView {
    let preferences: Preferences = expect_context();
    let repo = StoredValue::new(repo.clone());
    let theme = preferences.theme;
    let path = use_location().pathname;
    let is_here = move || {
        path.with(|path| Section::of_path(path).is_some_and(|section| !NEAR.contains(&section)))
            .then_some("page")
    };
    let sheet = move |is_open: RwSignal<bool>| {
        let others = Section::ALL.into_iter().filter(|section| !NEAR.contains(section));
        let links = others
            .map(|section| section_link(section, "menu-entry", move || is_open.set(false)))
            .collect_view();
        let theme = button()
            .attr("type", "button")
            .class("menu-entry")
            .on(ev::click, move |_| theme.update(|theme| *theme = theme.next()))
            .child((icon(Icon::Theme), span().child(move || theme.get().label())));
        (
            links,
            theme,
            div()
                .class("menu-foot")
                .child((p().child(move || format!("You are {}", me.get().name)), repo.with_value(sign_out))),
        )
            .into_any()
    };
    let face = (icon(Icon::More), span().child("More"));
    div()
        .class("bottom-more")
        .attr("data-here", is_here)
        .child(disclosure(
            Signal::stored("More".to_owned()),
            Look { button: "bottom-link", sheet: "up" },
            face,
            sheet,
        ))
        .into_any()
}
