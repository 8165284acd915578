//! Nothing here yet: one sentence and one button.

use leptos::{
    ev,
    html::{button, div, p},
    prelude::*,
};

pub(crate) fn empty(sentence: &'static str, act: Option<(&'static str, Callback<()>)>) -> AnyView {
    let act = act.map(|(label, run)| {
        button()
            .attr("type", "button")
            .class("button framed")
            .on(ev::click, move |_| run.run(()))
            .child(label)
    });
    div().class("empty").child((p().child(sentence), act)).into_any()
}
