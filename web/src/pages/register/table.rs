//! The register as a table.

use super::{
    Found,
    entry::{map_words, points},
    score::{above_appetite, plain_score, score},
};
use crate::{
    components::{
        day,
        heat_map::MapWords,
        icon::{Icon, icon},
        mark::mark,
        rows::Window,
        sort::{Sort, sort_head},
    },
    pages::{
        address::Address,
        change::{ask_date, ask_state},
        chosen::Chosen,
        desk::Desk,
        list::{self, Table, table},
        rows::{contested_in, edit_cell, entry_row, owner_cell, title_cell},
        words,
    },
};
use leptos::{
    html::{span, td},
    prelude::*,
};
use std::cmp::Reverse;
use workspace::{
    RecordRef,
    lens::{Phase, RegisterEntry},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Score,
    Title,
    Owner,
    Before,
    Aim,
    Response,
    State,
    Review,
}

pub(super) fn table_view(
    desk: Desk,
    address: Address,
    found: Found,
    window: Window,
    begin: Callback<()>,
) -> AnyView {
    let sort = RwSignal::new(Sort { by: Column::Score, is_descending: true });
    let sorted = Memo::new(move |_| sorted(desk, found.entries.get(), sort.get()));
    expect_context::<Chosen>().shows(Signal::derive(move || {
        sorted.with(|sorted| sorted.iter().map(RegisterEntry::record).collect())
    }));
    let drawn = move || sorted.with(|sorted| window.of(sorted));
    let rows = view! { <For each=drawn key=|entry| entry.id children=move |entry| row(desk, address, entry.record())/> };
    let heads = (
        sort_head("Risk or opportunity", "", Column::Title, sort),
        sort_head("Owner", "", Column::Owner, sort),
        sort_head("Before", "right drop-1", Column::Before, sort),
        sort_head("Now", "", Column::Score, sort),
        sort_head("Aim", "right drop-1", Column::Aim, sort),
        sort_head("Response", "drop-1", Column::Response, sort),
        sort_head("State", "drop-2", Column::State, sort),
        sort_head("Look again", "right", Column::Review, sort),
    );
    let name = "Register of risks and opportunities";
    let this = Table { name, class: "table stack three", columns: "8", window };
    table(this, heads, rows, move || nothing(address, begin))
}

/// Nothing to show.
pub(super) fn nothing(address: Address, begin: Callback<()>) -> AnyView {
    let none = (
        "The register is empty. A risk is what could keep you from an objective; an opportunity what could help.",
        "Add the first entry",
    );
    let settings = &["q", "owner", "kind", "category", "show", "tag"];
    list::nothing(address, settings, "No entry matches this filter.", none, begin)
}

fn row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let settings = desk.settings();
    let entry = Memo::new(move |_| {
        now.with(|now| now.as_ref().map(|now| settings.with(|settings| RegisterEntry::of(now, settings))))
    });
    let title = Signal::derive(move || {
        entry.with(|entry| entry.as_ref().map(|entry| entry.title.clone()).unwrap_or_default())
    });
    let contested =
        Signal::derive(move || now.with(|now| now.as_deref().map(contested_in).unwrap_or_default()));
    let owner = Signal::derive(move || {
        entry.with(|entry| entry.as_ref().and_then(|entry| entry.owners.first().copied()))
    });
    let shown = move |show: fn(Desk, &RegisterEntry) -> AnyView| {
        move || entry.with(|entry| entry.as_ref().map(|entry| show(desk, entry)))
    };
    let kind = shown(|_, entry| {
        let (shape, word) =
            if entry.is_opportunity() { (Icon::Opportunity, "Opportunity") } else { (Icon::Risk, "Risk") };
        span()
            .class("kind-shape")
            .attr("title", word)
            .child((icon(shape), span().class("said").child(word)))
            .into_any()
    });
    entry_row(
        address,
        record,
        (
            title_cell(desk, address, record, kind, title, contested),
            owner_cell(desk, record, owner, "nowrap", "no owner"),
            td().class("right drop-1 numbers quiet")
                .attr("role", "cell")
                .child(shown(|desk, entry| plain_score(entry, Phase::Before, &words_of(desk, entry)))),
            td().class("nowrap").attr("role", "cell").child(shown(|desk, entry| {
                span()
                    .class("scores-line")
                    .child((
                        score(desk, entry, Phase::Now, &words_of(desk, entry)),
                        above_appetite(entry, true),
                    ))
                    .into_any()
            })),
            td().class("right drop-1 numbers quiet")
                .attr("role", "cell")
                .child(shown(|desk, entry| plain_score(entry, Phase::Aim, &words_of(desk, entry)))),
            td().class("drop-1 nowrap second").attr("role", "cell").child(shown(|_, entry| {
                match &entry.response {
                    Some(response) => words::label(response).into_any(),
                    None => span().class("gap").child("no response").into_any(),
                }
            })),
            edit_cell(
                desk,
                record,
                "drop-2 nowrap",
                "Change the state",
                ask_state,
                shown(|_, entry| mark(words::status_tone(&entry.status), words::label(&entry.status))),
            ),
            edit_cell(
                desk,
                record,
                "right nowrap numbers",
                "Change when it is looked at again",
                ask_date,
                shown(review),
            ),
        ),
    )
}

fn words_of(desk: Desk, entry: &RegisterEntry) -> MapWords {
    desk.settings().with(|settings| map_words(settings, entry.is_opportunity()))
}

fn review(desk: Desk, entry: &RegisterEntry) -> AnyView {
    let today = desk.today().get();
    match (entry.review_due, entry.review_overdue(today)) {
        (Some(due), Some(days)) => {
            span().class("late").attr("title", day::in_full(due)).child(day::late(days)).into_any()
        }
        (Some(due), None) => {
            span().class(if entry.is_open() { "" } else { "quiet" }).child(day::short(due, today)).into_any()
        }
        (None, _) if entry.is_open() => span().class("gap").child("no date").into_any(),
        (None, _) => ().into_any(),
    }
}

fn sorted(desk: Desk, mut list: Vec<RegisterEntry>, sort: Sort<Column>) -> Vec<RegisterEntry> {
    let name = |entry: &RegisterEntry| desk.first_named(&entry.owners);
    match sort.by {
        Column::Title => list.sort_by_cached_key(|entry| entry.title.to_lowercase()),
        Column::Owner => list.sort_by_cached_key(name),
        Column::Before => list.sort_by_key(|entry| points(entry, Phase::Before)),
        Column::Score => {
            list.sort_by_key(|entry| (entry.is_open(), points(entry, Phase::Now), Reverse(entry.review_due)))
        }
        Column::Aim => list.sort_by_key(|entry| points(entry, Phase::Aim)),
        Column::Response => list.sort_by(|one, other| one.response.cmp(&other.response)),
        Column::State => list.sort_by(|one, other| one.status.cmp(&other.status)),
        Column::Review => list.sort_by_key(|entry| (entry.review_due.is_none(), entry.review_due)),
    }
    if sort.is_descending {
        list.reverse();
    }
    list
}
