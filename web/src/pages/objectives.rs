//! Objectives: what is to become true by when, and how far it is. The scorecard by goal, or as a list.

mod figure;
mod grid;
pub(crate) mod kpi;
mod line;
mod prompts;
pub(crate) mod sheet;
mod table;
mod target;

use super::{
    address::Address,
    create::{Draft, Form, choice_field, creator},
    desk::Desk,
    list::{
        ViewLink, filter_choice, filters, has_tag, is_among, matches, new_button, page, tag_filter, views,
        walk_keys,
    },
    panel::panel,
    row_acts::row_acts,
};
use crate::{
    components::{
        choice::Choice,
        mark::{Tone, mark},
        rows::Window,
    },
    shell::routes::Section,
};
use leptos::{
    html::{Div, div},
    prelude::*,
};
use line::Line;
use workspace::{Edge, Edit, Field, Initial, Kind, RecordRef, Relation, health::Health};

const VIEWS: &[ViewLink] = &[
    ViewLink { value: "", label: "By goal" },
    ViewLink { value: "list", label: "List" },
    ViewLink { value: "grid", label: "Enter values" },
];

pub(crate) fn objectives() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Objectives);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let bar = row_acts(desk, address);
    let found = found(desk, address);
    let view = address.setting("view");
    let is_grouped = Memo::new(move |_| view.with(|view| view != "list"));
    let (begin, creating) = creator(address, OBJECTIVE, objective_fields, create_objective);
    let (begin_kpi, creating_kpi) = creator(address, kpi::KPI, kpi::fields, kpi::create);
    let people = Signal::derive(move || desk.member_choices());
    let shows = || {
        vec![
            Choice::new("off", "Off track"),
            Choice::new("risk", "At risk"),
            Choice::new("on", "On track"),
            Choice::new("unmeasured", "Not measurable"),
            Choice::new("all", "With the finished ones"),
        ]
    };
    let is_grid = Memo::new(move |_| view.with(|view| view == "grid"));
    let list_filters = move || {
        filters(
            address,
            "Filter objectives",
            (
                div().class("filter").child(filter_choice(address, "owner", "Owner", "Any owner", people)),
                div().class("filter").child(filter_choice(
                    address,
                    "show",
                    "Health",
                    "Any health",
                    Signal::stored(shows()),
                )),
                tag_filter(desk, address, Kind::Objective),
            ),
        )
    };
    // The grid has every KPI, whatever it measures.
    let tools = (
        views(address, VIEWS),
        move || (!is_grid.get()).then(list_filters),
        move || {
            if is_grid.get() {
                new_button("KPI", "New KPI", begin_kpi)
            } else {
                new_button("Objective", "New objective", begin)
            }
        },
    );
    let rows = table::rows(desk, found, is_grouped);
    let window = Window::over(Signal::derive(move || rows.list.with(Vec::len)), scroller);
    let body = move || {
        if is_grid.get() {
            grid::grid(desk, address, begin_kpi)
        } else {
            table::scorecard(desk, address, rows, window, begin)
        }
    };
    (page("Objectives", tools, (body, bar), scroller, Some(window), panel(address)), creating, creating_kpi)
        .into_any()
}

/// The objectives that the address asks for.
fn found(desk: Desk, address: Address) -> Memo<Vec<Line>> {
    let (text, owner, show) = (address.setting("q"), address.setting("owner"), address.setting("show"));
    let tag = address.setting("tag");
    Memo::new(move |_| {
        let wanted = |line: &Line| {
            let owner = owner.with(|owner| is_among(&line.objective.accountable, owner));
            let health = line.health.health;
            let shown = show.with(|show| match show.as_str() {
                "off" => line.objective.is_active() && health == Ok(Health::OffTrack),
                "risk" => line.objective.is_active() && health == Ok(Health::AtRisk),
                "on" => line.objective.is_active() && health == Ok(Health::OnTrack),
                "unmeasured" => line.objective.is_active() && health.is_err(),
                "all" => true,
                _ => !line.objective.is_over(),
            });
            owner && shown
        };
        let matching = |line: &Line| {
            text.with(|text| {
                text.trim().is_empty() || {
                    let owner = desk.first_named(&line.objective.accountable).unwrap_or_default();
                    let kpi = line.kpi.as_ref().map(|kpi| kpi.title.as_str()).unwrap_or_default();
                    matches(text, &[&line.objective.title, &owner, kpi, &desk.reference(line.record())])
                }
            })
        };
        let records = desk.records(Kind::Objective).into_iter();
        let tagged = records.filter(|record| tag.with(|tag| has_tag(record, tag)));
        let lines = tagged.map(|record| Line::of(desk, &record));
        lines.filter(|line| wanted(line) && matching(line)).collect()
    })
}

/// Shape and word of a health; unknown where nothing can be measured.
pub(crate) fn health_mark(health: Option<Health>) -> AnyView {
    let (tone, word) = match health {
        Some(health) => line::health_words(Ok(health)),
        None => (Tone::Unknown, "Not measurable"),
    };
    mark(tone, word)
}

const OBJECTIVE: Form = Form {
    heading: "New objective",
    title_label: "What is to become true",
    placeholder: "Ship complete and on the promised day",
    button: "Add objective",
    choice: "",
};

fn objective_fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    let members = Signal::derive(move || desk.member_choices());
    let goals = Signal::derive(move || {
        line::goals(desk).into_iter().map(|goal| Choice::new(goal.id.to_string(), goal.title)).collect()
    });
    div()
        .class("sheet-row")
        .child((
            choice_field("Owner", members, draft.owner, Some("No owner")),
            choice_field("Serves", goals, draft.choice, Some("No goal yet")),
        ))
        .into_any()
}

fn create_objective(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Objective, desk.fresh_id());
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into())];
    fields.extend(draft.owner_as(Field::Accountable));
    let mut edits = vec![Edit::Create { record, fields }];
    if let Ok(goal) = draft.choice.get_untracked().parse() {
        edits.push(Edit::Link(Edge::new(Relation::Serves, record, RecordRef::new(Kind::Goal, goal))));
    }
    desk.act("objective.add", edits).then_some(record)
}
