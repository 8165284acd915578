//! Nine things the top of an organisation owns rather than signs: each with what the workspace shows of it, and what is
//! missing, in plain words.

use crate::findings::{ANSWER_DAYS, hollow_promises};
use crate::{AsOf, words};
use ids::MemberId;
use workspace::lens::{
    Action, Direction, Feedback, Goal, Grant, Need, Policy, RegisterEntry, Requirement, Review, Seat,
};
use workspace::{Date, Field, Kind, Record, RecordRef};

/// One of the nine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Answering for whether it works.
    Results,
    /// Choosing the direction.
    Direction,
    /// A policy that means something.
    Policy,
    /// Keeping customers in the middle.
    Customers,
    /// Weighing risks and chances.
    Risk,
    /// Providing means.
    Means,
    /// Saying who does what and who may decide.
    Authority,
    /// Listening to people and going first.
    People,
    /// Seeing to it that things get better.
    Improvement,
}

/// All of them, in the order they are shown.
pub const DUTIES: [Duty; 9] = [
    Duty::Results,
    Duty::Direction,
    Duty::Policy,
    Duty::Customers,
    Duty::Risk,
    Duty::Means,
    Duty::Authority,
    Duty::People,
    Duty::Improvement,
];

impl Duty {
    /// The code that a seat carries for it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Results => "results",
            Self::Direction => "direction",
            Self::Policy => "policy",
            Self::Customers => "customer-focus",
            Self::Risk => "risk",
            Self::Means => "means",
            Self::Authority => "authority",
            Self::People => "people",
            Self::Improvement => "improvement",
        }
    }

    /// What the top owns, as a short sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Results => "We answer for whether it works",
            Self::Direction => "We choose where this is going",
            Self::Policy => "We promise something, and work on it",
            Self::Customers => "We keep customers in the middle",
            Self::Risk => "We weigh risks and chances when we decide",
            Self::Means => "We provide what the work needs",
            Self::Authority => "We say who does what and who may decide",
            Self::People => "We listen, answer and go first",
            Self::Improvement => "We see to it that things get better",
        }
    }

    /// What would fill it, for a workspace that shows nothing of it yet.
    const fn filled_by(self) -> &'static str {
        match self {
            Self::Results => {
                "A review in which the team answers, with reasons, whether the system is suitable, adequate, effective and aligned."
            }
            Self::Direction => "A purpose, an ambition, and goals with a sponsor.",
            Self::Policy => "A policy version in force whose promises are linked to objectives or figures.",
            Self::Customers => {
                "Requirements with a judgement how far they are met, and what customers said lately."
            }
            Self::Risk => "Risks and opportunities with an owner and a rating.",
            Self::Means => "Needs with an answer: yes, no, or when.",
            Self::Authority => "Seats with a holder, and grants of authority that are in effect.",
            Self::People => "Concerns that were answered, and what leaders went to see for themselves.",
            Self::Improvement => "Ideas on trial or adopted, and actions that were found to work.",
        }
    }
}

/// What the workspace shows of a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRow {
    /// Which duty.
    pub duty: Duty,
    /// The records that show it.
    pub evidence: Vec<RecordRef>,
    /// What is missing; `None` when nothing is known to be.
    pub gap: Option<String>,
    /// Members whose seat carries the duty.
    pub holders: Vec<MemberId>,
}

/// What customers said within so many days is recent.
const RECENT_DAYS: i32 = 365;

/// The nine rows.
pub fn duties(as_of: &AsOf<'_>) -> Vec<DutyRow> {
    let row = |duty: Duty| {
        let (evidence, missing) = match duty {
            Duty::Results => results(as_of),
            Duty::Direction => direction(as_of),
            Duty::Policy => policy(as_of),
            Duty::Customers => customers(as_of),
            Duty::Risk => risk(as_of),
            Duty::Means => means(as_of),
            Duty::Authority => authority(as_of),
            Duty::People => people(as_of),
            Duty::Improvement => improvement(as_of),
        };
        let gap = if evidence.is_empty() {
            Some(format!("Nothing here yet. This would fill it: {}", lower_first(duty.filled_by())))
        } else {
            missing
        };
        DutyRow { duty, evidence, gap, holders: as_of.holders_of_duty(duty.key()) }
    };
    DUTIES.into_iter().map(row).collect()
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

type Shown = (Vec<RecordRef>, Option<String>);

fn all<'a>(as_of: &AsOf<'a>, kind: Kind, keep: impl Fn(&Record) -> bool) -> Vec<RecordRef> {
    as_of.all(kind).filter(|record| keep(record)).map(Record::reference).collect()
}

/// `told` when there is something to tell.
fn some(number: usize, told: impl FnOnce(usize) -> String) -> Option<String> {
    (number > 0).then(|| told(number))
}

fn results(as_of: &AsOf<'_>) -> Shown {
    let judged = all(as_of, Kind::Review, |record| !Review::of(record).judgements.is_empty());
    let closed = all(as_of, Kind::Review, |record| matches!(record.status(), Some("signed" | "amended")));
    let silent = closed.iter().filter(|review| !judged.contains(review)).count();
    let gap = some(silent, |number| {
        format!(
            "{} ended without an answer to the four questions.",
            words::count(number, "review", "reviews")
        )
    });
    (judged, gap)
}

fn direction(as_of: &AsOf<'_>) -> Shown {
    let mut shown = all(as_of, Kind::Goal, |record| Goal::of(record).is_active());
    let direction = Direction::of(as_of.view);
    if !direction.is_blank() {
        shown.insert(0, RecordRef::singleton(Kind::Direction));
    }
    let unsponsored = as_of.all(Kind::Goal).map(Goal::of);
    let unsponsored = unsponsored.filter(|goal| goal.is_active() && goal.sponsors.len() != 1).count();
    let gap = if direction.is_blank() {
        Some("Purpose, ambition and choices are not written yet.".to_owned())
    } else {
        some(unsponsored, |number| {
            let verb = if number == 1 { "does" } else { "do" };
            format!("{} {verb} not have exactly one sponsor.", words::count(number, "goal", "goals"))
        })
    };
    (shown, gap)
}

fn policy(as_of: &AsOf<'_>) -> Shown {
    let in_force = Policy::in_force(as_of.view);
    let (hollow, total) = hollow_promises(as_of);
    let gap = match (in_force.len(), hollow.len()) {
        (0 | 1, 0) => None,
        (0 | 1, number) => Some(format!(
            "{number} of {} {} words without work.",
            words::count(total, "promise", "promises"),
            if number == 1 { "is" } else { "are" }
        )),
        (versions, _) => Some(format!("{versions} versions claim to be in force.")),
    };
    (in_force.iter().map(Policy::record).collect(), gap)
}

fn customers(as_of: &AsOf<'_>) -> Shown {
    let mut shown = all(as_of, Kind::Requirement, |record| Requirement::of(record).judgement().is_some());
    let recent = |day: Option<Date>| day.is_some_and(|day| as_of.today.days_since(day) <= RECENT_DAYS);
    shown.extend(all(as_of, Kind::Feedback, |record| recent(Feedback::of(record).date)));
    let orphaned = as_of.all(Kind::Requirement).map(Record::reference);
    let orphaned = orphaned.filter(|requirement| Requirement::is_orphaned(as_of.view, *requirement)).count();
    let gap = some(orphaned, |number| {
        let verb = if number == 1 { "is" } else { "are" };
        format!("{} {verb} served by no objective.", words::count(number, "requirement", "requirements"))
    });
    (shown, gap)
}

fn risk(as_of: &AsOf<'_>) -> Shown {
    let entry = |record: &Record| RegisterEntry::of(record, &as_of.settings);
    let shown = all(as_of, Kind::Register, |record| {
        let entry = entry(record);
        entry.is_open() && entry.now.score().is_some()
    });
    let late = as_of
        .all(Kind::Register)
        .filter(|record| entry(record).review_overdue(as_of.today).is_some())
        .count();
    let gap = some(late, |number| {
        let verb = if number == 1 { "waits" } else { "wait" };
        format!("{} {verb} for a look that is due.", words::count(number, "entry", "entries"))
    });
    (shown, gap)
}

fn means(as_of: &AsOf<'_>) -> Shown {
    let shown = all(as_of, Kind::Need, |record| !Need::of(record).is_unanswered());
    let needs = as_of.all(Kind::Need).map(Need::of);
    let waiting =
        needs.filter(|need| need.days_waiting(as_of.today).is_some_and(|days| days > ANSWER_DAYS)).count();
    let gap = some(waiting, |number| {
        let verb = if number == 1 { "has" } else { "have" };
        let needs = words::count(number, "need", "needs");
        format!("{needs} {verb} waited for an answer for more than {ANSWER_DAYS} days.")
    });
    (shown, gap)
}

fn authority(as_of: &AsOf<'_>) -> Shown {
    let mut shown = all(as_of, Kind::Seat, |record| !Seat::of(record).is_empty());
    shown.extend(all(as_of, Kind::Grant, |record| Grant::of(record).is_in_effect(as_of.today)));
    let gone = as_of.all(Kind::Grant).filter(|record| Grant::of(record).is_expired(as_of.today)).count();
    let empty = as_of.all(Kind::Seat).filter(|record| Seat::of(record).is_empty()).count();
    let gap = if empty > 0 {
        some(empty, |number| format!("{} without a holder.", words::count(number, "seat", "seats")))
    } else {
        some(gone, |number| format!("{} of authority ran out.", words::count(number, "grant", "grants")))
    };
    (shown, gap)
}

fn people(as_of: &AsOf<'_>) -> Shown {
    let answered = |record: &Record| record.date(Field::FirstAnswerAt).is_some();
    let mut shown = all(as_of, Kind::Concern, answered);
    shown.extend(all(as_of, Kind::LeadershipEntry, |_| true));
    let silent = as_of.all(Kind::Concern).filter(|record| !answered(record)).count();
    let gap = some(silent, |number| {
        let verb = if number == 1 { "waits" } else { "wait" };
        format!("{} {verb} for a first answer.", words::count(number, "concern", "concerns"))
    });
    (shown, gap)
}

fn improvement(as_of: &AsOf<'_>) -> Shown {
    let mut shown =
        all(as_of, Kind::Improvement, |record| matches!(record.status(), Some("trial" | "adopted")));
    shown.extend(all(as_of, Kind::Action, |record| record.status() == Some("effective")));
    let unknown = as_of.all(Kind::Action).map(Action::of);
    let unknown = unknown.filter(|action| crate::findings::is_effect_overdue(action, as_of.today)).count();
    let gap = some(unknown, |number| {
        let actions = words::count(number, "action", "actions");
        format!("Nobody looked whether {actions} worked.")
    });
    (shown, gap)
}
