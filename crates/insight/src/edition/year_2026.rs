//! A preview of the edition expected for 2026: its numbers are those of 2015, with risks and chances apart and culture
//! beside leadership, as several public summaries of the draft tell. To be compared with the published text by somebody
//! who owns a copy. Data only; titles are our own words.

use super::{Clause, EditionProfile};
use workspace::Kind;

pub(super) const PROFILE: EditionProfile = EditionProfile {
    id: "2026",
    label: "9001:2026 (preview)",
    caveat: "Preview: written before the edition was published. Numbers and contents may differ from the final text.",
    clauses: CLAUSES,
    records: RECORDS,
};

const fn clause(number: &'static str, title: &'static str) -> Clause {
    Clause { number, title, expects_record: false }
}

const fn recorded(number: &'static str, title: &'static str) -> Clause {
    Clause { number, title, expects_record: true }
}

const CLAUSES: &[Clause] = &[
    clause("4.1", "Circumstances inside and outside, climate among them"),
    clause("4.2", "Who has a stake and what they need"),
    clause("5.1.1", "What the top answers for, culture and decent conduct among it"),
    clause("5.1.2", "Keeping customers in the middle"),
    recorded("5.2.1", "A policy that fits the direction"),
    recorded("5.2.2", "The policy is known and used"),
    clause("5.3", "Who does what and who may decide"),
    clause("6.1.2", "Acting on risks"),
    clause("6.1.3", "Acting on chances"),
    recorded("6.2", "Objectives and the plans behind them"),
    clause("6.3", "Planning changes and looking back at them"),
    clause("7.1", "People, equipment, places, knowledge"),
    clause("7.1.4", "The surroundings people work in, culture among them"),
    clause("9.1.1", "What is watched and measured"),
    clause("9.1.2", "How customers feel about it"),
    clause("9.1.3", "Learning from the figures"),
    recorded("9.2", "Looking at ourselves at planned intervals"),
    clause("9.3.1", "The top looks at the whole"),
    clause("9.3.2", "What the review looks at"),
    recorded("9.3.3", "What the review decides"),
    clause("10.1", "Looking for ways to do better"),
    recorded("10.2", "When something went wrong"),
    clause("10.3", "Getting better all the time"),
];

const RECORDS: &[(Kind, &[&str])] = &[
    (Kind::Direction, &["5.1.1", "9.3.1"]),
    (Kind::Goal, &["5.1.1", "9.3.1"]),
    (Kind::Issue, &["4.1", "9.3.2"]),
    (Kind::Party, &["4.2", "5.1.2", "6.2", "9.3.2"]),
    (Kind::Requirement, &["4.2", "5.1.2", "6.2", "9.3.2"]),
    (Kind::Feedback, &["5.1.2", "9.1.2", "9.3.2", "10.2"]),
    (Kind::Policy, &["5.2.1", "5.2.2"]),
    (Kind::Commitment, &["5.2.1", "5.2.2"]),
    (Kind::Objective, &["6.2", "9.1.1", "9.1.3", "9.3.2"]),
    (Kind::Kpi, &["6.2", "9.1.1", "9.1.3", "9.3.2"]),
    (Kind::Measurement, &["6.2", "9.1.1", "9.1.3", "9.3.2"]),
    (Kind::Member, &["5.3"]),
    (Kind::Seat, &["5.3", "5.1.1"]),
    (Kind::Grant, &["5.3", "5.1.1"]),
    (Kind::Handover, &["5.3", "5.1.1"]),
    (Kind::Need, &["5.1.1", "7.1", "9.3.2", "9.3.3"]),
    (Kind::Register, &["6.1.2", "6.1.3", "5.1.2", "9.3.2"]),
    (Kind::Review, &["9.3.1", "9.3.2", "9.3.3", "5.1.1"]),
    (Kind::ReviewInput, &["9.3.2"]),
    (Kind::AgendaItem, &["9.3.1", "9.3.2", "9.3.3", "5.1.1"]),
    (Kind::Decision, &["9.3.3", "5.1.1", "6.3"]),
    (Kind::Action, &["6.1.2", "6.1.3", "6.2", "9.3.3", "10.2"]),
    (Kind::Evidence, &["6.1.2", "6.1.3", "6.2", "9.3.3", "10.2"]),
    (Kind::ChangePlan, &["6.3", "5.3"]),
    (Kind::Concern, &["10.1", "10.2", "10.3", "5.1.1", "7.1.4"]),
    (Kind::Improvement, &["10.1", "10.2", "10.3", "5.1.1", "7.1.4"]),
    (Kind::LeadershipEntry, &["5.1.1", "7.1.4"]),
    (Kind::Audit, &["9.2", "9.3.2", "10.2"]),
    (Kind::Finding, &["9.2", "9.3.2", "10.2"]),
    (Kind::Cadence, &["9.3.1", "5.1.1"]),
];
