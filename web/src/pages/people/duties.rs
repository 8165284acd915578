//! Nine things that the top owns and cannot sign away: what the workspace shows of each, who carries it, what is
//! missing.

use crate::{
    components::{
        avatar::person,
        icon::{Icon, icon},
        mark::{Tone, shape},
    },
    pages::{desk::Desk, words},
    shell::routes::path_to,
};
use insight::mine::{DutyRow, duties};
use leptos::{
    html::{a, details, div, h2, li, p, section, span, summary, ul},
    prelude::*,
};
use workspace::RecordRef;

/// Shown of what shows a duty; more is no more convincing.
const SHOWN: usize = 12;

pub(super) fn view(desk: Desk) -> AnyView {
    let rows = desk.digest(duties);
    let list = view! { <For each=move || rows.get() key=|row| (row.duty, row.gap.clone(), row.evidence.len(), row.holders.clone()) children=move |row| duty(desk, row)/> };
    section()
        .attr("aria-label", "Own, not sign")
        .child((
            p().class("second").child("Signing is quick. Owning shows in what one does: what there is of each, and what is missing."),
            ul().class("duties").child(list),
        ))
        .into_any()
}

fn duty(desk: Desk, row: DutyRow) -> AnyView {
    let holders = if row.holders.is_empty() {
        person(None, "no seat carries it")
    } else {
        let faces = row.holders.iter().map(|holder| person(desk.face(*holder), "somebody")).collect_view();
        div().class("duty-holders").child(faces).into_any()
    };
    let gap = match row.gap {
        Some(gap) => p().class("gap duty-gap").child((shape(Tone::Watch), span().child(gap))).into_any(),
        None => p().class("quiet").child("Nothing is known to be missing.").into_any(),
    };
    let count = row.evidence.len();
    let evidence = (count > 0).then(|| {
        let links =
            row.evidence.iter().take(SHOWN).map(|record| li().child(link(desk, *record))).collect_view();
        let rest = (count > SHOWN).then(|| li().class("quiet").child(format!("and {} more", count - SHOWN)));
        let head = match count {
            1 => "1 record shows it".to_owned(),
            count => format!("{count} records show it"),
        };
        details().class("more").child((
            summary().child((icon(Icon::Right), head)),
            ul().class("gap-records").child((links, rest)),
        ))
    });
    li().attr("data-duty", row.duty.key())
        .child((div().class("duty-head").child((h2().child(row.duty.title()), holders)), gap, evidence))
        .into_any()
}

fn link(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let title = move || {
        now.with(|now| {
            let title = now.as_ref().map(|now| now.title().to_owned()).unwrap_or_default();
            if title.is_empty() { words::label(words::noun(record.kind, None)) } else { title }
        })
    };
    a().class("row-link").href(path_to(record)).child(title).into_any()
}
