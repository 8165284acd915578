//! Changing one record or many in the same way: owner, date, state, tag, deletion. Each asks for one thing and writes one
//! act, which is one step to take back. A list, a key, a menu and a dragged card all come here.

use super::{desk::Desk, fields::value_words, moves, tags, words};
use crate::components::{
    combobox::{Hint, Offer, Offers},
    day_words,
    icon::Icon,
    picker::Question,
};
use leptos::prelude::*;
use std::sync::Arc;
use workspace::{Date, Edit, Field, Kind, Record, RecordRef, Scalar, lens::owner_field};

/// What is changed, as a sentence calls it: "“Qualify the foundry”", or "3 actions".
fn named(desk: Desk, records: &[RecordRef]) -> String {
    match records {
        [only] => {
            let title =
                desk.record_untracked(*only).map(|record| record.title().to_owned()).unwrap_or_default();
            format!("\u{201c}{title}\u{201d}")
        }
        several => format!("{} records", several.len()),
    }
}

/// The records as they are now, without those that nobody may change any more.
fn changeable(desk: Desk, records: &[RecordRef]) -> Vec<Arc<Record>> {
    let records = records.iter().filter_map(|record| desk.record_untracked(*record));
    records.filter(|record| !record.is_deleted()).collect()
}

/// Writes, says what was done, and offers the way back.
fn write(desk: Desk, act: &str, edits: Vec<Edit>, done: String) {
    if edits.is_empty() {
        desk.toasts.say("It is so already.");
    } else if desk.act(act, edits) {
        desk.toasts.offer(done, "Undo", move || super::undo::undo(desk));
    }
}

fn act_name(records: &[Arc<Record>], verb: &str) -> String {
    let noun = records.first().map_or("record", |record| words::noun(record.kind, None));
    format!("{noun}.{verb}")
}

/// Whether a word of the name begins with what is typed.
fn fits(query: &str, name: &str) -> bool {
    let (query, name) = (query.trim().to_lowercase(), name.to_lowercase());
    name.starts_with(&query) || name.split_whitespace().any(|word| word.starts_with(&query))
}

/// Sets one register of every record that has it.
fn set_all(
    desk: Desk,
    records: &[RecordRef],
    field: fn(Kind) -> Option<Field>,
    value: Option<Scalar>,
    done: String,
) {
    let records = changeable(desk, records);
    let edits: Vec<Edit> = records
        .iter()
        .filter_map(|record| {
            let field = field(record.kind)?;
            let is_so = record.register(field).is_none_or(|register| !register.is_contested())
                && record.shown(field) == value.as_ref();
            (!is_so).then(|| Edit::Set { record: record.reference(), field, value: value.clone() })
        })
        .collect();
    let key = records.iter().find_map(|record| field(record.kind)).map_or("change", Field::key);
    let name = act_name(&records, key);
    write(desk, &name, edits, done);
}

// --- Owner ----------------------------------------------------------------------------------------------------------

pub(crate) fn ask_owner(desk: Desk, records: Vec<RecordRef>) {
    if records.iter().all(|record| owner_field(record.kind).is_none()) {
        desk.toasts.say("This has no owner of its own.");
        return;
    }
    let now = same(desk, &records, |record| record.id_of(owner_field(record.kind)?).map(|id| id.to_string()));
    let title = format!("Owner of {}", named(desk, &records));
    let question = Question::new(title, "A name", move |query| {
        let people = desk.member_choices().into_iter().filter(|choice| fits(query, &choice.label));
        let mut offers: Vec<Offer> = people
            .map(|choice| {
                let (records, id, name) = (records.clone(), choice.value.clone(), choice.label.clone());
                let offer = Offer::new(choice.label, move || {
                    let done = format!("{name} owns {} now", named(desk, &records));
                    set_all(desk, &records, owner_field, Some(id.clone().into()), done);
                });
                marked(offer, now.as_deref() == Some(choice.value.as_str()))
            })
            .collect();
        if fits(query, "No owner") {
            let records = records.clone();
            offers.push(Offer::new("No owner", move || {
                let done = format!("Nobody owns {} now", named(desk, &records));
                set_all(desk, &records, owner_field, None, done);
            }));
        }
        vec![Offers { heading: "", offers }]
    });
    desk.picker.ask(question);
}

fn marked(offer: Offer, is_now: bool) -> Offer {
    if is_now { offer.with_hint(Hint::Now) } else { offer }
}

/// What all records have in common.
fn same(desk: Desk, records: &[RecordRef], read: impl Fn(&Record) -> Option<String>) -> Option<String> {
    let mut values = changeable(desk, records).into_iter().map(|record| read(&record));
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

// --- Date -----------------------------------------------------------------------------------------------------------

/// The day that presses, by kind.
pub(crate) const fn date_field(kind: Kind) -> Option<Field> {
    match kind {
        Kind::Action => Some(Field::Due),
        Kind::Register => Some(Field::ReviewDue),
        Kind::Need => Some(Field::NeededBy),
        _ => None,
    }
}

pub(crate) fn ask_date(desk: Desk, records: Vec<RecordRef>) {
    let Some(first) = records.iter().find_map(|record| date_field(record.kind)) else {
        desk.toasts.say("This has no day of its own; its target has one.");
        return;
    };
    let what = if first == Field::ReviewDue { "Look again at" } else { "Due day of" };
    let title = format!("{what} {}", named(desk, &records));
    let question = Question {
        none: "No day is called so. Try \u{201c}fri\u{201d}, \u{201c}in 2 weeks\u{201d} or \u{201c}12 dec\u{201d}.",
        ..Question::new(title, "fri, in 2 weeks, 12 dec \u{2026}", move |query| {
            let today = desk.today().get_untracked();
            let mut offers: Vec<Offer> = day_words::meant(query, today)
                .into_iter()
                .map(|(name, date)| {
                    let records = records.clone();
                    day_offer(name, date, today, move || set_date(desk, &records, Some(date)))
                })
                .collect();
            if query.trim().is_empty() || fits(query, "No date") {
                let records = records.clone();
                offers.push(Offer::new("No date", move || set_date(desk, &records, None)));
            }
            vec![Offers { heading: "", offers }]
        })
    };
    desk.picker.ask(question);
}

fn day_offer(name: String, date: Date, today: Date, take: impl Fn() + Send + Sync + 'static) -> Offer {
    let day = day_words::with_weekday(date, today);
    if name.is_empty() { Offer::new(day, take) } else { Offer::new(name, take).with_hint(Hint::Words(day)) }
}

fn set_date(desk: Desk, records: &[RecordRef], date: Option<Date>) {
    let value = date.map(|date| Scalar::from(date.to_string()));
    let day = value.as_ref().map_or_else(|| "no date".to_owned(), |value| value_words(desk, value));
    let done = format!("{}: {day}", named(desk, records));
    set_all(desk, records, date_field, value, done);
}

// --- State ----------------------------------------------------------------------------------------------------------

pub(crate) fn ask_state(desk: Desk, records: Vec<RecordRef>) {
    let ways = ways(&changeable(desk, &records));
    if ways.is_empty() {
        desk.toasts.say("There is no state that this could go to.");
        return;
    }
    let count = records.len();
    let title = format!("State of {}", named(desk, &records));
    let question = Question::new(title, "A state", move |query| {
        let offers = ways
            .iter()
            .filter(|way| fits(query, &way.words))
            .map(|way| {
                let (to, records) = (way.to.clone(), way.records.clone());
                let dots = if way.asks { "\u{2026}" } else { "" };
                let offer =
                    Offer::new(format!("{}{dots}", way.words), move || move_to(desk, records.clone(), &to));
                let part = way.records.len();
                if part < count { offer.with_hint(Hint::Words(format!("{part} of {count}"))) } else { offer }
            })
            .collect();
        vec![Offers { heading: "", offers }]
    });
    desk.picker.ask(question);
}

/// A state that some of the records can go to.
struct Way {
    to: String,
    words: String,
    /// Whether something has to be said with it.
    asks: bool,
    /// Those that can.
    records: Vec<RecordRef>,
}

fn ways(records: &[Arc<Record>]) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for record in records {
        let (Some(life), Some(from)) = (record.lifecycle(), record.status()) else { continue };
        for to in life.next(from) {
            let asks = moves::needs_answer(record.kind, from, to);
            let verb = words::verb(record.kind, from, to);
            match ways.iter_mut().find(|way| way.to == to) {
                Some(way) => {
                    way.records.push(record.reference());
                    way.asks |= asks;
                    if way.words != verb {
                        way.words = words::label(to);
                    }
                }
                None => {
                    ways.push(Way { to: to.to_owned(), words: verb, asks, records: vec![record.reference()] })
                }
            }
        }
    }
    ways.sort_by_key(|way| words::move_place(&way.to));
    ways
}

/// Moves all records that can go there; what the move needs to be told is asked once for all of them.
pub(crate) fn move_to(desk: Desk, records: Vec<RecordRef>, to: &str) {
    let to = to.to_owned();
    let question = changeable(desk, &records)
        .iter()
        .find_map(|record| moves::question(record.kind, record.status().unwrap_or_default(), &to));
    match question {
        None => make_moves(desk, &records, &to, "", None),
        Some(question) if question.asks_until => {
            let title = format!("{} until when?", words::label(&to));
            let question_until = Question::new(title, "fri, in 2 weeks, 12 dec \u{2026}", move |query| {
                let today = desk.today().get_untracked();
                let offers = day_words::meant(query, today)
                    .into_iter()
                    .map(|(name, date)| {
                        let (records, to) = (records.clone(), to.clone());
                        day_offer(name, date, today, move || {
                            ask_answer(desk, records.clone(), to.clone(), question, Some(date));
                        })
                    })
                    .collect();
                vec![Offers { heading: "", offers }]
            });
            desk.picker.ask(question_until);
        }
        Some(question) => ask_answer(desk, records, to, question, None),
    }
}

fn ask_answer(desk: Desk, records: Vec<RecordRef>, to: String, asked: moves::Question, until: Option<Date>) {
    let verb = words::label(&to);
    let title = format!("{verb}, {}: {}", named(desk, &records), asked.words.to_lowercase());
    let placeholder =
        if asked.is_needed { asked.words.to_owned() } else { format!("{} (optional)", asked.words) };
    let question = Question {
        none: "A few words are needed.",
        ..Question::new(title, placeholder, move |words| {
            let words = words.trim().to_owned();
            if words.is_empty() && asked.is_needed {
                return Vec::new();
            }
            let (records, to) = (records.clone(), to.clone());
            let label =
                if words.is_empty() { verb.clone() } else { format!("{verb}: \u{201c}{words}\u{201d}") };
            let offer = Offer::new(label, move || make_moves(desk, &records, &to, &words, until));
            vec![Offers { heading: "", offers: vec![offer.with_icon(Icon::Check)] }]
        })
    };
    desk.picker.ask(question);
}

fn make_moves(desk: Desk, records: &[RecordRef], to: &str, answer: &str, until: Option<Date>) {
    let records = changeable(desk, records);
    let can = |record: &&Arc<Record>| match (record.lifecycle(), record.status()) {
        (Some(life), Some(from)) => life.allows(from, to),
        _ => false,
    };
    let movable: Vec<&Arc<Record>> = records.iter().filter(can).collect();
    let edits = movable.iter().flat_map(|record| moves::edits(desk, record, to, answer, until)).collect();
    let moved: Vec<RecordRef> = movable.iter().map(|record| record.reference()).collect();
    let done = format!("{}: {}", named(desk, &moved), words::label(to));
    write(desk, &act_name(&records, to), edits, done);
}

// --- Tags -----------------------------------------------------------------------------------------------------------

pub(crate) fn ask_tag(desk: Desk, records: Vec<RecordRef>) {
    let mut kinds: Vec<Kind> = records.iter().map(|record| record.kind).collect();
    kinds.dedup();
    let title = format!("Tag {}", named(desk, &records));
    let question = Question {
        none: "Type a tag.",
        ..Question::new(title, "A tag", move |query| {
            let typed = query.trim().trim_start_matches('#').to_owned();
            let known = tags::in_use(kinds.iter().flat_map(|kind| untrack(|| desk.records(*kind))));
            let is_known = known.iter().any(|tag| tag.to_lowercase() == typed.to_lowercase());
            let here = changeable(desk, &records);
            let mut offers: Vec<Offer> = known
                .into_iter()
                .filter(|tag| fits(&typed, tag))
                .map(|tag| {
                    let is_on_all =
                        here.iter().all(|record| record.members(Field::Tags).any(|member| member == tag));
                    let (records, name) = (records.clone(), tag.clone());
                    let offer = Offer::new(tag, move || turn_tag(desk, &records, &name, !is_on_all));
                    marked(offer, is_on_all)
                })
                .collect();
            if !typed.is_empty() && !is_known {
                let records = records.clone();
                let label = format!("New tag \u{201c}{typed}\u{201d}");
                offers.push(
                    Offer::new(label, move || turn_tag(desk, &records, &typed, true)).with_icon(Icon::Plus),
                );
            }
            vec![Offers { heading: "", offers }]
        })
    };
    desk.picker.ask(question);
}

fn turn_tag(desk: Desk, records: &[RecordRef], tag: &str, is_on: bool) {
    let here = changeable(desk, records);
    let field = Field::Tags;
    let edits = here
        .iter()
        .filter(|record| record.members(field).any(|member| member == tag) != is_on)
        .map(|record| {
            let (record, member) = (record.reference(), tag.to_owned());
            if is_on {
                Edit::Include { record, field, member }
            } else {
                Edit::Exclude { record, field, member }
            }
        })
        .collect();
    let (act, done) = if is_on {
        ("record.tag", format!("{} tagged \u{201c}{tag}\u{201d}", named(desk, records)))
    } else {
        ("record.untag", format!("Tag \u{201c}{tag}\u{201d} taken off {}", named(desk, records)))
    };
    write(desk, act, edits, done);
}

// --- Deletion -------------------------------------------------------------------------------------------------------

pub(crate) fn ask_delete(desk: Desk, records: Vec<RecordRef>) {
    let what = named(desk, &records);
    let question = Question::new(format!("Delete {what}"), "Why (optional)", move |reason| {
        let (records, reason) = (records.clone(), reason.trim().to_owned());
        let label =
            if reason.is_empty() { "Delete".to_owned() } else { format!("Delete: \u{201c}{reason}\u{201d}") };
        let offer = Offer::new(label, move || delete(desk, &records, &reason)).with_icon(Icon::Bin);
        let hint = Hint::Words("can be restored".to_owned());
        vec![Offers { heading: "", offers: vec![offer.with_hint(hint)] }]
    });
    desk.picker.ask(question);
}

fn delete(desk: Desk, records: &[RecordRef], reason: &str) {
    let done = format!("Deleted {}", named(desk, records));
    let here = changeable(desk, records);
    let edits = here
        .iter()
        .map(|record| Edit::Delete { record: record.reference(), reason: reason.to_owned() })
        .collect();
    write(desk, &act_name(&here, "delete"), edits, done);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_met_by_the_beginning_of_any_of_its_words() {
        assert!(fits("ade", "Tom Adeyemi") && fits("tom a", "Tom Adeyemi") && fits("", "Tom"));
        assert!(!fits("om", "Tom Adeyemi"));
    }
}
