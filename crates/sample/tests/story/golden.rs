//! The golden values of the story, computed here in the shortest way from plain values. The real signals live
//! elsewhere; these tests keep the *data* from drifting away under them.

use crate::support::{anchor, code_in, code_of, day_of, int, of, record, sample, score, text, view};
use std::collections::BTreeMap;
use workspace::{Date, Field, Kind, Record, Relation, View, history};

fn codes<'a>(records: impl Iterator<Item = &'a std::sync::Arc<Record>>) -> String {
    let mut codes: Vec<_> = records.map(|record| code_of(&record.id.to_string())).collect();
    // R before P, as the story lists them.
    codes.sort_by_key(|code| (code.starts_with('P'), code.clone()));
    codes.join(" ")
}

fn is_open_action(action: &Record) -> bool {
    matches!(action.status(), Some("open" | "in-progress" | "blocked"))
}

fn is_open_entry(entry: &Record) -> bool {
    !matches!(entry.status(), Some("closed" | "declined" | "realised" | "not-realised"))
}

fn points(entry: &Record) -> i64 {
    score(entry, "now").split('x').map(|factor| factor.parse::<i64>().unwrap()).product()
}

fn appetite(entry: &Record) -> i64 {
    let settings = view().live(Kind::Settings).next().unwrap();
    int(settings.keyed_value(Field::Appetite, entry.line(Field::Category).unwrap()).unwrap())
}

fn moved(record: &Record, to: &str) -> i32 {
    let at = record
        .entries(Field::Moves)
        .filter(|(_, entry)| entry["to"] == to)
        .map(|(_, entry)| int(&entry["at"]));
    Date::of(ids::Timestamp::from_millis(at.max().unwrap())).days_since(anchor())
}

#[test]
fn ownership() {
    let mut owned: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, field) in [
        (Kind::Goal, Field::Sponsor),
        (Kind::Objective, Field::Accountable),
        (Kind::Register, Field::Owner),
        (Kind::Action, Field::Owner),
    ] {
        for record in view().live(kind) {
            let open = match kind {
                Kind::Register => is_open_entry(record),
                Kind::Action => is_open_action(record) || record.status() == Some("done"),
                _ => true,
            };
            if open {
                *owned.entry(code_in(record, field)).or_default() += 1;
            }
        }
    }
    let expected =
        [("m-cco", 20), ("m-qa", 20), ("m-coo", 19), ("m-cto", 17), ("m-cfo", 11), ("m-ceo", 6), ("m-hr", 1)];
    assert_eq!(owned, expected.map(|(code, count)| (code.to_owned(), count)).into());
}

#[test]
fn actions() {
    let overdue = view()
        .live(Kind::Action)
        .filter(|action| is_open_action(action) && action.date(Field::Due) < Some(anchor()));
    assert_eq!(codes(overdue), "A05 A09 A15 A17 A21 A32 A45 A57 A59 A62");
    assert_eq!(view().live(Kind::Action).filter(|action| is_open_action(action)).count(), 38);

    let closed: Vec<_> = view()
        .live(Kind::Action)
        .filter(|action| matches!(action.status(), Some("verified" | "effective" | "ineffective")))
        .filter(|action| moved(action, "verified") >= -180)
        .collect();
    assert_eq!(closed.len(), 19);
    let closed = || closed.iter().copied();
    assert_eq!(codes(closed().filter(|action| action.members(Field::Evidence).next().is_none())), "A36 A50");
    let own = |action: &Record| {
        let verifications = action.current(Field::Verifications);
        verifications[0].1["by"].as_str() == action.line(Field::Owner)
    };
    assert_eq!(codes(closed().filter(|action| own(action))), "A36 A50");
    let unknown = view().live(Kind::Action).filter(|action| {
        let planned = action.atom(Field::EffectCheck).map(|check| day_of(text(&check["planned"])));
        action.status() == Some("verified")
            && (planned.is_some_and(|day| day < 0) || moved(action, "verified") < -60)
    });
    assert_eq!(codes(unknown), "A16 A36 A52");
    let pushed = view().live(Kind::Action).filter(|action| action.entries(Field::DueMoves).count() >= 3);
    assert_eq!(codes(pushed), "A05 A15 A17 A59");
    let no_effect = view().live(Kind::Action).filter(|action| action.status() == Some("ineffective"));
    let abandoned =
        no_effect.filter(|action| view().edges().from(action.reference(), Relation::ComesFrom).count() == 0);
    assert_eq!(codes(abandoned), "A50");
}

#[test]
fn the_register() {
    let risks = || view().live(Kind::Register).filter(|entry| entry.line(Field::Kind) == Some("risk"));
    let above = || risks().filter(|risk| risk.status() != Some("closed") && points(risk) > appetite(risk));
    assert_eq!(codes(above()), "R01 R03 R04 R05 R06 R10 R11 R13 R16 R17 R19 R22");
    let idle = above().filter(|risk| risk.status() == Some("assessed") && moved(risk, "assessed") < -30);
    assert_eq!(codes(idle), "R06 R13 R22");
    assert_eq!(codes(above().filter(|risk| risk.status() == Some("treated"))), "R11 R19");
    let stale = view()
        .live(Kind::Register)
        .filter(|entry| is_open_entry(entry) && entry.date(Field::ReviewDue) < Some(anchor()));
    assert_eq!(codes(stale), "R01 R03 R10 R12 R16 R20 P07");
    assert_eq!(view().live(Kind::Register).filter(|entry| is_open_entry(entry)).count(), 33);
    // Nobody's score is older than a year.
    for entry in view().live(Kind::Register) {
        let assessed = entry.entries(Field::Assessments).map(|(_, entry)| int(&entry["at"])).max().unwrap();
        assert!(assessed > anchor().plus_days(-365).start().as_millis(), "{}", entry.title());
    }
}

#[test]
fn means_and_authority() {
    let given = |objective: &Record| {
        let needs = view().edges().to(objective.reference(), Relation::Needs);
        needs
            .into_iter()
            .any(|need| matches!(view().record(need).unwrap().status(), Some("committed" | "delivered")))
    };
    let without = view()
        .live(Kind::Objective)
        .filter(|objective| !given(objective) && objective.atom(Field::NoMeansNeeded).is_none());
    assert_eq!(codes(without), "O12 O14 O15 O4 O9");
    let silent = view().live(Kind::Need).filter(|need| {
        need.status() == Some("requested") && need.date(Field::RequestedAt) < Some(anchor().plus_days(-45))
    });
    assert_eq!(codes(silent), "U1 U4 U5 U9");
    let grants =
        view().live(Kind::Grant).filter(|grant| matches!(grant.status(), Some("expired" | "proposed")));
    assert_eq!(codes(grants), "Z5 Z8");
}

/// Trade-offs of the last two reviews held: (speed, cost or volume favoured, quality favoured).
fn tradeoffs(view: &View) -> (usize, usize) {
    let mut reviews: Vec<_> =
        view.live(Kind::Review).filter(|review| review.int(Field::StartedAt).is_some()).collect();
    reviews.sort_by_key(|review| review.int(Field::StartedAt));
    let last: Vec<_> = reviews.iter().rev().take(2).map(|review| review.id).collect();
    let favoured = |words: &[&str]| {
        view.live(Kind::Decision)
            .filter(|decision| decision.id_of(Field::Review).is_some_and(|review| last.contains(&review)))
            .filter(|decision| matches!(decision.status(), Some("decided" | "rejected")))
            .filter(|decision| {
                decision.atom(Field::Tradeoff).is_some_and(|atom| words.contains(&text(&atom["favoured"])))
            })
            .count()
    };
    (favoured(&["speed", "cost", "volume"]), favoured(&["quality"]))
}

#[test]
fn what_wins_today_and_what_won_after_the_third_review() {
    assert_eq!(tradeoffs(view()), (5, 3));
    let then = history::heads_at(&sample().doc, anchor().plus_days(-168).start());
    let then = history::view_at(&sample().doc, &then).unwrap();
    assert_eq!(tradeoffs(&then), (4, 1));
    // And whose the objectives were before they were taken back.
    let before = history::heads_at(&sample().doc, anchor().plus_days(-275).start());
    let before = history::view_at(&sample().doc, &before).unwrap();
    let ravis =
        before.live(Kind::Objective).filter(|objective| code_in(objective, Field::Accountable) == "m-qa");
    assert_eq!(ravis.count(), 15);
    assert_eq!(before.record(of("O1")).unwrap().atom(Field::Target).unwrap()["value"], "92");
}

#[test]
fn concerns_and_leaders() {
    let days = |from: i32, to: i32| {
        view().live(Kind::Concern).filter(move |concern| {
            let published = ids::Timestamp::from_millis(concern.int(Field::CreatedAt).unwrap());
            (from..to).contains(&Date::of(published).days_since(anchor()))
        })
    };
    let anonymous = |from, to| {
        let hidden =
            days(from, to).filter(|concern| concern.line(Field::Channel) == Some("anonymous")).count();
        (hidden, days(from, to).count())
    };
    assert_eq!((anonymous(-90, 0), anonymous(-180, -90)), ((3, 4), (1, 3)));
    let mut waited: Vec<_> = days(-90, 0)
        .filter_map(|concern| {
            let published = Date::of(ids::Timestamp::from_millis(concern.int(Field::CreatedAt).unwrap()));
            Some(concern.date(Field::FirstAnswerAt)?.days_since(published))
        })
        .collect();
    waited.sort_unstable();
    assert_eq!(waited[waited.len() / 2], 5);
    let seen: std::collections::BTreeSet<_> = view()
        .live(Kind::LeadershipEntry)
        .filter(|entry| entry.date(Field::Date) >= Some(anchor().plus_days(-90)))
        .map(|entry| code_in(entry, Field::Member))
        .collect();
    assert_eq!(seen, ["m-ceo", "m-coo", "m-qa"].map(str::to_owned).into());
}

#[test]
fn decisions_without_work() {
    let idle = view().live(Kind::Decision).filter(|decision| {
        let work = ["improvement", "system-change", "resource"];
        decision.status() == Some("decided")
            && decision.members(Field::Kinds).any(|kind| work.contains(&kind))
            && view().edges().from(decision.reference(), Relation::Realises).count() == 0
            && view().edges().to(decision.reference(), Relation::Decides).count() == 0
            && decision.line(Field::NoActionBecause).is_none()
    });
    assert_eq!(codes(idle), "D06");
    assert_eq!(record("MR-1").status(), Some("signed"));
}

/// Minutes are not copied from one review to the next; only the formality has nothing to say.
#[test]
fn discussions_differ() {
    let words = |code: &str| -> std::collections::BTreeSet<String> {
        let said: Vec<_> = view()
            .live(Kind::AgendaItem)
            .filter(|item| code_in(item, Field::Review) == code)
            .map(|item| item.text(Field::Discussion).to_owned())
            .collect();
        let words: Vec<_> = said.iter().flat_map(|text| text.split_whitespace()).collect();
        words.windows(5).map(|shingle| shingle.join(" ")).collect()
    };
    for (one, next) in [("MR-1", "MR-2"), ("MR-2", "MR-3"), ("MR-3", "MR-4")] {
        let (one, next) = (words(one), words(next));
        let alike = one.intersection(&next).count() * 100 / one.union(&next).count();
        assert!(alike < 20, "{alike} %");
    }
}

/// The product's own function on the document of the sample gives the table of the story.
#[test]
fn objectives_are_as_healthy_as_the_story_says() {
    use workspace::health::{Health, Trend, objective_health};
    for row in crate::support::raw()["objectiveHealth"].as_array().unwrap() {
        let code = text(&row[0]);
        let found = objective_health(view(), record(code), anchor());
        let in_words = match found.health {
            Err(_) => "not measurable".to_owned(),
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
                let missing = if found.stale { ", last value missing" } else { "" };
                format!("{health} ({trend}{missing})")
            }
        };
        assert_eq!(in_words, text(&row[4]), "{code}");
        if let (Some(recent), Some(progress), Some(ratio)) = (found.recent, found.progress, found.ratio) {
            assert_eq!(format!("{recent:.2}"), text(&row[1]), "{code}");
            assert_eq!(format!("{:.0}%", progress * 100.0), text(&row[2]), "{code}");
            assert_eq!(format!("{ratio:.2}"), text(&row[3]), "{code}");
        }
    }
}
