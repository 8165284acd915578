//! One risk or opportunity in the panel.

use super::{
    assess::assess,
    entry::{judgements, map_words, phase_label},
    score::{above_appetite, author, band, class_of, in_words, square},
};
use crate::{
    components::{
        day,
        heat_map::MapWords,
        icon::{Icon, icon},
        mark::{Tone, shape},
    },
    pages::{
        desk::Desk,
        fields::{Sheet, choice_row, date_row, member_row, row, text},
        linked::{Links, lead_reference, lead_status, linked},
        moves::moves,
        words,
    },
};
use leptos::{
    ev,
    html::{button, dd, div, dl, dt, h3, p, section, span},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Date, Edit, Field, Kind, Relation,
    lens::{Assessment, Level, Phase, RegisterEntry},
};

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let settings = sheet.desk.settings();
    let entry = Memo::new(move |_| {
        sheet
            .now
            .with(|now| now.as_ref().map(|now| settings.with(|settings| RegisterEntry::of(now, settings))))
    });
    let is_opportunity =
        entry.with_untracked(|entry| entry.as_ref().is_some_and(RegisterEntry::is_opportunity));
    let responses: &[&str] = if is_opportunity {
        &["pursue", "explore", "share", "decline", "watch"]
    } else {
        &["reduce", "avoid", "transfer", "accept", "watch"]
    };
    let responses = words::choices(Kind::Register, Field::Response)
        .into_iter()
        .filter(|choice| responses.contains(&choice.value.as_str()))
        .collect();
    let effect = if is_opportunity { "what it would bring" } else { "what it would do to us" };
    (
        section().child(moves(sheet)),
        scores(sheet, entry),
        dl().class("sheet-fields").child((
            choice_row(sheet, "Response", Field::Response, responses, "No response"),
            member_row(sheet, "Owner", Field::Owner, "No owner"),
            choice_row(
                sheet,
                "Category",
                Field::Category,
                words::choices(Kind::Register, Field::Category),
                "No category",
            ),
            date_row(sheet, "Look again", Field::ReviewDue),
            looked_at(sheet, entry),
            acceptance(sheet, entry),
        )),
        section().class("story-texts").child((
            h3().child("Cause, event, effect"),
            labelled(sheet, "Cause", Field::Cause, "because \u{2026}"),
            labelled(sheet, "Event", Field::Event, "it may happen that \u{2026}"),
            labelled(sheet, "Effect", Field::Effect, effect),
        )),
        linked(sheet, if is_opportunity { HELPS } else { THREATENS }),
        linked(sheet, if is_opportunity { REALISED_BY } else { TREATED_BY }),
        section().child((
            h3().child("Notes"),
            text(sheet, "Notes", Field::Body, "What else there is to know", false),
        )),
    )
        .into_any()
}

const THREATENS: Links = Links {
    heading: "Threatens",
    none: "no objective is linked",
    ways: &[(Relation::Threatens, true)],
    offers: Some((Kind::Objective, |_| (Relation::Threatens, true))),
    lead: lead_reference,
};
const HELPS: Links = Links {
    heading: "Helps",
    ways: &[(Relation::Helps, true)],
    offers: Some((Kind::Objective, |_| (Relation::Helps, true))),
    ..THREATENS
};
const TREATED_BY: Links = Links {
    heading: "Treated by",
    none: "no action",
    ways: &[(Relation::Treats, false)],
    offers: Some((Kind::Action, |_| (Relation::Treats, false))),
    lead: lead_status,
};
const REALISED_BY: Links = Links {
    heading: "Pursued by",
    ways: &[(Relation::Realises, false)],
    offers: Some((Kind::Action, |_| (Relation::Realises, false))),
    ..TREATED_BY
};

fn labelled(sheet: Sheet, label: &'static str, field: Field, placeholder: &'static str) -> AnyView {
    div()
        .class("labelled")
        .child((
            span().class("label").attr("aria-hidden", "true").child(label),
            text(sheet, label, field, placeholder, true),
        ))
        .into_any()
}

/// Before, now, aim; two views side by side; and the way to a new judgement.
fn scores(sheet: Sheet, entry: Memo<Option<RegisterEntry>>) -> AnyView {
    let desk = sheet.desk;
    let settings = desk.settings();
    let is_assessing = RwSignal::new(false);
    let boxes = move || {
        entry.with(|entry| {
            let entry = entry.as_ref()?;
            let words = settings.with(|settings| map_words(settings, entry.is_opportunity()));
            Some(Phase::ALL.into_iter().map(|phase| one(desk, entry, phase, &words)).collect_view())
        })
    };
    let reasons = move || entry.with(|entry| entry.as_ref().map(|entry| reasons(desk, entry)));
    let views = move || {
        entry.with(|entry| {
            let entry = entry.as_ref().filter(|entry| entry.now.is_contested())?;
            let count = judgements(entry, Phase::Now).len();
            Some(p().class("notice watch").child((
                shape(Tone::Watch),
                format!("{count} views of the score now, judged apart. Totals use the more cautious one until somebody assesses again."),
            )))
        })
    };
    let button = move || {
        (!sheet.read_only.get() && !is_assessing.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button framed")
                .on(ev::click, move |_| is_assessing.set(true))
                .child((icon(Icon::Pen), "Assess\u{2026}"))
        })
    };
    section()
        .child((
            h3().child((
                "Score",
                span().class("push").child(move || {
                    entry.with(|entry| entry.as_ref().and_then(|entry| above_appetite(entry, false)))
                }),
            )),
            div().class("scores").child(boxes),
            dl().class("reasons").child(reasons),
            views,
            move || is_assessing.get().then(|| assess(sheet, entry, is_assessing)),
            div().child(button),
        ))
        .into_any()
}

fn one(desk: Desk, entry: &RegisterEntry, phase: Phase, words: &MapWords) -> AnyView {
    let judgements = judgements(entry, phase);
    let lines = judgements.iter().map(|judgement| view_of(desk, entry, judgement, words)).collect_view();
    let none = judgements.is_empty().then(|| span().class("quiet").child("not assessed"));
    let is_over = phase == Phase::Now && entry.is_above_appetite();
    div()
        .class(if is_over { "over" } else { "" })
        .child((span().class("label").child(phase_label(phase)), none, lines))
        .into_any()
}

fn view_of(desk: Desk, entry: &RegisterEntry, judgement: &Assessment, words: &MapWords) -> AnyView {
    let score = judgement.score;
    let who = author(desk, judgement);
    let when = judgement
        .at
        .map(|at| format!(", {}", day::short(Date::of(at), desk.today().get())))
        .unwrap_or_default();
    let sure = match judgement.confidence {
        Some(1) => Some("a guess"),
        Some(3) => Some("on evidence"),
        _ => None,
    };
    div()
        .class("judgement")
        .child((
            square(class_of(entry), score, words, None, band(score, words)),
            span().class("who").child(in_words(judgement, words)),
            span().class("who").child((format!("{who}{when}"), sure.map(|sure| format!(", {sure}")))),
        ))
        .into_any()
}

/// Why each score is what it is, with names where two judged apart.
fn reasons(desk: Desk, entry: &RegisterEntry) -> AnyView {
    let of_phase = |phase: Phase| {
        let judgements = judgements(entry, phase);
        let is_disputed = judgements.len() > 1;
        let told = judgements.into_iter().filter(|judgement| !judgement.basis.is_empty());
        told.map(move |judgement| {
            let who = is_disputed.then(|| format!(", {}", author(desk, judgement)));
            (dt().child((phase_label(phase), who)), dd().child(judgement.basis.clone()))
        })
        .collect_view()
    };
    Phase::ALL.map(of_phase).into_iter().collect_view().into_any()
}

/// "Looked at, nothing changed": one click, with the next date by the band of the score.
fn looked_at(sheet: Sheet, entry: Memo<Option<RegisterEntry>>) -> AnyView {
    let desk = sheet.desk;
    let last = Memo::new(move |_| entry.with(|entry| entry.as_ref().and_then(|entry| entry.last_look)));
    let look = move |_| {
        let today = desk.today().get_untracked();
        let bands = desk.settings().with_untracked(|settings| settings.bands);
        let level = entry.with_untracked(|entry| entry.as_ref().and_then(|entry| entry.level));
        let next = today.plus_days(bands.days(level.unwrap_or(Level::Medium)));
        let record = sheet.record;
        let value = json!({ "date": today.to_string(), "changed": false });
        let edits = vec![
            Edit::Append { record, field: Field::Reviewed, entry: desk.fresh_id(), value },
            Edit::Set { record, field: Field::ReviewDue, value: Some(next.to_string().into()) },
        ];
        if desk.act("risk.look", edits) {
            desk.toasts.say(format!("Looked at. Next look {}", day::in_full(next)));
        }
    };
    let words =
        move || last.get().map_or_else(|| "never".to_owned(), |last| day::short(last, desk.today().get()));
    let button = move || {
        (!sheet.read_only.get())
            .then(|| button().attr("type", "button").class("button").on(ev::click, look).child("Still right"))
    };
    row("Last look", div().class("beside").child((span().class("plain numbers").child(words), button)))
}

/// Accepted until when and by whom; nothing while it is not.
fn acceptance(sheet: Sheet, entry: Memo<Option<RegisterEntry>>) -> AnyView {
    let desk = sheet.desk;
    (move || {
        let accepted = entry.with(|entry| entry.as_ref().and_then(|entry| entry.acceptance.clone()))?;
        let is_over = accepted.is_over(desk.today().get());
        let until = accepted.until.map_or_else(|| "without an end".to_owned(), day::in_full);
        let who =
            accepted.by.and_then(|by| desk.face(by)).map_or_else(|| "somebody".to_owned(), |face| face.name);
        let condition = accepted
            .condition
            .filter(|words| !words.is_empty())
            .map(|words| format!(": {words}"))
            .unwrap_or_default();
        let words = format!("{until}, by {who}{condition}");
        Some(row("Accepted until", span().class(if is_over { "plain late" } else { "plain" }).child(words)))
    })
    .into_any()
}
