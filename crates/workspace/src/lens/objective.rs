//! A quality objective.

use super::{Step, parts};
use crate::{Date, Decimal, Field, Kind, Record, RecordRef, Relation, Scalar, View};
use ids::{MemberId, RecordId};
use serde_json::Value as Json;

/// A quality objective.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// Its id.
    pub id: RecordId,
    /// What it is called.
    pub title: String,
    /// Who answers for it: normally one member.
    pub accountable: Vec<MemberId>,
    /// Who coordinates.
    pub coordinator: Option<MemberId>,
    /// Where it started.
    pub start: Option<Start>,
    /// The target that counts: of several open ones the harder.
    pub target: Option<Target>,
    /// All open targets; more than one is a decision to be made.
    pub targets: Vec<Target>,
    /// The figure it is measured by.
    pub kpi: Option<RecordId>,
    /// Its state.
    pub status: String,
    /// Whether somebody said that it needs no means.
    pub no_means_needed: bool,
    /// Why it is active without serving a goal.
    pub alignment_exception: Option<String>,
    /// Where it stands in the list.
    pub position: Option<String>,
    /// What will be done, with which means, and how it is judged.
    pub plan: String,
    /// Who said that it needs no means, when and why.
    pub no_means: Option<NoMeansNeeded>,
    /// Its way through its states.
    pub steps: Vec<Step>,
}

/// That an objective needs no means of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoMeansNeeded {
    /// Who said so.
    pub by: Option<MemberId>,
    /// When.
    pub on: Option<Date>,
    /// Why.
    pub reason: Option<String>,
}

/// Where an objective started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The first day.
    pub date: Date,
    /// The value of that day.
    pub value: Option<Decimal>,
}

/// Where an objective is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The value to reach.
    pub value: Decimal,
    /// Its unit.
    pub unit: String,
    /// Whether more is better; `None` when nobody said.
    pub up: Option<bool>,
    /// By when.
    pub due: Option<Date>,
}

impl Objective {
    /// Reads an objective.
    pub fn of(record: &Record) -> Self {
        let open = record.register(Field::Target).map_or(&[][..], |register| register.values());
        let start = record.atom(Field::Start);
        Self {
            id: record.id,
            title: record.title().to_owned(),
            accountable: parts::members(record, Field::Accountable),
            coordinator: record.id_of(Field::Coordinator).map(MemberId),
            start: start.and_then(|start| {
                Some(Start { date: parts::date(start, "date")?, value: parts::decimal(start, "value") })
            }),
            target: record.atom(Field::Target).and_then(target),
            targets: open.iter().filter_map(Scalar::as_atom).filter_map(target).collect(),
            kpi: record.id_of(Field::Kpi),
            status: record.status().unwrap_or("draft").to_owned(),
            no_means_needed: record.atom(Field::NoMeansNeeded).is_some(),
            alignment_exception: record.line(Field::AlignmentException).map(str::to_owned),
            position: record.line(Field::Order).map(str::to_owned),
            plan: record.text(Field::Plan).to_owned(),
            no_means: record.atom(Field::NoMeansNeeded).map(|atom| NoMeansNeeded {
                by: parts::member(atom, "by"),
                on: parts::day(atom),
                reason: parts::said(atom, "reason"),
            }),
            steps: Step::all(record),
        }
    }

    /// Which record this is.
    pub const fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Objective, self.id)
    }

    /// Whether somebody works on it.
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }

    /// Whether it was decided, one way or another.
    pub fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "met" | "missed" | "withdrawn")
    }

    /// Days past the due day of its target while it is not over; `None` when it is not late.
    pub fn days_late(&self, today: Date) -> Option<i32> {
        let late = today.days_since(self.target.as_ref()?.due?);
        (!self.is_over() && late > 0).then_some(late)
    }

    /// Sorts as people ordered the list; what nobody placed comes last, by birth.
    pub fn place(&self) -> (bool, Option<&str>, RecordId) {
        (self.position.is_none(), self.position.as_deref(), self.id)
    }

    /// The goals it serves.
    pub fn goals(view: &View, objective: RecordRef) -> impl Iterator<Item = RecordRef> {
        view.edges().to(objective, Relation::Serves).filter(|to| to.kind == Kind::Goal)
    }

    /// The requirements it serves.
    pub fn requirements(view: &View, objective: RecordRef) -> impl Iterator<Item = RecordRef> {
        view.edges().to(objective, Relation::Serves).filter(|to| to.kind == Kind::Requirement)
    }

    /// The means it asked for, deleted ones left out.
    pub fn needs(view: &View, objective: RecordRef) -> impl Iterator<Item = RecordRef> {
        view.edges()
            .to(objective, Relation::Needs)
            .filter(|to| view.record(*to).is_some_and(|record| !record.is_deleted()))
    }

    /// Whether it is active although it serves no goal and nobody wrote down why.
    pub fn is_unaligned(&self, view: &View) -> bool {
        let exempt = self.alignment_exception.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        self.is_active() && !exempt && Self::goals(view, self.record()).next().is_none()
    }
}

fn target(json: &Json) -> Option<Target> {
    Some(Target {
        value: parts::decimal(json, "value")?,
        unit: parts::text(json, "unit").unwrap_or_default().to_owned(),
        up: match parts::text(json, "direction") {
            Some("up") => Some(true),
            Some("down") => Some(false),
            _ => None,
        },
        due: parts::date(json, "due"),
    })
}
