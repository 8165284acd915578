//! From the name of a change to its place in the log.
//!
//! A document that is read from the disk brings a hundred thousand names at once: sorted together they take four bytes
//! each and a fifth of the time that a tree takes to grow by them one by one. Those that come later are few until the
//! next restart, and live in a tree.

use ids::ChangeHash;
use std::collections::BTreeMap;

/// Places in a log of names. The log itself is kept by whoever owns it, and handed in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// The first places of the log, in the order of their names.
    sorted: Vec<u32>,
    later: BTreeMap<ChangeHash, u32>,
}

impl Names {
    /// Of a whole log; `None` if a name is there twice.
    pub(crate) fn of(log: &[ChangeHash]) -> Option<Self> {
        let mut keyed: Vec<(u64, u32)> =
            (0..).zip(log).map(|(place, hash)| (first_eight(hash), place)).collect();
        keyed.sort_unstable();
        let sorted: Vec<u32> = keyed.into_iter().map(|(_, place)| place).collect();
        let mut names = Self { sorted, later: BTreeMap::new() };
        // Names are hashes, but nobody has checked that yet: those that begin alike are put in order.
        let name = |place: &u32| log.get(*place as usize);
        if !names.sorted.is_sorted_by(|one, other| name(one) < name(other)) {
            names.sorted.sort_by(|one, other| name(one).cmp(&name(other)));
            if !names.sorted.is_sorted_by(|one, other| name(one) < name(other)) {
                return None;
            }
        }
        Some(names)
    }

    /// Adds the next place of the log.
    pub(crate) fn insert(&mut self, hash: ChangeHash, place: u32) {
        self.later.insert(hash, place);
    }

    /// The place of a name.
    pub(crate) fn place(&self, log: &[ChangeHash], hash: &ChangeHash) -> Option<u32> {
        let later = self.later.get(hash).copied();
        later.or_else(|| {
            let found = self.sorted.binary_search_by(|place| log.get(*place as usize).cmp(&Some(hash)));
            found.ok().and_then(|index| self.sorted.get(index)).copied()
        })
    }
}

fn first_eight(hash: &ChangeHash) -> u64 {
    hash.as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Names of which many begin alike.
    fn name(seed: (u8, u8)) -> ChangeHash {
        let mut bytes = [0; 32];
        (bytes[0], bytes[31]) = seed;
        ChangeHash(bytes)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn every_name_is_found_at_its_place(seeds: BTreeSet<(u8, u8)>, shuffle: u64, later: usize) {
            let mut seeds: Vec<(u8, u8)> = seeds.into_iter().collect();
            seeds.sort_by_key(|(a, b)| (u64::from(*a) * 31 + u64::from(*b)).wrapping_mul(shuffle | 1));
            let log: Vec<ChangeHash> = seeds.into_iter().map(name).collect();
            let (first, rest) = log.split_at(later % (log.len() + 1));
            let mut names = Names::of(first).unwrap();
            for (place, hash) in (first.len() as u32..).zip(rest) {
                prop_assert_eq!(names.place(&log, hash), None);
                names.insert(*hash, place);
            }
            for (place, hash) in (0..).zip(&log) {
                prop_assert_eq!(names.place(&log, hash), Some(place));
            }
            prop_assert_eq!(names.place(&log, &ChangeHash([7; 32])), None);
        }
    }

    #[test]
    fn a_name_that_is_there_twice_is_noticed() {
        assert!(Names::of(&[name((1, 1)), name((1, 2)), name((1, 1))]).is_none());
        assert!(Names::of(&[name((1, 2)), name((1, 1))]).is_some());
    }
}
