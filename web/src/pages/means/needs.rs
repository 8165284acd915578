//! Means that somebody asked for: what waits and since when, what was answered, and the answer itself: yes, no, or when.

use crate::{
    components::{
        avatar::person,
        choice::Choice,
        date_field::{DateField, date_field},
        day,
        empty::empty,
        ids::fresh_id,
        mark::{Tone, mark, shape},
        number::{plain, typed},
    },
    pages::{
        address::Address,
        ask::form,
        create::{Draft, Form, choice_field, text_field},
        desk::Desk,
        fields::{Sheet, choice_row, contested, date_row, member_row, row, shown, text_section},
        linked::{Links, lead_reference, linked},
        shelf, words,
    },
};
use leptos::{
    ev,
    html::{button, div, dl, h2, h3, input, label, li, p, section, span, ul},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Date, Edit, Field, Initial, Kind, RecordRef, Relation,
    acts::{self, NeedReply},
    lens::{Amount, Need, NeedAnswer},
};

/// Days without an answer after which a need is old; as the findings count.
const OLD_DAYS: i32 = 45;

const PARTS: [(&str, &str); 5] = [
    ("requested", "Waiting for an answer"),
    ("deferred", "Put off"),
    ("committed", "Promised"),
    ("delivered", "Here"),
    ("refused", "Refused"),
];

pub(super) fn view(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let needs = Memo::new(move |_| {
        desk.records(Kind::Need).iter().map(|record| Need::of(record)).collect::<Vec<_>>()
    });
    let is_empty = Memo::new(move |_| needs.with(Vec::is_empty));
    let parts = PARTS.map(|(status, heading)| part(desk, address, needs, status, heading));
    (
        move || {
            is_empty.get().then(|| {
                empty(
                    "People, money, time, equipment, knowledge: what does the work need? Every need gets an answer: yes, no, or when.",
                    Some(("Ask for means", begin)),
                )
            })
        },
        Vec::from(parts),
    )
        .into_any()
}

fn part(
    desk: Desk,
    address: Address,
    needs: Memo<Vec<Need>>,
    status: &'static str,
    heading: &'static str,
) -> AnyView {
    let here = Memo::new(move |_| {
        needs.with(|needs| {
            // Two answers given apart are no answer yet.
            let stands = |need: &&Need| {
                let stands = if need.is_answer_contested() { "requested" } else { need.status.as_str() };
                stands == status
            };
            let mut here: Vec<&Need> = needs.iter().filter(stands).collect();
            here.sort_by_key(|need| (need.requested_on.is_none(), need.requested_on, need.id));
            here.into_iter().map(Need::record).collect::<Vec<_>>()
        })
    });
    let has_any = Memo::new(move |_| !here.with(Vec::is_empty));
    (move || {
        has_any.get().then(|| {
            let rows = view! { <For each=move || here.get() key=|need| *need children=move |need| need_row(desk, address, need)/> };
            section().child((
                h2().child((heading, span().class("quiet numbers").child(move || here.with(Vec::len)))),
                ul().class("shelf").child(rows),
            ))
        })
    })
    .into_any()
}

fn need_row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let beside = move || {
        let need = now.with(|now| now.as_deref().map(Need::of))?;
        let today = desk.today().get();
        let amount = need.amounts.first().and_then(amount_words);
        let amount = amount.map(|words| span().class("quiet numbers wide-only nowrap").child(words));
        let since = match need.days_waiting(today) {
            Some(days) if days > OLD_DAYS => {
                Some(span().class("late numbers nowrap").child(format!("waits {days}\u{a0}d")))
            }
            Some(days) => Some(span().class("quiet numbers nowrap").child(format!("waits {days}\u{a0}d"))),
            None => need.answer().and_then(|answer| answer.until).map(|until| {
                let class = if until < today { "late numbers nowrap" } else { "quiet numbers nowrap" };
                span().class(class).child(format!("until {}", day::short(until, today)))
            }),
        };
        let asked_by =
            person(need.requested_by.first().and_then(|member| desk.face(*member)), "nobody asked");
        let apart = need.is_answer_contested().then(|| mark(Tone::Watch, "two answers"));
        Some((amount, apart, since, asked_by))
    };
    shelf::line(desk, address, record, beside)
}

fn amount_words(amount: &Amount) -> Option<String> {
    Some(format!("{} {}", plain(amount.value?.as_f64()), amount.unit).trim().to_owned())
}

// --- In the panel ---------------------------------------------------------------------------------------------------

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    (
        answers(sheet),
        dl().class("sheet-fields").child((
            choice_row(sheet, "Kind", Field::Kind, words::choices(Kind::Need, Field::Kind), "not said"),
            amount_row(sheet),
            date_row(sheet, "Needed by", Field::NeededBy),
            member_row(sheet, "Asked for by", Field::RequestedBy, "Nobody"),
            date_row(sheet, "Asked on", Field::RequestedAt),
        )),
        linked(sheet, NEEDED_FOR),
        text_section(sheet, "What for", Field::Body, "What it makes possible, and what happens without it"),
    )
        .into_any()
}

const NEEDED_FOR: Links = Links {
    heading: "Needed for",
    none: "no objective or action says that it needs this",
    ways: &[(Relation::Needs, false)],
    offers: Some((Kind::Objective, |_| (Relation::Needs, false))),
    lead: lead_reference,
};

/// What can be answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Refuse,
    Defer,
}

/// What was answered, two answers side by side, and the three ways to answer.
fn answers(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let need = sheet.derive(|record| Some(Need::of(record)));
    let asking = RwSignal::new(None::<Asked>);
    let reply = move |reply: NeedReply, reason: &str| {
        let Some(record) = desk.record_untracked(sheet.record) else { return false };
        desk.perform(&acts::answer_need(&record, desk.fresh_id(), &reply, reason, None))
    };
    let state = move || {
        let need = need.get()?;
        let told = if need.is_answer_contested() {
            mark(Tone::Watch, "Two answers given apart")
        } else {
            mark(words::status_tone(&need.status), words::label(&need.status))
        };
        let waits = need.days_waiting(desk.today().get()).map(|days| {
            span()
                .class(if days > OLD_DAYS { "late numbers" } else { "quiet numbers" })
                .child(format!("for {days}\u{a0}d"))
        });
        Some((told, waits))
    };
    let lines = move || {
        let need = need.get()?;
        Some(need.answers.into_iter().map(|answer| answer_line(desk, answer)).collect_view())
    };
    let apart = move || {
        need.with(|need| need.as_ref().is_some_and(Need::is_answer_contested)).then(|| {
            p().class("notice watch").child((
                shape(Tone::Watch),
                "Both count as no answer until one more answer takes their place.",
            ))
        })
    };
    let buttons = move || {
        let need = need.get().filter(|_| !sheet.read_only.get())?;
        let press = |words: &'static str, run: Callback<()>| {
            button()
                .attr("type", "button")
                .class("button framed")
                .on(ev::click, move |_| run.run(()))
                .child(words)
        };
        let is_open = need.is_answer_contested() || matches!(need.status.as_str(), "requested" | "deferred");
        let answer = is_open.then(|| {
            (
                press(
                    "Yes",
                    Callback::new(move |()| {
                        if reply(NeedReply::Commit, "") {
                            desk.toasts.say("Promised");
                        }
                    }),
                ),
                press("No\u{2026}", Callback::new(move |()| asking.set(Some(Asked::Refuse)))),
                press("Not now\u{2026}", Callback::new(move |()| asking.set(Some(Asked::Defer)))),
            )
        });
        let here = (!need.is_answer_contested() && need.status == "committed").then(|| {
            press(
                "It is here",
                Callback::new(move |()| {
                    if let Some(record) = desk.record_untracked(sheet.record) {
                        desk.perform(&acts::deliver_need(&record, &desk.doer()));
                    }
                }),
            )
        });
        let again = matches!(need.status.as_str(), "refused" | "deferred").then(|| {
            press(
                "Ask again",
                Callback::new(move |()| {
                    let edit =
                        Edit::Move { record: sheet.record, to: "requested".to_owned(), note: String::new() };
                    desk.act("need.ask-again", vec![edit]);
                }),
            )
        });
        Some((answer, here, again))
    };
    let ask = move || asking.get().map(|asked| ask(sheet, asked, asking, reply));
    section()
        .child((
            h3().child("Answer"),
            div().class("panel-state").child(state),
            contested(sheet, "State", Field::Status),
            ul().class("story").child(lines),
            apart,
            div().class("moves").attr("role", "group").attr("aria-label", "Answer").child(buttons),
            ask,
        ))
        .into_any()
}

fn answer_line(desk: Desk, answer: NeedAnswer) -> AnyView {
    let word = words::label(&answer.answer);
    let until = answer.until.map(|until| format!(" until {}", day::in_full(until))).unwrap_or_default();
    let reason = answer.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    li().child((
        span().child(format!("{word}{until} by {}{reason}", desk.name_of(answer.by))),
        span().class("quiet numbers nowrap").child(answer.on.map(day::in_full)),
    ))
    .into_any()
}

/// Why not, or until when.
fn ask(
    sheet: Sheet,
    asked: Asked,
    asking: RwSignal<Option<Asked>>,
    reply: impl Fn(NeedReply, &str) -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let reason = RwSignal::new(String::new());
    let until = RwSignal::new(None::<Date>);
    let is_open = RwSignal::new(true);
    Effect::new(move |_| {
        if !is_open.get() {
            asking.set(None);
        }
    });
    let is_ready = Signal::derive(move || match asked {
        Asked::Refuse => reason.with(|reason| !reason.trim().is_empty()),
        Asked::Defer => until.get().is_some_and(|until| until > sheet.desk.today().get()),
    });
    let save = Callback::new(move |()| {
        let answer = match (asked, until.get_untracked()) {
            (Asked::Defer, Some(until)) => NeedReply::Defer { until },
            _ => NeedReply::Refuse,
        };
        if reply(answer, reason.get_untracked().trim()) {
            is_open.set(false);
        }
    });
    let id = fresh_id("reason");
    let day = (asked == Asked::Defer).then(|| {
        div().class("field").child((
            div().class("label").attr("aria-hidden", "true").child("Ask again on"),
            date_field(DateField {
                label: "Ask again on".to_owned(),
                value: until.into(),
                set: Callback::new(move |day| until.set(day)),
                class: "input",
                read_only: Signal::stored(false),
            }),
        ))
    });
    let words = if asked == Asked::Defer { "Why (optional)" } else { "Why not" };
    let fields = (
        day,
        div().class("field").child((
            label().attr("for", id.clone()).child(words),
            input()
                .id(id)
                .class("input")
                .attr("type", "text")
                .attr("maxlength", "500")
                .on(ev::input, move |event| reason.set(event_target_value(&event))),
        )),
    );
    form(fields, "Answer", is_ready, save, is_open)
}

/// How much of what: number and unit are one value.
fn amount_row(sheet: Sheet) -> AnyView {
    let amount = sheet.derive(|record| Need::of(record).amounts.into_iter().next());
    let is_open = RwSignal::new(false);
    let words = move || match amount.get().as_ref().and_then(amount_words) {
        Some(words) => span().class("numbers").child(words),
        None => span().class("quiet").child("not said".to_owned()),
    };
    let edit = move || {
        is_open.get().then(|| {
            let now = amount.get_untracked();
            let value = RwSignal::new(
                now.as_ref().and_then(|now| now.value).map(|value| value.to_string()).unwrap_or_default(),
            );
            let unit = RwSignal::new(now.map(|now| now.unit).unwrap_or_default());
            let number = Memo::new(move |_| value.with(|value| typed(value)));
            let save = Callback::new(move |()| {
                let Some(number) = number.get_untracked() else { return };
                sheet.set(
                    Field::Amount,
                    Some(json!({ "value": number, "unit": unit.get_untracked().trim() }).into()),
                );
                is_open.set(false);
            });
            let fields = div().class("sheet-row").child((
                text_field("How much", value, "60 000"),
                text_field("Of what", unit, "EUR, days, people"),
            ));
            form(fields, "Save", Signal::derive(move || number.get().is_some()), save, is_open)
        })
    };
    row("Amount", (shown(sheet, "amount", words, is_open), contested(sheet, "Amount", Field::Amount), edit))
}

// --- New ones -------------------------------------------------------------------------------------------------------

pub(super) const NEED: Form = Form {
    heading: "Ask for means",
    title_label: "What is needed",
    placeholder: "A second test bench",
    button: "Ask",
    choice: "people",
};

pub(super) fn fields(draft: Draft) -> AnyView {
    let kinds: Vec<Choice> = words::choices(Kind::Need, Field::Kind);
    choice_field("Kind", Signal::stored(kinds), draft.choice, None)
}

pub(super) fn create(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let record = RecordRef::new(Kind::Need, desk.fresh_id());
    let kind: Initial = draft.choice.get_untracked().into();
    let today = desk.today().get_untracked();
    let fields = vec![
        (Field::Title, draft.title().into()),
        (Field::Kind, kind),
        (Field::RequestedBy, desk.me().into()),
        (Field::RequestedAt, today.into()),
    ];
    desk.act("need.add", vec![Edit::Create { record, fields }]).then_some(record)
}
