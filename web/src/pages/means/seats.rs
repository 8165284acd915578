//! Seats: the jobs of the system, who holds each, who stands in, and which duties go with it. An empty seat and a missing
//! deputy are gaps.

use crate::{
    components::{
        avatar::person,
        empty::empty,
        mark::{Tone, shape},
    },
    pages::{
        address::Address,
        create::{Draft, Form, choice_field},
        desk::Desk,
        fields::{Sheet, member_row, text_section},
        plain::record_row,
        shelf, words,
    },
    shell::routes::path_to,
};
use insight::mine::DUTIES;
use leptos::{
    ev,
    html::{a, dl, h3, input, label, li, p, section, span, ul},
    prelude::*,
};
use workspace::{
    Edit, Field, Initial, Kind, RecordRef,
    lens::{Grant, Holder, Seat},
};

pub(super) fn view(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let seats = Memo::new(move |_| desk.ids(Kind::Seat));
    let rows = view! { <For each=move || seats.get() key=|seat| *seat children=move |seat| seat_row(desk, address, RecordRef::new(Kind::Seat, seat))/> };
    section()
        .attr("aria-label", "Seats")
        .child((
            move || {
                seats.with(Vec::is_empty).then(|| {
                    empty(
                        "A seat is a job, not a person: what it answers for, who holds it, who stands in.",
                        Some(("Add a seat", begin)),
                    )
                })
            },
            ul().class("shelf").child(rows),
        ))
        .into_any()
}

fn seat_row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let beside = move || {
        let seat = now.with(|now| now.as_deref().map(Seat::of))?;
        let duties = match seat.duties.len() {
            0 => None,
            1 => Some("1 duty".to_owned()),
            count => Some(format!("{count} duties")),
        };
        let holder = match seat.holders.as_slice() {
            [one, other, ..] => {
                let names = format!("{} or {}", desk.first_name(Some(*one)), desk.first_name(Some(*other)));
                span().class("gap").child((shape(Tone::Watch), names)).into_any()
            }
            holders => person(holders.first().and_then(|member| desk.face(*member)), "empty"),
        };
        let deputy = match seat.deputies.first() {
            Some(deputy) => span()
                .class("quiet nowrap wide-only")
                .child(format!("deputy {}", desk.first_name(Some(*deputy))))
                .into_any(),
            None => span().class("gap small wide-only").child("no deputy").into_any(),
        };
        Some((
            duties.map(|duties| span().class("quiet numbers nowrap wide-only").child(duties)),
            deputy,
            holder,
        ))
    };
    shelf::line(desk, address, record, beside)
}

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    (
        dl().class("sheet-fields").child((
            member_row(sheet, "Held by", Field::Holder, "Empty"),
            member_row(sheet, "Deputy", Field::Deputy, "Nobody"),
            record_row(sheet, "Reports to", Field::ReportsTo, &[Kind::Seat]),
        )),
        text_section(sheet, "What it is for", Field::Purpose, "What this job makes sure of"),
        duties(sheet),
        may_decide(sheet),
    )
        .into_any()
}

/// Which of the duties of the top go with this seat.
fn duties(sheet: Sheet) -> AnyView {
    let has = sheet.derive(|record| record.members(Field::Duties).map(str::to_owned).collect::<Vec<_>>());
    let known = DUTIES.map(|duty| (duty.key(), duty.title()));
    let known =
        known.into_iter().chain([("quality-coordination", "Coordinates quality; answers for none of it")]);
    let boxes = known
        .map(|(key, title)| {
            let field = input()
                .attr("type", "checkbox")
                .prop("checked", move || has.with(|has| has.iter().any(|known| known == key)))
                .prop("disabled", move || sheet.read_only.get())
                .on(ev::change, move |event| {
                    let (record, field, member) = (sheet.record, Field::Duties, key.to_owned());
                    let edit = if event_target_checked(&event) {
                        Edit::Include { record, field, member }
                    } else {
                        Edit::Exclude { record, field, member }
                    };
                    sheet.desk.act("seat.duties", vec![edit]);
                });
            li().child(label().class("check").child((field, title)))
        })
        .collect_view();
    let others = move || {
        let is_known =
            |key: &String| DUTIES.iter().any(|duty| duty.key() == key) || key == "quality-coordination";
        let others: Vec<String> =
            has.get().into_iter().filter(|key| !is_known(key)).map(|key| words::label(&key)).collect();
        (!others.is_empty()).then(|| p().class("quiet").child(others.join(", ")))
    };
    section().child((h3().child("Duties that go with it"), ul().child(boxes), others)).into_any()
}

/// Authority that goes with the seat.
fn may_decide(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let grants = Memo::new(move |_| {
        let grants = desk.records(Kind::Grant).into_iter().map(|record| Grant::of(&record));
        let here = grants.filter(|grant| grant.holders.contains(&Holder::One(sheet.record.id)));
        here.map(|grant| (grant.record(), grant.title)).collect::<Vec<_>>()
    });
    let rows = move || {
        grants
            .get()
            .into_iter()
            .map(|(record, title)| {
                li().child((
                    span().class("ref").child(desk.reference(record)),
                    a().href(path_to(record)).child(title),
                ))
            })
            .collect_view()
    };
    let none =
        move || grants.with(Vec::is_empty).then(|| p().class("quiet").child("no authority goes with it"));
    section().child((h3().child("May decide"), none, ul().class("linked").child(rows))).into_any()
}

pub(super) const SEAT: Form = Form {
    heading: "New seat",
    title_label: "What the job is called",
    placeholder: "Head of service",
    button: "Add seat",
    choice: "",
};

pub(super) fn fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    choice_field("Held by", Signal::derive(move || desk.member_choices()), draft.owner, Some("Empty"))
}

pub(super) fn create(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Seat, desk.fresh_id());
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into())];
    fields.extend(draft.owner_as(Field::Holder));
    desk.act("seat.add", vec![Edit::Create { record, fields }]).then_some(record)
}
