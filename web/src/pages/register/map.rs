//! The register as a map: likelihood by consequence, before, now or as aimed at.

use super::{
    Found,
    entry::{judgements, map_words, phase_label, points},
    score::{above_appetite, author, square},
    table::nothing,
};
use crate::{
    components::heat_map::{MapWords, Spot, Trail, heat_map},
    pages::{
        address::Address,
        desk::Desk,
        rows::{is_open, row_link},
    },
};
use leptos::{
    ev,
    html::{button, div, h2, li, p, section, span, ul},
    prelude::*,
};
use workspace::lens::{Phase, RegisterEntry, Score};

pub(super) fn map_view(desk: Desk, address: Address, found: Found, begin: Callback<()>) -> AnyView {
    let phase_setting = address.setting("phase");
    let phase = Memo::new(move |_| phase_setting.with(|key| Phase::named(key)).unwrap_or(Phase::Now));
    let kind = address.setting("kind");
    let shows_opportunities = Memo::new(move |_| kind.with(|kind| kind == "opportunity"));
    let settings = desk.settings();
    let words =
        Signal::derive(move || settings.with(|settings| map_words(settings, shows_opportunities.get())));
    let chosen = RwSignal::new(None::<Score>);
    // The map shows one of both at a time: consequence and benefit are different words.
    let shown = Memo::new(move |_| {
        let wanted = shows_opportunities.get();
        found.entries.with(|entries| {
            entries.iter().filter(|entry| entry.is_opportunity() == wanted).cloned().collect::<Vec<_>>()
        })
    });
    let spots = Signal::derive(move || {
        let open = address.open.get();
        let phase = phase.get();
        shown.with(|entries| {
            entries
                .iter()
                .flat_map(|entry| {
                    let is_chosen = open == Some(entry.record());
                    let reference = desk.reference(entry.record());
                    judgements(entry, phase).into_iter().map(move |judgement| Spot {
                        reference: reference.clone(),
                        place: judgement.score,
                        is_chosen,
                    })
                })
                .collect::<Vec<_>>()
        })
    });
    let trail = Signal::derive(move || {
        let open = address.open.get();
        shown.with(|entries| {
            entries.iter().find(|entry| Some(entry.record()) == open).map(trail_of).unwrap_or_default()
        })
    });
    let label = Signal::derive(move || {
        let what = if shows_opportunities.get() { "Opportunities" } else { "Risks" };
        let side = if shows_opportunities.get() { "benefit" } else { "consequence" };
        format!("{what} by likelihood and {side}, {}", phase_label(phase.get()).to_lowercase())
    });
    let phases = Phase::ALL
        .into_iter()
        .map(|this| {
            button()
                .attr("type", "button")
                .class("tab")
                .attr("aria-pressed", move || (phase.get() == this).to_string())
                .on(ev::click, move |_| {
                    address.set("phase", if this == Phase::Now { "" } else { this.key() })
                })
                .child(phase_label(this))
        })
        .collect_view();
    let is_empty = Memo::new(move |_| shown.with(Vec::is_empty));
    let axes = move || {
        if shows_opportunities.get() {
            "Benefit upwards, likelihood to the right."
        } else {
            "Consequence upwards, likelihood to the right."
        }
    };
    let has_trail = Memo::new(move |_| trail.with(|trail| *trail != Trail::default()));
    let legend = move || {
        has_trail.get().then(|| span().child("Open entry: large dot now, small dots before and aim."))
    };
    (
        move || is_empty.get().then(|| nothing(address, begin)),
        div().class("page-width register-map").prop("hidden", move || is_empty.get()).child((
            div().class("map").child((
                div().class("map-head").child((
                    div().class("tabs").attr("role", "group").attr("aria-label", "Which score").child(phases),
                    span().class("quiet").child(axes),
                )),
                heat_map(label, words, spots, trail, chosen),
                div().class("map-foot").child((span().child("Arrow keys walk, Enter lists a cell."), legend)),
            )),
            cell_list(desk, address, shown, phase, words, chosen),
        )),
    )
        .into_any()
}

fn trail_of(entry: &RegisterEntry) -> Trail {
    let first = |phase| judgements(entry, phase).first().map(|judgement| judgement.score);
    Trail {
        before: first(Phase::Before),
        now: judgements(entry, Phase::Now).into_iter().map(|judgement| judgement.score).collect(),
        aim: first(Phase::Aim),
    }
}

/// What stands in the chosen cell; without one, everything by score.
fn cell_list(
    desk: Desk,
    address: Address,
    shown: Memo<Vec<RegisterEntry>>,
    phase: Memo<Phase>,
    words: Signal<MapWords>,
    chosen: RwSignal<Option<Score>>,
) -> AnyView {
    let heading = move || match chosen.get() {
        Some(place) => words.with(|words| {
            format!(
                "{} \u{d7} {}, {} {}",
                words.consequence_word(place),
                words.likelihood_word(place),
                words.level_word(place).to_lowercase(),
                place.product()
            )
        }),
        None => "Highest first".to_owned(),
    };
    let entries = Memo::new(move |_| {
        let phase = phase.get();
        let mut entries: Vec<RegisterEntry> = shown.with(|entries| match chosen.get() {
            Some(chosen) => entries
                .iter()
                .filter(|entry| judgements(entry, phase).iter().any(|judgement| judgement.score == chosen))
                .cloned()
                .collect(),
            None => entries.clone(),
        });
        entries.sort_by_key(|entry| std::cmp::Reverse(points(entry, phase)));
        entries
    });
    let rows = move || {
        entries
            .get()
            .into_iter()
            .map(|entry| line(desk, address, &entry, phase.get(), &words.get()))
            .collect_view()
    };
    let clear = move || {
        chosen.get().map(|_| {
            button()
                .attr("type", "button")
                .class("button")
                .on(ev::click, move |_| chosen.set(None))
                .child("Show all")
        })
    };
    let none = move || entries.with(Vec::is_empty).then(|| p().class("quiet").child("Nothing stands here."));
    section()
        .class("in-cell")
        .attr("aria-live", "polite")
        .child((
            div().class("in-cell-head").child((h2().child(heading), clear)),
            none,
            ul().class("linked").child(rows),
        ))
        .into_any()
}

fn line(desk: Desk, address: Address, entry: &RegisterEntry, phase: Phase, words: &MapWords) -> AnyView {
    let record = entry.record();
    let current = judgements(entry, phase);
    let is_disputed = current.len() > 1;
    let squares = current
        .into_iter()
        .map(|judgement| {
            let score = judgement.score;
            let who = is_disputed.then(|| span().class("quiet").child(author(desk, judgement)));
            square("score", score, words, None, who)
        })
        .collect_view();
    let title = Signal::stored(entry.title.clone());
    li().attr("data-id", record.id.to_string())
        .attr("aria-current", is_open(address, record))
        .child((
            squares,
            row_link(address, record, title),
            (phase == Phase::Now).then(|| above_appetite(entry, true)),
            span().class("ref").child(desk.reference(record)),
        ))
        .into_any()
}
