//! Typed readers apply the cautious rules and never fail.

use crate::support::{Replica, id, rec, sync};
use serde_json::{Value as Json, json};
use workspace::lens::{
    Action, AgendaItem, Decision, EntryKind, Goal, Level, Member, MemberKind, Objective, References,
    RegisterEntry, Review, Settings,
};
use workspace::{Date, Edge, Edit, Field, Initial, Kind, RecordRef, Relation, order};

const SETTINGS: RecordRef = RecordRef::singleton(Kind::Settings);
const RISK: RecordRef = RecordRef::new(Kind::Register, ids::RecordId::from_bits(901));

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn with_risk() -> Replica {
    let mut tom = Replica::new(1);
    let appetite = |category: &str, score: i64| Edit::SetKey {
        record: SETTINGS,
        field: Field::Appetite,
        key: category.into(),
        value: Some(json!(score)),
    };
    tom.act(vec![
        appetite("quality", 9),
        appetite("supply", 10),
        Edit::Create {
            record: RISK,
            fields: vec![
                (Field::Title, "One foundry".into()),
                (Field::Kind, "risk".into()),
                (Field::Category, "supply".into()),
                (Field::Owner, id(1).into()),
                (Field::ReviewDue, "2026-03-01".into()),
            ],
        },
    ]);
    tom
}

fn rate(replica: &mut Replica, number: u128, phase: &str, score: &str) {
    replica.supersede(
        RISK,
        Field::Assessments,
        number,
        json!({"phase": phase, "score": score, "confidence": 2}),
    );
}

fn entry(replica: &Replica) -> RegisterEntry {
    RegisterEntry::of(replica.record(RISK), &Settings::of(&replica.view))
}

#[test]
fn totals_use_the_higher_of_two_scores_until_somebody_decides() {
    let mut tom = with_risk();
    rate(&mut tom, 1, "before", "4x5");
    rate(&mut tom, 2, "aim", "2x3");
    let mut clara = tom.colleague(2);
    rate(&mut tom, 3, "now", "4x3");
    rate(&mut clara, 4, "now", "4x5");
    sync(&mut tom, &mut clara);
    let seen = entry(&tom);
    assert_eq!(seen, entry(&clara));
    assert!(seen.now.is_contested());
    assert_eq!(seen.now.current.iter().map(|a| a.score.product()).collect::<Vec<_>>(), [12, 20]);
    assert_eq!(seen.now.score().unwrap().to_string(), "4x5");
    assert_eq!(seen.now.cautious().unwrap().by, Some(clara.author.member));
    assert_eq!((seen.level, seen.above_appetite()), (Some(Level::VeryHigh), Some(10)));
    assert!(seen.is_above_appetite());
    assert_eq!(seen.now.views().iter().map(|view| view.score.product()).collect::<Vec<_>>(), [20, 12]);
    assert_eq!((seen.reduction(), seen.still_to_do()), (Some(0), Some(14)));

    rate(&mut clara, 5, "now", "3x3");
    sync(&mut tom, &mut clara);
    let settled = entry(&tom);
    assert!(!settled.now.is_contested());
    assert_eq!((settled.level, settled.above_appetite()), (Some(Level::Medium), None));
    assert_eq!((settled.reduction(), settled.still_to_do()), (Some(11), Some(3)));
}

#[test]
fn of_two_opportunity_scores_the_smaller_counts() {
    let mut tom = Replica::new(1);
    let fields = vec![(Field::Kind, "opportunity".into()), (Field::Category, "quality".into())];
    tom.create(RISK, fields);
    rate(&mut tom, 1, "now", "2x3");
    tom.act(vec![Edit::Append {
        record: RISK,
        field: Field::Assessments,
        entry: id(2),
        value: json!({"phase": "now", "score": "4x4"}),
    }]);
    let seen = entry(&tom);
    assert_eq!(seen.kind, EntryKind::Opportunity);
    assert_eq!(seen.now.score().unwrap().product(), 6);
    assert_eq!((seen.appetite, seen.above_appetite()), (None, None), "appetite is for risks");
}

#[test]
fn of_two_categories_the_one_with_less_appetite_counts() {
    let mut tom = with_risk();
    let mut clara = tom.colleague(2);
    tom.set(RISK, Field::Category, "quality");
    clara.set(RISK, Field::Category, "strategic");
    sync(&mut tom, &mut clara);
    let seen = entry(&tom);
    assert_eq!((seen.category.as_deref(), seen.appetite), (Some("quality"), Some(9)));
}

#[test]
fn owners_reviews_and_acceptances_of_an_entry() {
    let mut tom = with_risk();
    let mut clara = tom.colleague(2);
    tom.set(RISK, Field::Owner, id(3));
    clara.set(RISK, Field::Owner, id(4));
    sync(&mut tom, &mut clara);
    assert!(entry(&tom).is_owner_contested());
    assert_eq!(entry(&tom).review_overdue(day("2026-03-01")), None);
    assert_eq!(entry(&tom).review_overdue(day("2026-03-11")), Some(10));
    // Accepted twice apart, for different times: the earlier end counts.
    tom.go(RISK, "assessed");
    sync(&mut tom, &mut clara);
    for (replica, number, until) in [(&mut tom, 20, "2027-01-01"), (&mut clara, 21, "2026-06-30")] {
        replica.supersede(
            RISK,
            Field::Acceptances,
            number,
            json!({"until": until, "condition": "no incident"}),
        );
        replica.go(RISK, "accepted");
    }
    sync(&mut tom, &mut clara);
    let accepted = entry(&tom).acceptance.unwrap();
    assert_eq!(accepted.until, Some(day("2026-06-30")));
    assert!(!accepted.is_over(day("2026-06-30")) && accepted.is_over(day("2026-07-01")));
    assert_eq!(entry(&tom).last_look, None);
    for (number, date) in [(22, "2026-04-02"), (23, "2026-04-01")] {
        let value = json!({"date": date, "changed": false});
        tom.act(vec![Edit::Append { record: RISK, field: Field::Reviewed, entry: id(number), value }]);
    }
    assert_eq!(entry(&tom).last_look, Some(day("2026-04-02")));
    tom.go(RISK, "assessed");
    assert_eq!(entry(&tom).acceptance, None);
    tom.go(RISK, "closed");
    assert_eq!(entry(&tom).review_overdue(day("2027-03-11")), None);
}

#[test]
fn the_harder_target_counts_and_both_are_shown() {
    let mut tom = Replica::new(1);
    let (objective, goal) = (rec(Kind::Objective, 1), rec(Kind::Goal, 2));
    let target = |value: &str| json!({"value": value, "unit": "%", "direction": "up", "due": "2026-12-31"});
    tom.act(vec![
        Edit::Create { record: goal, fields: vec![(Field::Title, "Never chase".into())] },
        Edit::Create { record: objective, fields: vec![(Field::Status, "active".into())] },
    ]);
    assert!(Objective::of(tom.record(objective)).is_unaligned(&tom.view));
    tom.act(vec![Edit::Link(Edge::new(Relation::Serves, objective, goal))]);
    assert!(!Objective::of(tom.record(objective)).is_unaligned(&tom.view));
    assert_eq!(Goal::objectives(&tom.view, goal).collect::<Vec<_>>(), [objective]);
    let mut clara = tom.colleague(2);
    tom.set(objective, Field::Target, target("92"));
    clara.set(objective, Field::Target, target("95.0"));
    sync(&mut tom, &mut clara);
    let seen = Objective::of(tom.record(objective));
    assert_eq!(seen.targets.len(), 2);
    assert_eq!(seen.days_late(day("2026-12-31")), None);
    assert_eq!(seen.days_late(day("2027-01-02")), Some(2));
    assert_eq!(seen.target.unwrap().value.to_string(), "95");
    tom.go(objective, "withdrawn");
    assert_eq!(Objective::of(tom.record(objective)).days_late(day("2027-01-02")), None);
}

#[test]
fn late_postponed_and_verified_by_the_wrong_person() {
    let mut tom = Replica::new(1);
    let action = rec(Kind::Action, 1);
    tom.create(action, vec![(Field::Owner, id(1).into()), (Field::Due, "2026-03-01".into())]);
    for due in ["2026-04-01", "2026-03-15", "2026-05-01"] {
        tom.set(action, Field::Due, due);
    }
    let seen = |replica: &Replica| Action::of(replica.record(action));
    assert_eq!(seen(&tom).postponed, 2, "an earlier date is no postponement");
    assert_eq!(seen(&tom).days_late(day("2026-05-03")), Some(2));
    tom.go(action, "done");
    tom.set(
        action,
        Field::Done,
        json!({"by": id(1).to_string(), "at": 1_772_000_000_000_i64, "whatChanged": "two foundries"}),
    );
    assert_eq!(seen(&tom).days_late(day("2026-05-03")), None);
    assert_eq!(seen(&tom).done_on(), Some(day("2026-02-25")));
    assert_eq!(seen(&tom).done.unwrap().what_changed.as_deref(), Some("two foundries"));
    let settings = Settings::of(&tom.view);
    assert!(settings.require_other_verifier);
    assert!(!seen(&tom).is_verified_by_owner_alone(&settings));
    tom.supersede(action, Field::Verifications, 5, json!({"result": "verified", "note": "saw both"}));
    let looked = seen(&tom).verifications;
    assert_eq!(looked.iter().map(|look| look.note.as_str()).collect::<Vec<_>>(), ["saw both"]);
    let steps = seen(&tom).steps;
    assert_eq!(
        steps.iter().map(|step| (step.from.as_str(), step.to.as_str())).collect::<Vec<_>>(),
        [("open", "done")]
    );
    assert!(seen(&tom).is_verified_by_owner_alone(&settings));
    let mut clara = tom.colleague(2);
    clara.supersede(action, Field::Verifications, 6, json!({"result": "verified"}));
    assert!(!seen(&clara).is_verified_by_owner_alone(&settings));
}

#[test]
fn a_member_with_two_kinds_has_the_lesser_power() {
    let mut tom = Replica::new(1);
    let member = rec(Kind::Member, 1);
    tom.create(
        member,
        vec![
            (Field::Title, "Ines de la Marchetti".into()),
            (Field::Active, json!({"from": "2020-01-01", "until": "2026-06-30"}).into()),
        ],
    );
    let mut clara = tom.colleague(2);
    tom.set(member, Field::Kind, "top");
    clara.set(member, Field::Kind, "guest");
    sync(&mut tom, &mut clara);
    let seen = Member::of(tom.record(member));
    assert_eq!((seen.kind, seen.initials.as_str()), (Some(MemberKind::Guest), "IM"));
    assert!(seen.is_active(day("2026-06-30")) && !seen.is_active(day("2026-07-01")));
}

#[test]
fn two_frozen_wordings_go_back_to_the_chair_and_own_stances_win() {
    let mut tom = Replica::new(1);
    let decision = rec(Kind::Decision, 1);
    tom.create(
        decision,
        vec![
            (Field::Wording, "Draft words".into()),
            (Field::Tradeoff, json!({"favoured": "quality", "givenUp": "speed"}).into()),
            (Field::Kinds, Initial::Members(vec!["resource".into()])),
        ],
    );
    assert_eq!(Decision::of(tom.record(decision)).wording, "Draft words");
    let mut clara = tom.colleague(2);
    let stance = |member: u128, stance: &str| Edit::SetKey {
        record: decision,
        field: Field::Stances,
        key: id(member).to_string(),
        value: Some(json!({"stance": stance})),
    };
    tom.set(decision, Field::Frozen, json!({"text": "Buy bench 3"}));
    tom.act(vec![stance(2, "for"), stance(1, "for")]);
    clara.set(decision, Field::Frozen, json!({"text": "Rent bench 3"}));
    clara.act(vec![stance(2, "against")]);
    sync(&mut tom, &mut clara);
    let seen = Decision::of(tom.record(decision));
    assert!(seen.is_wording_contested);
    assert_eq!(
        seen.stances.iter().map(|s| (s.stance.as_str(), s.own)).collect::<Vec<_>>(),
        [("for", true), ("against", true)]
    );
    assert_eq!(seen.tradeoff.unwrap().favoured, "quality");
}

#[test]
fn a_review_has_its_inputs_and_its_agenda_in_order() {
    let mut tom = Replica::new(1);
    let review = rec(Kind::Review, 1);
    let mut edits = vec![Edit::Create {
        record: review,
        fields: vec![(
            Field::Scheduled,
            json!({"date": "2026-12-08", "time": "09:00", "minutes": 75}).into(),
        )],
    }];
    let mut number = 100;
    edits.extend(workspace::review_inputs(review, || {
        number -= 1;
        id(number)
    }));
    let first = order::between(None, None, &mut tom.rng);
    let after = order::between(Some(&first), None, &mut tom.rng);
    for (number, position) in [(201, &after), (202, &first)] {
        edits.push(Edit::Create {
            record: rec(Kind::AgendaItem, number),
            fields: vec![
                (Field::Review, review.id.into()),
                (Field::Order, position.clone().into()),
                (
                    Field::Spent,
                    Initial::Entries(vec![
                        (id(300), json!({"seconds": 90})),
                        (id(301), json!({"seconds": 30})),
                    ]),
                ),
            ],
        });
    }
    tom.act(edits);
    tom.act(vec![Edit::Delete { record: rec(Kind::AgendaItem, 201), reason: String::new() }]);
    let codes: Vec<String> =
        Review::inputs(&tom.view, review.id).into_iter().map(|input| input.code).collect();
    assert_eq!(codes, workspace::schema::INPUT_CODES);
    let agenda: Vec<AgendaItem> = Review::agenda(&tom.view, review.id);
    assert_eq!(
        agenda.iter().map(|item| (item.id, item.deleted)).collect::<Vec<_>>(),
        [(id(202), false), (id(201), true)]
    );
    assert_eq!(agenda[0].spent_seconds, 120);
    assert_eq!(Review::of(tom.record(review)).scheduled.unwrap().minutes, Some(75));
    // Ready by one and not ready by another: not ready.
    let input = RecordRef::new(Kind::ReviewInput, Review::inputs(&tom.view, review.id)[0].id);
    let mut clara = tom.colleague(2);
    tom.set(input, Field::Ready, json!({"ready": true}));
    clara.set(input, Field::Ready, json!({"ready": false}));
    sync(&mut tom, &mut clara);
    assert!(!Review::inputs(&tom.view, review.id)[0].ready);
}

#[test]
fn references_are_short_and_longer_where_they_collide() {
    let mut tom = Replica::new(1);
    // The same last four characters, a different fifth.
    let (one, other) = (rec(Kind::Goal, 7), rec(Kind::Goal, 7 + (1 << 20)));
    let alone = rec(Kind::Goal, 9);
    for goal in [one, other, alone] {
        tom.create(goal, vec![]);
    }
    tom.create(rec(Kind::Register, 7), vec![(Field::Kind, "opportunity".into())]);
    let references = References::of(&tom.view);
    assert_eq!(references.name(alone), Some("G-0009"));
    assert_eq!((references.name(one), references.name(other)), (Some("G-00007"), Some("G-10007")));
    assert_eq!(references.find(" g-10007 "), [other]);
    assert_eq!(references.find("G-0007"), []);
    assert_eq!(references.name(rec(Kind::Register, 7)), Some("P-0007"));
    assert_eq!(references.name(SETTINGS), None);
}

#[test]
fn settings_have_defaults_and_tolerate_nonsense() {
    let mut tom = Replica::new(1);
    let set = |field, key: &str, value: Json| Edit::SetKey {
        record: SETTINGS,
        field,
        key: key.into(),
        value: Some(value),
    };
    let usual = Settings::of(&tom.view);
    assert_eq!((usual.answer_promise_days, usual.bands.very_high, usual.likelihood.len()), (5, 16, 5));
    assert_eq!(usual, Settings::read(None));
    tom.act(vec![
        set(Field::Scales, "likelihood", json!(["one", "two"])),
        set(Field::Scales, "bands", json!({"high": 12, "medium": "x", "days": [200, -1]})),
        set(Field::Appetite, "quality", json!({"not": "a number"})),
        set(Field::Appetite, "supply", json!(10)),
    ]);
    let seen = Settings::of(&tom.view);
    assert_eq!(seen.likelihood, usual.likelihood);
    assert_eq!((seen.bands.high, seen.bands.medium, seen.bands.days), (12, 5, [200, 120, 60, 30]));
    assert_eq!(seen.appetite.iter().collect::<Vec<_>>(), [(&"supply".to_owned(), &10)]);
}
