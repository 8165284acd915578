//! Tags: words that people put on records to find them together. A chip leads to the records that have the tag too.

use super::{address, fields::Sheet};
use crate::{
    components::{
        icon::{Icon, icon},
        ids::fresh_id,
    },
    shell::routes::Section,
};
use leptos::{
    ev,
    html::{a, button, datalist, div, input, li, option, span, ul},
    prelude::*,
};
use std::collections::BTreeSet;
use workspace::{Field, Kind, Record, acts, schema};

/// Longest tag that still reads as one, in characters. The document would take more.
const TAG_CHARS_MAX: usize = 40;

/// The tags of one record, with a line to add more.
pub(crate) fn tags(sheet: Sheet) -> AnyView {
    if schema::spec(sheet.record.kind, Field::Tags).is_none() {
        return ().into_any();
    }
    let tags = sheet.derive(of);
    let chips =
        view! { <For each=move || tags.get() key=String::clone children=move |tag| chip(sheet, tag)/> };
    let add = move || (!sheet.read_only.get()).then(|| adder(sheet, tags));
    let is_shown = move || !tags.with(Vec::is_empty) || !sheet.read_only.get();
    div()
        .class("tags")
        .prop("hidden", move || !is_shown())
        .child((ul().attr("aria-label", "Tags").child(chips), add))
        .into_any()
}

/// The tags of a record, by name.
pub(crate) fn of(record: &Record) -> Vec<String> {
    let mut tags: Vec<String> = record.members(Field::Tags).map(str::to_owned).collect();
    tags.sort_by_key(|tag| tag.to_lowercase());
    tags
}

/// Every tag in use, by name; of records of one kind, or of all.
pub(crate) fn in_use(records: impl IntoIterator<Item = impl AsRef<Record>>) -> Vec<String> {
    let mut tags = BTreeSet::new();
    for record in records {
        tags.extend(record.as_ref().members(Field::Tags).map(str::to_owned));
    }
    let mut tags: Vec<String> = tags.into_iter().collect();
    tags.sort_by_key(|tag| tag.to_lowercase());
    tags
}

fn chip(sheet: Sheet, tag: String) -> AnyView {
    let name = match list_with(sheet.record.kind, &tag) {
        Some(path) => a().href(path).attr("title", "Everything with this tag").child(tag.clone()).into_any(),
        None => span().child(tag.clone()).into_any(),
    };
    let remove = move || {
        (!sheet.read_only.get()).then(|| {
            let gone = tag.clone();
            button()
                .attr("type", "button")
                .class("tag-remove")
                .attr("aria-label", format!("Remove the tag {tag}"))
                .on(ev::click, move |_| {
                    sheet.desk.perform(&acts::untag(sheet.record, &gone));
                })
                .child(icon(Icon::Close))
        })
    };
    li().class("tag").child((name, remove)).into_any()
}

/// The address of the list of a kind, filtered by a tag; `None` where a kind has no such list.
fn list_with(kind: Kind, tag: &str) -> Option<String> {
    let settings: &[(&str, &str)] = match kind {
        Kind::Objective | Kind::Register => &[("tag", tag)],
        Kind::Action => &[("view", "list"), ("tag", tag)],
        _ => return None,
    };
    Some(address::path_with(Section::of_kind(kind), settings))
}

fn adder(sheet: Sheet, tags: Signal<Vec<String>>) -> AnyView {
    let id = fresh_id("tags");
    let kind = sheet.record.kind;
    let others = move || {
        let here = tags.get();
        let known = in_use(sheet.desk.records(kind));
        known
            .into_iter()
            .filter(|tag| !here.contains(tag))
            .map(|tag| option().attr("value", tag))
            .collect_view()
    };
    let add = move |field: web_sys::HtmlInputElement| {
        let typed = field.value();
        field.set_value("");
        for tag in parted(&typed) {
            // A tag is one tag however it is written.
            let known = in_use(untrack(|| sheet.desk.records(kind)));
            let spelled = known.into_iter().find(|known| known.to_lowercase() == tag.to_lowercase());
            sheet.desk.perform(&acts::tag(sheet.record, &spelled.unwrap_or(tag)));
        }
    };
    let is_met = RwSignal::new(false);
    let offered = move || is_met.get().then(others);
    (
        input()
            .class("inline tag-add")
            .attr("type", "text")
            .attr("aria-label", "Add a tag")
            .attr("placeholder", "+ Tag")
            .attr("list", id.clone())
            .attr("autocomplete", "off")
            .attr("maxlength", TAG_CHARS_MAX.to_string())
            // The tags in use are gathered for whoever comes here, not for everybody who looks at the record.
            .on(ev::focus, move |_| is_met.set(true))
            .on(ev::blur, move |event| add(event_target(&event)))
            .on(ev::keydown, move |event| match event.key().as_str() {
                "Enter" | "," => {
                    event.prevent_default();
                    add(event_target(&event));
                }
                "Escape" => {
                    event.stop_propagation();
                    let field: web_sys::HtmlInputElement = event_target(&event);
                    field.set_value("");
                    let _ = field.blur();
                }
                _ => {}
            }),
        datalist().id(id).child(offered),
    )
        .into_any()
}

/// What was typed as tags: parted by commas, without `#` and spare space.
fn parted(typed: &str) -> Vec<String> {
    typed
        .split(',')
        .map(|tag| tag.trim().trim_start_matches('#').split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|tag| !tag.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_clean_tags() {
        assert_eq!(parted(" #supply ,  two  words,,"), ["supply", "two words"]);
        assert!(parted("  ").is_empty());
    }
}
