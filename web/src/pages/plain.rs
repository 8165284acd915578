//! The sheet of a kind that has none of its own: every field the schema has, in its order, edited where it can be.

use super::{
    fields::{Sheet, choice_row, contested, date_row, line_row, member_row, row, text_section, value_words},
    moves::moves,
    words,
};
use crate::components::{
    choice::{Choice, ChoiceField, choice},
    day,
};
use ids::MemberId;
use leptos::{
    html::{dl, li, section, span, ul},
    prelude::*,
};
use serde_json::Value as Json;
use workspace::{
    Date, Field, Kind, Scalar, Value,
    schema::{self, FieldSpec, Mark, Type},
};

pub(crate) fn sheet(sheet: Sheet) -> AnyView {
    let kind = sheet.record.kind;
    let has_life = schema::lifecycle(kind, None).is_some();
    let specs = || schema::fields(kind).filter(|spec| !is_elsewhere(spec.field));
    let rows =
        specs().filter(|spec| spec.mark != Mark::Text).map(|spec| field_row(sheet, spec)).collect_view();
    let texts = specs()
        .filter(|spec| spec.mark == Mark::Text)
        .map(|spec| text_section(sheet, &words::field(spec.field), spec.field, "Nothing written yet"))
        .collect_view();
    (has_life.then(|| section().child(moves(sheet))), dl().class("sheet-fields").child(rows), texts)
        .into_any()
}

/// The head and the foot of the panel show these.
const fn is_elsewhere(field: Field) -> bool {
    matches!(
        field,
        Field::Title
            | Field::CreatedBy
            | Field::CreatedAt
            | Field::Deleted
            | Field::Status
            | Field::Moves
            | Field::Order
            | Field::Comments
            | Field::CommentsResolved
            | Field::Tags
            | Field::Evidence
            | Field::SeenDecision
    )
}

fn field_row(sheet: Sheet, spec: &'static FieldSpec) -> AnyView {
    let field = spec.field;
    let label = words::field(field);
    // What is written once is shown and no more.
    let sheet = if spec.once { Sheet { read_only: Signal::stored(true), ..sheet } } else { sheet };
    match (spec.mark, spec.ty) {
        (Mark::Register, Type::Line(_)) => line_row(sheet, &label, field, "not said"),
        (Mark::Register, Type::OneOf(_)) => {
            choice_row(sheet, &label, field, words::choices(sheet.record.kind, field), "not said")
        }
        (Mark::Register, Type::Date) => date_row(sheet, &label, field),
        (Mark::Register, Type::Flag) => flag_row(sheet, &label, field),
        (Mark::Reference, Type::Id([Kind::Member])) => member_row(sheet, &label, field, "Nobody"),
        (Mark::Reference, Type::Id(kinds)) => record_row(sheet, &label, field, kinds),
        _ => said_row(sheet, label, field),
    }
}

/// Yes, no, or not said.
pub(crate) fn flag_row(sheet: Sheet, label: &str, field: Field) -> AnyView {
    let select = choice(ChoiceField {
        label: label.to_owned(),
        choices: Signal::stored(vec![Choice::new("yes", "Yes"), Choice::new("no", "No")]),
        value: sheet.derive(move |record| {
            record.flag(field).map(|is_set| if is_set { "yes" } else { "no" }.to_owned()).unwrap_or_default()
        }),
        set: Callback::new(move |value: String| {
            sheet.set(field, (!value.is_empty()).then(|| Scalar::Flag(value == "yes")));
        }),
        none: Some("not said"),
        class: "inline",
        read_only: sheet.read_only,
    });
    row(label, (select, contested(sheet, label, field)))
}

/// Another record, by its title.
pub(crate) fn record_row(sheet: Sheet, label: &str, field: Field, kinds: &'static [Kind]) -> AnyView {
    let desk = sheet.desk;
    let select = choice(ChoiceField {
        label: label.to_owned(),
        choices: Signal::derive(move || {
            let records = kinds.iter().flat_map(|kind| desk.records(*kind));
            let mut choices: Vec<Choice> =
                records.map(|record| Choice::new(record.id.to_string(), record.title())).collect();
            choices.sort_by(|one, other| one.label.cmp(&other.label));
            choices
        }),
        value: sheet.derive(move |record| record.line(field).unwrap_or_default().to_owned()),
        set: Callback::new(move |id: String| sheet.set(field, (!id.is_empty()).then(|| id.into()))),
        none: Some("none"),
        class: "inline",
        read_only: sheet.read_only,
    });
    row(label, (select, contested(sheet, label, field)))
}

/// What is written in other places, in words.
fn said_row(sheet: Sheet, label: String, field: Field) -> AnyView {
    let desk = sheet.desk;
    let value = sheet.derive(move |record| record.value(field).cloned());
    let said = move || match value.get() {
        None => Vec::new(),
        Some(Value::Register(register)) => {
            register.shown().map(|value| value_words(desk, value)).into_iter().collect()
        }
        Some(Value::Set(members)) => {
            members.keys().map(|member| value_words(desk, &member.clone().into())).collect()
        }
        Some(Value::Log(log)) => log.values().map(|entry| entry_words(sheet, entry)).collect::<Vec<String>>(),
        Some(Value::Keyed(keyed)) => keyed
            .iter()
            .filter_map(|(key, register)| {
                let value = register.shown()?;
                Some(format!("{}: {}", value_words(desk, &key.clone().into()), value_words(desk, value)))
            })
            .collect(),
        Some(_) => Vec::new(),
    };
    let content = move || {
        let said = said();
        if said.is_empty() {
            span().class("plain quiet").child("not said").into_any()
        } else {
            ul().class("plain").child(said.into_iter().map(|line| li().child(line)).collect_view()).into_any()
        }
    };
    let label_words = label.clone();
    row(label, (content, contested(sheet, &label_words, field)))
}

/// An entry of a log: what it says, then who and when.
fn entry_words(sheet: Sheet, entry: &Json) -> String {
    let desk = sheet.desk;
    let Some(parts) = entry.as_object() else { return entry.to_string() };
    let mut said: Vec<String> = Vec::new();
    for (key, part) in parts {
        if matches!(key.as_str(), "by" | "at" | "supersedes" | "date" | "heads") {
            continue;
        }
        match part {
            Json::String(text) => said.push(value_words(desk, &text.clone().into())),
            Json::Number(number) => said.push(format!("{} {number}", words::label(key).to_lowercase())),
            Json::Bool(true) => said.push(words::label(key).to_lowercase()),
            _ => {}
        }
    }
    let by = parts.get("by").and_then(Json::as_str).and_then(|by| by.parse().ok()).map(MemberId);
    let date = parts.get("date").and_then(Json::as_str).and_then(|date| date.parse::<Date>().ok());
    let at = parts.get("at").and_then(Json::as_i64).map(|at| Date::of(ids::Timestamp::from_millis(at)));
    let who = by.map(|by| desk.name_of(Some(by)));
    let when = date.or(at).map(day::in_full);
    let foot: Vec<String> = [who, when].into_iter().flatten().collect();
    [said.join(", "), foot.join(", ")]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" \u{2013} ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_with_a_letter_shows_something() {
        for kind in Kind::ALL.iter().filter(|kind| kind.letter().is_some()) {
            assert!(schema::fields(*kind).any(|spec| !is_elsewhere(spec.field)), "{kind}");
        }
    }
}
