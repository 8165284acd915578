//! Every row of the data file is in the document, with equal values.

use crate::support::{
    anchor, code_in, code_of, date, day_of, int, live, of, raw, record, rows, score, text, view,
};
use std::collections::{BTreeMap, BTreeSet};
use workspace::{Decimal, Edge, Field, Kind, Period, Relation};

fn linked(relation: Relation, from: &str, to: &str) -> bool {
    view().edges().contains(&Edge::new(relation, of(from), of(to)))
}

fn number(json: &serde_json::Value) -> Decimal {
    json.to_string().parse().unwrap()
}

#[test]
fn there_are_as_many_records_as_the_story_says() {
    let counts = [
        (Kind::Member, 8),
        (Kind::Goal, 5),
        (Kind::Objective, 15),
        (Kind::Kpi, 18),
        (Kind::Register, 36),
        (Kind::Action, 68),
        (Kind::Review, 5),
        (Kind::ReviewInput, 60),
        (Kind::Decision, 27),
        (Kind::Party, 9),
        (Kind::Requirement, 10),
        (Kind::Issue, 11),
        (Kind::Grant, 8),
        (Kind::Need, 11),
        (Kind::Concern, 12),
        (Kind::Improvement, 9),
        (Kind::Audit, 5),
        (Kind::Finding, 8),
        (Kind::Feedback, 12),
        (Kind::Policy, 3),
        (Kind::Commitment, 5),
        (Kind::LeadershipEntry, 6),
    ];
    for (kind, count) in counts {
        assert_eq!(live(kind), count, "{kind}");
    }
    let evidence: i64 = rows("actions").iter().map(|row| int(&row[7])).sum();
    assert_eq!(live(Kind::Evidence), usize::try_from(evidence).unwrap());
}

#[test]
fn goals_and_objectives() {
    let year = i64::from(anchor().civil().0);
    for row in rows("goals") {
        let goal = record(text(&row[0]));
        assert_eq!(goal.title(), text(&row[1]));
        assert_eq!(code_in(goal, Field::Sponsor), text(&row[2]));
        assert_eq!(goal.int(Field::Horizon), Some(year + int(&row[3])));
        assert_eq!(goal.status(), Some("active"));
    }
    for row in rows("objectives") {
        let code = text(&row[0]);
        let objective = record(code);
        assert_eq!(objective.title(), text(&row[1]));
        assert_eq!(code_in(objective, Field::Accountable), text(&row[3]));
        assert_eq!(code_in(objective, Field::Kpi), text(&row[4]));
        assert_eq!(objective.status(), Some(text(&row[10])));
        let start = objective.atom(Field::Start).unwrap();
        assert_eq!(text(&start["value"]).parse::<Decimal>().unwrap(), number(&row[5]));
        assert_eq!(day_of(text(&start["date"])), -365);
        let target = objective.atom(Field::Target).unwrap();
        assert_eq!(text(&target["value"]).parse::<Decimal>().unwrap(), number(&row[6]));
        assert_eq!(text(&target["due"]), date(&row[7]).to_string());
        let goals: Vec<_> = view()
            .edges()
            .to(objective.reference(), Relation::Serves)
            .filter(|to| to.kind == Kind::Goal)
            .map(|goal| code_of(&goal.id.to_string()))
            .collect();
        assert_eq!(goals.join(" "), text(&row[2]), "{code}");
        let promises: Vec<_> = view().edges().to(objective.reference(), Relation::Upholds).collect();
        match text(&row[8]) {
            "" => assert!(promises.is_empty()),
            promise => assert_eq!(promises, vec![of(&format!("commitment-{promise}"))]),
        }
    }
}

#[test]
fn kpis_and_all_their_values() {
    let mut values: BTreeMap<(String, String), Vec<Decimal>> = BTreeMap::new();
    for measurement in view().live(Kind::Measurement) {
        let value = measurement.atom(Field::Value).unwrap();
        assert_eq!(value["basis"], "final");
        values
            .entry((code_in(measurement, Field::Kpi), measurement.line(Field::Period).unwrap().to_owned()))
            .or_default()
            .push(text(&value["value"]).parse().unwrap());
    }
    let mut expected = BTreeMap::new();
    for row in rows("kpis") {
        let code = text(&row[0]);
        let kpi = record(code);
        assert_eq!(kpi.title(), text(&row[1]));
        assert_eq!(kpi.line(Field::Unit), row[2].as_str());
        assert_eq!(kpi.line(Field::Better), row[3].as_str());
        assert_eq!(kpi.line(Field::Dimension), row[4].as_str());
        assert_eq!(kpi.flag(Field::Incentivised), row[5].as_bool());
        assert_eq!(code_in(kpi, Field::Owner), text(&row[7]));
        let targets = kpi.current(Field::Targets);
        assert_eq!(targets.len(), 1);
        assert_eq!(text(&targets[0].1["value"]).parse::<Decimal>().unwrap(), number(&row[6]));
        // The last value is that of the month before the anchor.
        let series = raw()["series"][code].as_array().unwrap();
        let mut month = Period::month_of(anchor());
        for value in series.iter().rev() {
            month = month.previous();
            if !value.is_null() {
                expected.insert((code.to_owned(), month.to_string()), vec![number(value)]);
            }
        }
    }
    assert_eq!(values, expected);
}

#[test]
fn the_register() {
    for row in rows("register") {
        let code = text(&row[0]);
        let entry = record(code);
        assert_eq!(entry.line(Field::Kind), row[1].as_str());
        assert_eq!(entry.title(), text(&row[2]));
        assert_eq!(entry.line(Field::Category), row[3].as_str());
        assert_eq!(code_in(entry, Field::Owner), text(&row[4]));
        for (phase, place) in [("before", 5), ("now", 6), ("aim", 7)] {
            assert_eq!(score(entry, phase), text(&row[place]), "{code} {phase}");
        }
        for (_, assessment) in entry.entries(Field::Assessments) {
            assert!((1..=3).contains(&int(&assessment["confidence"])));
            assert!(text(&assessment["basis"]).len() > 10);
        }
        assert_eq!(entry.line(Field::Response), row[8].as_str());
        assert_eq!(entry.date(Field::ReviewDue), Some(date(&row[9])), "{code}");
        assert_eq!(entry.status(), row[10].as_str());
        let relation = if row[1] == "risk" { Relation::Threatens } else { Relation::Helps };
        let serves: BTreeSet<_> =
            view().edges().to(entry.reference(), relation).map(|to| code_of(&to.id.to_string())).collect();
        assert_eq!(serves, row[11].as_array().unwrap().iter().map(|to| text(to).to_owned()).collect());
        let relation = if row[1] == "risk" { Relation::Treats } else { Relation::Realises };
        let acted: BTreeSet<_> = view()
            .edges()
            .from(entry.reference(), relation)
            .map(|from| code_of(&from.id.to_string()))
            .collect();
        assert_eq!(acted, row[12].as_array().unwrap().iter().map(|from| text(from).to_owned()).collect());
        assert!(!entry.text(Field::Event).is_empty(), "{code} says what may happen");
    }
    let settings = view().live(Kind::Settings).next().unwrap();
    for (category, score) in raw()["appetite"].as_object().unwrap() {
        assert_eq!(settings.keyed_value(Field::Appetite, category), Some(score));
    }
    for (code, decision, until) in [("R07", "D07", 91), ("R20", "D26", 287)] {
        let acceptances = record(code).current(Field::Acceptances);
        assert_eq!(acceptances.len(), 1, "{code}");
        let (_, acceptance) = acceptances[0];
        assert_eq!(code_of(text(&acceptance["by"])), "m-ceo");
        assert_eq!(code_of(text(&acceptance["decision"])), decision);
        assert_eq!(day_of(text(&acceptance["until"])), until);
        assert_eq!(acceptance["heads"].as_array().unwrap().len(), 1, "pinned to what she saw");
    }
}

#[test]
fn actions_from_promise_to_effect() {
    for row in rows("actions") {
        let code = text(&row[0]);
        let action = record(code);
        assert_eq!(action.title(), text(&row[1]));
        assert_eq!(code_in(action, Field::Owner), text(&row[3]));
        assert_eq!(action.date(Field::Due), Some(date(&row[4])), "{code}");
        let status = match (text(&row[5]), row[9].as_str()) {
            ("closed", Some("pending")) => "verified",
            ("closed", Some(result)) => result,
            ("in_progress", _) => "in-progress",
            (state, _) => state,
        };
        assert_eq!(action.status(), Some(status), "{code}");
        let evidence: Vec<_> = action.members(Field::Evidence).collect();
        assert_eq!(evidence.len(), usize::try_from(int(&row[7])).unwrap(), "{code}");
        assert_eq!(view().edges().from(action.reference(), Relation::Evidences).count(), evidence.len());
        let verified = action.current(Field::Verifications);
        assert_eq!(
            verified.first().map(|(_, entry)| code_of(text(&entry["by"]))).as_deref(),
            row[8].as_str()
        );
        if row[5] == "closed" {
            assert_eq!(text(&action.atom(Field::Done).unwrap()["date"]), date(&row[6]).to_string());
        }
        let pushes: Vec<_> = action.entries(Field::DueMoves).map(|(_, entry)| entry).collect();
        assert_eq!(i64::try_from(pushes.len()).unwrap(), int(&row[10]), "{code}");
        assert!(pushes.iter().all(|push| text(&push["from"]) < text(&push["to"])), "{code} moved later");
        source(code, text(&row[2]));
    }
}

/// The action says where it comes from; out of a review, that is one of its decisions where one asked for it.
fn source(action: &str, source: &str) {
    let sources: Vec<_> = view().edges().to(of(action), Relation::ComesFrom).collect();
    assert_eq!(sources.len(), 1, "{action}");
    let found = code_of(&sources[0].id.to_string());
    let asked = rows("decisions").iter().any(|row| {
        row[0] == found.as_str()
            && row[1] == source
            && row[6].as_array().unwrap().iter().any(|code| code == action)
    });
    assert!(found == source || asked, "{action} comes from {found}");
}

#[test]
fn decisions() {
    for row in rows("decisions") {
        let code = text(&row[0]);
        let decision = record(code);
        let (title, outcome) = (text(&row[2]), text(&row[3]));
        assert_eq!(decision.title(), title);
        assert_eq!(code_in(decision, Field::Review), text(&row[1]));
        let item = code_in(decision, Field::AgendaItem);
        assert_eq!(item, format!("{}/{code}", text(&row[1])));
        // To note is not to decide, and the life cycle has no word for it.
        let status = if outcome == "noted" { "withdrawn" } else { outcome };
        assert_eq!(decision.status(), Some(status), "{code}");
        let kind = if row[4] == "qms_change" { "system-change" } else { text(&row[4]) };
        assert_eq!(decision.members(Field::Kinds).collect::<Vec<_>>(), [kind]);
        let tradeoff = decision
            .atom(Field::Tradeoff)
            .map(|atom| format!("{}>{}", text(&atom["favoured"]), text(&atom["givenUp"])));
        assert_eq!(tradeoff.unwrap_or_default(), text(&row[5]), "{code}");
        for action in row[6].as_array().unwrap() {
            assert!(linked(Relation::Realises, text(action), code), "{code} {action}");
        }
        let frozen = decision.atom(Field::Frozen);
        assert_eq!(frozen.is_some(), matches!(outcome, "decided" | "rejected"), "{code}");
        if let Some(frozen) = frozen {
            assert_eq!(text(&frozen["text"]), decision.text(Field::Wording));
        }
    }
    assert!(linked(Relation::Decides, "D08", "Z1") && linked(Relation::Decides, "D20", "Z2"));
    for (decision, entry) in [("D07", "R07"), ("D13", "P01"), ("D14", "P10"), ("D22", "P02"), ("D26", "R20")]
    {
        assert!(linked(Relation::Decides, decision, entry), "{decision} {entry}");
    }
    assert_eq!(code_in(record("Z1"), Field::Decision), "D08");
    assert_eq!(code_in(record("Z2"), Field::Decision), "D20");
}

#[test]
fn reviews() {
    for row in rows("reviews") {
        let code = text(&row[0]);
        let review = record(code);
        assert_eq!(review.status(), Some("signed"));
        let scheduled = review.atom(Field::Scheduled).unwrap();
        assert_eq!(text(&scheduled["date"]), date(&row[1]).to_string());
        assert_eq!(scheduled["minutes"], row[2]);
        let (start, end) = (review.int(Field::StartedAt).unwrap(), review.int(Field::EndedAt).unwrap());
        assert_eq!((end - start) / 60_000, int(&row[3]), "{code}");
        let present: BTreeSet<_> = review
            .keyed(Field::Attendance)
            .filter(|(_, value)| value.shown().unwrap().as_atom().unwrap()["state"] == "present")
            .map(|(member, _)| code_of(member))
            .collect();
        assert_eq!(present.len(), usize::try_from(int(&row[4])).unwrap());
        assert_eq!(Some(present.contains("m-ceo")), row[5].as_bool());
        assert_eq!(i64::try_from(ready(code)).unwrap(), int(&row[6]), "{code}");
        let to_decide: Vec<_> = view()
            .live(Kind::AgendaItem)
            .filter(|item| code_in(item, Field::Review) == code && item.line(Field::Kind) == Some("decide"))
            .collect();
        assert_eq!(i64::try_from(to_decide.len()).unwrap(), int(&row[7]), "{code}");
        let decided = to_decide.iter().filter(|item| item.status() == Some("done")).count();
        assert_eq!(i64::try_from(decided).unwrap(), int(&row[8]), "{code}");
        let signed: Vec<_> = review.entries(Field::SignOffs).map(|(_, entry)| int(&entry["at"])).collect();
        assert_eq!(i64::try_from(signed.len()).unwrap(), int(&row[11]), "{code}");
        let last = workspace::Date::of(ids::Timestamp::from_millis(*signed.iter().max().unwrap()));
        assert_eq!(i64::from(last.days_since(date(&row[1]))), int(&row[10]), "{code}");
    }
    let next = record("MR-5");
    assert_eq!(next.status(), Some("preparing"));
    assert_eq!(day_of(text(&next.atom(Field::Scheduled).unwrap()["date"])), 13);
    assert_eq!(ready("MR-5"), 7);
}

fn ready(review: &str) -> usize {
    let inputs: Vec<_> =
        view().live(Kind::ReviewInput).filter(|input| code_in(input, Field::Review) == review).collect();
    assert_eq!(inputs.len(), 12);
    inputs.iter().filter(|input| input.atom(Field::Ready).is_some_and(|ready| ready["ready"] == true)).count()
}
