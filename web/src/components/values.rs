//! Several people wrote the same value at the same time: all values, and one click to keep one. Nothing is decided
//! silently, and nothing looks like an error.

use super::mark::{Tone, shape};
use leptos::{
    ev,
    html::{button, div, li, p, span, strong, ul},
    prelude::*,
};

/// One of the values that are open.
#[derive(Clone)]
pub(crate) struct OpenValue {
    /// In words.
    pub(crate) words: String,
    /// Who wrote it, and when if that is known: "Tom Adeyemi, today 14:05".
    pub(crate) who: String,
    /// Whether lists and totals use it meanwhile.
    pub(crate) counts: bool,
    pub(crate) keep: Callback<()>,
}

/// How much of a record is open between people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contested {
    pub(crate) fields: usize,
    /// Of the first of them.
    pub(crate) values: usize,
}

/// "2 values", or "2 fields open", for rows and heads; nothing while all is settled.
pub(crate) fn values_badge(contested: Contested) -> Option<AnyView> {
    let words = match contested.fields {
        0 => return None,
        1 => format!("{} values", contested.values),
        fields => format!("{fields} fields open"),
    };
    let badge = span().class("two").attr("title", "Written at the same time; open the record to choose");
    Some(badge.child((shape(Tone::Watch), words)).into_any())
}

/// All values of one field, each with a way to keep it.
pub(crate) fn open_values(field: String, values: Vec<OpenValue>) -> AnyView {
    let entries = values
        .into_iter()
        .map(|value| {
            let name = format!("Keep {} as {}, set by {}", value.words, field.to_lowercase(), value.who);
            let counts = value.counts.then(|| span().class("quiet").child(", counts meanwhile"));
            li().child((
                span().child((
                    strong().child(value.words),
                    span().class("second").child(format!(" set by {}", value.who)),
                    counts,
                )),
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
