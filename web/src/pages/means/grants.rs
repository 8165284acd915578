//! Authority: who may decide what, up to which limit and until when; what runs out stands first.

use crate::{
    components::{
        choice::{Choice, ChoiceField, choice},
        day,
        empty::empty,
        mark::{Tone, mark},
        number::{plain, typed},
    },
    pages::{
        address::Address,
        ask::form,
        create::{Draft, Form, choice_field, day_field, text_field},
        desk::Desk,
        fields::{Sheet, choice_row, contested, line_row, member_row, row, shown, text_section},
        linked::{Links, lead_status, linked},
        moves::moves,
        plain::record_row,
        shelf, words,
    },
};
use leptos::{
    html::{div, dl, section, span, ul},
    prelude::*,
};
use serde_json::json;
use workspace::{
    Date, Field, Initial, Kind, RecordRef, Relation, Scalar, acts,
    lens::{Grant, Holder, Limit, Span},
};

/// Authority that ends within so many days is to be renewed or let go.
const SOON_DAYS: i32 = 30;

pub(super) fn view(desk: Desk, address: Address, begin: Callback<()>) -> AnyView {
    let grants = Memo::new(move |_| {
        let today = desk.today().get();
        let mut grants: Vec<Grant> =
            desk.records(Kind::Grant).iter().map(|record| Grant::of(record)).collect();
        let place = |grant: &Grant| match grant.status.as_str() {
            _ if grant.is_expired(today) => 0,
            "proposed" => 1,
            "active" => 2,
            _ => 3,
        };
        let until = |grant: &Grant| grant.valid.and_then(|valid| valid.until);
        grants.sort_by_key(|grant| (place(grant), until(grant).is_none(), until(grant), grant.id));
        grants.iter().map(Grant::record).collect::<Vec<_>>()
    });
    let rows = view! { <For each=move || grants.get() key=|grant| *grant children=move |grant| grant_row(desk, address, grant)/> };
    section()
        .attr("aria-label", "Authority")
        .child((
            move || {
                grants.with(Vec::is_empty).then(|| {
                    empty("Who may spend, stop the line, sign a contract, up to which limit and until when? What is not given has to be asked for every time.", Some(("Give authority", begin)))
                })
            },
            ul().class("shelf").child(rows),
        ))
        .into_any()
}

fn grant_row(desk: Desk, address: Address, record: RecordRef) -> AnyView {
    let now = desk.signal(record);
    let beside = move || {
        let grant = now.with(|now| now.as_deref().map(Grant::of))?;
        let today = desk.today().get();
        let holder = match grant.holders.as_slice() {
            [] => span().class("gap").child("nobody").into_any(),
            holders => {
                let names: Vec<String> = holders.iter().map(|holder| holder_name(desk, holder)).collect();
                span().class("second").child(names.join(" or ")).into_any()
            }
        };
        let limit = grant
            .limit
            .as_ref()
            .map(|limit| span().class("quiet numbers nowrap wide-only").child(limit_words(limit)));
        Some((limit, holder, standing(&grant, today)))
    };
    shelf::line(desk, address, record, beside)
}

/// Whether it holds today, and for how long.
fn standing(grant: &Grant, today: Date) -> AnyView {
    let until = grant.valid.and_then(|valid| valid.until);
    match (grant.status.as_str(), until) {
        (_, Some(until)) if grant.is_expired(today) => {
            mark(Tone::Off, format!("Ran out {}", day::short(until, today)))
        }
        ("expired", _) => mark(Tone::Off, "Ran out"),
        ("active", Some(until)) if until.days_since(today) <= SOON_DAYS => {
            mark(Tone::Watch, format!("Until {}", day::short(until, today)))
        }
        ("active", Some(until)) => mark(Tone::Good, format!("Until {}", day::short(until, today))),
        ("active", None) => mark(Tone::Good, "No end"),
        (other, _) => mark(words::status_tone(other), words::label(other)),
    }
}

pub(super) fn holder_name(desk: Desk, holder: &Holder) -> String {
    match holder {
        Holder::Everyone => "Everybody".to_owned(),
        Holder::Other(word) => word.clone(),
        Holder::One(id) => {
            let kinds = [Kind::Member, Kind::Seat].into_iter();
            let found = kinds.filter_map(|kind| desk.record(RecordRef::new(kind, *id))).next();
            found.map_or_else(|| "somebody unknown".to_owned(), |record| record.title().to_owned())
        }
    }
}

/// "up to 50 000 EUR a year"
fn limit_words(limit: &Limit) -> String {
    let Some(amount) = limit.amount else { return "no limit".to_owned() };
    let currency = limit.currency.clone().unwrap_or_default();
    let per = match limit.per.as_deref() {
        Some("year") => " a year",
        Some("occurrence") => " each time",
        _ => "",
    };
    format!("up to {} {currency}", plain(amount.as_f64())).trim_end().to_owned() + per
}

// --- In the panel ---------------------------------------------------------------------------------------------------

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let desk = sheet.desk;
    let stands = move || {
        // The state itself stands below; here is what the day makes of it.
        let grant =
            sheet.now.with(|now| now.as_deref().map(Grant::of)).filter(|grant| grant.status == "active")?;
        Some(div().class("panel-state").child(standing(&grant, desk.today().get())))
    };
    (
        section().child((stands, moves(sheet))),
        dl().class("sheet-fields").child((
            holder_row(sheet),
            choice_row(sheet, "May", Field::Kind, words::choices(Kind::Grant, Field::Kind), "not said"),
            limit_row(sheet),
            line_row(sheet, "Covers", Field::Scope, "everything of that kind"),
            valid_row(sheet),
            member_row(sheet, "Given by", Field::GrantedBy, "Nobody"),
            record_row(sheet, "By decision", Field::Decision, &[Kind::Decision]),
        )),
        linked(sheet, AUTHORISES),
        text_section(sheet, "Notes", Field::Body, "What it is meant for, and what it is not"),
    )
        .into_any()
}

const AUTHORISES: Links = Links {
    heading: "Used by",
    none: "no action rests on it",
    ways: &[(Relation::Authorises, true)],
    offers: Some((Kind::Action, |_| (Relation::Authorises, true))),
    lead: lead_status,
};

/// Everybody, the seats, the members.
fn holder_choices(desk: Desk) -> Vec<Choice> {
    let seats = desk.records(Kind::Seat).into_iter();
    let seats = seats.map(|seat| Choice::new(seat.id.to_string(), format!("Seat: {}", seat.title())));
    [Choice::new("everyone", "Everybody")].into_iter().chain(seats).chain(desk.member_choices()).collect()
}

fn holder_row(sheet: Sheet) -> AnyView {
    let select = choice(ChoiceField {
        label: "Held by".to_owned(),
        choices: Signal::derive(move || holder_choices(sheet.desk)),
        value: sheet.derive(|record| record.line(Field::Holder).unwrap_or_default().to_owned()),
        set: Callback::new(move |holder: String| {
            sheet.set(Field::Holder, (!holder.is_empty()).then(|| holder.into()));
        }),
        none: Some("Nobody"),
        class: "inline",
        read_only: sheet.read_only,
    });
    row("Held by", (select, contested(sheet, "Held by", Field::Holder)))
}

fn limit_row(sheet: Sheet) -> AnyView {
    let limit = sheet.derive(|record| Grant::of(record).limit);
    let is_open = RwSignal::new(false);
    let words = move || match limit.get() {
        Some(limit) => span().class("numbers").child(limit_words(&limit)),
        None => span().class("quiet").child("says nothing about money".to_owned()),
    };
    let edit = move || {
        is_open.get().then(|| {
            let now = limit.get_untracked();
            let amount = RwSignal::new(now.as_ref().and_then(|now| now.amount).map(|amount| amount.to_string()).unwrap_or_default());
            let usual = sheet.desk.settings().with_untracked(|settings| settings.currency.clone());
            let currency = RwSignal::new(now.as_ref().and_then(|now| now.currency.clone()).or(usual).unwrap_or_default());
            let per = RwSignal::new(now.and_then(|now| now.per).unwrap_or_else(|| "occurrence".to_owned()));
            let number = Memo::new(move |_| amount.with(|amount| typed(amount)));
            let save = Callback::new(move |()| {
                let Some(number) = number.get_untracked() else { return };
                let value = json!({ "amount": number, "currency": currency.get_untracked().trim(), "per": per.get_untracked() });
                sheet.set(Field::Limit, Some(value.into()));
                is_open.set(false);
            });
            let pers = vec![Choice::new("occurrence", "each time"), Choice::new("year", "a year")];
            let fields = div().class("sheet-row").child((
                text_field("Up to", amount, "50 000"),
                text_field("Currency", currency, "EUR"),
                choice_field("How often", Signal::stored(pers), per, None),
            ));
            form(fields, "Save", Signal::derive(move || number.get().is_some()), save, is_open)
        })
    };
    row("Limit", (shown(sheet, "limit", words, is_open), contested(sheet, "Limit", Field::Limit), edit))
}

fn valid_row(sheet: Sheet) -> AnyView {
    let valid = sheet.derive(|record| Grant::of(record).valid);
    let is_open = RwSignal::new(false);
    let words = move || span().class("numbers").child(span_words(valid.get().unwrap_or_default()));
    let edit = move || {
        is_open.get().then(|| {
            let now = valid.get_untracked().unwrap_or_default();
            let (from, until) = (RwSignal::new(now.from), RwSignal::new(now.until));
            let save = Callback::new(move |()| {
                let mut span = serde_json::Map::new();
                for (key, day) in [("from", from.get_untracked()), ("until", until.get_untracked())] {
                    if let Some(day) = day {
                        span.insert(key.to_owned(), day.to_string().into());
                    }
                }
                sheet.set(Field::Valid, Some(Scalar::Atom(serde_json::Value::Object(span))));
                is_open.set(false);
            });
            let is_ready = Signal::derive(move || match (from.get(), until.get()) {
                (Some(from), Some(until)) => from <= until,
                _ => true,
            });
            let fields = div().class("sheet-row").child((day_field("From", from), day_field("Until", until)));
            form(fields, "Save", is_ready, save, is_open)
        })
    };
    row(
        "Valid",
        (shown(sheet, "time it is valid", words, is_open), contested(sheet, "Valid", Field::Valid), edit),
    )
}

fn span_words(span: Span) -> String {
    match (span.from, span.until) {
        (Some(from), Some(until)) => format!("{} to {}", day::in_full(from), day::in_full(until)),
        (Some(from), None) => format!("from {}, no end", day::in_full(from)),
        (None, Some(until)) => format!("until {}", day::in_full(until)),
        (None, None) => "no end".to_owned(),
    }
}

// --- New ones -------------------------------------------------------------------------------------------------------

pub(super) const GRANT: Form = Form {
    heading: "Give authority",
    title_label: "What may be decided",
    placeholder: "Stop a shipment when a value is out of range",
    button: "Give it",
    choice: "spend",
};

pub(super) fn fields(draft: Draft) -> AnyView {
    let desk = Desk::here();
    div()
        .class("sheet-row")
        .child((
            choice_field("To", Signal::derive(move || holder_choices(desk)), draft.owner, None),
            choice_field(
                "To do what",
                Signal::stored(words::choices(Kind::Grant, Field::Kind)),
                draft.choice,
                None,
            ),
            day_field("Until", draft.due),
        ))
        .into_any()
}

pub(super) fn create(desk: Desk, draft: Draft) -> Option<RecordRef> {
    let grant = desk.fresh_id();
    let kind: Initial = draft.choice.get_untracked().into();
    let mut fields: Vec<(Field, Initial)> = vec![(Field::Title, draft.title().into()), (Field::Kind, kind)];
    fields.extend(draft.owner_as(Field::Holder));
    if let Some(until) = draft.due.get_untracked() {
        let from = desk.today().get_untracked().to_string();
        let valid = Scalar::Atom(json!({ "from": from, "until": until.to_string() }));
        fields.push((Field::Valid, valid.into()));
    }
    desk.perform(&acts::give_authority(grant, fields, &desk.doer()))
        .then_some(RecordRef::new(Kind::Grant, grant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_reads_as_a_sentence() {
        let limit = |amount: Option<i64>, per: &str| Limit {
            amount: amount.map(Into::into),
            currency: Some("EUR".to_owned()),
            per: Some(per.to_owned()),
        };
        assert_eq!(limit_words(&limit(Some(500), "year")), "up to 500 EUR a year");
        assert_eq!(limit_words(&limit(None, "year")), "no limit");
    }
}
