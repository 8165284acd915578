//! The moves that a record's life cycle allows from where it stands, as buttons. A move that needs an answer (why, until
//! when, what changed) asks for it first; what belongs together is written as one change.

use super::{
    ask::{foot, on_escape},
    desk::Desk,
    fields::{Sheet, contested},
    words,
};
use crate::components::{
    date_field::{DateField, date_field},
    ids::fresh_id,
    mark::{Tone, mark, shape},
};
use leptos::{
    ev,
    html::{button, div, label, p, textarea},
    prelude::*,
};
use serde_json::json;
use workspace::{Date, Edit, Field, Kind, Record};

/// The state, and where it can go.
pub(crate) fn moves(sheet: Sheet) -> AnyView {
    moves_but(sheet, &[])
}

/// As [`moves`], without the states that an act of its own leads to.
pub(crate) fn moves_but(sheet: Sheet, others: &'static [&'static str]) -> AnyView {
    let status = sheet.derive(|record| record.status().unwrap_or_default().to_owned());
    let next = sheet.derive(move |record| match (record.lifecycle(), record.status()) {
        (Some(life), Some(status)) => {
            let mut next: Vec<String> =
                life.next(status).filter(|to| !others.contains(to)).map(str::to_owned).collect();
            next.sort_by_key(|to| words::move_place(to));
            next
        }
        _ => Vec::new(),
    });
    let asking = RwSignal::new(None::<String>);
    let press = move |to: String| {
        if question(sheet.record.kind, &status.get_untracked(), &to).is_some() {
            asking.set(Some(to));
        } else {
            go(sheet, &to, "", None);
        }
    };
    let buttons = move || {
        if sheet.read_only.get() {
            return Vec::new();
        }
        let from = status.get();
        next.get()
            .into_iter()
            .map(|to| {
                let words = words::verb(sheet.record.kind, &from, &to);
                let dots = if question(sheet.record.kind, &from, &to).is_some() { "\u{2026}" } else { "" };
                let is_asking = {
                    let to = to.clone();
                    move || asking.with(|asking| *asking == Some(to.clone())).to_string()
                };
                button()
                    .attr("type", "button")
                    .class("button framed")
                    .attr("aria-expanded", (!dots.is_empty()).then_some(is_asking))
                    .on(ev::click, move |_| press(to.clone()))
                    .child(format!("{words}{dots}"))
            })
            .collect()
    };
    let ask = move || asking.get().map(|to| ask(sheet, status.get_untracked(), to, asking));
    (
        div().class("panel-state").child(move || {
            let status = status.get();
            mark(words::status_tone(&status), words::label(&status))
        }),
        contested(sheet, "Status", Field::Status),
        div().class("moves").attr("role", "group").attr("aria-label", "Move to").child(buttons),
        ask,
    )
        .into_any()
}

/// What a move asks for before it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) words: &'static str,
    pub(crate) is_needed: bool,
    /// Also until when.
    pub(crate) asks_until: bool,
}

pub(crate) fn question(kind: Kind, from: &str, to: &str) -> Option<Question> {
    let ask = |words, is_needed| Some(Question { words, is_needed, asks_until: false });
    match (kind, from, to) {
        (Kind::Action, _, "done") => ask("What changed", false),
        (Kind::Action, _, "verified") => ask("What was looked at", false),
        (Kind::Action, "done" | "verified", "in-progress") => ask("What is missing", true),
        (Kind::Action, _, "blocked") => ask("What it waits for", true),
        (Kind::Action, _, "effective" | "ineffective") => ask("What shows it", true),
        (_, _, "cancelled" | "withdrawn" | "closed" | "declined" | "missed") => ask("Why", true),
        (Kind::Register, _, "accepted") => {
            Some(Question { words: "Under which condition", is_needed: false, asks_until: true })
        }
        _ => None,
    }
}

/// Whether a move asks for something before it is made.
pub(crate) fn needs_answer(kind: Kind, from: &str, to: &str) -> bool {
    question(kind, from, to).is_some()
}

fn ask(sheet: Sheet, from: String, to: String, asking: RwSignal<Option<String>>) -> AnyView {
    let Some(question) = question(sheet.record.kind, &from, &to) else { return ().into_any() };
    let answer = RwSignal::new(String::new());
    let until = RwSignal::new(None::<Date>);
    let is_own = to == "verified"
        && sheet.derive(|record| record.id_of(Field::Owner)).get_untracked() == Some(sheet.desk.me().0);
    let id = fresh_id("answer");
    let field = NodeRef::<leptos::html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let is_ready = Signal::derive(move || {
        (!question.is_needed || answer.with(|answer| !answer.trim().is_empty()))
            && (!question.asks_until || until.get().is_some())
    });
    let give_up = Callback::new(move |()| asking.set(None));
    let words = words::verb(sheet.record.kind, &from, &to);
    let make = Callback::new(move |()| {
        if is_ready.get_untracked() && go(sheet, &to, answer.get_untracked().trim(), until.get_untracked()) {
            asking.set(None);
        }
    });
    let until_field = question.asks_until.then(|| {
        div().class("field").child((
            div().class("label").child("Accept until"),
            date_field(DateField {
                label: "Accept until".to_owned(),
                value: until.into(),
                set: Callback::new(move |date| until.set(date)),
                class: "input",
                read_only: Signal::stored(false),
            }),
        ))
    });
    let own = is_own.then(|| {
        p().class("notice").child((
            shape(Tone::Watch),
            "You own this action, so the check will be shown as not independent.",
        ))
    });
    let hint =
        if question.is_needed { question.words.to_owned() } else { format!("{} (optional)", question.words) };
    div()
        .class("ask")
        .on(ev::keydown, on_escape(give_up))
        .child((
            own,
            until_field,
            div().class("field").child((
                label().attr("for", id.clone()).child(hint),
                textarea()
                    .node_ref(field)
                    .id(id)
                    .class("input")
                    .attr("rows", "2")
                    .attr("maxlength", "500")
                    .on(ev::input, move |event| answer.set(event_target_value(&event))),
            )),
            foot(words, is_ready, make, give_up),
        ))
        .into_any()
}

/// Makes the move with everything that belongs to it, as one change. Whether the document took it.
pub(crate) fn go(sheet: Sheet, to: &str, answer: &str, until: Option<Date>) -> bool {
    let Some(record) = sheet.desk.record_untracked(sheet.record) else { return false };
    let edits = edits(sheet.desk, &record, to, answer, until);
    sheet.desk.act(&format!("{}.{to}", words::noun(record.kind, None)), edits)
}

/// The move of a record and everything that belongs to it.
pub(crate) fn edits(desk: Desk, record: &Record, to: &str, answer: &str, until: Option<Date>) -> Vec<Edit> {
    let from = record.status().unwrap_or_default();
    let record = record.reference();
    let today = desk.today().get_untracked().to_string();
    let mut edits = vec![Edit::Move { record, to: to.to_owned(), note: answer.to_owned() }];
    let entry = |field, value| Edit::Supersede { record, field, entry: desk.fresh_id(), value };
    match (record.kind, from, to) {
        (Kind::Action, _, "done") => {
            let done = json!({ "by": desk.me().to_string(), "at": desk.now().as_millis(), "date": today, "whatChanged": answer });
            edits.push(Edit::Set { record, field: Field::Done, value: Some(done.into()) });
        }
        (Kind::Action, _, "verified") => {
            edits.push(entry(
                Field::Verifications,
                json!({ "date": today, "result": "verified", "note": answer }),
            ));
        }
        (Kind::Action, "done" | "verified", "in-progress") => {
            edits.push(entry(
                Field::Verifications,
                json!({ "date": today, "result": "sent-back", "note": answer }),
            ));
        }
        (Kind::Action, _, "effective" | "ineffective") => {
            edits.push(entry(Field::EffectResults, json!({ "date": today, "result": to, "note": answer })));
        }
        (Kind::Register, _, "accepted") => {
            let until = until.map(|until| until.to_string());
            edits.push(entry(Field::Acceptances, json!({ "until": until, "condition": answer })));
        }
        _ => {}
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use workspace::schema;

    #[test]
    fn every_move_that_ends_something_asks_why() {
        for (kind, variant, to) in [
            (Kind::Action, None, "cancelled"),
            (Kind::Register, Some("risk"), "closed"),
            (Kind::Register, Some("opportunity"), "declined"),
            (Kind::Objective, None, "withdrawn"),
        ] {
            let life = schema::lifecycle(kind, variant).unwrap();
            let from = life.states.iter().find(|state| life.allows(state, to)).unwrap();
            assert!(question(kind, from, to).unwrap().is_needed, "{kind} {to}");
        }
    }

    #[test]
    fn an_acceptance_has_an_end() {
        assert!(question(Kind::Register, "assessed", "accepted").unwrap().asks_until);
        assert_eq!(question(Kind::Action, "open", "in-progress"), None);
    }
}
