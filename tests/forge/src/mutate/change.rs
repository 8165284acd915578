//! Changes that are not what their author wrote.

use super::bytes::{disturb, hashes, number};
use crate::{CHANGE, Chance, Change, body, chunk, deflated_chunk, panics::guarded};
use automerge::{
    ExpandedChange, ScalarValue,
    legacy::{ElementId, Key, ObjectId, OpId, OpType},
};

/// The chunk of a change whose bytes were disturbed within its parts; `others` are changes to take parts from.
pub fn disturbed_change(change: &Change, others: &[Change], chance: &mut Chance) -> Vec<u8> {
    let mut change = change.clone();
    let columns = change.columns.len();
    match chance.below(13) {
        0 => {
            let mut body = change.body();
            disturb(&mut body, chance);
            return chunk(CHANGE, &body);
        }
        1 => change.start_op = number(change.start_op, chance),
        2 => change.sequence = number(change.sequence, chance),
        3 => change.time = number(change.time as u64, chance) as i64,
        4 => disturb(&mut change.actor, chance),
        5 => disturb(&mut change.message, chance),
        6 if columns > 0 && !others.is_empty() => {
            let other = chance.pick(others);
            if !other.columns.is_empty() {
                let (spec, column) = chance.pick(&other.columns).clone();
                *change.column(spec) = column;
            }
        }
        7 if columns > 0 => {
            change.columns.remove(chance.below(columns));
        }
        8 if chance.one_in(2) => change.extra = vec![1, 2, 7, 7],
        8 if !others.is_empty() => {
            change.others.push(chance.pick(others).actor.clone());
            change.others.sort();
        }
        9 => hashes(&mut change.dependencies, chance),
        _ if columns > 0 => disturb(&mut change.columns[chance.below(columns)].1, chance),
        _ => disturb(&mut change.extra, chance),
    }
    if chance.one_in(20) { deflated_chunk(&change.body()) } else { change.chunk() }
}

fn some_id(others: &[automerge::Change], chance: &mut Chance) -> OpId {
    let of = chance.pick(others);
    OpId::new(of.start_op().get() + chance.below(of.len() + 1) as u64, of.actor_id())
}

/// The chunk of a change encoded by Automerge itself whose operations say something else; `None` where Automerge
/// refuses to encode it. `others` are changes whose operations it may refer to.
pub fn perverted_change(
    change: &automerge::Change,
    others: &[automerge::Change],
    chance: &mut Chance,
) -> Option<Vec<u8>> {
    let mut change: ExpandedChange = change.decode();
    change.hash = None;
    if change.operations.is_empty() {
        return None;
    }
    for _ in 0..1 + chance.below(2) {
        let at = chance.below(change.operations.len());
        let other = change.operations[chance.below(change.operations.len())].clone();
        let id = some_id(others, chance);
        let own =
            OpId::new(change.start_op.get() + chance.below(change.operations.len()) as u64, &change.actor_id);
        let id = if chance.one_in(3) { own } else { id };
        let op = &mut change.operations[at];
        match chance.below(14) {
            0 => op.obj = other.obj,
            1 => op.obj = ObjectId::Id(id),
            2 => op.obj = ObjectId::Root,
            3 => op.key = other.key,
            4 => op.key = Key::Seq(ElementId::Id(id)),
            5 => op.key = Key::Seq(ElementId::Head),
            6 => op.key = Key::Map((*chance.pick(&["title", "other", "z"])).into()),
            7 => op.pred = other.pred,
            8 => op.pred = op.pred.iter().cloned().chain([id]).collect(),
            9 => op.pred = op.pred.iter().skip(1).cloned().collect(),
            10 => op.insert = !op.insert,
            11 => op.action = other.action,
            12 => op.action = OpType::Delete,
            _ => {
                op.action = chance
                    .pick(&[
                        OpType::Increment(i64::MAX),
                        OpType::Put(ScalarValue::counter(i64::MAX)),
                        OpType::Make(automerge::ObjType::Text),
                        OpType::Make(automerge::ObjType::Map),
                        OpType::Put(ScalarValue::Unknown { type_code: 12, bytes: vec![1, 2, 3] }),
                        OpType::MarkEnd(true),
                    ])
                    .clone();
            }
        }
        if chance.one_in(6) {
            let op = op.clone();
            change.operations.insert(chance.below(change.operations.len()), op);
        }
    }
    if chance.one_in(8) {
        // As if its author had not seen some of what it builds on.
        change.deps.truncate(chance.below(change.deps.len()));
    }
    // Automerge refuses to encode some of them, by panicking.
    let encoded = guarded(|| automerge::Change::from(change)).ok()?;
    Some(encoded.raw_bytes().to_vec())
}

/// An honest change in parts.
impl From<&automerge::Change> for Change {
    fn from(change: &automerge::Change) -> Self {
        Self::parse(body(change.raw_bytes()))
    }
}
