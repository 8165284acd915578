//! Direction → objectives → uncertainty → action, as one table: what a screen reader reads is what is seen. Where the
//! chain breaks, the gap stands in the place of what is missing. A row under the pointer or the focus stays, the rest
//! fades (style sheet).

use crate::{
    components::{
        avatar::disc,
        day,
        icon::{Icon, icon},
        mark::{Tone, mark, shape},
    },
    pages::{desk::Desk, objectives::health_mark, register::level_mark, words},
    shell::routes::{Section, path_to},
};
use ids::MemberId;
use insight::chain::{Chain, Gap, ObjectiveLink};
use leptos::{
    html::{a, details, div, h2, li, p, section, span, summary, table, tbody, td, th, thead, tr, ul},
    prelude::*,
};
use workspace::{
    Field, Kind, RecordRef,
    lens::{Action, RegisterEntry},
};

/// Entries and actions shown of one objective; the others are one click away.
const SHOWN: usize = 4;

pub(super) fn chain(desk: Desk) -> AnyView {
    let chain = desk.digest(Chain::of);
    let goals =
        Memo::new(move |_| chain.with(|chain| chain.goals.iter().map(|link| link.goal).collect::<Vec<_>>()));
    let groups = view! { <For each=move || goals.get() key=|goal| *goal children=move |goal| goal_group(desk, chain, goal)/> };
    let is_blank =
        Memo::new(move |_| chain.with(|chain| chain.goals.is_empty() && chain.without_goal.is_empty()));
    let heads = ["Direction", "Objectives", "Uncertainty", "Action"]
        .map(|head| th().attr("role", "columnheader").attr("scope", "col").child(head));
    section()
        .attr("aria-labelledby", "chain")
        .class("chain-section")
        .child((
            h2().id("chain").child("From direction to action"),
            gaps(desk, chain),
            move || is_blank.get().then(begin),
            table()
                .class("chain")
                .attr("role", "table")
                .attr("aria-labelledby", "chain")
                .prop("hidden", move || is_blank.get())
                .child((
                    thead().attr("role", "rowgroup").child(tr().attr("role", "row").child(heads.to_vec())),
                    groups,
                    orphans(desk, chain),
                )),
            loose(desk, chain),
        ))
        .into_any()
}

/// An empty workspace: where one begins.
fn begin() -> AnyView {
    div()
        .class("empty")
        .child((
            p().child(
                "Nothing is linked yet. A goal says where you are going, an objective what becomes true by when, a risk what could keep you from it, an action what somebody does.",
            ),
            a().class("button framed").href(Section::Direction.path()).child("Begin with the direction"),
        ))
        .into_any()
}

// --- Where it breaks ------------------------------------------------------------------------------------------------

fn gaps(desk: Desk, chain: Memo<Chain>) -> AnyView {
    let gaps = Memo::new(move |_| chain.with(|chain| chain.gaps.clone()));
    let blank = Memo::new(move |_| chain.with(|chain| chain.direction_is_blank && !chain.goals.is_empty()));
    let rows = view! { <For each=move || gaps.get() key=|gap| (gap.kind, gap.sentence.clone()) children=move |gap| gap_row(desk, &gap)/> };
    (
        move || {
            blank.get().then(|| {
                p().class("gap").child((
                    shape(Tone::Watch),
                    a().href(path_to(RecordRef::singleton(Kind::Direction)))
                        .child("Purpose, ambition and choices are not written yet."),
                ))
            })
        },
        ul().class("gaps").attr("aria-label", "Where the chain breaks").child(rows),
    )
        .into_any()
}

fn gap_row(desk: Desk, gap: &Gap) -> AnyView {
    let records = gap.records.clone();
    let links = move || records.iter().map(|record| li().child(record_link(desk, *record))).collect_view();
    li().attr("data-gap", gap.kind.key())
        .child(details().class("more").child((
            summary().child((
                span().class("gap").child(shape(Tone::Watch)),
                gap.sentence.clone(),
                icon(Icon::Right),
            )),
            ul().class("gap-records").child(links),
        )))
        .into_any()
}

// --- The table ------------------------------------------------------------------------------------------------------

fn goal_group(desk: Desk, chain: Memo<Chain>, goal: RecordRef) -> AnyView {
    let link = Memo::new(move |_| {
        chain.with(|chain| {
            chain.goals.iter().find(|link| link.goal == goal).map(|link| (link.health, link.is_supported))
        })
    });
    let objectives = Memo::new(move |_| {
        chain.with(|chain| {
            let link = chain.goals.iter().find(|link| link.goal == goal);
            link.map(|link| link.objectives.iter().map(|link| link.objective).collect::<Vec<_>>())
                .unwrap_or_default()
        })
    });
    let state = move || {
        let (health, is_supported) = link.get().unwrap_or_default();
        match health {
            Some(health) => health_mark(Some(health)),
            None if is_supported => ().into_any(),
            None => span().class("gap").child((shape(Tone::Watch), "unsupported")).into_any(),
        }
    };
    let head = move || {
        th().class("goal")
            .attr("role", "rowheader")
            .attr("scope", "rowgroup")
            .attr("rowspan", move || objectives.with(Vec::len).max(1).to_string())
            .child(
                div()
                    .class("chain-card")
                    .child((record_link(desk, goal), div().class("card-state").child(state))),
            )
    };
    group(desk, objectives, head, move |objective| {
        Memo::new(move |_| {
            chain.with(|chain| {
                let link = chain.goals.iter().find(|link| link.goal == goal)?;
                link.objectives.iter().find(|link| link.objective == objective).cloned()
            })
        })
    })
}

/// Objectives that serve no goal stand under a gap.
fn orphans(desk: Desk, chain: Memo<Chain>) -> AnyView {
    let objectives = Memo::new(move |_| {
        chain.with(|chain| chain.without_goal.iter().map(|link| link.objective).collect::<Vec<_>>())
    });
    let head = move || {
        th().class("goal")
            .attr("role", "rowheader")
            .attr("scope", "rowgroup")
            .attr("rowspan", move || objectives.with(Vec::len).max(1).to_string())
            .child(
                div()
                    .class("chain-card missing")
                    .child(span().class("gap").child((shape(Tone::Watch), "no goal"))),
            )
    };
    let has_any = Memo::new(move |_| !objectives.with(Vec::is_empty));
    (move || {
        has_any.get().then(|| {
            group(desk, objectives, head, move |objective| {
                Memo::new(move |_| {
                    chain.with(|chain| {
                        chain.without_goal.iter().find(|link| link.objective == objective).cloned()
                    })
                })
            })
        })
    })
    .into_any()
}

/// The objectives of one goal. The head stands in the first row; a goal without objectives has a row with the gap.
fn group<H: IntoView + 'static>(
    desk: Desk,
    objectives: Memo<Vec<RecordRef>>,
    head: impl Fn() -> H + Clone + Send + Sync + 'static,
    link: impl Fn(RecordRef) -> Memo<Option<ObjectiveLink>> + Clone + Send + Sync + 'static,
) -> AnyView {
    let first = Memo::new(move |_| objectives.with(|objectives| objectives.first().copied()));
    let none = {
        let head = head.clone();
        move || {
            first.get().is_none().then(|| {
                tr().attr("role", "row").child((
                    head(),
                    td().attr("role", "cell").attr("colspan", "3").child(missing("no objective")),
                ))
            })
        }
    };
    let each = move |objective: RecordRef| {
        let head = head.clone();
        let is_first = Memo::new(move |_| first.get() == Some(objective));
        let link = link(objective);
        tr().class("chain-row")
            .attr("role", "row")
            .child((move || is_first.get().then(&head), objective_cells(desk, objective, link)))
    };
    let rows = view! { <For each=move || objectives.get() key=|objective| *objective children=each/> };
    tbody().class("chain-goal").attr("role", "rowgroup").child((none, rows)).into_any()
}

fn objective_cells(desk: Desk, objective: RecordRef, link: Memo<Option<ObjectiveLink>>) -> AnyView {
    let part = move |read: fn(&ObjectiveLink) -> Vec<RecordRef>| {
        Memo::new(move |_| link.with(|link| link.as_ref().map(read).unwrap_or_default()))
    };
    let entries = part(|link| link.risks.iter().chain(&link.opportunities).copied().collect());
    let actions = part(|link| link.actions.clone());
    let state = move || {
        link.with(|link| {
            let link = link.as_ref()?;
            Some(if link.is_active { health_mark(link.health) } else { status_mark(desk, objective) })
        })
    };
    let lacks = move || {
        link.with(|link| {
            let link = link.as_ref().filter(|link| link.is_active)?;
            let mut lacks = Vec::new();
            if !link.has_means {
                lacks.push("no means");
            }
            if !link.serves_a_customer {
                lacks.push("no customer");
            }
            (!lacks.is_empty())
                .then(|| span().class("gap small").child((shape(Tone::Watch), lacks.join(", "))))
        })
    };
    (
        td().attr("role", "cell").child(div().class("chain-card").child((
            record_link(desk, objective),
            div().class("card-state").child((owner(desk, objective), state, lacks)),
        ))),
        td().attr("role", "cell").child(cards(
            desk,
            entries,
            objective,
            "no risk or opportunity",
            entry_state,
        )),
        td().attr("role", "cell").child(cards(desk, actions, objective, "no action", action_state)),
    )
        .into_any()
}

/// The first few of a cell, a way to the rest, or the gap.
fn cards(
    desk: Desk,
    records: Memo<Vec<RecordRef>>,
    objective: RecordRef,
    gap: &'static str,
    state: fn(Desk, RecordRef) -> AnyView,
) -> AnyView {
    let shown = move || records.with(|records| records.iter().take(SHOWN).copied().collect::<Vec<_>>());
    let row = move |record: RecordRef| {
        li().class("chain-line").child((record_link(desk, record), state(desk, record)))
    };
    let rows = view! { <For each=shown key=|record| *record children=row/> };
    let rest = move || {
        let rest = records.with(Vec::len).saturating_sub(SHOWN);
        (rest > 0).then(|| a().class("quiet").href(path_to(objective)).child(format!("{rest} more")))
    };
    let none = move || records.with(Vec::is_empty).then(|| missing(gap));
    (none, ul().child(rows), rest).into_any()
}

fn missing(gap: &'static str) -> AnyView {
    div().class("chain-card missing").child(span().class("gap").child((shape(Tone::Watch), gap))).into_any()
}

// --- What hangs on nothing ------------------------------------------------------------------------------------------

fn loose(desk: Desk, chain: Memo<Chain>) -> AnyView {
    let entries = Memo::new(move |_| chain.with(|chain| chain.loose_entries.clone()));
    let actions = Memo::new(move |_| chain.with(|chain| chain.loose_actions.clone()));
    div()
        .class("loose")
        .child((
            loose_part(desk, entries, "Risks and opportunities that touch no objective"),
            loose_part(desk, actions, "Actions that come from nothing"),
        ))
        .into_any()
}

fn loose_part(desk: Desk, records: Memo<Vec<RecordRef>>, words: &'static str) -> AnyView {
    let has_any = Memo::new(move |_| !records.with(Vec::is_empty));
    let rows =
        move || records.get().into_iter().map(|record| li().child(record_link(desk, record))).collect_view();
    (move || {
        has_any.get().then(|| {
            details().class("more").child((
                summary().child((
                    icon(Icon::Right),
                    words,
                    span().class("quiet numbers").child(move || records.with(Vec::len)),
                )),
                ul().class("gap-records").child(rows),
            ))
        })
    })
    .into_any()
}

// --- Parts of a card ------------------------------------------------------------------------------------------------

fn record_link(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let title = move || {
        now.with(|now| {
            let title = now.as_ref().map(|now| now.title().to_owned()).unwrap_or_default();
            if title.is_empty() { words::label(words::noun(record.kind, None)) } else { title }
        })
    };
    a().class("row-link").href(path_to(record)).attr("title", title).child(title).into_any()
}

fn owner(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    (move || {
        let owner = now.with(|now| workspace::lens::owners(now.as_deref()?).first().copied());
        match owner.and_then(|owner| desk.face(owner)) {
            Some(face) => {
                (disc(&face, "avatar"), span().class("said").child(format!("{}, ", face.name))).into_any()
            }
            None => span().class("gap small").child("no owner").into_any(),
        }
    })
    .into_any()
}

fn status_mark(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    (move || {
        let status = now.with(|now| now.as_deref()?.line(Field::Status).map(str::to_owned))?;
        Some(mark(words::status_tone(&status), words::label(&status)))
    })
    .into_any()
}

fn entry_state(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let settings = desk.settings();
    (move || {
        let entry = now.with(|now| {
            let now = now.as_deref()?;
            Some(settings.with(|settings| RegisterEntry::of(now, settings)))
        })?;
        Some(settings.with(|settings| level_mark(&entry, settings)))
    })
    .into_any()
}

fn action_state(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    (move || {
        let today = desk.today().get();
        let action = now.with(|now| Some(Action::of(now.as_deref()?)))?;
        let who = action.owners.first().copied().map(|owner: MemberId| desk.first_name(Some(owner)));
        let due = match (action.days_late(today), action.due) {
            (Some(days), _) => span().class("late").child(day::late(days)).into_any(),
            (None, Some(due)) => span().child(day::short(due, today)).into_any(),
            (None, None) => span().class("gap small").child("no date").into_any(),
        };
        Some(span().class("quiet numbers chain-foot").child((
            who.unwrap_or_else(|| "no owner".to_owned()),
            " ",
            due,
        )))
    })
    .into_any()
}
