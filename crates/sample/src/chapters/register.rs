//! The register: twenty-four risks and twelve opportunities, from the day somebody named them to the last look.
//!
//! Before the review that took it back, everything was written down by one man and belonged to him. Afterwards every
//! entry has an owner, who scores it again.

mod texts;

use super::{
    actions::{self, Course},
    context,
};
use crate::{
    budget::RAVI,
    data::{Data, DataError, RegisterRow},
    script::{Bank, HEADS, Script, create, link, set, step, words},
};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use texts::{BASES, ENTRIES};
use workspace::{Edit, Field, Initial, Kind, RecordRef, Relation};

/// From this day on entries have owners.
const OWNED: i32 = -264;
/// The last day of the story on which an entry is looked at.
const LATEST: i32 = -4;

/// When each entry was first written down.
const BORN: &[(&str, i32)] = &[
    // One man's job.
    ("R01", -648),
    ("R04", -622),
    ("R23", -604),
    ("R05", -581),
    ("R11", -566),
    ("R09", -545),
    ("R10", -524),
    ("R14", -509),
    ("R16", -491),
    ("R15", -474),
    ("R18", -452),
    ("R20", -446),
    ("R21", -424),
    ("R19", -411),
    // In the weeks before the audit.
    ("R03", -373),
    ("R08", -372),
    ("R12", -370),
    ("R17", -369),
    ("R24", -366),
    ("P03", -364),
    ("P05", -363),
    ("P10", -362),
    // Afterwards.
    ("R06", -331),
    ("R02", -322),
    ("R07", -313),
    ("P07", -302),
    ("P01", -262),
    ("P08", -251),
    ("P12", -243),
    ("P02", -238),
    ("P04", -151),
    ("P06", -146),
    ("P09", -121),
    ("R13", -96),
    ("R22", -91),
    ("P11", -46),
];

pub(super) fn born(code: &str) -> i32 {
    BORN.iter().find(|(known, _)| *known == code).map_or(-200, |(_, day)| *day)
}

/// The day by which an entry was scored for the first time.
pub(super) fn assessed(code: &str) -> i32 {
    born(code) + if in_the_burst(born(code)) { 0 } else { 6 }
}

fn in_the_burst(day: i32) -> bool {
    (-376..=-356).contains(&day)
}

pub(super) fn define(script: &mut Script, data: &Data) {
    for row in &data.register {
        script.define(&row.code, Kind::Register, born(&row.code));
    }
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let courses = actions::courses(data);
    for (at, row) in (0..).zip(&data.register) {
        let record = script.names.of(&row.code)?;
        Entry { script, data, row, record, at }.tell(&courses)?;
    }
    Ok(())
}

/// One entry on its way through the story.
struct Entry<'a> {
    script: &'a mut Script,
    data: &'a Data,
    row: &'a RegisterRow,
    record: RecordRef,
    at: i32,
}

impl Entry<'_> {
    fn tell(mut self, courses: &BTreeMap<String, Course>) -> Result<(), DataError> {
        let row = self.row;
        let born = born(&row.code);
        let assessed = assessed(&row.code);
        let first_voice = if born < OWNED { RAVI } else { row.owner.as_str() };
        self.named(born, first_voice)?;
        self.assessed(assessed, first_voice);
        let mut last = assessed;
        if first_voice != row.owner {
            last = OWNED + self.at;
            self.owned(last)?;
        }
        let acted =
            row.actions.iter().filter_map(|code| courses.get(code)).map(|course| course.created).min();
        let treat = acted.map(|day| day.max(assessed + 1));
        if let Some(day) = treat {
            let to = if row.kind == "risk" { "treating" } else { "pursuing" };
            let speaker = if day < OWNED { RAVI } else { row.owner.as_str() };
            let aim = self.assess(day, "aim", &row.aim, 2);
            self.scene(
                day,
                speaker,
                if row.kind == "risk" { "treat" } else { "pursue" },
                vec![aim, step(self.record, to, "")],
            );
            last = last.max(day);
        }
        let settled = self.settled(courses)?;
        let over = matches!(row.state.as_str(), "closed" | "declined" | "realised");
        let until = settled.filter(|_| over).unwrap_or(-1);
        self.looked_at(last, if row.state == "closed" { until } else { -1 }, treat.is_none());
        let bank = if row.kind == "risk" { Bank::Risk } else { Bank::Opportunity };
        self.script.notebook(self.record, bank, &row.owner, born, until);
        Ok(())
    }

    fn scene(&mut self, day: i32, who: &str, verb: &str, edits: Vec<Edit>) {
        self.script.scene(day, who, &format!("{}.{verb}", self.row.kind), edits);
    }

    fn named(&mut self, day: i32, who: &str) -> Result<(), DataError> {
        let row = self.row;
        let (_, cause, event, effect) = ENTRIES
            .iter()
            .find(|(code, ..)| *code == row.code)
            .ok_or_else(|| DataError::Unknown(row.code.clone()))?;
        let fields = vec![
            (Field::Title, words(&row.title)),
            (Field::Kind, words(&row.kind)),
            (Field::Cause, words(cause)),
            (Field::Event, words(event)),
            (Field::Effect, words(effect)),
            (Field::Category, words(&row.category)),
            (Field::Owner, Initial::Scalar(self.script.id(who)?)),
            (Field::Response, words(&row.response)),
            (Field::ReviewDue, Initial::Scalar(self.script.date(day + 120).into())),
        ];
        let relation = if row.kind == "risk" { Relation::Threatens } else { Relation::Helps };
        let mut edits = vec![create(self.record, fields)];
        edits.extend(context::grown_from(self.script, self.data, &row.code, day)?);
        // Objectives were written down later than the oldest risks.
        let (now, later): (Vec<_>, Vec<_>) = row.serves.iter().partition(|_| day >= OWNED);
        for objective in now {
            edits.push(link(relation, self.record, self.script.names.of(objective)?));
        }
        self.scene(day, who, "add", edits);
        let mut links = Vec::new();
        for objective in later {
            links.push(link(relation, self.record, self.script.names.of(objective)?));
        }
        if !links.is_empty() {
            self.scene(OWNED - 3, "m-cos", "link", links);
        }
        Ok(())
    }

    /// The first score; until somebody acts it is also the present one.
    fn assessed(&mut self, day: i32, who: &str) {
        let before = self.assess(day, "before", &self.row.before.clone(), 2);
        let now = self.assess(day, "now", &self.row.before.clone(), 1);
        let mut edits = vec![before, now];
        if self.row.state != "identified" {
            edits.push(step(self.record, "assessed", ""));
        }
        self.scene(day, who, "rate", edits);
    }

    fn owned(&mut self, day: i32) -> Result<(), DataError> {
        let owner = set(self.record, Field::Owner, self.script.id(&self.row.owner)?);
        self.scene(day, &self.row.owner, "own", vec![owner]);
        Ok(())
    }

    /// Accepted, treated, closed, declined or realised, and on which day.
    fn settled(&mut self, courses: &BTreeMap<String, Course>) -> Result<Option<i32>, DataError> {
        let row = self.row;
        let done = row.actions.iter().filter_map(|code| courses.get(code)?.done).max();
        let after = done.map_or(LATEST, |day| day + 6);
        let (day, edits, who, verb) = match row.state.as_str() {
            "treated" => (after, vec![step(self.record, "treated", "")], row.owner.as_str(), "treated"),
            "closed" => {
                let note = "Accreditation renewed for five years; the laboratory keeps its own calendar now.";
                (after, vec![step(self.record, "closed", note)], row.owner.as_str(), "close")
            }
            "realised" => (after, vec![step(self.record, "realised", "")], row.owner.as_str(), "realise"),
            "declined" => {
                let day = actions::review_day(self.data, "MR-3") + 1;
                let note = "Declined in the review: the cost is certain, the use is not.";
                (day, vec![step(self.record, "declined", note)], row.owner.as_str(), "decline")
            }
            "accepted" => {
                let (review, decision, until, condition) = if row.code == "R07" {
                    ("MR-2", "D07", 91, "As long as the distributor pays within thirty days.")
                } else {
                    ("MR-4", "D26", 287, "As long as nobody is hurt by a counterfeit part.")
                };
                let day = actions::review_day(self.data, review) + 1;
                let accepted = json!({
                    "until": self.script.date(until).to_string(),
                    "decision": self.script.id_text(decision)?,
                    "condition": condition,
                    "heads": HEADS,
                });
                let acceptance = Edit::Supersede {
                    record: self.record,
                    field: Field::Acceptances,
                    entry: self.script.entry(day),
                    value: accepted,
                };
                (day, vec![acceptance, step(self.record, "accepted", "")], "m-ceo", "accept")
            }
            _ => return Ok(None),
        };
        self.scene(day, who, verb, edits);
        Ok(Some(day))
    }

    /// The last look: the present score with its reason, and when to look again.
    fn looked_at(&mut self, after: i32, before: i32, aim_too: bool) {
        let row = self.row;
        let due = row.review_due;
        let latest = LATEST.min(before - 2);
        let day = (due - interval(&row.now)).max(after + 3).min(latest - self.at % 17);
        let mut edits = vec![self.assess(day, "now", &row.now.clone(), 3)];
        if aim_too {
            edits.push(self.assess(day, "aim", &row.aim.clone(), 2));
        }
        let changed = row.now != row.before;
        let note =
            if changed { "Scored again after what was done." } else { "Nothing has changed the score." };
        edits.push(Edit::Append {
            record: self.record,
            field: Field::Reviewed,
            entry: self.script.entry(day),
            value: json!({ "date": self.script.date(day).to_string(), "changed": changed, "note": note }),
        });
        edits.push(set(self.record, Field::ReviewDue, self.script.date(due)));
        self.scene(day, &row.owner, "rate", edits);
    }

    fn assess(&mut self, day: i32, phase: &str, score: &str, confidence: i64) -> Edit {
        let own = BASES.iter().find(|(code, known, _)| *code == self.row.code && *known == phase);
        let basis = match (own, phase) {
            (Some((_, _, basis)), _) => basis,
            (None, "before") => "Estimated in a round of three, before anything is done.",
            (None, "aim") => "What the measures should bring once they work.",
            (None, _) if confidence == 1 => "As before: nothing has been done yet.",
            (None, _) => "Checked against the cases of the last twelve months.",
        };
        Edit::Supersede {
            record: self.record,
            field: Field::Assessments,
            entry: self.script.entry(day),
            value: assessment(phase, score, confidence, basis),
        }
    }
}

fn assessment(phase: &str, score: &str, confidence: i64, basis: &str) -> Json {
    json!({ "phase": phase, "score": score, "confidence": confidence, "basis": basis })
}

/// Days until the next look: 180, 120, 60 or 30 by the band of the score.
fn interval(score: &str) -> i32 {
    let product: i32 = score.split('x').filter_map(|factor| factor.parse::<i32>().ok()).product();
    match product {
        ..=4 => 180,
        5..=9 => 120,
        10..=15 => 60,
        _ => 30,
    }
}
