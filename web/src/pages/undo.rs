//! Taking back what one did oneself on this page, and saying what came of it. What a colleague has written since is never
//! taken back: it stays, and it is said whose it is.

use super::{desk::Desk, words};
use crate::{
    shell::keys::{Group, Keys},
    state::{Left, Undone, WhyLeft},
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use workspace::{Field, Kind, RecordRef};

/// Binds the keys. Text fields keep the browser's own undo.
pub(crate) fn undo_keys(desk: Desk) {
    let keys: Keys = expect_context();
    keys.bind("Mod+z", "Take back what I did last", Group::Everywhere, move || undo(desk));
    keys.bind("Mod+Shift+z", "Do again what I took back", Group::Everywhere, move || redo(desk));
}

pub(crate) fn undo(desk: Desk) {
    match desk.undo() {
        Ok(None) => desk.toasts.say("There is nothing of yours to take back since you opened this page."),
        Ok(Some(undone)) => {
            let told = told(desk, "Taken back", &undone);
            if undone.delta.touched.is_empty() && undone.delta.edges.is_empty() {
                desk.toasts.say(told);
            } else {
                desk.toasts.offer(told, "Do it again", move || redo(desk));
            }
        }
        Err(refused) => desk.toasts.say(format!("Not taken back: {refused}")),
    }
}

fn redo(desk: Desk) {
    match desk.redo() {
        Ok(None) => desk.toasts.say("There is nothing to do again."),
        Ok(Some(done)) => {
            let told = told(desk, "Done again", &done);
            desk.toasts.offer(told, "Take it back", move || undo(desk));
        }
        Err(refused) => desk.toasts.say(format!("Not done again: {refused}")),
    }
}

/// "Taken back: due date of “Qualify the second foundry”. Tom Adeyemi has changed the owner since; that stays."
fn told(desk: Desk, verb: &str, undone: &Undone) -> String {
    let mut ends: BTreeSet<RecordRef> = undone.delta.touched.clone();
    ends.extend(undone.delta.edges.iter().map(|edge| edge.from));
    ends.retain(|record| record.kind != Kind::Meta);
    let what = act_words(&undone.name);
    let done = match ends.len() {
        0 => None,
        1 => {
            let title = ends.first().map(|record| title(desk, *record)).unwrap_or_default();
            Some(format!("{verb}: {what} of \u{201c}{title}\u{201d}."))
        }
        count => Some(format!("{verb}: {what} of {count} records.")),
    };
    let changed: Vec<&Left> = undone.left.iter().filter(|left| left.why == WhyLeft::ChangedSince).collect();
    let since = match changed.as_slice() {
        [] => None,
        [only] => Some(changed_since(desk, only)),
        several => Some(format!("{} places have been changed by others since; those stay.", several.len())),
    };
    let lasting = undone.left.iter().any(|left| left.why == WhyLeft::Lasting).then(|| {
        if done.is_some() {
            "What was recorded with it stays.".to_owned()
        } else {
            format!("Not taken back: {what}. What was recorded stays; add to it instead.")
        }
    });
    let said: Vec<String> = [done, since, lasting].into_iter().flatten().collect();
    if said.is_empty() { format!("{verb}: {what}.") } else { said.join(" ") }
}

/// What was done, as a sentence calls it: `action.due` is "due", `risk.add` is "new risk".
fn act_words(name: &str) -> String {
    let (subject, verb) = name.split_once('.').unwrap_or(("record", name));
    match verb {
        "add" | "create" if subject != "link" => format!("new {subject}"),
        "add" | "remove" => "link".to_owned(),
        "delete" => "deletion".to_owned(),
        "restore" => "restoring".to_owned(),
        "tag" | "untag" => "tags".to_owned(),
        "settle" | "choose" => "choice".to_owned(),
        "resolve" | "reopen" => "comment".to_owned(),
        _ => match Field::from_key(verb) {
            Some(field) => words::field(field).to_lowercase(),
            None => format!("\u{201c}{}\u{201d}", words::label(verb)),
        },
    }
}

/// Whose value stands there now.
fn changed_since(desk: Desk, left: &Left) -> String {
    let writer = left.record.zip(left.field).and_then(|(record, field)| {
        let latest = desk.written(record, field).into_iter().max_by_key(|(_, at)| *at);
        latest.map(|(writer, _)| desk.name_of_actor(&writer))
    });
    let who = writer.unwrap_or_else(|| "Somebody".to_owned());
    let what = left
        .field
        .map_or_else(|| "it".to_owned(), |field| format!("the {}", words::field(field).to_lowercase()));
    let whose =
        left.record.map(|record| format!(" of \u{201c}{}\u{201d}", title(desk, record))).unwrap_or_default();
    let whose = if left.field.is_some() { whose } else { String::new() };
    format!("{who} has changed {what}{whose} since; that stays.")
}

fn title(desk: Desk, record: RecordRef) -> String {
    let title = desk.record_untracked(record).map(|record| record.title().to_owned());
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| words::noun(record.kind, None).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_called_by_what_they_did() {
        assert_eq!(act_words("risk.add"), "new risk");
        assert_eq!(act_words("action.due"), "due");
        assert_eq!(act_words("link.add"), "link");
        assert_eq!(act_words("action.in-progress"), "\u{201c}In progress\u{201d}");
    }
}
