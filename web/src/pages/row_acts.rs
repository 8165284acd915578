//! What can be done with rows of a list by key and by menu: on those that are chosen, else on the row that has the focus,
//! else on the record that is open. A bar under the list says how many are chosen and offers the same.

use super::{address::Address, capture::Capture, change, chosen::Chosen, desk::Desk};
use crate::{
    components::{
        combobox::{Hint, Offer, Offers},
        icon::{Icon, icon},
        picker::Question,
    },
    shell::keys::{Group, Keys, caps},
};
use leptos::{
    ev,
    html::{button, div, span},
    prelude::*,
    wasm_bindgen::JsCast,
};
use workspace::RecordRef;

/// What is done with some records.
type Act = fn(Desk, Vec<RecordRef>);

/// One entry: its key, its words, what it does.
const ACTS: [(&str, &str, Act); 5] = [
    ("s", "State\u{2026}", change::ask_state),
    ("o", "Owner\u{2026}", change::ask_owner),
    ("d", "Date\u{2026}", change::ask_date),
    ("t", "Tag\u{2026}", change::ask_tag),
    ("", "Delete\u{2026}", change::ask_delete),
];

/// What the keys of a list act on.
#[derive(Clone, Copy)]
struct Target {
    address: Address,
    chosen: Chosen,
}

impl Target {
    fn all(&self) -> Vec<RecordRef> {
        let chosen = untrack(|| self.chosen.list());
        if chosen.is_empty() { self.one().into_iter().collect() } else { chosen }
    }

    fn one(&self) -> Option<RecordRef> {
        self.chosen.focused().or_else(|| self.address.open.get_untracked())
    }
}

/// Binds the keys of a list page and returns the bar of its chosen rows.
pub(crate) fn row_acts(desk: Desk, address: Address) -> AnyView {
    let keys: Keys = expect_context();
    let chosen = Chosen::provided();
    let target = Target { address, chosen };
    for (key, words, act) in ACTS {
        keys.bind(key, words, Group::Row, move || with(desk, target.all(), act));
    }
    keys.bind("e", "Change the title", Group::Row, move || match target.one() {
        Some(record) => edit_title(address, record),
        None => choose_first(desk),
    });
    let capture: Capture = expect_context();
    keys.bind("a", "Add something for it: an action, a risk", Group::Row, move || match target.one() {
        Some(record) => capture.about(record),
        None => choose_first(desk),
    });
    keys.bind(".", "Everything that can be done with it", Group::Walk, move || {
        menu(desk, keys, target.all())
    });
    keys.bind("x", "Choose the row", Group::Walk, move || {
        if let Some(record) = chosen.focused() {
            chosen.turn(record);
        }
    });
    keys.bind("Shift+x", "Choose up to the row", Group::Walk, move || {
        if let Some(record) = chosen.focused() {
            chosen.reach(record);
        }
    });
    // Esc lets go of the choice before it closes a record.
    let is_some = Memo::new(move |_| chosen.count() > 0);
    Effect::new(move |_| {
        if is_some.get() {
            keys.bind("Esc", "Choose no row", Group::Walk, move || chosen.none());
        }
    });
    bar(desk, chosen)
}

fn with(desk: Desk, records: Vec<RecordRef>, act: Act) {
    if desk.is_read_only_untracked() {
        desk.toasts.say("You may read this workspace, not change it.");
    } else if records.is_empty() {
        choose_first(desk);
    } else {
        act(desk, records);
    }
}

fn choose_first(desk: Desk) {
    desk.toasts.say("Which row? Walk to it with j and k, or choose some with x.");
}

/// The title is changed where it stands: in the panel.
fn edit_title(address: Address, record: RecordRef) {
    if address.open.get_untracked() != Some(record) {
        address.show(record);
    }
    // The panel is built in this frame, and takes the focus in it.
    request_animation_frame(|| {
        request_animation_frame(|| {
            let field = document().query_selector("aside.panel .title-edit").ok().flatten();
            if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
            {
                let _ = field.focus();
                field.select();
            }
        });
    });
}

fn menu(desk: Desk, keys: Keys, records: Vec<RecordRef>) {
    if records.is_empty() {
        choose_first(desk);
        return;
    }
    let acts = untrack(|| keys.list(Group::Row));
    let title = match records.as_slice() {
        [only] => desk.record_untracked(*only).map(|record| record.title().to_owned()).unwrap_or_default(),
        several => format!("{} rows", several.len()),
    };
    desk.picker.ask(Question::new(title, "What is to be done", move |query| {
        let query = query.trim().to_lowercase();
        let offers = acts
            .iter()
            .filter(|act| act.words.to_lowercase().contains(&query))
            .map(|act| {
                let run = act.run;
                let offer = Offer::new(act.words, move || {
                    let _ = run.try_run(());
                });
                if act.keys.is_empty() { offer } else { offer.with_hint(Hint::Keys(caps(act.keys))) }
            })
            .collect();
        vec![Offers { heading: "", offers }]
    }));
}

/// The bar; nothing while nothing is chosen.
fn bar(desk: Desk, chosen: Chosen) -> AnyView {
    let is_some = Memo::new(move |_| chosen.count() > 0);
    let count = move || match chosen.count() {
        1 => "1 row chosen".to_owned(),
        count => format!("{count} rows chosen"),
    };
    let total = Memo::new(move |_| chosen.rows().len());
    let all = move || {
        (chosen.count() < total.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button")
                .on(ev::click, move |_| chosen.all())
                .child(format!("All {}", total.get()))
        })
    };
    let shown = move || {
        is_some.get().then(|| {
            let acts = ACTS
                .into_iter()
                .map(|(_, words, act)| {
                    button()
                        .attr("type", "button")
                        .class("button framed")
                        .on(ev::click, move |_| with(desk, untrack(|| chosen.list()), act))
                        .child(words)
                })
                .collect_view();
            div().class("chosen-bar").attr("role", "toolbar").attr("aria-label", "Chosen rows").child((
                span().class("numbers").child(count),
                all,
                div().class("chosen-acts").child(acts),
                button()
                    .attr("type", "button")
                    .class("button bare push")
                    .attr("aria-label", "Choose no row")
                    .on(ev::click, move |_| chosen.none())
                    .child(icon(Icon::Close)),
            ))
        })
    };
    let said = move || is_some.get().then(count);
    (shown, div().class("said").attr("role", "status").child(said)).into_any()
}
