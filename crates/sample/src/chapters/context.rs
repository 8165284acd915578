//! Parties, what they require, issues, and what customers said.

use crate::{
    data::{Data, DataError},
    script::{Script, atom, create, link, set, words, write},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, Kind, RecordRef, Relation};

/// What grew out of which issue.
const GROWN_FROM: &[(&str, &str)] = &[
    ("R06", "I1"),
    ("P09", "I2"),
    ("R07", "I3"),
    ("R11", "I4"),
    ("R12", "I4"),
    ("R04", "I5"),
    ("P05", "I5"),
    ("R03", "I6"),
    ("R13", "I7"),
    ("R22", "I7"),
    ("R17", "I8"),
    ("Q10", "I10"),
    ("R09", "I11"),
];

/// When customers spoke, in the order of the feedback rows; spread over the last ten months.
const FEEDBACK_DAYS: [i32; 12] = [-292, -268, -241, -222, -196, -171, -149, -118, -92, -71, -46, -19];

const PURPOSE: &str = "Laboratories, water works and pharma lines dose exactly what they must, every time, with pumps \
                       that are easy to trust and quick to repair.";
const AMBITION: &str = "In three years customers buy uptime from us and not only pumps; nobody has to chase us; and a \
                        pharma line that passes any customer audit carries a quarter of our revenue.";
const CHOICES: &str = "We will: design for service, keep assembly in Kelder, be the easiest supplier to audit.\n\
                       We will not: compete on price in commodity pumps, ship with an open deviation, grow by \
                       overtime.";

/// Code, who brings it up, area, what it means for the firm.
const ISSUES: &[(&str, &str, &str, &str)] = &[
    ("I1", "m-cto", "law", "Two of our elastomers may need a new approval within three years."),
    ("I2", "m-cco", "market", "Whoever sells the monitoring also sells the next pump."),
    ("I3", "m-cco", "market", "Three distributors are left in the south, two of them for sale."),
    (
        "I4",
        "m-coo",
        "climate",
        "The hall in Kelder reaches 35 degrees in July; the cellar in Orrin floods every ten years.",
    ),
    ("I5", "m-coo", "people", "It takes fourteen months to find and train a calibration technician."),
    ("I6", "m-coo", "organisation", "Every quarter end waits for the two test benches."),
    (
        "I7",
        "m-cco",
        "organisation",
        "People do what the bonus pays: quick and cheap. Nobody planned it that way.",
    ),
    ("I8", "m-cto", "technology", "The P2 family lives in the head of one designer who is 61."),
    (
        "I9",
        "m-hr",
        "people",
        "Half of our people have been here for more than twelve years and know every customer.",
    ),
    ("I10", "m-cco", "climate", "Two tenders last year asked for a figure that we do not have."),
    ("I11", "m-cfo", "technology", "Orders live in the new system, spare parts still in the old one."),
];

/// Influence and interest, 1 to 3, in the order of the parties.
const WEIGHTS: [(i64, i64); 9] = [(3, 3), (3, 3), (2, 3), (2, 3), (3, 2), (3, 2), (2, 2), (1, 2), (2, 2)];

/// Requirement, day, who judges, status, what the judgement rests on.
const JUDGEMENTS: &[(&str, i32, &str, &str, &str)] = &[
    (
        "Q1",
        -246,
        "m-coo",
        "partly",
        "Nine of ten lines arrive on the promised day; partial deliveries are announced for half of the orders.",
    ),
    (
        "Q2",
        -241,
        "m-coo",
        "met",
        "Certificate printed with every pump since the new bench software; sample of twenty checked.",
    ),
    (
        "Q3",
        -236,
        "m-qa",
        "partly",
        "We give notice, but two changes last year went out with less than ninety days.",
    ),
    (
        "Q4",
        -229,
        "m-cco",
        "partly",
        "Four of five questions are answered the same day; the rest waits for engineering.",
    ),
    ("Q5", -222, "m-cco", "partly", "Orrin holds five days in summer, not in January."),
    ("Q6", -207, "m-qa", "partly", "Proof is complete for the new compounds, old ones are being collected."),
    (
        "Q8",
        -192,
        "m-cto",
        "met",
        "Remote access is off by default and switched on by the customer; checked by an outside firm.",
    ),
    ("Q9", -101, "m-qa", "partly", "Kelder is complete; at Orrin the training records have gaps."),
    ("Q7", -62, "m-cco", "met", "Spare parts are held for every family built in the last fifteen years."),
    (
        "Q10",
        -57,
        "m-cco",
        "not-met",
        "There is no figure yet; the first tender that wants one closes next year.",
    ),
];

pub(super) fn define(script: &mut Script, data: &Data) {
    for (code, ..) in &data.parties {
        script.define(code, Kind::Party, -718);
    }
    for (code, ..) in &data.requirements {
        script.define(code, Kind::Requirement, -717);
    }
    for (at, (code, ..)) in (0..).zip(&data.issues) {
        script.define(code, Kind::Issue, issue_day(at));
    }
    for ((code, ..), day) in data.feedback.iter().zip(FEEDBACK_DAYS) {
        script.define(code, Kind::Feedback, day);
    }
}

const fn issue_day(at: i32) -> i32 {
    -267 + at * 3
}

/// The link from an entry that is born on `day` to the issue it grew from, if that is known by then.
pub(super) fn grown_from(
    script: &Script,
    data: &Data,
    entry: &str,
    day: i32,
) -> Result<Option<Edit>, DataError> {
    let Some((_, issue)) = GROWN_FROM.iter().find(|(known, _)| *known == entry) else { return Ok(None) };
    let at = (0..).zip(&data.issues).find(|(_, (code, ..))| code == issue).map(|(at, _)| at);
    let is_known = at.is_some_and(|at| issue_day(at) < day);
    let grown = || Ok(link(Relation::ComesFrom, script.names.of(entry)?, script.names.of(issue)?));
    is_known.then(grown).transpose()
}

/// The links to an issue from what was there before it.
fn grown_before(script: &Script, issue: &str, at: i32) -> Result<Vec<Edit>, DataError> {
    let before = |entry: &str| entry.starts_with('Q') || super::register::born(entry) <= issue_day(at);
    let grown = GROWN_FROM.iter().filter(|(entry, known)| *known == issue && before(entry));
    grown
        .map(|(entry, _)| Ok(link(Relation::ComesFrom, script.names.of(entry)?, script.names.of(issue)?)))
        .collect()
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    direction(script)?;
    parties(script, data)?;
    issues(script, data)?;
    judgements(script)?;
    feedback(script, data)
}

fn direction(script: &mut Script) -> Result<(), DataError> {
    let direction = RecordRef::singleton(Kind::Direction);
    let horizon = i64::from(script.date(0).civil().0) + 3;
    script.scene(-272, "m-ceo", "direction.purpose", vec![write(direction, Field::Purpose, PURPOSE)]);
    script.scene(
        -271,
        "m-ceo",
        "direction.ambition",
        vec![write(direction, Field::Ambition, AMBITION), set(direction, Field::Horizon, horizon)],
    );
    script.scene(-270, "m-ceo", "direction.choices", vec![write(direction, Field::Choices, CHOICES)]);
    let climate = Edit::Supersede {
        record: direction,
        field: Field::Climate,
        entry: script.entry(-168),
        value: json!({
            "relevant": "partly",
            "reason": "Heat in the assembly hall and floods at Orrin touch what we deliver; tenders ask for carbon data."
        }),
    };
    let confirmed = Edit::Supersede {
        record: direction,
        field: Field::LastConfirmed,
        entry: script.entry(-168),
        value: json!({ "review": script.id_text("MR-3")? }),
    };
    script.scene(-168, "m-ceo", "direction.confirm", vec![climate, confirmed]);
    Ok(())
}

fn parties(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for ((code, title, kind), (influence, interest)) in data.parties.iter().zip(WEIGHTS) {
        let kind = if kind == "internal" { "employee" } else { kind };
        let fields = vec![
            (Field::Title, words(title)),
            (Field::Kind, words(kind)),
            (Field::Weight, atom(json!({ "influence": influence, "interest": interest }))),
        ];
        let party = script.names.of(code)?;
        script.import(-718, "party.add", vec![create(party, fields)]);
    }
    for (code, title, party, _) in &data.requirements {
        let fields = vec![
            (Field::Title, words(title)),
            (Field::Party, Initial::Scalar(script.id(party)?)),
            (Field::ClimateRelevant, Initial::Scalar((code == "Q10").into())),
        ];
        let requirement = script.names.of(code)?;
        script.import(-717, "requirement.add", vec![create(requirement, fields)]);
    }
    Ok(())
}

fn issues(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for (at, (code, kind, title)) in (0..).zip(&data.issues) {
        let Some((_, who, area, body)) = ISSUES.iter().find(|(known, ..)| known == code) else {
            return Err(DataError::Unknown(code.clone()));
        };
        let issue = script.names.of(code)?;
        let fields = vec![
            (Field::Title, words(bare(title))),
            (Field::Body, words(body)),
            (Field::Kind, words(kind)),
            (Field::Area, words(area)),
            (Field::Bearing, words(if title.starts_with("Loyal") { "helps" } else { "hurts" })),
            (Field::Watch, words(if kind == "external" { "quarterly" } else { "yearly" })),
            (Field::ClimateRelevant, Initial::Scalar(title.contains("climate: relevant").into())),
        ];
        script.scene(issue_day(at), who, "issue.add", vec![create(issue, fields)]);
        // What existed before the issue was named is linked to it afterwards by the facilitator.
        let links = grown_before(script, code, at)?;
        if !links.is_empty() {
            script.scene(issue_day(at) + 3, "m-cos", "issue.link", links);
        }
    }
    Ok(())
}

/// The title without the remark about the climate, which is a field.
pub(crate) fn bare(title: &str) -> &str {
    title.split(" (climate").next().unwrap_or(title)
}

fn judgements(script: &mut Script) -> Result<(), DataError> {
    for (code, day, who, status, basis) in JUDGEMENTS {
        let judge = Edit::Supersede {
            record: script.names.of(code)?,
            field: Field::Judgements,
            entry: script.entry(*day),
            value: json!({ "status": status, "basis": basis }),
        };
        let known = write(script.names.of(code)?, Field::HowWeKnow, basis);
        script.scene(*day, who, "requirement.judge", vec![judge, known]);
    }
    Ok(())
}

fn feedback(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for ((code, kind, party, score), day) in data.feedback.iter().zip(FEEDBACK_DAYS) {
        let record = script.names.of(code)?;
        let kind = kind.replace('_', "-");
        let summary = FEEDBACK.iter().find(|(known, _)| known == code).map_or("", |(_, summary)| summary);
        let mut fields = vec![
            (Field::Title, words(&format!("{} from {}", sentence(&kind), party_name(data, party)))),
            (Field::Kind, words(&kind)),
            (Field::Party, Initial::Scalar(script.id(party)?)),
            (Field::Score, Initial::Scalar((*score).into())),
            (Field::Date, Initial::Scalar(script.date(day).into())),
            (Field::Summary, words(summary)),
            (Field::Source, words(if kind == "survey" { "Customer survey" } else { "Sales and service" })),
        ];
        if kind == "complaint" {
            fields.push((Field::Severity, Initial::Scalar((5 - (*score).clamp(1, 4)).into())));
        }
        script.scene(day, "m-cco", "feedback.add", vec![create(record, fields)]);
    }
    Ok(())
}

const FEEDBACK: &[(&str, &str)] = &[
    ("B1", "Very content with the accuracy; would like certificates by interface and not as paper."),
    ("B2", "Good pumps, good people. Deliveries at quarter end arrive in pieces."),
    ("B3", "Three pumps came a week late and without notice, the shutdown of the plant had to be moved."),
    ("B4", "The engineer found the fault by telephone in ten minutes on a Friday evening."),
    ("B5", "Dosing drifted after four weeks; glue at the sensor had let go. Pump exchanged."),
    ("B6", "Satisfied with the answers, less with the waiting time for spare parts."),
    ("B7", "Order lost to a bundle of pump and monitoring; our price was lower."),
    ("B8", "Two pumps of one lot failed the acceptance, both with the same deviation on the test record."),
    ("B9", "Visit at a pharma customer: they like the gate plan and ask for ninety days' notice in writing."),
    ("B10", "As content as last year. One of three mentions quarter-end deliveries again."),
    (
        "B11",
        "A pump was released with an open deviation, found at incoming inspection. They ask who decides that here.",
    ),
    ("B12", "The exchange pump was on site the next morning; the works manager called to say thank you."),
];

/// Links from objectives to the requirements they serve; told with the objectives.
pub(super) fn serving(script: &Script, data: &Data, objective: &str) -> Result<Vec<Edit>, DataError> {
    data.requirements
        .iter()
        .filter(|(_, _, _, served_by)| served_by == objective)
        .map(|(code, ..)| Ok(link(Relation::Serves, script.names.of(objective)?, script.names.of(code)?)))
        .collect()
}

fn party_name<'a>(data: &'a Data, code: &str) -> &'a str {
    data.parties.iter().find(|(known, ..)| known == code).map_or("a customer", |(_, name, _)| name)
}

fn sentence(kind: &str) -> String {
    let words = kind.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
