//! Direction → objectives → uncertainty → action, as it is linked in the document, with the places where it breaks.

mod gap;

pub use gap::{Gap, GapKind};

use crate::AsOf;
use crate::findings::{is_supported, is_without_means, serves_a_customer};
use std::collections::{BTreeMap, BTreeSet};
use workspace::health::{Health, goal_health_in, objectives_health};
use workspace::lens::{Action, Direction, Goal, Objective, RegisterEntry};
use workspace::{Date, Kind, RecordRef, Relation};

/// The whole chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Whether purpose, ambition and choices are still unwritten.
    pub direction_is_blank: bool,
    /// When somebody looked at the direction last.
    pub direction_confirmed: Option<Date>,
    /// The goals that are not over, in their order, each with what serves it.
    pub goals: Vec<GoalLink>,
    /// Objectives that are not over and serve no goal.
    pub without_goal: Vec<ObjectiveLink>,
    /// Open register entries that touch no objective that is not over.
    pub loose_entries: Vec<RecordRef>,
    /// Open actions that come from nothing.
    pub loose_actions: Vec<RecordRef>,
    /// Where the chain breaks; empty ones are left out.
    pub gaps: Vec<Gap>,
}

/// A goal and what serves it.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalLink {
    /// The goal.
    pub goal: RecordRef,
    /// The health of its active objectives together; `None` when nothing can be measured.
    pub health: Option<Health>,
    /// Whether an objective, a register entry or a figure touches it.
    pub is_supported: bool,
    /// The objectives that serve it, in their order.
    pub objectives: Vec<ObjectiveLink>,
}

/// An objective and what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectiveLink {
    /// The objective.
    pub objective: RecordRef,
    /// Whether somebody works on it.
    pub is_active: bool,
    /// Its health; `None` when it is not active or cannot be measured.
    pub health: Option<Health>,
    /// The requirements it serves.
    pub requirements: Vec<RecordRef>,
    /// Whether one of them is a customer's.
    pub serves_a_customer: bool,
    /// Whether it has the means it needs, or needs none.
    pub has_means: bool,
    /// Open risks that threaten it.
    pub risks: Vec<RecordRef>,
    /// Open opportunities that help it.
    pub opportunities: Vec<RecordRef>,
    /// Open actions that come from it or treat or realise one of these entries.
    pub actions: Vec<RecordRef>,
}

impl Chain {
    /// The chain of a view on a day.
    pub fn of(as_of: &AsOf<'_>) -> Self {
        let view = as_of.view;
        let healths = objectives_health(view, as_of.today);
        let mut objectives: Vec<Objective> =
            as_of.all(Kind::Objective).map(Objective::of).filter(|objective| !objective.is_over()).collect();
        objectives.sort_by(|one, other| one.place().cmp(&other.place()));
        let links: BTreeMap<RecordRef, ObjectiveLink> = objectives
            .iter()
            .map(|objective| (objective.record(), link(as_of, objective, healths.get(&objective.id))))
            .collect();
        let mut goals: Vec<Goal> = as_of
            .all(Kind::Goal)
            .map(Goal::of)
            .filter(|goal| !matches!(goal.status.as_str(), "achieved" | "dropped"))
            .collect();
        goals.sort_by(|one, other| one.place().cmp(&other.place()));
        let mut placed = BTreeSet::new();
        let goals: Vec<GoalLink> = goals
            .iter()
            .map(|goal| {
                let serving: BTreeSet<RecordRef> = Goal::objectives(view, goal.record()).collect();
                placed.extend(serving.iter().copied());
                let in_order =
                    objectives.iter().map(Objective::record).filter(|record| serving.contains(record));
                GoalLink {
                    goal: goal.record(),
                    health: goal_health_in(view, goal.record(), &healths),
                    is_supported: is_supported(as_of, goal.record()),
                    objectives: in_order.filter_map(|record| links.get(&record).cloned()).collect(),
                }
            })
            .collect();
        let without_goal = objectives.iter().map(Objective::record).filter(|record| !placed.contains(record));
        let without_goal = without_goal.filter_map(|record| links.get(&record).cloned()).collect();
        let direction = Direction::of(view);
        Self {
            direction_is_blank: direction.is_blank(),
            direction_confirmed: direction.last_confirmed(),
            goals,
            without_goal,
            loose_entries: loose_entries(as_of, &links),
            loose_actions: loose_actions(as_of),
            gaps: gap::gaps(as_of),
        }
    }

    /// A gap of the chain, when it has that one.
    pub fn gap(&self, kind: GapKind) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.kind == kind)
    }
}

fn link(as_of: &AsOf<'_>, objective: &Objective, health: Option<&Option<Health>>) -> ObjectiveLink {
    let (view, record) = (as_of.view, objective.record());
    let touching = |relation| -> Vec<RecordRef> {
        view.edges().from(record, relation).filter(|entry| is_open_entry(as_of, *entry)).collect()
    };
    let (risks, opportunities) = (touching(Relation::Threatens), touching(Relation::Helps));
    let mut actions: BTreeSet<RecordRef> = view.edges().from(record, Relation::ComesFrom).collect();
    for entry in risks.iter().chain(&opportunities) {
        for relation in [Relation::Treats, Relation::Realises, Relation::ComesFrom] {
            actions.extend(view.edges().from(*entry, relation));
        }
    }
    actions.retain(|action| is_open_action(as_of, *action));
    ObjectiveLink {
        objective: record,
        is_active: objective.is_active(),
        health: health.copied().flatten(),
        requirements: Objective::requirements(view, record).filter(|to| as_of.live(*to).is_some()).collect(),
        serves_a_customer: serves_a_customer(as_of, record),
        has_means: as_of.record(record).is_some_and(|record| !is_without_means(as_of, record)),
        risks,
        opportunities,
        actions: actions.into_iter().collect(),
    }
}

fn is_open_entry(as_of: &AsOf<'_>, entry: RecordRef) -> bool {
    entry.kind == Kind::Register
        && as_of.live(entry).is_some_and(|record| RegisterEntry::of(record, &as_of.settings).is_open())
}

fn is_open_action(as_of: &AsOf<'_>, action: RecordRef) -> bool {
    action.kind == Kind::Action && as_of.live(action).is_some_and(|record| Action::of(record).is_open())
}

fn loose_entries(as_of: &AsOf<'_>, objectives: &BTreeMap<RecordRef, ObjectiveLink>) -> Vec<RecordRef> {
    let entries = as_of.all(Kind::Register).map(|record| record.reference());
    let touches = |entry: RecordRef| {
        [Relation::Threatens, Relation::Helps]
            .into_iter()
            .flat_map(|relation| as_of.view.edges().to(entry, relation))
            .any(|to| objectives.contains_key(&to))
    };
    entries.filter(|entry| is_open_entry(as_of, *entry) && !touches(*entry)).collect()
}

fn loose_actions(as_of: &AsOf<'_>) -> Vec<RecordRef> {
    let actions = as_of.all(Kind::Action).map(|record| record.reference());
    let comes_from_something = |action: RecordRef| {
        [Relation::ComesFrom, Relation::Treats, Relation::Realises]
            .into_iter()
            .any(|relation| as_of.view.edges().to(action, relation).next().is_some())
    };
    actions.filter(|action| is_open_action(as_of, *action) && !comes_from_something(*action)).collect()
}
