//! What differs between two states of one record, in sentences.

use crate::{AsOf, words};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use workspace::schema::{self, FieldSpec, Mark};
use workspace::{Field, Kind, Record, RecordRef, Register, Scalar, Value};

/// The fields that differ with a sentence each, the state first, then what is owed to whom by when.
pub(super) fn differences(as_of: &AsOf<'_>, old: &Record, new: &Record) -> Vec<(Field, String)> {
    let mut differences = Vec::new();
    for spec in schema::fields(new.kind) {
        let (before, after) = (old.value(spec.field), new.value(spec.field));
        if before == after || !is_told(spec.field) {
            continue;
        }
        if let Some(sentence) = difference(as_of, spec, before, after) {
            differences.push((spec.field, sentence));
        }
    }
    differences.sort_by_key(|(field, _)| weight(*field));
    differences
}

/// The logs behind the state and the due day say the same once more.
fn is_told(field: Field) -> bool {
    !matches!(
        field,
        Field::Order | Field::Moves | Field::DueMoves | Field::CreatedAt | Field::CreatedBy | Field::Deleted
    )
}

fn weight(field: Field) -> u8 {
    match field {
        Field::Status => 0,
        Field::Owner | Field::Accountable | Field::Sponsor | Field::Holder => 1,
        Field::Due | Field::Target | Field::ReviewDue => 2,
        Field::Assessments
        | Field::Answers
        | Field::Verifications
        | Field::EffectResults
        | Field::Judgements => 3,
        Field::Title => 4,
        Field::Comments => 6,
        _ => 5,
    }
}

fn difference(
    as_of: &AsOf<'_>,
    spec: &FieldSpec,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Option<String> {
    let name = words::field(spec.field);
    match (before, after) {
        (_, Some(Value::Register(after))) => {
            let before = if let Some(Value::Register(before)) = before { Some(before) } else { None };
            Some(register(as_of, spec, &name, before, after))
        }
        (Some(Value::Register(_)), None) => Some(format!("The {name} was taken away.")),
        (before, Some(Value::Text(after))) => {
            let before = if let Some(Value::Text(before)) = before { before.as_str() } else { "" };
            let (was, is) = (before.chars().count(), after.chars().count());
            Some(match (before.trim().is_empty(), after.trim().is_empty()) {
                (true, false) => format!("The {name} was written."),
                (false, true) => format!("The {name} was emptied."),
                _ => format!("The {name} was edited ({was} to {is} characters)."),
            })
        }
        (before, Some(Value::Set(after))) => {
            let before: BTreeSet<&String> =
                if let Some(Value::Set(before)) = before { before.keys().collect() } else { BTreeSet::new() };
            let after: BTreeSet<&String> = after.keys().collect();
            let told = |members: Vec<&&String>| {
                words::list(members.into_iter().map(|member| readable(as_of, member)).collect())
            };
            let (came, went): (Vec<_>, Vec<_>) =
                (after.difference(&before).collect(), before.difference(&after).collect());
            match (came.is_empty(), went.is_empty()) {
                (true, true) => None,
                (false, true) => Some(format!("Added to {name}: {}.", told(came))),
                (true, false) => Some(format!("Taken out of {name}: {}.", told(went))),
                (false, false) => Some(format!("{name}: {} came, {} went.", told(came), told(went))),
            }
        }
        (before, Some(Value::Log(after))) => {
            let known: BTreeSet<RecordId> = if let Some(Value::Log(before)) = before {
                before.keys().copied().collect()
            } else {
                BTreeSet::new()
            };
            let fresh: Vec<&Json> =
                after.iter().filter(|(id, _)| !known.contains(id)).map(|(_, entry)| entry).collect();
            entries(as_of, spec.field, &name, &fresh)
        }
        (before, Some(Value::Keyed(after))) => {
            let changed = after.iter().filter(|(key, register)| match before {
                Some(Value::Keyed(before)) => before.get(*key) != Some(*register),
                _ => true,
            });
            let keys: Vec<String> = changed.map(|(key, _)| readable(as_of, key)).collect();
            if keys.is_empty() {
                None
            } else {
                Some(format!("The {name} changed for {}.", words::list(keys)))
            }
        }
        _ => None,
    }
}

fn register(
    as_of: &AsOf<'_>,
    spec: &FieldSpec,
    name: &str,
    before: Option<&Register>,
    after: &Register,
) -> String {
    if after.is_contested() {
        let open = after.values().iter().map(|value| scalar(as_of, value)).collect();
        return format!("The {name} has several values now: {}.", words::list(open));
    }
    let is = after.shown().map_or_else(String::new, |value| scalar(as_of, value));
    let was = before.and_then(Register::shown);
    match (spec.field, was) {
        (Field::Status, Some(Scalar::Text(was))) => {
            let is = after.shown().and_then(Scalar::as_text).unwrap_or_default();
            format!("Now {}, was {}.", words::plain(is), words::plain(was))
        }
        _ if spec.mark == Mark::Atom && was.is_none() => format!("The {name} was set: {is}."),
        (_, None) => format!("The {name} is {is}."),
        (_, Some(was)) => format!("The {name} is {is}, was {}.", scalar(as_of, was)),
    }
}

fn scalar(as_of: &AsOf<'_>, value: &Scalar) -> String {
    match value {
        Scalar::Text(text) if text.parse::<RecordId>().is_ok() => readable(as_of, text),
        other => words::value(other),
    }
}

/// An id is the member or record behind it; another word is itself.
fn readable(as_of: &AsOf<'_>, text: &str) -> String {
    let Ok(id) = text.parse::<RecordId>() else { return format!("“{text}”") };
    if as_of.member(MemberId(id)).is_some() {
        return as_of.name(MemberId(id)).to_owned();
    }
    let known =
        Kind::ALL.iter().map(|kind| RecordRef::new(*kind, id)).find(|record| as_of.record(*record).is_some());
    known.map_or_else(|| "a record that is not here".to_owned(), |record| as_of.title(record))
}

fn entries(as_of: &AsOf<'_>, field: Field, name: &str, fresh: &[&Json]) -> Option<String> {
    let last = fresh.last()?;
    let by = last.get("by").and_then(Json::as_str).and_then(|by| by.parse().ok());
    let who = by.map_or("Somebody", |by| as_of.name(by));
    let word = |key: &str| last.get(key).and_then(Json::as_str).map(words::plain).unwrap_or_default();
    let sentence = match field {
        Field::Comments if fresh.len() == 1 => format!("{who} commented."),
        Field::Comments => format!("{} comments, the last one by {who}.", fresh.len()),
        Field::Assessments => format!("{who} rated it {} ({}).", word("score"), word("phase")),
        Field::Answers => format!("{who} answered: {}.", word("answer")),
        Field::Judgements => {
            let answer = if word("status").is_empty() { word("answer") } else { word("status") };
            format!("{who} judged it: {answer}.")
        }
        Field::Verifications => format!("{who} looked: {}.", word("result")),
        Field::EffectResults => format!("{who} looked whether it worked: {}.", word("result")),
        Field::SignOffs => format!("{who} signed."),
        Field::Reviewed | Field::LastLooked => format!("{who} looked at it."),
        Field::Acceptances => {
            let until = last.get("until").and_then(Json::as_str).and_then(|until| until.parse().ok());
            let until = until.map_or_else(String::new, |until| format!(" until {}", words::day(until)));
            format!("{who} accepted it{until}.")
        }
        _ if fresh.len() == 1 => format!("{who} added to {name}."),
        _ => format!("{} entries were added to {name}.", fresh.len()),
    };
    Some(sentence)
}
