//! The meeting itself: agenda, attendance, decisions, judgements.

use super::{CHAIR, Told, decisions, item_code, texts::DISCUSSED};
use crate::{
    data::DataError,
    script::{HEADS, NOW, Script, create, set, step, words, write},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, RecordRef, schema::INPUT_CODES};

/// An agenda item: its code, kind, title and owner, and what was said.
struct Item<'a> {
    code: String,
    kind: &'static str,
    title: &'a str,
    owner: &'a str,
    said: &'a str,
    /// The decision it led to.
    decision: Option<&'a crate::data::Decision>,
}

fn items<'a>(told: &'a Told<'_>) -> Vec<Item<'a>> {
    let more = (1..).zip(told.meeting.more_items).map(|(at, (kind, title, owner, said))| Item {
        code: format!("N{at}"),
        kind,
        title,
        owner,
        said,
        decision: None,
    });
    let decided = told.decisions().filter_map(|decision| {
        let discussed = DISCUSSED.iter().find(|discussed| discussed.decision == decision.code)?;
        Some(Item {
            code: decision.code.clone(),
            // What is only noted was never meant to be decided.
            kind: if decision.outcome == "noted" { "inform" } else { "decide" },
            title: discussed.topic,
            owner: discussed.owner,
            said: discussed.said,
            decision: Some(decision),
        })
    });
    more.chain(decided).collect()
}

pub(super) fn held(script: &mut Script, told: &Told<'_>) -> Result<(), DataError> {
    let (review, host) = (told.review, told.host());
    let record = told.record(script)?;
    let items = items(told);
    let count = u32::try_from(items.len()).unwrap_or(1).max(1);
    let planned = review.planned_minutes / i64::from(count);
    // The formality writes its agenda on the same day.
    let (agenda_day, agenda_minute) = if told.is_the_formality() {
        (review.day, told.meeting.start - 60)
    } else {
        (review.day - 5, 15 * 60)
    };
    for item in &items {
        let fields = vec![
            (Field::Title, words(item.title)),
            (Field::Review, Initial::Scalar(record.id.into())),
            (Field::Kind, words(item.kind)),
            (Field::Owner, Initial::Scalar(script.id(item.owner)?)),
            (Field::PlannedMinutes, Initial::Scalar(planned.into())),
            (Field::Order, script.position()),
        ];
        let edits = vec![create(told.item(script, &item.code)?, fields)];
        script.at(agenda_day, agenda_minute, host, "agenda.add", edits);
    }
    if !told.is_the_formality() {
        freeze(script, told)?;
    }
    start(script, told, record)?;

    let minutes = u32::try_from(review.actual_minutes).unwrap_or(0);
    let slot = minutes.saturating_sub(6) / count;
    for (at, item) in (0..).zip(&items) {
        let begin = told.meeting.start + 3 + at * slot;
        let end = begin + slot.saturating_sub(1);
        if let Some(decision) = item.decision {
            decisions::decided(script, told, decision, (begin, end))?;
        }
        let record = script.names.of(&item_code(&review.code, &item.code))?;
        let deferred =
            item.kind == "decide" && item.decision.is_none_or(|decision| decision.outcome == "deferred");
        let spent =
            json!({ "seconds": i64::from(slot) * 60 - 20, "from": moment(script, review.day, begin) });
        let mut edits = vec![
            Edit::Append { record, field: Field::Spent, entry: script.entry(review.day), value: spent },
            write(record, Field::Discussion, item.said),
        ];
        if !deferred {
            edits.push(write(record, Field::Outcome, outcome(item.decision)));
        }
        edits.push(step(record, if deferred { "deferred" } else { "done" }, ""));
        script.at(review.day, end, host, "agenda.close", edits);
    }
    end(script, told, record, told.meeting.start + minutes)
}

fn outcome(decision: Option<&crate::data::Decision>) -> &'static str {
    match decision.map(|decision| decision.outcome.as_str()) {
        Some("decided") => "Decided, see the decision.",
        Some("rejected") => "Rejected, see the decision.",
        _ => "Heard.",
    }
}

/// One hour before, the figures under discussion stop moving.
fn freeze(script: &mut Script, told: &Told<'_>) -> Result<(), DataError> {
    let minute = told.meeting.start - 60;
    let mut edits = Vec::new();
    for input in INPUT_CODES {
        let slot = told.item(script, input)?;
        edits.push(set(slot, Field::DataHeads, json!({ "heads": HEADS, "at": NOW })));
    }
    script.at(told.review.day, minute, told.host(), "review.freeze", edits);
    Ok(())
}

fn start(script: &mut Script, told: &Told<'_>, record: RecordRef) -> Result<(), DataError> {
    let (day, minute) = (told.review.day, told.meeting.start);
    let mut edits =
        vec![set(record, Field::StartedAt, moment(script, day, minute)), step(record, "in-session", "")];
    for member in told.data.members.iter().filter(|member| member.4) {
        let present = told.present().any(|present| present == member.0);
        let state = if present { "present" } else { "apology" };
        edits.push(Edit::SetKey {
            record,
            field: Field::Attendance,
            key: script.id_text(&member.0)?,
            value: Some(json!({ "state": state })),
        });
    }
    script.at(day, minute, told.host(), "review.start", edits);
    Ok(())
}

/// The four questions at the end, the summary, the closing.
fn end(script: &mut Script, told: &Told<'_>, record: RecordRef, minute: u32) -> Result<(), DataError> {
    let day = told.review.day;
    let mut edits = Vec::new();
    for (question, answer, reason) in told.meeting.judgements {
        edits.push(Edit::Supersede {
            record,
            field: Field::Judgements,
            entry: script.entry(day),
            value: json!({ "question": question, "answer": answer, "reason": reason }),
        });
    }
    if !edits.is_empty() {
        script.at(day, minute - 2, CHAIR, "review.judge", edits);
    }
    if told.review.code == "MR-4" {
        // One of the team sees it differently, and both views stand.
        let value = json!({
            "question": "effective",
            "answer": "no",
            "reason": "Customers told us before any of our figures did.",
            "dissent": script.id_text("m-cco")?,
        });
        let entry = script.entry(day);
        let dissent = Edit::Append { record, field: Field::Judgements, entry, value };
        script.at(day, minute - 1, "m-cco", "review.dissent", vec![dissent]);
    }
    let edits = vec![
        write(record, Field::Summary, told.meeting.summary),
        set(record, Field::EndedAt, moment(script, day, minute)),
        step(record, "closing", ""),
    ];
    script.at(day, minute, told.host(), "review.close", edits);
    Ok(())
}

/// A minute of a day, in milliseconds.
fn moment(script: &Script, day: i32, minute: u32) -> i64 {
    script.date(day).start().plus_millis(i64::from(minute) * 60_000).as_millis()
}

/// Where a decision was made.
pub(super) fn place(
    script: &Script,
    told: &Told<'_>,
    decision: &str,
) -> Result<(RecordRef, RecordRef), DataError> {
    Ok((told.record(script)?, told.item(script, decision)?))
}
