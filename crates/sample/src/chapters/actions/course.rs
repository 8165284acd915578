//! The days of an action, out of its due day, its end, its source and how often it was postponed.

use crate::{
    chapters::{culture, register},
    data::{Action, Data},
};
use std::collections::BTreeMap;

/// When an action was begun so early or late that the rule would not guess it.
const CREATED: &[(&str, i32)] = &[("A05", -228), ("A28", -165), ("A61", -205)];
/// Postponed by this many days each time, where there is room.
const STEP: (i32, i32) = (10, 35);
/// The last days of the story in which something may still happen to an open action.
const LATEST: i32 = -4;

/// What happens to an action, and when.
#[derive(Debug, Clone, Default)]
pub(in crate::chapters) struct Course {
    pub(in crate::chapters) created: i32,
    pub(super) started: Option<i32>,
    /// The due days, the first one first.
    pub(super) dues: Vec<i32>,
    /// The day of each postponement.
    pub(super) pushes: Vec<i32>,
    pub(super) blocked: Option<(i32, &'static str)>,
    /// Evidence on the way.
    pub(super) shown: Vec<i32>,
    /// Evidence together with the end.
    pub(super) shown_at_the_end: bool,
    pub(in crate::chapters) done: Option<i32>,
    pub(super) verified: Option<i32>,
    /// When somebody means to look whether it helped.
    pub(super) check_planned: Option<i32>,
    pub(in crate::chapters) checked: Option<i32>,
    pub(super) cancelled: Option<i32>,
}

/// The course of every action, by code.
pub(in crate::chapters) fn courses(data: &Data) -> BTreeMap<String, Course> {
    let mut courses: BTreeMap<String, Course> = BTreeMap::new();
    for action in &data.actions {
        // An action that follows from another one stands after it in the file.
        let earliest = earliest(data, action, &courses);
        courses.insert(action.code.clone(), course(action, earliest));
    }
    courses
}

/// The day after its source was there.
fn earliest(data: &Data, action: &Action, courses: &BTreeMap<String, Course>) -> i32 {
    let treated = data.register.iter().filter(|row| row.actions.contains(&action.code));
    let source = match action.source.split_at_checked(1) {
        Some(("M", _)) => super::review_day(data, &action.source),
        Some(("F", _)) => culture::found(&action.source),
        Some(("A", _)) => courses.get(&action.source).and_then(|course| course.checked).unwrap_or(LATEST),
        Some(("O", _)) => -364,
        _ => -720,
    };
    treated.map(|row| register::assessed(&row.code)).fold(source, i32::max) + 1
}

fn course(action: &Action, earliest: i32) -> Course {
    let number: i32 = action.code.trim_start_matches('A').parse().unwrap_or(0);
    let pushes = action.pushes;
    let end = action.closed.unwrap_or(action.due).min(action.due).min(10);
    let guess = end - 50 - number * 7 % 36 - pushes * 25;
    let known = CREATED.iter().find(|(code, _)| *code == action.code).map(|(_, day)| *day);
    let created = known.unwrap_or(guess).max(earliest).min(end - 12).min(LATEST - 8);

    let mut course = Course { created, ..Course::default() };
    match action.state.as_str() {
        "closed" => {
            let closed = action.closed.unwrap_or(action.due);
            course.done = Some(closed);
            course.verified = Some((closed + 1).min(-1));
            let checked = (closed + 29 + number % 20).min(LATEST - number % 5);
            let looked = matches!(action.effect.as_deref(), Some("effective" | "ineffective"));
            course.checked = looked.then_some(checked);
            course.check_planned = Some(if looked { checked } else { closed + 60 });
        }
        "done" => course.done = Some(action.due + 2),
        "cancelled" => course.cancelled = action.closed,
        _ => {}
    }
    let last = course.done.or(course.cancelled).map_or(LATEST, |end| end - 3);

    let span = ((action.due - created) / (pushes + 1)).clamp(STEP.0, STEP.1);
    course.dues = (0..=pushes).map(|push| action.due - (pushes - push) * span).collect();
    let mut earlier = created;
    for (push, due) in (1..).zip(course.dues.iter().take(usize::try_from(pushes).unwrap_or(0))) {
        let day = (due - 2).max(earlier + 4).min(last - (pushes - push) * 5);
        course.pushes.push(day);
        earlier = day;
    }

    // The chief executive does not report that she has begun.
    let reports = action.owner != "m-ceo" || !matches!(action.state.as_str(), "closed" | "done");
    if action.state != "open" && reports {
        course.started = Some((created + 5 + number % 8).min(last));
    }
    course.blocked = match action.code.as_str() {
        "A08" => Some((-61, "No answer about the money for bench 3.")),
        "A17" => Some((-76, "The review refused the money for this year.")),
        _ => None,
    };
    course.shown_at_the_end = course.done.is_some() && action.evidence > 0;
    let on_the_way = action.evidence.saturating_sub(u32::from(course.shown_at_the_end));
    if let Some(started) = course.started {
        course.shown = (0..on_the_way).map(|_| (started + last) / 2 + 1).collect();
    }
    course
}
