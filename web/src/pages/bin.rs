//! What was deleted: what, who, when and why, with the way back. What somebody edited without having seen its deletion
//! stands first, with both stories: a person decides which holds.

use super::{desk::Desk, words};
use crate::{
    components::{
        empty::empty,
        icon::{Icon, icon},
        mark::{Tone, shape},
        moment,
    },
    shell::routes::path_to,
    state::OtherStory,
};
use ids::Timestamp;
use leptos::{
    ev,
    html::{a, button, div, h2, li, p, section, span, ul},
    prelude::*,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use workspace::{Edit, Field, Kind, Record, RecordRef, acts, lens::Deletion};

pub(crate) fn bin() -> AnyView {
    let desk = Desk::here();
    let gone = Memo::new(move |_| gone(desk));
    // The other stories are in the history; they are read again when something comes to the bin or leaves it.
    let stories = Memo::new(move |_| {
        let gone = gone.get();
        let records: Vec<RecordRef> = gone.iter().map(|gone| gone.record).collect();
        Arc::new(desk.other_stories(&records))
    });
    let part = move |is_told_twice: bool| {
        Memo::new(move |_| {
            let stories = stories.get();
            let wanted = |gone: &Gone| stories.contains_key(&gone.record) == is_told_twice;
            gone.get().into_iter().filter(wanted).collect::<Vec<_>>()
        })
    };
    let (twice, once) = (part(true), part(false));
    let twice_part = move || {
        let is_empty = twice.with(Vec::is_empty);
        (!is_empty).then(|| {
            let rows = view! { <For each=move || twice.get() key=Gone::clone children=move |gone| told_twice(desk, gone, stories)/> };
            section().child((
                h2().child(("Deleted, but edited", span().class("quiet numbers").child(move || twice.with(Vec::len)))),
                p().class("second").child("Somebody worked on these without having seen that they were deleted. Nothing is lost; which holds?"),
                ul().class("bin-list").child(rows),
            ))
        })
    };
    let once_part = move || {
        let is_empty = once.with(Vec::is_empty);
        (!is_empty).then(|| {
            let rows =
                view! { <For each=move || once.get() key=Gone::clone children=move |gone| row(desk, gone)/> };
            section().child((
                h2().child(("Deleted", span().class("quiet numbers").child(move || once.with(Vec::len)))),
                ul().class("bin-list").child(rows),
            ))
        })
    };
    let none = move || {
        let is_empty = gone.with(Vec::is_empty);
        is_empty.then(|| empty("Nothing was deleted. What is deleted comes here and can be restored.", None))
    };
    section()
        .class("page")
        .attr("aria-label", "Deleted items")
        .child(
            div()
                .class("page-body")
                .attr("tabindex", "-1")
                .child((none, div().class("page-width bin").child((twice_part, once_part)))),
        )
        .into_any()
}

/// A deleted record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Gone {
    record: RecordRef,
    title: String,
    noun: String,
    by: Option<ids::MemberId>,
    at: Option<Timestamp>,
    reason: Option<String>,
}

impl Gone {
    fn of(record: &Record) -> Option<Self> {
        let Deletion { by, at, reason } = Deletion::of(record)?;
        let noun = words::label(words::noun(record.kind, record.line(Field::Kind)));
        let title = record.title();
        let title = if title.is_empty() { format!("{noun} without a title") } else { title.to_owned() };
        Some(Self { record: record.reference(), title, noun, by, at, reason })
    }
}

/// Everything that was deleted, the latest first.
fn gone(desk: Desk) -> Vec<Gone> {
    let records = Kind::ALL.iter().flat_map(|kind| desk.deleted(*kind));
    let mut gone: Vec<Gone> = records.filter_map(|record| Gone::of(&record)).collect();
    gone.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.record.cmp(&other.record)));
    gone
}

fn row(desk: Desk, gone: Gone) -> AnyView {
    li().class("bin-row")
        .attr("data-id", gone.record.id.to_string())
        .child((
            div()
                .class("bin-what")
                .child((name(desk, &gone), p().class("second").child(deleted_words(desk, &gone)))),
            button()
                .attr("type", "button")
                .class("button framed")
                .attr("aria-label", format!("Restore {}", gone.title))
                .prop("disabled", move || desk.is_read_only())
                .on(ev::click, {
                    let gone = gone.clone();
                    move |_| restore(desk, &gone)
                })
                .child((icon(Icon::Restore), "Restore")),
        ))
        .into_any()
}

fn name(desk: Desk, gone: &Gone) -> AnyView {
    let reference = desk.reference(gone.record);
    let reference = (!reference.is_empty()).then(|| span().class("ref").child(reference));
    div()
        .class("bin-name")
        .child((
            a().class("row-link").href(path_to(gone.record)).child(gone.title.clone()),
            reference,
            span().class("quiet").child(gone.noun.clone()),
        ))
        .into_any()
}

/// "Deleted by Tom Adeyemi, today 14:05: a duplicate"
fn deleted_words(desk: Desk, gone: &Gone) -> String {
    let today = desk.today().get();
    let when = gone.at.map(|at| format!(", {}", moment::short(at, today))).unwrap_or_default();
    let why = gone.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("Deleted by {}{when}{why}", desk.name_of(gone.by))
}

fn told_twice(desk: Desk, gone: Gone, stories: Memo<Arc<BTreeMap<RecordRef, OtherStory>>>) -> AnyView {
    let record = gone.record;
    let edited = move || {
        let today = desk.today().get();
        stories.with(|stories| {
            let story = stories.get(&record)?;
            let who: Vec<String> = story.members.iter().map(|member| desk.name_of(Some(*member))).collect();
            let who = if who.is_empty() { "somebody unknown".to_owned() } else { who.join(", ") };
            let when =
                story.last.map(|at| format!(", last {}", moment::short(at, today))).unwrap_or_default();
            let count =
                if story.changes == 1 { "1 change".to_owned() } else { format!("{} changes", story.changes) };
            Some(format!("Edited by {who}{when}: {count}"))
        })
    };
    let keep_deleted = {
        let gone = gone.clone();
        move |_| {
            let reason = gone.reason.clone().unwrap_or_default();
            let edits = vec![Edit::Restore { record }, Edit::Delete { record, reason }];
            if desk.act("record.delete", edits) {
                desk.toasts.say(format!("\u{201c}{}\u{201d} stays deleted", gone.title));
            }
        }
    };
    let back = gone.clone();
    li().class("bin-row twice")
        .attr("data-id", record.id.to_string())
        .child((
            div().class("bin-what").child((
                name(desk, &gone),
                p().class("second").child((shape(Tone::Off), deleted_words(desk, &gone))),
                p().class("second").child((shape(Tone::Under), edited)),
            )),
            div().class("bin-ways").child((
                button()
                    .attr("type", "button")
                    .class("button framed")
                    .attr("aria-label", format!("Restore {} with the edits", gone.title))
                    .prop("disabled", move || desk.is_read_only())
                    .on(ev::click, move |_| restore(desk, &back))
                    .child((icon(Icon::Restore), "Restore")),
                button()
                    .attr("type", "button")
                    .class("button")
                    .attr("aria-label", format!("Keep {} deleted", gone.title))
                    .prop("disabled", move || desk.is_read_only())
                    .on(ev::click, keep_deleted)
                    .child("Keep deleted"),
            )),
        ))
        .into_any()
}

fn restore(desk: Desk, gone: &Gone) {
    if desk.perform(&acts::restore(gone.record)) {
        desk.toasts.offer(format!("Restored \u{201c}{}\u{201d}", gone.title), "Undo", move || {
            super::undo::undo(desk)
        });
    }
}
