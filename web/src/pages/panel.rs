//! The panel beside the list: one record with everything that can be said and done about it. The list stays; Esc brings
//! the focus back to the row.

use super::{
    address::Address,
    clauses::clauses,
    connections::connections,
    desk::Desk,
    fields::{Sheet, title},
    findings::findings,
    handover::hand_over_sheet,
    history::history,
    sheets::content,
    tags::tags,
    talk::talk,
    words,
};
use crate::{
    components::{
        avatar::disc,
        dialog::sheet,
        disclosure::{Look, disclosure},
        icon::{Icon, icon},
        ids::fresh_id,
        mark::{Tone, shape},
    },
    shell::keys::{Group, Keys},
};
use leptos::{
    ev,
    html::{aside, button, div, h2, label, p, span, textarea},
    prelude::*,
    wasm_bindgen::JsCast,
};
use workspace::{Edit, RecordRef, lens};

/// The panel of whatever record the address opens, of any kind; nothing while it opens none.
pub(crate) fn panel(address: Address) -> AnyView {
    let desk = Desk::here();
    let keys: Keys = expect_context();
    keys.bind("Esc", "Close the record", Group::Walk, move || {
        if let Some(record) = address.open.get_untracked() {
            address.close();
            give_back_focus(record);
        }
    });
    Effect::new(move |_| desk.show_place(address.open.get()));
    (move || address.open.get().map(|record| one(desk, record, address))).into_any()
}

fn one(desk: Desk, record: RecordRef, address: Address) -> AnyView {
    let now = Sheet::of(desk, record);
    let body = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |was_here: Option<bool>| {
        let Some(body) = body.get() else { return false };
        // Not at the first sight of a page: a link opens with the focus at the top, as every page does.
        if was_here.is_none() && desk.has_settled() {
            let _ = body.focus();
        }
        true
    });
    let is_here = Memo::new(move |_| now.now.with(Option::is_some));
    let reference = now.derive(move |record| desk.reference(record.reference()));
    let variant = now.derive(|record| record.line(workspace::Field::Kind).map(str::to_owned));
    let name = move || {
        let noun = words::noun(record.kind, variant.get().as_deref());
        format!("{} {}", words::label(noun), now.read(|record| record.title().to_owned()))
    };
    let is_deleting = RwSignal::new(false);
    let is_handing_over = RwSignal::new(false);
    let close = button()
        .attr("type", "button")
        .class("button bare")
        .attr("aria-label", "Close the record")
        .on(ev::click, move |_| {
            address.close();
            give_back_focus(record);
        })
        .child(icon(Icon::Close));
    let head = div().class("panel-head").child((
        span().class("ref").child(reference),
        changed_lately(desk, record),
        span().class("push"),
        also_here(desk, record),
        move || {
            (is_here.get() && !now.read_only.get() && !record.kind.is_singleton())
                .then(|| menu(record, is_handing_over, is_deleting))
        },
        close,
    ));
    let deleted = now.derive(|record| record.atom(workspace::Field::Deleted).cloned());
    let body_content = move || {
        if is_here.get() {
            (
                deletion(now, deleted),
                head_line(now),
                findings(now),
                content(now),
                clauses(now),
                connections(now),
                talk(now),
                history(now),
            )
                .into_any()
        } else {
            p().class("quiet")
                .child("This record is not on this device. It may arrive when the relay is reached.")
                .into_any()
        }
    };
    aside()
        .class("panel")
        .attr("aria-label", name)
        .child((
            head,
            div().node_ref(body).class("panel-body").attr("tabindex", "-1").child(body_content),
            delete_sheet(now, address, is_deleting),
            hand_over_sheet(now, is_handing_over),
        ))
        .into_any()
}

/// The title; what there is one of is called by its name.
fn head_line(now: Sheet) -> AnyView {
    let line = if now.record.kind.is_singleton() {
        h2().class("panel-name").child(words::nouns(now.record.kind)).into_any()
    } else {
        title(now)
    };
    div().class("panel-top").child((line, tags(now))).into_any()
}

/// Faces of those who have the same record open.
fn also_here(desk: Desk, record: RecordRef) -> AnyView {
    let faces = move || {
        let faces = desk.present_at(record);
        (!faces.is_empty()).then(|| {
            let names: Vec<String> = faces.iter().map(|face| face.name.clone()).collect();
            let discs = faces.iter().map(|face| disc(face, "avatar")).collect_view();
            span()
                .class("avatars")
                .attr("role", "img")
                .attr("aria-label", format!("Also here: {}", names.join(", ")))
                .child(discs)
        })
    };
    faces.into_any()
}

/// Who has just changed the record. A spell of typing is one piece of news, on the screen and for a screen reader.
fn changed_lately(desk: Desk, record: RecordRef) -> AnyView {
    let who = Memo::new(move |_| desk.lately(record));
    let note = move || {
        who.get().map(|face| {
            span()
                .class("touched-note")
                .attr("data-hue", face.hue.to_string())
                .child(format!("{} changed this just now", face.first_name()))
        })
    };
    span().attr("role", "status").child(note).into_any()
}

fn menu(record: RecordRef, is_handing_over: RwSignal<bool>, is_deleting: RwSignal<bool>) -> AnyView {
    let has_owner = lens::owner_field(record.kind).is_some();
    disclosure(
        Signal::stored("More".to_owned()),
        Look { button: "button bare", sheet: "" },
        icon(Icon::More),
        move |is_open| {
            let hand_over = has_owner.then(|| {
                button()
                    .attr("type", "button")
                    .class("menu-entry")
                    .on(ev::click, move |_| {
                        is_open.set(false);
                        is_handing_over.set(true);
                    })
                    .child((icon(Icon::Right), "Hand over\u{2026}"))
            });
            let delete = button()
                .attr("type", "button")
                .class("menu-entry danger")
                .on(ev::click, move |_| {
                    is_open.set(false);
                    is_deleting.set(true);
                })
                .child((icon(Icon::Bin), "Delete\u{2026}"));
            (hand_over, delete).into_any()
        },
    )
}

/// Who deleted it and why, with the way back.
fn deletion(now: Sheet, deleted: Signal<Option<serde_json::Value>>) -> AnyView {
    (move || {
        deleted.get().map(|deleted| {
            let part = |name: &str| {
                deleted.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            };
            let who = now.desk.name_of(part("by").parse().ok());
            let reason = part("reason");
            let words = if reason.is_empty() {
                format!("Deleted by {who}.")
            } else {
                format!("Deleted by {who}: {reason}")
            };
            let restore = button()
                .attr("type", "button")
                .class("button framed")
                .on(ev::click, move |_| restore(now.desk, now.record))
                .child((icon(Icon::Restore), "Restore"));
            div().class("notice watch").child((shape(Tone::Watch), p().child(words), restore))
        })
    })
    .into_any()
}

fn delete_sheet(now: Sheet, address: Address, is_open: RwSignal<bool>) -> AnyView {
    sheet(is_open, "Delete this record", move || {
        let reason = RwSignal::new(String::new());
        let id = fresh_id("reason");
        let delete = move || {
            let edit = Edit::Delete { record: now.record, reason: reason.get_untracked().trim().to_owned() };
            let title = untrack(|| now.read(|record| record.title().to_owned()));
            if now.desk.act(&format!("{}.delete", words::noun(now.record.kind, None)), vec![edit]) {
                is_open.set(false);
                address.close();
                let desk = now.desk;
                let record = now.record;
                desk.toasts
                    .offer(format!("Deleted \u{201c}{title}\u{201d}"), "Undo", move || restore(desk, record));
            }
        };
        div()
            .class("sheet-form")
            .child((
                p().class("second").child(
                    "It stays in the history and can be restored. What others write in it meanwhile is kept.",
                ),
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
                        .child("Keep it"),
                    button()
                        .attr("type", "button")
                        .class("button main danger")
                        .on(ev::click, move |_| delete())
                        .child("Delete"),
                )),
            ))
            .into_any()
    })
}

fn restore(desk: Desk, record: RecordRef) {
    if desk.act(&format!("{}.restore", words::noun(record.kind, None)), vec![Edit::Restore { record }]) {
        desk.toasts.say("Restored");
    }
}

/// The row of the record in the list, if it stands there.
fn give_back_focus(record: RecordRef) {
    let id = record.id;
    request_animation_frame(move || {
        let row = document().query_selector(&format!("[data-id='{id}'] .row-link")).ok().flatten();
        if let Some(row) = row.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = row.focus();
        }
    });
}
