//! Records that change hands: what lies with whoever coordinates and belongs to a leader, what was offered, and the
//! answer, which only the receiver gives.

use crate::{
    components::{
        day,
        ids::fresh_id,
        mark::{Tone, mark, shape},
    },
    pages::{address::Address, ask::form, desk::Desk, fields::Sheet, shelf, words},
    shell::routes::path_to,
};
use insight::mine::{HandBack, concentration, hand_backs};
use leptos::{
    ev,
    html::{a, button, div, h2, h3, input, label, li, p, section, span, ul},
    prelude::*,
};
use workspace::{
    Date, Kind, RecordRef,
    acts::{self, Answered},
    lens::Handover,
};

pub(super) fn view(desk: Desk, address: Address) -> AnyView {
    (spread(desk), proposals(desk), offers(desk, address)).into_any()
}

/// How much of what is open lies with whoever coordinates quality.
fn spread(desk: Desk) -> AnyView {
    let spread = desk.digest(concentration);
    let sentence = move || {
        spread.with(|spread| match spread.member {
            None => "No seat coordinates quality, so there is nobody to take anything back from.".to_owned(),
            Some(_) if !spread.is_enough => {
                "There are too few records or leaders to say anything about how ownership is spread.".to_owned()
            }
            Some(member) => format!(
                "{} coordinates quality and owns {} of {} open records ({}\u{202f}%). Who coordinates keeps things together; who leads owns them.",
                desk.name_of(Some(member)), spread.owned, spread.total, spread.percent
            ),
        })
    };
    section().child((h2().child("How ownership is spread"), p().class("second").child(sentence))).into_any()
}

/// What could go back, each with the reason and the button that offers it.
fn proposals(desk: Desk) -> AnyView {
    let proposals = desk.digest(|as_of| match concentration(as_of).member {
        Some(member) => hand_backs(as_of, member),
        None => Vec::new(),
    });
    let has_any = Memo::new(move |_| !proposals.with(Vec::is_empty));
    let rows = view! { <For each=move || proposals.get() key=|proposal| (proposal.record, proposal.to, proposal.is_offered) children=move |proposal| proposal_row(desk, &proposal)/> };
    section()
        .prop("hidden", move || !has_any.get())
        .child((
            h2().child((
                "What could go back to a leader",
                span().class("quiet numbers").child(move || proposals.with(Vec::len)),
            )),
            ul().class("news").child(rows),
        ))
        .into_any()
}

fn proposal_row(desk: Desk, proposal: &HandBack) -> AnyView {
    let (record, from, to) = (proposal.record, proposal.from, proposal.to);
    let title = desk.record_untracked(record).map(|record| record.title().to_owned()).unwrap_or_default();
    let offer = move |_| {
        let act = acts::hand_over(desk.fresh_id(), record, Some(from), to, "", &desk.doer());
        if desk.perform(&act) {
            desk.toasts.say(format!(
                "Offered. It is {}'s when {} accepts.",
                desk.first_name(Some(to)),
                desk.first_name(Some(to))
            ));
        }
    };
    let act = if proposal.is_offered {
        span().class("quiet nowrap").child(format!("offered to {}", desk.first_name(Some(to)))).into_any()
    } else {
        button()
            .attr("type", "button")
            .class("button framed")
            .prop("disabled", move || desk.is_read_only())
            .on(ev::click, offer)
            .child(format!("Offer to {}", desk.first_name(Some(to))))
            .into_any()
    };
    li().child((
        span().class("ref").child(desk.reference(record)),
        div().child((
            a().class("row-link").href(path_to(record)).child(title),
            span().class("second").child(proposal.because.clone()),
        )),
        act,
    ))
    .into_any()
}

/// Offers that wait, then what was answered.
fn offers(desk: Desk, address: Address) -> AnyView {
    let offers = Memo::new(move |_| {
        let mut offers: Vec<Handover> =
            desk.records(Kind::Handover).iter().map(|record| Handover::of(record)).collect();
        offers.sort_by_key(|offer| (!offer.is_open(), std::cmp::Reverse(offer.offered_at), offer.id));
        offers.iter().map(Handover::record).collect::<Vec<_>>()
    });
    let rows = view! { <For each=move || offers.get() key=|offer| *offer children=move |offer| offer_row(desk, address, offer)/> };
    section()
        .child((
            h2().child(("Offers", span().class("quiet numbers").child(move || offers.with(Vec::len)))),
            move || {
                offers.with(Vec::is_empty).then(|| {
                    p().class("quiet").child(
                        "Nothing was offered yet. Any record can be handed over from the menu of its panel.",
                    )
                })
            },
            ul().class("shelf").child(rows),
        ))
        .into_any()
}

fn offer_row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let beside = move || {
        let offer = now.with(|now| now.as_deref().map(Handover::of))?;
        let hands = format!("{} \u{2192} {}", desk.first_name(offer.from), desk.first_name(offer.to));
        Some((
            span().class("second nowrap").child(hands),
            mark(words::status_tone(&offer.status), words::label(&offer.status)),
        ))
    };
    let subject = move || {
        let offer = now.with(|now| now.as_deref().map(Handover::of));
        let subject = offer.and_then(|offer| offer.subject).and_then(|subject| desk.record(subject));
        subject.map(|subject| subject.title().to_owned()).unwrap_or_default()
    };
    shelf::titled(desk, address, record, Signal::derive(subject), beside)
}

// --- In the panel ---------------------------------------------------------------------------------------------------

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let offer = sheet.derive(|record| Some(Handover::of(record)));
    let declining = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let answer = move |answered: Answered, note: &str| {
        let Some(record) = desk.record_untracked(sheet.record) else { return };
        if desk.perform(&acts::accept_or_decline(&record, answered, note, &desk.doer())) {
            declining.set(false);
            desk.toasts.say(if answered == Answered::Accept {
                "It is yours now"
            } else {
                "It stays where it was"
            });
        }
    };
    let told = move || {
        let offer = offer.get()?;
        let subject = offer.subject;
        let title = subject.and_then(|subject| desk.record(subject)).map(|record| record.title().to_owned());
        let link = subject.map(|subject| {
            a().class("link").href(path_to(subject)).child(title.unwrap_or_else(|| "a record".to_owned()))
        });
        let when = offer.offered_at.map(|at| format!(", {}", day::in_full(Date::of(at)))).unwrap_or_default();
        let reason = offer.reason.map(|reason| p().child(format!("\u{201c}{reason}\u{201d}")));
        let answers = offer.answers.into_iter().map(|answer| {
            let note = answer.note.map(|note| format!(": {note}")).unwrap_or_default();
            li().child((
                span().child(format!(
                    "{} by {}{note}",
                    words::label(&answer.answer),
                    desk.name_of(answer.by)
                )),
                span().class("quiet numbers nowrap").child(answer.on.map(day::in_full)),
            ))
        });
        Some((
            p().child((
                link,
                format!(": {} offers it to {}{when}.", desk.name_of(offer.from), desk.name_of(offer.to)),
            )),
            reason,
            ul().class("story").child(answers.collect_view()),
        ))
    };
    let buttons = move || {
        let offer = offer.get().filter(|offer| offer.is_open() && !sheet.read_only.get())?;
        Some(if offer.to == Some(desk.me()) {
            div()
                .class("moves")
                .child((
                    button()
                        .attr("type", "button")
                        .class("button main")
                        .on(ev::click, move |_| answer(Answered::Accept, ""))
                        .child("Take it over"),
                    button()
                        .attr("type", "button")
                        .class("button framed")
                        .on(ev::click, move |_| declining.set(true))
                        .child("Leave it there\u{2026}"),
                ))
                .into_any()
        } else {
            p().class("quiet")
                .child(format!("Only {} can answer this.", desk.first_name(offer.to)))
                .into_any()
        })
    };
    let decline = move || {
        declining.get().then(|| {
            let id = fresh_id("reason");
            let field = div().class("field").child((
                label().attr("for", id.clone()).child("Why not (optional)"),
                input()
                    .id(id)
                    .class("input")
                    .attr("type", "text")
                    .attr("maxlength", "500")
                    .on(ev::input, move |event| reason.set(event_target_value(&event))),
            ));
            let save = Callback::new(move |()| answer(Answered::Decline, reason.get_untracked().trim()));
            form(field, "Leave it", Signal::stored(true), save, declining)
        })
    };
    let state = move || {
        let offer = offer.get()?;
        let forged = (offer.status == "accepted" && !offer.is_accepted_by_receiver()).then(|| {
            p().class("notice watch")
                .child((shape(Tone::Watch), "Accepted by somebody other than the receiver."))
        });
        Some((mark(words::status_tone(&offer.status), words::label(&offer.status)), forged))
    };
    section()
        .child((h3().child("Offer"), div().class("panel-state").child(state), told, buttons, decline))
        .into_any()
}
