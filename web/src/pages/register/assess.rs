//! A judgement is one record: likelihood, consequence, how sure, and why, written together and never edited. A new one
//! takes the place of all current ones of its phase, which is also how two views become one.

use super::{
    entry::{judgements, map_words, phase_label},
    score::{band, square},
};
use crate::{
    components::{
        five::five,
        ids::fresh_id,
        mark::{Tone, shape},
    },
    pages::{
        ask::{foot, on_escape},
        fields::Sheet,
    },
};
use leptos::{
    ev,
    html::{button, div, label, p, span, textarea},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Edit, Field, Record,
    lens::{Phase, RegisterEntry, Score},
};

/// Longest reason, in characters.
const BASIS_CHARS_MAX: usize = 300;

pub(super) fn assess(sheet: Sheet, entry: Memo<Option<RegisterEntry>>, is_open: RwSignal<bool>) -> AnyView {
    let desk = sheet.desk;
    let phase = RwSignal::new(Phase::Now);
    let likelihood = RwSignal::new(None::<u8>);
    let consequence = RwSignal::new(None::<u8>);
    let confidence = RwSignal::new(2u8);
    let basis = RwSignal::new(String::new());
    // Begins with what counts today: most judgements move one step.
    Effect::new(move |_| {
        let phase = phase.get();
        let score = entry.with_untracked(|entry| {
            let entry = entry.as_ref()?;
            [phase, Phase::Now].into_iter().find_map(|phase| entry.assessed(phase).score())
        });
        likelihood.set(score.map(Score::likelihood));
        consequence.set(score.map(Score::consequence));
    });
    let settings = desk.settings();
    let words = Memo::new(move |_| {
        let is_opportunity = entry.with(|entry| entry.as_ref().is_some_and(RegisterEntry::is_opportunity));
        settings.with(|settings| map_words(settings, is_opportunity))
    });
    let scored = move || Score::new(likelihood.get()?, consequence.get()?);
    let result = move || {
        scored().map(|score| words.with(|words| square("score", score, words, None, band(score, words))))
    };
    let settles = move || {
        let views =
            entry.with(|entry| entry.as_ref().map_or(0, |entry| judgements(entry, phase.get()).len()));
        (views > 1).then(|| {
            p().class("notice watch").child((
                shape(Tone::Watch),
                format!(
                    "Your judgement takes the place of the {views} current ones. They stay in the history."
                ),
            ))
        })
    };
    let give_up = Callback::new(move |()| is_open.set(false));
    let make = Callback::new(move |()| {
        let Some(score) = untrack(scored) else { return };
        if write(
            sheet,
            phase.get_untracked(),
            score,
            confidence.get_untracked(),
            basis.get_untracked().trim(),
        ) {
            is_open.set(false);
        }
    });
    let id = fresh_id("basis");
    let side = if entry.with_untracked(|entry| entry.as_ref().is_some_and(RegisterEntry::is_opportunity)) {
        "Benefit"
    } else {
        "Consequence"
    };
    div()
        .class("ask")
        .attr("role", "group")
        .attr("aria-label", "New assessment")
        .on(ev::keydown, on_escape(give_up))
        .child((
            switch("Which score", Phase::ALL.map(|this| (this, phase_label(this))), phase),
            five("Likelihood", words.get_untracked().likelihood, likelihood),
            five(side, words.get_untracked().consequence, consequence),
            div().class("assess-line").child((
                span().class("label second").child("How sure"),
                switch("How sure", [(1, "Guess"), (2, "Reasonable"), (3, "Evidence")], confidence),
                span().class("push").child(result),
            )),
            settles,
            div().class("field").child((
                label().attr("for", id.clone()).child("Why"),
                textarea()
                    .id(id)
                    .class("input")
                    .attr("rows", "2")
                    .attr("maxlength", BASIS_CHARS_MAX.to_string())
                    .attr("placeholder", "What this judgement rests on")
                    .on(ev::input, move |event| basis.set(event_target_value(&event))),
            )),
            foot("Record assessment", Signal::derive(move || scored().is_some()), make, give_up),
        ))
        .into_any()
}

/// A few words of which one holds.
fn switch<T>(name: &'static str, offered: [(T, &'static str); 3], value: RwSignal<T>) -> AnyView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let buttons = offered
        .into_iter()
        .map(|(this, words)| {
            button()
                .attr("type", "button")
                .class("tab")
                .attr("aria-pressed", move || (value.get() == this).to_string())
                .on(ev::click, move |_| value.set(this))
                .child(words)
        })
        .collect_view();
    div().class("tabs").attr("role", "group").attr("aria-label", name).child(buttons).into_any()
}

/// One change: the judgement, and the first step of the life cycle where this is the first judgement.
fn write(sheet: Sheet, phase: Phase, score: Score, confidence: u8, basis: &str) -> bool {
    let record = sheet.record;
    let value = json!({
        "phase": phase.key(),
        "score": score.to_string(),
        "confidence": confidence,
        "basis": basis,
    });
    let mut edits =
        vec![Edit::Supersede { record, field: Field::Assessments, entry: sheet.desk.fresh_id(), value }];
    if untrack(|| sheet.read(is_new)) {
        edits.push(Edit::Move { record, to: "assessed".to_owned(), note: String::new() });
    }
    sheet.desk.act("risk.rate", edits)
}

fn is_new(record: &Record) -> bool {
    record.status() == Some("identified")
}
