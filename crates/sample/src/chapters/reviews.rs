//! The reviews: one formality, one turning point, one drift, one correction, and one in preparation.

mod decisions;
mod session;
mod signing;
mod texts;

use crate::{
    budget::RAVI,
    data::{Data, DataError, Review},
    script::{NOW, Script, atom, create, heads_of, link, set, step, words, write},
};
use serde_json::{Value as Json, json};
use texts::{INPUT_COMMENTS, MEETINGS, Meeting, NEXT_ITEMS, PREPARERS};
use workspace::{Edit, Field, Initial, Kind, RecordRef, Relation, schema::INPUT_CODES};

const CHAIR: &str = "m-ceo";
const FACILITATOR: &str = "m-cos";
/// The review that has not been held yet, and its day.
const NEXT: (&str, i32) = ("MR-5", 13);
/// Days between two reviews, as the team decided.
const INTERVAL: i32 = 91;

pub(super) fn define(script: &mut Script, data: &Data) {
    for (review, meeting) in data.reviews.iter().zip(MEETINGS) {
        let planned = review.day - meeting.planned_before;
        define_one(script, &review.code, planned);
        for decision in data.decisions.iter().filter(|decision| decision.review == review.code) {
            script.define(&decision.code, Kind::Decision, review.day);
            script.define(&item_code(&review.code, &decision.code), Kind::AgendaItem, review.day - 5);
        }
        for (at, _) in (1..).zip(meeting.more_items) {
            script.define(&item_code(&review.code, &format!("N{at}")), Kind::AgendaItem, review.day - 5);
        }
    }
    define_one(script, NEXT.0, -33);
    for (at, _) in (1..).zip(NEXT_ITEMS) {
        script.define(&item_code(NEXT.0, &format!("N{at}")), Kind::AgendaItem, -16);
    }
    script.define("quarterly-review", Kind::Cadence, -272);
    script.define("monthly-look", Kind::Cadence, -272);
}

fn define_one(script: &mut Script, code: &str, planned: i32) {
    script.define(code, Kind::Review, planned);
    for input in INPUT_CODES {
        script.define(&item_code(code, input), Kind::ReviewInput, planned);
    }
}

/// What belongs to a review: its inputs `MR-4/I10` and its agenda items `MR-4/D18`.
fn item_code(review: &str, item: &str) -> String {
    format!("{review}/{item}")
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let mut earlier = None;
    for (at, (review, meeting)) in data.reviews.iter().zip(MEETINGS).enumerate() {
        let told = Told { data, review, meeting, at };
        told.planned(script, earlier)?;
        told.prepared(script)?;
        session::held(script, &told)?;
        signing::signed(script, &told)?;
        earlier = Some(review.code.as_str());
        if review.code == "MR-2" {
            cadences(script)?;
        }
    }
    signing::afterwards(script)?;
    next(script, earlier)
}

/// A past review with everything the story knows about it.
struct Told<'a> {
    data: &'a Data,
    review: &'a Review,
    meeting: &'static Meeting,
    /// Its place in the row of reviews.
    at: usize,
}

impl Told<'_> {
    fn record(&self, script: &Script) -> Result<RecordRef, DataError> {
        script.names.of(&self.review.code)
    }

    fn item(&self, script: &Script, item: &str) -> Result<RecordRef, DataError> {
        script.names.of(&item_code(&self.review.code, item))
    }

    /// Who runs it.
    fn host(&self) -> &'static str {
        if self.is_the_formality() { RAVI } else { FACILITATOR }
    }

    /// The first one: yearly, by the book, without the chair.
    fn is_the_formality(&self) -> bool {
        !self.review.chair_present
    }

    /// The members of the top team who were there.
    fn present(&self) -> impl Iterator<Item = &'static str> {
        self.meeting.present.iter().copied().take(self.review.top_present)
    }

    fn decisions(&self) -> impl Iterator<Item = &crate::data::Decision> {
        self.data.decisions.iter().filter(|decision| decision.review == self.review.code)
    }

    fn planned(&self, script: &mut Script, earlier: Option<&str>) -> Result<(), DataError> {
        let plan = Plan {
            code: &self.review.code,
            day: self.review.day,
            minutes: self.review.planned_minutes,
            start: self.meeting.start,
            facilitator: self.host(),
            earlier,
            cadence: earlier.is_some_and(|earlier| earlier != "MR-1"),
        };
        let day = self.review.day - self.meeting.planned_before;
        for edits in plan.edits(script)? {
            script.scene(day, self.host(), "review.plan", edits);
        }
        script.scene(day, self.host(), "review.prepare", vec![step(self.record(script)?, "preparing", "")]);
        Ok(())
    }

    /// Who is responsible for an input says that it is ready, and what there is to know about it.
    fn prepared(&self, script: &mut Script) -> Result<(), DataError> {
        let missing = INPUT_CODES.len().saturating_sub(self.review.inputs_ready);
        let unready: Vec<&str> = self.meeting.unready.iter().copied().take(missing).collect();
        for ((input, preparer), back) in PREPARERS.iter().zip(0..) {
            if unready.contains(input) {
                continue;
            }
            let preparer = match *preparer {
                // Those who were not part of it yet had it prepared for them.
                _ if self.is_the_formality() && !self.present().any(|member| member == *preparer) => RAVI,
                other => other,
            };
            let day = if self.is_the_formality() {
                self.review.day - self.meeting.planned_before
            } else {
                self.review.day - 3 - back % 5
            };
            ready(script, &self.review.code, input, preparer, day, self.at)?;
        }
        Ok(())
    }
}

/// What it takes to plan a review.
struct Plan<'a> {
    code: &'a str,
    day: i32,
    minutes: i64,
    /// Minute of the day.
    start: u32,
    facilitator: &'a str,
    earlier: Option<&'a str>,
    cadence: bool,
}

impl Plan<'_> {
    /// The review with its twelve inputs, in two acts, because an act names at most eight records.
    fn edits(&self, script: &Script) -> Result<[Vec<Edit>; 2], DataError> {
        let record = script.names.of(self.code)?;
        let date = script.date(self.day).to_string();
        let scheduled = json!({
            "date": date,
            "time": format!("{:02}:{:02}", self.start / 60, self.start % 60),
            "zone": "Europe/Dublin",
            "minutes": self.minutes,
            "place": "Kelder, room Brook",
        });
        let mut fields = vec![
            (Field::Title, words(&format!("Management review {}", self.code))),
            (Field::Kind, words("full")),
            (Field::Scheduled, atom(scheduled)),
            (Field::Chair, Initial::Scalar(script.id(CHAIR)?)),
            (Field::Facilitator, Initial::Scalar(script.id(self.facilitator)?)),
        ];
        if let Some(earlier) = self.earlier {
            fields.push((Field::Baseline, atom(json!({ "heads": heads_of(earlier) }))));
        }
        if self.cadence {
            fields.push((Field::Cadence, Initial::Scalar(script.id("quarterly-review")?)));
            fields.push((Field::Occurrence, words(&date)));
        }
        let mut edits = vec![create(record, fields)];
        for input in INPUT_CODES {
            let slot = script.names.of(&item_code(self.code, input))?;
            let fields =
                vec![(Field::Review, Initial::Scalar(record.id.into())), (Field::Code, words(input))];
            edits.push(create(slot, fields));
        }
        let rest = edits.split_off(7);
        Ok([edits, rest])
    }
}

fn ready(
    script: &mut Script,
    review: &str,
    input: &str,
    preparer: &str,
    day: i32,
    at: usize,
) -> Result<(), DataError> {
    let slot = script.names.of(&item_code(review, input))?;
    let comments = INPUT_COMMENTS.iter().find(|(code, _)| *code == input).map(|(_, comments)| *comments);
    let comment =
        comments.and_then(|comments| comments.get(at).or(comments.last())).copied().unwrap_or_default();
    let who = script.id_text(preparer)?;
    let edits = vec![
        set(slot, Field::PreparedBy, who.as_str()),
        write(slot, Field::Comment, comment),
        set(slot, Field::Ready, json!({ "ready": true, "by": who, "at": NOW })),
    ];
    script.scene(day, preparer, "review.input-ready", edits);
    Ok(())
}

/// "Four times a year, inside the leadership meeting": the rhythm that the team decided.
fn cadences(script: &mut Script) -> Result<(), DataError> {
    let from = script.date(-274).to_string();
    let rules: [(&str, &str, &str, Json, &str, i64); 2] = [
        (
            "quarterly-review",
            "Quarterly review",
            "quarterly-review",
            json!({ "freq": "DAILY", "interval": INTERVAL, "from": from }),
            "after-last",
            75,
        ),
        (
            "monthly-look",
            "Monthly look",
            "monthly-look",
            json!({ "freq": "MONTHLY", "interval": 1, "byday": "1TU", "from": from }),
            "fixed",
            15,
        ),
    ];
    for (code, title, kind, rule, mode, minutes) in rules {
        let fields = vec![
            (Field::Title, words(title)),
            (Field::Kind, words(kind)),
            (Field::Rule, atom(rule)),
            (Field::Mode, words(mode)),
            (Field::AttachedTo, atom(json!({ "name": "Leadership meeting" }))),
            (Field::SlotMinutes, Initial::Scalar(minutes.into())),
        ];
        script.scene(-272, FACILITATOR, "cadence.add", vec![create(script.names.of(code)?, fields)]);
    }
    Ok(())
}

/// The review to come: seven inputs are ready, the agenda stands.
fn next(script: &mut Script, earlier: Option<&str>) -> Result<(), DataError> {
    let (code, day) = NEXT;
    let record = script.names.of(code)?;
    let plan =
        Plan { code, day, minutes: 75, start: 9 * 60, facilitator: FACILITATOR, earlier, cadence: true };
    for edits in plan.edits(script)? {
        script.scene(-33, FACILITATOR, "review.plan", edits);
    }
    script.scene(-18, FACILITATOR, "review.prepare", vec![step(record, "preparing", "")]);
    for (at, (kind, title, owner, minutes, about)) in (1..).zip(NEXT_ITEMS) {
        let item = script.names.of(&item_code(code, &format!("N{at}")))?;
        let mut fields = vec![
            (Field::Title, words(title)),
            (Field::Review, Initial::Scalar(record.id.into())),
            (Field::Kind, words(kind)),
            (Field::Owner, Initial::Scalar(script.id(owner)?)),
            (Field::PlannedMinutes, Initial::Scalar((*minutes).into())),
            (Field::Order, script.position()),
        ];
        if title.starts_with("Bench 3") {
            let carried = script.id(&item_code("MR-3", "D09"))?;
            fields.push((Field::CarriedFrom, Initial::Scalar(carried)));
        }
        let mut edits = vec![create(item, fields)];
        for subject in *about {
            edits.push(link(Relation::Discusses, item, script.names.of(subject)?));
        }
        script.scene(-16, FACILITATOR, "agenda.add", edits);
    }
    let ready_inputs = PREPARERS.iter().filter(|(input, _)| texts::READY_NEXT.contains(input));
    for ((input, preparer), back) in ready_inputs.zip(2..) {
        ready(script, code, input, preparer, -back, 4)?;
    }
    Ok(())
}
