//! What outside and inside bears on the direction, who looked at it last, and what came of it.

use crate::{
    components::{
        choice::Choice,
        day,
        empty::empty,
        mark::{Tone, mark, shape},
    },
    pages::{
        address::Address,
        create::{Draft, Form, choice_field},
        desk::Desk,
        fields::{Sheet, choice_row, text_section},
        linked::{Links, lead_reference, linked},
        plain::flag_row,
        shelf, words,
    },
};
use leptos::{
    ev,
    html::{button, div, dl, h2, h3, li, section, span, ul},
    prelude::*,
};
use workspace::{Edit, Field, Initial, Kind, RecordRef, Relation, acts, lens::Issue};

pub(super) fn view(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let is_empty = Memo::new(move |_| desk.ids(Kind::Issue).is_empty());
    let parts = [("external", "Outside"), ("internal", "Inside"), ("", "Not sorted yet")];
    let parts = parts.map(|(kind, heading)| part(desk, address, kind, heading));
    let parts = Vec::from(parts);
    (
        move || {
            is_empty.get().then(|| {
                empty("What outside or inside bears on where you are going: a market, a law, a shortage, a strength.", Some(("Add an issue", begin)))
            })
        },
        parts,
    )
        .into_any()
}

fn part(desk: Desk, address: Address, kind: &'static str, heading: &'static str) -> AnyView {
    let issues = Memo::new(move |_| {
        let issues = desk.records(Kind::Issue).into_iter().map(|record| Issue::of(&record));
        let here = issues.filter(|issue| issue.kind.as_deref().unwrap_or_default() == kind);
        here.map(|issue| issue.record()).collect::<Vec<_>>()
    });
    let has_any = Memo::new(move |_| !issues.with(Vec::is_empty));
    let rows = move || view! { <For each=move || issues.get() key=|issue| *issue children=move |issue| issue_row(desk, address, issue)/> };
    (move || {
        has_any.get().then(|| {
            section().child((
                h2().child((heading, span().class("quiet numbers").child(move || issues.with(Vec::len)))),
                ul().class("shelf").child(rows()),
            ))
        })
    })
    .into_any()
}

fn issue_row(desk: Desk, address: Address, issue: RecordRef) -> AnyView {
    let now = desk.signal(issue);
    let led_to = Memo::new(move |_| desk.linked_from(issue, Relation::ComesFrom).len());
    let beside = move || {
        let issue = now.with(|now| now.as_deref().map(Issue::of))?;
        let today = desk.today().get();
        let area =
            issue.area.as_deref().map(|area| span().class("quiet wide-only").child(words::label(area)));
        let led = match led_to.get() {
            0 => None,
            count => Some(span().class("quiet numbers wide-only").child(format!("led to {count}"))),
        };
        let looked = match issue.look_due() {
            Some(due) if due < today => span()
                .class("late numbers nowrap")
                .child(format!("look {}", day::late(today.days_since(due))))
                .into_any(),
            Some(due) => span()
                .class("quiet numbers nowrap")
                .child(format!("look by {}", day::short(due, today)))
                .into_any(),
            None => match issue.last_look() {
                Some(on) => span()
                    .class("quiet numbers nowrap")
                    .child(format!("looked {}", day::short(on, today)))
                    .into_any(),
                None => span().class("gap").child("never looked at").into_any(),
            },
        };
        Some((area, led, bearing(issue.bearing.as_deref()), looked))
    };
    shelf::line(desk, address, issue, beside)
}

fn bearing(bearing: Option<&str>) -> AnyView {
    let (tone, word) = match bearing {
        Some("hurts") => (Tone::Off, "Hurts"),
        Some("both") => (Tone::Watch, "Both"),
        Some("helps") => (Tone::Good, "Helps"),
        _ => (Tone::Unknown, "Not said"),
    };
    mark(tone, word)
}

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let choices = |field| words::choices(Kind::Issue, field);
    (
        looks(sheet),
        dl().class("sheet-fields").child((
            choice_row(sheet, "Where", Field::Kind, choices(Field::Kind), "not said"),
            choice_row(sheet, "Area", Field::Area, choices(Field::Area), "not said"),
            choice_row(sheet, "Helps or hurts", Field::Bearing, choices(Field::Bearing), "not said"),
            choice_row(sheet, "Look at it", Field::Watch, choices(Field::Watch), "not said"),
            flag_row(sheet, "Climate", Field::ClimateRelevant),
        )),
        text_section(sheet, "What there is to know", Field::Body, "What changes, how fast, and how we know"),
        linked(sheet, LED_TO),
    )
        .into_any()
}

/// Who looked when, and the two buttons of somebody who looks now.
fn looks(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let look = move |changed: bool| {
        if desk.perform(&acts::look_at_issue(sheet.record, desk.fresh_id(), changed, &desk.doer())) {
            desk.toasts.say(if changed {
                "Noted: it has changed. Write down what."
            } else {
                "Noted: looked at, unchanged"
            });
        }
    };
    let issue = sheet.derive(|record| Some(Issue::of(record)));
    let lines = move || {
        let looks = issue.with(|issue| issue.as_ref().map(|issue| issue.looks.clone()).unwrap_or_default());
        let line = |look: workspace::lens::IssueLook| {
            let word = if look.changed == Some(true) { "had changed" } else { "unchanged" };
            li().child((
                span().child(format!("{}: {word}", desk.name_of(look.by))),
                span().class("quiet numbers nowrap").child(look.on.map(day::in_full)),
            ))
        };
        looks.into_iter().rev().take(4).map(line).collect_view()
    };
    let never = move || {
        issue
            .with(|issue| issue.as_ref().is_some_and(|issue| issue.looks.is_empty()))
            .then(|| span().class("gap").child((shape(Tone::Watch), "never looked at")))
    };
    let buttons = move || {
        (!sheet.read_only.get()).then(|| {
            div().class("moves").child((
                button()
                    .attr("type", "button")
                    .class("button framed")
                    .on(ev::click, move |_| look(false))
                    .child("Looked: unchanged"),
                button()
                    .attr("type", "button")
                    .class("button framed")
                    .on(ev::click, move |_| look(true))
                    .child("Looked: it changed"),
            ))
        })
    };
    section().child((h3().child("Looked at"), never, ul().class("story").child(lines), buttons)).into_any()
}

const LED_TO: Links = Links {
    heading: "Led to",
    none: "no risk, opportunity or action grew from it",
    ways: &[(Relation::ComesFrom, false)],
    offers: Some((Kind::Register, |_| (Relation::ComesFrom, false))),
    lead: lead_reference,
};

pub(super) const ISSUE: Form = Form {
    heading: "New issue",
    title_label: "What bears on where we are going",
    placeholder: "Two of three foundries in the region close",
    button: "Add issue",
    choice: "external",
};

pub(super) fn fields(draft: Draft) -> AnyView {
    let kinds = vec![Choice::new("external", "Outside"), Choice::new("internal", "Inside")];
    choice_field("Where", Signal::stored(kinds), draft.choice, None)
}

pub(super) fn create(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Issue, desk.fresh_id());
    let kind: Initial = draft.choice.get_untracked().into();
    let fields = vec![(Field::Title, draft.title().into()), (Field::Kind, kind)];
    desk.act("issue.add", vec![Edit::Create { record, fields }]).then_some(record)
}
