//! Mutations of bytes and numbers, whatever they mean.

use crate::Chance;

/// Changes one to three bytes, or cuts, doubles and moves some.
pub fn disturb(bytes: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..1 + chance.below(3) {
        let at = chance.below(bytes.len());
        match chance.below(8) {
            0..=2 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            3 if !bytes.is_empty() => bytes[at] = *chance.pick(&[0, 1, 2, 0x7d, 0x7e, 0x7f, 0x80, 0xff]),
            4 if !bytes.is_empty() => bytes[at] = bytes[at].wrapping_add(*chance.pick(&[1, 0xff])),
            5 if !bytes.is_empty() => {
                bytes.remove(at);
            }
            6 => bytes.insert(at, *chance.pick(&[0, 1, 2, 3, 0x7e, 0x7f, 0x80])),
            _ => {
                let end = (at + chance.below(6)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = chance.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
        }
    }
}

/// A number where another was: at the end of some range, or a little more or less.
pub fn number(from: u64, chance: &mut Chance) -> u64 {
    match chance.below(8) {
        0 => 0,
        1 => u64::from(u32::MAX) - chance.below(3) as u64,
        2 => i32::MAX as u64 + chance.below(3) as u64,
        3 => u64::MAX,
        4 => chance.below(200) as u64,
        _ => from.wrapping_add(chance.below(7) as u64).wrapping_sub(3),
    }
}

/// One bit of a hash, or one hash more, less, or twice.
pub(super) fn hashes(hashes: &mut Vec<[u8; 32]>, chance: &mut Chance) {
    let at = chance.below(hashes.len());
    match chance.below(5) {
        0 if !hashes.is_empty() => drop(hashes.remove(at)),
        1 if !hashes.is_empty() => hashes.push(hashes[at]),
        2 => hashes.push([chance.below(256) as u8; 32]),
        3 => hashes.reverse(),
        _ if !hashes.is_empty() => hashes[at][chance.below(32)] ^= 1 << chance.below(8),
        _ => hashes.push([0; 32]),
    }
    if !chance.one_in(4) {
        hashes.sort_unstable();
    }
}
