//! Honest messages with one thing in them something else, checksums repaired, through everything a message has to pass.
//!
//! Each is read; what reading lets through is given to Automerge in any case, so that it shows what each further
//! question is good for; and each goes through the doors of the product, a relay with somebody honest at it and a
//! browser's session. What must never happen is counted: [`Tally::broken`].
//!
//! Behind the guard the product runs Automerge under `catch_unwind` all the same, where that is possible.

mod doors;
mod tally;

pub use tally::{Accepted, DoorTally, Tally};

use crate::{memory::peak_of, oracle};
use automerge::{Automerge, Change};
use bytes::Bytes;
use doors::Doors;
use forge::{
    Chance, Document, Known, body, honest,
    mutate::{disturbed_change, disturbed_document, mutated_message, perverted_change},
    panics::guarded,
};
use guard::{Chunk, Limits};
use tally::Outcome;

/// A document, a change it does not have yet, and others to take parts from.
struct Case {
    before: Automerge,
    known: Known,
    doors: Doors,
    change: Change,
    others: Vec<Change>,
    parts: Vec<forge::Change>,
}

/// Histories of one seed.
const HISTORIES: u64 = 6;
/// How many mutants there are for each honest message that is sent as it is.
const MUTANTS_PER_HONEST: usize = 20;

/// So many mutants from one seed.
pub fn run(seed: u64, messages: usize) -> Tally {
    let mut tally = Tally::default();
    let cases: Vec<Case> = (0..HISTORIES).flat_map(|number| cases(seed * 1_000 + number)).collect();
    let saved: Vec<Document> = (0..HISTORIES)
        .map(|number| honest::merged(&honest::replicas(seed * 1_000 + 500 + number, 20)))
        .map(|document| Document::parse(body(&document.save_nocompress())))
        .collect();
    let mut chance = Chance::new(seed);
    while tally.mutants < messages {
        let case = chance.pick(&cases);
        let mutant = match chance.below(20) {
            0..9 => Some(forge::message(&[disturbed_change(
                &forge::Change::from(&case.change),
                &case.parts,
                &mut chance,
            )])),
            9..15 => perverted_change(&case.change, &case.others, &mut chance)
                .map(|chunk| forge::message(&[chunk])),
            15..18 => Some(forge::message(&[disturbed_document(chance.clone().pick(&saved), &mut chance)])),
            _ => {
                let later: Vec<Vec<u8>> = case
                    .others
                    .iter()
                    .rev()
                    .take(3)
                    .rev()
                    .map(|change| change.raw_bytes().to_vec())
                    .collect();
                let honest = [vec![case.change.raw_bytes().to_vec()], later].concat();
                Some(mutated_message(&forge::message(&honest), &mut chance))
            }
        };
        let Some(mutant) = mutant else { continue };
        judge(&mut tally, case, &mutant);
        if tally.mutants.is_multiple_of(MUTANTS_PER_HONEST) {
            judge_honest(&mut tally, case);
        }
    }
    tally
}

fn cases(seed: u64) -> Vec<Case> {
    let changes = honest::merged(&honest::replicas(seed, 30)).get_changes(&[]);
    let parts: Vec<forge::Change> = changes.iter().map(forge::Change::from).collect();
    let mut before = Automerge::new();
    let mut known = Known::default();
    let mut cases = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let honest = Known::read(change.raw_bytes());
        assert_eq!(known.check(&honest[0]), Ok(()));
        if at % 5 == 1 && change.len() < 400 {
            let (before, known) = (before.clone(), known.clone());
            let doors = Doors::of(&before, &changes[..at]);
            let (change, others, parts) = (change.clone(), changes.clone(), parts.clone());
            cases.push(Case { before, known, doors, change, others, parts });
        }
        before.apply_changes([change.clone()]).unwrap();
        assert_eq!(known.follow(&honest[0]), Ok(()));
    }
    cases
}

fn judge(tally: &mut Tally, case: &Case, message: &[u8]) {
    tally.mutants += 1;
    let bytes = Bytes::copy_from_slice(message);
    let (read, peak) = peak_of(|| guard::read_sync_message(&bytes, &Limits::RELAY));
    tally.peak_reading_bytes = tally.peak_reading_bytes.max(peak);
    match read {
        Err(refused) => *tally.refused.entry(refused.code()).or_default() += 1,
        Ok(read) => {
            let outcome = guarded(|| use_it(&case.before, message));
            tally.accepted.add(&outcome);
            if read.chunks.iter().all(|chunk| case.known.check(chunk).is_ok()) {
                tally.following.add(&outcome);
                let mut known = case.known.clone();
                if read.chunks.iter().all(|chunk| fits(&mut known, chunk)) {
                    tally.placed.add(&outcome);
                }
            }
        }
    }
    let (judged, peak) = peak_of(|| case.doors.judge(message, false));
    tally.peak_doors_bytes = tally.peak_doors_bytes.max(peak);
    tally.doors.extend(judged);
}

/// A change whose dependencies are missing waits, and does no harm: nothing of it enters a document.
fn fits(known: &mut Known, chunk: &Chunk) -> bool {
    matches!(known.follow(chunk), Ok(()) | Err(guard::Rejection::Dependency))
}

/// The same message as it was: nothing may be refused.
fn judge_honest(tally: &mut Tally, case: &Case) {
    tally.honest += 1;
    let message = forge::message(&[case.change.raw_bytes().to_vec()]);
    let mut known = case.known.clone();
    let chunks = Known::read(case.change.raw_bytes());
    let is_refused = guard::read_sync_message(&Bytes::from(message.clone()), &Limits::RELAY).is_err()
        || chunks.iter().any(|chunk| known.check(chunk).is_err() || known.follow(chunk).is_err());
    tally.honest_refused += usize::from(is_refused);
    tally.doors.extend(case.doors.judge(&message, true));
}

/// Everything a client does with a message and with the document after it.
fn use_it(before: &Automerge, message: &[u8]) -> Outcome {
    let mut document = before.clone();
    if !oracle::receive(&mut document, message) {
        return Outcome::Refused;
    }
    let is_sound =
        oracle::load(&document.save()).is_ok_and(|again| again.get_heads() == document.get_heads());
    oracle::use_document_but_save(&document);
    if is_sound { Outcome::Fine } else { Outcome::Poisoned }
}
