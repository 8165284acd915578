//! One objective in the panel.

use super::{figure::figure_of, line::Line, target::target_rows};
use crate::{
    components::{
        choice::{Choice, ChoiceField, choice},
        combobox::{Offer, Offers},
        icon::Icon,
        mark::{Tone, mark, mark_filled, shape},
        number::per_cent,
        picker::Question,
    },
    pages::{
        desk::Desk,
        fields::{Sheet, contested, line_row, member_row, row, text_section},
        linked::{Links, lead_reference, lead_status, linked},
        moves::moves,
        words,
    },
};
use leptos::{
    html::{div, dl, li, p, section, span, ul},
    prelude::*,
};
use workspace::{Edit, Field, Kind, Record, RecordRef, Relation, lens::EntryKind};

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let line = Memo::new(move |_| sheet.now.with(|now| now.as_ref().map(|now| Line::of(sheet.desk, now))));
    (
        section().child((health(line), moves(sheet))),
        dl().class("sheet-fields").child((
            member_row(sheet, "Owner", Field::Accountable, "No owner"),
            member_row(sheet, "Coordinator", Field::Coordinator, "Nobody"),
            target_rows(sheet),
            kpi_row(sheet),
            means_row(sheet),
            unaligned_row(sheet, line),
        )),
        figure_of(sheet, line),
        text_section(
            sheet,
            "Plan",
            Field::Plan,
            "What will be done, with which means, and how one will see that it worked",
        ),
        linked(sheet, GOALS),
        linked(sheet, UNCERTAINTY),
        linked(sheet, ACTIONS),
    )
        .into_any()
}

const GOALS: Links = Links {
    heading: "Serves",
    none: "no goal",
    ways: &[(Relation::Serves, true)],
    offers: Some((Kind::Goal, |_| (Relation::Serves, true))),
    lead: lead_reference,
};
const UNCERTAINTY: Links = Links {
    heading: "Risks and opportunities",
    none: "nothing is linked",
    ways: &[(Relation::Threatens, false), (Relation::Helps, false)],
    offers: Some((Kind::Register, bears)),
    lead: lead_status,
};
const ACTIONS: Links = Links {
    heading: "Actions",
    none: "no action",
    ways: &[(Relation::ComesFrom, false), (Relation::Realises, false)],
    offers: Some((Kind::Action, |_| (Relation::ComesFrom, false))),
    lead: lead_status,
};

/// A risk threatens an objective, an opportunity helps it.
fn bears(entry: &Record) -> (Relation, bool) {
    let relation = match EntryKind::of(entry) {
        EntryKind::Risk => Relation::Threatens,
        EntryKind::Opportunity => Relation::Helps,
    };
    (relation, false)
}

/// Where it stands, and what the word rests on.
fn health(line: Memo<Option<Line>>) -> AnyView {
    (move || {
        line.with(|line| {
            let line = line.as_ref().filter(|line| line.objective.is_active())?;
            let (tone, word) = line.told();
            let health = &line.health;
            let way = health.progress.zip(health.elapsed).map(|(progress, elapsed)| {
                format!("{} of the way, {} of the time", per_cent(progress), per_cent(elapsed.clamp(0.0, 1.0)))
            });
            let missed = health.propose_missed.then(|| {
                p().class("notice watch").child((shape(Tone::Watch), "The date has passed and the target was not held for three values. Met or missed? Somebody has to say."))
            });
            Some((
                div().class("panel-state").child((mark_filled(tone, word, line.more()), way.map(|way| span().class("quiet numbers").child(way)))),
                missed,
            ))
        })
    })
    .into_any()
}

/// Chosen where none of the KPIs is the one.
const NEW_KPI: &str = "new";

/// A KPI that this objective is measured by, made and taken in one act.
fn ask_new_kpi(sheet: Sheet) {
    let question = Question::new(
        "New KPI",
        "What is measured, as \u{201c}Delivered on the promised day\u{201d}",
        move |name| {
            let title = name.split_whitespace().collect::<Vec<_>>().join(" ");
            if title.is_empty() {
                return Vec::new();
            }
            let label = format!("Add \u{201c}{title}\u{201d}");
            let add = move || {
                let kpi = RecordRef::new(Kind::Kpi, sheet.desk.fresh_id());
                let fields = vec![
                    (Field::Title, title.as_str().into()),
                    (Field::Owner, sheet.desk.me().to_string().into()),
                ];
                let measured = Edit::Set {
                    record: sheet.record,
                    field: Field::Kpi,
                    value: Some(kpi.id.to_string().into()),
                };
                sheet.desk.act("kpi.add", vec![Edit::Create { record: kpi, fields }, measured]);
            };
            vec![Offers { heading: "", offers: vec![Offer::new(label, add).with_icon(Icon::Plus)] }]
        },
    );
    sheet.desk.picker.ask(Question { none: "Type its name.", ..question });
}

fn kpi_row(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let select = choice(ChoiceField {
        label: "KPI".to_owned(),
        choices: Signal::derive(move || {
            let mut choices: Vec<Choice> = desk
                .records(Kind::Kpi)
                .iter()
                .map(|kpi| Choice::new(kpi.id.to_string(), kpi.title()))
                .collect();
            choices.sort_by(|one, other| one.label.cmp(&other.label));
            choices.push(Choice::new(NEW_KPI, "+ New KPI\u{2026}"));
            choices
        }),
        value: sheet.derive(|record| record.line(Field::Kpi).unwrap_or_default().to_owned()),
        set: Callback::new(move |kpi: String| match kpi.as_str() {
            NEW_KPI => ask_new_kpi(sheet),
            _ => sheet.set(Field::Kpi, (!kpi.is_empty()).then(|| kpi.into())),
        }),
        none: Some("No KPI: not measurable"),
        class: "inline",
        read_only: sheet.read_only,
    });
    row("KPI", (select, contested(sheet, "KPI", Field::Kpi)))
}

/// Only where it serves no goal: somebody may say why that is right.
fn unaligned_row(sheet: Sheet, line: Memo<Option<Line>>) -> AnyView {
    let serves = Memo::new(move |_| line.with(|line| line.as_ref().is_some_and(|line| line.goal.is_some())));
    (move || {
        (!serves.get()).then(|| line_row(sheet, "No goal, because", Field::AlignmentException, "not said"))
    })
    .into_any()
}

/// What it takes: needs with their answers, a statement that it takes nothing, or a visible gap.
fn means_row(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let statement = sheet.derive(|record| {
        let atom = record.atom(Field::NoMeansNeeded)?;
        Some(atom.get("reason").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned())
    });
    let needs = Memo::new(move |_| desk.linked_to(sheet.record, Relation::Needs));
    let content = move || {
        let needs = needs.get();
        match statement.get() {
            _ if !needs.is_empty() => ul()
                .class("means")
                .child(needs.into_iter().map(|need| li().child(one_need(desk, need))).collect_view())
                .into_any(),
            Some(reason) if reason.is_empty() => span().class("plain").child("none needed").into_any(),
            Some(reason) => span().class("plain").child(format!("none needed: {reason}")).into_any(),
            None => span().class("plain gap").child("none declared").into_any(),
        }
    };
    row("Means", content)
}

fn one_need(desk: Desk, need: RecordRef) -> AnyView {
    let record = desk.signal(need);
    (move || {
        record.with(|record| {
            let record = record.as_ref()?;
            let status = record.status().unwrap_or("requested").to_owned();
            let tone = match status.as_str() {
                "delivered" => Tone::Good,
                "committed" => Tone::Under,
                "refused" => Tone::Off,
                _ => Tone::Unknown,
            };
            Some((span().class("clip").child(record.title().to_owned()), mark(tone, words::label(&status))))
        })
    })
    .into_any()
}
