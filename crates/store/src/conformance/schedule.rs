//! Orders in which several actors can take their turns.

/// Every order in which actors with these numbers of steps can take them. Three actors of two steps have 90 orders.
pub(super) fn every(steps: &[usize]) -> Vec<Vec<usize>> {
    if steps.iter().all(|left| *left == 0) {
        return vec![Vec::new()];
    }
    let mut orders = Vec::new();
    for (actor, _) in steps.iter().enumerate().filter(|(_, left)| **left > 0) {
        let mut rest = steps.to_vec();
        for (place, left) in rest.iter_mut().enumerate() {
            *left -= usize::from(place == actor);
        }
        for mut order in every(&rest) {
            order.insert(0, actor);
            orders.push(order);
        }
    }
    orders
}

/// One of those orders, chosen by `seed`.
pub(super) fn one(steps: &[usize], seed: u64) -> Vec<usize> {
    let mut turns: Vec<usize> =
        steps.iter().enumerate().flat_map(|(actor, steps)| std::iter::repeat_n(actor, *steps)).collect();
    let mut chance = Chance(seed);
    // Fisher-Yates: every order of turns is as likely as any other.
    for last in (1..turns.len()).rev() {
        turns.swap(last, chance.below(last + 1));
    }
    turns
}

/// SplitMix64: enough chance to shuffle, and the same in every backend's test run.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next().checked_rem(bound as u64).unwrap_or(0)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_actors_of_two_steps_have_ninety_orders() {
        let mut orders = every(&[2, 2, 2]);
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), 90);
    }

    #[test]
    fn a_drawn_order_takes_every_step_once() {
        for seed in 0..100 {
            let mut turns = one(&[2, 3, 1], seed);
            turns.sort_unstable();
            assert_eq!(turns, [0, 0, 1, 1, 1, 2]);
        }
    }
}
