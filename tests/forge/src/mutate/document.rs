//! Documents that nobody saved.

use super::bytes::{disturb, hashes};
use crate::{
    Chance, DOCUMENT, Document, chunk,
    chunk::{deflate, inflate},
    is_deflated,
};

/// The chunk of a document whose columns were disturbed; those that are deflated are deflated again.
pub fn disturbed_document(document: &Document, chance: &mut Chance) -> Vec<u8> {
    let mut document = document.clone();
    for _ in 0..1 + chance.below(2) {
        match chance.below(12) {
            0 => disturb(&mut document.suffix, chance),
            1 => {
                let mut body = document.body();
                disturb(&mut body, chance);
                return chunk(DOCUMENT, &body);
            }
            2 => hashes(&mut document.heads, chance),
            3 if chance.one_in(4) => {
                document.actors.push(vec![0xff; 20 + chance.below(2)]);
            }
            3..=5 if !document.changes.is_empty() => {
                let at = chance.below(document.changes.len());
                disturb_column(&mut document.changes[at], chance);
            }
            _ if !document.operations.is_empty() => {
                let at = chance.below(document.operations.len());
                disturb_column(&mut document.operations[at], chance);
            }
            _ => {}
        }
    }
    document.chunk()
}

fn disturb_column((spec, column): &mut (u32, Vec<u8>), chance: &mut Chance) {
    let plain = if is_deflated(*spec) && !chance.one_in(8) { inflate(column) } else { None };
    match plain {
        Some(mut plain) => {
            disturb(&mut plain, chance);
            *column = deflate(&plain);
        }
        None => disturb(column, chance),
    }
}
