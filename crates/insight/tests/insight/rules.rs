//! Rules that neither a capability nor a row of the conflict catalogue tells, each where it finds something and where it
//! does not; and that odd documents are no danger.

use crate::support::{Replica, found, id, rec, today};
use automerge::{ROOT, ReadDoc, transaction::Transactable};
use ids::MemberId;
use insight::links::Links;
use insight::{AsOf, findings, mine};
use serde_json::json;
use std::collections::BTreeSet;
use workspace::acts::{self, Effect};
use workspace::lens::{Action, Comment};
use workspace::{Edge, Edit, Field, Kind, RecordRef, Relation};

fn rules(replica: &Replica, record: RecordRef) -> Vec<&'static str> {
    findings::of(&replica.as_of(), record).into_iter().map(|finding| finding.rule).collect()
}

fn team() -> Replica {
    let mut tom = Replica::new(1);
    for (number, name) in [(1, "Tom"), (2, "Clara")] {
        tom.create(rec(Kind::Member, number), vec![(Field::Title, name.into()), (Field::Kind, "top".into())]);
    }
    tom
}

/// The golden values of signals that are about single records, found by the same rules that stand on the records.
#[test]
fn golden_values_of_single_records() {
    let as_of = today();
    assert_eq!(found(&as_of, "above-appetite-idle"), "R06 R13 R22");
    assert_eq!(found(&as_of, "treated-still-high"), "R11 R19");
    assert_eq!(found(&as_of, "look-overdue"), "R01 R03 R10 R12 R16 R20 P07");
    assert_eq!(found(&as_of, "value-missing"), "K9 K13 K17");
    assert_eq!(found(&as_of, "objective-not-measurable"), "O15");
    assert_eq!(found(&as_of, "decision-deferral-over"), "D09");
    assert_eq!(found(&as_of, "promise-without-work"), "");
    // The story is told by people who write states and logs together, and whose clocks are right.
    for silent in [
        "story-does-not-fit",
        "states-apart",
        "values-apart",
        "two-titles",
        "owner-contested",
        "nobody-answers",
        "looks-alike",
        "unreadable",
        "dead-end",
        "from-newer-version",
        "outside-authority",
        "policy-in-force-twice",
        "two-views",
        "two-values",
        "reports-to-circle",
        "seat-empty",
        "policy-not-pinned",
        "acceptance-over",
    ] {
        assert_eq!(found(&as_of, silent), "", "{silent}");
    }
}

#[test]
fn a_circle_of_reporting_is_found_on_every_seat_of_it() {
    let mut tom = team();
    let seat = |number| rec(Kind::Seat, number);
    for (number, above) in [(10, 11), (11, 12), (12, 10), (13, 12)] {
        tom.create(
            seat(number),
            vec![
                (Field::Title, format!("Seat {number}").into()),
                (Field::Holder, MemberId(id(1)).into()),
                (Field::ReportsTo, id(above).into()),
            ],
        );
    }
    for number in [10, 11, 12] {
        assert!(rules(&tom, seat(number)).contains(&"reports-to-circle"), "{number}");
    }
    assert!(!rules(&tom, seat(13)).contains(&"reports-to-circle"), "it only leads into the circle");
    tom.edit(vec![Edit::Set { record: seat(12), field: Field::ReportsTo, value: None }]);
    assert!(!rules(&tom, seat(10)).contains(&"reports-to-circle"));
    tom.edit(vec![Edit::Set { record: seat(12), field: Field::Holder, value: None }]);
    assert!(rules(&tom, seat(12)).contains(&"seat-empty"));
}

#[test]
fn an_acceptance_has_an_end() {
    let mut tom = team();
    let risk = rec(Kind::Register, 20);
    tom.create(
        risk,
        vec![
            (Field::Title, "Floods".into()),
            (Field::Kind, "risk".into()),
            (Field::Status, "accepted".into()),
            (Field::Owner, MemberId(id(1)).into()),
        ],
    );
    assert!(rules(&tom, risk).contains(&"accepted-by-nobody"));
    let accept = |tom: &mut Replica, entry, value| {
        tom.edit(vec![Edit::Supersede { record: risk, field: Field::Acceptances, entry: id(entry), value }]);
    };
    accept(&mut tom, 21, json!({}));
    assert!(rules(&tom, risk).contains(&"accepted-without-end"));
    accept(&mut tom, 22, json!({"until": "2026-02-28"}));
    assert!(rules(&tom, risk).contains(&"acceptance-over"));
    let asks = mine::needs_you(&tom.as_of(), MemberId(id(1)));
    assert_eq!(asks.iter().map(|ask| ask.kind).collect::<Vec<_>>(), [mine::AskKind::AcceptAnew]);
    accept(&mut tom, 23, json!({"until": "2026-12-31"}));
    assert!(rules(&tom, risk).iter().all(|rule| !rule.starts_with("accept")));
}

#[test]
fn an_owner_who_left_is_told() {
    let mut tom = team();
    let action = rec(Kind::Action, 30);
    tom.create(
        action,
        vec![
            (Field::Title, "Ship it".into()),
            (Field::Owner, MemberId(id(2)).into()),
            (Field::Due, "2026-12-01".into()),
        ],
    );
    assert_eq!(rules(&tom, action), Vec::<&str>::new());
    tom.set(rec(Kind::Member, 2), Field::Active, json!({"from": "2020-01-01", "until": "2026-02-01"}));
    assert_eq!(rules(&tom, action), ["owner-left"]);
    // Somebody who does not exist at all is a dead end too.
    tom.set(action, Field::Owner, MemberId(id(999)));
    assert_eq!(rules(&tom, action), ["owner-left", "dead-end"]);
}

/// A state that no story leads to was written past the life cycle. The way through the log counts, not its clocks.
#[test]
fn a_state_without_a_story_is_found() {
    let mut tom = team();
    let action = rec(Kind::Action, 40);
    tom.create(
        action,
        vec![
            (Field::Title, "Ship it".into()),
            (Field::Owner, MemberId(id(1)).into()),
            (Field::Due, "2026-12-01".into()),
        ],
    );
    let now = tom.now;
    for (hours, state) in [(0, "in-progress"), (-100, "blocked"), (-50, "in-progress"), (-200, "done")] {
        tom.now = ids::Timestamp::from_secs(now.as_secs() + hours * 3_600);
        tom.go(action, state, "");
        assert!(!rules(&tom, action).contains(&"story-does-not-fit"), "{state}");
    }
    tom.now = now;
    tom.raw(|tx| {
        let (_, actions) = tx.get(ROOT, "actions").unwrap().unwrap();
        let (_, map) = tx.get(&actions, action.id.to_string()).unwrap().unwrap();
        tx.put(&map, "status", "effective").unwrap();
    });
    let odd = findings::of(&tom.as_of(), action);
    let story = odd.iter().find(|finding| finding.rule == "story-does-not-fit").unwrap();
    assert_eq!(story.sentence, "“Ship it” is called “effective”, but its story ends in “done”.");
}

/// Somebody who is called sees it until they answer or somebody considers it dealt with.
#[test]
fn who_is_called_is_asked() {
    let mut tom = team();
    let goal = rec(Kind::Goal, 50);
    let clara = MemberId(id(2));
    tom.create(goal, vec![(Field::Title, "Never chase".into())]);
    tom.act(&acts::comment(goal, id(51), "Is that still ours, Clara?", &[clara], None));
    let called = |replica: &Replica| {
        let asks = mine::needs_you(&replica.as_of(), clara);
        asks.iter().filter(|ask| ask.kind == mine::AskKind::Reply).count()
    };
    assert_eq!(called(&tom), 1);
    let doer = tom.doer();
    tom.act(&acts::resolve_comment(goal, id(51), &doer));
    assert_eq!(called(&tom), 0);
    let comment = Comment::all(tom.record(goal)).remove(0);
    assert_eq!((comment.by, comment.mentions.as_slice()), (Some(MemberId(id(1))), [clara].as_slice()));
    assert_eq!(comment.resolved.unwrap().by, Some(MemberId(id(1))));
    tom.act(&acts::reopen_comment(goal, id(51)));
    assert_eq!(called(&tom), 1);
    tom.act_as(2);
    tom.act(&acts::comment(goal, id(52), "Yes.", &[], Some(id(51))));
    assert_eq!(called(&tom), 0);
}

/// From promise to effect with the acts the screens use.
#[test]
fn an_action_is_followed_to_its_end() {
    let mut tom = team();
    let action = rec(Kind::Action, 60);
    tom.create(
        action,
        vec![
            (Field::Title, "Ship it".into()),
            (Field::Owner, MemberId(id(1)).into()),
            (Field::Due, "2026-12-01".into()),
        ],
    );
    let doer = tom.doer();
    let done = acts::done(
        tom.record(action),
        "It is shipped.",
        Some(("2026-06-01".parse().unwrap(), "No calls.")),
        &doer,
    );
    tom.act(&done);
    let asks = |replica: &Replica, member| {
        let asks = mine::needs_you(&replica.as_of(), MemberId(id(member)));
        asks.into_iter().map(|ask| ask.kind).collect::<Vec<_>>()
    };
    assert_eq!((asks(&tom, 1), asks(&tom, 2)), (vec![], vec![mine::AskKind::Verify]), "somebody else looks");
    tom.act_as(2);
    let doer = tom.doer();
    let back = acts::send_back(tom.record(action), id(61), "Two are missing.", &doer);
    tom.act(&back);
    assert_eq!(tom.record(action).status(), Some("in-progress"));
    let done = acts::done(tom.record(action), "All of it.", None, &doer);
    tom.act(&done);
    let verify = acts::verify(tom.record(action), id(62), "Counted.", &doer);
    tom.act(&verify);
    let lens = Action::of(tom.record(action));
    assert_eq!((lens.verifications.len(), lens.status.as_str()), (1, "verified"));
    assert_eq!(lens.effect_planned, Some("2026-06-01".parse().unwrap()), "the plan for looking stays");
    assert!(findings::of(&tom.as_of(), action).iter().all(|finding| finding.rule != "verified-by-owner"));
    let late = AsOf::new(&tom.view, "2026-06-02".parse().unwrap());
    assert!(findings::of(&late, action).iter().any(|finding| finding.rule == "effect-check-overdue"));
    let partly = acts::check_effect(tom.record(action), id(63), Effect::Partly, "Fewer calls.", &doer);
    tom.act(&partly);
    let late = AsOf::new(&tom.view, "2026-06-02".parse().unwrap());
    assert!(findings::of(&late, action).iter().all(|finding| finding.rule != "effect-check-overdue"));
    let no = acts::check_effect(tom.record(action), id(64), Effect::Ineffective, "As many as before.", &doer);
    tom.act(&no);
    assert!(rules(&tom, action).contains(&"ineffective-without-follow-up"));
    tom.act(&acts::follow_up(
        id(65),
        action,
        vec![(Field::Title, "Ship it otherwise".into()), (Field::Owner, MemberId(id(1)).into())],
    ));
    assert!(!rules(&tom, action).contains(&"ineffective-without-follow-up"));
}

/// Links that are kept up to date equal links made afresh, whatever was touched.
#[test]
fn links_are_kept_up_to_date() {
    let mut tom = team();
    let (objective, kpi, need) = (rec(Kind::Objective, 70), rec(Kind::Kpi, 71), rec(Kind::Need, 72));
    let mut links = Links::of(&tom.view);
    let mut step = |tom: &mut Replica, edits: Vec<Edit>| {
        let touched: BTreeSet<RecordRef> = edits.iter().filter_map(Edit::record).collect();
        tom.edit(edits);
        links.update(&tom.view, &touched);
        assert_eq!(links, Links::of(&tom.view));
        (links.neighbours(&tom.view, objective), links.neighbours(&tom.view, rec(Kind::Member, 1)))
    };
    let create = |record, fields| vec![Edit::Create { record, fields }];
    step(&mut tom, create(kpi, vec![(Field::Title, "Yield".into())]));
    let (near, of_tom) = step(
        &mut tom,
        create(objective, vec![(Field::Kpi, kpi.id.into()), (Field::Accountable, MemberId(id(1)).into())]),
    );
    assert_eq!((near, of_tom), ([kpi, rec(Kind::Member, 1)].into(), [objective].into()));
    step(&mut tom, create(need, vec![]));
    let (near, _) = step(&mut tom, vec![Edit::Link(Edge::new(Relation::Needs, objective, need))]);
    assert!(near.contains(&need));
    let (near, of_tom) =
        step(&mut tom, vec![Edit::Set { record: objective, field: Field::Accountable, value: None }]);
    assert_eq!((near, of_tom), ([kpi, need].into(), [].into()));
    let (near, _) = step(&mut tom, vec![Edit::Delete { record: kpi, reason: String::new() }]);
    assert_eq!(near, [need].into(), "what is deleted is no neighbour");
    assert!(rules(&tom, objective).contains(&"linked-to-deleted"));
}

/// Whatever somebody writes past all rules, looking is no danger, and everybody finds the same.
#[test]
fn odd_documents_are_no_danger() {
    let mut tom = team();
    for (number, kind) in Kind::ALL.iter().copied().filter(|kind| !kind.is_singleton()).enumerate() {
        tom.create(rec(kind, 5_000 + number as u128), vec![]);
    }
    let junk =
        ["", "yes", "2026-13-45", "{", "{}", "[1]", "\u{0}", "00000000000000000000000000", "in-progress"];
    for (turn, word) in junk.iter().enumerate() {
        tom.raw(|tx| {
            for (number, kind) in Kind::ALL.iter().copied().filter(|kind| !kind.is_singleton()).enumerate() {
                let (_, collection) = tx.get(ROOT, kind.collection()).unwrap().unwrap();
                let key = id(5_000 + number as u128).to_string();
                let (_, map) = tx.get(&collection, key).unwrap().unwrap();
                for spec in workspace::schema::fields(kind) {
                    if spec.is_container() {
                        let Some((value, container)) = tx.get(&map, spec.field.key()).unwrap() else {
                            continue;
                        };
                        if value.is_object() && spec.mark != workspace::schema::Mark::Text {
                            let key = id(6_000 + turn as u128).to_string();
                            tx.put(
                                &container,
                                key,
                                format!("{{\"at\":\"x\",\"by\":\"{turn}\",\"supersedes\":[\"y\"]}}"),
                            )
                            .unwrap();
                            tx.put(&container, *word, *word).unwrap();
                        }
                    } else {
                        tx.put(&map, spec.field.key(), *word).unwrap();
                    }
                }
            }
        });
        let found = tom.findings();
        let again = tom.colleague(3).findings();
        assert_eq!(found, again);
        let ids: BTreeSet<_> = found.iter().map(|finding| &finding.id).collect();
        assert_eq!(ids.len(), found.len(), "every finding has an id of its own");
        let as_of = tom.as_of();
        insight::chain::Chain::of(&as_of);
        mine::duties(&as_of);
        mine::concentration(&as_of);
        for member in [1, 2, 9] {
            mine::board(&as_of, MemberId(id(member)));
            mine::needs_you(&as_of, MemberId(id(member)));
            mine::hand_backs(&as_of, MemberId(id(member)));
        }
        insight::search::Index::of(&tom.view).find("x y", 10);
        let empty = Replica::new(4);
        insight::changed::between(&empty.view, &as_of, &[]);
        Links::of(&tom.view);
    }
}
