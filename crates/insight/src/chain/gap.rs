//! The places where the chain breaks, with their numbers.

use crate::findings::serves_a_customer;
use crate::findings::{
    figures, has_work_missing, hollow_promises, is_effect_overdue, is_supported, is_without_means,
};
use crate::{AsOf, words};
use workspace::lens::{Action, Decision, Goal, Kpi, Objective, RegisterEntry, Requirement, Series};
use workspace::{Kind, Record, RecordRef, Relation};

/// Records at which the chain breaks in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// In which way.
    pub kind: GapKind,
    /// The records.
    pub records: Vec<RecordRef>,
    /// Of how many.
    pub of: usize,
    /// In one plain sentence with its numbers.
    pub sentence: String,
}

/// In which way the chain breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapKind {
    /// Active goals that nothing touches.
    UnsupportedGoals,
    /// Active objectives that serve no goal, with no reason why.
    ObjectivesWithoutGoal,
    /// Active objectives that serve no customer's requirement.
    ObjectivesWithoutCustomer,
    /// Requirements that no objective serves.
    OrphanedRequirements,
    /// Promises of the policy in force that nobody works on.
    PromisesWithoutWork,
    /// Active objectives without means.
    ObjectivesWithoutMeans,
    /// Active objectives without a figure.
    ObjectivesWithoutFigure,
    /// Figures that nobody entered lately.
    FiguresNobodyFeeds,
    /// Open risks above the appetite that are not being treated.
    RisksWithoutWork,
    /// Decisions that asked for work and have none.
    DecisionsWithoutWork,
    /// Verified actions of which nobody knows whether they worked, and those that did not work and led to nothing.
    ActionsWithoutEffect,
}

impl GapKind {
    /// A stable word for it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::UnsupportedGoals => "unsupported-goals",
            Self::ObjectivesWithoutGoal => "objectives-without-goal",
            Self::ObjectivesWithoutCustomer => "objectives-without-customer",
            Self::OrphanedRequirements => "orphaned-requirements",
            Self::PromisesWithoutWork => "promises-without-work",
            Self::ObjectivesWithoutMeans => "objectives-without-means",
            Self::ObjectivesWithoutFigure => "objectives-without-figure",
            Self::FiguresNobodyFeeds => "figures-nobody-feeds",
            Self::RisksWithoutWork => "risks-without-work",
            Self::DecisionsWithoutWork => "decisions-without-work",
            Self::ActionsWithoutEffect => "actions-without-effect",
        }
    }
}

pub(super) fn gaps(as_of: &AsOf<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut add = |kind, of: usize, records: Vec<RecordRef>, told: &dyn Fn(usize) -> String| {
        if !records.is_empty() {
            let sentence = told(records.len());
            gaps.push(Gap { kind, records, of, sentence });
        }
    };
    let goals: Vec<RecordRef> =
        as_of.all(Kind::Goal).map(Goal::of).filter(Goal::is_active).map(|goal| goal.record()).collect();
    let total = goals.len();
    add(
        GapKind::UnsupportedGoals,
        total,
        goals.into_iter().filter(|goal| !is_supported(as_of, *goal)).collect(),
        &|number| format!("{number} of {} {} unsupported.", words::count(total, "goal", "goals"), be(number)),
    );

    let active: Vec<&Record> =
        as_of.all(Kind::Objective).filter(|record| Objective::of(record).is_active()).collect();
    let total = active.len();
    let of_objectives = |keep: &dyn Fn(&Record) -> bool| -> Vec<RecordRef> {
        active.iter().filter(|record| keep(record)).map(|record| record.reference()).collect()
    };
    let objectives = words::count(total, "active objective", "active objectives");
    add(
        GapKind::ObjectivesWithoutGoal,
        total,
        of_objectives(&|record| Objective::of(record).is_unaligned(as_of.view)),
        &|number| format!("{number} of {objectives} {} no goal.", serve(number)),
    );
    add(
        GapKind::ObjectivesWithoutCustomer,
        total,
        of_objectives(&|record| !serves_a_customer(as_of, record.reference())),
        &|number| format!("{number} of {objectives} {} no customer requirement.", serve(number)),
    );

    let requirements: Vec<RecordRef> = as_of.all(Kind::Requirement).map(Record::reference).collect();
    let total = requirements.len();
    add(
        GapKind::OrphanedRequirements,
        total,
        requirements.into_iter().filter(|record| Requirement::is_orphaned(as_of.view, *record)).collect(),
        &|number| {
            let of = words::count(total, "requirement", "requirements");
            format!("{number} of {of} {} served by no objective.", be(number))
        },
    );

    let (hollow, total) = hollow_promises(as_of);
    add(GapKind::PromisesWithoutWork, total, hollow, &|number| {
        let of = words::count(total, "promise", "promises");
        format!("{number} of {of} of the policy {} words without work.", be(number))
    });

    add(
        GapKind::ObjectivesWithoutMeans,
        active.len(),
        of_objectives(&|record| is_without_means(as_of, record)),
        &|number| format!("{number} of {objectives} {} without means.", be(number)),
    );
    add(
        GapKind::ObjectivesWithoutFigure,
        active.len(),
        of_objectives(&|record| Objective::of(record).kpi.is_none()),
        &|number| format!("{number} of {objectives} cannot be measured: no figure."),
    );

    let figures: Vec<Kpi> = as_of.all(Kind::Kpi).map(Kpi::of).collect();
    let total = figures.len();
    let nothing = Series::default();
    let blind = figures.iter().filter(|kpi| {
        let series = as_of.series().get(&kpi.id).unwrap_or(&nothing);
        !figures::missing(kpi, series, as_of).is_empty()
    });
    add(GapKind::FiguresNobodyFeeds, total, blind.map(Kpi::record).collect(), &|number| {
        let of = words::count(total, "figure", "figures");
        format!("{number} of {of} {} a value that is due.", if number == 1 { "lacks" } else { "lack" })
    });

    let risks: Vec<RegisterEntry> = as_of
        .all(Kind::Register)
        .map(|record| RegisterEntry::of(record, &as_of.settings))
        .filter(|entry| entry.is_open() && !entry.is_opportunity())
        .collect();
    let total = risks.len();
    let idle = risks.iter().filter(|entry| {
        entry.is_above_appetite()
            && matches!(entry.status.as_str(), "identified" | "assessed")
            && !is_treated(as_of, entry.record())
    });
    add(GapKind::RisksWithoutWork, total, idle.map(RegisterEntry::record).collect(), &|number| {
        let of = words::count(total, "open risk", "open risks");
        format!("{number} of {of} {} above the appetite and nothing was started.", be(number))
    });

    let decided: Vec<&Record> = as_of
        .all(Kind::Decision)
        .filter(|record| {
            let decision = Decision::of(record);
            decision.status == "decided" && decision.asks_for_work()
        })
        .collect();
    let total = decided.len();
    let idle = decided.iter().filter(|record| has_work_missing(as_of, record));
    add(GapKind::DecisionsWithoutWork, total, idle.map(|record| record.reference()).collect(), &|number| {
        let of = words::count(total, "decision", "decisions");
        format!("{number} of {of} that ask for work {} none.", if number == 1 { "has" } else { "have" })
    });

    let verified: Vec<Action> = as_of.all(Kind::Action).map(Action::of).filter(Action::is_verified).collect();
    let total = verified.len();
    let lost = verified.iter().filter(|action| {
        is_effect_overdue(action, as_of.today)
            || (action.status == "ineffective" && !is_followed(as_of, action))
    });
    add(GapKind::ActionsWithoutEffect, total, lost.map(Action::record).collect(), &|number| {
        let of = words::count(total, "verified action", "verified actions");
        format!("{number} of {of} led to no effect that anybody looked at or followed up.")
    });
    gaps
}

fn is_treated(as_of: &AsOf<'_>, entry: RecordRef) -> bool {
    [Relation::Treats, Relation::Realises]
        .into_iter()
        .flat_map(|relation| as_of.view.edges().from(entry, relation))
        .any(|action| as_of.live(action).is_some_and(|action| Action::of(action).is_open()))
}

fn is_followed(as_of: &AsOf<'_>, action: &Action) -> bool {
    as_of.view.edges().from(action.record(), Relation::ComesFrom).any(|next| as_of.live(next).is_some())
}

fn be(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

fn serve(number: usize) -> &'static str {
    if number == 1 { "serves" } else { "serve" }
}
