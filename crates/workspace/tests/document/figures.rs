//! How long things take, for people to read: `cargo test --release -p workspace -- --ignored figures --nocapture`.

use crate::support::{Replica, id, rec};
use automerge::{PatchLog, ReadDoc};
use ids::ActorId;
use serde_json::json;
use std::time::Duration;
use workspace::{Act, Edit, Field, Kind, Origin, View, apply, delta, delta_since, history, load};

fn large() -> Replica {
    let mut tom = Replica::new(1);
    let mut edits = Vec::new();
    let mut fresh = 1_000;
    let mut record = |kind| {
        fresh += 1;
        rec(kind, fresh)
    };
    for (kind, count) in [
        (Kind::Goal, 5),
        (Kind::Objective, 15),
        (Kind::Register, 60),
        (Kind::Action, 200),
        (Kind::Decision, 60),
        (Kind::Kpi, 18),
        (Kind::Review, 8),
        (Kind::AgendaItem, 100),
    ] {
        for number in 0..count {
            let title = format!("{kind} number {number}");
            edits.push(Edit::Create { record: record(kind), fields: vec![(Field::Title, title.into())] });
        }
    }
    for number in 0..1000_u128 {
        edits.push(Edit::Create {
            record: record(Kind::Measurement),
            fields: vec![
                (Field::Kpi, id(number % 18).into()),
                (Field::Period, "2026-01".into()),
                (Field::Value, json!({"value": "93.3", "basis": "final"}).into()),
            ],
        });
    }
    let act = Act::new("sample", edits);
    apply(&mut tom.doc, &tom.author, tom.now, &mut tom.rng, &act).unwrap();
    // Two years of small edits on the same records.
    let actions: Vec<_> = View::read(&tom.doc).all(Kind::Action).map(|record| record.reference()).collect();
    for step in 0..5_000_usize {
        let record = actions[step % actions.len()];
        let edit = match step % 3 {
            0 => Edit::Splice {
                record,
                field: Field::Body,
                at: ids::Utf16Offset(0),
                delete: 0,
                insert: "five ".into(),
            },
            1 => Edit::Set { record, field: Field::Priority, value: Some(["now", "soon"][step % 2].into()) },
            _ => Edit::Append {
                record,
                field: Field::Comments,
                entry: id(1_000_000 + step as u128),
                value: json!({"text": "ok"}),
            },
        };
        apply(&mut tom.doc, &tom.author, tom.now, &mut tom.rng, &Act::one("edit", edit)).unwrap();
    }
    tom.view = View::read(&tom.doc);
    tom
}

/// Time on the processor, so that a busy machine does not blur the figures.
fn on_processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0))
}

fn time<T>(what: &str, times: u32, mut f: impl FnMut() -> T) {
    let start = on_processor();
    for _ in 0..times {
        std::hint::black_box(f());
    }
    println!("{what:<48}{:>12.1?}", (on_processor() - start) / times);
}

#[test]
#[ignore = "prints figures, proves nothing"]
fn figures() {
    let mut tom = large();
    let stats = tom.doc.stats();
    println!("{} operations, {} changes", stats.num_ops, stats.num_changes);
    let saved = tom.doc.save();
    println!("{} bytes saved", saved.len());
    let actor = ActorId::random(&mut tom.rng);
    time("load a snapshot", 3, || load([&saved[..]], &actor).unwrap());
    time("read a fresh view", 10, || View::read(&tom.doc));
    let action = tom.view.all(Kind::Action).next().unwrap().reference();
    let half = history::all(&tom.doc)[2_500].hash;
    time("the view at half of the history", 3, || history::view_at(&tom.doc, &vec![half].into()).unwrap());
    let mut other = load([&saved[..]], &ActorId::random(&mut tom.rng)).unwrap();
    time("type a word: edit, patches, view", 200, || {
        let edit = Edit::Splice {
            record: action,
            field: Field::Body,
            at: ids::Utf16Offset(0),
            delete: 0,
            insert: "word ".into(),
        };
        let applied =
            apply(&mut tom.doc, &tom.author, tom.now, &mut tom.rng, &Act::one("type", edit)).unwrap();
        tom.view.update(&tom.doc, &applied.delta)
    });
    let mut view = View::read(&other);
    let changes = tom.doc.get_changes(&other.get_heads());
    let mut changes = changes.into_iter();
    time("receive a word: change, patches, view", 100, || {
        let before = workspace::heads(&other);
        let mut log = PatchLog::active();
        other.apply_changes_log_patches(changes.next(), &mut log).unwrap();
        let patches = other.make_patches(&mut log);
        let delta = delta(&other, &before, &patches, Origin::Remote);
        view.update(&other, &delta)
    });
    time("receive a word: change, operations, view", 100, || {
        let before = workspace::heads(&other);
        other.apply_changes(changes.next()).unwrap();
        let delta = delta_since(&other, &before, Origin::Remote);
        view.update(&other, &delta)
    });
    let start = ids::Heads::from(vec![workspace::genesis::HASH]);
    time("delta of the whole history", 3, || delta_since(&other, &start, Origin::Remote).touched.len());
    let before = other.get_changes_meta(&[]).last().unwrap().deps.clone();
    let now = other.get_heads();
    time("engine: changes since one change ago", 200, || other.get_changes(&before).len());
    time("engine: their metadata only", 200, || other.get_changes_meta(&before).len());
    time("engine: difference since then", 20, || other.diff(&before, &now).len());
    let (_, actions) = other.get(automerge::ROOT, "actions").unwrap().unwrap();
    let (_, map) = other.get(&actions, action.id.to_string()).unwrap().unwrap();
    let (_, text) = other.get(&map, "body").unwrap().unwrap();
    time("engine: difference of one text", 200, || {
        other.diff_obj(&text, &before, &now, false).unwrap().len()
    });
    time("engine: parents of one text", 200, || other.parents(&text).unwrap().count());
    time("engine: keys of one record", 200, || other.map_range(&map, ..).count());
    time("engine: keys of an empty map", 200, || {
        let (_, tags) = other.get(&map, "tags").unwrap().unwrap();
        other.map_range(&tags, ..).count()
    });
    time("engine: length of an empty map", 200, || {
        let (_, tags) = other.get(&map, "tags").unwrap().unwrap();
        other.length(&tags)
    });
    time("engine: one key", 200, || other.get(&map, "tags").unwrap().is_some());
    time("engine: all objects in one pass", 3, || other.iter().count());
    time("engine: read one text", 200, || other.text(&text).unwrap().len());
    let mut touched = workspace::ViewDelta::nothing(Origin::Remote);
    touched.touched.insert(action);
    let mut single = View::read(&other);
    time("read one record anew", 200, || single.update(&other, &touched).len());
}
