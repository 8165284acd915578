//! Who may decide what, and what the work needs: grants of authority and needs with their answers.

use crate::{
    data::{Data, DataError, Grant, Resource},
    script::{Script, atom, create, link, set, step, words, write},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, Kind, Relation};

/// Grant, who gives it, the decision behind it, what it is about.
const GRANTS: &[(&str, &str, Option<&str>, &str)] = &[
    ("Z1", "m-ceo", Some("D08"), "Any shipment, any unit at final test, until the deviation is decided."),
    ("Z2", "m-ceo", Some("D20"), "Test equipment for final test and incoming inspection."),
    ("Z3", "m-ceo", None, "Goodwill per customer and year."),
    ("Z4", "m-ceo", None, "Drawings of class B: no wetted parts, no safety functions."),
    ("Z5", "m-ceo", None, "The way complaints are taken, coded and answered."),
    ("Z6", "m-ceo", None, "Hires outside the plan, by one quarter at most."),
    ("Z7", "m-ceo", None, "The own line or bench, without asking anybody first."),
    ("Z8", "m-ceo", None, "One contract for P4 castings with a second foundry."),
];

/// A grant of before the workspace; nobody remembers the day.
const OLD: i32 = -420;
/// Z5 waits since this day.
const PROPOSED: i32 = -131;
/// Z8 ran out.
const EXPIRED: i32 = -41;

/// Need, kind, who asks, who answers, the decision behind the answer, the reason.
type Asked = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>, &'static str);
const NEEDS: &[Asked] = &[
    ("U1", "equipment", "m-coo", "", None, ""),
    ("U2", "equipment", "m-coo", "m-cfo", Some("D21"), "Not this year: the hall gets a new roof first."),
    ("U3", "people", "m-coo", "m-ceo", None, "Two trainees from the college, start in autumn."),
    ("U4", "knowledge", "m-qa", "", None, ""),
    ("U5", "money", "m-qa", "", None, ""),
    ("U6", "people", "m-cco", "m-cfo", None, "One engineer, out of the service budget."),
    ("U7", "service", "m-cto", "m-cfo", None, "Hosting for three years, with the right to leave."),
    ("U8", "service", "m-cto", "m-ceo", None, "Laboratory time for gates 9 to 12 is booked."),
    ("U9", "time", "m-qa", "", None, ""),
    ("U10", "equipment", "m-cco", "m-cfo", None, "Nine lockers, six of them this year."),
    ("U11", "people", "m-cfo", "m-ceo", None, "A third of a controller's week, from within finance."),
];

pub(super) fn define(script: &mut Script, data: &Data) {
    for grant in &data.grants {
        script.define(&grant.0, Kind::Grant, grant.6.unwrap_or(PROPOSED));
    }
    for need in &data.resources {
        script.define(&need.0, Kind::Need, need.5);
    }
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for grant in &data.grants {
        self::grant(script, grant)?;
    }
    for need in &data.resources {
        self::need(script, data, need)?;
    }
    Ok(())
}

fn grant(script: &mut Script, grant: &Grant) -> Result<(), DataError> {
    let Some((_, giver, decision, scope)) = GRANTS.iter().find(|(code, ..)| *code == grant.0) else {
        return Err(DataError::Unknown(grant.0.clone()));
    };
    let record = script.names.of(&grant.0)?;
    let holder = if grant.2 == "all" { "everyone".to_owned() } else { script.id_text(&grant.2)? };
    let mut fields = vec![
        (Field::Title, words(&grant.1)),
        (Field::Holder, words(&holder)),
        (Field::Kind, words(&grant.3)),
        (Field::Scope, words(scope)),
    ];
    if let Some(limit) = grant.4 {
        let limit = json!({ "amount": limit.to_string(), "currency": "EUR", "per": "occurrence" });
        fields.push((Field::Limit, atom(limit)));
    }
    let Some(since) = grant.6 else {
        script.scene(PROPOSED, &grant.2, "grant.propose", vec![create(record, fields)]);
        return Ok(());
    };
    let mut valid = json!({ "from": script.date(since).to_string() });
    if let (Some(valid), "expired") = (valid.as_object_mut(), grant.5.as_str()) {
        valid.insert("until".to_owned(), script.date(EXPIRED).to_string().into());
    }
    fields.push((Field::Valid, atom(valid)));
    fields.push((Field::GrantedBy, Initial::Scalar(script.id(giver)?)));
    if let Some(decision) = decision {
        fields.push((Field::Decision, Initial::Scalar(script.id(decision)?)));
    }
    let mut edits = vec![create(record, fields), step(record, "active", "")];
    if let Some(decision) = decision {
        edits.push(link(Relation::Decides, script.names.of(decision)?, record));
    }
    if since == OLD {
        script.import(since, "grant.carry-over", edits);
    } else {
        // After the meeting, before anybody signs.
        script.at(since, 11 * 60 + 30, giver, "grant.give", edits);
    }
    if grant.5 == "expired" {
        script.scene(
            EXPIRED,
            "m-cfo",
            "grant.expire",
            vec![step(record, "expired", "Ran out; not renewed.")],
        );
    }
    Ok(())
}

fn need(script: &mut Script, data: &Data, need: &Resource) -> Result<(), DataError> {
    let Some((_, kind, asks, answers, decision, reason)) = NEEDS.iter().find(|(code, ..)| *code == need.0)
    else {
        return Err(DataError::Unknown(need.0.clone()));
    };
    let (record, objective) = (script.names.of(&need.0)?, script.names.of(&need.2)?);
    let (asked, answered) = (need.5, need.6);
    let mut fields = vec![
        (Field::Title, words(&need.1)),
        (Field::Kind, words(kind)),
        (Field::RequestedBy, Initial::Scalar(script.id(asks)?)),
        (Field::RequestedAt, Initial::Scalar(script.date(asked).into())),
        (Field::NeededBy, Initial::Scalar(script.date(asked + 120).into())),
    ];
    if let Some(amount) = need.3 {
        fields.push((Field::Amount, atom(json!({ "value": amount.to_string(), "unit": "EUR" }))));
    }
    // The objective says so too: a need is work on the objective.
    let said = format!("Asked for means: {}. The plan counts on an answer.", need.1);
    let edits = vec![
        create(record, fields),
        write(objective, Field::Plan, &said),
        link(Relation::Needs, objective, record),
    ];
    script.scene(asked, asks, "need.ask", edits);
    let Some(answered) = answered else { return Ok(()) };
    let (answer, delivered) = match need.4.as_str() {
        "delivered" => ("committed", true),
        other => (other, false),
    };
    let mut said = json!({ "answer": answer, "reason": reason });
    if let (Some(said), Some(decision)) = (said.as_object_mut(), decision) {
        said.insert("decision".to_owned(), script.id_text(decision)?.into());
    }
    let entry = script.entry(answered);
    let edits =
        vec![Edit::Supersede { record, field: Field::Answers, entry, value: said }, step(record, answer, "")];
    if data.reviews.iter().any(|review| review.day == answered) {
        script.at(answered, 11 * 60 + 35, answers, "need.answer", edits);
    } else {
        script.scene(answered, answers, "need.answer", edits);
    }
    if delivered {
        let day = answered + 28;
        let edits = vec![set(record, Field::DeliveredAt, script.date(day)), step(record, "delivered", "")];
        script.scene(day, asks, "need.deliver", edits);
    }
    Ok(())
}
