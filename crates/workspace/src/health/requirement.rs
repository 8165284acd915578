//! The health of a requirement: what people judged, one step lower when the work behind it does not get there.

use super::{Health, objective_health_of};
use crate::lens::{Kpi, Objective, Requirement, Series};
use crate::{Date, Kind, RecordRef, View};
use ids::RecordId;
use std::collections::BTreeMap;

/// How a requirement is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequirementHealth {
    /// Judged as not met, or partly met while the work behind it is off track.
    NotMet,
    /// Nobody judged it, or nobody could tell.
    Unknown,
    /// Judged as partly met, or met while the work behind it is off track.
    Partly,
    /// Judged as met.
    Met,
}

impl RequirementHealth {
    /// The word the document uses for it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotMet => "not-met",
            Self::Unknown => "unknown",
            Self::Partly => "partly",
            Self::Met => "met",
        }
    }

    fn judged(word: Option<&str>) -> Self {
        match word {
            Some("met") => Self::Met,
            Some("partly") => Self::Partly,
            Some("not-met") => Self::NotMet,
            _ => Self::Unknown,
        }
    }

    /// One step lower; what nobody knows stays unknown.
    fn lowered(self) -> Self {
        match self {
            Self::Met => Self::Partly,
            Self::Partly | Self::NotMet => Self::NotMet,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// How a requirement is doing on a day: its least favourable judgement, one step lower when an active objective that
/// serves it is off track. `objectives` holds the health of objectives by id; see [`objectives_health`].
pub fn requirement_health(
    view: &View,
    requirement: RecordRef,
    objectives: &BTreeMap<RecordId, Option<Health>>,
) -> RequirementHealth {
    let Some(record) = view.record(requirement) else { return RequirementHealth::Unknown };
    let lens = Requirement::of(record);
    let judged = RequirementHealth::judged(lens.judgement().map(|judgement| judgement.status.as_str()));
    let off_track = Requirement::objectives(view, requirement)
        .any(|objective| objectives.get(&objective.id) == Some(&Some(Health::OffTrack)));
    if off_track { judged.lowered() } else { judged }
}

/// The health of every *active* objective on a day, by id; `None` for one that cannot be measured. One pass over the
/// measurements for all of them.
pub fn objectives_health(view: &View, today: Date) -> BTreeMap<RecordId, Option<Health>> {
    let series = Series::all(view);
    let nothing = Series::default();
    let mut healths = BTreeMap::new();
    for objective in view.live(Kind::Objective).map(|record| Objective::of(record)) {
        if !objective.is_active() {
            continue;
        }
        let kpi = objective.kpi.and_then(|kpi| view.get(Kind::Kpi, kpi)).map(|record| Kpi::of(record));
        let values = objective.kpi.and_then(|kpi| series.get(&kpi)).unwrap_or(&nothing);
        let told = objective_health_of(&objective, kpi.as_ref(), values, today);
        healths.insert(objective.id, told.health.ok());
    }
    healths
}
