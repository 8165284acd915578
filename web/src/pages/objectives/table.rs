//! The scorecard: goals as headings, objectives as rows, a trend in the space of a word.

use super::line::{Line, goals, health_words};
use crate::{
    components::{
        day,
        mark::{mark, mark_with},
        number::{NO_VALUE, plain},
        rows::Window,
        sort::{Sort, head, sort_head},
        sparkline::sparkline,
    },
    pages::{
        address::Address,
        chosen::Chosen,
        desk::Desk,
        list::{self, Table, table},
        rows::{entry_row, owner_cell, title_cell},
    },
};
use ids::RecordId;
use leptos::{
    html::{span, td, th, tr},
    prelude::*,
};
use workspace::{
    Decimal, RecordRef,
    health::{Health, goal_health},
    lens::{Goal, Series},
};

/// Periods in the sparkline.
const PERIODS: usize = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// As people ordered them.
    Place,
    Title,
    Owner,
    Health,
    Due,
}

/// The rows of the scorecard and how they are sorted.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    pub(super) list: Memo<Vec<Row>>,
    sort: RwSignal<Sort<Column>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Row {
    /// A goal with the health of its objectives; `None` for those that serve none.
    Group {
        goal: Option<Goal>,
        count: usize,
        health: Option<Health>,
    },
    Objective(RecordRef),
}

impl Row {
    fn record(&self) -> Option<RecordRef> {
        match self {
            Self::Group { .. } => None,
            Self::Objective(record) => Some(*record),
        }
    }

    /// A row is built again when its heading says something else.
    fn key(&self) -> String {
        match self {
            Self::Group { goal, count, health } => {
                let id = goal.as_ref().map(|goal| (goal.id, &goal.title));
                format!("{id:?}{count}{health:?}")
            }
            Self::Objective(record) => record.to_string(),
        }
    }
}

pub(super) fn rows(desk: Desk, found: Memo<Vec<Line>>, is_grouped: Memo<bool>) -> Rows {
    let sort = RwSignal::new(Sort { by: Column::Place, is_descending: false });
    let list = Memo::new(move |_| {
        let lines = sorted(desk, found.get(), sort.get());
        if is_grouped.get() {
            grouped(desk, &lines)
        } else {
            lines.iter().map(|line| Row::Objective(line.record())).collect()
        }
    });
    Rows { list, sort }
}

fn grouped(desk: Desk, lines: &[Line]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut group = |goal: Option<Goal>| {
        let id: Option<RecordId> = goal.as_ref().map(|goal| goal.id);
        let own: Vec<&Line> = lines.iter().filter(|line| line.goal == id).collect();
        if own.is_empty() {
            return;
        }
        let active = own.iter().filter(|line| line.objective.is_active());
        let health = goal_health(active.map(|line| line.health.health.ok()));
        rows.push(Row::Group { goal, count: own.len(), health });
        rows.extend(own.into_iter().map(|line| Row::Objective(line.record())));
    };
    let goals = goals(desk);
    let known: Vec<RecordId> = goals.iter().map(|goal| goal.id).collect();
    goals.into_iter().for_each(|goal| group(Some(goal)));
    group(None);
    // An objective of a deleted goal stands with those that serve none.
    let lost = lines.iter().filter(|line| line.goal.is_some_and(|goal| !known.contains(&goal)));
    rows.extend(lost.map(|line| Row::Objective(line.record())));
    rows
}

pub(super) fn scorecard(
    desk: Desk,
    address: Address,
    rows: Rows,
    window: Window,
    begin: Callback<()>,
) -> AnyView {
    expect_context::<Chosen>()
        .shows(Signal::derive(move || rows.list.with(|list| list.iter().filter_map(Row::record).collect())));
    let drawn = move || rows.list.with(|list| window.of(list));
    let sort = rows.sort;
    let lines = view! {
        <For each=drawn key=Row::key children=move |row| match row {
            Row::Group { goal, count, health } => group(goal.as_ref(), count, health),
            Row::Objective(record) => objective(desk, address, record),
        }/>
    };
    let heads = (
        sort_head("Objective", "", Column::Title, sort),
        sort_head("Owner", "", Column::Owner, sort),
        head("Start", "right drop-1"),
        head("Target", "right drop-2"),
        head("Recent", "right"),
        head("Trend", "drop-1"),
        sort_head("Health", "", Column::Health, sort),
        sort_head("Due", "right", Column::Due, sort),
    );
    let this = Table { name: "Scorecard", class: "table stack", columns: "8", window };
    table(this, heads, lines, move || nothing(address, begin))
}

fn nothing(address: Address, begin: Callback<()>) -> AnyView {
    let none = (
        "No objective yet. An objective says what is to become true, by when, and how one will see it.",
        "Add the first objective",
    );
    list::nothing(address, &["q", "owner", "show", "tag"], "No objective matches this filter.", none, begin)
}

fn group(goal: Option<&Goal>, count: usize, health: Option<Health>) -> AnyView {
    let title = match goal {
        Some(goal) => goal.title.clone().into_any(),
        None => span().class("gap").child("Serves no goal").into_any(),
    };
    let health = health.map(|health| {
        let (tone, word) = health_words(Ok(health));
        span().class("goal-health").child(mark(tone, word))
    });
    tr().class("group-row")
        .attr("role", "row")
        .child(th().attr("scope", "rowgroup").attr("role", "rowheader").attr("colspan", "8").child((
            title,
            span().class("quiet numbers group-count").child(count),
            health,
        )))
        .into_any()
}

fn objective(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let line = Memo::new(move |_| now.with(|now| now.as_ref().map(|now| Line::of(desk, now))));
    let title = Signal::derive(move || {
        line.with(|line| line.as_ref().map(|line| line.objective.title.clone()).unwrap_or_default())
    });
    let contested = Signal::derive(move || {
        line.with(|line| line.as_ref().map(|line| line.contested).unwrap_or_default())
    });
    let owner = Signal::derive(move || {
        line.with(|line| line.as_ref().and_then(|line| line.objective.accountable.first().copied()))
    });
    let shown = move |show: fn(Desk, &Line) -> AnyView| {
        move || line.with(|line| line.as_ref().map(|line| show(desk, line)))
    };
    entry_row(
        address,
        record,
        (
            title_cell(desk, address, record, (), title, contested),
            owner_cell(desk, record, owner, "nowrap", "no owner"),
            td().class("right drop-1 numbers second").attr("role", "cell").child(shown(|_, line| {
                let start = line.objective.start.and_then(|start| start.value);
                start.map_or_else(
                    || span().class("quiet").child(NO_VALUE).into_any(),
                    |value| plain(value.as_f64()).into_any(),
                )
            })),
            td().class("right drop-2 numbers nowrap").attr("role", "cell").child(shown(target)),
            td().class("right numbers aim-now").attr("role", "cell").child(shown(|_, line| {
                match line.health.recent {
                    Some(recent) => span()
                        .attr("title", "Mean of the last three values")
                        .child(recent_words(recent))
                        .into_any(),
                    None => span().class("quiet").child(NO_VALUE).into_any(),
                }
            })),
            td().class("drop-1").attr("role", "cell").child(shown(trend)),
            td().class("nowrap").attr("role", "cell").child(shown(|_, line| {
                let (tone, word) = line.told();
                mark_with(tone, word, line.more())
            })),
            td().class("right nowrap numbers").attr("role", "cell").child(shown(due)),
        ),
    )
}

/// The target with its unit; two open ones are both told.
fn target(_: Desk, line: &Line) -> AnyView {
    let values: Vec<Decimal> = line.objective.targets.iter().map(|target| target.value).collect();
    match &line.objective.target {
        None => span().class("gap").child("no target").into_any(),
        Some(target) => {
            let numbers: Vec<String> = values.iter().map(|value| plain(value.as_f64())).collect();
            let unit = (!target.unit.is_empty()).then(|| span().class("unit").child(target.unit.clone()));
            (numbers.join(" \u{b7} "), unit).into_any()
        }
    }
}

fn trend(desk: Desk, line: &Line) -> AnyView {
    let Some(kpi) = &line.kpi else { return span().class("quiet").child("no KPI").into_any() };
    let target = line.objective.target.as_ref().map(|target| target.value.as_f64());
    let nothing = Series::default();
    desk.series().with(|series| {
        let series = series.get(&kpi.id).unwrap_or(&nothing);
        sparkline(&recent_values(series, kpi, desk), target)
    })
}

/// The last periods up to the one that is due, with gaps where nobody measured.
pub(super) fn recent_values(series: &Series, kpi: &workspace::lens::Kpi, desk: Desk) -> Vec<Option<f64>> {
    periods(series, kpi, desk, PERIODS)
        .into_iter()
        .map(|period| series.points.get(&period).and_then(|point| point.value()).map(Decimal::as_f64))
        .collect()
}

/// From the first period with a value (at most `most` back) to the one that is due, or a later one that has a value.
pub(super) fn periods(
    series: &Series,
    kpi: &workspace::lens::Kpi,
    desk: Desk,
    most: usize,
) -> Vec<workspace::Period> {
    let due = kpi.due_period(desk.today().get());
    let last = series.points.keys().next_back().copied().map_or(due, |last| last.max(due));
    let first = series.points.keys().next().copied().unwrap_or(last);
    let mut periods = Vec::new();
    let mut period = last;
    while period >= first && periods.len() < most {
        periods.push(period);
        period = period.previous();
    }
    periods.reverse();
    periods
}

/// At most two decimals: a mean of three values knows no more.
pub(super) fn recent_words(value: f64) -> String {
    plain((value * 100.0).round() / 100.0)
}

fn due(desk: Desk, line: &Line) -> AnyView {
    let today = desk.today().get();
    match (line.objective.target.as_ref().and_then(|target| target.due), line.objective.days_late(today)) {
        (Some(due), Some(days)) => {
            span().class("late").attr("title", day::in_full(due)).child(day::late(days)).into_any()
        }
        (Some(due), None) => day::short(due, today).into_any(),
        (None, _) => span().class("gap").child("no date").into_any(),
    }
}

fn sorted(desk: Desk, mut lines: Vec<Line>, sort: Sort<Column>) -> Vec<Line> {
    let due = |line: &Line| line.objective.target.as_ref().and_then(|target| target.due);
    match sort.by {
        Column::Place => lines.sort_by(|one, other| one.objective.place().cmp(&other.objective.place())),
        Column::Title => lines.sort_by_cached_key(|line| line.objective.title.to_lowercase()),
        Column::Owner => lines.sort_by_cached_key(|line| desk.first_named(&line.objective.accountable)),
        Column::Health => lines.sort_by_key(Line::rank),
        Column::Due => lines.sort_by_key(|line| (due(line).is_none(), due(line))),
    }
    if sort.is_descending {
        lines.reverse();
    }
    lines
}
