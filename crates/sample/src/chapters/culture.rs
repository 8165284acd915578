//! Concerns and what became of them, ideas on trial, audits and findings, and what leaders did in person.

mod texts;

use crate::{
    budget::RAVI,
    data::{Concern, Data, DataError},
    script::{Script, atom, create, include, set, step, words, write},
};
use serde_json::json;
use texts::{AUDITS, CONCERNS, FINDINGS, IMPROVEMENTS, LED};
use workspace::{Edit, Field, Initial, Kind, Period};

/// The custodian publishes concerns in her own words; nobody else writes them.
const CUSTODIAN: &str = "m-hr";

/// The states of an improvement, in order.
const STATES: [&str; 4] = ["proposed", "accepted", "trial", "adopted"];

/// The day on which a finding was written down.
pub(super) fn found(code: &str) -> i32 {
    match code {
        "F1" | "F2" | "F3" => -429,
        "F4" => -354,
        "F5" => -234,
        _ => -104,
    }
}

pub(super) fn define(script: &mut Script, data: &Data) {
    for audit in &data.audits {
        let known = AUDITS.iter().find(|(code, ..)| *code == audit.0).map_or(audit.3, |(_, day, ..)| *day);
        script.define(&audit.0, Kind::Audit, known);
    }
    for finding in &data.findings {
        script.define(&finding.0, Kind::Finding, found(&finding.0));
    }
    for concern in &data.concerns {
        script.define(&concern.0, Kind::Concern, concern.2);
    }
    for improvement in &data.improvements {
        let days =
            IMPROVEMENTS.iter().find(|(code, ..)| *code == improvement.0).map(|(_, _, _, days, ..)| *days);
        script.define(
            &improvement.0,
            Kind::Improvement,
            days.and_then(|days| days.first()).copied().unwrap_or(-1),
        );
    }
    for (at, (_, day)) in (1..).zip(&data.behaviours) {
        script.define(&format!("L{at}"), Kind::LeadershipEntry, *day);
    }
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    audits(script, data)?;
    for row in &data.concerns {
        concern(script, row)?;
    }
    improvements(script, data)?;
    for (at, ((who, day), (kind, note))) in (1..).zip(data.behaviours.iter().zip(LED)) {
        let record = script.names.of(&format!("L{at}"))?;
        let fields = vec![
            (Field::Member, Initial::Scalar(script.id(who)?)),
            (Field::Kind, words(kind)),
            (Field::Date, Initial::Scalar(script.date(*day).into())),
            (Field::Note, words(note)),
        ];
        script.scene(*day, who, "leadership.share", vec![create(record, fields)]);
    }
    Ok(())
}

fn audits(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for (code, kind, area, day, found_here) in &data.audits {
        let Some((_, known, auditor, summary)) = AUDITS.iter().find(|(audit, ..)| audit == code) else {
            return Err(DataError::Unknown(code.clone()));
        };
        let record = script.names.of(code)?;
        let date = script.date(*day).to_string();
        let fields = vec![
            (Field::Title, words(&format!("{area} audit"))),
            (Field::Kind, words(kind)),
            (Field::Range, atom(json!({ "from": date, "until": date }))),
            (Field::Area, words(area)),
            (Field::Auditor, words(auditor)),
        ];
        script.scene(*known, RAVI, "audit.plan", vec![create(record, fields)]);
        if !summary.is_empty() {
            script.scene(day + 1, RAVI, "audit.report", vec![write(record, Field::Summary, summary)]);
        }
        for finding in data.findings.iter().filter(|finding| found_here.contains(&finding.0)) {
            self::finding(script, finding, code)?;
        }
    }
    Ok(())
}

fn finding(script: &mut Script, row: &(String, String, String), audit: &str) -> Result<(), DataError> {
    let (code, grade, _) = row;
    let Some((_, owner, statement, clause, steps)) = FINDINGS.iter().find(|(finding, ..)| finding == code)
    else {
        return Err(DataError::Unknown(code.clone()));
    };
    let record = script.names.of(code)?;
    let fields = vec![
        (Field::Title, words(statement.trim_end_matches('.'))),
        (Field::Audit, Initial::Scalar(script.id(audit)?)),
        (Field::Grade, words(grade)),
        (Field::Statement, words(statement)),
        (Field::Clause, words(clause)),
        (Field::Owner, Initial::Scalar(script.id(owner)?)),
    ];
    script.scene(found(code), RAVI, "finding.add", vec![create(record, fields)]);
    for (day, state) in *steps {
        let note = if *state == "reopened" { "The same thing again, on three of twenty orders." } else { "" };
        let who = if *state == "done" || *state == "action-agreed" { owner } else { RAVI };
        script.scene(*day, who, "finding.move", vec![step(record, state, note)]);
    }
    Ok(())
}

fn concern(script: &mut Script, row: &Concern) -> Result<(), DataError> {
    let Concern(code, channel, raised, answered, closed, outcome, area) = row;
    let Some((_, severity, summary, reply, changed)) = CONCERNS.iter().find(|(concern, ..)| concern == code)
    else {
        return Err(DataError::Unknown(code.clone()));
    };
    let record = script.names.of(code)?;
    let week = Period::week_of(script.date(*raised)).to_string();
    let fields = vec![
        (Field::Title, words(&format!("A concern about {area}"))),
        (Field::Channel, words(channel)),
        (Field::Area, words(area)),
        (Field::ReceivedWeek, words(&week)),
        (Field::Summary, words(summary)),
        (Field::Severity, Initial::Scalar((*severity).into())),
    ];
    // The day on which the custodian publishes it; the week is all that is said about the day it was raised.
    script.at(*raised, 16 * 60, CUSTODIAN, "concern.publish", vec![create(record, fields)]);
    let Some(answered) = answered else { return Ok(()) };
    let acknowledged = (*answered).min(raised + 3);
    script.at(
        acknowledged,
        16 * 60 + 10,
        CUSTODIAN,
        "concern.acknowledge",
        vec![step(record, "acknowledged", "")],
    );
    let edits = vec![
        write(record, Field::Reply, reply),
        set(record, Field::FirstAnswerAt, script.date(*answered)),
        step(record, "looking-into-it", ""),
    ];
    script.at(*answered, 16 * 60 + 20, CUSTODIAN, "concern.answer", edits);
    let (Some(closed), Some(outcome)) = (closed, outcome) else { return Ok(()) };
    let outcome = if outcome == "changed" { "changed" } else { "explained" };
    let edits = vec![
        Edit::Supersede {
            record,
            field: Field::Outcomes,
            entry: script.entry(*closed),
            value: json!({ "outcome": outcome, "whatChanged": changed }),
        },
        step(record, "answered", ""),
    ];
    script.at(*closed, 16 * 60, CUSTODIAN, "concern.outcome", edits);
    script.at(*closed, 16 * 60 + 5, CUSTODIAN, "concern.close", vec![step(record, "closed", "")]);
    Ok(())
}

fn improvements(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for (code, title, _) in &data.improvements {
        let Some((_, sponsor, area, days, idea, learned)) =
            IMPROVEMENTS.iter().find(|(known, ..)| known == code)
        else {
            return Err(DataError::Unknown(code.clone()));
        };
        let record = script.names.of(code)?;
        let fields = vec![
            (Field::Title, words(title)),
            (Field::Body, words(idea)),
            (Field::Area, words(area)),
            (Field::Sponsor, Initial::Scalar(script.id(sponsor)?)),
        ];
        for (day, state) in days.iter().zip(STATES) {
            let mut edits = match state {
                "proposed" => vec![create(record, fields.clone())],
                state => vec![step(record, state, "")],
            };
            if state == "trial" {
                let until = script.date(day + 42).to_string();
                edits.push(set(record, Field::Trial, json!({ "what": idea, "where": area, "until": until })));
            }
            let end = if days.len() == STATES.len() { "adopted" } else { "trial" };
            if state == end && !learned.is_empty() {
                edits.push(write(record, Field::Learned, learned));
            }
            script.scene(*day, sponsor, &format!("improvement.{state}"), edits);
        }
        if let Some(adopted) = days.get(3) {
            let thanks = include(record, Field::Cheers, script.id_text(CUSTODIAN)?);
            script.scene(adopted + 3, CUSTODIAN, "improvement.cheer", vec![thanks]);
        }
    }
    Ok(())
}
