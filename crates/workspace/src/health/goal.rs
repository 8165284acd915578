//! The health of a goal.

use super::Health;
use crate::lens::Goal;
use crate::{Kind, RecordRef, View};
use ids::RecordId;
use std::collections::BTreeMap;

/// The health of a goal from that of its active objectives (`None` for one that cannot be measured): the worst of them;
/// with four or more, off track when a third is, at risk when a third is not on track. `None` when nothing can be
/// measured.
pub fn goal_health(objectives: impl IntoIterator<Item = Option<Health>>) -> Option<Health> {
    let known: Vec<Health> = objectives.into_iter().flatten().collect();
    if known.len() < 4 {
        return known.into_iter().min();
    }
    let share = |worse: &dyn Fn(&Health) -> bool| {
        known.iter().filter(|health| worse(health)).count() * 3 >= known.len()
    };
    if share(&|health| *health == Health::OffTrack) {
        Some(Health::OffTrack)
    } else if share(&|health| *health != Health::OnTrack) {
        Some(Health::AtRisk)
    } else {
        Some(Health::OnTrack)
    }
}

/// As [`goal_health`], for a goal of a document; `objectives` as in [`requirement_health`](super::requirement_health).
pub fn goal_health_in(
    view: &View,
    goal: RecordRef,
    objectives: &BTreeMap<RecordId, Option<Health>>,
) -> Option<Health> {
    let serving = Goal::objectives(view, goal).filter(|from| from.kind == Kind::Objective);
    goal_health(serving.filter_map(|objective| objectives.get(&objective.id).copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Health::{AtRisk, OffTrack, OnTrack};

    #[test]
    fn few_objectives_count_by_the_worst_many_by_shares() {
        assert_eq!(goal_health([]), None);
        assert_eq!(goal_health([None, None]), None);
        assert_eq!(goal_health([Some(OnTrack), None, Some(AtRisk)]), Some(AtRisk));
        assert_eq!(goal_health([OnTrack, OnTrack, OffTrack].map(Some)), Some(OffTrack));
        assert_eq!(goal_health([OnTrack, OnTrack, OnTrack, OffTrack].map(Some)), Some(OnTrack));
        assert_eq!(goal_health([OnTrack, OnTrack, AtRisk, OffTrack].map(Some)), Some(AtRisk));
        assert_eq!(goal_health([OnTrack, OnTrack, OffTrack, OffTrack].map(Some)), Some(OffTrack));
    }
}
