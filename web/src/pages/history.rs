//! The story of a record as its changes tell it: who, when, what was done. Read from the history when somebody opens it.

use super::{desk::Desk, fields::Sheet, words};
use crate::components::{
    day,
    icon::{Icon, icon},
};
use leptos::{
    ev,
    html::{details, li, p, span, summary, ul},
    prelude::*,
};
use workspace::{Date, history::Told};

/// Told at once; earlier lines follow on demand.
const LINES: usize = 20;

pub(crate) fn history(sheet: Sheet) -> AnyView {
    let (desk, record) = (sheet.desk, sheet.record);
    let is_open = RwSignal::new(false);
    let shown = RwSignal::new(LINES);
    let lines = Memo::new(move |_| {
        sheet.now.track();
        if is_open.get() { lines(&desk.told_of(record)) } else { Vec::new() }
    });
    let list = move || {
        let all = lines.get();
        let rest = all.len().saturating_sub(shown.get());
        let rows = all.into_iter().take(shown.get()).map(|line| row(desk, line)).collect_view();
        let more = (rest > 0).then(|| {
            leptos::html::button()
                .attr("type", "button")
                .class("button")
                .on(ev::click, move |_| shown.update(|shown| *shown += LINES))
                .child(format!("{rest} earlier"))
        });
        (ul().class("story").child(rows), more)
    };
    let none = move || {
        (is_open.get() && lines.with(Vec::is_empty))
            .then(|| p().class("quiet").child("No change on this device names this record."))
    };
    details()
        .class("more")
        .on(ev::toggle, move |event| {
            let opened = event_target::<web_sys::Element>(&event).has_attribute("open");
            is_open.set(opened);
        })
        .child((summary().child((icon(Icon::Right), "History")), none, list))
        .into_any()
}

/// Changes of one person that do the same on one day, as one line.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    by: Option<ids::MemberId>,
    on: Date,
    what: String,
    times: usize,
}

/// Newest first.
fn lines(told: &[Told]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for told in told.iter().rev() {
        let what = told.note.as_ref().map(|note| what(&note.act)).unwrap_or_default();
        let on = Date::of(told.claimed);
        match lines.last_mut().filter(|line| line.by == told.member && line.on == on && line.what == what) {
            Some(line) => line.times += 1,
            None => lines.push(Line { by: told.member, on, what, times: 1 }),
        }
    }
    lines
}

/// `action.send-back` is "send back"
fn what(act: &str) -> String {
    let verb = act.rsplit('.').next().unwrap_or(act);
    let field = workspace::Field::from_key(verb).map(words::field);
    field.unwrap_or_else(|| words::label(verb))
}

fn row(desk: Desk, line: Line) -> AnyView {
    let times = (line.times > 1).then(|| span().class("quiet").child(format!(", {} changes", line.times)));
    li().child((
        span().child((format!("{} by {}", line.what, desk.name_of(line.by)), times)),
        span().class("quiet numbers nowrap").child(day::in_full(line.on)),
    ))
    .into_any()
}
