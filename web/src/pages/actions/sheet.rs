//! One action in the panel.

use crate::{
    components::{
        day,
        mark::{Tone, mark},
    },
    pages::{
        desk::Desk,
        fields::{Sheet, choice_row, date_row, member_row, row, text_section},
        linked::{Links, lead_reference, linked},
        moves::moves,
        words,
    },
};
use ids::MemberId;
use leptos::{
    html::{dl, h3, li, p, section, span, ul},
    prelude::*,
};
use workspace::{
    Date, Field, Kind, Record, Relation,
    lens::{Action, EntryKind},
};

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let action = Memo::new(move |_| sheet.now.with(|now| now.as_ref().map(|now| Action::of(now))));
    let late = move || {
        let today = sheet.desk.today().get();
        let days = action.with(|action| action.as_ref()?.days_late(today))?;
        Some(p().class("late plain").child(day::late(days)))
    };
    let postponed = move || {
        let count = action.with(|action| action.as_ref().map_or(0, |action| action.postponed));
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
        story(sheet, action),
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
    let relation = match EntryKind::of(entry) {
        EntryKind::Risk => Relation::Treats,
        EntryKind::Opportunity => Relation::Realises,
    };
    (relation, true)
}

/// What was done, who looked at it, whether it worked, and how it got there.
fn story(sheet: Sheet, action: Memo<Option<Action>>) -> AnyView {
    let owner = sheet.derive(|record| record.id_of(Field::Owner).map(MemberId));
    let desk = sheet.desk;
    let lines = move || {
        let owner = owner.get();
        action.with(|action| action.as_ref().map(|action| told(desk, action, owner)))
    };
    let has_story = Memo::new(move |_| {
        action.with(|action| {
            action.as_ref().is_some_and(|action| !action.steps.is_empty() || action.done.is_some())
        })
    });
    (move || {
        has_story.get().then(|| section().child((h3().child("Story"), ul().class("story").child(lines))))
    })
    .into_any()
}

fn told(desk: Desk, action: &Action, owner: Option<MemberId>) -> Vec<AnyView> {
    let mut lines: Vec<AnyView> = Vec::new();
    if let Some(done) = &action.done {
        let note = done.what_changed.as_deref().unwrap_or_default();
        lines.push(line(desk, done.by, done.on, "Done", note, false));
    }
    for look in &action.verifications {
        let is_own = owner.is_some() && look.by == owner;
        let is_verified = look.result != "sent-back";
        let word = if is_verified { "Verified" } else { "Sent back" };
        lines.push(line(desk, look.by, look.on, word, &look.note, is_own && is_verified));
    }
    for effect in &action.effects {
        let word = match effect.result.as_str() {
            "effective" => "It worked",
            "partly" => "It worked in part",
            _ => "It did not work",
        };
        lines.push(line(desk, effect.by, effect.on, word, &effect.note, false));
    }
    for step in action.steps.iter().rev() {
        let word = format!("{} \u{2192} {}", words::label(&step.from), words::label(&step.to));
        lines.push(line(desk, step.by, step.on, &word, &step.note, false));
    }
    lines
}

fn line(desk: Desk, by: Option<MemberId>, on: Option<Date>, word: &str, note: &str, is_own: bool) -> AnyView {
    let who = desk.name_of(by);
    let own = is_own.then(|| mark(Tone::Watch, "not independent"));
    li().child((
        span().child((format!("{word} by {who}"), (!note.is_empty()).then(|| format!(": {note}")), own)),
        span().class("quiet numbers nowrap").child(on.map(day::in_full)),
    ))
    .into_any()
}
