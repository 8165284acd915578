//! Before the workspace: who are you? Choosing oneself is one click; in a workspace that knows nobody, a name is enough.

use crate::{
    components::{
        avatar::{Face, disc},
        icon::{Icon, icon},
        ids::fresh_id,
    },
    state::{Refusal, Repo, Who, WorkspaceChoice},
};
use leptos::{
    ev,
    html::{button, div, form, h1, h2, input, label, li, main, p, section, span, ul},
    prelude::*,
    task::spawn_local,
};
use std::sync::Arc;

/// Longest name, as the document takes titles.
const NAME_CHARS_MAX: usize = 120;

/// What is being tried, and why it did not work.
#[derive(Clone, Copy)]
struct Trying {
    is_busy: RwSignal<bool>,
    refusal: RwSignal<Option<Refusal>>,
}

pub(crate) fn entry(repo: &Repo, workspaces: &Arc<Vec<WorkspaceChoice>>) -> AnyView {
    let trying = Trying { is_busy: RwSignal::new(false), refusal: RwSignal::new(None) };
    let has_several = workspaces.len() > 1;
    let sections =
        workspaces.iter().map(|workspace| one(repo, workspace, has_several, trying)).collect_view();
    let title = match workspaces.as_slice() {
        [only] => only.name.clone(),
        [] => "No workspace yet".to_owned(),
        _ => "Choose a workspace".to_owned(),
    };
    let words = match workspaces.as_slice() {
        [] => "This relay has no workspace. Whoever runs it can create one.",
        [only] if only.members.is_empty() => "Nobody is here yet. Say who you are and begin.",
        _ => "Who are you? Your name stands beside what you change.",
    };
    let refusal = move || {
        trying
            .refusal
            .get()
            .map(|refusal| p().class("notice off").attr("role", "alert").child(refusal.to_string()))
    };
    main()
        .class("entry")
        .child((
            div().class("entry-head").child((
                icon(Icon::Compass),
                h1().child(title),
                p().class("second").child(words),
            )),
            refusal,
            sections,
        ))
        .into_any()
}

fn one(repo: &Repo, workspace: &WorkspaceChoice, has_several: bool, trying: Trying) -> AnyView {
    let heading = has_several.then(|| h2().child(workspace.name.clone()));
    let people = (0u8..)
        .zip(workspace.members.clone())
        .map(|(place, member)| {
            let face = Face { name: member.name.clone(), hue: place % 8 };
            let choose = sit_down(repo, workspace, trying, Who::Member(member.id));
            li().child(
                button()
                    .attr("type", "button")
                    .class("entry-person")
                    .prop("disabled", move || trying.is_busy.get())
                    .on(ev::click, move |_| choose.run(()))
                    .child((
                        disc(&face, "avatar large"),
                        span().child((
                            span().class("entry-name").child(member.name),
                            span().class("entry-role quiet").child(member.title),
                        )),
                        icon(Icon::Right),
                    )),
            )
        })
        .collect_view();
    let list = (!workspace.members.is_empty()).then(|| ul().class("entry-list").child(people));
    section().class("entry-section").child((heading, list, by_name(repo, workspace, trying))).into_any()
}

/// A name that the workspace does not know yet.
fn by_name(repo: &Repo, workspace: &WorkspaceChoice, trying: Trying) -> AnyView {
    let name = RwSignal::new(String::new());
    let id = fresh_id("name");
    let asked = if workspace.members.is_empty() { "Your name" } else { "Not in the list? Your name" };
    let repo = repo.clone();
    let workspace = workspace.clone();
    let begin = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked().split_whitespace().collect::<Vec<_>>().join(" ");
        if !typed.is_empty() && !trying.is_busy.get_untracked() {
            sit_down(&repo, &workspace, trying, Who::Named(typed)).run(());
        }
    };
    form()
        .class("entry-form")
        .on(ev::submit, begin)
        .child(
            div().class("field").child((
                label().attr("for", id.clone()).child(asked),
                div().class("entry-line").child((
                    input()
                        .id(id)
                        .class("input")
                        .attr("type", "text")
                        .attr("autocomplete", "name")
                        .attr("maxlength", NAME_CHARS_MAX.to_string())
                        .on(ev::input, move |event| name.set(event_target_value(&event))),
                    button()
                        .attr("type", "submit")
                        .class("button main")
                        .prop("disabled", move || {
                            trying.is_busy.get() || name.with(|name| name.trim().is_empty())
                        })
                        .child("Begin"),
                )),
            )),
        )
        .into_any()
}

fn sit_down(repo: &Repo, workspace: &WorkspaceChoice, trying: Trying, who: Who) -> Callback<()> {
    let repo = StoredValue::new(repo.clone());
    let workspace = workspace.id;
    Callback::new(move |()| {
        let (repo, who) = (repo.get_value(), who.clone());
        trying.is_busy.set(true);
        trying.refusal.set(None);
        spawn_local(async move {
            let outcome = repo.choose(workspace, who).await;
            // The screen may be gone by now: that is what success looks like.
            let _ = trying.is_busy.try_set(false);
            if let Err(refusal) = outcome {
                let _ = trying.refusal.try_set(Some(refusal));
            }
        });
    })
}

/// Nothing is known here and the relay does not help.
pub(crate) fn failed(repo: &Repo, refusal: &Refusal) -> AnyView {
    let repo = repo.clone();
    main()
        .class("entry")
        .child((
            div().class("entry-head").child((
                icon(Icon::Compass),
                h1().child("Not yet on this device"),
                p().class("second").child(format!("This browser holds no workspace, and {refusal}.")),
            )),
            div().child(
                button()
                    .attr("type", "button")
                    .class("button main")
                    .on(ev::click, move |_| repo.retry())
                    .child("Try again"),
            ),
        ))
        .into_any()
}
