//! Signatures, each pinned to the heads it was given at, and what was written afterwards.

use super::{CHAIR, FACILITATOR, Told, item_code};
use crate::{
    data::DataError,
    script::{HEADS, Script, step, write},
};
use serde_json::json;
use workspace::{Edit, Field, RecordRef, schema::INPUT_CODES};

/// What a signature of the sample says. It is an entry of a log, not a cryptographic signature, and says so.
const STATEMENT: &str = "I was shown this state of the review and agree with what is recorded. Entered as a statement \
                         in the sample, without a device signature.";

pub(super) fn signed(script: &mut Script, told: &Told<'_>) -> Result<(), DataError> {
    let record = told.record(script)?;
    let mut scope: Vec<RecordRef> = vec![record];
    for input in INPUT_CODES {
        scope.push(told.item(script, input)?);
    }
    for decision in told.decisions() {
        scope.push(script.names.of(&decision.code)?);
        scope.push(told.item(script, &decision.code)?);
    }
    for (at, _) in (1..).zip(told.meeting.more_items) {
        scope.push(told.item(script, &format!("N{at}"))?);
    }
    let scope: Vec<String> = scope.iter().map(ToString::to_string).collect();
    // Most sign at the end of the day; after the fourth review they took a night over it.
    let first_day = told.review.day + i32::from(told.review.code == "MR-4");
    let last = told.review.signers.saturating_sub(1);
    for (at, (who, minute)) in
        told.meeting.signers.iter().zip((16 * 60..).step_by(7)).take(last + 1).enumerate()
    {
        let day = if at == last { told.review.day + told.review.signed_after } else { first_day };
        let value = json!({
            "subject": "review",
            "subjectId": record.id.to_string(),
            "scope": scope,
            "heads": HEADS,
            "statement": STATEMENT,
            "capacity": if *who == CHAIR { "chair" } else { "top" },
        });
        let entry = script.entry(day);
        let mut edits = vec![Edit::Append { record, field: Field::SignOffs, entry, value }];
        if at == last {
            edits.push(step(record, "signed", ""));
        }
        script.sign(day, minute, who, "review.sign", edits);
    }
    script.mark(&told.review.code);
    Ok(())
}

/// After the fourth review was signed, three things were written later, and two had been written on a plane by somebody
/// who had not seen the signatures.
pub(super) fn afterwards(script: &mut Script) -> Result<(), DataError> {
    let of = |script: &Script, item: &str| script.names.of(&item_code("MR-4", item));
    let review = script.names.of("MR-4")?;
    let (plane, home) = (-77, -75);
    let pages = [
        (
            7 * 60 + 40,
            "D22",
            "From the plane: two of the three pharma customers would also rent. Worth a line in the case.",
        ),
        (
            8 * 60 + 25,
            "D24",
            "From the plane: the auditor in question reads tables, not charts. Show the list first.",
        ),
    ];
    for (minute, item, text) in pages {
        let edit = write(of(script, item)?, Field::Discussion, text);
        script.offline(plane, minute, home, "m-cto", "agenda.note", vec![edit]);
    }
    let summary = "Correction: the lockers were granted too, six of them this year.";
    script.at(-74, 15 * 60, FACILITATOR, "review.summary", vec![write(review, Field::Summary, summary)]);
    let outcome = "The limit holds per purchase, not per year; asked and confirmed afterwards.";
    script.at(
        -70,
        15 * 60,
        FACILITATOR,
        "agenda.note",
        vec![write(of(script, "D20")?, Field::Outcome, outcome)],
    );
    let value = json!({
        "date": script.date(-36).to_string(),
        "result": "too-early",
        "note": "Two hot weeks, eleven rejected joints. Decide again when the offer for the roof is here.",
    });
    let entry = script.entry(-36);
    let look_back = Edit::Supersede { record: script.names.of("D21")?, field: Field::LookBack, entry, value };
    script.at(-36, 15 * 60, "m-cfo", "decision.look-back", vec![look_back]);
    Ok(())
}
