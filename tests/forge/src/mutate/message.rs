//! Sync messages.

use super::{
    bytes::{disturb, hashes},
    chunks::mutate_list,
};
use crate::{Chance, Message};

/// A sync message in which one part is another; bytes that are none are disturbed.
pub fn mutated_message(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let message = if chance.one_in(16) { None } else { Message::read(bytes) };
    let Some(mut message) = message else {
        let mut disturbed = bytes.to_vec();
        disturb(&mut disturbed, chance);
        return disturbed;
    };
    match chance.below(12) {
        0 => hashes(&mut message.heads, chance),
        1 => hashes(&mut message.need, chance),
        2 if !message.have.is_empty() => {
            let at = chance.below(message.have.len());
            hashes(&mut message.have[at].0, chance);
        }
        2..=4 if !message.have.is_empty() => {
            let at = chance.below(message.have.len());
            disturb(&mut message.have[at].1, chance);
        }
        3 => message.have.push((Vec::new(), Vec::new())),
        4 => disturb(&mut message.trailer, chance),
        5 => message.version ^= 1,
        _ => mutate_list(&mut message.chunks, chance),
    }
    message.bytes()
}
