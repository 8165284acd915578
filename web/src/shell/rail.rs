//! The left rail: where one can go, who one is, how the app looks.

use super::{
    keys::{Group, Keys},
    preferences::Preferences,
    routes::{BIN, Section},
};
use crate::{
    components::{
        avatar::{Face, disc},
        disclosure::{Look, disclosure},
        icon::{Icon, icon},
    },
    state::{Repo, Session},
};
use leptos::{
    ev,
    html::{a, button, div, nav, p, span},
    prelude::*,
    task::spawn_local,
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

pub(crate) const fn section_icon(section: Section) -> Icon {
    match section {
        Section::Overview => Icon::Overview,
        Section::Direction => Icon::Compass,
        Section::Objectives => Icon::Target,
        Section::Register => Icon::Risk,
        Section::Means => Icon::Key,
        Section::Actions => Icon::Check,
        Section::People => Icon::People,
    }
}

pub(crate) fn rail(repo: &Repo, session: &Session, me: Signal<Face>, show_keys: RwSignal<bool>) -> AnyView {
    let keys: Keys = expect_context();
    let preferences: Preferences = expect_context();
    let path = use_location().pathname;
    let navigate = use_navigate();
    let links = Section::ALL
        .into_iter()
        .map(|section| {
            let navigate = navigate.clone();
            let go = Callback::new(move |()| navigate(&section.path(), NavigateOptions::default()));
            keys.bind(section.key(), section.title(), Group::Everywhere, move || go.run(()));
            let is_here = move || path.with(|path| Section::of_path(path) == Some(section)).then_some("page");
            let combo = section.key().split(' ').map(|key| span().class("key").child(key)).collect_view();
            a().class("rail-link")
                .href(section.path())
                .attr("aria-current", is_here)
                .attr("title", section.title())
                .child((
                    icon(section_icon(section)),
                    span().class("rail-text").child(section.title()),
                    span().class("rail-key").attr("aria-hidden", "true").child(combo),
                ))
        })
        .collect_view();
    let narrow = preferences.is_rail_narrow;
    let narrow_label = move || if narrow.get() { "Widen the rail" } else { "Narrow the rail" };
    let theme = preferences.theme;
    nav()
        .class("rail")
        .attr("aria-label", "Sections")
        .child((
            div().class("rail-head").child((
                span().class("rail-mark").child(icon(Icon::Compass)),
                span().class("rail-text clip").child(session.workspace.name.clone()),
            )),
            links,
            div().class("rail-foot").child((
                update_button(repo),
                a().class("rail-link")
                    .href(BIN)
                    .attr("title", "Deleted items")
                    .attr("aria-current", move || path.with(|path| path == BIN).then_some("page"))
                    .child((icon(Icon::Bin), span().class("rail-text").child("Deleted items"))),
                foot_button(
                    Icon::Keyboard,
                    Signal::stored("Keyboard"),
                    Callback::new(move |()| show_keys.set(true)),
                ),
                foot_button(
                    Icon::Theme,
                    Signal::derive(move || theme.get().label()),
                    Callback::new(move |()| theme.update(|theme| *theme = theme.next())),
                ),
                div().class("rail-toggle").child(foot_button(
                    Icon::Sidebar,
                    Signal::derive(narrow_label),
                    Callback::new(move |()| narrow.update(|narrow| *narrow = !*narrow)),
                )),
                person_button(repo, me),
            )),
        ))
        .into_any()
}

fn foot_button(shape: Icon, label: Signal<&'static str>, run: Callback<()>) -> AnyView {
    button()
        .attr("type", "button")
        .class("rail-link")
        .attr("title", move || label.get())
        .on(ev::click, move |_| run.run(()))
        .child((icon(shape), span().class("rail-text").child(move || label.get())))
        .into_any()
}

fn update_button(repo: &Repo) -> AnyView {
    let is_ready = repo.is_update_ready();
    let repo = StoredValue::new(repo.clone());
    (move || {
        is_ready.get().then(|| {
            foot_button(
                Icon::Restore,
                Signal::stored("Update ready: use it"),
                Callback::new(move |()| repo.with_value(Repo::apply_update)),
            )
        })
    })
    .into_any()
}

/// Who works here, and the way to hand the device to somebody else.
fn person_button(repo: &Repo, me: Signal<Face>) -> AnyView {
    let repo = StoredValue::new(repo.clone());
    let face =
        (move || disc(&me.get(), "avatar"), span().class("rail-text clip").child(move || me.get().name));
    disclosure(
        Signal::derive(move || format!("You are {}", me.get().name)),
        Look { button: "rail-link", sheet: "up start wide" },
        face,
        move |_| repo.with_value(sign_out),
    )
}

/// The way to hand the device to somebody else.
pub(super) fn sign_out(repo: &Repo) -> AnyView {
    let repo = StoredValue::new(repo.clone());
    let leave = move |_| {
        let repo = repo.get_value();
        spawn_local(async move { repo.leave().await });
    };
    div()
        .class("sync-facts")
        .child((
            p().class("second").child(
                "Somebody else at this device? Sign out and choose a name. What is saved on this device stays.",
            ),
            button().attr("type", "button").class("button framed").on(ev::click, leave).child("Sign out here"),
        ))
        .into_any()
}
