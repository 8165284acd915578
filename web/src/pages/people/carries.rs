//! What one person carries, on their panel: what they own, and what they only coordinate.

use crate::{
    pages::{desk::Desk, fields::Sheet, words},
    shell::routes::path_to,
};
use ids::MemberId;
use insight::mine::{Board, board};
use leptos::{
    html::{a, details, div, h3, h4, li, p, section, span, summary, ul},
    prelude::*,
};
use workspace::{Kind, RecordRef};

pub(super) fn carries(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let member = MemberId(sheet.record.id);
    let carried = desk.digest(move |as_of| board(as_of, member));
    let groups = move || {
        carried.with(|board| {
            parts(board)
                .into_iter()
                .filter(|(_, records)| !records.is_empty())
                .map(|(heading, records)| group(desk, heading, records))
                .collect_view()
        })
    };
    let none = move || {
        carried
            .with(|board| board.owned().next().is_none() && board.coordinates.is_empty())
            .then(|| p().class("quiet").child("nothing"))
    };
    let count = move || carried.with(|board| board.owned().count());
    section()
        .class("connections")
        .child((h3().child(("Carries ", span().class("quiet numbers").child(count))), none, groups))
        .into_any()
}

fn parts(board: &Board) -> [(&'static str, Vec<RecordRef>); 11] {
    [
        ("Seats", board.seats.clone()),
        (words::nouns(Kind::Goal), board.goals.clone()),
        (words::nouns(Kind::Objective), board.objectives.clone()),
        (words::nouns(Kind::Register), board.entries.clone()),
        (words::nouns(Kind::Action), board.actions.clone()),
        ("Decisions to bring", board.decisions.clone()),
        ("Needs asked for", board.needs.clone()),
        ("KPIs kept", board.figures.clone()),
        ("Authority", board.grants.clone()),
        (words::nouns(Kind::Finding), board.findings.clone()),
        ("Coordinates only", board.coordinates.clone()),
    ]
}

/// Long groups are folded.
const FOLD: usize = 6;

fn group(desk: Desk, heading: &'static str, records: Vec<RecordRef>) -> AnyView {
    let count = records.len();
    let rows = records.into_iter().map(|record| row(desk, record)).collect_view();
    let list = ul().class("linked").child(rows);
    if count > FOLD {
        let head = summary().child((heading, span().class("quiet numbers").child(count.to_string())));
        details().class("more").child((head, list)).into_any()
    } else {
        div().child((h4().child(heading), list)).into_any()
    }
}

fn row(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let title = move || {
        now.with(|now| {
            let title = now.as_ref().map(|now| now.title().to_owned()).unwrap_or_default();
            if title.is_empty() { words::label(words::noun(record.kind, None)) } else { title }
        })
    };
    li().child((span().class("ref").child(desk.reference(record)), a().href(path_to(record)).child(title)))
        .into_any()
}
