//! The objectives of the sample workspace, written into a document through edits, have the health that people worked
//! out for them by hand (domain model, section 7).

use crate::support::{Replica, id, rec};
use serde_json::{Value as Json, json};
use workspace::health::{Health, Trend, Unmeasurable, objective_health};
use workspace::lens::{Kpi, Series};
use workspace::{Date, Edit, Field, Initial, Kind, Period};

fn sample() -> Json {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../sample/data/sample-workspace.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn number(json: &Json) -> u128 {
    json.as_str().unwrap().get(1..).unwrap().parse().unwrap()
}

/// KPIs, their values and the objectives; every objective began at T - 365.
fn workspace(sample: &Json, today: Date) -> Replica {
    let mut tom = Replica::new(1);
    let mut edits = Vec::new();
    let decimal = |json: &Json| json.to_string();
    for kpi in sample["kpis"].as_array().unwrap() {
        edits.push(Edit::Create {
            record: rec(Kind::Kpi, number(&kpi[0])),
            fields: vec![
                (Field::Title, kpi[1].as_str().unwrap().into()),
                (Field::Unit, kpi[2].as_str().unwrap().into()),
                (Field::Better, kpi[3].as_str().unwrap().into()),
                (Field::Frequency, "monthly".into()),
            ],
        });
        let values = sample["series"][kpi[0].as_str().unwrap()].as_array().unwrap();
        // The last value is the month before T.
        let mut period = Period::month_of(today);
        for (place, value) in values.iter().enumerate().rev() {
            period = period.previous();
            if value.is_null() {
                continue;
            }
            edits.push(Edit::Create {
                record: rec(Kind::Measurement, number(&kpi[0]) * 1000 + place as u128),
                fields: vec![
                    (Field::Kpi, id(number(&kpi[0])).into()),
                    (Field::Period, period.to_string().into()),
                    (Field::Value, json!({"value": decimal(value), "basis": "final"}).into()),
                ],
            });
        }
    }
    for objective in sample["objectives"].as_array().unwrap() {
        let kpi = objective[4].as_str().unwrap();
        let better =
            sample["kpis"].as_array().unwrap().iter().find(|known| known[0] == kpi).map(|known| &known[3]);
        let due = today.plus_days(i32::try_from(objective[7].as_i64().unwrap()).unwrap());
        let mut fields: Vec<(Field, Initial)> = vec![
            (Field::Title, objective[1].as_str().unwrap().into()),
            (Field::Status, "active".into()),
            (
                Field::Start,
                json!({"date": today.plus_days(-365).to_string(), "value": decimal(&objective[5])}).into(),
            ),
            (
                Field::Target,
                json!({
                    "value": decimal(&objective[6]),
                    "direction": better.unwrap_or(&json!("up")),
                    "due": due.to_string()
                })
                .into(),
            ),
        ];
        if !kpi.is_empty() {
            fields.push((Field::Kpi, id(number(&objective[4])).into()));
        }
        edits.push(Edit::Create { record: rec(Kind::Objective, number(&objective[0])), fields });
    }
    tom.act(edits);
    tom
}

#[test]
fn the_objectives_of_the_sample_are_as_healthy_as_expected() {
    let sample = sample();
    for today in ["2026-11-23", "2026-03-01", "2024-02-29"] {
        let today: Date = today.parse().unwrap();
        let tom = workspace(&sample, today);
        let expected = sample["objectiveHealth"].as_array().unwrap();
        assert_eq!(expected.len(), 15);
        for row in expected {
            let objective = tom.view.get(Kind::Objective, id(number(&row[0]))).unwrap();
            let found = objective_health(&tom.view, objective, today);
            let shown = |value: Option<f64>, digits: usize| {
                value.map_or_else(|| "—".to_owned(), |value| format!("{value:.digits$}"))
            };
            let percent = found.progress.map_or_else(|| "—".to_owned(), |p| format!("{:.0}%", p * 100.0));
            let words = match found.health {
                Err(Unmeasurable::NoKpi) => "not measurable".to_owned(),
                Err(other) => panic!("{other:?}"),
                Ok(health) => {
                    let health = match health {
                        Health::OnTrack => "on track",
                        Health::AtRisk => "at risk",
                        Health::OffTrack => "off track",
                    };
                    let trend = match found.trend.unwrap() {
                        Trend::Improving => "improving",
                        Trend::Flat => "flat",
                        Trend::Worsening => "worsening",
                    };
                    let stale = if found.stale { ", last value missing" } else { "" };
                    format!("{health} ({trend}{stale})")
                }
            };
            let found = json!([row[0], shown(found.recent, 2), percent, shown(found.ratio, 2), words]);
            assert_eq!(&found, row, "as of {today}");
        }
    }
}

/// A year later nobody has entered anything: what was on track is told to be stale, and missed.
#[test]
fn a_year_of_silence_is_not_health() {
    let today: Date = "2026-11-23".parse().unwrap();
    let tom = workspace(&sample(), today);
    let later = today.plus_days(365);
    for number in 1..=14 {
        let objective = tom.view.get(Kind::Objective, id(number)).unwrap();
        let found = objective_health(&tom.view, objective, later);
        assert!(found.stale && found.propose_missed, "O{number}: {found:?}");
        assert_ne!(found.trend, Some(Trend::Improving));
    }
}

/// Two people correct one month apart: both values are current, and health uses the worse.
#[test]
fn the_worse_of_two_corrections_counts() {
    let today: Date = "2026-11-23".parse().unwrap();
    let mut tom = workspace(&sample(), today);
    let mut clara = tom.colleague(2);
    let (kpi, period) = (id(1), Period::month_of(today).previous());
    let before = Series::of(&tom.view, kpi);
    let supersedes: Vec<String> =
        before.superseded_by_correction(period).iter().map(ToString::to_string).collect();
    assert_eq!(supersedes.len(), 1);
    for (replica, number, value) in [(&mut tom, 90_001, "95.0"), (&mut clara, 90_002, "80.0")] {
        replica.create(
            rec(Kind::Measurement, number),
            vec![
                (Field::Kpi, kpi.into()),
                (Field::Period, period.to_string().into()),
                (Field::Value, json!({"value": value, "basis": "final"}).into()),
                (Field::Supersedes, json!(supersedes).into()),
            ],
        );
    }
    tom.merge(&clara);
    let series = Series::of(&tom.view, kpi);
    assert_eq!(series, Series::all(&tom.view)[&kpi]);
    let point = &series.points[&period];
    assert!(point.is_contested());
    assert_eq!(point.value(), Some("80".parse().unwrap()));
    assert_eq!(series.points.len(), before.points.len());
    // A third one settles it, equal values collapse.
    let ids: Vec<String> = series.superseded_by_correction(period).iter().map(ToString::to_string).collect();
    assert_eq!(ids.len(), 2);
    for number in [90_003, 90_004] {
        tom.create(
            rec(Kind::Measurement, number),
            vec![
                (Field::Kpi, kpi.into()),
                (Field::Period, period.to_string().into()),
                (Field::Value, json!({"value": "93.60", "basis": "final"}).into()),
                (Field::Supersedes, json!(ids).into()),
            ],
        );
    }
    let point = Series::of(&tom.view, kpi).points[&period].clone();
    assert!(!point.is_contested());
    assert_eq!(point.value().unwrap().to_string(), "93.6");
    // Deleting a correction brings back what it superseded.
    let delete = |number| Edit::Delete { record: rec(Kind::Measurement, number), reason: "typo".into() };
    tom.act(vec![delete(90_003), delete(90_004)]);
    assert!(Series::of(&tom.view, kpi).points[&period].is_contested());
}

#[test]
fn figures_are_due_when_their_period_has_ended() {
    let mut tom = Replica::new(1);
    let today: Date = "2026-05-15".parse().unwrap();
    for (number, frequency, due) in
        [(1, "weekly", "2026-W19"), (2, "monthly", "2026-04"), (3, "quarterly", "2026-03")]
    {
        tom.create(rec(Kind::Kpi, number), vec![(Field::Frequency, frequency.into())]);
        let kpi = Kpi::of(tom.record(rec(Kind::Kpi, number)));
        assert_eq!(kpi.due_period(today).to_string(), due);
    }
}
