//! Several people wrote the same value at the same time: all values, and one click to keep one. Nothing is decided
//! silently, and nothing looks like an error.

use super::mark::{Tone, shape};
use leptos::{
    ev,
    html::{button, div, li, p, span, ul},
    prelude::*,
};

/// One of the values that are open.
#[derive(Clone)]
pub(crate) struct OpenValue {
    /// In words.
    pub(crate) words: String,
    /// Whether lists and totals use it meanwhile.
    pub(crate) counts: bool,
    pub(crate) keep: Callback<()>,
}

/// "2 values", for rows and heads.
pub(crate) fn values_badge(count: usize, what: &str) -> AnyView {
    span()
        .class("two")
        .attr("title", format!("Written at the same time: {what}"))
        .child((shape(Tone::Watch), format!("{count} values")))
        .into_any()
}

/// All values of one field, each with a way to keep it.
pub(crate) fn open_values(field: String, values: Vec<OpenValue>) -> AnyView {
    let entries = values
        .into_iter()
        .map(|value| {
            let name = format!("Keep {} as {}", value.words, field.to_lowercase());
            let counts = value.counts.then(|| span().class("quiet").child(" counts meanwhile"));
            li().child((
                span().child((value.words, counts)),
                button()
                    .attr("type", "button")
                    .class("button")
                    .attr("aria-label", name)
                    .on(ev::click, move |_| value.keep.run(()))
                    .child("Keep"),
            ))
        })
        .collect_view();
    let head = format!("{field}: written at the same time");
    div()
        .class("values")
        .attr("role", "group")
        .attr("aria-label", head.clone())
        .child((p().child((shape(Tone::Watch), head)), ul().child(entries)))
        .into_any()
}
