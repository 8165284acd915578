//! Taking back what this session did.

use crate::world::World;
use client::WhyLeft;
use workspace::{Act, Edge, Edit, Field, Kind, RecordRef, Relation, Scalar};

fn title(world: &World, tab: usize, record: RecordRef) -> String {
    world.tabs[tab].replica.view().record(record).unwrap().title().to_owned()
}

#[test]
fn a_value_goes_back_and_forth() {
    let mut world = World::settled(1, 2);
    let record = world.create(0, "one");
    world.rename(0, record, "two");
    world.rename(0, record, "three");
    let undone = world.undo(0).unwrap().unwrap();
    assert_eq!((undone.name.as_str(), undone.left.len()), ("issue.rename", 0));
    assert!(undone.delta.touched.contains(&record));
    assert_eq!(title(&world, 0, record), "two");
    world.undo(0).unwrap();
    assert_eq!(title(&world, 0, record), "one");
    world.redo(0).unwrap();
    world.redo(0).unwrap();
    assert_eq!(title(&world, 0, record), "three");
    assert_eq!(world.redo(0).unwrap(), None);
    world.run();
    assert_eq!(title(&world, 1, record), "three");
    world.check_converged();
}

#[test]
fn what_somebody_changed_since_stays_and_is_named() {
    let mut world = World::settled(2, 2);
    let record = world.create(0, "mine");
    world.rename(0, record, "still mine");
    world.run();
    world.rename(1, record, "theirs");
    world.run();
    let heads = world.heads(0);
    let undone = world.undo(0).unwrap().unwrap();
    assert_eq!(
        undone.left.iter().map(|left| (left.record, left.why)).collect::<Vec<_>>(),
        [(Some(record), WhyLeft::ChangedSince)]
    );
    assert_eq!(title(&world, 0, record), "theirs");
    assert_eq!(world.heads(0), heads, "nothing was written");
}

#[test]
fn only_what_this_session_did_is_taken_back() {
    let mut world = World::settled(3, 2);
    world.create(1, "somebody else's");
    world.run();
    assert_eq!(world.undo(0).unwrap(), None);
    assert!(!world.tabs[0].replica.can_undo());
}

#[test]
fn creation_deletion_sets_and_links_go_back() {
    let mut world = World::settled(4, 1);
    let (a, b) = (world.create(0, "a"), world.create(0, "b"));
    let view = |world: &World| world.tabs[0].replica.view().clone();
    let before = view(&world);

    let member = "tag".to_owned();
    world.edit(0, &Act::one("issue.tag", Edit::Include { record: a, field: Field::Tags, member }));
    world.edit(0, &Act::one("issue.delete", Edit::Delete { record: b, reason: "duplicate".into() }));
    let edge = Edge { relation: Relation::ALL[0], from: a, to: b };
    let linked = world.try_edit(0, &Act::one("issue.link", Edit::Link(edge))).is_ok();
    for _ in 0..2 + usize::from(linked) {
        assert!(world.undo(0).unwrap().unwrap().left.is_empty());
    }
    let after = view(&world);
    assert_eq!(after.record(a).unwrap().members(Field::Tags).count(), 0);
    assert!(!after.record(b).unwrap().is_deleted());
    assert_eq!(after.edges(), before.edges());

    world.undo(0).unwrap();
    assert!(view(&world).record(b).unwrap().is_deleted(), "a creation is taken back into the bin");
    world.redo(0).unwrap();
    assert!(!view(&world).record(b).unwrap().is_deleted());
}

#[test]
fn an_act_of_several_edits_goes_back_as_one() {
    let mut world = World::settled(5, 1);
    let record = world.create(0, "one");
    let set =
        |title: &str| Edit::Set { record, field: Field::Title, value: Some(Scalar::Text(title.to_owned())) };
    let tag = Edit::Include { record, field: Field::Tags, member: "t".into() };
    world.edit(0, &Act::new("issue.sort", vec![set("two"), tag, set("three")]));
    assert!(world.undo(0).unwrap().unwrap().left.is_empty());
    assert_eq!(title(&world, 0, record), "one");
    assert_eq!(world.tabs[0].replica.view().record(record).unwrap().members(Field::Tags).count(), 0);
}

#[test]
fn an_entry_of_a_log_stays_and_is_named() {
    let mut world = World::settled(6, 1);
    let record = world.create(0, "discussed");
    let entry = ids::RecordId::new(world.now, &mut world.rng);
    let value = serde_json::json!({ "text": "for the record" });
    world.edit(0, &Act::one("comment.add", Edit::Append { record, field: Field::Comments, entry, value }));
    let undone = world.undo(0).unwrap().unwrap();
    assert_eq!(undone.left.len(), 1);
    assert_eq!(undone.left[0].why, WhyLeft::Lasting);
    assert_eq!(world.tabs[0].replica.view().record(record).unwrap().entries(Field::Comments).count(), 1);
}

fn action(world: &mut World) -> RecordRef {
    let record = RecordRef::new(Kind::Action, ids::RecordId::new(world.now, &mut world.rng));
    let fields = vec![(Field::Title, "promised".into())];
    world.edit(0, &Act::one("action.add", Edit::Create { record, fields }));
    record
}

fn status(world: &World, tab: usize, record: RecordRef) -> String {
    world.tabs[tab].replica.view().record(record).unwrap().status().unwrap().to_owned()
}

#[test]
fn a_move_goes_back_by_moving_back_and_the_story_tells_both() {
    let mut world = World::settled(8, 1);
    let record = action(&mut world);
    let start = Edit::Move { record, to: "in-progress".into(), note: String::new() };
    world.edit(0, &Act::one("action.in-progress", start));
    assert!(world.undo(0).unwrap().unwrap().left.is_empty());
    assert_eq!(status(&world, 0, record), "open");
    world.redo(0).unwrap();
    assert_eq!(status(&world, 0, record), "in-progress");
    let view = world.tabs[0].replica.view();
    assert_eq!(view.record(record).unwrap().entries(Field::Moves).count(), 3);
}

#[test]
fn a_move_without_a_way_back_or_with_evidence_stays() {
    let mut world = World::settled(9, 1);
    let record = action(&mut world);
    let done = Edit::Move { record, to: "done".into(), note: String::new() };
    world.edit(0, &Act::one("action.done", done));
    let undone = world.undo(0).unwrap().unwrap();
    assert_eq!(undone.left[0].why, WhyLeft::Lasting, "nobody goes from done to open");
    assert_eq!(undone.left[0].field, Some(Field::Status));
    let entry = ids::RecordId::new(world.now, &mut world.rng);
    let value = serde_json::json!({ "result": "sent-back", "note": "the drawing is missing" });
    let back = vec![
        Edit::Move { record, to: "in-progress".into(), note: String::new() },
        Edit::Supersede { record, field: Field::Verifications, entry, value },
    ];
    world.edit(0, &Act::new("action.send-back", back));
    assert_eq!(world.undo(0).unwrap().unwrap().left.len(), 2);
    assert_eq!(status(&world, 0, record), "in-progress", "what somebody found stays with what it led to");
}

#[test]
fn typing_is_left_to_its_editor() {
    let mut world = World::settled(7, 1);
    let record = world.create(0, "one");
    world.type_at(0, record, 0, "words");
    let undone = world.undo(0).unwrap().unwrap();
    assert_eq!(undone.name, "issue.create");
}
