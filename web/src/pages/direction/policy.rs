//! The policy: the version in force with its promises and who has read it, and the versions before and to come.

use crate::{
    components::{
        avatar::person,
        day,
        empty::empty,
        mark::{Tone, mark, shape},
    },
    pages::{
        address::Address,
        create::{Draft, Form},
        desk::Desk,
        fields::{Sheet, contested, member_row, row, text_section},
        linked::{Links, lead_reference, linked},
        moves::moves_but,
        shelf, words,
    },
    shell::routes::path_to,
};
use ids::MemberId;
use insight::chain::{Chain, GapKind};
use leptos::{
    ev,
    html::{a, button, div, dl, h2, h3, li, p, section, span, ul},
    prelude::*,
};
use workspace::{
    Edit, Field, Initial, Kind, RecordRef, Relation, acts,
    lens::{Commitment, MemberKind, Policy},
};

pub(super) fn view(
    desk: Desk,
    address: Address,
    begin: Callback<()>,
    begin_promise: Callback<()>,
) -> AnyView {
    let versions = Memo::new(move |_| {
        let mut versions: Vec<Policy> =
            desk.records(Kind::Policy).iter().map(|record| Policy::of(record)).collect();
        // What holds, then what is coming, then what was.
        let place = |version: &Policy| match version.status.as_str() {
            "in-force" => 0,
            "in-review" => 1,
            "draft" => 2,
            _ => 3,
        };
        versions.sort_by_key(|version| (place(version), std::cmp::Reverse(version.id)));
        versions
    });
    let in_force = Memo::new(move |_| {
        versions.with(|versions| {
            versions.iter().filter(|version| version.is_in_force()).map(Policy::record).collect::<Vec<_>>()
        })
    });
    let records =
        Memo::new(move |_| versions.with(|versions| versions.iter().map(Policy::record).collect::<Vec<_>>()));
    let is_empty = Memo::new(move |_| records.with(Vec::is_empty));
    let rows = view! { <For each=move || records.get() key=|record| *record children=move |record| version_row(desk, address, record)/> };
    let holding = move || {
        let in_force = in_force.get();
        let twice = (in_force.len() > 1).then(|| {
            p().class("notice watch").child((
                shape(Tone::Watch),
                format!(
                    "{} versions claim to be in force. Open one of them to let it stand.",
                    in_force.len()
                ),
            ))
        });
        let none = (in_force.is_empty() && !is_empty.get())
            .then(|| p().class("gap").child((shape(Tone::Watch), "no version is in force")));
        let shown = in_force.first().map(|record| words_in_force(desk, *record));
        (none, twice, shown)
    };
    (
        move || {
            is_empty.get().then(|| {
                empty("A policy is a few promises that the work keeps. Write the first version; it binds nobody before you put it in force.", Some(("Write a version", begin)))
            })
        },
        holding,
        promises(desk, address, begin_promise),
        section().prop("hidden", move || is_empty.get()).child((h2().child("Versions"), ul().class("shelf").child(rows))),
    )
        .into_any()
}

fn words_in_force(desk: Desk, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let title = move || now.with(|now| now.as_ref().map(|now| now.title().to_owned()).unwrap_or_default());
    let since = move || {
        now.with(|now| {
            let policy = Policy::of(now.as_deref()?);
            let from = policy.in_force.iter().filter_map(|pinned| pinned.from).min()?;
            Some(format!("in force since {}", day::in_full(from)))
        })
    };
    let words = move || {
        now.with(|now| {
            let text = now.as_ref().map(|now| now.text(Field::Words).to_owned()).unwrap_or_default();
            text.split("\n")
                .filter(|line| !line.trim().is_empty())
                .map(|line| p().child(line.to_owned()))
                .collect_view()
        })
    };
    section()
        .child((
            h2().child((title, span().class("quiet").child(since))),
            div().class("reading policy-words").child(words),
            readers(Sheet::of(desk, record)),
        ))
        .into_any()
}

fn version_row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let beside = move || {
        let policy = now.with(|now| now.as_deref().map(Policy::of))?;
        let from = policy.in_force.iter().filter_map(|pinned| pinned.from).min();
        let from = from
            .map(|from| span().class("quiet numbers nowrap").child(format!("from {}", day::in_full(from))));
        Some((from, mark(words::status_tone(&policy.status), words::label(&policy.status))))
    };
    shelf::line(desk, address, record, beside)
}

// --- Promises -------------------------------------------------------------------------------------------------------

fn promises(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let promises = Memo::new(move |_| {
        let mut promises: Vec<Commitment> =
            desk.records(Kind::Commitment).iter().map(|record| Commitment::of(record)).collect();
        promises.sort_by(|one, other| one.place().cmp(&other.place()));
        promises.iter().map(Commitment::record).collect::<Vec<_>>()
    });
    let hollow = desk.digest(|as_of| {
        let chain = Chain::of(as_of);
        chain.gap(GapKind::PromisesWithoutWork).map(|gap| gap.records.clone()).unwrap_or_default()
    });
    let row = move |record: RecordRef| {
        let upheld = Memo::new(move |_| desk.linked_from(record, Relation::Upholds).len());
        let beside = move || match upheld.get() {
            _ if hollow.with(|hollow| hollow.contains(&record)) => {
                span().class("gap").child((shape(Tone::Watch), "words without work")).into_any()
            }
            0 => span().class("quiet").child("nothing upholds it").into_any(),
            count => span().class("quiet numbers").child(format!("upheld by {count}")).into_any(),
        };
        shelf::line(desk, address, record, beside)
    };
    let rows = view! { <For each=move || promises.get() key=|record| *record children=row/> };
    let has_versions = Memo::new(move |_| !desk.ids(Kind::Policy).is_empty());
    section()
        .prop("hidden", move || !has_versions.get())
        .child((
            h2().child(("Promises", span().class("quiet numbers").child(move || promises.with(Vec::len)))),
            ul().class("shelf").child(rows),
            div().child(
                button()
                    .attr("type", "button")
                    .class("button framed")
                    .on(ev::click, move |_| begin.run(()))
                    .child("Add a promise"),
            ),
        ))
        .into_any()
}

pub(crate) fn promise_sheet(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let versions = sheet.derive(|record| Commitment::of(record).versions);
    let rows = move || {
        let versions = versions.get().into_iter().map(|id| RecordRef::new(Kind::Policy, id));
        versions
            .map(|version| {
                let title = desk.record(version).map(|record| record.title().to_owned()).unwrap_or_default();
                li().child((
                    span().class("ref").child(desk.reference(version)),
                    a().href(path_to(version)).child(title),
                ))
            })
            .collect_view()
    };
    (
        linked(sheet, UPHELD_BY),
        section().child((h3().child("Made in"), ul().class("linked").child(rows))),
        text_section(sheet, "What it means", Field::Body, "What somebody may expect of us because of it"),
    )
        .into_any()
}

const UPHELD_BY: Links = Links {
    heading: "Upheld by",
    none: "words without work: no objective or KPI upholds it",
    ways: &[(Relation::Upholds, false)],
    offers: Some((Kind::Objective, |_| (Relation::Upholds, false))),
    lead: lead_reference,
};

// --- A version in the panel -----------------------------------------------------------------------------------------

pub(crate) fn version_sheet(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let status = sheet.derive(|record| record.status().unwrap_or("draft").to_owned());
    let put = move |_| {
        let Some(record) = desk.record_untracked(sheet.record) else { return };
        let heads = desk.heads();
        let today = desk.today().get_untracked();
        let act = desk.peek(|view| acts::put_policy_in_force(view, &record, today, &heads, None));
        if desk.perform(&act) {
            desk.toasts.say("In force from today. Earlier versions are superseded.");
        }
    };
    let put_button = move || {
        let may = !sheet.read_only.get() && matches!(status.get().as_str(), "draft" | "in-review");
        may.then(|| {
            button()
                .attr("type", "button")
                .class("button main")
                .on(ev::click, put)
                .child("Put in force from today")
        })
    };
    let since = move || {
        let policy = sheet.now.with(|now| now.as_deref().map(Policy::of))?;
        let mut from = policy.in_force.iter().filter_map(|pinned| pinned.from).map(day::in_full);
        Some(from.next().map_or_else(|| "not yet".to_owned(), |from| format!("since {from}")))
    };
    (
        section().child((moves_but(sheet, &["in-force", "superseded"]), div().child(put_button))),
        dl().class("sheet-fields").child((
            row(
                "In force",
                (span().class("plain").child(since), contested(sheet, "In force", Field::InForce)),
            ),
            member_row(sheet, "Accountable", Field::Accountable, "Nobody"),
            member_row(sheet, "Coordinator", Field::Coordinator, "Nobody"),
        )),
        text_section(sheet, "Words", Field::Words, "What we promise, in words that people here would use"),
        readers(sheet),
    )
        .into_any()
}

/// Who said that they had read it, and who has not.
fn readers(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let read = sheet.derive(|record| Policy::of(record).acknowledged);
    let asked = desk.digest(|as_of| {
        let today = as_of.today;
        let asked = as_of.members().filter(|member| {
            member.is_active(today) && matches!(member.kind, Some(MemberKind::Top | MemberKind::Lead))
        });
        asked.map(|member| member.id).collect::<Vec<MemberId>>()
    });
    let is_in_force = sheet.derive(|record| record.status() == Some("in-force"));
    let have_read = Memo::new(move |_| read.with(|read| read.iter().any(|(member, _)| *member == desk.me())));
    let acknowledge = move |_| {
        if desk.perform(&acts::acknowledge_policy(sheet.record, &desk.doer())) {
            desk.toasts.say("Noted: you have read it");
        }
    };
    let lines = move || {
        let read = read.get();
        asked
            .get()
            .into_iter()
            .map(|member| {
                let when =
                    read.iter().find(|(reader, _)| *reader == member).map(|(_, at)| workspace::Date::of(*at));
                let said = match when {
                    Some(when) => span()
                        .class("quiet numbers nowrap")
                        .child(day::short(when, desk.today().get()))
                        .into_any(),
                    None => span().class("quiet").child("not yet").into_any(),
                };
                li().child((person(desk.face(member), "somebody"), said))
            })
            .collect_view()
    };
    let count = move || {
        let asked = asked.get();
        let read = read.with(|read| {
            asked.iter().filter(|member| read.iter().any(|(reader, _)| reader == *member)).count()
        });
        format!("{read} of {}", asked.len())
    };
    let button = move || {
        (is_in_force.get() && !have_read.get() && !sheet.read_only.get()).then(|| {
            button()
                .attr("type", "button")
                .class("button framed")
                .on(ev::click, acknowledge)
                .child("I have read it")
        })
    };
    section()
        .class("readers")
        .child((
            h3().child(("Read by ", span().class("quiet numbers").child(count))),
            ul().class("story readers-list").child(lines),
            div().child(button),
        ))
        .into_any()
}

// --- New ones -------------------------------------------------------------------------------------------------------

pub(super) const VERSION: Form = Form {
    heading: "New version of the policy",
    title_label: "What it is called",
    placeholder: "Policy, autumn",
    button: "Begin version",
    choice: "",
};

pub(super) fn version_fields(_: Draft) -> AnyView {
    p().class("second")
        .child(
            "It begins with the words of the version in force, and binds nobody before it is put in force.",
        )
        .into_any()
}

pub(super) fn create_version(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Policy, desk.fresh_id());
    let now = desk.peek(|view| Policy::in_force(view).into_iter().next());
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into())];
    let mut edits = Vec::new();
    if let Some(now) = now {
        fields.push((Field::Words, now.words.into()));
        // The promises go on until somebody drops one.
        let promises = desk.peek(|view| Commitment::of_version(view, now.id));
        edits.extend(promises.into_iter().map(|promise| Edit::Include {
            record: promise.record(),
            field: Field::Versions,
            member: record.id.to_string(),
        }));
    }
    edits.insert(0, Edit::Create { record, fields });
    desk.act("policy.add", edits).then_some(record)
}

pub(super) const PROMISE: Form = Form {
    heading: "New promise",
    title_label: "What we promise",
    placeholder: "We tell customers first when something went wrong",
    button: "Add promise",
    choice: "",
};

pub(super) fn promise_fields(_: Draft) -> AnyView {
    p().class("second").child("It joins the versions that are in force or being written.").into_any()
}

pub(super) fn create_promise(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Commitment, desk.fresh_id());
    let versions = desk.peek(|view| {
        let versions = view
            .live(Kind::Policy)
            .filter(|version| matches!(version.status(), None | Some("draft" | "in-review" | "in-force")));
        versions.map(|version| version.id.to_string()).collect::<Vec<_>>()
    });
    let fields = vec![(Field::Title, draft.title().into()), (Field::Versions, Initial::Members(versions))];
    desk.act("promise.add", vec![Edit::Create { record, fields }]).then_some(record)
}
