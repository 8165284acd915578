//! A checker that notices nothing checks nothing: each rule, broken on purpose, is caught by the checker of its name.

use sim::{REGRESSIONS, Sabotage, Story, run_with};

#[test]
fn every_sabotage_is_caught_by_its_own_checker() {
    for (sabotage, promise) in Sabotage::ALL {
        // What once failed by itself is where to look for it.
        let mut seeds = (0..12).chain(REGRESSIONS.iter().map(|regression| regression.seed));
        let caught = seeds.find_map(|seed| run_with(seed, Some(*sabotage), Story::Tail).broken);
        let caught = caught.unwrap_or_else(|| panic!("nobody notices {sabotage:?}"));
        assert_eq!(caught.promise, *promise, "{sabotage:?} was noticed by another: {}", caught.how);
    }
}
