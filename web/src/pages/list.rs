//! What every list page has: a bar of tools over a scrolling body, the keys that walk through rows, and a filter.

use super::{
    address::Address,
    desk::{Arrival, Desk},
    tags,
};
use crate::{
    components::{
        choice::{Choice, ChoiceField, choice},
        empty::empty,
        icon::{Icon, icon},
        rows::Window,
    },
    shell::keys::{Group, Keys},
};
use ids::MemberId;
use leptos::{
    ev,
    html::{self, Div, a, button, div, input, nav, section, span, tbody, td, thead, tr},
    prelude::*,
    wasm_bindgen::JsCast,
};
use web_sys::HtmlElement;
use workspace::{Field, Kind, Record};

/// A way to see the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ViewLink {
    /// Value of `view` in the address; empty for the first one.
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
}

/// The page: tools above, the scrolling body below, the panel beside.
pub(crate) fn page(
    name: &'static str,
    tools: impl IntoView + 'static,
    body: impl IntoView + 'static,
    scroller: NodeRef<Div>,
    window: Option<Window>,
    panel: AnyView,
) -> AnyView {
    let measure = move |_| {
        if let Some(window) = window {
            window.measure.run(());
        }
    };
    (
        section().class("page").attr("aria-label", name).child((
            div()
                .class("page-tools")
                .attr("role", "toolbar")
                .attr("aria-label", "List tools")
                .child(tools.into_any()),
            div()
                .node_ref(scroller)
                .class("page-body")
                // A scrolling place must be reachable by keyboard.
                .attr("tabindex", "-1")
                .on(ev::scroll, measure)
                .child(body.into_any()),
        )),
        panel,
    )
        .into_any()
}

/// Links to the views of a list, the current one marked.
pub(crate) fn views(address: Address, links: &'static [ViewLink]) -> AnyView {
    let view = address.setting("view");
    let links = links
        .iter()
        .map(|link| {
            a().class("tab")
                .href(move || address.href_with("view", link.value))
                .attr("aria-current", move || view.with(|view| view == link.value).then_some("true"))
                .child(link.label)
        })
        .collect_view();
    nav().class("tabs").attr("aria-label", "View").child(links).into_any()
}

/// The filter box; what it holds is part of the address.
fn filter_box(address: Address, label: &'static str) -> AnyView {
    let text = address.setting("q");
    let field = NodeRef::<leptos::html::Input>::new();
    let keys: Keys = expect_context();
    keys.bind("/", "Filter the list", Group::Walk, move || {
        if let Some(field) = field.get_untracked() {
            let _ = field.focus();
            field.select();
        }
    });
    let key_hint =
        move || keys.is_on.get().then(|| span().class("key").attr("aria-hidden", "true").child("/"));
    div()
        .class("search")
        .child((
            icon(Icon::Search),
            input()
                .node_ref(field)
                .attr("type", "search")
                .class("input")
                .attr("aria-label", label)
                .attr("placeholder", "Filter")
                .attr("autocomplete", "off")
                .prop("value", move || text.get())
                .on(ev::input, move |event| address.set("q", &event_target_value(&event)))
                .on(ev::keydown, move |event| match event.key().as_str() {
                    "Escape" => {
                        event.stop_propagation();
                        address.set("q", "");
                        if let Some(field) = field.get_untracked() {
                            let _ = field.blur();
                        }
                    }
                    "Enter" | "ArrowDown" => {
                        event.prevent_default();
                        focus_row(0);
                    }
                    _ => {}
                }),
            key_hint,
        ))
        .into_any()
}

/// The filter box and the choices beside it: one line on a desk, one line to be pushed sideways on a phone.
pub(crate) fn filters(address: Address, label: &'static str, choices: impl IntoView + 'static) -> AnyView {
    div().class("filters").child((filter_box(address, label), choices.into_any())).into_any()
}

/// One setting of the list as a choice.
pub(crate) fn filter_choice(
    address: Address,
    name: &'static str,
    label: &'static str,
    any: &'static str,
    choices: Signal<Vec<Choice>>,
) -> AnyView {
    choice(ChoiceField {
        label: label.to_owned(),
        choices,
        value: address.setting(name).into(),
        set: Callback::new(move |value: String| address.set(name, &value)),
        none: Some(any),
        class: "input",
        read_only: Signal::stored(false),
    })
}

/// The tags of a kind as a choice; nothing while nothing is tagged.
pub(crate) fn tag_filter(desk: Desk, address: Address, kind: Kind) -> AnyView {
    let tags = Memo::new(move |_| tags::in_use(desk.records(kind)));
    let choices =
        Signal::derive(move || tags.get().into_iter().map(|tag| Choice::new(tag.clone(), tag)).collect());
    let chosen = address.setting("tag");
    let is_shown = Memo::new(move |_| !tags.with(Vec::is_empty) || !chosen.with(String::is_empty));
    (move || {
        is_shown
            .get()
            .then(|| div().class("filter").child(filter_choice(address, "tag", "Tag", "Any tag", choices)))
    })
    .into_any()
}

/// Whether a record has the tag that is asked for; no tag in particular always fits.
pub(crate) fn has_tag(record: &Record, tag: &str) -> bool {
    tag.is_empty() || record.members(Field::Tags).any(|known| known == tag)
}

/// The button that begins a new record, and its key.
pub(crate) fn new_button(label: &'static str, words: &'static str, begin: Callback<()>) -> AnyView {
    let keys: Keys = expect_context();
    keys.bind("n", words, Group::Here, move || begin.run(()));
    button()
        .attr("type", "button")
        .class("button main push")
        .attr("aria-label", words)
        .attr("aria-keyshortcuts", "n")
        .on(ev::click, move |_| begin.run(()))
        .child((icon(Icon::Plus), label))
        .into_any()
}

/// `j` and `k` walk through the rows, and stop at the ends. While a record is open they open the next one, so that a
/// list can be read with one finger.
pub(crate) fn walk_keys(address: Address) {
    let keys: Keys = expect_context();
    keys.bind("j", "Next row", Group::Walk, move || step(address, 1));
    keys.bind("k", "Row before", Group::Walk, move || step(address, -1));
    // The link of the row does it; here only so that the list of keys is whole.
    keys.bind("Enter", "Open the row", Group::Walk, move || {
        if let Some(active) =
            document().active_element().and_then(|active| active.dyn_into::<HtmlElement>().ok())
        {
            active.click();
        }
    });
}

fn step(address: Address, by: i32) {
    let rows = rows();
    let has_focus =
        |row: &HtmlElement| document().active_element().is_some_and(|active| active.is_same_node(Some(row)));
    let is_open = |row: &HtmlElement| row.closest("[aria-current='true']").ok().flatten().is_some();
    let current = rows.iter().position(has_focus).or_else(|| rows.iter().position(is_open));
    let next = match current {
        Some(current) => usize::try_from(i32::try_from(current).unwrap_or(0) + by).ok(),
        None => Some(0),
    };
    let Some(row) = next.and_then(|next| rows.get(next)) else {
        // The row may lie beyond what is drawn of a long list: scroll there and look again.
        if let Some(body) = document().query_selector(".page-body").ok().flatten() {
            body.set_scroll_top(body.scroll_top() + by * 200);
        }
        return;
    };
    if address.open.get_untracked().is_some() {
        row.click();
        row.scroll_into_view_with_scroll_into_view_options(&nearest());
    } else {
        let _ = row.focus();
    }
}

/// Brings the focus to a row of the list.
pub(crate) fn focus_row(place: usize) {
    if let Some(row) = rows().get(place) {
        let _ = row.focus();
    }
}

fn rows() -> Vec<HtmlElement> {
    let Ok(found) = document().query_selector_all(".page-body .row-link") else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into::<HtmlElement>().ok()).collect()
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options
}

/// Whether every word of a filter occurs in one of the texts; case and accents written apart do not matter.
pub(crate) fn matches(filter: &str, texts: &[&str]) -> bool {
    filter.split_whitespace().all(|word| {
        let word = word.to_lowercase();
        texts.iter().any(|text| text.to_lowercase().contains(&word))
    })
}

/// Whether `wanted`, as the address says it, is one of the members; nobody in particular always is.
pub(crate) fn is_among(members: &[MemberId], wanted: &str) -> bool {
    wanted.is_empty() || members.iter().any(|member| member.to_string() == wanted)
}

/// Nothing to show: because it has not arrived, because of the filter, or because there is nothing.
pub(crate) fn nothing(
    address: Address,
    settings: &'static [&'static str],
    no_match: &'static str,
    none: (&'static str, &'static str),
    begin: Callback<()>,
) -> AnyView {
    let desk = Desk::here();
    (move || {
        let is_filtered = settings.iter().any(|name| !address.setting(name).get().is_empty());
        match desk.arrival() {
            Arrival::Reading => empty("Reading what is on this device.", None),
            Arrival::Awaited => empty(
                "Nothing of this workspace is on this device yet. It comes when the relay is reached.",
                None,
            ),
            Arrival::Here if is_filtered => {
                let clear = Callback::new(move |()| settings.iter().for_each(|name| address.set(name, "")));
                empty(no_match, Some(("Clear the filter", clear)))
            }
            Arrival::Here => empty(none.0, Some((none.1, begin))),
        }
    })
    .into_any()
}

/// What a table is called and how it looks.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) class: &'static str,
    pub(crate) columns: &'static str,
    pub(crate) window: Window,
}

/// A table of which only the rows in view are drawn; `nothing` stands in its place while there are none.
pub(crate) fn table(
    this: Table,
    heads: impl IntoView + 'static,
    rows: impl IntoView + 'static,
    nothing: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let Table { name, class, columns, window } = this;
    let above = Signal::derive(move || window.missing().0);
    let below = Signal::derive(move || window.missing().1);
    let is_empty = Memo::new(move |_| window.total.get() == 0);
    (
        move || is_empty.get().then(&nothing),
        html::table()
            .class(move || if window.is_partial.get() { format!("{class} even") } else { class.to_owned() })
            .attr("role", "table")
            .attr("aria-label", name)
            .attr("aria-rowcount", move || (window.total.get() + 1).to_string())
            .prop("hidden", move || is_empty.get())
            .child((
                thead().attr("role", "rowgroup").child(tr().attr("role", "row").child(heads.into_any())),
                tbody().attr("role", "rowgroup").child((
                    space_row(above, columns),
                    rows.into_any(),
                    space_row(below, columns),
                )),
            )),
    )
        .into_any()
}

/// Two empty rows stand for what a long list does not draw.
fn space_row(height: Signal<f64>, columns: &'static str) -> AnyView {
    let cell = NodeRef::<leptos::html::Td>::new();
    Effect::new(move |_| {
        if let Some(cell) = cell.get() {
            let style = web_sys::HtmlElement::style(&cell);
            let _ = style.set_property("height", &format!("{}px", height.get()));
        }
    });
    (move || {
        (height.get() > 0.0).then(|| {
            tr().class("space-row")
                .attr("aria-hidden", "true")
                .child(td().node_ref(cell).attr("colspan", columns))
        })
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_finds_all_its_words_anywhere() {
        assert!(matches("foundry tom", &["Qualify second FOUNDRY", "Tom Adeyemi"]));
        assert!(!matches("foundry clara", &["Qualify second foundry", "Tom Adeyemi"]));
        assert!(matches("  ", &[]));
    }
}
