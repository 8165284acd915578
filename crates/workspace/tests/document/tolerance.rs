//! Reading tolerates everything: what is odd is told, the rest stays readable, and nothing unknown is ever dropped.

use crate::support::{Replica, id, rec, sync};
use automerge::{ObjId, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable};
use ids::ActorId;
use serde_json::json;
use workspace::{
    Edit, EditError, Field, Kind, Origin, RecordRef, Refusal, Scalar, Value, View, delta_since, genesis,
    heads, load,
};

const GOAL: RecordRef = RecordRef::new(Kind::Goal, ids::RecordId::from_bits(1));

fn with_goal() -> Replica {
    let mut tom = Replica::new(1);
    tom.create(
        GOAL,
        vec![
            (Field::Title, "Sell uptime".into()),
            (Field::Tags, workspace::Initial::Members(vec!["a".into()])),
        ],
    );
    tom
}

/// Writes past the schema, as another client would, and brings both views up to date.
fn raw(replica: &mut Replica, write: impl FnOnce(&mut automerge::transaction::Transaction<'_>, &ObjId)) {
    let before = replica.heads();
    let mut tx = replica.doc.transaction();
    let (_, goals) = tx.get(ROOT, "goals").unwrap().unwrap();
    let (_, goal) = tx.get(&goals, GOAL.id.to_string()).unwrap().unwrap();
    write(&mut tx, &goal);
    tx.commit();
    let delta = delta_since(&replica.doc, &before, Origin::Remote);
    replica.view.update(&replica.doc, &delta);
    assert!(replica.view == View::read(&replica.doc));
    replica.told_since(&before);
}

#[test]
fn fields_of_a_newer_version_survive_edits() {
    let mut tom = with_goal();
    raw(&mut tom, |tx, goal| {
        tx.put(goal, "moonshot", true).unwrap();
        let nested = tx.put_object(goal, "nestedThing", ObjType::Map).unwrap();
        tx.put(&nested, "x", 1).unwrap();
    });
    let mut clara = tom.colleague(2);
    clara.set(GOAL, Field::Title, "Sell uptime, not pumps");
    clara.splice(GOAL, Field::Why, 0, 0, "because");
    clara.go(GOAL, "active");
    clara.act(vec![Edit::Delete { record: GOAL, reason: String::new() }, Edit::Restore { record: GOAL }]);
    sync(&mut tom, &mut clara);
    let record = tom.record(GOAL);
    assert_eq!(record.unknown.iter().collect::<Vec<_>>(), ["moonshot", "nestedThing"]);
    assert!(record.damage.is_empty());
    let (_, goals) = tom.doc.get(ROOT, "goals").unwrap().unwrap();
    let (_, goal) = tom.doc.get(&goals, GOAL.id.to_string()).unwrap().unwrap();
    assert_eq!(tom.doc.get(&goal, "moonshot").unwrap().unwrap().0.as_bool(), Some(true));
    let (_, nested) = tom.doc.get(&goal, "nestedThing").unwrap().unwrap();
    assert_eq!(tom.doc.get(&nested, "x").unwrap().unwrap().0.as_i64(), Some(1));
}

#[test]
fn words_of_a_newer_version_are_shown_and_can_be_kept() {
    let mut tom = with_goal();
    raw(&mut tom, |tx, goal| tx.put(goal, "status", "celebrated").unwrap());
    assert_eq!(tom.record(GOAL).status(), Some("celebrated"));
    // This version does not know where one may go from there, but whoever made it does.
    assert!(matches!(
        tom.refused(Edit::Move { record: GOAL, to: "active".into(), note: String::new() }),
        Refusal::NoSuchMove { .. }
    ));

    // Two open values, one of them unknown here: choosing it is allowed.
    let action = rec(Kind::Action, 3);
    tom.create(action, vec![]);
    let mut clara = tom.colleague(2);
    tom.set(action, Field::Priority, "soon");
    let before = clara.heads();
    let mut tx = clara.doc.transaction();
    let (_, actions) = tx.get(ROOT, "actions").unwrap().unwrap();
    let (_, map) = tx.get(&actions, action.id.to_string()).unwrap().unwrap();
    tx.put(&map, "priority", "whenever").unwrap();
    tx.commit();
    clara.view.update(&clara.doc, &delta_since(&clara.doc, &before, Origin::Remote));
    clara.told_since(&before);
    sync(&mut tom, &mut clara);
    assert_eq!(tom.record(action).line(Field::Priority), Some("soon"), "the word known here is shown");
    tom.set(action, Field::Priority, "whenever");
    assert_eq!(tom.values(action, Field::Priority), ["whenever"]);
    assert!(matches!(
        tom.refused(Edit::Set { record: action, field: Field::Priority, value: Some("never".into()) }),
        Refusal::WrongValue { .. }
    ));
}

#[test]
fn a_field_of_the_wrong_shape_is_damaged_alone() {
    let mut tom = with_goal();
    raw(&mut tom, |tx, goal| {
        tx.put(goal, "horizon", "next year").unwrap();
        tx.put(goal, "tags", 5).unwrap();
        tx.put_object(goal, "sponsor", ObjType::List).unwrap();
        tx.put(goal, "why", ScalarValue::Bytes(vec![1, 2, 3])).unwrap();
        tx.put(goal, "deleted", "{not json").unwrap();
        let (_, comments) = tx.get(goal, "comments").unwrap().unwrap();
        tx.put(&comments, id(5).to_string(), "[]").unwrap();
        tx.put(&comments, "no id", "{}").unwrap();
        tx.put(&comments, id(6).to_string(), r#"{"text":"fine","deep":{"er":[1]}}"#).unwrap();
    });
    let record = tom.record(GOAL);
    assert_eq!(record.title(), "Sell uptime");
    for field in [Field::Horizon, Field::Tags, Field::Sponsor, Field::Why, Field::Deleted] {
        assert_eq!(record.value(field), Some(&Value::Damaged), "{field}");
    }
    assert_eq!(record.entries(Field::Comments).count(), 1);
    let told: Vec<_> =
        record.damage.iter().map(|damage| (damage.key.as_str(), damage.entry.is_some())).collect();
    assert_eq!(
        told,
        [
            ("comments", true),
            ("comments", true),
            ("deleted", false),
            ("horizon", false),
            ("sponsor", false),
            ("tags", false),
            ("why", false)
        ]
    );
    assert!(record.damage.iter().any(|damage| damage.found == "the text \"next year\""));
    // Nobody's edit can make it worse by accident: a scalar is replaced, a container is not.
    tom.set(GOAL, Field::Horizon, 2029);
    assert_eq!(tom.record(GOAL).int(Field::Horizon), Some(2029));
    let include = Edit::Include { record: GOAL, field: Field::Tags, member: "b".into() };
    assert!(matches!(tom.refused(include), Refusal::Damaged(_)));
}

#[test]
fn numbers_of_other_clients_are_understood() {
    let mut tom = with_goal();
    raw(&mut tom, |tx, goal| tx.put(goal, "horizon", 2031.0).unwrap());
    assert_eq!(tom.record(GOAL).int(Field::Horizon), Some(2031));
    raw(&mut tom, |tx, goal| tx.put(goal, "horizon", 2032_u64).unwrap());
    assert_eq!(tom.record(GOAL).int(Field::Horizon), Some(2032));
    raw(&mut tom, |tx, goal| tx.put(goal, "horizon", ScalarValue::Null).unwrap());
    assert_eq!(tom.record(GOAL).value(Field::Horizon), None, "null is a cleared field");
}

#[test]
fn what_is_no_record_is_told_or_left_alone() {
    let mut tom = with_goal();
    let before = tom.heads();
    let mut tx = tom.doc.transaction();
    let (_, goals) = tx.get(ROOT, "goals").unwrap().unwrap();
    tx.put(&goals, id(2).to_string(), "a goal as text").unwrap();
    tx.put_object(&goals, "schema2", ObjType::Map).unwrap();
    tx.put(ROOT, "seats", "nobody sits").unwrap();
    tx.put_object(ROOT, "newSection", ObjType::Map).unwrap();
    let (_, edges) = tx.get(ROOT, "edges").unwrap().unwrap();
    tx.put(&edges, "admires|goals/x|goals/y", 1).unwrap();
    tx.commit();
    tom.view.update(&tom.doc, &delta_since(&tom.doc, &before, Origin::Remote));
    assert!(tom.view == View::read(&tom.doc));
    tom.told_since(&before);
    assert_eq!(tom.view.all(Kind::Goal).count(), 2);
    assert_eq!(tom.record(rec(Kind::Goal, 2)).damage[0].found, "the text \"a goal as text\"");
    assert_eq!(tom.view.all(Kind::Seat).count(), 0);
    let seat = Edit::Create { record: rec(Kind::Seat, 1), fields: vec![] };
    assert_eq!(tom.try_act("seat.create", vec![seat]), Err(EditError::NotAWorkspace("seats")));
    // A document that never was a workspace opens, with the genesis beside what it had.
    let mut foreign = automerge::AutoCommit::new();
    foreign.put(ROOT, "hello", "world").unwrap();
    let opened = load([&foreign.save()[..]], &ActorId::random(&mut tom.rng)).unwrap();
    assert_eq!(View::read(&opened).all(Kind::Goal).count(), 0);
    assert!(heads(&opened).contains(&genesis::HASH));
}

/// Thousands of maps inside one another: reading and following changes cost what lies at the surface.
#[test]
fn nesting_without_end_is_not_followed() {
    let mut tom = with_goal();
    let mut mallory = tom.colleague(2);
    let mut tx = mallory.doc.transaction();
    let (_, goals) = tx.get(ROOT, "goals").unwrap().unwrap();
    let (_, goal) = tx.get(&goals, GOAL.id.to_string()).unwrap().unwrap();
    let (_, body) = tx.get(&goal, "body").unwrap().unwrap();
    tx.splice_text(&body, 0, 0, "words").unwrap();
    let block = tx.split_block(&body, 2).unwrap();
    let unknown = tx.put_object(&goal, "unknown", ObjType::Map).unwrap();
    for mut object in [block, unknown] {
        for _ in 0..6_000 {
            object = tx.put_object(&object, "deeper", ObjType::Map).unwrap();
        }
    }
    tx.commit();
    let before = tom.heads();
    tom.doc.apply_changes(mallory.doc.get_changes(&tom.doc.get_heads())).unwrap();
    let delta = delta_since(&tom.doc, &before, Origin::Remote);
    assert_eq!(delta.touched.iter().collect::<Vec<_>>(), [&GOAL]);
    tom.view.update(&tom.doc, &delta);
    assert!(tom.view == View::read(&tom.doc));
    assert_eq!(tom.record(GOAL).text(Field::Body), "wo\u{fffc}rds");
    assert!(tom.record(GOAL).unknown.contains("unknown"));
}

#[test]
fn objects_in_lists_that_were_deleted_meanwhile_are_no_danger() {
    let mut tom = with_goal();
    raw(&mut tom, |tx, goal| {
        let list = tx.put_object(goal, "unknownList", ObjType::List).unwrap();
        for place in 0..3 {
            tx.insert_object(&list, place, ObjType::Map).unwrap();
        }
    });
    let mut clara = tom.colleague(2);
    raw(&mut tom, |tx, goal| {
        let (_, list) = tx.get(goal, "unknownList").unwrap().unwrap();
        tx.delete(&list, 1).unwrap();
    });
    raw(&mut clara, |tx, goal| {
        let (_, list) = tx.get(goal, "unknownList").unwrap().unwrap();
        let (_, inner) = tx.get(&list, 1).unwrap().unwrap();
        tx.put(&inner, "x", 1).unwrap();
        let deeper = tx.put_object(&inner, "y", ObjType::Map).unwrap();
        tx.put(&deeper, "z", 1).unwrap();
    });
    sync(&mut tom, &mut clara);
}

/// What splices cannot tell (a block in a text, a text put in place of another) makes the editor take the text anew.
#[test]
fn a_text_that_splices_do_not_tell_is_taken_anew() {
    let mut tom = with_goal();
    tom.splice(GOAL, Field::Why, 0, 0, "because");
    for replaced in [false, true] {
        let mut clara = tom.colleague(2);
        raw(&mut clara, |tx, goal| {
            let (_, why) = tx.get(goal, "why").unwrap().unwrap();
            tx.splice_text(&why, 0, 0, "well, ").unwrap();
            if replaced {
                let other = tx.put_object(goal, "why", ObjType::Text).unwrap();
                tx.splice_text(&other, 0, 0, "words of another").unwrap();
            } else {
                tx.insert_object(&why, 2, ObjType::Map).unwrap();
            }
        });
        let delta = tom.merge(&clara);
        assert_eq!(delta.rewritten.iter().collect::<Vec<_>>(), [&(GOAL, Field::Why)]);
        assert!(delta.texts.is_empty());
    }
    assert_eq!(tom.record(GOAL).text(Field::Why), "words of another");
}

/// A container of a field that came with a later version is made on first write, by two sessions apart; what both
/// wrote is shown, and what both write into their own afterwards too.
#[test]
fn containers_made_twice_are_united() {
    let mut tom = with_goal();
    // As an older version made it: without the set.
    raw(&mut tom, |tx, goal| tx.delete(goal, "tags").unwrap());
    let mut clara = tom.colleague(2);
    let include =
        |member: &str| vec![Edit::Include { record: GOAL, field: Field::Tags, member: member.into() }];
    tom.act(include("tom"));
    clara.act(include("clara"));
    let jonas = &mut clara.colleague(3);
    sync(&mut tom, &mut clara);
    assert_eq!(tom.record(GOAL).members(Field::Tags).collect::<Vec<_>>(), ["clara", "tom"]);
    // Jonas only ever saw Clara's set; both may be the hidden one.
    jonas.act(include("jonas"));
    sync(&mut tom, jonas);
    assert_eq!(tom.record(GOAL).members(Field::Tags).collect::<Vec<_>>(), ["clara", "jonas", "tom"]);
    sync(&mut tom, &mut clara);
    clara.act(vec![Edit::Exclude { record: GOAL, field: Field::Tags, member: "tom".into() }]);
    sync(&mut tom, &mut clara);
    assert_eq!(tom.record(GOAL).members(Field::Tags).collect::<Vec<_>>(), ["clara", "jonas"]);
}

/// A forged circle of supersessions cannot make a judgement vanish.
#[test]
fn a_circle_of_supersessions_hides_nothing() {
    let mut tom = Replica::new(1);
    let risk = rec(Kind::Register, 1);
    tom.create(risk, vec![(Field::Kind, "risk".into())]);
    let entry = |number, supersedes| Edit::Append {
        record: risk,
        field: Field::Assessments,
        entry: id(number),
        value: json!({"phase": "now", "score": "5x5", "supersedes": [supersedes]}),
    };
    tom.act(vec![entry(10, id(11).to_string()), entry(11, id(10).to_string())]);
    assert_eq!(tom.record(risk).current(Field::Assessments).len(), 2);
    tom.act(vec![entry(12, id(12).to_string())]);
    assert_eq!(tom.record(risk).current(Field::Assessments).len(), 1, "an entry does not supersede itself");
}

#[test]
fn an_older_version_does_not_write_into_a_newer_workspace() {
    let mut tom = with_goal();
    let meta = RecordRef::singleton(Kind::Meta);
    tom.set(meta, Field::MinWriter, genesis::SCHEMA);
    tom.set(meta, Field::MinWriter, genesis::SCHEMA + 1);
    let refused = tom.try_act(
        "goal.rename",
        vec![Edit::Set { record: GOAL, field: Field::Title, value: Some(Scalar::from("x")) }],
    );
    assert!(matches!(refused, Err(EditError::NeedsNewerVersion { needed: 2, ours: 1 })));
    assert_eq!(tom.record(GOAL).title(), "Sell uptime", "reading goes on");
}
