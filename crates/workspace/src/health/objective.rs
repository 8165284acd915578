//! The health of an objective: how far it got against how far it should be.

use super::trend::{Trend, mean, tail, trend};
use crate::lens::{Better, Kpi, Objective, Series};
use crate::{Date, Kind, Record, View};

/// How an objective is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Less than 70 % of what is due.
    OffTrack,
    /// Between 70 % and 90 % of what is due.
    AtRisk,
    /// At least 90 % of what is due.
    OnTrack,
}

/// How an objective is doing, with everything that led there.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveHealth {
    /// The health; `Err` says why nobody can tell.
    pub health: Result<Health, Unmeasurable>,
    /// Mean of the last 3 values.
    pub recent: Option<f64>,
    /// Way gone from start to target, 0 to 1.
    pub progress: Option<f64>,
    /// Time gone from start to due day; more than 1 after it.
    pub elapsed: Option<f64>,
    /// Progress divided by time gone.
    pub ratio: Option<f64>,
    /// Where the figure is going.
    pub trend: Option<Trend>,
    /// The value of the last period that has ended is missing.
    pub stale: bool,
    /// The due day has passed and the target was not held for the last 3 values: somebody should say "missed".
    pub propose_missed: bool,
}

/// Why the health of an objective cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmeasurable {
    /// It has no KPI.
    NoKpi,
    /// It has no start value or start day.
    NoStart,
    /// It has no target value or due day, or they do not differ from the start.
    NoTarget,
    /// Nobody entered a value.
    NoValues,
}

const RECENT: usize = 3;

/// The health of an objective on a day.
pub fn objective_health(view: &View, objective: &Record, today: Date) -> ObjectiveHealth {
    let objective = Objective::of(objective);
    let kpi = objective.kpi.and_then(|kpi| view.get(Kind::Kpi, kpi)).map(|record| Kpi::of(record));
    let series = kpi.as_ref().map_or_else(Series::default, |kpi| Series::of(view, kpi.id));
    objective_health_of(&objective, kpi.as_ref(), &series, today)
}

/// As [`objective_health`], for callers that have read the parts already (one [`Series::all`] for many objectives).
pub fn objective_health_of(
    objective: &Objective,
    kpi: Option<&Kpi>,
    series: &Series,
    today: Date,
) -> ObjectiveHealth {
    let mut told = ObjectiveHealth {
        health: Err(Unmeasurable::NoKpi),
        recent: None,
        progress: None,
        elapsed: None,
        ratio: None,
        trend: None,
        stale: false,
        propose_missed: false,
    };
    let Some(kpi) = kpi else { return told };
    // What was measured after the day is not known on the day.
    let values: Vec<f64> = series
        .values()
        .filter(|(period, _)| period.first() <= today)
        .map(|(_, value)| value.as_f64())
        .collect();
    told.stale = !series.points.contains_key(&kpi.due_period(today));
    told.recent = mean(tail(&values, RECENT));
    told.trend = trend(&values, kpi.better);
    if told.stale && told.trend == Some(Trend::Improving) {
        // A missing value never improves anything.
        told.trend = Some(Trend::Flat);
    }
    told.health = told.judge(objective, kpi, &values, today);
    told
}

impl ObjectiveHealth {
    fn judge(
        &mut self,
        objective: &Objective,
        kpi: &Kpi,
        values: &[f64],
        today: Date,
    ) -> Result<Health, Unmeasurable> {
        let recent = self.recent.ok_or(Unmeasurable::NoValues)?;
        let start = objective.start.ok_or(Unmeasurable::NoStart)?;
        let from = start.value.ok_or(Unmeasurable::NoStart)?.as_f64();
        let target = objective.target.as_ref().ok_or(Unmeasurable::NoTarget)?;
        let (to, due) = (target.value.as_f64(), target.due.ok_or(Unmeasurable::NoTarget)?);
        let days = due.days_since(start.date);
        if to == from || days <= 0 {
            return Err(Unmeasurable::NoTarget);
        }
        let progress = ((recent - from) / (to - from)).clamp(0.0, 1.0);
        let elapsed = f64::from(today.days_since(start.date)) / f64::from(days);
        self.progress = Some(progress);
        self.elapsed = Some(elapsed);
        let up = target.up.unwrap_or(match kpi.better {
            Some(Better::Up) => true,
            Some(Better::Down) => false,
            _ => to > from,
        });
        let held = |value: &f64| if up { *value >= to } else { *value <= to };
        let last = tail(values, RECENT);
        self.propose_missed = today > due && !(last.len() == RECENT && last.iter().all(held));
        // Before the first day nothing is due; after the due day no more than everything is.
        let due_share = elapsed.min(1.0);
        let ratio = if due_share > 0.0 { progress / due_share } else { 1.0 };
        self.ratio = Some(ratio);
        let health = match ratio {
            ratio if ratio >= 0.9 => Health::OnTrack,
            ratio if ratio >= 0.7 => Health::AtRisk,
            _ => Health::OffTrack,
        };
        Ok(if self.trend == Some(Trend::Worsening) { health.one_step_lower() } else { health })
    }
}

impl Health {
    fn one_step_lower(self) -> Self {
        match self {
            Self::OnTrack => Self::AtRisk,
            Self::AtRisk | Self::OffTrack => Self::OffTrack,
        }
    }
}
