//! Parties, what they require, issues, and what customers said.

use crate::{
    data::{Data, DataError},
    script::{Script, create, link, set, step, words},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, Kind, RecordRef, Relation};

/// When customers spoke, in the order of the feedback rows; spread over the last ten months.
const FEEDBACK_DAYS: [i32; 12] = [-292, -268, -241, -222, -196, -171, -149, -118, -92, -71, -46, -19];

const PURPOSE: &str = "Laboratories, water works and pharma lines dose exactly what they must, every time, with pumps \
                       that are easy to trust and quick to repair.";
const AMBITION: &str = "In three years customers buy uptime from us and not only pumps; nobody has to chase us; and a \
                        pharma line that passes any customer audit carries a quarter of our revenue.";
const CHOICES: &str = "We will: design for service, keep assembly in Kelder, be the easiest supplier to audit.\n\
                       We will not: compete on price in commodity pumps, ship with an open deviation, grow by \
                       overtime.";

pub(super) fn define(script: &mut Script, data: &Data) {
    for (code, ..) in &data.parties {
        script.define(code, Kind::Party, -718);
    }
    for (code, ..) in &data.requirements {
        script.define(code, Kind::Requirement, -717);
    }
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let direction = RecordRef::singleton(Kind::Direction);
    for (day, act, field, text) in [
        (-272, "direction.purpose", Field::Purpose, PURPOSE),
        (-271, "direction.ambition", Field::Ambition, AMBITION),
        (-270, "direction.choices", Field::Choices, CHOICES),
    ] {
        let splice = Edit::Splice {
            record: direction,
            field,
            at: ids::Utf16Offset(0),
            delete: 0,
            insert: text.to_owned(),
        };
        script.scene(day, "m-ceo", act, vec![splice]);
    }
    let horizon = i64::from(script.date(0).civil().0) + 3;
    script.scene(-270, "m-ceo", "direction.horizon", vec![set(direction, Field::Horizon, horizon)]);
    let climate = Edit::Supersede {
        record: direction,
        field: Field::Climate,
        entry: script.entry(-169),
        value: json!({
            "relevant": "partly",
            "reason": "Heat in the assembly hall and flooding at Orrin touch what we deliver; tenders ask for carbon data."
        }),
    };
    script.scene(-169, "m-ceo", "direction.climate", vec![climate]);

    for (code, title, kind) in &data.parties {
        let kind = if kind == "internal" { "employee" } else { kind };
        let fields = vec![(Field::Title, words(title)), (Field::Kind, words(kind))];
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
    for (at, (_, kind, title)) in (0..).zip(&data.issues) {
        let climate = title.contains("climate: relevant");
        let title = title.split(" (climate").next().unwrap_or(title);
        let day = -266 + at * 3;
        let issue = script.fresh(Kind::Issue, day);
        let fields = vec![
            (Field::Title, words(title)),
            (Field::Kind, words(kind)),
            (Field::Bearing, words(if title.starts_with("Loyal") { "helps" } else { "hurts" })),
            (Field::ClimateRelevant, Initial::Scalar(climate.into())),
        ];
        script.scene(day, "m-ceo", "issue.add", vec![create(issue, fields)]);
    }
    for ((code, kind, party, score), day) in data.feedback.iter().zip(FEEDBACK_DAYS) {
        let record = script.fresh(Kind::Feedback, day);
        let kind = kind.replace('_', "-");
        let fields = vec![
            (Field::Title, words(&format!("{} from {}", sentence(&kind), party_name(data, party)))),
            (Field::Kind, words(&kind)),
            (Field::Party, Initial::Scalar(script.id(party)?)),
            (Field::Score, Initial::Scalar((*score).into())),
            (Field::Date, Initial::Scalar(script.date(day).into())),
            (Field::Source, words(code)),
        ];
        let mut edits = vec![create(record, fields)];
        if kind == "complaint" {
            edits.push(set(record, Field::Severity, 4 - (*score).min(3)));
        }
        script.scene(day, "m-cco", "feedback.add", edits);
    }
    Ok(())
}

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

/// A policy text in force, as a move of its life cycle; told with the policy.
pub(super) fn in_force(policy: RecordRef) -> Vec<Edit> {
    vec![step(policy, "in-review", ""), step(policy, "in-force", "")]
}
