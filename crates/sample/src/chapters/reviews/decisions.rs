//! From the wording that the facilitator types to the decision that the owner of the topic takes.

use super::{
    Told,
    session::place,
    texts::{DISCUSSED, Discussed},
};
use crate::{
    data::{DataError, Decision},
    script::{NOW, Script, atom, create, include, link, set, step, words},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, Relation};

/// Until when a decision is put off, as days from the anchor.
const DEFERRED_UNTIL: i32 = -78;

pub(super) fn decided(
    script: &mut Script,
    told: &Told<'_>,
    decision: &Decision,
    (begin, end): (u32, u32),
) -> Result<(), DataError> {
    let Some(discussed) = DISCUSSED.iter().find(|discussed| discussed.decision == decision.code) else {
        return Err(DataError::Unknown(decision.code.clone()));
    };
    let day = told.review.day;
    let record = script.names.of(&decision.code)?;
    let (review, item) = place(script, told, &decision.code)?;
    let wording = format!("{}.", decision.title);
    let mut fields = vec![
        (Field::Title, words(&decision.title)),
        (Field::Wording, words(&wording)),
        (Field::Kinds, Initial::Members(vec![kind(&decision.kind).to_owned()])),
        (Field::Review, Initial::Scalar(review.id.into())),
        (Field::AgendaItem, Initial::Scalar(item.id.into())),
    ];
    if let Some((favoured, given_up)) = decision.tradeoff.split_once('>') {
        let tradeoff = json!({ "favoured": favoured, "givenUp": given_up, "why": discussed.why });
        fields.push((Field::Tradeoff, atom(tradeoff)));
    }
    if decision.code == "D13" {
        fields.push((Field::LookBackDue, Initial::Scalar(script.date(11).into())));
        let effect = json!({ "record": script.names.of("P01")?.to_string(), "from": "3x4", "to": "4x4" });
        fields.push((Field::ExpectedEffect, atom(effect)));
    }
    let host = told.host();
    let mut edits =
        vec![create(record, fields), link(Relation::Discusses, item, record), step(record, "proposed", "")];
    if let Some(entry) = entry_named_in(&decision.title) {
        edits.push(link(Relation::Decides, record, script.names.of(entry)?));
    }
    script.at(day, begin + 1, host, "decision.propose", edits);

    let owner = if told.is_the_formality() { host } else { discussed.owner };
    let mut edits = stances(script, told, discussed)?;
    match decision.outcome.as_str() {
        "decided" | "rejected" => {
            let frozen = json!({
                "text": wording,
                "by": script.id_text(owner)?,
                "at": NOW,
            });
            edits.push(set(record, Field::Frozen, frozen));
            edits.push(set(record, Field::Date, script.date(day)));
            for member in told.present() {
                edits.push(include(record, Field::DecidedBy, script.id_text(member)?));
            }
            edits.push(step(record, &decision.outcome, ""));
        }
        "deferred" => {
            edits.push(set(record, Field::DeferredUntil, script.date(DEFERRED_UNTIL)));
            edits.push(step(record, "deferred", "Finance was not in the room."));
        }
        // The life cycle knows no "noted": to note is not to decide.
        _ => edits.push(step(record, "withdrawn", "Noted only; there was nothing to decide.")),
    }
    script.at(day, end - 1, owner, "decision.decide", edits);
    Ok(())
}

/// The risk or opportunity that a decision names, as in "Decline shared test rig (P10)".
fn entry_named_in(title: &str) -> Option<&str> {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric());
    let mut codes = words.filter(|word| {
        word.len() == 3
            && word.starts_with(['R', 'P'])
            && word.chars().skip(1).all(|digit| digit.is_ascii_digit())
    });
    codes.next()
}

/// Where somebody was not in favour, all stances are on record.
fn stances(script: &Script, told: &Told<'_>, discussed: &Discussed) -> Result<Vec<Edit>, DataError> {
    if discussed.not_for.is_empty() {
        return Ok(Vec::new());
    }
    let record = script.names.of(discussed.decision)?;
    told.present()
        .map(|member| {
            let other = discussed.not_for.iter().find(|(known, _)| *known == member);
            let stance = other.map_or("for", |(_, stance)| *stance);
            let key = script.id_text(member)?;
            Ok(Edit::SetKey { record, field: Field::Stances, key, value: Some(json!({ "stance": stance })) })
        })
        .collect()
}

/// The word of the schema.
fn kind(kind: &str) -> &str {
    if kind == "qms_change" { "system-change" } else { kind }
}
