//! What changed since the last review, or within a stretch of days, in sentences and with names. It is compared a moment
//! after the page stands: going back in the history is no reason to wait for a first sight.

use crate::{
    components::{
        choice::{Choice, ChoiceField, choice},
        day,
    },
    pages::{address::Address, desk::Desk, words},
    shell::routes::path_to,
};
use ids::Timestamp;
use insight::changed::{Change, Fate};
use leptos::{
    ev,
    html::{a, button, div, h2, li, p, section, span, ul},
    prelude::*,
};
use std::time::Duration;
use workspace::{Date, Kind, Record, lens::Review};

/// Shown before the rest is asked for.
const SHOWN: usize = 7;
/// After this the first sight has been painted.
const AFTER_FIRST_SIGHT: Duration = Duration::from_millis(120);

/// From when on changes are told.
#[derive(Clone, Debug, PartialEq)]
struct Since {
    time: Timestamp,
    words: String,
}

pub(super) fn changed(desk: Desk, address: Address) -> AnyView {
    let setting = address.setting("since");
    let last_review = Memo::new(move |_| last_review(desk));
    let since = Memo::new(move |_| {
        let today = desk.today().get();
        let days = |days: i32| Since {
            time: Timestamp::from_millis(i64::from(today.days_since(Date::from_days(0)) - days) * DAY_MS),
            words: day::short(today.plus_days(-days), today),
        };
        setting.with(|setting| match setting.as_str() {
            "7" => days(7),
            "30" => days(30),
            "90" => days(90),
            _ => last_review.get().map_or_else(
                || days(30),
                |(time, title)| Since {
                    time,
                    words: format!("{title}, {}", day::short(Date::of(time), today)),
                },
            ),
        })
    });
    let is_time = RwSignal::new(false);
    set_timeout(move || _ = is_time.try_set(true), AFTER_FIRST_SIGHT);
    let changes = Memo::new(move |_| {
        is_time.get().then(|| desk.changes_since(since.get().time).map_err(|error| error.to_string()))
    });
    let shows_all = RwSignal::new(false);
    let count =
        move || changes.with(|changes| changes.as_ref().and_then(|told| told.as_ref().ok()).map(Vec::len));
    let rows = move || {
        let limit = if shows_all.get() { usize::MAX } else { SHOWN };
        changes.with(|changes| match changes {
            None => p().class("quiet").child("Comparing\u{2026}").into_any(),
            Some(Err(error)) => p().class("quiet").child(format!("Not to be told yet: {error}.")).into_any(),
            Some(Ok(changes)) if changes.is_empty() => {
                p().class("quiet").child("Nothing changed.").into_any()
            }
            Some(Ok(changes)) => {
                let rows =
                    weighed(changes).into_iter().take(limit).map(|change| row(desk, change)).collect_view();
                ul().class("news").child(rows).into_any()
            }
        })
    };
    let rest = move || {
        let rest = count().unwrap_or_default().saturating_sub(SHOWN);
        (rest > 0 && !shows_all.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button")
                .on(ev::click, move |_| shows_all.set(true))
                .child(format!("{rest} more"))
        })
    };
    let choices = Signal::derive(move || {
        let mut choices = vec![
            Choice::new("7", "7 days ago"),
            Choice::new("30", "30 days ago"),
            Choice::new("90", "90 days ago"),
        ];
        if last_review.with(Option::is_none) {
            choices.retain(|choice| choice.value != "30");
        }
        choices
    });
    let pick = move || {
        let usual = if last_review.with(Option::is_some) { "Last review" } else { "30 days ago" };
        choice(ChoiceField {
            label: "Changed since".to_owned(),
            choices,
            value: setting.into(),
            set: Callback::new(move |value: String| address.set("since", &value)),
            none: Some(usual),
            class: "inline small",
            read_only: Signal::stored(false),
        })
    };
    section()
        .attr("aria-labelledby", "changed-since")
        .child((
            h2().id("changed-since").child((
                move || format!("Changed since {}", since.get().words),
                span().class("quiet numbers").child(count),
                span().class("push").child(pick),
            )),
            rows,
            rest,
        ))
        .into_any()
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// When the review that ended last did so, and what it is called.
fn last_review(desk: Desk) -> Option<(Timestamp, String)> {
    let reviews = desk.records(Kind::Review).into_iter();
    let ended =
        reviews.map(|record| Review::of(&record)).filter_map(|review| Some((review.ended?, review.title)));
    ended.max_by_key(|(time, _)| *time)
}

/// What is new or gone, then what moved, then what was only worded anew.
fn weighed(changes: &[Change]) -> Vec<&Change> {
    let weight = |change: &Change| match change.fate {
        Fate::Changed if change.fields.contains(&workspace::Field::Status) => 1,
        Fate::Changed => 2,
        _ => 0,
    };
    let rank = |kind: Kind| match kind {
        Kind::Direction | Kind::Goal | Kind::Policy => 0,
        Kind::Objective | Kind::Register | Kind::Decision => 1,
        Kind::Action | Kind::Need | Kind::Grant | Kind::Requirement => 2,
        _ => 3,
    };
    let mut weighed: Vec<&Change> = changes.iter().collect();
    weighed.sort_by_key(|change| (rank(change.record.kind), weight(change)));
    weighed
}

fn row(desk: Desk, change: &Change) -> AnyView {
    let record = desk.record_untracked(change.record);
    let title = record
        .as_deref()
        .map(Record::title)
        .filter(|title| !title.is_empty())
        .map_or_else(|| words::label(words::noun(change.record.kind, None)), str::to_owned);
    // The title stands there already.
    let sentence = if change.fate == Fate::Added {
        let variant =
            record.as_deref().and_then(|record| record.line(workspace::Field::Kind).map(str::to_owned));
        format!("New {}.", words::noun(change.record.kind, variant.as_deref()))
    } else {
        change.sentences.iter().take(2).cloned().collect::<Vec<_>>().join(" ")
    };
    let more = change.sentences.len().saturating_sub(2);
    let more = (more > 0 && change.fate != Fate::Added).then(|| format!(" And {more} more."));
    let by: Vec<String> = change.by.iter().map(|member| desk.first_name(Some(*member))).collect();
    li().child((
        span().class("ref").child(desk.reference(change.record)),
        div().child((
            a().class("row-link").href(path_to(change.record)).child(title),
            span().class("second").child((sentence, more)),
        )),
        span().class("quiet").child(by.join(", ")),
    ))
    .into_any()
}
