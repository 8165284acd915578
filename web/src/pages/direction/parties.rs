//! Who has a stake and what they require: how far it is met in whose judgement, and which requirement nothing serves.

use crate::{
    components::{
        choice::{Choice, ChoiceField, choice},
        day,
        empty::empty,
        ids::fresh_id,
        mark::{Tone, mark, shape},
    },
    pages::{
        address::Address,
        ask::form,
        create::{Draft, Form, choice_field},
        desk::Desk,
        fields::{Sheet, choice_row, contested, row, text_section},
        linked::{Links, lead_reference, linked},
        plain::{flag_row, record_row},
        shelf, words,
    },
    shell::routes::path_to,
};
use ids::RecordId;
use leptos::{
    ev,
    html::{a, button, div, dl, h2, h3, input, label, li, p, section, span, ul},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Edit, Field, Initial, Kind, RecordRef, Relation, acts,
    lens::{Party, Requirement},
};

pub(super) fn view(desk: Desk, address: Address, begin_party: Callback<()>, begin: Callback<()>) -> AnyView {
    let requirements = Memo::new(move |_| {
        desk.records(Kind::Requirement).iter().map(|record| Requirement::of(record)).collect::<Vec<_>>()
    });
    let parties = Memo::new(move |_| {
        let mut parties: Vec<Party> =
            desk.records(Kind::Party).iter().map(|record| Party::of(record)).collect();
        // Whoever can do most and cares most comes first.
        let weight = |party: &Party| party.influence.unwrap_or(0) * party.interest.unwrap_or(0);
        parties.sort_by_key(|party| (std::cmp::Reverse(weight(party)), party.id));
        parties.iter().map(|party| party.id).collect::<Vec<_>>()
    });
    let is_empty = Memo::new(move |_| parties.with(Vec::is_empty) && requirements.with(Vec::is_empty));
    let groups = view! { <For each=move || parties.get() key=|party| *party children=move |party| group(desk, address, requirements, party)/> };
    let add_party = button()
        .attr("type", "button")
        .class("button framed")
        .on(ev::click, move |_| begin_party.run(()))
        .child("Add a party");
    (
        move || {
            is_empty.get().then(|| {
                empty(
                    "Customers, owners, people, regulators: who has a stake, and what do they require?",
                    Some(("Add a requirement", begin)),
                )
            })
        },
        groups,
        nobodys(desk, address, requirements),
        div().child(add_party),
    )
        .into_any()
}

fn group(desk: Desk, address: Address, requirements: Memo<Vec<Requirement>>, party: RecordId) -> AnyView {
    let record = RecordRef::new(Kind::Party, party);
    let now = desk.signal(record);
    let here = Memo::new(move |_| {
        requirements.with(|all| {
            let here = all.iter().filter(|requirement| requirement.parties.contains(&party));
            here.map(Requirement::record).collect::<Vec<_>>()
        })
    });
    let head = move || {
        now.with(|now| {
            let party = Party::of(now.as_deref()?);
            let kind = party.kind.as_deref().map(words::label);
            let weight = match (party.influence, party.interest) {
                (Some(influence), Some(interest)) => {
                    Some(format!("influence {influence} of 3, interest {interest} of 3"))
                }
                _ => None,
            };
            let facts: Vec<String> = [kind, weight].into_iter().flatten().collect();
            Some((
                a().class("row-link").href(address.href(record)).child(party.title.clone()),
                span().class("quiet facts-line").child(facts.join(" \u{b7} ")),
            ))
        })
    };
    let rows = view! { <For each=move || here.get() key=|record| *record children=move |record| requirement_row(desk, address, record)/> };
    let none = move || {
        here.with(Vec::is_empty)
            .then(|| span().class("gap").child((shape(Tone::Watch), "no requirement written down")))
    };
    section().child((h2().child(head), none, ul().class("shelf").child(rows))).into_any()
}

/// Requirements that name no party.
fn nobodys(desk: Desk, address: Address, requirements: Memo<Vec<Requirement>>) -> AnyView {
    let here = Memo::new(move |_| {
        requirements.with(|all| {
            let here = all.iter().filter(|requirement| requirement.parties.is_empty());
            here.map(Requirement::record).collect::<Vec<_>>()
        })
    });
    let has_any = Memo::new(move |_| !here.with(Vec::is_empty));
    (move || {
        has_any.get().then(|| {
            let rows = view! { <For each=move || here.get() key=|record| *record children=move |record| requirement_row(desk, address, record)/> };
            section().child((h2().child("Of nobody in particular"), ul().class("shelf").child(rows)))
        })
    })
    .into_any()
}

fn requirement_row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let served = Memo::new(move |_| {
        desk.linked_from(record, Relation::Serves).iter().filter(|from| from.kind == Kind::Objective).count()
    });
    let beside = move || {
        let requirement = now.with(|now| now.as_deref().map(Requirement::of))?;
        let served = match served.get() {
            0 => span().class("gap").child((shape(Tone::Watch), "no objective")).into_any(),
            1 => span().class("quiet numbers wide-only").child("1 objective").into_any(),
            count => span().class("quiet numbers wide-only").child(format!("{count} objectives")).into_any(),
        };
        let judged = if requirement.is_contested() {
            mark(Tone::Watch, "Judged apart")
        } else {
            match requirement.judgement() {
                Some(judgement) => {
                    let (tone, word) = words::judgement(&judgement.status);
                    mark(tone, word)
                }
                None => span().class("gap").child("not judged").into_any(),
            }
        };
        Some((served, judged))
    };
    shelf::line(desk, address, record, beside)
}

// --- A requirement in the panel -------------------------------------------------------------------------------------

pub(crate) fn requirement_sheet(sheet: Sheet) -> AnyView {
    (
        judgements(sheet),
        dl().class("sheet-fields").child((
            record_row(sheet, "Required by", Field::Party, &[Kind::Party]),
            choice_row(
                sheet,
                "Comes from",
                Field::Origin,
                words::choices(Kind::Requirement, Field::Origin),
                "not said",
            ),
            flag_row(sheet, "Climate", Field::ClimateRelevant),
        )),
        text_section(
            sheet,
            "How we know that we meet it",
            Field::HowWeKnow,
            "Which figure, which check, whose word",
        ),
        linked(sheet, SERVED_BY),
        text_section(sheet, "Notes", Field::Body, "What else there is to know"),
    )
        .into_any()
}

const SERVED_BY: Links = Links {
    heading: "Served by",
    none: "no objective serves it",
    ways: &[(Relation::Serves, false)],
    offers: Some((Kind::Objective, |_| (Relation::Serves, false))),
    lead: lead_reference,
};

/// How far it is met, in whose judgement; two that differ stand side by side until somebody judges again.
fn judgements(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let requirement = sheet.derive(|record| Some(Requirement::of(record)));
    let is_judging = RwSignal::new(false);
    let said = move || {
        let Some(requirement) = requirement.get() else { return ().into_any() };
        let apart = requirement.is_contested().then(|| {
            p().class("notice watch").child((
                shape(Tone::Watch),
                "Judged apart. The less favourable one counts until somebody judges again.",
            ))
        });
        let none = requirement
            .judgements
            .is_empty()
            .then(|| span().class("gap").child((shape(Tone::Watch), "nobody has judged it")));
        let lines = requirement.judgements.into_iter().map(|judgement| {
            let (tone, word) = words::judgement(&judgement.status);
            let basis = judgement.basis.map(|basis| span().child(format!(" {basis}")));
            li().child((
                span().child((mark(tone, word), basis)),
                span().class("quiet numbers nowrap").child((
                    desk.first_name(judgement.by),
                    judgement.on.map(|on| format!(", {}", day::short(on, desk.today().get()))),
                )),
            ))
        });
        (none, ul().class("story").child(lines.collect_view()), apart).into_any()
    };
    let button = move || {
        (!sheet.read_only.get() && !is_judging.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button framed")
                .on(ev::click, move |_| is_judging.set(true))
                .child("Judge\u{2026}")
        })
    };
    section()
        .child((
            h3().child("How far is it met"),
            said,
            move || is_judging.get().then(|| judge(sheet, is_judging)),
            div().child(button),
        ))
        .into_any()
}

fn judge(sheet: Sheet, is_open: RwSignal<bool>) -> AnyView {
    let status = RwSignal::new("met".to_owned());
    let basis = RwSignal::new(String::new());
    let is_ready = Signal::derive(move || basis.with(|basis| !basis.trim().is_empty()));
    let save = Callback::new(move |()| {
        let entry = sheet.desk.fresh_id();
        let act = acts::judge_requirement(
            sheet.record,
            entry,
            &status.get_untracked(),
            basis.get_untracked().trim(),
        );
        if sheet.desk.perform(&act) {
            is_open.set(false);
        }
    });
    let id = fresh_id("basis");
    let fields = (
        div().class("field").child((
            div().class("label").attr("aria-hidden", "true").child("It is"),
            choice(ChoiceField {
                label: "It is".to_owned(),
                choices: Signal::stored(words::judgement_choices()),
                value: status.into(),
                set: Callback::new(move |word: String| status.set(word)),
                none: None,
                class: "input",
                read_only: Signal::stored(false),
            }),
        )),
        div().class("field").child((
            label().attr("for", id.clone()).child("What that rests on"),
            input()
                .id(id)
                .class("input")
                .attr("type", "text")
                .attr("maxlength", "500")
                .on(ev::input, move |event| basis.set(event_target_value(&event))),
        )),
    );
    form(fields, "Record judgement", is_ready, save, is_open)
}

// --- A party in the panel -------------------------------------------------------------------------------------------

pub(crate) fn party_sheet(sheet: Sheet) -> AnyView {
    (
        dl().class("sheet-fields").child((
            choice_row(sheet, "Kind", Field::Kind, words::choices(Kind::Party, Field::Kind), "not said"),
            weight_row(sheet, "Influence", "influence"),
            weight_row(sheet, "Interest", "interest"),
            row("", contested(sheet, "Influence and interest", Field::Weight)),
        )),
        requires(sheet),
        text_section(
            sheet,
            "What there is to know",
            Field::Body,
            "What they want, what they fear, who talks to them",
        ),
    )
        .into_any()
}

/// One of the two parts of the weight; they are one value and written together.
fn weight_row(sheet: Sheet, name: &'static str, key: &'static str) -> AnyView {
    let part = move |key: &'static str| {
        sheet.derive(move |record| {
            let part = record
                .atom(Field::Weight)
                .and_then(|weight| weight.get(key))
                .and_then(serde_json::Value::as_i64);
            part.map(|part| part.to_string()).unwrap_or_default()
        })
    };
    let (value, influence, interest) = (part(key), part("influence"), part("interest"));
    let levels = vec![
        Choice::new("1", "1 \u{2013} little"),
        Choice::new("2", "2 \u{2013} some"),
        Choice::new("3", "3 \u{2013} much"),
    ];
    let select = choice(ChoiceField {
        label: name.to_owned(),
        choices: Signal::stored(levels),
        value,
        set: Callback::new(move |chosen: String| {
            let mut weight = serde_json::Map::new();
            for (part, now) in [("influence", influence), ("interest", interest)] {
                let now = if part == key { chosen.clone() } else { now.get_untracked() };
                if let Ok(level) = now.parse::<i64>() {
                    weight.insert(part.to_owned(), json!(level));
                }
            }
            sheet.set(Field::Weight, Some(serde_json::Value::Object(weight).into()));
        }),
        none: Some("not said"),
        class: "inline",
        read_only: sheet.read_only,
    });
    row(name, select)
}

/// What they require.
fn requires(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let here = Memo::new(move |_| {
        let requirements = desk.records(Kind::Requirement).into_iter().map(|record| Requirement::of(&record));
        let here = requirements.filter(|requirement| requirement.parties.contains(&sheet.record.id));
        here.map(|requirement| (requirement.record(), requirement.title)).collect::<Vec<_>>()
    });
    let rows = move || {
        here.get()
            .into_iter()
            .map(|(record, title)| {
                li().child((
                    span().class("ref").child(desk.reference(record)),
                    a().href(path_to(record)).child(title),
                ))
            })
            .collect_view()
    };
    let none = move || {
        here.with(Vec::is_empty).then(|| p().class("gap").child((shape(Tone::Watch), "nothing written down")))
    };
    section().child((h3().child("Requires"), none, ul().class("linked").child(rows))).into_any()
}

// --- New ones -------------------------------------------------------------------------------------------------------

pub(super) const PARTY: Form = Form {
    heading: "New party",
    title_label: "Who has a stake",
    placeholder: "Owners of the buildings our pumps stand in",
    button: "Add party",
    choice: "customer",
};

pub(super) fn party_fields(draft: Draft) -> AnyView {
    let kinds = words::choices(Kind::Party, Field::Kind);
    choice_field("Kind", Signal::stored(kinds), draft.choice, None)
}

pub(super) fn create_party(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Party, desk.fresh_id());
    let kind: Initial = draft.choice.get_untracked().into();
    let fields = vec![(Field::Title, draft.title().into()), (Field::Kind, kind)];
    desk.act("party.add", vec![Edit::Create { record, fields }]).then_some(record)
}

pub(super) const REQUIREMENT: Form = Form {
    heading: "New requirement",
    title_label: "What is required of us",
    placeholder: "A spare part within two working days",
    button: "Add requirement",
    choice: "",
};

pub(super) fn requirement_fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    let parties = Signal::derive(move || {
        let parties = desk.records(Kind::Party).into_iter();
        parties.map(|party| Choice::new(party.id.to_string(), party.title())).collect()
    });
    choice_field("Required by", parties, draft.choice, Some("nobody in particular"))
}

pub(super) fn create_requirement(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Requirement, desk.fresh_id());
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into())];
    let party = draft.choice.get_untracked();
    if !party.is_empty() {
        fields.push((Field::Party, party.into()));
    }
    desk.act("requirement.add", vec![Edit::Create { record, fields }]).then_some(record)
}
