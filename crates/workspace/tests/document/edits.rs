//! What an act writes, and what it refuses.

use crate::support::{NOON, Replica, id, rec, sync};
use automerge::ReadDoc;
use ids::{ActorId, MemberId, RecordId, Utf16Offset};
use proptest::prelude::*;
use serde_json::json;
use workspace::schema::{self, Mark};
use workspace::{
    Act, ChangeNote, Edge, Edit, EditError, Field, Initial, Kind, RecordRef, Refusal, Relation, Scalar,
    Value, apply,
};

const ACTION: RecordRef = RecordRef::new(Kind::Action, RecordId::from_bits(900));

fn with_action() -> Replica {
    let mut tom = Replica::new(1);
    tom.create(ACTION, vec![(Field::Title, "Ship it".into())]);
    tom
}

#[test]
fn every_kind_is_born_with_all_its_containers() {
    let mut tom = Replica::new(1);
    for (number, kind) in Kind::ALL.iter().copied().enumerate() {
        let record = if kind.is_singleton() {
            RecordRef::singleton(kind)
        } else {
            let record = rec(kind, number as u128 + 1);
            tom.create(record, vec![]);
            record
        };
        for spec in schema::fields(kind).filter(|spec| spec.is_container()) {
            let value = tom.record(record).value(spec.field);
            let fits = matches!(
                (spec.mark, value),
                (Mark::Text, Some(Value::Text(_)))
                    | (Mark::Set, Some(Value::Set(_)))
                    | (Mark::Log | Mark::Superseding, Some(Value::Log(_)))
                    | (Mark::Keyed, Some(Value::Keyed(_)))
            );
            assert!(fits, "{kind}.{}: {value:?}", spec.field);
        }
        if !kind.is_singleton() {
            assert_eq!(tom.record(record).id_of(Field::CreatedBy), Some(tom.author.member.0));
            assert_eq!(tom.record(record).int(Field::CreatedAt), Some(NOON.as_millis()));
        }
        if let Some(life) = schema::lifecycle(kind, None) {
            assert_eq!(tom.record(record).status(), Some(life.initial), "{kind}");
        }
    }
}

#[test]
fn a_change_says_what_was_done_by_whom_and_when() {
    let mut tom = Replica::new(1);
    let goal = rec(Kind::Goal, 1);
    let applied = tom.try_act("goal.create", vec![Edit::Create { record: goal, fields: vec![] }]).unwrap();
    let hash = applied.change.unwrap();
    let change = tom.doc.get_change_by_hash(&automerge::ChangeHash(hash.0)).unwrap();
    assert_eq!(change.timestamp(), NOON.as_secs());
    let note = ChangeNote::parse(change.message().unwrap()).unwrap();
    assert_eq!(
        note,
        ChangeNote { act: "goal.create".into(), member: Some(tom.author.member), records: vec![goal] }
    );
    assert_eq!(change.deps(), [automerge::ChangeHash(workspace::genesis::HASH.0)]);
    assert_eq!(applied.delta.members.iter().collect::<Vec<_>>(), [&tom.author.member]);
    assert!(applied.delta.touched.contains(&goal));
}

#[test]
fn the_first_change_of_a_session_registers_its_device() {
    let mut tom = with_action();
    let device = tom.view.devices().values().next().unwrap().clone();
    assert_eq!((device.member, device.label.as_str()), (tom.author.member, "laptop 1"));
    assert_eq!(device.confirmed_by, None);
    assert_eq!(tom.doc.get_changes_meta(&[]).len(), 2, "in the same change");
    let second = tom.set(ACTION, Field::Priority, "now");
    assert!(second.delta.devices.is_empty());
    assert_eq!(tom.view.devices().len(), 1);

    // An existing member says whose device it is.
    let mut clara = tom.colleague(2);
    let member = rec(Kind::Member, 1);
    let actor = tom.view.devices().keys().next().unwrap().clone();
    let confirm =
        Edit::ConfirmDevice { actor: actor.clone(), member: MemberId(id(1)), label: "Tom's laptop".into() };
    assert_eq!(clara.refused(confirm.clone()), Refusal::NoSuchRecord);
    clara.act(vec![Edit::Create { record: member, fields: vec![(Field::Title, "Tom".into())] }, confirm]);
    sync(&mut tom, &mut clara);
    assert_eq!(tom.view.devices()[&actor].confirmed_by, Some(clara.author.member));
    assert_eq!(tom.view.devices()[&actor].added_at, device.added_at);
    assert_eq!(tom.view.devices().len(), 2);
}

#[test]
fn an_act_is_done_whole_or_not_at_all() {
    let mut tom = with_action();
    let before = tom.doc.save();
    let refused = tom.try_act(
        "action.rework",
        vec![
            Edit::Set { record: ACTION, field: Field::Title, value: Some("new".into()) },
            Edit::Move { record: ACTION, to: "in-progress".into(), note: String::new() },
            Edit::Set { record: ACTION, field: Field::Due, value: Some("tomorrow".into()) },
        ],
    );
    let Err(EditError::Refused { edit: 2, record: Some(ACTION), field: Some(Field::Due), why }) = &refused
    else {
        panic!("{refused:?}");
    };
    assert!(matches!(why, Refusal::WrongValue { .. }));
    assert_eq!(
        refused.unwrap_err().to_string(),
        format!("edit 2 of {ACTION}.due: expected a day like 2026-03-31, got tomorrow")
    );
    assert_eq!(tom.doc.save(), before);
    assert_eq!(tom.record(ACTION).title(), "Ship it");
    // A session whose first act is refused leaves no trace of itself either.
    let mut clara = tom.colleague(2);
    clara.refused(Edit::Restore { record: ACTION });
    assert_eq!(clara.view.devices().len(), 1);
    assert_eq!(clara.doc.save(), tom.doc.save());
}

#[test]
fn an_act_that_changes_nothing_makes_no_change() {
    let mut tom = with_action();
    let heads = tom.heads();
    let applied = tom.act(vec![
        Edit::Set { record: ACTION, field: Field::Title, value: Some("Ship it".into()) },
        Edit::Set { record: ACTION, field: Field::Due, value: None },
        Edit::Exclude { record: ACTION, field: Field::Tags, member: "x".into() },
    ]);
    assert_eq!((applied.change, applied.delta.is_empty()), (None, true));
    assert_eq!(tom.heads(), heads);
}

#[test]
fn what_the_schema_forbids_is_refused_with_the_reason() {
    let mut tom = with_action();
    let set = |field, value: Scalar| Edit::Set { record: ACTION, field, value: Some(value) };
    let long = "x".repeat(121);
    let cases = [
        (set(Field::Title, long.clone().into()), Refusal::TooLong { len: 121, max: 120, unit: "characters" }),
        (set(Field::Sponsor, "x".into()), Refusal::NoSuchField),
        (set(Field::Status, "done".into()), Refusal::WrittenBy("Edit::Move")),
        (set(Field::CreatedBy, id(3).into()), Refusal::WrittenBy("the product itself")),
        (set(Field::Deleted, json!({}).into()), Refusal::WrittenBy("Edit::Delete and Edit::Restore")),
        (set(Field::Tags, "x".into()), Refusal::WrongMark { mark: Mark::Set }),
        (Edit::Restore { record: ACTION }, Refusal::Deletion("not deleted")),
        (Edit::Restore { record: rec(Kind::Action, 1) }, Refusal::NoSuchRecord),
        (
            Edit::Delete { record: RecordRef::singleton(Kind::Settings), reason: String::new() },
            Refusal::Singleton,
        ),
        (
            Edit::Move { record: ACTION, to: "verified".into(), note: String::new() },
            Refusal::NoSuchMove { from: "open".into(), to: "verified".into() },
        ),
        (Edit::Link(Edge::new(Relation::Treats, ACTION, ACTION)), Refusal::SelfLink),
        (Edit::Link(Edge::new(Relation::Treats, ACTION, rec(Kind::Register, 8))), Refusal::NoSuchRecord),
    ];
    for (edit, expected) in cases {
        assert_eq!(tom.refused(edit.clone()), expected, "{edit:?}");
    }
    let wrong = [
        set(Field::Title, "two\nlines".into()),
        set(Field::Title, 5.into()),
        set(Field::Due, "2026-02-30".into()),
        set(Field::Priority, "urgent".into()),
        set(Field::Owner, "Tom".into()),
        set(Field::Done, json!("done").into()),
        set(Field::Done, json!({"share": 0.5}).into()),
        Edit::Include { record: ACTION, field: Field::Tags, member: String::new() },
        Edit::Append { record: ACTION, field: Field::Comments, entry: id(1), value: json!(["no object"]) },
    ];
    for edit in wrong {
        assert!(matches!(tom.refused(edit.clone()), Refusal::WrongValue { .. }), "{edit:?}");
    }
    // Members of an atom that the product computes with are held to what they mean; others are welcome.
    let risk = rec(Kind::Register, 6);
    tom.create(risk, vec![(Field::Kind, "risk".into())]);
    let rating = |value| Edit::Supersede { record: risk, field: Field::Assessments, entry: id(50), value };
    let wrong = [
        rating(json!({"phase": "now", "score": "6x1"})),
        rating(json!({"phase": "now"})),
        rating(json!({"phase": "later", "score": "3x3"})),
        rating(json!({"phase": "now", "score": "3x3", "confidence": "high"})),
        set(Field::EffectCheck, json!({"planned": "in spring"}).into()),
    ];
    for edit in wrong {
        assert!(matches!(tom.refused(edit.clone()), Refusal::WrongValue { .. }), "{edit:?}");
    }
    tom.act(vec![rating(json!({"phase": "now", "score": "3x3", "confidence": 2, "weather": "fine"}))]);

    let once = rec(Kind::Register, 7);
    tom.create(once, vec![(Field::Kind, "risk".into())]);
    let change = Edit::Set { record: once, field: Field::Kind, value: Some("opportunity".into()) };
    assert_eq!(tom.refused(change), Refusal::WrittenOnce);
    let twice = Edit::Create {
        record: rec(Kind::Goal, 1),
        fields: vec![(Field::Title, "a".into()), (Field::Title, "b".into())],
    };
    assert!(matches!(tom.refused(twice), Refusal::WrongValue { .. }));
    let entry =
        || Edit::Append { record: ACTION, field: Field::Comments, entry: id(1), value: json!({"text": "a"}) };
    tom.act(vec![entry()]);
    assert_eq!(tom.refused(entry()), Refusal::EntryExists);
    let huge = Edit::Append {
        record: ACTION,
        field: Field::Comments,
        entry: id(2),
        value: json!({"text": "a", "more": "x".repeat(schema::ENTRY_BYTES_MAX)}),
    };
    assert!(matches!(tom.refused(huge), Refusal::TooLong { unit: "bytes", .. }));
}

#[test]
fn a_title_of_120_characters_fits_in_any_script() {
    let mut tom = with_action();
    tom.set(ACTION, Field::Title, "🚢".repeat(120));
    assert_eq!(tom.record(ACTION).title().chars().count(), 120);
}

#[test]
fn a_move_is_the_register_and_the_story_in_one_change() {
    let mut tom = with_action();
    tom.act(vec![Edit::Move { record: ACTION, to: "in-progress".into(), note: "started".into() }]);
    let mut clara = tom.colleague(2);
    tom.go(ACTION, "done");
    clara.act(vec![Edit::Move { record: ACTION, to: "cancelled".into(), note: "not needed".into() }]);
    sync(&mut tom, &mut clara);
    // Both branches are there; the less final one counts until somebody chooses.
    let record = tom.record(ACTION);
    assert_eq!(record.status(), Some("done"));
    let story: Vec<_> = record
        .entries(Field::Moves)
        .map(|(_, entry)| (entry["from"].as_str(), entry["to"].as_str().unwrap()))
        .collect();
    assert_eq!(story.len(), 3);
    assert!(
        story.contains(&(Some("in-progress"), "cancelled")) && story.contains(&(Some("in-progress"), "done"))
    );
    // Choosing one of the two is a move too, and says among what.
    clara.go(ACTION, "cancelled");
    sync(&mut tom, &mut clara);
    assert_eq!(tom.record(ACTION).contested().count(), 0);
    let (_, last) =
        tom.record(ACTION).entries(Field::Moves).find(|(_, entry)| entry.get("among").is_some()).unwrap();
    assert_eq!(last["to"], "cancelled");
    assert_eq!(last["by"], clara.author.member.to_string());
}

#[test]
fn every_later_move_of_a_due_date_leaves_a_trail() {
    let mut tom = with_action();
    tom.set(ACTION, Field::Due, "2026-04-01");
    assert_eq!(tom.record(ACTION).entries(Field::DueMoves).count(), 0, "the first date is no postponement");
    tom.set(ACTION, Field::Due, "2026-05-01");
    tom.set(ACTION, Field::Due, "2026-05-01");
    tom.act(vec![Edit::Set { record: ACTION, field: Field::Due, value: None }]);
    let trail: Vec<_> = tom
        .record(ACTION)
        .entries(Field::DueMoves)
        .map(|(_, entry)| (entry["from"].clone(), entry["to"].clone()))
        .collect();
    assert_eq!(trail.len(), 2);
    assert!(trail.contains(&(json!("2026-04-01"), json!("2026-05-01"))));
    assert!(trail.contains(&(json!("2026-05-01"), json!(null))));
    let forged = Edit::Append { record: ACTION, field: Field::DueMoves, entry: id(1), value: json!({}) };
    assert!(matches!(tom.refused(forged), Refusal::WrittenBy(_)));
}

#[test]
fn a_dissent_stands_beside_the_answer_of_the_team() {
    let mut tom = Replica::new(1);
    let review = rec(Kind::Review, 1);
    tom.create(review, vec![]);
    let clara = id(2).to_string();
    let answer = |answer: &str, dissent: Option<&str>| {
        let mut value = json!({"question": "effective", "answer": answer, "reason": "seen"});
        if let Some(member) = dissent {
            value["dissent"] = json!(member);
        }
        value
    };
    tom.supersede(review, Field::Judgements, 10, answer("yes", None));
    tom.supersede(review, Field::Judgements, 11, answer("no", Some(&clara)));
    tom.supersede(review, Field::Judgements, 12, answer("partly", None));
    tom.supersede(review, Field::Judgements, 13, answer("partly", Some(&clara)));
    let current: Vec<_> =
        tom.record(review).current(Field::Judgements).iter().map(|(entry, _)| *entry).collect();
    assert_eq!(current, [id(12), id(13)]);
}

#[test]
fn keyed_values_are_one_per_key() {
    let settings = RecordRef::singleton(Kind::Settings);
    let mut tom = Replica::new(1);
    let set = |key: &str, value: Option<serde_json::Value>| Edit::SetKey {
        record: settings,
        field: Field::Appetite,
        key: key.into(),
        value,
    };
    tom.act(vec![set("quality", Some(json!(9))), set("supply", Some(json!(10)))]);
    let mut clara = tom.colleague(2);
    tom.act(vec![set("quality", Some(json!(12)))]);
    clara.act(vec![set("quality", Some(json!(6))), set("supply", None)]);
    let delta = tom.merge(&clara);
    assert!(delta.settings());
    assert_eq!(
        tom.record(settings).keyed_value(Field::Appetite, "quality"),
        Some(&json!(6)),
        "the stricter one"
    );
    assert_eq!(tom.record(settings).keyed_value(Field::Appetite, "supply"), None);
    let contested: Vec<_> = tom.record(settings).contested().map(|(field, key, _)| (field, key)).collect();
    assert_eq!(contested, [(Field::Appetite, Some("quality"))]);
}

#[test]
fn offsets_are_those_of_the_dom() {
    let mut tom = with_action();
    // Two UTF-16 code units, one code unit, and two code points that look like one letter.
    tom.splice(ACTION, Field::Body, 0, 0, "🚢ö e\u{301}!");
    tom.splice(ACTION, Field::Body, 2, 1, "⚓");
    assert_eq!(tom.record(ACTION).text(Field::Body), "🚢⚓ e\u{301}!");
    let splice = |at, delete| Edit::Splice {
        record: ACTION,
        field: Field::Body,
        at: Utf16Offset(at),
        delete,
        insert: "x".into(),
    };
    assert_eq!(tom.refused(splice(1, 0)), Refusal::NoSuchRange { len: 7 }, "inside the ship");
    assert_eq!(tom.refused(splice(0, 1)), Refusal::NoSuchRange { len: 7 }, "half a ship");
    assert_eq!(tom.refused(splice(7, 1)), Refusal::NoSuchRange { len: 7 });
    assert_eq!(tom.refused(splice(usize::MAX, 2)), Refusal::NoSuchRange { len: 7 });
    let applied = tom.act(vec![splice(7, 0)]);
    assert_eq!(applied.delta.texts[0].at, Utf16Offset(7));

    // A colleague's caret: the splice that arrives counts in the same units.
    let mut clara = tom.colleague(2);
    clara.splice(ACTION, Field::Body, 0, 2, "🛟🛟");
    let delta = tom.merge(&clara);
    let moved: isize =
        delta.texts.iter().map(|t| t.insert.encode_utf16().count() as isize - t.delete as isize).sum();
    assert_eq!(moved, 2);
    assert_eq!(tom.record(ACTION).text(Field::Body), "🛟🛟⚓ e\u{301}!x");
}

proptest! {
    #[test]
    fn splices_do_what_they_say(edits in prop::collection::vec((0_usize..30, 0_usize..6, "[a🚢é\u{301}\n]{0,4}"), 1..20)) {
        let mut tom = with_action();
        let mut words: Vec<u16> = Vec::new();
        for (at, delete, insert) in edits {
            let edit = Edit::Splice {
                record: ACTION, field: Field::Body, at: Utf16Offset(at), delete, insert: insert.clone(),
            };
            let act = Act::one("type", edit);
            let allowed = apply(&mut tom.doc, &tom.author, tom.now, &mut tom.rng, &act).is_ok();
            let mut next = words.clone();
            let fits = at + delete <= words.len();
            if fits {
                next.splice(at..at + delete, insert.encode_utf16());
            }
            // Allowed exactly when the range exists and cuts no character in two.
            let whole = |range: &[u16]| String::from_utf16(range).is_ok();
            let clean = fits && whole(&words[..at]) && whole(&words[at..at + delete]);
            prop_assert_eq!(allowed, clean);
            if allowed { words = next }
            let view = workspace::View::read(&tom.doc);
            prop_assert_eq!(view.record(ACTION).unwrap().text(Field::Body), String::from_utf16(&words).unwrap());
        }
    }
}

#[test]
fn a_text_has_an_end() {
    let mut tom = with_action();
    let full = "x".repeat(schema::TEXT_UTF16_MAX);
    tom.splice(ACTION, Field::Body, 0, 0, &full);
    let more = Edit::Splice {
        record: ACTION,
        field: Field::Body,
        at: Utf16Offset(0),
        delete: 0,
        insert: "y".into(),
    };
    assert!(matches!(tom.refused(more), Refusal::TooLong { .. }));
    tom.splice(ACTION, Field::Body, 0, 1, "y");
    let too_long = Edit::Create {
        record: rec(Kind::Goal, 1),
        fields: vec![(Field::Why, Initial::from(format!("{full}x")))],
    };
    assert!(matches!(tom.refused(too_long), Refusal::TooLong { .. }));
}

#[test]
fn a_large_act_names_its_first_records_and_all_are_its_authors() {
    let mut tom = Replica::new(1);
    let create = |number| Edit::Create { record: rec(Kind::Goal, number), fields: vec![] };
    tom.act((1..=20).map(create).collect());
    let mut clara = Replica::new(2);
    let delta = clara.merge(&tom);
    assert_eq!(delta.touched.len(), 20);
    assert!(delta.touched.iter().all(|record| delta.authors[record].contains(&tom.author.member)));
    assert_eq!(delta.devices.len(), 1);
}

#[test]
fn an_actor_is_never_used_twice() {
    // Two sessions with one actor would make changes that no document can hold together.
    let mut rng = Replica::new(1).rng;
    assert_ne!(ActorId::random(&mut rng), ActorId::random(&mut rng));
}
