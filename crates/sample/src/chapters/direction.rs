//! Policy, goals, objectives, KPIs and two years of monthly figures.

use super::context;
use crate::{
    data::{Data, DataError},
    script::{Script, atom, create, decimal, link, step, words},
};
use serde_json::json;
use workspace::{Edit, Field, Initial, Kind, Relation};

/// The audit found the objectives being written down; everybody else knew them from the corridor.
const OBJECTIVES_DAY: i32 = -365;
const MONTHS: i32 = 24;

const PLANS: &[(&str, &str)] = &[
    (
        "O1",
        "Level the quarter-end load with sales, bring the third test bench into use, and announce every partial \
         delivery two days ahead. Judged by lines shipped complete on the promised day.",
    ),
    (
        "O4",
        "One cause list for all complaints, the five most frequent causes removed one after the other, and designers \
         who talk to the customers themselves.",
    ),
    (
        "O8",
        "Twelve verification gates in order; no gate is closed with an open deviation. The laboratory time for gates 9 \
         to 12 is committed.",
    ),
    (
        "O10",
        "Yield board every morning at final test, glue station under control, two more people who can calibrate.",
    ),
    ("O13", "First answer to a concern within five working days, in the words of the person who raised it."),
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
        script.define(&commitment(code), Kind::Commitment, -700);
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
    for (at, (code, title)) in (0..).zip(&data.commitments) {
        let record = script.names.of(&commitment(code))?;
        let versions = data.policy.iter().map(|(version, ..)| script.id_text(version)).collect::<Result<_, _>>()?;
        let fields = vec![
            (Field::Title, words(title)),
            (Field::Order, words(&order(at))),
            (Field::Versions, Initial::Members(versions)),
        ];
        script.import(-700, "commitment.add", vec![create(record, fields)]);
    }
    let mut earlier = None;
    for (code, day, _) in &data.policy {
        let record = script.names.of(code)?;
        let from = script.date(*day);
        let text = data.commitments.iter().map(|(_, title)| format!("{title}.")).collect::<Vec<_>>().join(" ");
        let mut edits = vec![create(
            record,
            vec![
                (Field::Title, words(&format!("Quality policy, version {}", code.trim_start_matches('v')))),
                (Field::Words, words(&text)),
            ],
        )];
        edits.extend(context::in_force(record));
        edits.push(Edit::Set {
            record,
            field: Field::InForce,
            value: Some(json!({ "from": from.to_string() }).into()),
        });
        if let Some(earlier) = earlier {
            edits.push(step(earlier, "superseded", ""));
        }
        earlier = Some(record);
        if *day < -274 {
            script.import((*day).max(-716), "policy.carry-over", edits);
        } else {
            script.scene(*day, "m-ceo", "policy.in-force", edits);
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
            (Field::Order, words(&order(at))),
        ];
        let day = -274 + at / 2;
        script.scene(day, &goal.2, "goal.add", vec![create(record, fields), step(record, "active", "")]);
    }
    Ok(())
}

fn kpis(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for (at, kpi) in (0..).zip(&data.kpis) {
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
            (Field::Order, words(&order(at))),
        ];
        if kpi.5 {
            fields.push((Field::Scheme, words("Management bonus, yearly")));
        }
        script.import(-720, "kpi.carry-over", vec![create(record, fields)]);
    }
    Ok(())
}

fn objectives(script: &mut Script, data: &Data) -> Result<(), DataError> {
    for (at, objective) in (0..).zip(&data.objectives) {
        let record = script.names.of(&objective.0)?;
        let kpi = data.kpis.iter().find(|kpi| kpi.0 == objective.4);
        let plan = PLANS.iter().find(|(code, _)| *code == objective.0).map_or("", |(_, plan)| plan);
        let start = json!({ "date": script.date(OBJECTIVES_DAY).to_string(), "value": decimal(objective.5) });
        let target = json!({
            "value": decimal(objective.6),
            "unit": kpi.map_or("", |kpi| kpi.2.as_str()),
            "direction": kpi.map_or("up", |kpi| kpi.3.as_str()),
            "due": script.date(objective.7).to_string(),
        });
        let mut fields = vec![
            (Field::Title, words(&objective.1)),
            (Field::Accountable, Initial::Scalar(script.id(&objective.3)?)),
            (Field::Start, atom(start)),
            (Field::Target, atom(target)),
            (Field::Plan, words(plan)),
            (Field::Order, words(&order(at))),
        ];
        if kpi.is_some() {
            fields.push((Field::Kpi, Initial::Scalar(script.id(&objective.4)?)));
        }
        let has_need = data.resources.iter().any(|need| {
            need.2 == objective.0 && matches!(need.4.as_str(), "committed" | "delivered")
        });
        if objective.9 && !has_need {
            let reason = "Done with the people and budget of the line.";
            fields.push((Field::NoMeansNeeded, atom(json!({ "by": script.id_text(&objective.3)?, "reason": reason }))));
        }
        let mut edits = vec![create(record, fields), step(record, "proposed", ""), step(record, "active", "")];
        if !objective.8.is_empty() {
            edits.push(link(Relation::Upholds, record, script.names.of(&commitment(&objective.8))?));
        }
        edits.extend(context::serving(script, data, &objective.0)?);
        script.scene(OBJECTIVES_DAY, "m-qa", "objective.add", edits);
        if !objective.2.is_empty() {
            let serve = link(Relation::Serves, record, script.names.of(&objective.2)?);
            script.aside(-273 + at % 4, &objective.3, "objective.link", vec![serve]);
        }
    }
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
            let value = usize::try_from(at).ok().and_then(|at| data.series.get(&kpi.0)?.get(at).copied().flatten());
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

/// A sortable position; the product itself makes finer ones between two of these.
fn order(at: i32) -> String {
    workspace::order::nth(u32::try_from(at).unwrap_or(0))
}
