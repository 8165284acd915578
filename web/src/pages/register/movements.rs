//! How the register moved: every new judgement of a score, the latest first, with what it was before, why, and by whom.

use super::{
    Found,
    entry::map_words,
    score::{band, square},
};
use crate::{
    components::day,
    pages::{address::Address, desk::Desk, list::nothing},
};
use ids::MemberId;
use leptos::{
    html::{a, div, h2, li, section, span, ul},
    prelude::*,
};
use workspace::{
    Date, RecordRef,
    lens::{Assessment, Phase, RegisterEntry, Score},
};

/// As many as one reads.
const SHOWN: usize = 60;

/// One new judgement of the score now.
#[derive(Clone, Debug, PartialEq)]
struct Movement {
    record: RecordRef,
    is_opportunity: bool,
    before: Option<Score>,
    after: Score,
    basis: String,
    by: Option<MemberId>,
    on: Option<Date>,
}

pub(super) fn movements(desk: Desk, address: Address, found: Found, begin: Callback<()>) -> AnyView {
    let moved = Memo::new(move |_| {
        let mut moved: Vec<Movement> =
            found.entries.with(|entries| entries.iter().flat_map(|entry| of_entry(desk, entry)).collect());
        moved.sort_by_key(|movement| std::cmp::Reverse(movement.on));
        moved.truncate(SHOWN);
        moved
    });
    // One heading a month: a list of sixty dates is no story.
    let months = Memo::new(move |_| {
        let mut months: Vec<Option<(i32, u32)>> = Vec::new();
        moved.with(|moved| {
            for movement in moved {
                let month = month_of(movement);
                if months.last() != Some(&month) {
                    months.push(month);
                }
            }
        });
        months
    });
    let groups = view! { <For each=move || months.get() key=|month| *month children=move |month| group(desk, address, moved, month)/> };
    let is_empty = Memo::new(move |_| moved.with(Vec::is_empty));
    let none = move || {
        is_empty.get().then(|| {
            nothing(
                address,
                &["q", "owner", "category", "kind", "show"],
                "Nothing that matches this filter was ever judged.",
                (
                    "Nothing was judged yet. A movement is a score that somebody judged anew, and why.",
                    "Add a risk or opportunity",
                ),
                begin,
            )
        })
    };
    (none, div().class("page-width shelves").child(groups)).into_any()
}

fn of_entry(desk: Desk, entry: &RegisterEntry) -> Vec<Movement> {
    let Some(record) = desk.record(entry.record()) else { return Vec::new() };
    let story = Assessment::story(&record, Phase::Now);
    let before = std::iter::once(None).chain(story.iter().map(|judgement| Some(judgement.score)));
    let moved = before.zip(&story).filter(|(before, judgement)| *before != Some(judgement.score));
    moved
        .map(|(before, judgement)| Movement {
            record: entry.record(),
            is_opportunity: entry.is_opportunity(),
            before,
            after: judgement.score,
            basis: judgement.basis.clone(),
            by: judgement.by,
            on: judgement.at.map(Date::of),
        })
        .collect()
}

fn month_of(movement: &Movement) -> Option<(i32, u32)> {
    movement.on.map(|on| (on.civil().0, on.civil().1))
}

fn group(desk: Desk, address: Address, moved: Memo<Vec<Movement>>, month: Option<(i32, u32)>) -> AnyView {
    let here = Memo::new(move |_| {
        moved.with(|moved| {
            moved.iter().filter(|movement| month_of(movement) == month).cloned().collect::<Vec<_>>()
        })
    });
    let heading = match month {
        Some((year, month)) => day::period(&format!("{year}-{month:02}")),
        None => "Without a date".to_owned(),
    };
    let rows = move || here.get().into_iter().map(|movement| row(desk, address, movement)).collect_view();
    section()
        .child((
            h2().child((heading, span().class("quiet numbers").child(move || here.with(Vec::len)))),
            ul().class("news moved").child(rows),
        ))
        .into_any()
}

fn row(desk: Desk, address: Address, movement: Movement) -> AnyView {
    let settings = desk.settings();
    let words = settings.with(|settings| map_words(settings, movement.is_opportunity));
    let class = if movement.is_opportunity { "score promise" } else { "score" };
    let one = |score: Score| square(class, score, &words, None, band(score, &words));
    let before = match movement.before {
        Some(before) => one(before),
        None => span().class("quiet").child("new").into_any(),
    };
    let said = match movement.before {
        None => "first judged, now ",
        Some(before) if before.product() < movement.after.product() => "up to ",
        Some(before) if before.product() > movement.after.product() => "down to ",
        Some(_) => "now ",
    };
    let title =
        desk.record_untracked(movement.record).map(|record| record.title().to_owned()).unwrap_or_default();
    let when = movement.on.map(|on| day::short(on, desk.today().get_untracked()));
    li().attr("data-id", movement.record.id.to_string())
        .child((
            span().class("moved-scores").child((
                before,
                span().class("quiet").attr("aria-hidden", "true").child("\u{2192}"),
                span().class("said").child(said),
                one(movement.after),
            )),
            div().child((
                a().class("row-link").href(move || address.href(movement.record)).child(title),
                span().class("second").child(movement.basis),
            )),
            span()
                .class("quiet numbers nowrap")
                .child((desk.first_name(movement.by), when.map(|when| format!(", {when}")))),
        ))
        .into_any()
}
