//! Scores in words and squares. Two current judgements are two values with two names; an average is never offered.

use super::entry::judgements;
use crate::{
    components::{
        heat_map::MapWords,
        mark::{Tone, shape},
    },
    pages::desk::Desk,
};
use leptos::{html::span, prelude::*};
use workspace::lens::{Assessment, Phase, RegisterEntry, Score};

/// Square with the number and the word of its level; with names where there are two.
pub(super) fn score(desk: Desk, entry: &RegisterEntry, phase: Phase, words: &MapWords) -> AnyView {
    let judgements = judgements(entry, phase);
    let is_disputed = judgements.len() > 1;
    let squares = judgements
        .iter()
        .map(|judgement| {
            let score = judgement.score;
            let who = is_disputed.then(|| span().class("second").child(author(desk, judgement)));
            let band = (!is_disputed).then(|| band(score, words));
            square(class_of(entry), score, words, Some(in_words(judgement, words)), (who, band))
        })
        .collect_view();
    let none = judgements.is_empty().then(|| span().class("gap").child("not assessed"));
    span().class("scores-line").child((squares, none)).into_any()
}

/// The number on the colour of its level, and what stands beside it.
pub(super) fn square(
    class: &'static str,
    score: Score,
    words: &MapWords,
    title: Option<String>,
    beside: impl IntoView + 'static,
) -> AnyView {
    span()
        .class(class)
        .attr("data-level", words.level(score).to_string())
        .attr("title", title)
        .child((span().class("square").child(score.product().to_string()), beside.into_any()))
        .into_any()
}

/// The word of the level.
pub(super) fn band(score: Score, words: &MapWords) -> AnyView {
    span().class("band").child(words.level_word(score)).into_any()
}

pub(super) fn class_of(entry: &RegisterEntry) -> &'static str {
    if entry.is_opportunity() { "score promise" } else { "score" }
}

/// The number alone, where the level does not matter so much.
pub(super) fn plain_score(entry: &RegisterEntry, phase: Phase, words: &MapWords) -> AnyView {
    match judgements(entry, phase).first() {
        Some(judgement) => span()
            .attr("title", in_words(judgement, words))
            .child(judgement.score.product().to_string())
            .into_any(),
        None => span().class("quiet").child("\u{2013}").into_any(),
    }
}

/// Above what is tolerated: a shape, and words where there is room.
pub(super) fn above_appetite(entry: &RegisterEntry, is_short: bool) -> Option<AnyView> {
    if !entry.is_above_appetite() {
        return None;
    }
    let limit = entry.appetite.unwrap_or_default();
    let words = format!("above appetite {limit}");
    let text = if is_short {
        span().class("said").child(words.clone())
    } else {
        span().class("").child(words.clone())
    };
    Some(span().class("over-appetite").attr("title", words).child((shape(Tone::Off), text)).into_any())
}

/// "Likely by Major"
pub(super) fn in_words(judgement: &Assessment, words: &MapWords) -> String {
    format!("{} \u{d7} {}", words.likelihood_word(judgement.score), words.consequence_word(judgement.score))
}

pub(super) fn author(desk: Desk, judgement: &Assessment) -> String {
    desk.first_name(judgement.by)
}
