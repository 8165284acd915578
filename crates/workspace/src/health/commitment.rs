//! Whether anybody works on what the policy promises.

use crate::lens::{Commitment, Objective};
use crate::{Kind, RecordRef, View};

/// Who works on a promise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommitmentHealth {
    /// Active objectives that uphold it.
    pub objectives: Vec<RecordRef>,
    /// KPIs that uphold it: followed for good, not only until a day.
    pub kpis: Vec<RecordRef>,
    /// Objectives that name it but are not active.
    pub resting: Vec<RecordRef>,
}

impl CommitmentHealth {
    /// Whether nobody works on it: words without work.
    pub fn is_hollow(&self) -> bool {
        self.objectives.is_empty() && self.kpis.is_empty()
    }
}

/// Who works on a promise of the policy: active objectives and standing KPIs that uphold it.
pub fn commitment_health(view: &View, commitment: RecordRef) -> CommitmentHealth {
    let mut health = CommitmentHealth::default();
    for from in Commitment::upheld_by(view, commitment) {
        let Some(record) = view.record(from) else { continue };
        match from.kind {
            Kind::Kpi => health.kpis.push(from),
            Kind::Objective if Objective::of(record).is_active() => health.objectives.push(from),
            Kind::Objective => health.resting.push(from),
            _ => {}
        }
    }
    health
}
