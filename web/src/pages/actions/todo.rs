//! What the lists of actions need of each action, and in which order: what is late comes first.

use crate::{
    components::{day, values::Contested},
    pages::{
        desk::Desk,
        list::{has_tag, is_among, matches},
        rows::contested_in,
    },
};
use ids::{MemberId, RecordId};
use leptos::prelude::*;
use std::cmp::Ordering;
use workspace::{Date, Kind, Record, RecordRef, Relation, lens::Action};

/// One action, as a row needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Todo {
    pub(super) action: Action,
    /// What is open between people.
    pub(super) contested: Contested,
}

/// Which actions a view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Show {
    Mine,
    List { owner: String, state: String },
    Board { owner: String },
}

/// The states in the order that people expect: what was found good before what was not. The cautious order of the
/// life cycle is another one.
pub(super) const STATES: [&str; 8] =
    ["blocked", "open", "in-progress", "done", "verified", "effective", "ineffective", "cancelled"];

/// Days for which a finished action stays in sight.
const FINISHED_STAYS: i32 = 14;

impl Todo {
    pub(super) fn of(record: &Record) -> Self {
        Self { action: Action::of(record), contested: contested_in(record) }
    }

    pub(super) fn id(&self) -> RecordId {
        self.action.id
    }

    /// Its owner; the first while two are open.
    pub(super) fn owner(&self) -> Option<MemberId> {
        self.action.owners.first().copied()
    }

    pub(super) fn status(&self) -> &str {
        &self.action.status
    }

    pub(super) fn record(&self) -> RecordRef {
        RecordRef::new(Kind::Action, self.action.id)
    }

    pub(super) fn is_unfinished(&self) -> bool {
        self.action.is_open()
    }

    /// Finished, but only just.
    pub(super) fn is_fresh(&self, today: Date) -> bool {
        !self.is_unfinished()
            && self.action.done_on().is_some_and(|done| today.days_since(done) <= FINISHED_STAYS)
    }

    /// "12 d late", "in 3 d", "14 Mar"
    pub(super) fn due_words(&self, today: Date) -> Option<String> {
        let due = self.action.due?;
        let near = || day::distance(due, today, 7).filter(|_| self.is_unfinished());
        let late = self.action.days_late(today).map(day::late);
        Some(late.or_else(near).unwrap_or_else(|| day::short(due, today)))
    }
}

/// What `show`, the words of the filter and the tag ask for, most urgent first.
pub(super) fn todos(desk: Desk, show: &Show, text: &str, tag: &str) -> Vec<Todo> {
    let today = desk.today().get();
    let me = desk.me();
    let wanted = |todo: &Todo| match show {
        // Two who believe to own it both see it.
        Show::Mine => todo.action.owners.contains(&me) && (todo.is_unfinished() || todo.is_fresh(today)),
        Show::Board { owner } => {
            is_among(&todo.action.owners, owner) && (todo.is_unfinished() || todo.is_fresh(today))
        }
        Show::List { owner, state } => {
            is_among(&todo.action.owners, owner)
                && match state.as_str() {
                    "" => todo.is_unfinished(),
                    "all" => true,
                    state => todo.status() == state,
                }
        }
    };
    let matching = |todo: &Todo| {
        text.trim().is_empty() || {
            let owner = desk.first_named(&todo.action.owners).unwrap_or_default();
            matches(text, &[&todo.action.title, &owner, &desk.reference(todo.record())])
        }
    };
    let mut found: Vec<Todo> = desk
        .records(Kind::Action)
        .iter()
        .filter(|record| has_tag(record, tag))
        .map(|record| Todo::of(record))
        .filter(|todo| wanted(todo) && matching(todo))
        .collect();
    found.sort_by(urgency);
    found
}

/// Unfinished before finished; of those the earliest due first and the undated last; of these the latest done first.
pub(super) fn urgency(one: &Todo, other: &Todo) -> Ordering {
    let undated = |todo: &Todo| (todo.action.due.is_none(), todo.action.due);
    other
        .is_unfinished()
        .cmp(&one.is_unfinished())
        .then_with(|| {
            if one.is_unfinished() {
                undated(one).cmp(&undated(other))
            } else {
                other.action.done_on().cmp(&one.action.done_on())
            }
        })
        .then_with(|| one.id().cmp(&other.id()))
}

/// Where an action comes from: a decision, an entry of the register, a finding.
pub(super) fn sources(desk: Desk, action: RecordRef) -> Vec<RecordRef> {
    let mut found: Vec<RecordRef> = Vec::new();
    for relation in [Relation::ComesFrom, Relation::Treats, Relation::Realises] {
        for source in desk.linked_to(action, relation) {
            if !found.contains(&source) {
                found.push(source);
            }
        }
    }
    found
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use workspace::lens::Done;

    pub(in super::super) fn todo(bits: u128, status: &str, due: Option<i32>, done: Option<i32>) -> Todo {
        let action = Action {
            id: RecordId::from_bits(bits),
            title: String::new(),
            owners: Vec::new(),
            due: due.map(Date::from_days),
            priority: None,
            status: status.to_owned(),
            done: done.map(|day| Done { by: None, on: Some(Date::from_days(day)), what_changed: None }),
            verifications: Vec::new(),
            effect_planned: None,
            effects: Vec::new(),
            effect_criterion: None,
            cause: String::new(),
            due_moves: Vec::new(),
            helpers: Vec::new(),
            postponed: 0,
            needs_authority: None,
            steps: Vec::new(),
        };
        Todo { action, contested: Contested::default() }
    }

    #[test]
    fn the_states_are_those_of_the_life_cycle() {
        let life = workspace::schema::lifecycle(Kind::Action, None).unwrap();
        let sorted = |states: &[&'static str]| {
            let mut states = states.to_vec();
            states.sort_unstable();
            states
        };
        assert_eq!(sorted(&STATES), sorted(life.states));
    }

    #[test]
    fn what_is_late_comes_first_and_what_is_over_last() {
        let mut list = [
            todo(1, "done", Some(1), Some(90)),
            todo(2, "open", None, None),
            todo(3, "blocked", Some(120), None),
            todo(4, "in-progress", Some(20), None),
            todo(5, "verified", Some(1), Some(95)),
        ];
        list.sort_by(urgency);
        let order: Vec<u128> = list.iter().map(|todo| todo.id().to_bits()).collect();
        assert_eq!(order, [4, 3, 2, 5, 1]);
    }

    #[test]
    fn a_finished_action_is_not_late_and_leaves_after_two_weeks() {
        let today = Date::from_days(100);
        let done = todo(1, "done", Some(50), Some(90));
        assert!(done.is_fresh(today) && !done.is_fresh(Date::from_days(110)));
        let words = |status, due| todo(2, status, Some(due), None).due_words(today);
        assert_eq!(words("open", 103).as_deref(), Some("in 3\u{a0}d"));
        assert_eq!(words("open", 88).as_deref(), Some("12\u{a0}d late"));
        assert_eq!(words("done", 88).as_deref(), Some("30 Mar"));
    }
}
