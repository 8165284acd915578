//! Concatenations of chunks, as they are stored and sent.

use super::{bytes::disturb, change::disturbed_change, document::disturbed_document};
use crate::{
    CHANGE, Chance, Change, DEFLATED_CHANGE, DOCUMENT, Document,
    chunk::{inflate, split, split_all},
};

/// A concatenation in which one chunk is another, missing, twice or elsewhere.
pub fn mutated_chunks(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut chunks = split_all(bytes);
    mutate_list(&mut chunks, chance);
    chunks.concat()
}

/// One of several chunks is another, missing, twice or elsewhere.
pub(super) fn mutate_list(chunks: &mut Vec<Vec<u8>>, chance: &mut Chance) {
    let at = chance.below(chunks.len());
    match chance.below(10) {
        _ if chunks.is_empty() => {}
        0 => drop(chunks.remove(at)),
        1 => chunks.push(chunks[at].clone()),
        2 => chunks.swap(at, 0),
        _ => chunks[at] = mutated_chunk(&chunks[at].clone(), chunks, chance),
    }
}

/// One chunk, mutated within its parts and sealed again; bytes that are none are disturbed. `others` are chunks to
/// take parts from.
pub fn mutated_chunk(bytes: &[u8], others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let as_change = |chunk: &[u8]| match split(chunk)? {
        (CHANGE, body, _) => Change::read(body),
        (DEFLATED_CHANGE, body, _) => Change::read(&inflate(body)?),
        _ => None,
    };
    let document = || match split(bytes)? {
        (DOCUMENT, body, _) => Document::read(body),
        _ => None,
    };
    if let Some(change) = as_change(bytes) {
        let others: Vec<Change> = others.iter().filter_map(|other| as_change(other)).collect();
        return disturbed_change(&change, &others, chance);
    }
    if let Some(document) = document() {
        return disturbed_document(&document, chance);
    }
    let mut disturbed = bytes.to_vec();
    disturb(&mut disturbed, chance);
    disturbed
}
