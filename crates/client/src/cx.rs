//! The world, as arguments.

use crate::Effect;
use ids::Timestamp;
use rand_core::RngCore;

/// What every call gets: the time, chance, and a list to write wishes on.
pub struct Cx<'a> {
    /// The wall clock, now.
    pub now: Timestamp,
    /// Chance: record ids, jitter. Must be unpredictable in production.
    pub rng: &'a mut dyn RngCore,
    /// Carried out by the driver, in order, after the call.
    pub effects: &'a mut Vec<Effect>,
}

impl Cx<'_> {
    pub(crate) fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
