//! What Automerge does, F1 to F18, and what this document model makes of it. One test per finding.

use crate::support::{NOON, Replica, id, rec, sync};
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable};
use ids::Timestamp;
use serde_json::json;
use workspace::history::{self, AtError, Standing};
use workspace::{
    Edge, Edit, Field, Kind, Relation, Scalar, Value, View, genesis, heads, load, order, schema,
};

const ACTION: workspace::RecordRef = workspace::RecordRef::new(Kind::Action, ids::RecordId::from_bits(900));
const RISK: workspace::RecordRef = workspace::RecordRef::new(Kind::Register, ids::RecordId::from_bits(901));

/// Two members with one action and one risk between them.
fn two() -> (Replica, Replica) {
    let mut tom = Replica::new(1);
    tom.act(vec![
        Edit::Create {
            record: ACTION,
            fields: vec![(Field::Title, "Ship it".into()), (Field::Due, "2026-05-10".into())],
        },
        Edit::Create {
            record: RISK,
            fields: vec![(Field::Title, "One foundry".into()), (Field::Kind, "risk".into())],
        },
    ]);
    let clara = tom.colleague(2);
    (tom, clara)
}

/// F1: the value with more operations before it wins, not the later one; so nobody says "last change wins".
#[test]
fn f1_a_stale_value_never_silently_beats_a_newer_one() {
    let (mut tom, mut clara) = two();
    // Tom is on the plane, early, with many edits behind him; Clara corrects the date later.
    for day in 11..41 {
        tom.splice(ACTION, Field::Body, 0, 0, &format!("note {day} "));
    }
    tom.set(ACTION, Field::Due, "2026-06-30");
    clara.now = NOON.plus_millis(3_600_000);
    clara.set(ACTION, Field::Due, "2026-06-01");
    sync(&mut tom, &mut clara);

    let due = tom.record(ACTION).register(Field::Due).unwrap();
    assert_eq!(due.winner(), Some(&Scalar::from("2026-06-30")), "the engine prefers the stale value");
    assert!(due.is_contested());
    assert_eq!(tom.values(ACTION, Field::Due), ["2026-06-01", "2026-06-30"]);
    assert_eq!(due.shown(), Some(&Scalar::from("2026-06-01")), "lists use the earlier date");
    // Each value is known by who wrote it, and when.
    let written = history::written(&tom.doc, ACTION, Field::Due);
    assert_eq!(written.len(), 2);
    for (value, actor) in due.candidates() {
        let expected = if value.as_text() == Some("2026-06-01") { &clara } else { &tom };
        assert_eq!(tom.view.member_of(actor), Some(expected.author.member));
        assert_eq!(written[actor].as_secs(), expected.now.as_secs());
    }
}

/// F2: the same value twice is no question for anybody.
#[test]
fn f2_equal_values_are_no_conflict() {
    let (mut tom, mut clara) = two();
    tom.set(ACTION, Field::Priority, "now");
    clara.set(ACTION, Field::Priority, "now");
    sync(&mut tom, &mut clara);
    let (_, action) =
        tom.doc.get(tom.doc.get(ROOT, "actions").unwrap().unwrap().1, id(900).to_string()).unwrap().unwrap();
    assert_eq!(tom.doc.get_all(&action, "priority").unwrap().len(), 2, "the engine reports two");
    assert!(!tom.record(ACTION).register(Field::Priority).unwrap().is_contested());
    assert_eq!(tom.record(ACTION).contested().count(), 0);
}

/// F3: choosing is one ordinary write of either value, and leaves a trace of who chose.
#[test]
fn f3_writing_again_resolves() {
    for keep in ["2026-06-30", "2026-06-01"] {
        let (mut tom, mut clara) = two();
        tom.set(ACTION, Field::Due, "2026-06-30");
        clara.set(ACTION, Field::Due, "2026-06-01");
        sync(&mut tom, &mut clara);
        let applied = clara.set(ACTION, Field::Due, keep);
        assert!(applied.change.is_some(), "choosing the value that already wins is a change too");
        sync(&mut tom, &mut clara);
        assert_eq!(tom.values(ACTION, Field::Due), [keep]);
        let told = history::all(&tom.doc);
        assert_eq!(told.last().unwrap().member, Some(clara.author.member));
    }
}

/// F4: a score is one immutable judgement; likelihood and consequence of two people never mix.
#[test]
fn f4_two_scores_stay_two_judgements() {
    let (mut tom, mut clara) = two();
    let rating = |score: &str| json!({"phase": "now", "score": score, "basis": "seen on site"});
    tom.supersede(RISK, Field::Assessments, 10, rating("5x2"));
    clara.supersede(RISK, Field::Assessments, 11, rating("2x5"));
    sync(&mut tom, &mut clara);
    let current = tom.record(RISK).current(Field::Assessments);
    let scores: Vec<_> = current.iter().map(|(_, entry)| entry["score"].as_str().unwrap()).collect();
    assert_eq!(scores, ["5x2", "2x5"], "both stay; nobody said 5x5");

    // A third judgement supersedes both, with its own reason.
    tom.supersede(RISK, Field::Assessments, 12, rating("4x3"));
    sync(&mut tom, &mut clara);
    let current = clara.record(RISK).current(Field::Assessments);
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].1["supersedes"], json!([id(10).to_string(), id(11).to_string()]));
    // Other phases are other judgements.
    tom.supersede(RISK, Field::Assessments, 13, json!({"phase": "aim", "score": "2x3"}));
    assert_eq!(tom.record(RISK).current(Field::Assessments).len(), 2);
}

/// F5: deletion is soft, so an edit made at the same time is not lost and is told.
#[test]
fn f5_deleted_by_one_and_edited_by_another_keeps_both_stories() {
    let (mut tom, mut clara) = two();
    tom.act(vec![Edit::Delete { record: ACTION, reason: "no longer needed".into() }]);
    assert!(!history::edited_though_deleted(&tom.doc, ACTION));
    clara.splice(ACTION, Field::Body, 0, 0, "the customer asked again");
    sync(&mut tom, &mut clara);
    let record = tom.record(ACTION);
    assert!(record.is_deleted());
    assert_eq!(record.atom(Field::Deleted).unwrap()["reason"], "no longer needed");
    assert_eq!(record.text(Field::Body), "the customer asked again");
    assert_eq!(tom.view.live(Kind::Action).count(), 0);
    assert!(history::edited_though_deleted(&tom.doc, ACTION), "for the tray");
    let other = history::edits_beside_deletion(&tom.doc, ACTION);
    assert_eq!(other.iter().map(|told| told.member).collect::<Vec<_>>(), [Some(clara.author.member)]);

    // Whoever has heard both stories may delete it once more: nobody has edited since.
    tom.act(vec![
        Edit::Restore { record: ACTION },
        Edit::Delete { record: ACTION, reason: "still so".into() },
    ]);
    assert!(!history::edited_though_deleted(&tom.doc, ACTION));
    assert!(history::edits_beside_deletion(&tom.doc, ACTION).is_empty());
    sync(&mut tom, &mut clara);

    clara.act(vec![Edit::Restore { record: ACTION }]);
    sync(&mut tom, &mut clara);
    assert_eq!(tom.view.live(Kind::Action).count(), 1);
    assert_eq!(tom.record(ACTION).text(Field::Body), "the customer asked again");
}

/// F6: adding wins over removing at the same time, for links and for sets.
#[test]
fn f6_a_link_made_again_survives_a_concurrent_removal() {
    let (mut tom, mut clara) = two();
    let edge = Edge::new(Relation::Treats, ACTION, RISK);
    tom.act(vec![
        Edit::Link(edge),
        Edit::Include { record: ACTION, field: Field::Tags, member: "foundry".into() },
    ]);
    sync(&mut tom, &mut clara);
    tom.act(vec![
        Edit::Unlink(edge),
        Edit::Exclude { record: ACTION, field: Field::Tags, member: "foundry".into() },
    ]);
    assert!(!tom.view.edges().contains(&edge));
    clara.act(vec![
        Edit::Link(edge),
        Edit::Include { record: ACTION, field: Field::Tags, member: "foundry".into() },
    ]);
    sync(&mut tom, &mut clara);
    assert!(tom.view.edges().contains(&edge));
    assert_eq!(tom.view.edges().to(ACTION, Relation::Treats).collect::<Vec<_>>(), [RISK]);
    assert_eq!(tom.view.edges().from(RISK, Relation::Treats).collect::<Vec<_>>(), [ACTION]);
    assert_eq!(tom.record(ACTION).members(Field::Tags).collect::<Vec<_>>(), ["foundry"]);
}

/// F7: writing the *same* value again makes no operation, so a removal would win; a set's value is always a fresh time.
#[test]
fn f7_including_again_is_always_an_operation() {
    let (mut tom, mut clara) = two();
    let include = || vec![Edit::Include { record: ACTION, field: Field::Helpers, member: "clara".into() }];
    tom.act(include());
    sync(&mut tom, &mut clara);
    tom.act(vec![Edit::Exclude { record: ACTION, field: Field::Helpers, member: "clara".into() }]);
    // The clock has not moved, or even stepped back.
    clara.now = Timestamp::from_millis(NOON.as_millis() - 86_400_000);
    assert!(clara.act(include()).change.is_some());
    sync(&mut tom, &mut clara);
    assert_eq!(tom.record(ACTION).members(Field::Helpers).collect::<Vec<_>>(), ["clara"]);
}

/// F8: nothing that people edit inside is ever replaced; there is no edit that could.
#[test]
fn f8_containers_are_never_replaced() {
    let (mut tom, mut clara) = two();
    let body = object(&tom, "actions", 900, "body");
    tom.splice(ACTION, Field::Body, 0, 0, "first ");
    clara.splice(ACTION, Field::Body, 0, 0, "second ");
    sync(&mut tom, &mut clara);
    assert_eq!(object(&tom, "actions", 900, "body"), body, "still the text made with the record");
    let words = tom.record(ACTION).text(Field::Body);
    assert!(words == "first second " || words == "second first ", "{words}");
    for field in [Field::Body, Field::Tags, Field::Comments, Field::CommentsResolved] {
        let why = tom.refused(Edit::Set { record: ACTION, field, value: Some("new".into()) });
        assert!(matches!(why, workspace::Refusal::WrongMark { .. }), "{why}");
    }
    let again = Edit::Create { record: ACTION, fields: vec![] };
    assert_eq!(tom.refused(again), workspace::Refusal::Exists);
}

fn object(replica: &Replica, collection: &str, number: u128, key: &str) -> automerge::ObjId {
    let (_, collection) = replica.doc.get(ROOT, collection).unwrap().unwrap();
    let (_, record) = replica.doc.get(&collection, id(number).to_string()).unwrap().unwrap();
    replica.doc.get(&record, key).unwrap().unwrap().1
}

/// F9: records have ULIDs, so two people who start "the same" review get two, and see it.
#[test]
fn f9_two_reviews_of_one_occurrence_are_two_records() {
    let (mut tom, mut clara) = two();
    for (replica, number) in [(&mut tom, 50), (&mut clara, 51)] {
        let (review, mut inputs) = (rec(Kind::Review, number), number * 100);
        let mut edits = vec![Edit::Create {
            record: review,
            fields: vec![(Field::Title, "October review".into()), (Field::Occurrence, "2026-10-01".into())],
        }];
        edits.extend(workspace::review_inputs(review, || {
            inputs += 1;
            id(inputs)
        }));
        replica.act(edits);
    }
    sync(&mut tom, &mut clara);
    assert_eq!(tom.view.live(Kind::Review).count(), 2);
    assert_eq!(tom.view.live(Kind::ReviewInput).count(), 24, "each with its twelve inputs");

    // What a natural key would have done, in the raw engine: one review hides the other.
    let mut one = AutoCommit::new();
    let mut other = one.fork();
    for (doc, title) in [(&mut one, "Tom's"), (&mut other, "Clara's")] {
        let review = doc.put_object(ROOT, "2026-10", ObjType::Map).unwrap();
        doc.put(&review, "title", title).unwrap();
    }
    one.merge(&mut other).unwrap();
    assert_eq!(one.keys(ROOT).count(), 1);
}

/// F10: two workspaces set up apart share the genesis change, so all of both stays in sight.
#[test]
fn f10_workspaces_born_apart_merge_cleanly() {
    let (mut tom, mut clara) = (Replica::new(1), Replica::new(2));
    tom.create(rec(Kind::Goal, 1), vec![(Field::Title, "Sell uptime".into())]);
    clara.create(rec(Kind::Goal, 2), vec![(Field::Title, "Right first time".into())]);
    tom.splice(workspace::RecordRef::singleton(Kind::Direction), Field::Purpose, 0, 0, "We dose. ");
    clara.splice(workspace::RecordRef::singleton(Kind::Direction), Field::Purpose, 0, 0, "We care. ");
    sync(&mut tom, &mut clara);
    assert_eq!(tom.view.live(Kind::Goal).count(), 2);
    let purpose = tom.record(workspace::RecordRef::singleton(Kind::Direction)).text(Field::Purpose);
    assert!(purpose.contains("We dose.") && purpose.contains("We care."), "{purpose}");
    for map in Kind::ALL.iter().map(|kind| kind.collection()).chain(genesis::SPARES.iter().copied()) {
        assert_eq!(tom.doc.get_all(ROOT, map).unwrap().len(), 1, "{map}");
    }
}

/// F11: moving writes one position, so two people who move the same record leave it once in the list, edits intact.
#[test]
fn f11_moving_apart_never_doubles_or_loses() {
    let mut tom = Replica::new(1);
    let mut last: Option<String> = None;
    for number in 1..=4 {
        let position = order::between(last.as_deref(), None, &mut tom.rng);
        tom.create(rec(Kind::AgendaItem, number), vec![(Field::Order, position.clone().into())]);
        last = Some(position);
    }
    let (mut clara, mut jonas) = (tom.colleague(2), tom.colleague(3));
    let moved = rec(Kind::AgendaItem, 1);
    let position = |replica: &Replica, number| {
        replica.record(rec(Kind::AgendaItem, number)).line(Field::Order).unwrap().to_owned()
    };
    let (second, third, fourth) = (position(&tom, 2), position(&tom, 3), position(&tom, 4));
    let between = order::between(Some(&second), Some(&third), &mut tom.rng);
    tom.set(moved, Field::Order, between);
    let end = order::between(Some(&fourth), None, &mut clara.rng);
    clara.set(moved, Field::Order, end);
    jonas.splice(moved, Field::Discussion, 0, 0, "while they moved it");
    sync(&mut tom, &mut clara);
    sync(&mut tom, &mut jonas);
    sync(&mut tom, &mut clara);
    assert_eq!(tom.view.live(Kind::AgendaItem).count(), 4);
    assert_eq!(tom.record(moved).text(Field::Discussion), "while they moved it");
}

/// F12: two positions for one record are no question for anybody.
#[test]
fn f12_two_positions_need_no_dialogue() {
    let mut tom = Replica::new(1);
    let item = rec(Kind::AgendaItem, 1);
    let position = order::between(None, None, &mut tom.rng);
    tom.create(item, vec![(Field::Order, position.clone().into())]);
    let mut clara = tom.colleague(2);
    for replica in [&mut tom, &mut clara] {
        let after = order::between(Some(&position), None, &mut replica.rng);
        replica.set(item, Field::Order, after);
    }
    sync(&mut tom, &mut clara);
    assert_eq!(tom.values(item, Field::Order).len(), 2);
    assert_eq!(tom.record(item).contested().count(), 0);
    assert_eq!(tom.record(item).line(Field::Order), clara.record(item).line(Field::Order));
}

/// F13: two runs typed at one place stay together each; numbered things are records with a position instead.
#[test]
fn f13_runs_stay_together() {
    let (mut tom, mut clara) = two();
    for (replica, words) in [(&mut tom, "abc"), (&mut clara, "xyz")] {
        for (place, letter) in words.chars().enumerate() {
            replica.splice(ACTION, Field::Body, place, 0, &letter.to_string());
        }
    }
    sync(&mut tom, &mut clara);
    let words = tom.record(ACTION).text(Field::Body);
    assert!(words == "abcxyz" || words == "xyzabc", "{words}");
}

/// F14: the same word replaced by two leaves both replacements; the delta says where, so that it can be highlighted.
#[test]
fn f14_both_replacements_stand_and_are_told() {
    let (mut tom, mut clara) = two();
    tom.splice(ACTION, Field::Body, 0, 0, "complete orders");
    sync(&mut tom, &mut clara);
    tom.splice(ACTION, Field::Body, 9, 6, "orders?");
    clara.splice(ACTION, Field::Body, 9, 6, "shipments");
    let delta = tom.merge(&clara);
    let words = tom.record(ACTION).text(Field::Body).to_owned();
    assert!(words.contains("orders?") && words.contains("shipments"), "{words}");
    assert!(delta.texts.iter().any(|splice| splice.record == ACTION && splice.insert == "shipments"));
    assert_eq!(delta.authors[&ACTION].iter().collect::<Vec<_>>(), [&clara.author.member]);
}

/// F15: one clears a text, another appends: the appended sentence remains, alone, and the delta tells.
#[test]
fn f15_an_appended_sentence_survives_clearing() {
    let (mut tom, mut clara) = two();
    tom.splice(ACTION, Field::Body, 0, 0, "old plan.");
    sync(&mut tom, &mut clara);
    tom.splice(ACTION, Field::Body, 0, 9, "");
    clara.splice(ACTION, Field::Body, 9, 0, " New idea.");
    let delta = tom.merge(&clara);
    assert_eq!(tom.record(ACTION).text(Field::Body), " New idea.");
    assert_eq!(delta.texts.len(), 1);
    assert_eq!(delta.texts[0].insert, " New idea.");
}

/// F16: a counter that somebody resets swallows what others counted meanwhile; so the schema has none.
#[test]
fn f16_there_are_no_counters() {
    let mut one = AutoCommit::new();
    one.put(ROOT, "count", ScalarValue::counter(1)).unwrap();
    let mut other = one.fork();
    one.put(ROOT, "count", ScalarValue::counter(0)).unwrap();
    other.increment(ROOT, "count", 5).unwrap();
    one.merge(&mut other).unwrap();
    let counts = one.get_all(ROOT, "count").unwrap();
    assert!(
        counts.iter().all(|(count, _)| count.as_i64() != Some(5)),
        "the five are in no visible value: {counts:?}"
    );
    // What is counted here is a log or a number somebody answers for.
    let spec = schema::spec(Kind::Concern, Field::AlsoAffects).unwrap();
    assert_eq!(spec.mark, schema::Mark::Register);
}

/// F17: a state this device does not have reads as an empty document; so it is never read, and the wait is told.
#[test]
fn f17_a_state_not_here_yet_is_waited_for() {
    let (mut tom, mut clara) = two();
    clara.set(ACTION, Field::Title, "Ship it twice");
    let signed = clara.heads();
    let engine: Vec<_> = signed.iter().map(|hash| automerge::ChangeHash(hash.0)).collect();
    assert_eq!(tom.doc.keys_at(ROOT, &engine).count(), 0, "the engine shows an empty document");
    assert!(
        matches!(history::at(&tom.doc, &signed), Err(AtError::Missing { missing }) if missing.len() == 1)
    );
    assert!(history::since(&tom.doc, &signed).is_err());

    tom.merge(&clara);
    tom.set(ACTION, Field::Title, "Ship it thrice");
    let view = history::view_at(&tom.doc, &signed).unwrap();
    assert_eq!(view.record(ACTION).unwrap().title(), "Ship it twice");
    assert_eq!(view, clara.view);
}

/// F18: a change is in a signed state, after it, or was made apart: told by dependencies, never by clocks.
#[test]
fn f18_late_changes_are_told_from_later_ones() {
    let (mut tom, mut clara) = two();
    let mut jonas = tom.colleague(3);
    // Jonas works offline, before and while the others sign; his clock says it was long ago.
    jonas.now = Timestamp::from_secs(1_000_000);
    jonas.set(ACTION, Field::Title, "Jonas was here");
    tom.set(ACTION, Field::Priority, "now");
    sync(&mut tom, &mut clara);
    let signed = clara.heads();
    clara.act(vec![Edit::Append {
        record: RISK,
        field: Field::Comments,
        entry: id(77),
        value: json!({"text": "after signing"}),
    }]);
    sync(&mut tom, &mut clara);
    sync(&mut tom, &mut jonas);
    let later = history::since(&tom.doc, &signed).unwrap();
    let standing = |member| {
        let mut found =
            later.iter().filter(|(told, _)| told.member == Some(member)).map(|(_, standing)| *standing);
        (found.next().unwrap(), found.next())
    };
    assert_eq!(standing(clara.author.member), (Standing::After, None));
    assert_eq!(standing(jonas.author.member), (Standing::Concurrent, None));
    assert_eq!(later.len(), 2, "what was signed is in neither list");
}

/// The state of a day is asked by claimed time; a change is only part of it with everything it builds on.
#[test]
fn the_state_of_a_day() {
    let mut tom = Replica::new(1);
    tom.create(rec(Kind::Goal, 1), vec![(Field::Title, "first".into())]);
    tom.now = NOON.plus_millis(86_400_000);
    tom.set(rec(Kind::Goal, 1), Field::Title, "second");
    let view = history::view_at(&tom.doc, &history::heads_at(&tom.doc, NOON)).unwrap();
    assert_eq!(view.get(Kind::Goal, id(1)).unwrap().title(), "first");
    assert_eq!(history::heads_at(&tom.doc, tom.now), tom.heads());
    assert_eq!(history::heads_at(&tom.doc, Timestamp::from_millis(0)).as_slice(), [genesis::HASH]);
}

/// Opening never writes: loading what was saved gives the same heads and the same view, chunk order aside.
#[test]
fn opening_writes_nothing() {
    let (mut tom, mut clara) = two();
    tom.set(ACTION, Field::Priority, "soon");
    clara.set(ACTION, Field::Priority, "now");
    sync(&mut tom, &mut clara);
    let snapshot = tom.doc.save();
    let before = tom.heads();
    tom.set(ACTION, Field::Title, "later");
    let tail =
        tom.doc.save_after(&before.iter().map(|hash| automerge::ChangeHash(hash.0)).collect::<Vec<_>>());
    let actor = ids::ActorId::random(&mut tom.rng);
    for chunks in
        [vec![&snapshot[..], &tail], vec![&tail, &snapshot[..]], vec![genesis::BYTES, &tail, &snapshot[..]]]
    {
        let opened = load(chunks, &actor).unwrap();
        assert_eq!(heads(&opened), tom.heads());
        assert_eq!(View::read(&opened), tom.view);
    }
    let empty = load([], &actor).unwrap();
    assert_eq!(heads(&empty).as_slice(), [genesis::HASH]);
    assert!(matches!(
        View::read(&empty)
            .record(workspace::RecordRef::singleton(Kind::Settings))
            .unwrap()
            .value(Field::Appetite),
        Some(Value::Keyed(_))
    ));
    assert!(load([&b"not a chunk"[..]], &actor).is_err());
}
