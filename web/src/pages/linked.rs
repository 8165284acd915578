//! What a record is linked to, as rows with a way there. A deleted end is greyed, never hidden; a missing link is said.

use super::{desk::Desk, fields::Sheet, words};
use crate::{
    components::{
        choice::{Choice, ChoiceField, choice},
        icon::{Icon, icon},
        mark::{Tone, mark, shape},
    },
    shell::routes::path_to,
};
use leptos::{
    ev,
    html::{a, button, h3, li, p, section, span, ul},
    prelude::*,
};
use workspace::{Edge, Edit, Field, Kind, RecordRef, Relation};

/// How a record is linked: the relation, and whether the record that is shown is where the link starts.
pub(crate) type Way = fn(&workspace::Record) -> (Relation, bool);

/// One kind of link of a record, seen from one side.
#[derive(Clone, Copy)]
pub(crate) struct Links {
    pub(crate) heading: &'static str,
    /// Said where there is none.
    pub(crate) none: &'static str,
    /// How a record of the list is linked to this one: the relation, and whether this record is where it starts.
    pub(crate) ways: &'static [(Relation, bool)],
    /// Records that can be linked here, and the way they then are.
    pub(crate) offers: Option<(Kind, Way)>,
    /// What stands in front of each row.
    pub(crate) lead: fn(Desk, RecordRef) -> AnyView,
}

pub(crate) fn linked(sheet: Sheet, links: Links) -> AnyView {
    let desk = sheet.desk;
    let here = sheet.record;
    let others = Memo::new(move |_| {
        let mut others: Vec<(RecordRef, Edge)> = Vec::new();
        for (relation, starts_here) in links.ways {
            let found = if *starts_here {
                desk.linked_to(here, *relation)
            } else {
                desk.linked_from(here, *relation)
            };
            for other in found {
                let edge = if *starts_here {
                    Edge::new(*relation, here, other)
                } else {
                    Edge::new(*relation, other, here)
                };
                if !others.iter().any(|(known, _)| *known == other) {
                    others.push((other, edge));
                }
            }
        }
        others
    });
    let rows = move || {
        others.get().into_iter().map(|(other, edge)| row(sheet, other, edge, links.lead)).collect_view()
    };
    let none =
        move || others.with(Vec::is_empty).then(|| p().class("gap").child((shape(Tone::Watch), links.none)));
    let offer = links.offers.map(|(kind, way)| offer(sheet, kind, way, others.into()));
    section()
        .child((
            h3().child((links.heading, move || {
                others.with(|others| {
                    (!others.is_empty()).then(|| span().class("quiet numbers").child(others.len()))
                })
            })),
            none,
            ul().class("linked").child(rows),
            offer,
        ))
        .into_any()
}

fn row(sheet: Sheet, other: RecordRef, edge: Edge, lead: fn(Desk, RecordRef) -> AnyView) -> AnyView {
    let desk = sheet.desk;
    let record = desk.signal(other);
    let title = move || {
        record.with(|record| {
            record
                .as_ref()
                .map_or_else(|| "Not on this device".to_owned(), |record| record.title().to_owned())
        })
    };
    let is_gone = move || record.with(|record| record.as_ref().is_none_or(|record| record.is_deleted()));
    let name = a().href(path_to(other)).child(title);
    let remove = move || {
        (!sheet.read_only.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button bare quiet unlink")
                .attr("aria-label", move || format!("Remove the link to {}", title()))
                .on(ev::click, move |_| {
                    if desk.act("link.remove", vec![Edit::Unlink(edge)]) {
                        desk.toasts.offer("Link removed", "Undo", move || {
                            desk.act("link.add", vec![Edit::Link(edge)]);
                        });
                    }
                })
                .child(icon(Icon::Close))
        })
    };
    li().class(move || if is_gone() { "gone" } else { "" })
        .child((lead(desk, other), name, remove))
        .into_any()
}

/// A choice of what is not linked yet.
fn offer(sheet: Sheet, kind: Kind, way: Way, others: Signal<Vec<(RecordRef, Edge)>>) -> AnyView {
    let desk = sheet.desk;
    let choices = Signal::derive(move || {
        let linked = others.get();
        let mut choices: Vec<Choice> = desk
            .records(kind)
            .into_iter()
            .filter(|record| !linked.iter().any(|(other, _)| *other == record.reference()))
            .map(|record| Choice::new(record.id.to_string(), record.title()))
            .collect();
        choices.sort_by(|one, other| one.label.cmp(&other.label));
        choices
    });
    let label = format!("Link {} {}", article(kind), words::noun(kind, None));
    let add = Callback::new(move |id: String| {
        let Some(record) = id.parse().ok().and_then(|id| desk.record_untracked(RecordRef::new(kind, id)))
        else {
            return;
        };
        let (relation, starts_here) = way(&record);
        let other = record.reference();
        let edge = if starts_here {
            Edge::new(relation, sheet.record, other)
        } else {
            Edge::new(relation, other, sheet.record)
        };
        desk.act("link.add", vec![Edit::Link(edge)]);
    });
    let none: &'static str = match kind {
        Kind::Objective => "+ Link an objective",
        Kind::Register => "+ Link a risk or opportunity",
        Kind::Goal => "+ Link a goal",
        Kind::Requirement => "+ Link a requirement",
        Kind::Commitment => "+ Link a promise",
        Kind::Need => "+ Link a need",
        Kind::Issue => "+ Link an issue",
        _ => "+ Link an action",
    };
    (move || {
        (!sheet.read_only.get()).then(|| {
            choice(ChoiceField {
                label: label.clone(),
                choices,
                value: Signal::stored(String::new()),
                set: add,
                none: Some(none),
                class: "inline",
                read_only: Signal::stored(false),
            })
        })
    })
    .into_any()
}

fn article(kind: Kind) -> &'static str {
    if matches!(kind, Kind::Objective | Kind::Action | Kind::Issue) { "an" } else { "a" }
}

/// Leads with the state of the record.
pub(crate) fn lead_status(desk: Desk, record: RecordRef) -> AnyView {
    let record = desk.signal(record);
    (move || {
        record.with(|record| {
            let status = record.as_ref()?.line(Field::Status)?.to_owned();
            Some(mark(words::status_tone(&status), words::label(&status)))
        })
    })
    .into_any()
}

/// Leads with the reference of the record.
pub(crate) fn lead_reference(desk: Desk, record: RecordRef) -> AnyView {
    span().class("ref").child(desk.reference(record)).into_any()
}
