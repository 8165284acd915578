//! A checker that notices nothing checks nothing: each rule, broken on purpose, is caught by the checker of its name.

use sim::{Sabotage, Story, run_with};

#[test]
fn every_sabotage_is_caught_by_its_own_checker() {
    for (sabotage, promise) in Sabotage::ALL {
        let caught = (0..12).find_map(|seed| run_with(seed, Some(*sabotage), Story::Tail).broken);
        let caught = caught.unwrap_or_else(|| panic!("nobody notices {sabotage:?}"));
        assert_eq!(caught.promise, *promise, "{sabotage:?} was noticed by another: {}", caught.how);
    }
}
