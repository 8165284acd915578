//! Rows that were chosen, to be changed together. Never more than what the list shows: a row that goes, because of the
//! filter or because a colleague deleted it, is chosen no longer.

use super::desk::Desk;
use ids::RecordId;
use leptos::{
    ev,
    html::{input, label},
    prelude::*,
};
use std::collections::BTreeSet;
use web_sys::MouseEvent;
use workspace::RecordRef;

/// The chosen rows of one list; in the context of its page.
#[derive(Clone, Copy)]
pub(crate) struct Chosen {
    records: RwSignal<BTreeSet<RecordRef>>,
    /// Where a range begins.
    anchor: StoredValue<Option<RecordRef>>,
    shown: RwSignal<Option<Signal<Vec<RecordRef>>>>,
}

impl Chosen {
    /// For the page that is being built.
    pub(crate) fn provided() -> Self {
        let chosen = Self {
            records: RwSignal::new(BTreeSet::new()),
            anchor: StoredValue::new(None),
            shown: RwSignal::new(None),
        };
        provide_context(chosen);
        Effect::new(move |_| {
            let shown: BTreeSet<RecordRef> = chosen.rows().into_iter().collect();
            let goes =
                chosen.records.with_untracked(|records| records.iter().any(|record| !shown.contains(record)));
            if goes {
                chosen.records.update(|records| records.retain(|record| shown.contains(record)));
            }
        });
        chosen
    }

    /// These rows are shown now, in this order.
    pub(crate) fn shows(&self, rows: Signal<Vec<RecordRef>>) {
        self.shown.set(Some(rows));
        let shown = self.shown;
        on_cleanup(move || {
            let _ = shown.try_set(None);
        });
    }

    /// The rows of the list, in their order.
    pub(crate) fn rows(&self) -> Vec<RecordRef> {
        self.shown.get().and_then(|rows| rows.try_get()).unwrap_or_default()
    }

    /// What is chosen, in the order of the list.
    pub(crate) fn list(&self) -> Vec<RecordRef> {
        let records = self.records.get();
        self.rows().into_iter().filter(|record| records.contains(record)).collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.records.with(BTreeSet::len)
    }

    pub(crate) fn contains(&self, record: RecordRef) -> bool {
        self.records.with(|records| records.contains(&record))
    }

    pub(crate) fn turn(&self, record: RecordRef) {
        self.records.update(|records| {
            if !records.remove(&record) {
                records.insert(record);
            }
        });
        self.anchor.set_value(Some(record));
    }

    /// Everything from the row that was chosen last to this one.
    pub(crate) fn reach(&self, record: RecordRef) {
        let rows = untrack(|| self.rows());
        let anchor = self.anchor.get_value().unwrap_or(record);
        let place = |wanted: RecordRef| rows.iter().position(|row| *row == wanted);
        if let (Some(one), Some(other)) = (place(anchor), place(record)) {
            let range = rows.get(one.min(other)..=one.max(other)).unwrap_or_default();
            self.records.update(|records| records.extend(range.iter().copied()));
        }
        self.anchor.set_value(Some(record));
    }

    pub(crate) fn all(&self) {
        let rows = untrack(|| self.rows());
        self.records.set(rows.into_iter().collect());
    }

    pub(crate) fn none(&self) {
        self.records.set(BTreeSet::new());
    }

    /// The row that has the focus.
    pub(crate) fn focused(&self) -> Option<RecordRef> {
        let row = document().active_element()?.closest("[data-id]").ok()??;
        let id: RecordId = row.get_attribute("data-id")?.parse().ok()?;
        untrack(|| self.rows()).into_iter().find(|record| record.id == id)
    }
}

/// The box in front of a row; nothing on pages where rows cannot be chosen.
pub(crate) fn choose_box(desk: Desk, record: RecordRef, title: Signal<String>) -> AnyView {
    let Some(chosen) = use_context::<Chosen>() else { return ().into_any() };
    let is_chosen = Memo::new(move |_| chosen.contains(record));
    let name = move || title.with(|title| format!("Choose {title}"));
    (move || {
        (!desk.is_read_only()).then(|| {
            label().class("choose").attr("data-chosen", move || is_chosen.get().then_some("")).child(
                input()
                    .attr("type", "checkbox")
                    .attr("aria-label", name)
                    .prop("checked", move || is_chosen.get())
                    .on(ev::click, move |event: MouseEvent| {
                        if event.shift_key() {
                            chosen.reach(record);
                        } else {
                            chosen.turn(record);
                        }
                        // The browser has turned the box; it shows what is chosen.
                        let field: web_sys::HtmlInputElement = event_target(&event);
                        field.set_checked(is_chosen.get_untracked());
                    }),
            )
        })
    })
    .into_any()
}
