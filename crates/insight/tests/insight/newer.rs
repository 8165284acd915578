//! What a newer version wrote survives an older one, and the older one says that it is there.

use crate::support::{Replica, id, rec};
use automerge::{ObjType, ROOT, ReadDoc, transaction::Transactable};
use insight::findings::{Level, Offer};
use serde_json::json;
use workspace::lens::{Action, Newer};
use workspace::{Edit, Field, Kind, RecordRef, Scalar, View};

const ACTION: RecordRef = RecordRef::new(Kind::Action, ids::RecordId::from_bits(900));

/// Unknown fields, unknown words, an unknown section, a spare map in use and a link of an unknown relation.
fn from_the_future() -> Replica {
    let mut tom = Replica::new(1);
    tom.create(rec(Kind::Member, 1), vec![(Field::Title, "Tom".into())]);
    tom.create(ACTION, vec![(Field::Title, "Ship it".into()), (Field::Owner, ids::MemberId(id(1)).into())]);
    tom.raw(|tx| {
        let (_, actions) = tx.get(ROOT, "actions").unwrap().unwrap();
        let (_, action) = tx.get(&actions, ACTION.id.to_string()).unwrap().unwrap();
        tx.put(&action, "status", "escalated").unwrap();
        tx.put(&action, "priority", "yesterday").unwrap();
        tx.put(&action, "mood", "hopeful").unwrap();
        let plan = tx.put_object(&action, "steps", ObjType::List).unwrap();
        tx.insert(&plan, 0, "call the carrier").unwrap();
        let (_, verifications) = tx.get(&action, "verifications").unwrap().unwrap();
        let entry = json!({"result": "verified-by-robot", "by": id(1).to_string(), "at": 1}).to_string();
        tx.put(&verifications, id(77).to_string(), entry).unwrap();
        let section = tx.put_object(ROOT, "experiments", ObjType::Map).unwrap();
        tx.put(&section, "x", 1).unwrap();
        let (_, spare) = tx.get(ROOT, "ext3").unwrap().unwrap();
        tx.put(&spare, "y", 2).unwrap();
        let (_, edges) = tx.get(ROOT, "edges").unwrap().unwrap();
        tx.put(&edges, format!("inspires|{ACTION}|{}", rec(Kind::Member, 1)), 3).unwrap();
    });
    tom
}

/// What this version does not know is shown as it is, and told.
#[test]
fn it_is_shown_as_it_is() {
    let tom = from_the_future();
    let record = tom.record(ACTION);
    assert_eq!(record.status(), Some("escalated"));
    assert_eq!(Action::of(record).priority.as_deref(), Some("yesterday"));
    assert_eq!(Action::of(record).verifications[0].result, "verified-by-robot");
    let newer = Newer::of(record);
    assert_eq!(newer.fields, ["mood", "steps"]);
    let expected = [
        (Field::Priority, "yesterday"),
        (Field::Status, "escalated"),
        (Field::Verifications, "verified-by-robot"),
    ];
    let mut words = newer.words.clone();
    words.sort();
    let mut expected: Vec<_> = expected.map(|(field, word)| (field, word.to_owned())).into();
    expected.sort();
    assert_eq!(words, expected);

    let traces = tom.traces();
    assert_eq!(traces.newer_maps.iter().collect::<Vec<_>>(), ["experiments", "ext3"]);
    assert_eq!(traces.newer_links, 1);

    let findings = tom.findings();
    let on_record = findings.iter().find(|finding| finding.rule == "from-newer-version").unwrap();
    assert_eq!((on_record.level, on_record.records.as_slice()), (Level::Info, [ACTION].as_slice()));
    for word in ["2 fields (mood, steps)", "“escalated” as status", "kept as it is"] {
        assert!(on_record.sentence.contains(word), "{}", on_record.sentence);
    }
    assert_eq!(on_record.offers, [Offer::Update]);
    let in_whole = findings.iter().find(|finding| finding.rule == "newer-sections").unwrap();
    for word in ["2 sections (experiments, ext3)", "1 link", "Nothing of it is lost"] {
        assert!(in_whole.sentence.contains(word), "{}", in_whole.sentence);
    }
}

/// Working on the record with this version, deleting and restoring it and merging it with others loses none of it.
#[test]
fn it_survives_work_with_this_version() {
    let mut tom = from_the_future();
    let mut clara = tom.colleague(2);
    clara.set(ACTION, Field::Title, "Ship it now");
    clara
        .edit(vec![Edit::Delete { record: ACTION, reason: String::new() }, Edit::Restore { record: ACTION }]);
    tom.edit(vec![Edit::Include { record: ACTION, field: Field::Tags, member: "urgent".into() }]);
    tom.merge(&clara);
    clara.merge(&tom);
    for replica in [&tom, &clara] {
        let reloaded =
            workspace::load([replica.doc.save().as_slice()], &ids::ActorId::new(vec![7; 16])).unwrap();
        assert!(View::read(&reloaded) == replica.view);
        assert_eq!(Newer::of(replica.record(ACTION)), Newer::of(from_the_future().record(ACTION)));
        let (_, actions) = reloaded.get(ROOT, "actions").unwrap().unwrap();
        let (_, action) = reloaded.get(&actions, ACTION.id.to_string()).unwrap().unwrap();
        assert_eq!(reloaded.get(&action, "mood").unwrap().unwrap().0.as_str(), Some("hopeful"));
        let (_, steps) = reloaded.get(&action, "steps").unwrap().unwrap();
        assert_eq!(reloaded.get(&steps, 0).unwrap().unwrap().0.as_str(), Some("call the carrier"));
        let (_, section) = reloaded.get(ROOT, "experiments").unwrap().unwrap();
        assert_eq!(reloaded.length(&section), 1);
        assert_eq!(replica.traces().newer_links, 1);
    }
}

/// A word of a newer version may be kept when somebody has to choose, although nobody can write it anew here.
#[test]
fn its_words_can_be_chosen() {
    let mut tom = from_the_future();
    let mut clara = tom.colleague(2);
    tom.set(ACTION, Field::Priority, "now");
    clara.set(ACTION, Field::Priority, "soon");
    tom.raw(|tx| {
        let (_, actions) = tx.get(ROOT, "actions").unwrap().unwrap();
        let (_, action) = tx.get(&actions, ACTION.id.to_string()).unwrap().unwrap();
        tx.put(&action, "priority", "yesterday").unwrap();
    });
    tom.merge(&clara);
    assert_eq!(tom.record(ACTION).line(Field::Priority), Some("soon"), "the known one counts first");
    tom.act(&workspace::acts::keep(ACTION, Field::Priority, Scalar::from("yesterday"), None));
    assert_eq!(tom.record(ACTION).line(Field::Priority), Some("yesterday"));
    assert_eq!(tom.record(ACTION).contested().count(), 0);
}
