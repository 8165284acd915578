//! Offering a record to somebody else. Nothing changes hands before the receiver accepts.

use super::fields::Sheet;
use crate::components::{
    choice::{ChoiceField, choice},
    dialog::sheet,
    ids::fresh_id,
};
use ids::MemberId;
use leptos::{
    ev,
    html::{button, div, label, p, textarea},
    prelude::*,
};
use workspace::{acts, lens};

pub(crate) fn hand_over_sheet(now: Sheet, is_open: RwSignal<bool>) -> AnyView {
    let desk = now.desk;
    sheet(is_open, "Hand this over", move || {
        let to = RwSignal::new(String::new());
        let reason = RwSignal::new(String::new());
        let id = fresh_id("reason");
        let owner = untrack(|| now.read(|record| lens::owners(record).first().copied()));
        let choices = Signal::derive(move || {
            let mut choices = desk.member_choices();
            choices.retain(|choice| owner.is_none_or(|owner| choice.value != owner.to_string()));
            choices
        });
        let offer = move |_| {
            let Ok(to) = to.get_untracked().parse::<MemberId>() else { return };
            let reason = reason.get_untracked();
            let act = acts::hand_over(desk.fresh_id(), now.record, owner, to, reason.trim(), &desk.doer());
            if desk.perform(&act) {
                is_open.set(false);
                let name = desk.first_name(Some(to));
                desk.toasts.say(format!("Offered to {name}. It changes hands when {name} accepts."));
            }
        };
        div()
            .class("sheet-form")
            .child((
                p().class("second").child("It stays where it is until the other person accepts."),
                div().class("field").child((
                    div().class("label").attr("aria-hidden", "true").child("To"),
                    choice(ChoiceField {
                        label: "To".to_owned(),
                        choices,
                        value: to.into(),
                        set: Callback::new(move |chosen: String| to.set(chosen)),
                        none: Some("Choose somebody"),
                        class: "input",
                        read_only: Signal::stored(false),
                    }),
                )),
                div().class("field").child((
                    label().attr("for", id.clone()).child("Why (optional)"),
                    textarea()
                        .id(id)
                        .class("input")
                        .attr("rows", "2")
                        .attr("maxlength", "500")
                        .on(ev::input, move |event| reason.set(event_target_value(&event))),
                )),
                div().class("sheet-foot").child((
                    button()
                        .attr("type", "button")
                        .class("button")
                        .on(ev::click, move |_| is_open.set(false))
                        .child("Not now"),
                    button()
                        .attr("type", "button")
                        .class("button main")
                        .prop("disabled", move || to.with(String::is_empty))
                        .on(ev::click, offer)
                        .child("Offer"),
                )),
            ))
            .into_any()
    })
}
