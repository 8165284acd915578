//! What is odd about how a record is kept: links that lead nowhere, stories that do not fit, what a newer version wrote.

use super::{Finding, Level, Offer};
use crate::{AsOf, links, words};
use std::collections::{BTreeMap, BTreeSet};
use workspace::history::ClockDoubt;
use workspace::lens::{Deletion, Newer, Step};
use workspace::{Field, Kind, Record, Relation};

pub(super) fn find(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    dead_ends(as_of, record, findings);
    story(as_of, record, findings);
    newer(as_of, record, findings);
    for damage in &record.damage {
        let place = Field::from_key(&damage.key).map_or_else(|| damage.key.clone(), words::field);
        let sentence =
            format!("The {place} of {} cannot be read: {}.", as_of.title(record.reference()), damage.found);
        let about = format!("{}.{}", damage.key, damage.entry.as_deref().unwrap_or_default());
        let unread = Finding::new("unreadable", Level::Watch, record.reference(), sentence).about(about);
        if findings.iter().all(|known| known.id != unread.id) {
            findings.push(unread);
        }
    }
}

/// Links and references to what was deleted, or is not there at all. Values of a figure and inputs of a review go with
/// it, and a duplicate points to the record that stayed on purpose.
fn dead_ends(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let reference = record.reference();
    if matches!(record.kind, Kind::Measurement | Kind::ReviewInput) {
        return;
    }
    let on_purpose = |link: &links::Link| matches!(link.said, links::Said::Edge(edge) if matches!(edge.relation, Relation::Duplicates | Relation::Supersedes));
    for link in links::of(as_of.view, record).into_iter().filter(|link| !on_purpose(link)) {
        let other = link.other(reference);
        let unlink = match link.said {
            links::Said::Edge(edge) => Offer::Unlink(edge),
            links::Said::Field(field) => Offer::Clear(field),
        };
        match as_of.record(other) {
            Some(there) if there.is_deleted() => {
                let deletion = Deletion::of(there);
                let by = deletion.and_then(|deletion| deletion.by).map_or("somebody", |by| as_of.name(by));
                let sentence = format!(
                    "{} is linked to {}, which {by} deleted.",
                    as_of.title(reference),
                    as_of.title(other)
                );
                findings.push(
                    Finding::new("linked-to-deleted", Level::Info, reference, sentence)
                        .about(link.key())
                        .with([other])
                        .offering([Offer::Restore(other), unlink]),
                );
            }
            Some(_) => {}
            None => {
                let sentence = format!(
                    "{} points to {} that is not in this document.",
                    as_of.title(reference),
                    article(words::noun(other.kind))
                );
                findings.push(
                    Finding::new("dead-end", Level::Info, reference, sentence)
                        .about(link.key())
                        .offering([unlink]),
                );
            }
        }
    }
}

fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// The state and the log of moves are written together; when they tell different things, something else wrote one of
/// them. Clocks do not matter here: a state fits when some way through the log can end in it.
fn story(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let steps = Step::all(record);
    let contested = record.register(Field::Status).is_some_and(workspace::Register::is_contested);
    let Some(status) = record.status().filter(|_| !steps.is_empty() && !contested) else { return };
    let mut balance: BTreeMap<&str, i32> = BTreeMap::new();
    for step in &steps {
        *balance.entry(step.to.as_str()).or_default() += 1;
        *balance.entry(step.from.as_str()).or_default() -= 1;
    }
    let ends: BTreeSet<&str> =
        balance.iter().filter(|(_, more)| **more > 0).map(|(state, _)| *state).collect();
    // A way that ends where it began has no end of its own: any state on it fits.
    let fits = if ends.is_empty() { balance.contains_key(status) } else { ends.contains(status) };
    if fits {
        return;
    }
    let told = ends.iter().map(|state| format!("“{}”", words::plain(state))).collect();
    let sentence = format!(
        "{} is called “{}”, but its story ends in {}.",
        as_of.title(record.reference()),
        words::plain(status),
        words::list(told)
    );
    findings.push(
        Finding::new("story-does-not-fit", Level::Watch, record.reference(), sentence)
            .offering([Offer::ChooseState]),
    );
}

fn newer(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let newer = Newer::of(record);
    if newer.is_nothing() {
        return;
    }
    let mut parts = Vec::new();
    if !newer.fields.is_empty() {
        parts.push(format!(
            "{} ({})",
            words::count(newer.fields.len(), "field", "fields"),
            newer.fields.join(", ")
        ));
    }
    for (field, word) in &newer.words {
        parts.push(format!("“{}” as {}", words::plain(word), words::field(*field)));
    }
    let sentence = format!(
        "A newer version wrote something into {} that this one does not know: {}. It is kept as it is.",
        as_of.title(record.reference()),
        words::list(parts)
    );
    findings.push(
        Finding::new("from-newer-version", Level::Info, record.reference(), sentence)
            .offering([Offer::Update]),
    );
}

/// Deleted by one, edited by another: both stories, and a person says which holds.
pub(super) fn find_in_deleted(as_of: &AsOf<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let reference = record.reference();
    let Some(deletion) = Deletion::of(record) else { return };
    if as_of.traces.is_none_or(|traces| !traces.edited_though_deleted.contains(&reference)) {
        return;
    }
    let by = deletion.by.map_or("somebody", |by| as_of.name(by));
    let why = deletion.reason.map_or_else(String::new, |reason| format!(" (“{reason}”)"));
    let sentence = format!(
        "{} was deleted by {by}{why} and edited by somebody who had not seen that.",
        as_of.title(reference)
    );
    findings.push(
        Finding::new("deleted-but-edited", Level::Watch, reference, sentence)
            .offering([Offer::Restore(reference), Offer::ConfirmDelete]),
    );
}

/// What the history tells about the document as a whole.
pub(super) fn find_in_whole(as_of: &AsOf<'_>, findings: &mut Vec<Finding>) {
    let Some(traces) = as_of.traces else { return };
    for (actor, changes) in &traces.unknown_devices {
        let sentence = format!(
            "{} from a device that nobody named.",
            match changes {
                1 => "One change comes".to_owned(),
                more => format!("{more} changes come"),
            }
        );
        findings.push(
            Finding::of_document("unknown-device", Level::Watch, &actor.to_string(), sentence)
                .offering([Offer::NameDevice]),
        );
    }
    // One sentence for each session whose clock was off, whatever it did.
    let mut sessions: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for doubt in &traces.doubtful_times {
        sessions.entry(&doubt.actor).or_default().push(doubt);
    }
    for (actor, doubts) in sessions {
        let Some(first) = doubts.first() else { continue };
        let whose = first.member.map_or("somebody", |member| as_of.name(member));
        let claimed = words::day(workspace::Date::of(first.claimed));
        let why = match first.why {
            ClockDoubt::Ahead => "which is still to come".to_owned(),
            ClockDoubt::Behind(seen) => {
                format!("after having seen something of {}", words::day(workspace::Date::of(seen)))
            }
        };
        let sentence = format!(
            "The clock of a device of {whose} was wrong: {} to be of {claimed}, {why}. The order is right all the \
             same; the times are only claimed.",
            match doubts.len() {
                1 => "a change claims".to_owned(),
                more => format!("{more} changes claim"),
            }
        );
        findings.push(Finding::of_document("time-claimed", Level::Info, &actor.to_string(), sentence));
    }
    if !traces.newer_maps.is_empty() || traces.newer_links > 0 {
        let mut parts = Vec::new();
        if !traces.newer_maps.is_empty() {
            let names: Vec<&str> = traces.newer_maps.iter().map(String::as_str).collect();
            parts.push(format!(
                "{} ({})",
                words::count(names.len(), "section", "sections"),
                names.join(", ")
            ));
        }
        if traces.newer_links > 0 {
            parts.push(words::count(traces.newer_links, "link", "links"));
        }
        let sentence = format!(
            "A newer version keeps something in this document that this one does not show: {}. Nothing of it is lost.",
            words::list(parts)
        );
        findings.push(
            Finding::of_document("newer-sections", Level::Info, "", sentence).offering([Offer::Update]),
        );
    }
}
