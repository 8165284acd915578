//! Who worked on the system, and when: the table of the story, recomputed from the document's changes.
//!
//! It is computed twice. Once from what changes say about themselves (message and device), as a signal can do it in a
//! moment: distinct (member, record, UTC day) over the changes of members, sign-offs and acknowledgements left out.
//! And once from the operations: which records a change adds, which texts it alters by twenty characters or more, and
//! whether it changes a status, score, target, due date, owner, decision or answer. The two agree.

use crate::support::{anchor, code_of, sample, view};
use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{ObjType, legacy::OpId};
use std::collections::{BTreeMap, BTreeSet};
use workspace::{ChangeNote, Date, Field, Kind, RecordRef};

/// (member, record, day)
type Work = BTreeSet<(String, RecordRef, i32)>;

const TOP: [&str; 6] = ["m-ceo", "m-coo", "m-cfo", "m-qa", "m-cco", "m-cto"];
const PHASES: [(i32, i32); 4] = [(-720, -377), (-376, -356), (-355, -275), (-274, -1)];
const TABLE: [(&str, [usize; 4]); 6] = [
    ("m-ceo", [0, 10, 0, 2 * 39]),
    ("m-coo", [17, 15, 12, 4 * 39]),
    ("m-cfo", [9, 0, 0, 2 * 39]),
    ("m-qa", [98, 80, 36, 5 * 39]),
    ("m-cco", [0, 0, 12, 3 * 39]),
    ("m-cto", [0, 0, 0, 3 * 39]),
];

fn is_signature(note: &ChangeNote) -> bool {
    matches!(note.act.as_str(), "review.sign" | "policy.acknowledge")
}

fn story_day(seconds: i64) -> i32 {
    Date::of(ids::Timestamp::from_secs(seconds)).days_since(anchor())
}

/// The code of the member behind a change; another system is nobody.
fn worker(change: &automerge::ChangeMetadata<'_>) -> Option<String> {
    let actor = ids::ActorId::new(change.actor.to_bytes());
    let member = view().member_of(&actor)?;
    view().get(Kind::Member, member.0).map(|_| code_of(&member.to_string()))
}

fn by_messages() -> Work {
    let mut work = Work::new();
    for change in sample().doc.get_changes_meta(&[]) {
        let note = change.message.as_deref().and_then(ChangeNote::parse).unwrap();
        let Some(member) = worker(&change) else { continue };
        if is_signature(&note) {
            continue;
        }
        work.extend(note.records.iter().map(|record| (member.clone(), *record, story_day(change.timestamp))));
    }
    work
}

/// What the operations of a change stand in.
#[derive(Clone)]
enum Place {
    Top(Kind),
    Record(RecordRef),
    Inside(RecordRef, Field),
    Elsewhere,
}

fn is_substantive(record: RecordRef, field: Field) -> bool {
    match field {
        // Status, score, target, due date, owner, answer.
        Field::Status
        | Field::Assessments
        | Field::Acceptances
        | Field::Target
        | Field::Targets
        | Field::Due
        | Field::Owner
        | Field::Accountable
        | Field::Answers
        | Field::Outcomes
        | Field::Judgements
        | Field::Verifications
        | Field::EffectResults
        | Field::Climate => true,
        // A decision.
        Field::Frozen | Field::Tradeoff | Field::Kinds | Field::LookBack => record.kind == Kind::Decision,
        _ => false,
    }
}

fn by_operations() -> Work {
    let mut places: BTreeMap<OpId, Place> = BTreeMap::new();
    let mut work = Work::new();
    let changes = sample().doc.get_changes(&[]);
    for (change, meta) in changes.iter().zip(sample().doc.get_changes_meta(&[])) {
        assert_eq!(change.hash(), meta.hash);
        let expanded = change.decode();
        let mut touched = BTreeSet::new();
        let mut written: BTreeMap<(RecordRef, Field), usize> = BTreeMap::new();
        for (at, op) in (expanded.start_op.get()..).zip(&expanded.operations) {
            let key = match &op.key {
                Key::Map(key) => key.as_str(),
                Key::Seq(_) => "",
            };
            let parent = match &op.obj {
                ObjectId::Root => None,
                ObjectId::Id(id) => Some(places.get(id).cloned().unwrap()),
            };
            let made = matches!(op.action, OpType::Make(_));
            let place = match parent {
                None => Kind::from_collection(key).map_or(Place::Elsewhere, |kind| {
                    if kind.is_singleton() {
                        Place::Record(RecordRef::singleton(kind))
                    } else {
                        Place::Top(kind)
                    }
                }),
                Some(Place::Top(kind)) => {
                    let record = RecordRef::new(kind, key.parse().unwrap());
                    touched.insert(record);
                    Place::Record(record)
                }
                Some(Place::Record(record)) => {
                    let field = Field::from_key(key).unwrap();
                    if is_substantive(record, field) && !made {
                        touched.insert(record);
                    }
                    Place::Inside(record, field)
                }
                Some(Place::Inside(record, field)) => {
                    if op.insert {
                        *written.entry((record, field)).or_default() += 1;
                    } else if is_substantive(record, field) {
                        touched.insert(record);
                    }
                    Place::Elsewhere
                }
                Some(Place::Elsewhere) => Place::Elsewhere,
            };
            if let OpType::Make(kind) = op.action {
                assert_ne!(kind, ObjType::List);
                places.insert(OpId::new(at, &expanded.actor_id), place);
            }
        }
        touched.extend(written.iter().filter(|(_, chars)| **chars >= 20).map(|((record, _), _)| *record));
        let note = meta.message.as_deref().and_then(ChangeNote::parse).unwrap();
        if let (Some(member), false) = (worker(&meta), is_signature(&note)) {
            work.extend(
                touched.into_iter().map(|record| (member.clone(), record, story_day(meta.timestamp))),
            );
        }
    }
    work
}

#[test]
fn everybody_works_as_much_as_the_table_says() {
    let work = by_messages();
    for (member, counts) in TABLE {
        let found = PHASES.map(|(first, last)| {
            work.iter().filter(|(who, _, day)| who == member && (first..=last).contains(day)).count()
        });
        assert_eq!(found, counts, "{member}");
    }
    assert!(work.iter().all(|(_, _, day)| (-720..=-1).contains(day)));
}

#[test]
fn messages_tell_the_truth_about_the_work() {
    let of_the_top =
        |work: Work| work.into_iter().filter(|(who, ..)| TOP.contains(&who.as_str())).collect::<Work>();
    let (said, done) = (of_the_top(by_messages()), of_the_top(by_operations()));
    let only_said: Vec<_> = said.difference(&done).collect();
    let only_done: Vec<_> = done.difference(&said).collect();
    assert!(only_said.is_empty() && only_done.is_empty(), "said: {only_said:?}\ndone: {only_done:?}");
}

#[test]
fn the_year_before_the_audit_was_worked_in_three_weeks() {
    // All members count, not only the top team.
    let work = by_messages();
    let in_days =
        |first: i32, last: i32| work.iter().filter(|(_, _, day)| (first..last).contains(day)).count();
    let audit = -355;
    assert_eq!((in_days(audit - 21, audit), in_days(audit - 365, audit)), (105, 229));
    let silent = |day: i32| -> Vec<&str> {
        let worked =
            |member: &&str| work.iter().any(|(who, _, at)| who == member && (day - 60..day).contains(at));
        TOP.iter().copied().filter(|member| !worked(member)).collect()
    };
    assert_eq!(silent(audit), ["m-cco", "m-cto"]);
    assert_eq!(silent(0), [""; 0]);
}

#[test]
fn since_the_review_the_work_is_spread_over_the_weeks() {
    let work = by_messages();
    for (member, counts) in TABLE {
        let mut weeks: BTreeMap<i32, usize> = BTreeMap::new();
        for (_, _, day) in work.iter().filter(|(who, _, day)| who == member && *day >= -274) {
            *weeks.entry((day + 274) / 7).or_insert(0) += 1;
        }
        let (per_week, quiet) = (counts[3] / 39, 39 - weeks.len().min(39));
        assert!(quiet <= 6, "{member}: {quiet} weeks without work");
        // The weeks of a review are busy ones.
        let busy = weeks.values().filter(|count| **count > per_week * 3).count();
        assert!(busy <= 3, "{member}: {weeks:?}");
    }
}
