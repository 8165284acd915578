//! One action in the panel.

use crate::{
    components::{
        day,
        mark::{Tone, mark},
    },
    pages::{
        address::Address,
        desk::Desk,
        fields::{Sheet, choice_row, date_row, member_row, row, text_section},
        linked::{Links, lead_reference, linked},
        moves::moves,
        words,
    },
};
use leptos::{
    html::{dl, h3, li, p, section, span, ul},
    prelude::*,
};
use serde_json::Value as Json;
use workspace::{Date, Field, Kind, Record, Relation, lens::Action};

pub(super) fn sheet(sheet: Sheet, _address: Address) -> AnyView {
    let late = move || {
        let due = sheet.read(|record| record.date(Field::Due).filter(|_| Action::of(record).is_open()))?;
        day::lateness(due, sheet.desk.today().get()).map(|words| p().class("late plain").child(words))
    };
    let postponed = move || {
        let count = sheet.read(|record| Action::of(record).postponed);
        (count > 0).then(|| {
            p().class("quiet plain").child(if count == 1 {
                "postponed once".to_owned()
            } else {
                format!("postponed {count} times")
            })
        })
    };
    (
        section().child(moves(sheet)),
        dl().class("sheet-fields").child((
            member_row(sheet, "Owner", Field::Owner, "No owner"),
            date_row(sheet, "Due", Field::Due),
            row("", (late, postponed)),
            choice_row(
                sheet,
                "Priority",
                Field::Priority,
                words::choices(Kind::Action, Field::Priority),
                "No priority",
            ),
        )),
        linked(sheet, SOURCES),
        text_section(
            sheet,
            "What and why",
            Field::Body,
            "What is to be done, and how one will see that it is",
        ),
        story(sheet),
    )
        .into_any()
}

const SOURCES: Links = Links {
    heading: "Comes from",
    none: "not linked to anything",
    ways: &[(Relation::ComesFrom, true), (Relation::Treats, true), (Relation::Realises, true)],
    offers: Some((Kind::Register, treats)),
    lead: lead_reference,
};

/// An action treats a risk and realises an opportunity.
fn treats(entry: &Record) -> (Relation, bool) {
    let is_opportunity = entry.line(Field::Kind) == Some("opportunity");
    (if is_opportunity { Relation::Realises } else { Relation::Treats }, true)
}

/// What was done, who looked at it, whether it worked, and how it got there.
fn story(sheet: Sheet) -> AnyView {
    let owner = sheet.derive(|record| record.id_of(Field::Owner).map(|owner| owner.to_string()));
    let verified = sheet.derive(|record| {
        record.current(Field::Verifications).into_iter().map(|(_, entry)| entry.clone()).collect::<Vec<_>>()
    });
    let worked = sheet.derive(|record| {
        record.current(Field::EffectResults).into_iter().map(|(_, entry)| entry.clone()).collect::<Vec<_>>()
    });
    let done = sheet.derive(|record| record.atom(Field::Done).cloned());
    let moves = sheet
        .derive(|record| record.entries(Field::Moves).map(|(_, entry)| entry.clone()).collect::<Vec<_>>());
    let desk = sheet.desk;
    let lines = move || {
        let mut lines: Vec<AnyView> = Vec::new();
        lines.extend(done.get().map(|done| line(desk, &done, "Done", "whatChanged", false)));
        for entry in verified.get() {
            let is_own = owner.get().is_some_and(|owner| text(&entry, "by") == owner);
            let word = if text(&entry, "result") == "sent-back" { "Sent back" } else { "Verified" };
            lines.push(line(desk, &entry, word, "note", is_own && word == "Verified"));
        }
        for entry in worked.get() {
            let word = match text(&entry, "result").as_str() {
                "effective" => "It worked",
                "partly" => "It worked in part",
                _ => "It did not work",
            };
            lines.push(line(desk, &entry, word, "note", false));
        }
        lines
    };
    let moved = move || {
        moves
            .get()
            .into_iter()
            .rev()
            .map(|entry| {
                let word = format!(
                    "{} \u{2192} {}",
                    words::label(&text(&entry, "from")),
                    words::label(&text(&entry, "to"))
                );
                line(desk, &entry, &word, "note", false)
            })
            .collect_view()
    };
    let has_story = sheet
        .derive(|record| record.entries(Field::Moves).next().is_some() || record.atom(Field::Done).is_some());
    (move || {
        has_story
            .get()
            .then(|| section().child((h3().child("Story"), ul().class("story").child((lines, moved)))))
    })
    .into_any()
}

fn line(desk: Desk, entry: &Json, word: &str, note: &str, is_own: bool) -> AnyView {
    let date = text(entry, "date").parse::<Date>().ok().or_else(|| {
        let at = entry.get("at")?.as_i64()?;
        Some(Date::of(ids::Timestamp::from_millis(at)))
    });
    let who = desk.name_of(&text(entry, "by"));
    let note = text(entry, note);
    let own = is_own.then(|| mark(Tone::Watch, "not independent"));
    li().child((
        span().child((format!("{word} by {who}"), (!note.is_empty()).then(|| format!(": {note}")), own)),
        span().class("quiet numbers nowrap").child(date.map(day::in_full)),
    ))
    .into_any()
}

fn text(entry: &Json, name: &str) -> String {
    entry.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
}
