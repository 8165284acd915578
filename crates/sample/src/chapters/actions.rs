//! The sixty-eight actions, from the day somebody promised them to the day somebody looked whether they helped.

mod course;

pub(super) use course::{Course, courses};

use crate::{
    data::{Action, Data, DataError},
    script::{Bank, NOW, Script, create, include, link, set, step, words, write},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, Kind, RecordRef, Relation};

/// Actions that take authority their owner must have.
const NEEDS_AUTHORITY: &[(&str, &str)] = &[("A05", "contract")];

pub(super) fn define(script: &mut Script, data: &Data) {
    for (code, course) in courses(data) {
        script.define(&code, Kind::Action, course.created);
    }
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let courses = courses(data);
    for action in &data.actions {
        let course = courses.get(&action.code).ok_or_else(|| DataError::Unknown(action.code.clone()))?;
        let record = script.names.of(&action.code)?;
        promised(script, data, action, course, record)?;
        worked_on(script, action, course, record)?;
        closed(script, action, course, record)?;
        let until = course.verified.or(course.done).or(course.cancelled).map_or(-1, |day| day - 2);
        script.notebook(record, Bank::Action, &action.owner, course.created, until);
    }
    for decision in &data.decisions {
        for action in &decision.actions {
            // What existed before the decision is linked to it afterwards by the facilitator.
            let course = courses.get(action).ok_or_else(|| DataError::Unknown(action.clone()))?;
            let decided = review_day(data, &decision.review);
            if course.created <= decided {
                let realises =
                    link(Relation::Realises, script.names.of(action)?, script.names.of(&decision.code)?);
                script.scene(decided + 2, "m-cos", "action.link", vec![realises]);
            }
        }
    }
    Ok(())
}

pub(super) fn review_day(data: &Data, code: &str) -> i32 {
    data.reviews.iter().find(|review| review.code == code).map_or(-1, |review| review.day)
}

fn promised(
    script: &mut Script,
    data: &Data,
    action: &Action,
    course: &Course,
    record: RecordRef,
) -> Result<(), DataError> {
    let first_due = course.dues.first().copied().unwrap_or(action.due);
    let priority = if course.created - first_due > -45 { "now" } else { "soon" };
    let mut fields = vec![
        (Field::Title, words(&action.title)),
        (Field::Owner, Initial::Scalar(script.id(&action.owner)?)),
        (Field::Due, Initial::Scalar(script.date(first_due).into())),
        (Field::Priority, words(priority)),
    ];
    if let Some((_, authority)) = NEEDS_AUTHORITY.iter().find(|(code, _)| *code == action.code) {
        fields.push((Field::NeedsAuthority, words(authority)));
    }
    let mut edits = vec![create(record, fields)];
    let decisions: Vec<&str> = data
        .decisions
        .iter()
        .filter(|decision| decision.actions.contains(&action.code))
        .filter(|decision| review_day(data, &decision.review) < course.created)
        .map(|decision| decision.code.as_str())
        .collect();
    for decision in &decisions {
        edits.push(link(Relation::Realises, record, script.names.of(decision)?));
    }
    let from_review = data.reviews.iter().any(|review| review.code == action.source);
    let source = match decisions.first() {
        Some(decision) if from_review => script.names.of(decision)?,
        _ => script.names.of(&action.source)?,
    };
    edits.push(link(Relation::ComesFrom, record, source));
    for row in data.register.iter().filter(|row| row.actions.contains(&action.code)) {
        let relation = if row.kind == "risk" { Relation::Treats } else { Relation::Realises };
        edits.push(link(relation, record, script.names.of(&row.code)?));
    }
    script.scene(course.created, &action.owner, "action.add", edits);
    Ok(())
}

fn worked_on(
    script: &mut Script,
    action: &Action,
    course: &Course,
    record: RecordRef,
) -> Result<(), DataError> {
    if let Some(day) = course.started {
        script.scene(day, &action.owner, "action.start", vec![step(record, "in-progress", "")]);
    }
    for (day, due) in course.pushes.iter().zip(course.dues.iter().skip(1)) {
        let due = script.date(*due);
        script.scene(*day, &action.owner, "action.postpone", vec![set(record, Field::Due, due)]);
    }
    if let Some((day, why)) = course.blocked {
        script.scene(day, &action.owner, "action.block", vec![step(record, "blocked", why)]);
    }
    for day in &course.shown {
        let mut edits = evidence(script, action, record, *day)?;
        edits.push(write(record, Field::Body, "First result is there, a note about it is attached."));
        script.scene(*day, &action.owner, "action.evidence", edits);
    }
    if let Some(day) = course.cancelled {
        let note = "The spreadsheet was switched off together with its server; nothing left to retire.";
        script.scene(day, &action.owner, "action.cancel", vec![step(record, "cancelled", note)]);
    }
    Ok(())
}

fn closed(script: &mut Script, action: &Action, course: &Course, record: RecordRef) -> Result<(), DataError> {
    let Some(day) = course.done else { return Ok(()) };
    let date = script.date(action.closed.unwrap_or(day)).to_string();
    let by = script.id_text(&action.owner)?;
    let what = format!("Done as agreed: {}.", action.title);
    let planned = script.date(course.check_planned.unwrap_or(day + 60)).to_string();
    let criterion = "Two months later it still works without anybody pushing it.";
    let mut edits = vec![
        set(record, Field::Done, json!({ "by": by, "at": NOW, "date": date, "whatChanged": what })),
        set(record, Field::EffectCheck, json!({ "planned": planned, "criterion": criterion })),
        step(record, "done", ""),
    ];
    if course.shown_at_the_end {
        edits.extend(evidence(script, action, record, day)?);
    }
    script.scene(day, &action.owner, "action.done", edits);
    let (Some(day), Some(verifier)) = (course.verified, &action.verifier) else { return Ok(()) };
    let verified = json!({
        "date": script.date(day).to_string(),
        "result": "verified",
        "note": if action.evidence > 0 { "Looked at the evidence and at the place." } else { "Taken as done." },
    });
    let verification =
        Edit::Supersede { record, field: Field::Verifications, entry: script.entry(day), value: verified };
    script.scene(day, verifier, "action.verify", vec![verification, step(record, "verified", "")]);
    let (Some(day), Some(result)) = (course.checked, &action.effect) else { return Ok(()) };
    let note = if result == "effective" {
        "Holds without help; the figures show it."
    } else {
        "The same thing has happened again."
    };
    let checked = json!({ "date": script.date(day).to_string(), "result": result, "note": note });
    let check =
        Edit::Supersede { record, field: Field::EffectResults, entry: script.entry(day), value: checked };
    script.scene(day, verifier, "action.check", vec![check, step(record, result, "")]);
    Ok(())
}

/// A note about what was done; files and photographs of the real thing would be claimed, not shown.
fn evidence(
    script: &mut Script,
    action: &Action,
    about: RecordRef,
    day: i32,
) -> Result<Vec<Edit>, DataError> {
    let record = script.fresh(Kind::Evidence, day);
    let title: String =
        format!("Note: {}", action.title).chars().take(workspace::schema::TITLE_CHARS_MAX).collect();
    let note = "Written on site: what was found, what was changed, who was there.";
    let fields = vec![
        (Field::Title, words(&title)),
        (Field::Kind, words("note")),
        (Field::TakenAt, Initial::Scalar(script.date(day).into())),
        (Field::By, Initial::Scalar(script.id(&action.owner)?)),
        (Field::Note, words(note)),
        (Field::MediaType, words("text/plain")),
    ];
    Ok(vec![
        create(record, fields),
        include(about, Field::Evidence, record.id),
        link(Relation::Evidences, record, about),
    ])
}
