//! What the scorecard shows of one objective: where it stands, computed from its figure.

use crate::{
    components::{mark::Tone, values::Contested},
    pages::{desk::Desk, rows::contested_in, words},
};
use ids::RecordId;
use leptos::prelude::*;
use workspace::{
    Kind, Record, RecordRef, Relation,
    health::{Health, ObjectiveHealth, Trend, Unmeasurable, objective_health_of},
    lens::{Goal, Kpi, Objective, Series},
};

/// One objective, as a row needs it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) objective: Objective,
    pub(super) kpi: Option<Kpi>,
    pub(super) health: ObjectiveHealth,
    /// The goal it stands under: the first it serves.
    pub(super) goal: Option<RecordId>,
    pub(super) contested: Contested,
}

impl Line {
    /// Tracks everything it is computed from.
    pub(super) fn of(desk: Desk, record: &Record) -> Self {
        let objective = Objective::of(record);
        let kpi = objective
            .kpi
            .and_then(|kpi| desk.record(RecordRef::new(Kind::Kpi, kpi)))
            .map(|kpi| Kpi::of(&kpi));
        let nothing = Series::default();
        let health = desk.series().with(|series| {
            let series = objective.kpi.and_then(|kpi| series.get(&kpi)).unwrap_or(&nothing);
            objective_health_of(&objective, kpi.as_ref(), series, desk.today().get())
        });
        let goals = desk.linked_to(record.reference(), Relation::Serves).into_iter();
        let goal = goals.filter(|goal| goal.kind == Kind::Goal).map(|goal| goal.id).min();
        Self { objective, kpi, health, goal, contested: contested_in(record) }
    }

    pub(super) fn record(&self) -> RecordRef {
        self.objective.record()
    }

    /// Shape and word: the health while it is active, the state otherwise.
    pub(super) fn told(&self) -> (Tone, String) {
        if self.objective.is_active() {
            let (tone, word) = health_words(self.health.health);
            (tone, word.to_owned())
        } else {
            (words::status_tone(&self.objective.status), words::label(&self.objective.status))
        }
    }

    /// What stands quietly beside it: the trend, a missing value, a missing means to measure.
    pub(super) fn more(&self) -> Option<String> {
        if !self.objective.is_active() {
            return None;
        }
        let parts = match self.health.health {
            Err(reason) => vec![reason_words(reason)],
            Ok(_) => {
                let trend = self.health.trend.map(trend_word);
                let stale = self.health.stale.then_some("last value missing");
                trend.into_iter().chain(stale).collect()
            }
        };
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Sorts from the worst; what is not measured comes before what is on track.
    pub(super) fn rank(&self) -> u8 {
        match (self.objective.is_active(), self.health.health) {
            (true, Ok(Health::OffTrack)) => 0,
            (true, Ok(Health::AtRisk)) => 1,
            (true, Err(_)) => 2,
            (true, Ok(Health::OnTrack)) => 3,
            (false, _) => 4,
        }
    }
}

pub(super) fn health_words(health: Result<Health, Unmeasurable>) -> (Tone, &'static str) {
    match health {
        Ok(Health::OnTrack) => (Tone::Good, "On track"),
        Ok(Health::AtRisk) => (Tone::Watch, "At risk"),
        Ok(Health::OffTrack) => (Tone::Off, "Off track"),
        Err(_) => (Tone::Unknown, "Not measurable"),
    }
}

fn reason_words(reason: Unmeasurable) -> &'static str {
    match reason {
        Unmeasurable::NoKpi => "no KPI",
        Unmeasurable::NoStart => "no start value",
        Unmeasurable::NoTarget => "no target",
        Unmeasurable::NoValues => "no values",
    }
}

fn trend_word(trend: Trend) -> &'static str {
    match trend {
        Trend::Worsening => "worsening",
        Trend::Flat => "flat",
        Trend::Improving => "improving",
    }
}

/// The goals in the order that people gave them.
pub(super) fn goals(desk: Desk) -> Vec<Goal> {
    let mut goals: Vec<Goal> = desk.records(Kind::Goal).iter().map(|record| Goal::of(record)).collect();
    goals.sort_by(|one, other| one.place().cmp(&other.place()));
    goals
}
