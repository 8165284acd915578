//! Policy, goals, objectives, KPIs and two years of monthly figures.

use super::context;
use crate::{
    budget::RAVI,
    data::{Data, DataError, Objective},
    script::{Bank, HEADS, NOW, Script, atom, create, decimal, include, link, set, step, words, write},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, Kind, Relation};

/// The audit found the objectives being written down, all of them by one man.
const OBJECTIVES_DAY: i32 = -365;
/// The day of the review after which every objective has an owner.
const TAKEN_BACK: i32 = -274;
const MONTHS: i32 = 24;
/// When the policy in force was agreed.
const POLICY_DAY: i32 = -160;
/// What was on paper before the workspace was carried over with it.
const CARRIED_OVER: i32 = -716;

const PLANS: &[(&str, &str)] = &[
    (
        "O1",
        "Level the quarter-end load with sales, bring the third test bench into use, and announce every partial \
         delivery two days ahead. Judged by lines shipped complete on the promised day.",
    ),
    (
        "O2",
        "One line for technical questions, a roster for the second level, and a list of the twenty answers that cover \
         half of all calls.",
    ),
    (
        "O3",
        "Call every detractor, answer in writing what we change, and ask again after the change and not before.",
    ),
    (
        "O4",
        "One cause list for all complaints, the five most frequent causes removed one after the other, and designers \
         who talk to the customers themselves.",
    ),
    ("O5", "Offer the contract with the pump and not after it; a renewal call ninety days before the end."),
    (
        "O6",
        "Spare kits per family, fault trees for the van, the second level on the phone while the engineer is there.",
    ),
    (
        "O7",
        "A module in every new pump, switched off by default, and a reason for the customer to switch it on.",
    ),
    (
        "O8",
        "Twelve verification gates in order; no gate is closed with an open deviation. The laboratory time for gates 9 \
         to 12 is committed.",
    ),
    ("O9", "Visit four candidates, qualify two per half-year, one dossier for all instead of one each."),
    (
        "O10",
        "Yield board every morning at final test, glue station under control, two more people who can calibrate.",
    ),
    ("O11", "Book rework by cause, agree with operations what counts, take the three dearest causes first."),
    ("O12", "A scorecard with a call every month for the ten suppliers behind nine tenths of the defects."),
    ("O13", "First answer to a concern within five working days, in the words of the person who raised it."),
    (
        "O14",
        "An idea board where people stand anyway, a yes or no within two weeks, half a day a month to try things.",
    ),
    ("O15", "List the tasks, list the people, close the gaps at Orrin first."),
];

const WHY: &[(&str, &str)] = &[
    ("G1", "A customer who has to ask where the pump is has already lost a day."),
    ("G2", "Uptime is what a water works pays for; the pump is how we deliver it."),
    ("G3", "Pharma customers audit before they buy. Passing on the first visit is the sale."),
    ("G4", "Rework hides in lead time, in cost and in overtime."),
    ("G5", "What people do not dare to say today is a complaint in three months."),
];

pub(super) fn define(script: &mut Script, data: &Data) {
    for (code, day, _) in &data.policy {
        script.define(code, Kind::Policy, *day);
    }
    for (code, _) in &data.commitments {
        script.define(&commitment(code), Kind::Commitment, CARRIED_OVER);
    }
    for goal in &data.goals {
        script.define(&goal.0, Kind::Goal, -274);
    }
    for objective in &data.objectives {
        script.define(&objective.0, Kind::Objective, OBJECTIVES_DAY);
    }
    for kpi in &data.kpis {
        script.define(&kpi.0, Kind::Kpi, -720);
    }
}

pub(super) fn tell(script: &mut Script, data: &Data) -> Result<(), DataError> {
    policy(script, data)?;
    goals(script, data)?;
    kpis(script, data)?;
    objectives(script, data)?;
    figures(script, data)
}

/// Commitments and concerns are both `C…` in the story.
fn commitment(code: &str) -> String {
    format!("commitment-{code}")
}

fn policy(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let text = data.commitments.iter().map(|(_, title)| format!("{title}.")).collect::<Vec<_>>().join("\n");
    for (code, title) in &data.commitments {
        let record = script.names.of(&commitment(code))?;
        let fields = vec![(Field::Title, words(title)), (Field::Order, script.position())];
        script.import(CARRIED_OVER, "commitment.carry-over", vec![create(record, fields)]);
    }
    let mut earlier = None;
    for (code, from, state) in &data.policy {
        let record = script.names.of(code)?;
        let fields = vec![
            (Field::Title, words(&format!("Quality policy, version {}", code.trim_start_matches('v')))),
            (Field::Words, words(&text)),
        ];
        let mut in_force = vec![
            step(record, "in-force", ""),
            Edit::Set {
                record,
                field: Field::InForce,
                value: Some(json!({ "from": script.date(*from).to_string(), "heads": HEADS }).into()),
            },
        ];
        in_force.extend(earlier.map(|earlier| step(earlier, "superseded", "")));
        earlier = Some(record);
        let mut promises = Vec::new();
        for (code, _) in &data.commitments {
            promises.push(include(script.names.of(&commitment(code))?, Field::Versions, record.id));
        }
        if state == "in force" {
            script.scene(from - 12, "m-cos", "policy.draft", vec![create(record, fields)]);
            script.scene(from - 6, "m-cos", "policy.review", vec![step(record, "in-review", "")]);
            script.at(POLICY_DAY, 14 * 60, "m-ceo", "policy.in-force", in_force);
            script.at(POLICY_DAY, 14 * 60 + 5, "m-cos", "policy.commitments", promises);
            for (at, member) in (1..).zip(data.members.iter().filter(|member| member.4)) {
                let read = include(record, Field::Acknowledgements, script.id_text(&member.0)?);
                script.sign(POLICY_DAY + at, 15 * 60, &member.0, "policy.acknowledge", vec![read]);
            }
        } else {
            let day = (*from).max(CARRIED_OVER);
            script.import(day, "policy.carry-over", vec![create(record, fields)]);
            script.import(day, "policy.carry-over", vec![step(record, "in-review", "")]);
            script.import(day, "policy.carry-over", in_force);
            script.import(day, "policy.carry-over", promises);
        }
    }
    Ok(())
}

fn goals(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let year = i64::from(script.date(0).civil().0);
    for (at, goal) in (0..).zip(&data.goals) {
        let record = script.names.of(&goal.0)?;
        let why = WHY.iter().find(|(code, _)| *code == goal.0).map_or("", |(_, why)| why);
        let fields = vec![
            (Field::Title, words(&goal.1)),
            (Field::Sponsor, Initial::Scalar(script.id(&goal.2)?)),
            (Field::Horizon, Initial::Scalar((year + goal.3).into())),
            (Field::Why, words(why)),
            (Field::Order, script.position()),
        ];
        let day = TAKEN_BACK + 1 + at / 2;
        script.scene(day, &goal.2, "goal.add", vec![create(record, fields), step(record, "active", "")]);
    }
    Ok(())
}

fn kpis(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for kpi in &data.kpis {
        let record = script.names.of(&kpi.0)?;
        let target = json!({ "period": "standing", "value": decimal(kpi.6) });
        let mut fields = vec![
            (Field::Title, words(&kpi.1)),
            (Field::Unit, words(&kpi.2)),
            (Field::Better, words(&kpi.3)),
            (Field::Dimension, words(&kpi.4)),
            (Field::Incentivised, Initial::Scalar(kpi.5.into())),
            (Field::Owner, Initial::Scalar(script.id(&kpi.7)?)),
            (Field::Frequency, words("monthly")),
            (Field::Targets, Initial::Entries(vec![(script.entry(-720), target)])),
            (Field::Order, script.position()),
        ];
        if kpi.5 {
            fields.push((Field::Scheme, words("Management bonus, yearly")));
        }
        script.import(-720, "kpi.carry-over", vec![create(record, fields)]);
        script.notebook(record, Bank::Kpi, &kpi.7, -720, -1);
    }
    Ok(())
}

fn objectives(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for (at, objective) in (0..).zip(&data.objectives) {
        let record = script.names.of(&objective.0)?;
        let plan = PLANS.iter().find(|(code, _)| *code == objective.0).map_or("", |(_, plan)| plan);
        let start = json!({ "date": script.date(OBJECTIVES_DAY).to_string(), "value": decimal(objective.5) });
        // The target of O1 was lower until the review raised it.
        let first_target = if objective.0 == "O1" { 92.0 } else { objective.6 };
        let mut fields = vec![
            (Field::Title, words(&objective.1)),
            (Field::Accountable, Initial::Scalar(script.id(RAVI)?)),
            (Field::Start, atom(start)),
            (Field::Target, atom(target(script, data, objective, first_target))),
            (Field::Plan, words(plan)),
            (Field::Order, script.position()),
        ];
        if !objective.4.is_empty() {
            fields.push((Field::Kpi, Initial::Scalar(script.id(&objective.4)?)));
        }
        let mut edits = vec![create(record, fields)];
        if !objective.8.is_empty() {
            edits.push(link(Relation::Upholds, record, script.names.of(&commitment(&objective.8))?));
        }
        edits.extend(context::serving(script, data, &objective.0)?);
        script.scene(OBJECTIVES_DAY, RAVI, "objective.add", edits);
        script.steps(OBJECTIVES_DAY, RAVI, "objective.agree", record, &["proposed", &objective.10]);
        script.notebook(record, Bank::Objective, &objective.3, OBJECTIVES_DAY, -1);
        if objective.3 != RAVI {
            own(script, data, objective, TAKEN_BACK + 8 + at * 2)?;
        }
        if !objective.2.is_empty() {
            let serve = link(Relation::Serves, record, script.names.of(&objective.2)?);
            script.scene(TAKEN_BACK + 7, "m-cos", "objective.link", vec![serve]);
        }
    }
    if let Some(raised) = data.objectives.iter().find(|objective| objective.0 == "O1") {
        let target = target(script, data, raised, raised.6);
        let edit = set(script.names.of(&raised.0)?, Field::Target, target);
        script.scene(TAKEN_BACK + 3, &raised.3, "objective.target", vec![edit]);
    }
    Ok(())
}

fn target(script: &Script, data: &Data, objective: &Objective, value: f64) -> serde_json::Value {
    let kpi = data.kpis.iter().find(|kpi| kpi.0 == objective.4);
    json!({
        "value": decimal(value),
        "unit": kpi.map_or("", |kpi| kpi.2.as_str()),
        "direction": kpi.map_or("up", |kpi| kpi.3.as_str()),
        "due": script.date(objective.7).to_string(),
    })
}

/// After the review every objective gets its owner, who says at once whether it needs means.
fn own(script: &mut Script, data: &Data, objective: &Objective, day: i32) -> Result<(), DataError> {
    let record = script.names.of(&objective.0)?;
    let owner = script.id_text(&objective.3)?;
    let mut edits = vec![
        set(record, Field::Accountable, owner.as_str()),
        write(record, Field::Body, "Taken over after the review; the plan stays, the monthly look is mine."),
    ];
    let given = |state: &str| matches!(state, "committed" | "delivered");
    let has_need = data.resources.iter().any(|need| need.2 == objective.0 && given(&need.4));
    if objective.9 && !has_need {
        let reason = "Done with the people and the budget of the line.";
        edits.push(set(record, Field::NoMeansNeeded, json!({ "by": owner, "at": NOW, "reason": reason })));
    }
    script.scene(day, &objective.3, "objective.own", edits);
    Ok(())
}

/// Figures come from the plant's own systems in the first days of the next month, all in one transfer.
fn figures(script: &mut Script, data: &Data) -> Result<(), DataError> {
    let (year, month, _) = script.anchor.civil();
    let last = year * 12 + month.cast_signed() - 2;
    for at in 0..MONTHS {
        let index = last - (MONTHS - 1 - at);
        let period = format!("{:04}-{:02}", index.div_euclid(12), index.rem_euclid(12) + 1);
        let next = index + 1;
        let entered = workspace::Date::new(next.div_euclid(12), next.rem_euclid(12).unsigned_abs() + 1, 3)
            .map_or(-1, |date| date.days_since(script.anchor));
        let day = entered.min(-1);
        let mut edits = Vec::new();
        for kpi in &data.kpis {
            let value =
                usize::try_from(at).ok().and_then(|at| data.series.get(&kpi.0)?.get(at).copied().flatten());
            let Some(value) = value else { continue };
            let fields = vec![
                (Field::Kpi, Initial::Scalar(script.id(&kpi.0)?)),
                (Field::Period, words(&period)),
                (Field::Value, atom(json!({ "value": decimal(value), "basis": "final" }))),
            ];
            edits.push(create(script.fresh(Kind::Measurement, day), fields));
        }
        script.import(day, "kpi.figures", edits);
    }
    Ok(())
}
