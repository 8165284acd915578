//! The whole of what is seen: before the workspace, a name to choose; then the frame and the page of the address.

use crate::{
    components::{picker::Picker, toast::Toasts},
    pages::{
        actions::actions, bin::bin, capture::Capture, desk::Desk, direction::direction, means::means,
        objectives::objectives, overview::overview, people::people, register::register,
    },
    shell::{
        entry::{entry, failed},
        frame::frame,
        keys::Keys,
        preferences::Preferences,
        routes::Section,
    },
    state::{Repo, Session, SessionState},
};
use leptos::{html::p, prelude::*};
use leptos_router::{
    components::{Redirect, Route, Router, Routes},
    path,
};
use std::sync::Arc;

/// The root; expects a [`Repo`] in its context.
#[expect(non_snake_case, reason = "components of Leptos are named like types")]
pub(crate) fn App() -> impl IntoView {
    let repo: Repo = expect_context();
    let session = repo.session();
    let preferences = Preferences::recalled();
    provide_context(preferences);
    provide_context(Keys::new(preferences.has_keys.get_untracked()));
    // A session is renewed when a name changes at the relay; the screens are built again only for another person or
    // workspace.
    let stage = Memo::new(move |_| Stage::of(session.get()));
    move || match stage.get() {
        Stage::Starting => ().into_any(),
        Stage::Entry(SessionState::Choosing(workspaces)) => entry(&repo, &workspaces),
        Stage::Entry(SessionState::Failed(refusal)) => failed(&repo, &refusal),
        Stage::Entry(_) => ().into_any(),
        Stage::Open(open) => screens(&repo, &open.0),
    }
}

#[derive(Clone, PartialEq)]
enum Stage {
    Starting,
    Entry(SessionState),
    Open(Seat),
}

/// A session, told apart by who and where.
#[derive(Clone)]
struct Seat(Arc<Session>);

impl PartialEq for Seat {
    fn eq(&self, other: &Self) -> bool {
        (self.0.member.id, self.0.workspace.id) == (other.0.member.id, other.0.workspace.id)
    }
}

impl Stage {
    fn of(state: SessionState) -> Self {
        match state {
            SessionState::Starting => Self::Starting,
            SessionState::Open(session) => Self::Open(Seat(session)),
            other => Self::Entry(other),
        }
    }
}

fn screens(repo: &Repo, session: &Arc<Session>) -> AnyView {
    let desk = Desk::new(repo.clone(), session.member.id, Toasts::new(), Picker::new());
    provide_context(desk);
    provide_context(Capture::new());
    let (repo, session) = (repo.clone(), session.clone());
    let framed = move || {
        frame(
            &repo,
            &session,
            desk,
            view! {
                <Routes fallback=|| p().class("empty").child("There is no such page.")>
                    <Route path=path!("/") view=|| view! { <Redirect path=Section::START.path()/> }/>
                    <Route path=path!("/w") view=|| view! { <Redirect path=Section::START.path()/> }/>
                    <Route path=path!("/w/overview/:first?/:second?") view=overview/>
                    <Route path=path!("/w/direction/:first?/:second?") view=direction/>
                    <Route path=path!("/w/objectives/:first?/:second?") view=objectives/>
                    <Route path=path!("/w/risks/:first?/:second?") view=register/>
                    <Route path=path!("/w/means/:first?/:second?") view=means/>
                    <Route path=path!("/w/actions/:first?/:second?") view=actions/>
                    <Route path=path!("/w/people/:first?/:second?") view=people/>
                    <Route path=path!("/w/bin") view=bin/>
                </Routes>
            },
        )
    };
    view! { <Router>{framed()}</Router> }.into_any()
}
