//! Seeded random editing: documents as honest peers make them, with everything Automerge can write.

use crate::{Chance, panics::guarded};
use automerge::{
    Author, Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    hydrate::Value,
    marks::{ExpandMark, Mark},
    transaction::{CommitOptions, Transactable, Transaction},
};

/// The seeds of one test: few by default, `GUARD_EFFORT` times as many when somebody has time.
pub fn seeds(from: u64, count: u64) -> std::ops::Range<u64> {
    from..from + count * effort()
}

/// What `GUARD_EFFORT` says.
pub fn effort() -> u64 {
    std::env::var("GUARD_EFFORT").ok().and_then(|effort| effort.parse().ok()).unwrap_or(1)
}

const WORDS: &[&str] = &[
    "risk",
    "objective",
    "a",
    "",
    " ",
    "naïve",
    "übergrößenträger",
    "進捗",
    "🧭",
    "👩‍👩‍👧‍👦",
    "\u{0}\u{1}",
    "e\u{301}",
    "𝔘𝔫𝔦",
    "the quick brown fox jumps over the lazy dog",
];

const KEYS: &[&str] =
    &["title", "status", "count", "notes", "進", "🧭 key", "a", "b", "c", "d", "01J8ZK5W3N", ""];

fn text(chance: &mut Chance) -> String {
    let words = match chance.below(100) {
        0 => 200,
        1..4 => 40,
        _ => 1 + chance.below(3),
    };
    (0..words).map(|_| *chance.pick(WORDS)).collect()
}

fn scalar(chance: &mut Chance) -> ScalarValue {
    match chance.below(12) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Boolean(chance.one_in(2)),
        2 => ScalarValue::Int(*chance.pick(&[0, 1, -1, 63, 64, -64, -65, i64::MAX, i64::MIN, 8191, -8192])),
        3 => ScalarValue::Uint(*chance.pick(&[0, 127, 128, 16383, 16384, u64::MAX])),
        4 => ScalarValue::Int(chance.number() as i64),
        5 => ScalarValue::F64(*chance.pick(&[0.0, -0.0, 1.5, f64::MAX, f64::INFINITY, f64::NAN])),
        6 => ScalarValue::Timestamp(*chance.pick(&[0, 1_700_000_000_000, -1, i64::MAX])),
        7 => ScalarValue::counter(*chance.pick(&[0, 1, -5, 1 << 40])),
        8 => {
            let len = *chance.pick(&[0, 1, 16, 255, 256, 257, 3000]);
            ScalarValue::Bytes(chance.bytes(len))
        }
        _ => ScalarValue::Str(text(chance).into()),
    }
}

/// Some object of the document, found by walking down from the root.
fn object(tx: &Transaction<'_>, chance: &mut Chance) -> (ObjId, ObjType) {
    let (mut id, mut kind) = (ROOT, ObjType::Map);
    for _ in 0..chance.below(5) {
        let children: Vec<(ObjId, ObjType)> = match kind {
            ObjType::Map | ObjType::Table => tx
                .map_range(&id, ..)
                .filter_map(|entry| Some((entry.id(), entry.value.clone().into_value().to_objtype()?)))
                .collect(),
            ObjType::List => tx
                .list_range(&id, ..)
                .filter_map(|entry| Some((entry.id(), entry.value.clone().into_value().to_objtype()?)))
                .collect(),
            ObjType::Text => Vec::new(),
        };
        if children.is_empty() {
            break;
        }
        (id, kind) = chance.pick(&children).clone();
    }
    (id, kind)
}

fn kind(chance: &mut Chance) -> ObjType {
    *chance.pick(&[ObjType::Map, ObjType::List, ObjType::Text, ObjType::Text])
}

/// One edit somewhere. Edits that make no sense where they land are refused by Automerge and change nothing.
fn edit(tx: &mut Transaction<'_>, chance: &mut Chance) {
    let (id, obj_type) = object(tx, chance);
    let len = tx.length(&id);
    match obj_type {
        ObjType::Map | ObjType::Table => {
            let key = (*chance.pick(KEYS)).to_owned();
            let refused = match chance.below(10) {
                0..=3 => tx.put(&id, key, scalar(chance)).err(),
                4 => tx.put_object(&id, key, kind(chance)).err(),
                5 => tx.delete(&id, key).err(),
                6 => tx.increment(&id, key, chance.below(100) as i64 - 50).err(),
                7 => tx.put(&id, key, ScalarValue::counter(7)).err(),
                8 => {
                    let numbers: Vec<Value> = [1_u64, 2, 2].map(Value::from).to_vec();
                    let value = Value::from(vec![Value::from(numbers), "text".into(), "text".into()]);
                    tx.batch_create_object(&id, key, &value, false).err()
                }
                _ => {
                    let list = tx.put_object(&id, key, ObjType::List);
                    list.and_then(|list| tx.splice(&list, 0, 0, (0..chance.below(40)).map(|i| i as u64)))
                        .err()
                }
            };
            assert!(refused.is_none_or(|error| !error.to_string().is_empty()));
        }
        ObjType::List => {
            let at = chance.below(len + 1);
            let _ = match chance.below(8) {
                0..=2 => tx.insert(&id, at, scalar(chance)),
                3 => tx.insert_object(&id, at, kind(chance)).map(|_| ()),
                4 => tx.delete(&id, at),
                5 => tx.put(&id, at, scalar(chance)),
                6 => tx.increment(&id, at, 3),
                _ => tx.splice(&id, at, chance.below(3) as isize, ["a", "b", "a"]),
            };
        }
        ObjType::Text => {
            let at = chance.below(len + 1);
            let to = at + chance.below(len + 1 - at);
            let expand =
                *chance.pick(&[ExpandMark::Before, ExpandMark::After, ExpandMark::Both, ExpandMark::None]);
            let _ = match chance.below(12) {
                0..=4 => tx.splice_text(&id, at, chance.below(4) as isize, &text(chance)),
                5 => tx.splice_text(&id, at, (to - at) as isize, ""),
                6 | 7 => {
                    // Automerge's own debug assertions compare marks, and no mark equals one that is NaN.
                    let value = match scalar(chance) {
                        ScalarValue::F64(value) if value.is_nan() => ScalarValue::Null,
                        value => value,
                    };
                    tx.mark(&id, Mark::new((*chance.pick(KEYS)).to_owned(), value, at, to), expand)
                }
                8 => tx.unmark(&id, chance.pick::<&str>(KEYS), at, to, expand),
                9 => tx.split_block(&id, at).map(|_| ()),
                10 => tx.join_block(&id, at),
                _ => tx.update_text(&id, text(chance)),
            };
        }
    }
}

fn options(chance: &mut Chance) -> CommitOptions {
    let mut options = CommitOptions::default();
    if chance.one_in(2) {
        options.set_time(1_700_000_000 + chance.below(1_000_000) as i64);
    } else if chance.one_in(8) {
        options.set_time(-(chance.below(1_000_000) as i64));
    }
    if chance.one_in(2) {
        options.set_message(text(chance));
    }
    options
}

/// One change of one replica. With a `past` some are made on top of an older version, as `changeAt` does; without,
/// some are empty. Automerge confuses itself when an actor does both.
fn change(doc: &mut Automerge, chance: &mut Chance, past: Option<&[Vec<automerge::ChangeHash>]>) {
    let edits = match chance.below(30) {
        0 => 120,
        1..=4 => 12,
        _ => 1 + chance.below(3),
    };
    if past.is_none() && chance.one_in(25) {
        doc.empty_commit(options(chance));
        return;
    }
    let heads = past.and_then(|past| past.last()).filter(|_| chance.one_in(20));
    let mut tx = match heads {
        Some(heads) if heads.iter().all(|hash| doc.get_change_by_hash(hash).is_some()) => {
            doc.transaction_at(automerge::PatchLog::inactive(), heads).unwrap()
        }
        _ => doc.transaction(),
    };
    for _ in 0..edits {
        edit(&mut tx, chance);
    }
    tx.commit_with(options(chance));
}

fn actor(chance: &mut Chance) -> automerge::ActorId {
    let len = *chance.pick(&[16, 16, 16, 16, 16, 7, 8, 17, 32]);
    automerge::ActorId::from(chance.bytes(len))
}

/// Replicas of one document that were edited apart from each other, merged sometimes, and are not equal at the
/// end. Actors come and go as tabs do.
pub fn replicas(seed: u64, changes: usize) -> Vec<Automerge> {
    let mut chance = Chance::new(seed);
    let mut docs = vec![Automerge::new().with_actor(actor(&mut chance))];
    change(&mut docs[0], &mut chance, Some(&[]));
    for _ in 0..1 + chance.below(4) {
        let doc = docs[0].clone();
        docs.push(if chance.one_in(3) {
            // Actors of authors are random, so that the seed does not tell them.
            let author = Author::from(chance.bytes(20));
            doc.with_actor(actor(&mut chance)).with_author(Some(author))
        } else {
            doc.with_actor(actor(&mut chance))
        });
    }
    if chance.one_in(3) {
        // Begun apart, as two devices that both created the document.
        docs.push(Automerge::new().with_actor(actor(&mut chance)));
    }
    let mut past = Vec::new();
    let reaches_back = chance.one_in(2);
    for _ in 0..changes {
        let at = chance.below(docs.len());
        match chance.below(10) {
            0 => {
                let mut other = docs[chance.below(docs.len())].clone();
                docs[at].merge(&mut other).unwrap();
            }
            1 if chance.one_in(3) => {
                docs[at].set_actor(actor(&mut chance));
            }
            2 if chance.one_in(3) => past.push(docs[at].get_heads()),
            _ => {
                let past = reaches_back.then_some(past.as_slice());
                if guarded(|| change(&mut docs[at], &mut chance, past)).is_err() {
                    // Automerge's own assertions do not hold for every edit.
                    let other = docs[(at + 1) % docs.len()].clone();
                    docs[at] = other.with_actor(actor(&mut chance));
                }
            }
        }
    }
    docs
}

/// All replicas in one.
pub fn merged(docs: &[Automerge]) -> Automerge {
    let mut all = docs[0].clone();
    for doc in &docs[1..] {
        all.merge(&mut doc.clone()).unwrap();
    }
    all
}
