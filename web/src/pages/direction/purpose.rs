//! Purpose, ambition and choices: one text each that the team writes together, and when somebody last let them stand.

use crate::{
    components::{
        choice::{ChoiceField, choice},
        day,
        ids::fresh_id,
        mark::{Tone, mark, shape},
    },
    pages::{
        ask::form,
        desk::Desk,
        fields::{Sheet, member_row, row, text_section, whole_row},
        words,
    },
};
use leptos::{
    ev,
    html::{button, div, dl, h2, input, label, li, p, section, span, ul},
    prelude::*,
};
use workspace::{Field, Kind, RecordRef, acts, lens::Direction};

/// As the document of the page.
pub(super) fn view(desk: Desk) -> AnyView {
    let sheet = Sheet::of(desk, RecordRef::singleton(Kind::Direction));
    div().class("purpose").child((texts(sheet), div().class("purpose-side").child(facts(sheet)))).into_any()
}

/// In the panel, for whoever follows a link to it.
pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    (facts(sheet), texts(sheet)).into_any()
}

fn texts(sheet: Sheet) -> AnyView {
    let texts = [
        ("Purpose", Field::Purpose, "What are we here for? Whom would it hurt if we were gone?"),
        ("Ambition", Field::Ambition, "Where do we want to be in a few years, so that one could tell?"),
        ("Choices", Field::Choices, "What will we do \u{2013} and what will we not do, although we could?"),
    ];
    let texts = texts.map(|(heading, field, placeholder)| text_section(sheet, heading, field, placeholder));
    div().class("reading").child(Vec::from(texts)).into_any()
}

fn facts(sheet: Sheet) -> AnyView {
    let direction = sheet.derive(|record| Some(Direction::read(record)));
    let asks_climate = RwSignal::new(false);
    let confirmed = move || {
        direction.with(|direction| {
            let confirmed = &direction.as_ref()?.confirmed;
            let last = confirmed.iter().max_by_key(|confirmation| confirmation.on)?;
            let when = last.on.map(day::in_full).unwrap_or_default();
            Some(format!("{when} by {}", sheet.desk.name_of(last.by)))
        })
    };
    let is_blank =
        Memo::new(move |_| direction.with(|direction| direction.as_ref().is_none_or(Direction::is_blank)));
    let stands = move || match confirmed() {
        Some(words) => span().class("plain").child(words).into_any(),
        None => span().class("plain gap").child("nobody yet").into_any(),
    };
    let confirm = move |_| {
        if sheet.desk.perform(&acts::confirm_direction(sheet.desk.fresh_id(), None)) {
            sheet.desk.toasts.say("Confirmed: the direction stands as it is written");
        }
    };
    let climate = move || {
        direction.with(|direction| {
            let views = direction.as_ref().map(|direction| direction.climate.clone()).unwrap_or_default();
            if views.is_empty() {
                return span().class("plain gap").child("not said").into_any();
            }
            let is_apart =
                views.iter().any(|view| Some(&view.relevant) != views.first().map(|first| &first.relevant));
            let said = views
                .into_iter()
                .map(|view| {
                    let who = sheet.desk.name_of(view.by);
                    let when = view.on.map(|on| format!(", {}", day::in_full(on))).unwrap_or_default();
                    let reason = view.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
                    li().child(format!("{}{reason} ({who}{when})", words::label(&view.relevant)))
                })
                .collect_view();
            let apart = is_apart.then(|| mark(Tone::Watch, "Two views: say once more what holds"));
            (ul().class("plain").child(said), apart).into_any()
        })
    };
    let buttons = move || {
        (!sheet.read_only.get()).then(|| {
            div().class("moves").child((
                (!is_blank.get()).then(|| {
                    button()
                        .attr("type", "button")
                        .class("button framed")
                        .on(ev::click, confirm)
                        .child("It stands as written")
                }),
                (!asks_climate.get()).then(|| {
                    button()
                        .attr("type", "button")
                        .class("button framed")
                        .on(ev::click, move |_| asks_climate.set(true))
                        .child("Climate\u{2026}")
                }),
            ))
        })
    };
    section()
        .child((
            h2().class("said").child("Who answers for it"),
            move || {
                is_blank.get().then(|| {
                    p().class("notice watch").child((
                        shape(Tone::Watch),
                        "Nothing is written yet. A few sentences are enough to begin.",
                    ))
                })
            },
            dl().class("sheet-fields").child((
                member_row(sheet, "Accountable", Field::Accountable, "Nobody"),
                member_row(sheet, "Coordinator", Field::Coordinator, "Nobody"),
                whole_row(sheet, "Meant for", Field::Horizon, "a year"),
                row("Confirmed", stands),
                row("Climate bears on it", climate),
            )),
            buttons,
            move || asks_climate.get().then(|| ask_climate(sheet, asks_climate)),
        ))
        .into_any()
}

fn ask_climate(sheet: Sheet, is_open: RwSignal<bool>) -> AnyView {
    let relevant = RwSignal::new("yes".to_owned());
    let reason = RwSignal::new(String::new());
    let is_ready = Signal::derive(move || reason.with(|reason| !reason.trim().is_empty()));
    let save = Callback::new(move |()| {
        let act = acts::say_climate(
            sheet.desk.fresh_id(),
            &relevant.get_untracked(),
            reason.get_untracked().trim(),
            None,
        );
        if sheet.desk.perform(&act) {
            is_open.set(false);
        }
    });
    let id = fresh_id("reason");
    let fields = (
        div().class("field").child((
            div()
                .class("label")
                .attr("aria-hidden", "true")
                .child("Does climate change bear on where we are going?"),
            choice(ChoiceField {
                label: "Does climate change bear on where we are going?".to_owned(),
                choices: Signal::stored(words::climate_choices()),
                value: relevant.into(),
                set: Callback::new(move |word: String| relevant.set(word)),
                none: None,
                class: "input",
                read_only: Signal::stored(false),
            }),
        )),
        div().class("field").child((
            label().attr("for", id.clone()).child("Why"),
            input()
                .id(id)
                .class("input")
                .attr("type", "text")
                .attr("maxlength", "500")
                .on(ev::input, move |event| reason.set(event_target_value(&event))),
        )),
    );
    form(fields, "Say so", is_ready, save, is_open)
}
