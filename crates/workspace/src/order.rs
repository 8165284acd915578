//! Positions: sortable texts, so that moving one record writes one register and nobody's list is rewritten (F11).
//!
//! A position is a fractional index (hexadecimal) and a random suffix: `80:k3f9`. Two people who insert at the same
//! place apart get the same index and different suffixes: one order, the same on every device.

use fractional_index::FractionalIndex;
use rand_core::RngCore;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const SUFFIX_LEN: usize = 6;
const LEN_MAX: usize = 400;

/// A position after `before` and before `after`; `None` is the start or the end of the list.
///
/// Positions that this version cannot read count as absent, so the result is always a position, and lies between the
/// two whenever both are sound and ascending.
pub fn between(before: Option<&str>, after: Option<&str>, rng: &mut dyn RngCore) -> String {
    let (before, after) = (before.and_then(Position::parse), after.and_then(Position::parse));
    if let (Some(low), Some(high)) = (&before, &after)
        && low.index == high.index
    {
        // Both were inserted at the same place apart: go between the suffixes.
        let suffix = midpoint(low.suffix.as_bytes(), Some(high.suffix.as_bytes()));
        return format!("{}:{}", low.index.to_string(), String::from_utf8_lossy(&suffix));
    }
    let index = index_between(before.as_ref().map(|p| &p.index), after.as_ref().map(|p| &p.index));
    format!("{}:{}", index.to_string(), random_suffix(rng))
}

/// Whether a text is a position.
pub fn is_position(text: &str) -> bool {
    Position::parse(text).is_some()
}

struct Position {
    index: FractionalIndex,
    suffix: String,
}

impl Position {
    fn parse(text: &str) -> Option<Self> {
        let (index, suffix) = text.split_once(':')?;
        let sound = text.len() <= LEN_MAX
            && !suffix.is_empty()
            && !suffix.ends_with('0')
            && suffix.bytes().all(|byte| DIGITS.contains(&byte))
            && index.len().is_multiple_of(2)
            // `from_string` 2.0.2 cuts the text in pairs of bytes, also within a character, and panics there.
            && index.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        sound.then_some(())?;
        Some(Self { index: FractionalIndex::from_string(index).ok()?, suffix: suffix.into() })
    }
}

fn index_between(before: Option<&FractionalIndex>, after: Option<&FractionalIndex>) -> FractionalIndex {
    let (Some(low), Some(high)) = (before, after) else {
        return FractionalIndex::new(before, after).unwrap_or_default();
    };
    // `new_between` 2.0.2 subtracts one from the first bytes even when they are an equal 0, so the common beginning
    // stays outside.
    let common = low.as_bytes().iter().zip(high.as_bytes()).take_while(|(a, b)| a == b).count();
    let (prefix, low_rest) = low.as_bytes().split_at_checked(common).unwrap_or_default();
    let high_rest = high.as_bytes().get(common..).unwrap_or_default();
    let rest = |bytes: &[u8]| FractionalIndex::from_bytes(bytes.to_vec()).ok();
    let middle = match (rest(low_rest), rest(high_rest)) {
        (Some(low), Some(high)) if low < high => FractionalIndex::new_between(&low, &high),
        _ => None,
    };
    let joined = middle.and_then(|middle| rest(&[prefix, middle.as_bytes()].concat()));
    joined.unwrap_or_else(|| FractionalIndex::new_after(low))
}

/// A text of digits strictly between two others, without a trailing `0` (Greenspan, "Implementing Fractional
/// Indexing"). `low < high` in the order of the digits.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| DIGITS.iter().position(|d| d == byte));
    let letter = |place: usize| DIGITS.get(place).copied().unwrap_or(b'i');
    let first_low = digit(low.first()).unwrap_or(0);
    let first_high = high.map_or(DIGITS.len(), |high| digit(high.first()).unwrap_or(0));
    let rest_low = low.get(1..).unwrap_or_default();
    if first_high > first_low + 1 {
        return vec![letter(first_low.midpoint(first_high))];
    }
    let mut middle = vec![letter(first_low)];
    let rest_high = high.and_then(|high| high.get(1..)).filter(|rest| !rest.is_empty());
    match (first_low == first_high, rest_high) {
        // Equal digits: the difference comes later.
        (true, Some(rest)) => middle.extend(midpoint(rest_low, Some(rest))),
        // Not ascending; the caller broke the rule, and any text after `low` will do.
        (true, None) => middle.extend(midpoint(rest_low, None)),
        // Neighbours: stay under the lower one and go up.
        (false, _) => middle.extend(midpoint(rest_low, None)),
    }
    middle
}

fn random_suffix(rng: &mut dyn RngCore) -> String {
    let mut suffix = String::with_capacity(SUFFIX_LEN);
    for place in 0..SUFFIX_LEN {
        // No trailing zero, so that there is always something before.
        let lowest = usize::from(place + 1 == SUFFIX_LEN);
        let choices = DIGITS.len() - lowest;
        let digit = usize::try_from(rng.next_u32()).unwrap_or(0) % choices + lowest;
        suffix.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'i')));
    }
    suffix
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    proptest! {
        #[test]
        fn any_row_of_insertions_keeps_its_order(seed: u64, places in prop::collection::vec(0_usize..1000, 1..150)) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut row: Vec<String> = Vec::new();
            for place in places {
                let at = place % (row.len() + 1);
                let before = at.checked_sub(1).map(|before| row[before].clone());
                let fresh = between(before.as_deref(), row.get(at).map(String::as_str), &mut rng);
                prop_assert!(is_position(&fresh), "{fresh}");
                row.insert(at, fresh);
                prop_assert!(row.windows(2).all(|pair| pair[0] < pair[1]), "{row:?}");
            }
        }

        #[test]
        fn two_insertions_at_one_place_apart_leave_room(seed: u64, depth in 1_usize..30) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (mut low, mut high) = (between(None, None, &mut rng), between(None, None, &mut rng));
            if high < low {
                std::mem::swap(&mut low, &mut high);
            }
            for _ in 0..depth {
                if low == high { break }
                let fresh = between(Some(&low), Some(&high), &mut rng);
                prop_assert!(low < fresh && fresh < high && is_position(&fresh), "{low} {fresh} {high}");
                if seed % 2 == 0 { low = fresh } else { high = fresh }
            }
        }

        #[test]
        fn foreign_positions_never_panic(before in "[0-9a-fA-Fé🧭]{0,8}:?[0-9a-z]{0,3}", after in "(00){0,4}80:[0-9a-z]{0,3}") {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            prop_assert!(is_position(&between(Some(&before), Some(&after), &mut rng)));
        }
    }

    #[test]
    fn appending_a_thousand_times_stays_short() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut last = between(None, None, &mut rng);
        for _ in 0..1000 {
            let next = between(Some(&last), None, &mut rng);
            assert!(last < next);
            last = next;
        }
        assert!(last.len() < 40, "{last}");
    }
}
