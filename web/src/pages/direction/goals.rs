//! The goals in the order that people gave them: who sponsors each, how its objectives do, and which nothing supports.

use crate::{
    components::{
        avatar::person,
        empty::empty,
        mark::{Tone, mark, shape},
    },
    pages::{
        address::Address,
        create::{Draft, Form, choice_field},
        desk::Desk,
        fields::{Sheet, member_row, text_section, whole_row},
        linked::{Links, lead_reference, linked},
        moves::moves,
        objectives::health_mark,
        shelf, words,
    },
};
use insight::chain::{Chain, GoalLink};
use leptos::{
    html::{dl, h2, section, span, ul},
    prelude::*,
};
use workspace::{Edit, Field, Initial, Kind, RecordRef, Relation, lens::Goal};

pub(super) fn view(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let chain = desk.digest(Chain::of);
    let goals = Memo::new(move |_| {
        let mut goals: Vec<Goal> = desk.records(Kind::Goal).iter().map(|record| Goal::of(record)).collect();
        goals.sort_by(|one, other| one.place().cmp(&other.place()));
        goals.iter().map(Goal::record).collect::<Vec<_>>()
    });
    let rows = view! { <For each=move || goals.get() key=|goal| *goal children=move |goal| row(desk, address, chain, goal)/> };
    section()
        .attr("aria-labelledby", "goals")
        .child((
            h2().id("goals")
                .child(("Goals", span().class("quiet numbers").child(move || goals.with(Vec::len)))),
            move || {
                goals.with(Vec::is_empty).then(|| {
                    empty(
                        "A goal says where you are going and by which year, with one leader who sponsors it.",
                        Some(("Add a goal", begin)),
                    )
                })
            },
            ul().class("shelf").child(rows),
        ))
        .into_any()
}

fn row(desk: Desk, address: Address, chain: Memo<Chain>, goal: RecordRef) -> AnyView {
    let now = desk.signal(goal);
    let link =
        Memo::new(move |_| chain.with(|chain| chain.goals.iter().find(|link| link.goal == goal).cloned()));
    let state = move || {
        let goal = now.with(|now| now.as_deref().map(Goal::of))?;
        let told = link.with(|link| told(&goal, link.as_ref()));
        let sponsor = person(goal.sponsors.first().and_then(|sponsor| desk.face(*sponsor)), "no sponsor");
        let horizon = goal.horizon.map(|year| span().class("quiet numbers").child(year.to_string()));
        Some((told, horizon, sponsor))
    };
    shelf::line(desk, address, goal, state)
}

/// How its objectives do, or that there are none.
fn told(goal: &Goal, link: Option<&GoalLink>) -> AnyView {
    match link {
        _ if !goal.is_active() => mark(words::status_tone(&goal.status), words::label(&goal.status)),
        Some(link) if !link.is_supported => {
            span().class("gap").child((shape(Tone::Watch), "unsupported")).into_any()
        }
        Some(link) => {
            let count = match link.objectives.len() {
                1 => "1 objective".to_owned(),
                count => format!("{count} objectives"),
            };
            (span().class("quiet numbers").child(count), health_mark(link.health)).into_any()
        }
        None => ().into_any(),
    }
}

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    (
        section().child(moves(sheet)),
        dl().class("sheet-fields").child((
            member_row(sheet, "Sponsor", Field::Sponsor, "No sponsor"),
            member_row(sheet, "Coordinator", Field::Coordinator, "Nobody"),
            whole_row(sheet, "By the end of", Field::Horizon, "a year"),
        )),
        text_section(sheet, "Why it matters", Field::Why, "What gets better when we are there, and for whom"),
        text_section(
            sheet,
            "How one will see it",
            Field::Measure,
            "What will be different, so that anybody could tell",
        ),
        linked(sheet, SERVED_BY),
    )
        .into_any()
}

const SERVED_BY: Links = Links {
    heading: "Served by",
    none: "no objective",
    ways: &[(Relation::Serves, false)],
    offers: Some((Kind::Objective, |_| (Relation::Serves, false))),
    lead: lead_reference,
};

pub(super) const GOAL: Form = Form {
    heading: "New goal",
    title_label: "Where are we going",
    placeholder: "First choice for dosing that never stops",
    button: "Add goal",
    choice: "",
};

pub(super) fn fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    choice_field("Sponsor", Signal::derive(move || desk.member_choices()), draft.owner, Some("No sponsor"))
}

pub(super) fn create(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Goal, desk.fresh_id());
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into())];
    fields.extend(draft.owner_as(Field::Sponsor));
    desk.act("goal.add", vec![Edit::Create { record, fields }]).then_some(record)
}
