//! What waits for whoever works here: one sentence each, the pressing first, and the way to where it is done.

use crate::{
    components::{
        day,
        mark::{Tone, shape},
    },
    pages::desk::Desk,
    shell::routes::path_to,
};
use insight::mine::{Ask, AskKind, needs_you};
use leptos::{
    ev,
    html::{a, button, div, h2, li, p, section, span, ul},
    prelude::*,
};
use workspace::Date;

/// Shown before the rest is asked for.
const SHOWN: usize = 7;

pub(super) fn needs(desk: Desk) -> AnyView {
    let me = desk.me();
    let asks = desk.digest(move |as_of| needs_you(as_of, me));
    let shows_all = RwSignal::new(false);
    let count = Memo::new(move |_| asks.with(Vec::len));
    let shown = Memo::new(move |_| {
        let limit = if shows_all.get() { usize::MAX } else { SHOWN };
        asks.with(|asks| asks.iter().take(limit).cloned().collect::<Vec<Ask>>())
    });
    let rows = view! { <For each=move || shown.get() key=|ask| (ask.kind, ask.records.clone(), ask.sentence.clone()) children=move |ask| row(desk, &ask)/> };
    let rest = move || {
        let rest = count.get().saturating_sub(SHOWN);
        (rest > 0 && !shows_all.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button")
                .on(ev::click, move |_| shows_all.set(true))
                .child(format!("{rest} more"))
        })
    };
    section()
        .attr("aria-labelledby", "needs-you")
        .child((
            h2().id("needs-you")
                .child(("Needs you", span().class("quiet numbers").child(move || count.get()))),
            move || (count.get() == 0).then(|| p().class("quiet").child("Nothing waits for you.")),
            ul().class("news").child(rows),
            rest,
        ))
        .into_any()
}

fn row(desk: Desk, ask: &Ask) -> AnyView {
    let today = desk.today().get_untracked();
    let is_late = ask.due.is_some_and(|due| due < today);
    let tone = match ask.kind {
        _ if is_late => Tone::Off,
        AskKind::Choose | AskKind::AcceptAnew => Tone::Watch,
        _ => Tone::Unknown,
    };
    let href = ask.records.first().copied().map(path_to).unwrap_or_default();
    li().attr("data-ask", format!("{:?}", ask.kind))
        .child((
            span().class(if is_late { "late" } else { "quiet" }).child(shape(tone)),
            div().child(a().class("row-link").href(href).child(ask.sentence.clone())),
            span()
                .class(if is_late { "late numbers nowrap" } else { "quiet numbers nowrap" })
                .child(when(ask, today)),
        ))
        .into_any()
}

/// How late it is, when it is due, or since when it waits.
fn when(ask: &Ask, today: Date) -> Option<String> {
    match (ask.due, ask.since) {
        (Some(due), _) if due < today => Some(day::late(today.days_since(due))),
        (Some(due), _) => Some(format!("by {}", day::short(due, today))),
        (None, Some(since)) => {
            let days = today.days_since(since);
            (days > 0).then(|| format!("{days}\u{a0}d"))
        }
        (None, None) => None,
    }
}
