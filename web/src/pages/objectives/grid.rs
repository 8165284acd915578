//! Entering values for many KPIs at once: one row a KPI, one column a period. Arrows move, Enter keeps, and what is
//! pasted from a spreadsheet becomes one change with one way back.

mod paste;

use super::{figure::value_edit, table::recent_words};
use crate::{
    components::{
        day,
        empty::empty,
        number::{plain, typed},
    },
    pages::{address::Address, desk::Desk, rows::row_link},
};
use ids::RecordId;
use leptos::{
    ev,
    html::{div, input, p, section, table, tbody, td, th, thead, tr},
    prelude::*,
    wasm_bindgen::JsCast,
};
use paste::{Cell, cells};
use web_sys::{ClipboardEvent, HtmlInputElement, KeyboardEvent};
use workspace::{
    Edit, Kind, Period, RecordRef,
    lens::{Kpi, Series},
};

/// Periods beside each other.
const COLUMNS: usize = 6;

/// How often figures are entered, and what their grid is called.
const RHYTHMS: [(&str, &str); 3] = [("monthly", "Monthly"), ("weekly", "Weekly"), ("quarterly", "Quarterly")];

/// The KPIs of one rhythm and the periods they are entered for.
#[derive(Clone, Debug, PartialEq)]
struct Grid {
    kpis: Vec<Kpi>,
    /// The oldest first.
    periods: Vec<Period>,
}

pub(super) fn grid(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let is_empty = Memo::new(move |_| desk.ids(Kind::Kpi).is_empty());
    let parts = RHYTHMS.map(|(rhythm, heading)| part(desk, address, rhythm, heading));
    let none = move || {
        is_empty.get().then(|| {
            empty(
                "A KPI is a figure that somebody enters again and again. Its values are entered here.",
                Some(("Add a KPI", begin)),
            )
        })
    };
    let hint = p().class("quiet grid-hint").child("Arrows move, Enter keeps a value, and a block copied from a spreadsheet can be pasted into a cell. A value over an old one corrects it; the old one stays in the history.");
    div()
        .class("page-width shelves entry-grid")
        .child((none, (move || (!is_empty.get()).then(|| hint.clone())), Vec::from(parts)))
        .into_any()
}

fn part(desk: Desk, address: Address, rhythm: &'static str, heading: &'static str) -> AnyView {
    let grid = Memo::new(move |_| {
        let kpis = desk.records(Kind::Kpi).into_iter().map(|record| Kpi::of(&record));
        let mut kpis: Vec<Kpi> =
            kpis.filter(|kpi| kpi.frequency.as_deref().unwrap_or("monthly") == rhythm).collect();
        kpis.sort_by(|one, other| {
            let place = |kpi: &Kpi| (kpi.position.is_none(), kpi.position.clone(), kpi.id);
            place(one).cmp(&place(other))
        });
        let periods = kpis.first().map(|kpi| columns(kpi, desk)).unwrap_or_default();
        Grid { kpis, periods }
    });
    let has_any = Memo::new(move |_| grid.with(|grid| !grid.kpis.is_empty()));
    let periods = Memo::new(move |_| grid.with(|grid| grid.periods.clone()));
    let ids = Memo::new(move |_| grid.with(|grid| grid.kpis.iter().map(|kpi| kpi.id).collect::<Vec<_>>()));
    (move || {
        has_any.get().then(|| {
            let heads = move || {
                periods.get().iter().map(|period| th().attr("scope", "col").class("right").child(day::period(&period.to_string()))).collect_view()
            };
            let rows = view! { <For each=move || ids.get() key=|id| *id children=move |id| kpi_row(desk, address, grid, periods, id)/> };
            section().child((
                leptos::html::h2().child(heading),
                div().class("grid-scroll").attr("tabindex", "0").attr("role", "region").attr("aria-label", heading).child(
                    table().class("table grid").attr("data-grid", rhythm).child((
                        thead().child(tr().child((th().attr("scope", "col").child("KPI"), heads))),
                        tbody().child(rows),
                    )),
                ),
            ))
        })
    })
    .into_any()
}

/// The due period and those before it.
fn columns(kpi: &Kpi, desk: Desk) -> Vec<Period> {
    let step = |period: Period| match kpi.frequency.as_deref() {
        Some("quarterly") => period.previous().previous().previous(),
        _ => period.previous(),
    };
    let due = kpi.due_period(desk.today().get());
    let mut periods: Vec<Period> =
        std::iter::successors(Some(due), |period| Some(step(*period))).take(COLUMNS).collect();
    periods.reverse();
    periods
}

fn kpi_row(
    desk: Desk,
    address: Address,
    grid: Memo<Grid>,
    periods: Memo<Vec<Period>>,
    id: RecordId,
) -> AnyView {
    let record = RecordRef::new(Kind::Kpi, id);
    let now = desk.signal(record);
    let title = Signal::derive(move || {
        now.with(|now| now.as_ref().map(|now| now.title().to_owned()).unwrap_or_default())
    });
    let unit = move || now.with(|now| now.as_deref().map(|now| Kpi::of(now).unit).unwrap_or_default());
    let each = move |period: Period| cell(desk, grid, id, title, period);
    let cells = view! { <For each=move || periods.get() key=|period| *period children=each/> };
    tr().child((
        th().attr("scope", "row").child(
            div()
                .class("cell-title")
                .child((row_link(address, record, title), leptos::html::span().class("unit").child(unit))),
        ),
        cells,
    ))
    .into_any()
}

fn cell(desk: Desk, grid: Memo<Grid>, kpi: RecordId, title: Signal<String>, period: Period) -> AnyView {
    let known = Memo::new(move |_| {
        let value = desk
            .series()
            .with(|series| series.get(&kpi).and_then(|series| series.points.get(&period)?.value()));
        value.map(|value| value.to_string()).unwrap_or_default()
    });
    let element = NodeRef::<leptos::html::Input>::new();
    // A value that arrives never overwrites what somebody is typing.
    Effect::new(move |_| {
        let known = known.get();
        let Some(element) = element.get() else { return };
        let has_focus = document().active_element().is_some_and(|active| active.is_same_node(Some(&element)));
        if !has_focus {
            element.set_value(&shown(&known));
        }
    });
    let is_wrong = RwSignal::new(false);
    let keep = move |field: &HtmlInputElement| -> bool {
        let text = field.value();
        if text.trim().is_empty() || text == shown(&known.get_untracked()) {
            is_wrong.set(false);
            field.set_value(&shown(&known.get_untracked()));
            return true;
        }
        let Some(number) = typed(&text) else {
            is_wrong.set(true);
            return false;
        };
        is_wrong.set(false);
        number == known.get_untracked() || enter(desk, &[Cell { kpi, period, number }])
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(field) = field_of(&event) else { return };
        match event.key().as_str() {
            "Enter" | "ArrowDown" if keep(&field) => {
                event.prevent_default();
                step(&field, 1, 0);
            }
            "ArrowUp" if keep(&field) => {
                event.prevent_default();
                step(&field, -1, 0);
            }
            "ArrowLeft" if at_edge(&field, false) && keep(&field) => {
                event.prevent_default();
                step(&field, 0, -1);
            }
            "ArrowRight" if at_edge(&field, true) && keep(&field) => {
                event.prevent_default();
                step(&field, 0, 1);
            }
            "Escape" => {
                event.stop_propagation();
                is_wrong.set(false);
                field.set_value(&shown(&known.get_untracked()));
            }
            _ => {}
        }
    };
    let on_paste = move |event: ClipboardEvent| {
        let text =
            event.clipboard_data().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
        if !text.trim_end().contains(['\t', '\n']) {
            return;
        }
        event.prevent_default();
        let (kpis, periods) = grid.with_untracked(|grid| {
            (grid.kpis.iter().map(|kpi| kpi.id).collect::<Vec<_>>(), grid.periods.clone())
        });
        match cells(&text, (kpi, period), &kpis, &periods) {
            Ok(found) => {
                if enter(desk, &found)
                    && let Some(field) = element.get_untracked()
                {
                    field.set_value(&shown(&known.get_untracked()));
                }
            }
            Err(error) => desk.toasts.say(format!("Nothing was entered: {error}")),
        }
    };
    let label = move || format!("{}, {}", title.get(), day::period(&period.to_string()));
    td().class("right")
        .child(
            input()
                .node_ref(element)
                .attr("type", "text")
                .attr("inputmode", "decimal")
                .attr("autocomplete", "off")
                .class("inline numbers")
                .attr("aria-label", label)
                .attr("aria-invalid", move || is_wrong.get().then_some("true"))
                .prop("readOnly", move || desk.is_read_only())
                .on(ev::keydown, on_key)
                .on(ev::blur, move |event| {
                    if let Some(field) =
                        event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                    {
                        keep(&field);
                    }
                })
                .on(ev::paste, on_paste),
        )
        .into_any()
}

/// As a person reads it: a missing value is empty, never zero.
fn shown(known: &str) -> String {
    known
        .parse::<f64>()
        .map(|value| if value.fract() == 0.0 { plain(value) } else { recent_words(value) })
        .unwrap_or_default()
}

/// Enters values as one change; one click takes all of them back.
fn enter(desk: Desk, found: &[Cell]) -> bool {
    let nothing = Series::default();
    let series = desk.series();
    let edits: Vec<Edit> = series.with_untracked(|series| {
        let edit = |cell: &Cell| {
            let series = series.get(&cell.kpi).unwrap_or(&nothing);
            value_edit(desk, cell.kpi, series, cell.period, &cell.number, "final")
        };
        found.iter().map(edit).collect()
    });
    let made: Vec<RecordRef> = edits.iter().filter_map(Edit::record).collect();
    if edits.is_empty() || !desk.act("kpi.measure", edits) {
        return false;
    }
    if made.len() > 1 {
        desk.toasts.offer(format!("{} values entered", made.len()), "Undo", move || {
            let edits =
                made.iter().map(|record| Edit::Delete { record: *record, reason: String::new() }).collect();
            desk.act("kpi.take-back", edits);
        });
    }
    true
}

fn field_of(event: &KeyboardEvent) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

/// Whether the caret has nowhere to go within the field.
fn at_edge(field: &HtmlInputElement, is_end: bool) -> bool {
    let (start, end) = (field.selection_start().ok().flatten(), field.selection_end().ok().flatten());
    let length = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
    let is_whole = start == Some(0) && end == Some(length);
    is_whole || (start == end && start == Some(if is_end { length } else { 0 }))
}

/// Brings the focus to the cell so many rows and columns away, if there is one.
fn step(field: &HtmlInputElement, rows: i32, columns: i32) {
    let place = |node: &web_sys::Element| {
        let siblings = node.parent_element()?.children();
        (0..siblings.length())
            .find(|place| siblings.item(*place).is_some_and(|sibling| sibling.is_same_node(Some(node))))
    };
    let found = || {
        let cell = field.closest("td").ok().flatten()?;
        let row = cell.parent_element()?;
        let body = row.parent_element()?;
        let to_row = u32::try_from(i64::from(place(&row)?) + i64::from(rows)).ok()?;
        let to_column = u32::try_from(i64::from(place(&cell)?) + i64::from(columns)).ok()?;
        let target = body.children().item(to_row)?.children().item(to_column)?;
        target.query_selector("input").ok().flatten()?.dyn_into::<HtmlInputElement>().ok()
    };
    if let Some(target) = found() {
        let _ = target.focus();
        target.select();
    }
}
