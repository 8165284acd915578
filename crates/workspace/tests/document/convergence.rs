//! Whatever people do, and in whatever order it travels, everybody ends with the same heads and the same view; and a
//! view fed by patches equals a fresh one after every single step (checked in [`Replica`]).

use crate::support::{Replica, id, rec};
use automerge::{ObjId, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable};
use ids::{ActorId, Heads, MemberId, Utf16Offset};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use workspace::schema::{self, FieldSpec, Mark, Type};
use workspace::{
    Edge, Edit, Field, Initial, Kind, Origin, RecordRef, Relation, Scalar, View, delta_since, load, order,
};

/// Few records, so that people meet on them.
const RECORDS: &[RecordRef] = &[
    RecordRef::singleton(Kind::Direction),
    RecordRef::singleton(Kind::Settings),
    RecordRef::new(Kind::Action, ids::RecordId::from_bits(1)),
    RecordRef::new(Kind::Action, ids::RecordId::from_bits(2)),
    RecordRef::new(Kind::Register, ids::RecordId::from_bits(3)),
    RecordRef::new(Kind::Objective, ids::RecordId::from_bits(4)),
    RecordRef::new(Kind::Review, ids::RecordId::from_bits(5)),
    RecordRef::new(Kind::Decision, ids::RecordId::from_bits(6)),
];

const WORDS: &[&str] =
    &["", "a", "steady words", "Grüße", "🚢⚓", "e\u{301}", "line\nbreak", "complete orders"];

#[derive(Clone, Copy, Debug)]
struct Step {
    who: usize,
    what: u8,
    record: usize,
    field: usize,
    value: usize,
    place: usize,
}

fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (0..4_usize, any::<u8>(), 0..RECORDS.len(), 0..64_usize, 0..64_usize, 0..40_usize)
        .prop_map(|(who, what, record, field, value, place)| Step { who, what, record, field, value, place });
    prop::collection::vec(step, 1..most)
}

/// An edit that may or may not be allowed.
fn edit(replica: &mut Replica, step: Step) -> Edit {
    let record = RECORDS[step.record];
    let fields: Vec<&FieldSpec> = schema::fields(record.kind).collect();
    let spec = fields[step.field % fields.len()];
    let field = spec.field;
    let word = WORDS[step.value % WORDS.len()];
    let entry = ids::RecordId::new(replica.now, &mut replica.rng);
    match (step.what / 8, spec.mark) {
        (0..=4, _) => {
            let fields = vec![
                (Field::Title, Initial::from(word)),
                (Field::Body, Initial::from(word)),
                (Field::Tags, Initial::Members(vec!["t".into()])),
            ];
            Edit::Create { record, fields }
        }
        (5, _) => Edit::Delete { record, reason: word.into() },
        (6, _) => Edit::Restore { record },
        (7..=10, _) => {
            let states =
                schema::lifecycle(record.kind, Some("risk")).map_or(&["open"][..], |life| life.states);
            Edit::Move { record, to: states[step.value % states.len()].into(), note: word.into() }
        }
        (11, _) => Edit::Link(edge(step)),
        (12, _) => Edit::Unlink(edge(step)),
        (_, Mark::Text) => Edit::Splice {
            record,
            field,
            at: Utf16Offset(step.place % 9),
            delete: step.value % 4,
            insert: word.into(),
        },
        (13..=17, Mark::Set) => Edit::Exclude { record, field, member: format!("m{}", step.value % 3) },
        (_, Mark::Set) => Edit::Include { record, field, member: format!("m{}", step.value % 3) },
        (13..=17, Mark::Superseding) | (_, Mark::Log) => {
            Edit::Append { record, field, entry, value: atom(step) }
        }
        (_, Mark::Superseding) => Edit::Supersede { record, field, entry, value: atom(step) },
        (_, Mark::Keyed) => {
            let value = (!step.place.is_multiple_of(5)).then(|| atom(step));
            Edit::SetKey { record, field, key: format!("k{}", step.value % 2), value }
        }
        (_, Mark::Register | Mark::Atom | Mark::Order | Mark::Reference) => {
            let value = (!step.place.is_multiple_of(7)).then(|| scalar(replica, spec, step));
            Edit::Set { record, field, value }
        }
    }
}

fn edge(step: Step) -> Edge {
    let relation = Relation::ALL[step.value % 3];
    Edge::new(relation, RECORDS[step.record], RECORDS[step.place % RECORDS.len()])
}

/// Has what most atoms and entries need.
fn atom(step: Step) -> Json {
    let (phase, score) = (["now", "aim"][step.place % 2], format!("{}x2", step.value % 3 + 1));
    let (direction, stance) = (["up", "down"][step.place % 2], ["for", "against"][step.place % 2]);
    let day = format!("2026-01-0{}", step.value % 3 + 1);
    json!({
        "phase": phase, "score": score, "text": WORDS[step.value % WORDS.len()], "date": day, "until": day,
        "value": score.get(..1), "direction": direction, "relevant": "yes", "signal": "S-A1",
        "state": "present", "stance": stance, "question": "effective", "answer": "yes",
        "result": "verified", "outcome": "changed", "favoured": "quality", "givenUp": "speed",
    })
}

fn scalar(replica: &mut Replica, spec: &FieldSpec, step: Step) -> Scalar {
    match spec.ty {
        Type::OneOf(words) => words[step.value % words.len()].into(),
        Type::Date => format!("2026-0{}-01", step.value % 4 + 1).into(),
        Type::Int(min, _) => Scalar::Int(min + (step.value % 3) as i64),
        Type::Moment => Scalar::Int((step.value % 3) as i64),
        Type::Flag => step.value.is_multiple_of(2).into(),
        Type::Id(_) => id((step.value % 3) as u128).into(),
        Type::Object | Type::Json => atom(step).into(),
        Type::Position => order::between(None, None, &mut replica.rng).into(),
        _ => WORDS[step.value % WORDS.len()].into(),
    }
}

/// What another client, or a malicious one, may write: anything, anywhere, past the schema.
fn vandalise(replica: &mut Replica, step: Step) {
    let before = replica.heads();
    let record = RECORDS[step.record];
    let keys: Vec<&str> =
        schema::fields(record.kind).map(|spec| spec.field.key()).chain(["newField", "devices"]).collect();
    let key = keys[step.field % keys.len()];
    let mut tx = replica.doc.transaction();
    let top = tx
        .get(ROOT, record.kind.collection())
        .unwrap()
        .map(|(_, object)| object)
        .filter(|_| step.what % 32 < 30);
    let map = top.clone().map_or(ROOT, |top| {
        if record.kind.is_singleton() || step.what % 32 < 3 {
            return top;
        }
        tx.get(&top, record.id.to_string()).ok().flatten().map_or(top, |(_, object)| object)
    });
    let key = if map == ROOT || Some(&map) == top.as_ref() && !record.kind.is_singleton() {
        [record.id.to_string(), "stray".into(), record.kind.collection().into(), "edges".into()]
            [step.value % 4]
            .clone()
    } else {
        key.to_owned()
    };
    let deeper = tx.get(&map, key.as_str()).ok().flatten().map(|(_, object)| object);
    // Writing to an object of another type is an error of the engine, which is fine here.
    let _ = write_anything(&mut tx, &map, &key, deeper.as_ref(), step);
    tx.commit();
    // Another client on this device: the view is fed by changes here, by patches at the colleagues.
    let delta = delta_since(&replica.doc, &before, Origin::Remote);
    replica.view.update(&replica.doc, &delta);
    assert!(replica.view == View::read(&replica.doc), "after {step:?} at {map:?} {key}");
    replica.told_since(&before);
}

fn write_anything(
    tx: &mut automerge::transaction::Transaction<'_>,
    map: &ObjId,
    key: &str,
    deeper: Option<&ObjId>,
    step: Step,
) -> Result<(), automerge::AutomergeError> {
    match step.value % 16 {
        0 => tx.put(map, key, 7_u64),
        1 => tx.put(map, key, 2.5),
        2 => tx.put(map, key, ScalarValue::Null),
        3 => tx.put(map, key, "{\"not\": \"what you think\"}"),
        4 => tx.put(map, key, ScalarValue::counter(1)),
        5 => tx.increment(map, key, 2),
        6 => tx.put(map, key, vec![1_u8, 2]),
        7 => tx.delete(map, key),
        8 => tx.put_object(map, key, ObjType::Map).map(|_| ()),
        9 => tx.put_object(map, key, ObjType::List).and_then(|list| tx.insert(&list, 0, "x")),
        10 => tx.put_object(map, key, ObjType::Text).and_then(|text| tx.splice_text(&text, 0, 0, "anew 🚢")),
        11 => deeper.map_or(Ok(()), |object| tx.put(object, "K", step.place as i64)),
        12 => {
            deeper.map_or(Ok(()), |object| tx.put_object(object, id(9).to_string(), ObjType::Map).map(|_| ()))
        }
        13 => deeper.map_or(Ok(()), |object| tx.put(object, id(10).to_string(), "[1]")),
        14 => deeper.map_or(Ok(()), |object| tx.insert_object(object, 0, ObjType::Map).map(|_| ())),
        _ => deeper.map_or(Ok(()), |object| tx.put(object, "k0", ScalarValue::Timestamp(5))),
    }
}

fn run(steps: &[Step], vandals: bool) -> Vec<Replica> {
    let mut team: Vec<Replica> = (1..=4).map(Replica::new).collect();
    for step in steps {
        if step.what >= 200 {
            let from = (step.who + 1 + step.value % 3) % team.len();
            if step.who == from {
                continue;
            }
            let [to, from] = team.get_disjoint_mut([step.who, from]).unwrap();
            to.merge(from);
        } else if vandals && step.what >= 160 {
            vandalise(&mut team[step.who], *step);
        } else {
            let replica = &mut team[step.who];
            let edit = edit(replica, *step);
            let _ = replica.try_act("random.act", vec![edit]);
        }
    }
    team
}

/// Everything reaches everybody, in the given order of visits.
fn settle(team: &mut [Replica], order: &[(usize, usize)]) {
    let rounds =
        order.iter().copied().chain((0..team.len()).flat_map(|to| (0..4).map(move |from| (to, from))));
    let again: Vec<_> = rounds.clone().chain(rounds).collect();
    for (to, from) in again {
        if to != from {
            let [to, from] = team.get_disjoint_mut([to, from]).unwrap();
            to.merge(from);
        }
    }
}

fn check(mut team: Vec<Replica>, order: &[(usize, usize)]) {
    settle(&mut team, order);
    let heads: Vec<Heads> = team.iter().map(Replica::heads).collect();
    assert!(heads.windows(2).all(|pair| pair[0] == pair[1]), "{heads:?}");
    for replica in &team[1..] {
        assert!(replica.view == team[0].view);
    }
    let saved = team[0].doc.save();
    let reopened = load([&saved[..]], &ActorId::random(&mut team[0].rng)).unwrap();
    assert!(View::read(&reopened) == team[0].view);
    // Nobody's session is unknown, and every change is somebody's.
    for told in workspace::history::all(&reopened).iter().skip(1) {
        assert!(told.member.is_some() || told.note.is_none(), "{told:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn everybody_ends_with_the_same_view(
        steps in steps(90),
        order in prop::collection::vec((0..4_usize, 0..4_usize), 0..12),
    ) {
        check(run(&steps, false), &order);
    }

    #[test]
    fn vandals_change_what_is_shown_but_nobody_disagrees(
        steps in steps(70),
        order in prop::collection::vec((0..4_usize, 0..4_usize), 0..12),
    ) {
        check(run(&steps, true), &order);
    }
}

/// Equal values, or a value that joins or leaves without changing the winner, make no patch; the view still knows.
#[test]
fn open_values_that_come_and_go_without_a_patch() {
    let action = rec(Kind::Action, 1);
    let mut team: Vec<Replica> = Vec::new();
    let mut first = Replica::new(1);
    first.create(action, vec![]);
    team.extend((2..=4).map(|number| first.colleague(number)));
    team.insert(0, first);
    for (replica, priority) in team.iter_mut().zip(["now", "soon", "later", "later"]) {
        replica.set(action, Field::Priority, priority);
    }
    settle(&mut team, &[]);
    assert_eq!(team[0].values(action, Field::Priority), ["later", "now", "soon"]);

    let winner = team[2].record(action).register(Field::Priority).unwrap().winner().unwrap().clone();
    let mut late = team[2].colleague(5);
    team[2].set(action, Field::Priority, winner.clone());
    let before = team[0].view.clone();
    let [to, from] = team.get_disjoint_mut([0, 2]).unwrap();
    let delta = to.merge(from);
    assert_ne!(before, to.view);
    let mut other = before;
    assert!(other.update(&to.doc, &delta).contains(&action), "the caller is told, with or without a patch");
    assert_eq!(to.values(action, Field::Priority), [winner.to_string()]);
    // And the device that was away keeps what it chose, as an open value.
    late.set(action, Field::Priority, "now");
    late.merge(&team[0]);
    assert_eq!(late.author.member, MemberId(id(5)));
}
