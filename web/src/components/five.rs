//! One of five steps of a scale, as radio buttons: arrow keys move, a click is one click, the words of the scale are
//! beside the numbers.

use super::ids::fresh_id;
use leptos::{
    ev,
    html::{div, fieldset, input, label, legend, small},
    prelude::*,
};

pub(crate) fn five(name: &'static str, words: [String; 5], value: RwSignal<Option<u8>>) -> AnyView {
    let group = fresh_id("scale");
    let steps = (1u8..=5)
        .zip(words)
        .map(|(step, word)| {
            label().child((
                input()
                    .attr("type", "radio")
                    .attr("name", group.clone())
                    .attr("value", step.to_string())
                    .prop("checked", move || value.get() == Some(step))
                    .on(ev::change, move |_| value.set(Some(step))),
                step.to_string(),
                small().child(word),
            ))
        })
        .collect_view();
    fieldset().child((legend().class("label").child(name), div().class("five").child(steps))).into_any()
}
