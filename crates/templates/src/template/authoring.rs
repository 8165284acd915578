//! How the frozen files were made out of `data/*.json`, and that they still are what was made.
//!
//! A file is never changed once it has been released: a device that applied the old bytes and one that applied the new
//! ones would both claim the first change of one actor. A better template is version 2.

use super::{ALL, BORN, SUGGESTION, Template};
use automerge::{Automerge, ReadDoc};
use guard::{Limits, Places};
use ids::{MemberId, RecordId};
use serde_json::{Map, Value as Json, json};
use std::{fs, path::Path};
use workspace::{
    Act, Author, Edge, Edit, Field, Initial, Kind, RecordRef, Relation, Scalar, Value, View, apply, genesis,
    schema::{self, Mark},
};

/// What belongs to nobody.
const NOBODY: MemberId = MemberId(RecordId::from_bits(0));

fn data(template: &Template) -> Json {
    let text = fs::read_to_string(Path::new("data").join(format!("{}.json", template.id))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn act(template: &Template, data: &Json) -> Act {
    let records = data["records"].as_array().unwrap();
    let kind_of = |record: &Json| Kind::from_collection(record["kind"].as_str().unwrap()).unwrap();
    let key_of = |record: &Json| record["key"].as_str().unwrap().to_owned();
    let meant = |name: &str| -> RecordRef {
        let key = name.strip_prefix('@').unwrap();
        let record = records.iter().find(|record| key_of(record) == key).unwrap_or_else(|| panic!("{name}"));
        template.record(kind_of(record), key)
    };
    let mut edits = Vec::new();
    let mut links = Vec::new();
    let mut place: u32 = 0;
    for record in records {
        let (kind, key) = (kind_of(record), key_of(record));
        let reference = template.record(kind, &key);
        let mut fields: Vec<(Field, Initial)> = Vec::new();
        for (name, value) in record["fields"].as_object().unwrap() {
            if name == "scores" {
                let entries = scores(template, &key, value.as_object().unwrap());
                fields.push((Field::Assessments, Initial::Entries(entries)));
                fields.push((Field::Status, "assessed".into()));
                continue;
            }
            let field = Field::from_key(name).unwrap();
            let initial = match value {
                Json::String(text) if text.starts_with('@') => Initial::Scalar(meant(text).id.into()),
                Json::String(text) => text.as_str().into(),
                Json::Number(number) => number.as_i64().unwrap().into(),
                Json::Array(members) => Initial::Members(
                    members.iter().map(|member| meant(member.as_str().unwrap()).id.to_string()).collect(),
                ),
                other => Initial::Scalar(Scalar::Atom(other.clone())),
            };
            fields.push((field, initial));
        }
        if schema::spec(kind, Field::Tags).is_some() {
            fields.push((Field::Tags, Initial::Members(vec![SUGGESTION.to_owned()])));
        }
        if schema::spec(kind, Field::Order).is_some_and(|spec| spec.mark == Mark::Order) {
            // Fixed places far apart; what people add goes after them.
            place += 1;
            fields.push((Field::Order, format!("80{place:02x}80:template").into()));
        }
        edits.push(Edit::Create { record: reference, fields });
        for (relation, targets) in record.get("links").and_then(Json::as_object).unwrap_or(&Map::new()) {
            let relation = Relation::from_key(relation).unwrap();
            for target in targets.as_array().unwrap() {
                links.push(Edit::Link(Edge::new(relation, reference, meant(target.as_str().unwrap()))));
            }
        }
    }
    edits.extend(links);
    Act::new(format!("template.{}", template.id), edits)
}

fn scores(template: &Template, key: &str, scores: &Map<String, Json>) -> Vec<(RecordId, Json)> {
    let entry = |(phase, score): (&String, &Json)| {
        let basis = "Suggested by the template; not judged by anybody yet.";
        let id = template.derived("score", &format!("{key} {phase}"));
        (id, json!({"phase": phase, "score": score, "confidence": 1, "basis": basis}))
    };
    scores.iter().map(entry).collect()
}

fn make(template: &Template) -> Vec<u8> {
    let mut doc = workspace::new_document(&template.actor()).unwrap();
    let author = Author { member: NOBODY, device_label: format!("Template: {}", template.name) };
    // An rng that is never asked: ids are derived, and no life-cycle move is made.
    let mut rng = NoChance;
    let applied = apply(&mut doc, &author, BORN, &mut rng, &act(template, &data(template))).unwrap();
    let hash = workspace::engine_hash(&applied.change.unwrap());
    doc.get_change_by_hash(&hash).unwrap().raw_bytes().to_vec()
}

struct NoChance;

impl rand_core::RngCore for NoChance {
    fn next_u32(&mut self) -> u32 {
        panic!("a template depends on no chance")
    }
    fn next_u64(&mut self) -> u64 {
        panic!("a template depends on no chance")
    }
    fn fill_bytes(&mut self, _: &mut [u8]) {
        panic!("a template depends on no chance")
    }
}

#[test]
#[ignore = "writes the frozen files; run once for a new template, before its release, never again"]
fn write_the_frozen_files() {
    for template in ALL {
        let file = format!("frozen/{}-{}.automerge", template.id, template.version);
        fs::write(file, make(template)).unwrap();
    }
}

/// The hashes of the frozen changes. A line is added for a new file and never altered.
const HASHES: &[(&str, &str)] = &[
    ("small-manufacturer-1", "077a13cf3ace648d58652ca95904cc14e44083248afd3ce7babfeae5bdd6deb8"),
    ("service-company-1", "10de48170297182967a7b4888f7c955e8f58b16189371285b0bb890e7d8d32bb"),
    ("software-team-1", "aee74fb9033508e833be5153fe23ef50dffa98d7d41487a2cd573a31f41b9c62"),
];

#[test]
fn templates_are_frozen() {
    for (template, (name, hash)) in ALL.iter().zip(HASHES) {
        assert_eq!(format!("{}-{}", template.id, template.version), *name);
        let mut doc = workspace::new_document(&template.actor()).unwrap();
        template.instantiate(&mut doc).unwrap();
        assert_eq!(doc.get_heads().iter().map(ToString::to_string).collect::<Vec<_>>(), [*hash]);
    }
}

/// The schema grows and a file does not: what it says is what the data says, and fields of later versions have no
/// containers in it, as in every record of an older version.
#[test]
fn the_files_say_what_the_data_says() {
    for template in ALL {
        let data = data(template);
        let said = |key: &str| data[key].as_str().unwrap().to_owned();
        assert_eq!([template.id, template.name, template.summary], ["id", "name", "summary"].map(said));
        let view = |change: &[u8]| {
            let doc = workspace::load([genesis::BYTES, change], &template.actor()).unwrap();
            View::read(&doc)
        };
        let (frozen, made) = (view(template.change()), view(&make(template)));
        assert_eq!(frozen.edges(), made.edges());
        for kind in Kind::ALL {
            assert_eq!(frozen.all(*kind).count(), made.all(*kind).count());
            for (old, new) in frozen.all(*kind).zip(made.all(*kind)) {
                for (field, value) in &old.fields {
                    assert_eq!(new.value(*field), Some(value), "{}.{field}", old.reference());
                }
                assert!(
                    new.fields.iter().all(|(field, value)| old.fields.contains_key(field) || is_empty(value))
                );
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.is_empty(),
        Value::Set(set) => set.is_empty(),
        Value::Log(log) => log.is_empty(),
        Value::Keyed(keyed) => keyed.is_empty(),
        Value::Register(_) | Value::Damaged => false,
    }
}

#[test]
fn a_template_is_one_change_on_the_genesis_that_the_guard_lets_in() {
    for template in ALL {
        let mut doc = workspace::new_document(&template.actor()).unwrap();
        template.instantiate(&mut doc).unwrap();
        let changes = doc.get_changes(&[]);
        assert_eq!(changes.len(), 2);
        let change = &changes[1];
        assert_eq!(change.deps(), [workspace::engine_hash(&genesis::HASH)]);
        assert_eq!((change.seq(), change.actor_id().to_bytes()), (1, template.actor().as_bytes()));
        let mut places = Places::new();
        let mut past: Vec<(ids::ActorId, u64)> = Vec::new();
        for bytes in [genesis::BYTES, template.change()] {
            let chunks = guard::read_chunks(&bytes::Bytes::from_static(bytes), &Limits::RELAY).unwrap();
            let [guard::Chunk::Change(change)] = chunks.as_slice() else { panic!("{chunks:?}") };
            places.follow(change, &past, &Limits::RELAY, &mut 10).unwrap();
            past = vec![(change.header.actor.clone(), change.header.sequence)];
        }
        assert!(doc.get_changes(&[]).iter().map(|change| change.len()).sum::<usize>() < 20_000);
    }
}

#[test]
fn nothing_promises_what_nobody_can() {
    const BANNED: [&str; 6] = ["compliant", "certified", "conforms", "guarantee", "audit-proof", "pass/fail"];
    for template in ALL {
        let text = data(template).to_string().to_lowercase();
        for word in BANNED {
            assert!(!text.contains(word), "{}: {word}", template.id);
        }
        let clause = text
            .as_bytes()
            .windows(3)
            .find(|three| three[0].is_ascii_digit() && three[1] == b'.' && three[2].is_ascii_digit());
        assert_eq!(clause, None, "{}: a clause number", template.id);
    }
}

/// Every record has what makes it usable, and nothing is left hanging.
#[test]
fn every_template_is_a_connected_beginning() {
    for template in ALL {
        let mut doc = workspace::new_document(&template.actor()).unwrap();
        template.instantiate(&mut doc).unwrap();
        let view = View::read(&doc);
        let count = |kind| view.live(kind).count();
        assert_eq!(
            [
                Kind::Policy,
                Kind::Goal,
                Kind::Objective,
                Kind::Kpi,
                Kind::Register,
                Kind::Review,
                Kind::Action
            ]
            .map(count),
            [1, 3, 5, 5, 8, 1, 4],
            "{}",
            template.id
        );
        assert_eq!(count(Kind::ReviewInput), 12);
        for kind in Kind::ALL {
            for record in view.live(*kind) {
                assert_eq!(record.damage, []);
            }
        }
        for goal in view.live(Kind::Goal) {
            let served = view.edges().from(goal.reference(), Relation::Serves).count();
            assert!(served > 0, "{}: nothing serves {:?}", template.id, goal.title());
        }
        for objective in view.live(Kind::Objective) {
            assert!(view.edges().to(objective.reference(), Relation::Serves).next().is_some());
            assert!(objective.id_of(Field::Kpi).is_some_and(|kpi| view.get(Kind::Kpi, kpi).is_some()));
        }
        let all: Vec<RecordRef> =
            Kind::ALL.iter().flat_map(|kind| view.live(*kind)).map(|r| r.reference()).collect();
        assert_eq!(all.len(), Kind::ALL.iter().map(|kind| view.all(*kind).count()).sum::<usize>());
        for edge in view.edges().iter() {
            assert!(all.contains(&edge.from) && all.contains(&edge.to), "{edge}");
        }
    }
}

#[test]
fn a_document_of_another_make_takes_no_template() {
    let mut doc = Automerge::new();
    assert_eq!(ALL[0].instantiate(&mut doc), Err(super::InstantiateError::NoGenesis));
}
