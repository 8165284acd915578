//! What the register adds up to: what the team carries beyond its appetite, and what it stands to gain.

use crate::lens::{RegisterEntry, Settings};
use crate::{Kind, RecordRef, View};

/// The sums of the register. Every contested score counts as the cautious one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Open risks above their appetite.
    pub above: Vec<RecordRef>,
    /// Points above appetite, over all of them.
    pub points_above: u32,
    /// Opportunities being pursued.
    pub pursued: Vec<RecordRef>,
    /// Points they are still to gain (aim less now).
    pub points_to_gain: i32,
    /// Open risks.
    pub open_risks: usize,
    /// Open opportunities.
    pub open_opportunities: usize,
    /// Open entries that nobody has rated as they stand now.
    pub unrated: Vec<RecordRef>,
}

/// What the register adds up to.
pub fn exposure(view: &View) -> Exposure {
    let settings = Settings::of(view);
    let mut sums = Exposure::default();
    for record in view.live(Kind::Register) {
        let entry = RegisterEntry::of(record, &settings);
        if !entry.is_open() {
            continue;
        }
        if entry.now.score().is_none() {
            sums.unrated.push(entry.record());
        }
        if entry.is_opportunity() {
            sums.open_opportunities += 1;
            if entry.status == "pursuing" {
                sums.pursued.push(entry.record());
                sums.points_to_gain += entry.still_to_do().map_or(0, i32::from);
            }
        } else {
            sums.open_risks += 1;
            if let Some(points) = entry.above_appetite() {
                sums.above.push(entry.record());
                sums.points_above += u32::from(points);
            }
        }
    }
    sums
}
