//! Several byte strings in one input: each after its length.

use forge::{Chance, prefixed};

/// Items that are read of one input.
const ITEMS_MAX: usize = 64;

/// The items of an input; what cannot be read is one last item.
pub(crate) fn items(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut items = Vec::new();
    while !bytes.is_empty() && items.len() < ITEMS_MAX {
        let (len, rest) = length(bytes);
        let (item, rest) = rest.split_at(len.min(rest.len()));
        items.push(item.to_vec());
        bytes = rest;
    }
    items
}

/// An input of these items.
pub(crate) fn script(items: &[Vec<u8>]) -> Vec<u8> {
    items.iter().flat_map(|item| prefixed(item)).collect()
}

/// A script in which one item is another, missing, twice or elsewhere; `mutate` makes another.
pub(crate) fn mutated(
    bytes: &[u8],
    chance: &mut Chance,
    mutate: impl FnOnce(&[u8], &mut Chance) -> Vec<u8>,
) -> Vec<u8> {
    let mut items = items(bytes);
    let at = chance.below(items.len());
    match chance.below(12) {
        _ if items.is_empty() => {}
        0 => drop(items.remove(at)),
        1 => items.push(items[at].clone()),
        2 => {
            let to = chance.below(items.len());
            items.swap(at, to);
        }
        _ => items[at] = mutate(&items[at], chance),
    }
    script(&items)
}

fn length(mut bytes: &[u8]) -> (usize, &[u8]) {
    let mut len = 0_usize;
    for shift in [0, 7, 14, 21] {
        let Some((byte, rest)) = bytes.split_first() else { break };
        len |= usize::from(byte & 0x7f) << shift;
        bytes = rest;
        if *byte < 0x80 {
            break;
        }
    }
    (len, bytes)
}
