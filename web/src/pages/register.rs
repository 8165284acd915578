//! Risks and opportunities: what could keep the team from its objectives, what could help, and what it answers.

mod assess;
mod entry;
mod map;
mod movements;
mod score;
pub(crate) mod sheet;
mod table;

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
    words,
};
use crate::{
    components::{choice::Choice, rows::Window},
    shell::routes::Section,
};
use leptos::{
    html::{Div, div, span},
    prelude::*,
};
use workspace::{
    Edge, Edit, Field, Initial, Kind, RecordRef, Relation,
    lens::{RegisterEntry, Settings},
};

const VIEWS: &[ViewLink] = &[
    ViewLink { value: "", label: "Register" },
    ViewLink { value: "map", label: "Map" },
    ViewLink { value: "movements", label: "Movements" },
];

/// The entries that the address asks for.
#[derive(Clone, Copy)]
struct Found {
    entries: Memo<Vec<RegisterEntry>>,
}

pub(crate) fn register() -> AnyView {
    let desk = Desk::here();
    let address = Address::of(Section::Register);
    let scroller = NodeRef::<Div>::new();
    walk_keys(address);
    let bar = row_acts(desk, address);
    let view = address.setting("view");
    let found = Found { entries: found(desk, address) };
    let is_map = Memo::new(move |_| view.with(|view| view == "map"));
    let is_moving = Memo::new(move |_| view.with(|view| view == "movements"));
    let rows = Signal::derive(
        move || {
            if is_map.get() || is_moving.get() { 0 } else { found.entries.with(Vec::len) }
        },
    );
    let window = Window::over(rows, scroller);
    let (begin, creating) = creator(address, ENTRY, entry_fields, create_entry);
    let people = Signal::derive(move || desk.member_choices());
    let kinds = || vec![Choice::new("risk", "Risks"), Choice::new("opportunity", "Opportunities")];
    let shows = || {
        vec![
            Choice::new("above", "Above appetite"),
            Choice::new("overdue", "Look again overdue"),
            Choice::new("views", "Two views"),
            Choice::new("all", "With the closed ones"),
        ]
    };
    let categories = Signal::stored(words::choices(Kind::Register, Field::Category));
    let kind_filter = move || {
        let any = if is_map.get() { None } else { Some("Any kind") };
        div().class("filter").child(match any {
            Some(any) => filter_choice(address, "kind", "Kind", any, Signal::stored(kinds())),
            None => filter_choice(address, "kind", "Kind", "Risks", Signal::stored(kinds().split_off(1))),
        })
    };
    let tools = (
        views(address, VIEWS),
        filters(
            address,
            "Filter the register",
            (
                kind_filter,
                div().class("filter").child(filter_choice(address, "owner", "Owner", "Any owner", people)),
                div().class("filter").child(filter_choice(
                    address,
                    "category",
                    "Category",
                    "Any category",
                    categories,
                )),
                div().class("filter").child(filter_choice(
                    address,
                    "show",
                    "Show",
                    "Open ones",
                    Signal::stored(shows()),
                )),
                tag_filter(desk, address, Kind::Register),
            ),
        ),
        new_button("Entry", "New risk or opportunity", begin),
    );
    let body = move || {
        if is_map.get() {
            map::map_view(desk, address, found, begin)
        } else if is_moving.get() {
            movements::movements(desk, address, found, begin)
        } else {
            table::table_view(desk, address, found, window, begin)
        }
    };
    (page("Risks and opportunities", tools, (body, bar), scroller, Some(window), panel(address)), creating)
        .into_any()
}

fn found(desk: Desk, address: Address) -> Memo<Vec<RegisterEntry>> {
    let (text, owner, kind) = (address.setting("q"), address.setting("owner"), address.setting("kind"));
    let (category, show) = (address.setting("category"), address.setting("show"));
    let tag = address.setting("tag");
    let settings = desk.settings();
    Memo::new(move |_| {
        let today = desk.today().get();
        let wanted = |entry: &RegisterEntry| {
            let kind = kind.with(|kind| kind.is_empty() || (kind == "opportunity") == entry.is_opportunity());
            let owner = owner.with(|owner| is_among(&entry.owners, owner));
            let category =
                category.with(|category| category.is_empty() || entry.category.as_ref() == Some(category));
            let shown = show.with(|show| match show.as_str() {
                "above" => entry.is_above_appetite(),
                "overdue" => entry.review_overdue(today).is_some(),
                "views" => entry.now.is_contested(),
                "all" => true,
                _ => entry.is_open(),
            });
            kind && owner && category && shown
        };
        let matching = |entry: &RegisterEntry| {
            text.with(|text| {
                text.trim().is_empty() || {
                    let owner = desk.first_named(&entry.owners).unwrap_or_default();
                    matches(
                        text,
                        &[
                            &entry.title,
                            &owner,
                            entry.category.as_deref().unwrap_or_default(),
                            &desk.reference(entry.record()),
                        ],
                    )
                }
            })
        };
        settings.with(|settings| {
            let records = desk.records(Kind::Register).into_iter();
            let tagged = records.filter(|record| tag.with(|tag| has_tag(record, tag)));
            let entries = tagged.map(|record| RegisterEntry::of(&record, settings));
            entries.filter(|entry| wanted(entry) && matching(entry)).collect()
        })
    })
}

/// Number and word of the level of the score now; a gap where nobody judged.
pub(crate) fn level_mark(entry: &RegisterEntry, settings: &Settings) -> AnyView {
    let words = entry::map_words(settings, entry.is_opportunity());
    match entry.now.score() {
        Some(score) => score::square(score::class_of(entry), score, &words, None, score::band(score, &words)),
        None => span().class("gap small").child("not assessed").into_any(),
    }
}

const ENTRY: Form = Form {
    heading: "New risk or opportunity",
    title_label: "What could happen",
    placeholder: "Only one foundry can cast the pump head",
    button: "Add to the register",
    choice: "risk",
};

fn entry_fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    let members = Signal::derive(move || desk.member_choices());
    let kinds = Signal::stored(vec![Choice::new("risk", "Risk"), Choice::new("opportunity", "Opportunity")]);
    div()
        .class("sheet-row")
        .child((
            choice_field("Kind", kinds, draft.choice, None),
            choice_field("Owner", members, draft.owner, Some("No owner")),
        ))
        .into_any()
}

fn create_entry(desk: Desk, draft: Draft) -> Option<RecordRef> {
    create_entry_for(desk, draft, None)
}

/// The new entry, when the document took it; linked to the objective that it bears on.
pub(super) fn create_entry_for(desk: Desk, draft: Draft, objective: Option<RecordRef>) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Register, desk.fresh_id());
    let kind = draft.choice.get_untracked();
    let act = format!("{}.add", words::noun(Kind::Register, Some(&kind)));
    let mut fields: Vec<(Field, Initial)> =
        vec![(Field::Title, draft.title().into()), (Field::Kind, kind.into())];
    fields.extend(draft.owner_as(Field::Owner));
    let relation =
        if draft.choice.get_untracked() == "opportunity" { Relation::Helps } else { Relation::Threatens };
    let link = objective.map(|objective| Edit::Link(Edge::new(relation, record, objective)));
    desk.act(&act, [Edit::Create { record, fields }].into_iter().chain(link).collect()).then_some(record)
}
