//! A KPI in the panel: what it is, where it comes from, how it moves, and what is measured by it.

use super::figure::{Aims, figure};
use crate::{
    pages::{
        create::{Draft, Form, choice_field},
        desk::Desk,
        fields::{Sheet, choice_row, line_row, member_row, text_section},
        linked::{Links, lead_reference, linked},
        plain::flag_row,
        words,
    },
    shell::routes::path_to,
};
use leptos::{
    html::{a, div, dl, h3, li, p, section, span, ul},
    prelude::*,
};
use workspace::{
    Decimal, Edit, Field, Initial, Kind, RecordRef, Relation,
    lens::{Kpi, Objective},
};

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let kpi = Memo::new(move |_| sheet.now.with(|now| now.as_deref().map(Kpi::of)));
    let aims = Memo::new(move |_| {
        let target = kpi.with(|kpi| kpi.as_ref().and_then(|kpi| kpi.standing_target));
        Aims { start: None, targets: target.map(Decimal::as_f64).into_iter().collect() }
    });
    let choices = |field| words::choices(Kind::Kpi, field);
    (
        figure(sheet, kpi, aims),
        dl().class("sheet-fields").child((
            line_row(sheet, "Unit", Field::Unit, "%, days, EUR"),
            choice_row(sheet, "Better is", Field::Better, choices(Field::Better), "not said"),
            choice_row(sheet, "About", Field::Dimension, choices(Field::Dimension), "not said"),
            choice_row(sheet, "Entered", Field::Frequency, choices(Field::Frequency), "monthly"),
            member_row(sheet, "Kept by", Field::Owner, "Nobody"),
            flag_row(sheet, "Pay rests on it", Field::Incentivised),
            line_row(sheet, "Scheme", Field::Scheme, "none"),
        )),
        measures(sheet),
        linked(sheet, UPHOLDS),
        text_section(
            sheet,
            "Where it comes from",
            Field::Source,
            "Which system, which query, who counts what how",
        ),
        text_section(sheet, "Notes", Field::Body, "What it says, and what it does not"),
    )
        .into_any()
}

const UPHOLDS: Links = Links {
    heading: "Upholds",
    none: "no promise of the policy",
    ways: &[(Relation::Upholds, true)],
    offers: Some((Kind::Commitment, |_| (Relation::Upholds, true))),
    lead: lead_reference,
};

pub(super) const KPI: Form = Form {
    heading: "New KPI",
    title_label: "What is counted or measured",
    placeholder: "Shipped complete and on time",
    button: "Add KPI",
    choice: "monthly",
};

pub(super) fn fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    let members = Signal::derive(move || desk.member_choices());
    let rhythms = words::choices(Kind::Kpi, Field::Frequency);
    div()
        .class("sheet-row")
        .child((
            choice_field("Kept by", members, draft.owner, Some("Nobody")),
            choice_field("Entered", Signal::stored(rhythms), draft.choice, None),
        ))
        .into_any()
}

pub(super) fn create(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Kpi, desk.fresh_id());
    let rhythm: Initial = draft.choice.get_untracked().into();
    let mut fields: Vec<(Field, Initial)> =
        vec![(Field::Title, draft.title().into()), (Field::Frequency, rhythm)];
    fields.extend(draft.owner_as(Field::Owner));
    desk.act("kpi.add", vec![Edit::Create { record, fields }]).then_some(record)
}

/// The objectives that it measures.
fn measures(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let here = Memo::new(move |_| {
        let objectives = desk.records(Kind::Objective).into_iter().map(|record| Objective::of(&record));
        let here = objectives.filter(|objective| objective.kpi == Some(sheet.record.id));
        here.map(|objective| (objective.record(), objective.title)).collect::<Vec<_>>()
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
    let none =
        move || here.with(Vec::is_empty).then(|| p().class("quiet").child("no objective is measured by it"));
    section().child((h3().child("Measures"), none, ul().class("linked").child(rows))).into_any()
}
