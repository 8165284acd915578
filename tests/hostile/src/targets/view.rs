//! Documents of any content: any peer can write anything, and everybody reads it.

use crate::{Target, oracle};
use automerge::{
    Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    marks::{ExpandMark, Mark},
    transaction::{Transactable, Transaction},
};
use forge::{Chance, mutate::disturb};
use ids::{ActorId, MemberId, RecordId, Timestamp};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use workspace::{
    Act, Author, Date, Edit, Field, Kind, Origin, RecordRef, View, apply, delta_since, genesis, heads,
    health, history, lens, new_document,
};

pub(crate) const TARGET: Target = Target {
    name: "view",
    promise: "any sound document opens, every lens reads it, an updated view is a fresh one, and edits are made or refused",
    bytes_max: 2 << 10,
    seeds,
    run,
    mutate: |input, chance| {
        let mut disturbed = input.to_vec();
        disturb(&mut disturbed, chance);
        disturbed
    },
};

/// Any bytes are a sequence of writes; some that reach far.
fn seeds() -> Vec<Vec<u8>> {
    let mut chance = Chance::new(7);
    (0..24).map(|number| chance.bytes(40 + 20 * number)).collect()
}

/// Decides by the bytes of an input, and by zeros after its end.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % end.max(1)
    }

    fn pick<'o, T>(&mut self, of: &'o [T]) -> &'o T {
        &of[self.below(of.len())]
    }

    fn number(&mut self) -> i64 {
        (0..8).fold(0, |number, _| number << 8 | self.below(256) as i64)
    }
}

/// Keys that mean something somewhere, and some that do not.
fn key(bytes: &mut Bytes<'_>) -> String {
    let id = RecordId::from_bits(1 + bytes.below(4) as u128);
    match bytes.below(6) {
        0 => Kind::ALL[bytes.below(Kind::ALL.len())].collection().to_owned(),
        1 => id.to_string(),
        2 | 3 => bytes.pick(Field::ALL).key().to_owned(),
        4 => bytes
            .pick(&[genesis::EDGES, genesis::DEVICES, "meta", "settings", "schema", "id", "deleted"])
            .to_string(),
        _ => bytes.pick(&["", "\u{0}", "__proto__", "🧭", "a key of a later version", "01J"]).to_string(),
    }
}

fn text(bytes: &mut Bytes<'_>) -> String {
    let record = RecordRef::new(*bytes.pick(Kind::ALL), RecordId::from_bits(1 + bytes.below(4) as u128));
    match bytes.below(9) {
        0 => record.to_string(),
        1 => record.id.to_string(),
        2 => format!("{}-{:02}-{:02}", 1900 + bytes.below(256) * 40, bytes.below(14), bytes.below(33)),
        3 => format!("{}.{}", bytes.number(), bytes.below(100)),
        4 => serde_json::json!({
            "by": record.id.to_string(), "at": bytes.number(), "on": "2026-02-30", "likelihood": bytes.below(8),
            "consequence": bytes.number(), "value": bytes.number().to_string(), "text": "x", "supersedes": [record.id.to_string()],
            "period": "2026-W53", "from": record.to_string(), "to": "done", "phase": "residual",
        })
        .to_string(),
        5 => "[".repeat(bytes.below(256)),
        6 => bytes.pick(&["open", "done", "draft", "active", "at-risk", "2026-Q4", "2026-W54", "0", "-0.0", "1e999"]).to_string(),
        7 => "80:zzzzzz".to_owned(),
        _ => "👩‍👩‍👧‍👦é".repeat(bytes.below(20)),
    }
}

fn scalar(bytes: &mut Bytes<'_>) -> ScalarValue {
    match bytes.below(9) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(bytes.below(2) == 0),
        2 => ScalarValue::Int(bytes.number()),
        3 => ScalarValue::Uint(bytes.number() as u64),
        4 => ScalarValue::F64(f64::from_bits(bytes.number() as u64)),
        5 => ScalarValue::Timestamp(bytes.number()),
        6 => ScalarValue::counter(bytes.number()),
        7 => ScalarValue::Bytes(vec![7; bytes.below(40)]),
        _ => ScalarValue::Str(text(bytes).into()),
    }
}

/// An object some steps down, and its kind.
fn place(tx: &Transaction<'_>, bytes: &mut Bytes<'_>) -> (ObjId, ObjType) {
    let (mut object, mut kind) = (ROOT, ObjType::Map);
    for _ in 0..bytes.below(5) {
        let found = match kind {
            ObjType::Map | ObjType::Table => {
                let keys: Vec<String> = tx.keys(&object).collect();
                if keys.is_empty() {
                    break;
                }
                tx.get(&object, bytes.pick(&keys).as_str())
            }
            ObjType::List => tx.get(&object, bytes.below(tx.length(&object))),
            ObjType::Text => break,
        };
        let Ok(Some((automerge::Value::Object(inner), id))) = found else { break };
        (object, kind) = (id, inner);
    }
    (object, kind)
}

fn write(tx: &mut Transaction<'_>, bytes: &mut Bytes<'_>) {
    const KINDS: [ObjType; 3] = [ObjType::Map, ObjType::Text, ObjType::List];
    let (object, kind) = place(tx, bytes);
    // What makes no sense there is refused, and nothing happens.
    match kind {
        ObjType::Map | ObjType::Table => {
            let key = key(bytes);
            let _ = match bytes.below(8) {
                0..=2 => tx.put(&object, key, scalar(bytes)),
                3..=5 => tx.put_object(&object, key, *bytes.pick(&KINDS)).map(drop),
                6 => tx.delete(&object, key),
                _ => tx.increment(&object, key, bytes.number()),
            };
        }
        ObjType::List => {
            let at = bytes.below(tx.length(&object) + 1);
            let _ = match bytes.below(4) {
                0 => tx.insert(&object, at, scalar(bytes)),
                1 => tx.insert_object(&object, at, *bytes.pick(&KINDS)).map(drop),
                2 => tx.delete(&object, at),
                _ => tx.put(&object, at, scalar(bytes)),
            };
        }
        ObjType::Text => {
            let len = tx.length(&object);
            let at = bytes.below(len + 1);
            let _ = match bytes.below(4) {
                0 | 1 => tx.splice_text(&object, at, bytes.below(3) as isize, &text(bytes)),
                2 => tx.split_block(&object, at).map(drop),
                _ => tx.mark(&object, Mark::new(key(bytes), true, at, len), ExpandMark::After),
            };
        }
    }
}

fn run(input: &[u8]) {
    let mut bytes = Bytes(input.iter());
    let mut document = new_document(&ActorId::new([1; 16])).unwrap();
    let mut other = new_document(&ActorId::new([2; 16])).unwrap();
    let mut view = View::read(&document);
    let mut seen = heads(&document);
    while bytes.0.len() > 0 {
        let on = if bytes.below(4) == 0 { &mut other } else { &mut document };
        let mut tx = on.transaction();
        for _ in 0..1 + bytes.below(6) {
            write(&mut tx, &mut bytes);
        }
        let options = automerge::transaction::CommitOptions::default();
        tx.commit_with(options.with_message(text(&mut bytes)).with_time(bytes.number() >> 11));
        if bytes.below(5) == 0 {
            document.merge(&mut other).unwrap();
        }
        if bytes.below(4) > 0 {
            let delta = delta_since(&document, &seen, Origin::Remote);
            view.update(&document, &delta);
            assert!(view == View::read(&document), "an updated view is not a fresh one");
            seen = heads(&document);
        }
    }
    document.merge(&mut other).unwrap();
    look(&document);
    act(&mut document);
    oracle::reload(&document);
}

/// Everything that a screen may show.
fn look(document: &Automerge) {
    let view = View::read(document);
    let today = Date::of(Timestamp::from_millis(1_770_000_000_000));
    let settings = lens::Settings::of(&view);
    let references = lens::References::of(&view);
    for kind in Kind::ALL {
        for record in view.all(*kind) {
            let reference = RecordRef::new(*kind, record.id);
            let _ = (record.title(), record.status(), references.name(reference));
            let _ = history::edited_though_deleted(document, reference);
            let _ = (lens::Step::all(record), lens::Goal::of(record).place().0);
            let _ = lens::Action::of(record).days_late(today);
            let _ = lens::Action::of(record).is_verified_by_owner_alone(&settings);
            let _ = lens::Decision::of(record);
            let _ = lens::Kpi::of(record).due_period(today);
            let _ = lens::Member::of(record).is_active(today);
            let objective = lens::Objective::of(record);
            let _ = (objective.days_late(today), objective.is_over(), objective.is_unaligned(&view));
            let _ = health::objective_health(&view, record, today);
            let entry = lens::RegisterEntry::of(record, &settings);
            let _ =
                (entry.above_appetite(), entry.review_overdue(today), entry.reduction(), entry.still_to_do());
            let _ = lens::Review::of(record);
            let _ = (lens::Review::inputs(&view, record.id), lens::Review::agenda(&view, record.id));
            let series = lens::Series::of(&view, record.id);
            let values: Vec<f64> = series.values().map(|(_, value)| value.as_f64()).collect();
            let _ = (health::trend(&values, None), health::xmr(&values));
        }
    }
    let _ = lens::Series::all(&view);
    let told = history::all(document);
    let _ = history::heads_at(document, Timestamp::from_millis(0));
    for change in document.get_changes_meta(&[]).iter().take(4) {
        let heads = ids::Heads::from(vec![ids::ChangeHash(change.hash.0)]);
        history::view_at(document, &heads).expect("a version that was");
        history::since(document, &heads).expect("what came since");
    }
    let _ = format!("{told:?}");
}

/// Edits of what is there, odd as it may be: made or refused.
fn act(document: &mut Automerge) {
    let author = Author { member: MemberId(RecordId::from_bits(1)), device_label: "fuzz".to_owned() };
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let now = Timestamp::from_millis(1_770_000_000_000);
    let view = View::read(document);
    for kind in Kind::ALL {
        let Some(first) = view.all(*kind).next() else { continue };
        let record = RecordRef::new(*kind, first.id);
        for field in Field::ALL {
            let edits = [
                Edit::Set { record, field: *field, value: Some("x".to_owned().into()) },
                Edit::Set { record, field: *field, value: None },
                Edit::Splice {
                    record,
                    field: *field,
                    at: ids::Utf16Offset(1),
                    delete: 1,
                    insert: "é".to_owned(),
                },
                Edit::Include { record, field: *field, member: "m".to_owned() },
                Edit::Append {
                    record,
                    field: *field,
                    entry: RecordId::from_bits(9),
                    value: serde_json::json!({}),
                },
                Edit::SetKey {
                    record,
                    field: *field,
                    key: "k".to_owned(),
                    value: Some(serde_json::json!("v")),
                },
            ];
            for edit in edits {
                let _ = apply(document, &author, now, &mut rng, &Act::one("fuzz.edit", edit));
            }
        }
        let moves = Edit::Move { record, to: "done".to_owned(), note: String::new() };
        let deletes = Edit::Delete { record, reason: String::new() };
        for edit in [moves, deletes, Edit::Restore { record }] {
            let _ = apply(document, &author, now, &mut rng, &Act::one("fuzz.edit", edit));
        }
    }
    View::read(document);
}
