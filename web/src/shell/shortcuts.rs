//! The sheet behind `?`: every key that works on this screen, and the switch that turns single keys off.

use super::keys::{Binding, Group, Keys, combo};
use crate::components::dialog::sheet;
use leptos::{
    ev,
    html::{div, h3, input, label, li, section, span, ul},
    prelude::*,
};

const GROUPS: [(Group, &str); 4] = [
    (Group::Here, "On this screen"),
    (Group::Row, "On the chosen rows or the open record"),
    (Group::Walk, "Along the rows"),
    (Group::Everywhere, "Everywhere"),
];

pub(crate) fn shortcuts(keys: Keys, is_open: RwSignal<bool>, switched: Callback<bool>) -> AnyView {
    sheet(is_open, "Keyboard", move || {
        let lists = GROUPS
            .into_iter()
            .map(|(group, title)| (title, keys.list(group)))
            .filter(|(_, bindings)| bindings.iter().any(|binding| !binding.keys.is_empty()))
            .map(|(title, bindings)| list(title, bindings))
            .collect_view();
        let toggle = label().class("check").child((
            input().attr("type", "checkbox").prop("checked", move || keys.is_on.get()).on(
                ev::change,
                move |event| {
                    let is_on = event_target_checked(&event);
                    keys.is_on.set(is_on);
                    switched.run(is_on);
                },
            ),
            "Single keys work outside of fields",
        ));
        (div().class("keys-sheet").child(lists), div().class("keys-foot").child(toggle)).into_any()
    })
}

fn list(title: &'static str, bindings: Vec<Binding>) -> AnyView {
    let lines = bindings
        .into_iter()
        .filter(|binding| !binding.keys.is_empty())
        .map(|binding| li().child((span().child(binding.words), combo(binding.keys))))
        .collect_view();
    section().child((h3().child(title), ul().child(lines))).into_any()
}
