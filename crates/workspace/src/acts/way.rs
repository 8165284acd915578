//! Leading a record to a state, over the states between.

use crate::{Edit, Field, Record, RecordRef, Scalar};

/// The moves that lead a record to `to`, the note on the last one; none when it is there. Where no way leads there, one
/// move that the document will refuse with its reason.
pub(super) fn lead(record: &Record, to: &str, note: &str) -> Vec<Edit> {
    let reference = record.reference();
    let direct = || vec![step(reference, to, note)];
    let Some(life) = record.lifecycle() else { return direct() };
    let open: Vec<&str> = record
        .register(Field::Status)
        .map_or(&[][..], |register| register.values())
        .iter()
        .filter_map(Scalar::as_text)
        .collect();
    match open.as_slice() {
        [state] if *state == to => return Vec::new(),
        // Choosing one of several open states is a move.
        [_, _, ..] if open.contains(&to) => return direct(),
        _ => {}
    }
    let starts = if open.is_empty() { vec![life.initial] } else { open };
    let mut ways: Vec<Vec<&str>> = starts.into_iter().map(|state| vec![state]).collect();
    // A life cycle has a handful of states; the way is found within as many rounds.
    for _ in life.states {
        let mut longer = Vec::new();
        for way in &ways {
            let Some(last) = way.last() else { continue };
            if life.allows(last, to) {
                let between = way.iter().skip(1).map(|state| step(reference, state, ""));
                return between.chain(direct()).collect();
            }
            for next in life.next(last).filter(|next| !way.contains(next)) {
                longer.push(way.iter().copied().chain([next]).collect());
            }
        }
        ways = longer;
    }
    direct()
}

pub(super) fn step(record: RecordRef, to: &str, note: &str) -> Edit {
    Edit::Move { record, to: to.to_owned(), note: note.to_owned() }
}
