//! The team: role, kind, and how much each carries. Counts are there to see who carries too much; nobody is ranked by
//! them, so the order is that of joining.

use super::carries::carries;
use crate::{
    components::{choice::Choice, day, empty::empty},
    pages::{
        address::Address,
        create::{Draft, Form, choice_field, day_field},
        desk::Desk,
        fields::{Sheet, choice_row, contested, line_row, row, shown, text_section},
        shelf, words,
    },
};
use insight::mine::board;
use leptos::{
    html::{div, dl, section, span, ul},
    prelude::*,
};
use workspace::{
    Edit, Field, Initial, Kind, RecordRef, Scalar,
    lens::{Member, MemberKind},
};

pub(super) fn view(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let members = Memo::new(move |_| desk.ids(Kind::Member));
    let rows = view! { <For each=move || members.get() key=|id| *id children=move |id| member_row(desk, address, RecordRef::new(Kind::Member, id))/> };
    section()
        .attr("aria-label", "Team")
        .child((
            move || {
                members
                    .with(Vec::is_empty)
                    .then(|| empty("Nobody is here yet.", Some(("Add a person", begin))))
            },
            ul().class("shelf roll").child(rows),
        ))
        .into_any()
}

fn member_row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let owned = desk.digest(move |as_of| board(as_of, ids::MemberId(record.id)).owned().count());
    let beside = move || {
        let member = now.with(|now| now.as_deref().map(Member::of))?;
        let today = desk.today().get();
        let gone = member.until.filter(|until| *until < today);
        let kind = match gone {
            Some(until) => span().class("quiet nowrap").child(format!("left {}", day::short(until, today))),
            None => span()
                .class("second nowrap")
                .child(member.kind.map(kind_words).unwrap_or("not said").to_owned()),
        };
        let role = span().class("quiet wide-only").child(member.role_title);
        let owned = span().class("quiet numbers nowrap carries-count").child(move || match owned.get() {
            0 => "owns nothing".to_owned(),
            count => format!("owns {count}"),
        });
        Some((role, kind, owned))
    };
    shelf::line(desk, address, record, beside)
}

const fn kind_words(kind: MemberKind) -> &'static str {
    match kind {
        MemberKind::Top => "Top management",
        MemberKind::Lead => "Leads a part",
        MemberKind::Facilitator => "Facilitates",
        MemberKind::Custodian => "Keeps concerns",
        MemberKind::Auditor => "Audits",
        MemberKind::Guest => "Guest",
    }
}

fn kind_choices() -> Vec<Choice> {
    let known = words::choices(Kind::Member, Field::Kind).into_iter();
    known
        .map(|choice| {
            let words = MemberKind::of(&choice.value).map(kind_words);
            Choice::new(choice.value, words.map_or(choice.label, str::to_owned))
        })
        .collect()
}

// --- In the panel ---------------------------------------------------------------------------------------------------

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    (
        dl().class("sheet-fields").child((
            line_row(sheet, "Role", Field::RoleTitle, "not said"),
            choice_row(sheet, "In the team", Field::Kind, kind_choices(), "not said"),
            line_row(sheet, "Mail", Field::Email, "not said"),
            active_row(sheet),
        )),
        carries(sheet),
        text_section(sheet, "Notes", Field::Body, "What colleagues should know"),
    )
        .into_any()
}

fn active_row(sheet: Sheet) -> AnyView {
    let span_of = sheet.derive(|record| {
        let member = Member::of(record);
        (member.from, member.until)
    });
    let is_open = RwSignal::new(false);
    let words = move || {
        let words = match span_of.get() {
            (Some(from), Some(until)) => format!("{} to {}", day::in_full(from), day::in_full(until)),
            (Some(from), None) => format!("since {}", day::in_full(from)),
            (None, Some(until)) => format!("until {}", day::in_full(until)),
            (None, None) => "not said".to_owned(),
        };
        span().class("numbers").child(words)
    };
    let edit = move || {
        is_open.get().then(|| {
            let (from, until) = span_of.get_untracked();
            let (from, until) = (RwSignal::new(from), RwSignal::new(until));
            let save = Callback::new(move |()| {
                let mut span = serde_json::Map::new();
                for (key, day) in [("from", from.get_untracked()), ("until", until.get_untracked())] {
                    if let Some(day) = day {
                        span.insert(key.to_owned(), day.to_string().into());
                    }
                }
                sheet.set(Field::Active, Some(Scalar::Atom(serde_json::Value::Object(span))));
                is_open.set(false);
            });
            let fields = div().class("sheet-row").child((day_field("From", from), day_field("Until", until)));
            crate::pages::ask::form(fields, "Save", Signal::stored(true), save, is_open)
        })
    };
    row(
        "Here",
        (shown(sheet, "time in the team", words, is_open), contested(sheet, "Here", Field::Active), edit),
    )
}

// --- New ones -------------------------------------------------------------------------------------------------------

pub(super) const PERSON: Form = Form {
    heading: "New person",
    title_label: "Name",
    placeholder: "Anna van der Berg",
    button: "Add person",
    choice: "lead",
};

pub(super) fn fields(draft: Draft) -> AnyView {
    choice_field("In the team", Signal::stored(kind_choices()), draft.choice, None)
}

pub(super) fn create(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Member, desk.fresh_id());
    let kind: Initial = draft.choice.get_untracked().into();
    let fields = vec![(Field::Title, draft.title().into()), (Field::Kind, kind)];
    desk.act("person.add", vec![Edit::Create { record, fields }]).then_some(record)
}
