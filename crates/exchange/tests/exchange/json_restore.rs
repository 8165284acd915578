//! The whole workspace as JSON and as a bundle, and back.

use crate::support::{NOW, rng, sample, view};
use exchange::{bundle, json};
use ids::ActorId;
use serde_json::Value as Json;
use workspace::{Act, Edit, Field, Kind, View, heads};

fn without_devices(mut content: Json) -> Json {
    content.as_object_mut().unwrap().remove("devices");
    content
}

#[test]
fn the_json_of_a_restored_workspace_is_the_json_it_came_from() {
    let content = json::of(view());
    let doc = json::restore(json::text(view()).as_bytes(), NOW, &mut rng(1)).unwrap();
    let again = View::read(&doc);
    // Cheap to compare, expensive to print: the difference is named.
    let (was, is) = (without_devices(content), without_devices(json::of(&again)));
    for (collection, records) in was.as_object().unwrap() {
        match records.as_object() {
            Some(records) => {
                for (id, record) in records {
                    assert_eq!(&is[collection][id], record, "{collection}/{id}");
                }
            }
            None => assert_eq!(&is[collection], records),
        }
    }
    assert!(was == is);
    for kind in Kind::ALL {
        assert_eq!(again.all(*kind).count(), view().all(*kind).count());
    }
    // It loads, and no change is larger than a relay takes.
    let loaded = automerge::Automerge::load(&doc.save()).unwrap();
    assert_eq!(heads(&loaded), heads(&doc));
    assert!(doc.get_changes(&[]).iter().all(|change| change.len() < 200_000));
}

#[test]
fn open_disagreements_stay_open() {
    let mut rng = rng(4);
    let mut base = sample().doc.clone();
    let goal = view().live(Kind::Goal).next().unwrap().reference();
    let risk =
        view().live(Kind::Register).find(|record| record.status() == Some("treating")).unwrap().reference();
    let mut apart: Vec<automerge::Automerge> = (0..3).map(|_| base.clone()).collect();
    for (turn, doc) in apart.iter_mut().enumerate() {
        doc.set_actor(automerge::ActorId::from(ActorId::random(&mut rng).as_bytes()));
        let mut edits = vec![Edit::Set {
            record: goal,
            field: Field::Title,
            value: Some(format!("title {turn}").into()),
        }];
        if turn < 2 {
            let due = format!("2026-0{}-01", turn + 5);
            edits.push(Edit::Set { record: risk, field: Field::ReviewDue, value: Some(due.into()) });
        }
        // Whoever worked more before has the engine's favour.
        for _ in 0..(3 - turn) {
            let act = Act::one(
                "test.work",
                Edit::Include { record: goal, field: Field::Tags, member: "x".to_owned() },
            );
            workspace::apply(doc, &crate::support::author(), NOW, &mut rng, &act).unwrap();
        }
        workspace::apply(doc, &crate::support::author(), NOW, &mut rng, &Act::new("test.edit", edits))
            .unwrap();
    }
    for mut doc in apart {
        base.merge(&mut doc).unwrap();
    }
    let contested = View::read(&base);
    assert_eq!(contested.record(goal).unwrap().register(Field::Title).unwrap().values().len(), 3);
    let doc = json::restore_value(&json::of(&contested), NOW, &mut rng).unwrap();
    let (was, is) = (without_devices(json::of(&contested)), without_devices(json::of(&View::read(&doc))));
    for record in [goal, risk] {
        let at = (record.kind.collection(), record.id.to_string());
        assert_eq!(was[at.0][&at.1], is[at.0][&at.1]);
    }
    assert!(was == is);
}

#[test]
fn a_workspace_of_another_make_is_told_from_ours() {
    let refused = |text: &str| json::restore(text.as_bytes(), NOW, &mut rng(1)).unwrap_err().to_string();
    assert!(refused("{").contains("not JSON"));
    assert!(refused("[]").contains("the file: expected"));
    assert!(refused("{}").contains("edges"));
    assert!(refused(r#"{"edges": [], "cellar": {}}"#).contains("cellar: expected the name of a collection"));
    assert!(refused(r#"{"edges": [], "goals": {"x": {}}}"#).contains("goals/x: expected a record id"));
    let id = "01KK0000000000000000000000";
    assert!(
        refused(&format!(r#"{{"edges": [], "goals": {{"{id}": {{"title": [1]}}}}}}"#))
            .contains("title: expected")
    );
    assert!(refused(&format!(r#"{{"edges": [], "goals": {{"{id}": {{"wheels": 4}}}}}}"#)).contains("wheels"));
}

#[test]
fn a_bundle_opens_with_equal_heads() {
    let saved = sample().doc.save();
    let archive = bundle::write(view(), &saved).unwrap();
    assert_eq!(archive, bundle::write(view(), &saved).unwrap(), "equal workspaces, equal bundles");
    let document = bundle::document(&archive, 1 << 30).unwrap();
    let loaded = automerge::Automerge::load(&document).unwrap();
    assert_eq!(heads(&loaded), heads(&sample().doc));
    assert!(matches!(bundle::document(&archive, 1_000), Err(bundle::BundleError::TooLarge(1_000))));
    let names: Vec<String> = bundle::files(view(), &saved).into_iter().map(|(name, _)| name).collect();
    for name in ["README.txt", "workspace.automerge", "workspace.json", "csv/register.csv", "csv/members.csv"]
    {
        assert!(names.iter().any(|known| known == name), "{name}");
    }
}
